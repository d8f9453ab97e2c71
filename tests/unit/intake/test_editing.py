from __future__ import annotations

import pytest

from defectreg.intake.editing import edited, parse_assignment
from defectreg.register.errors import UsageProblem
from defectreg.register.yamltext import load
from tests.unit.intake.grounds_for_tests import schema

SOURCE = b"""\
# seen first in the north
id: DR-7K3Q-X4MB
title: Meter stops sending billing alerts  # as it was told
affected:
  - ESME:FF03/00010100 in North  # the first
  - ESME:FF03/00010200
behaviour: No alert is sent at the end of a billing period.
alerts: [8F1E, 81A0]
impact:
  consumers: high  # many calls
"""


def change(*texts: str) -> str:
    record = schema("record")
    return edited(SOURCE, [parse_assignment(text, record) for text in texts], record).decode()


def data(*texts: str) -> dict[str, object]:
    return dict(load(change(*texts).encode()).data)


def test_one_value_changes_and_every_other_byte_stays() -> None:
    assert change("title=Meter sends no alerts") == SOURCE.decode().replace(
        "Meter stops sending billing alerts", "Meter sends no alerts"
    )


def test_a_new_field_comes_to_its_place_in_the_schema() -> None:
    keys = list(data("trigger=radio"))
    assert keys.index("behaviour") < keys.index("trigger") < keys.index("alerts")


def test_a_field_inside_another_is_typed_with_a_dot() -> None:
    assert data("impact.parties=low")["impact"] == {"consumers": "high", "parties": "low"}
    assert data("impact.consumers=low")["impact"] == {"consumers": "low"}
    assert data("evidence.laboratory=yes")["evidence"] == {"laboratory": "true"}


def test_a_comment_beside_a_changed_value_stays() -> None:
    assert "consumers: low  # many calls" in change("impact.consumers=low")


def test_nothing_takes_the_field_out() -> None:
    assert "alerts" not in data("alerts=")
    assert data("trigger=") == load(SOURCE).data


def test_to_a_list_is_added_what_it_does_not_hold_yet() -> None:
    assert data("alerts+=N13,8F1E")["alerts"] == ["8F1E", "81A0", "N13"]
    assert data("variants+=AD")["variants"] == ["AD"]
    assert change("alerts+=0x8f1e") == SOURCE.decode()


def test_from_a_list_is_taken_what_is_named_in_any_form() -> None:
    assert data("alerts-=0x8f1e")["alerts"] == ["81A0"]
    changed = change("affected-=esme:ff03/00010200")
    assert load(changed.encode()).data["affected"] == ["ESME:FF03/00010100 in North"]
    assert "# the first" in changed


def test_a_list_that_loses_all_is_no_longer_there() -> None:
    assert "alerts" not in data("alerts-=8F1E,81A0")


def test_a_list_is_replaced_as_a_whole() -> None:
    text = "ESME:FF03/00010100@00010000,00020000"
    assert data(f"affected={text}")["affected"] == [text]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("id=DR-0000-0000", "withdraw"),
        ("colour=red", "one of"),
        ("titel=A title", "did you mean title?"),
        ("title+=more", "write title=VALUE"),
        ("alerts+=", "write alerts+=VALUE"),
        ("title", "FIELD=VALUE"),
    ],
)
def test_what_cannot_be_changed_so_is_refused_with_advice(typed: str, hint: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        parse_assignment(typed, schema("record"))
    assert hint in refused.value.hint


def test_what_a_list_does_not_hold_cannot_be_taken_out() -> None:
    with pytest.raises(UsageProblem):
        change("alerts-=N13")
