from __future__ import annotations

from defectreg.register.difference import Difference, differences
from tests.registers import good_record


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


def test_a_boolean_is_shown_as_files_write_it() -> None:
    (found,) = differences(good_record(), good_record(security=True))
    assert found == Difference("security", (), ("true",))
