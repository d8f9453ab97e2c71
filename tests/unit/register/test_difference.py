from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from defectreg.register import difference
from defectreg.register.difference import Difference
from tests.registers import good_record
from tests.unit.register.cases import schema

RECORD = schema("record")


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    return difference.differences(before, after, RECORD)


def test_two_equal_texts_have_no_difference() -> None:
    assert differences(good_record(), good_record()) == []


def test_a_changed_text_is_shown_with_both_values() -> None:
    found = differences(good_record(trigger="radio"), good_record(trigger="none"))
    assert found == [Difference("trigger", ("radio",), ("none",))]


def test_a_field_inside_another_bears_its_dotted_key() -> None:
    before, after = good_record(impact={"parties": "low"}), good_record(impact=None)
    assert differences(before, after) == [Difference("impact.parties", ("low",), ())]


def test_of_a_list_what_came_and_went_is_told_apart_from_what_stayed() -> None:
    (found,) = differences(
        good_record(alerts=["8F1E", "81A0"]), good_record(alerts=["8F1E", "N13"])
    )
    assert (found.removed, found.added) == (("81A0",), ("N13",))
    assert not found.is_rearranged


def test_a_list_in_another_order_is_a_difference_in_which_nothing_came_or_went() -> None:
    (found,) = differences(
        good_record(alerts=["8F1E", "81A0"]), good_record(alerts=["81A0", "8F1E"])
    )
    assert (found.removed, found.added, found.is_rearranged) == ((), (), True)


def test_a_boolean_is_shown_as_files_write_it() -> None:
    (found,) = differences(good_record(), good_record(security=True))
    assert found == Difference("security", (), ("true",))


def test_fields_come_in_the_order_of_the_schema_whatever_the_order_of_the_files() -> None:
    changed = good_record(
        impact={"parties": "low", "consumers": "low"}, title="Another title", frequency="daily"
    )
    backwards = dict(reversed(changed.items()))
    fields = [found.field for found in differences(good_record(), backwards)]
    assert fields == [key for key in dict.fromkeys(leaf.key for leaf in RECORD.leaves)
                      if key in fields]  # fmt: skip
    assert fields[0] == "title"
    assert set(fields) == {"title", "frequency", "impact.parties", "impact.consumers"}


def test_a_field_that_the_schema_does_not_know_comes_last() -> None:
    found = differences(good_record(), {"colour": "blue", **good_record(title="Another title")})
    assert [each.field for each in found] == ["title", "colour"]
