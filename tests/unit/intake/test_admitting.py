"""Rows admitted to an import, or left out because of what they say."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from defectreg.intake.admitting import Admitted, Terms, admit, not_of_the_history
from defectreg.intake.incidents import Filed
from defectreg.intake.report_files import Cell, Row
from tests.unit.intake.grounds_for_tests import grounds

TODAY = datetime.date(2026, 11, 22)
TEXT = "Hub CHF:FF02/00020001@00020002 in North loses its clock each night at two."
GOOD = {"text": TEXT, "reference": "INC1", "day": "2026-11-20", "party": "supplier-one"}
TERMS = Terms(grounds(), "dcc", "service-desk", TODAY)


def row(line: int = 2, /, **changes: str) -> Row:
    """A good row; ``_`` in a name is ``-``, and an empty text stands in an empty cell."""
    cells = {**GOOD, **{key.replace("_", "-"): text for key, text in changes.items()}}
    return Row(line, {ours: (Cell(ours.title(), text),) for ours, text in cells.items()})


def asked(*rows: Row, **terms: Any) -> Admitted:
    return admit(rows, replace(TERMS, **terms))


def why(one: Row, **terms: Any) -> tuple[str, bool]:
    """Why a row is left out, and whether something is wrong in it."""
    [left] = asked(one, **terms).left
    return left.why, left.is_finding


def test_a_good_row_is_a_report_with_what_was_found_in_its_text() -> None:
    [reported] = asked(row()).reported
    assert (reported.line, reported.reference, reported.party) == (2, "INC1", "supplier-one")
    assert reported.day == datetime.date(2026, 11, 20)
    assert reported.fields["affected"] == ["CHF:FF02/00020001@00020002 in North"]
    [where] = [each for each in reported.found if each.field == "affected"]
    assert TEXT[where.start : where.end] == "CHF:FF02/00020001@00020002 in North"


def test_what_a_column_says_goes_before_what_the_text_says() -> None:
    says = {"affected": "GPF:FF02/00020001 | CHF:FF02/00020001", "alerts": "0x8f1e, N13"}
    [reported] = asked(row(**says)).reported
    assert reported.fields["affected"] == ["GPF:FF02/00020001", "CHF:FF02/00020001"]
    assert reported.fields["alerts"] == ["8F1E", "N13"]


def test_what_another_register_gave_no_class_is_green_as_it_was_there() -> None:
    exported = {"told_by": "large-supplier", "source": "another-register"}
    [reported] = asked(row(party="", classification=""), **exported).reported
    assert reported.fields["classification"] == "green"
    assert "classification" not in asked(row()).reported[0].fields
    left = why(row(party=""), **exported, grounds=grounds(ceiling="clear"))
    assert left == ("it is classified green, above the register's ceiling", False)


@pytest.mark.parametrize(
    ("day", "read"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026-11-20T09:30:00", "2026-11-20"),
        ("20/11/2026 09:30", "2026-11-20"),
        ("1.2.2026", "2026-02-01"),
        ("", "2026-11-22"),
    ],
)
def test_a_day_is_read_as_people_here_write_it(day: str, read: str) -> None:
    [reported] = asked(row(day=day)).reported
    assert str(reported.day) == read


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"day": "soon"}, "its day is not written as"),
        ({"day": "31/02/2026"}, "its day is no day of the calendar"),
        ({"day": "2026-11-23"}, "its day is after today"),
        ({"text": "Too short"}, "its text says too little"),
        ({"party": "Nobody Ltd"}, "its Party is none of the register"),
        ({"party": ""}, "it does not say who told it"),
        ({"affected": "a meter"}, "its Affected is not written as Affected combinations is"),
        ({"alerts": "loud"}, "its Alerts is not written as Alert codes is"),
        ({"impact.consumers": "huge"}, "is not written as Impact on consumers is"),
        ({"security": "yes"}, "it touches security"),
    ],
)
def test_a_row_in_which_something_is_wrong_is_left_out(
    changed: dict[str, str], sentence: str
) -> None:
    told, is_finding = why(row(**changed))
    assert sentence in told
    assert is_finding


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"party": "ssc"}, "may not report to this register"),
        ({"classification": "amber"}, "classified amber, above the register's ceiling"),
        ({"given_in_confidence": "yes"}, "it was given in confidence"),
        (
            {"given_in_confidence": "yes", "openly_discussed": "working group, 2026-03-12"},
            "it was given in confidence",
        ),
        ({"text": ""}, "its text says too little"),
    ],
)
def test_what_the_rules_keep_out_is_no_fault_of_the_row(
    changed: dict[str, str], sentence: str
) -> None:
    told, is_finding = why(row(**changed))
    assert sentence in told
    assert not is_finding


def test_what_was_openly_discussed_comes_in_where_the_policy_lets_it() -> None:
    rules = grounds(given_in_confidence="if-openly-discussed")
    said = {"given_in_confidence": "yes", "openly_discussed": "working group, 2026-03-12"}
    assert asked(row(**said), grounds=rules).reported
    assert asked(row(**{**said, "openly_discussed": "somewhere"}), grounds=rules).left


def test_a_filed_incident_stays_out_and_so_does_its_second_row() -> None:
    filed = {"INC1": Filed("INC1", "DR-7K3Q-X4MB", "2026-11-15")}
    assert why(row(), filed=filed) == ("it was filed already", False)
    against = {"INC1": Filed("INC1", "", "2026-11-15")}
    assert why(row(), filed=against) == ("it was decided to be no report", False)
    [left] = asked(row(2), row(3)).left
    assert (left.line, left.why) == (3, "it is the incident of line 2")


def test_rows_without_a_reference_are_told_apart_and_known_again() -> None:
    bare = [row(2, reference=""), row(3, reference=""), row(4, reference="", day="2026-11-19")]
    references = [each.reference for each in asked(*bare).reported]
    assert len(set(references)) == 3
    again = [each.reference for each in asked(*bare).reported]
    assert again == references


def test_a_party_tells_its_own_without_being_named() -> None:
    own = replace(TERMS, party="supplier-one", source="party")
    [reported] = admit([row(party="")], own).reported
    assert (reported.party, own.teller(reported).category) == ("", "")
    [named] = admit([row(party="supplier-one")], own).reported
    assert named.party == ""


def test_who_told_all_of_it_may_be_said_once() -> None:
    [reported] = asked(row(party=""), told_by="small-supplier").reported
    assert replace(TERMS, told_by="small-supplier").teller(reported).category == "small-supplier"


def test_what_may_never_be_stored_keeps_its_row_out_and_is_told_by_place() -> None:
    admitted = asked(row(text=f"{TEXT} The customer lives at SW1A 1AA."))
    assert [each.why for each in admitted.left] == ["its Text holds what looks like a postcode"]
    [noticed] = admitted.noticed
    assert (str(noticed.place), noticed.kind, noticed.is_masked) == (
        "line 2, Text",
        "postcode",
        False,
    )


def test_masked_it_comes_in_without_it_and_its_reference_stays() -> None:
    one = row(text=f"{TEXT} The customer lives at SW1A 1AA.", reference="SW1A 1AA")
    admitted = asked(one, is_masked=True)
    [reported] = admitted.reported
    assert reported.text.endswith("The customer lives at [removed].")
    assert reported.reference == "SW1A 1AA"
    assert [each.is_masked for each in admitted.noticed] == [True]


@pytest.mark.parametrize(
    ("allowed", "affected", "is_kept_out"),
    [
        ("none", ["CHF:FF02/00020001"], True),
        ("none", [], True),
        ("comms-hub", ["CHF:FF02/00020001 + ESME:FF01/00010100"], False),
        ("comms-hub", ["GPF:FF02/00020001"], False),
        ("comms-hub", ["ESME:FF01/00010100"], True),
        ("comms-hub", [], False),
        ("all", ["ESME:FF01/00010100"], False),
    ],
)
def test_the_history_comes_in_as_far_as_the_policy_lets_it(
    allowed: str, affected: list[str], is_kept_out: bool
) -> None:
    terms = replace(TERMS, grounds=grounds(service_desk_history=allowed))
    assert bool(not_of_the_history({"affected": affected}, terms)) is is_kept_out
    assert not not_of_the_history({"affected": affected}, replace(terms, source="party"))
