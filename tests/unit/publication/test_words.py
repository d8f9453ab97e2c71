"""Words: codes, days, Devices and firmware as people read them."""

from __future__ import annotations

import datetime

import pytest

from defectreg.publication import words
from defectreg.register.public import NOT_TOLD, SHOWN_KINDS, PublicDevice
from defectreg.register.stage import MARKS
from tests.unit.publication.editions import DEVICE
from tests.unit.register.cases import schema


def _codes(schema_name: str, key: str) -> set[str]:
    return set(schema(schema_name).properties[key]["enum"])


def test_every_mark_has_words() -> None:
    assert list(words.MARKS) == list(MARKS)


def test_every_kind_of_statement_and_every_decision_has_words() -> None:
    kinds = _codes("statement", "kind") - {"sign-off"}
    assert set(words.STATEMENTS) == kinds | _codes("statement", "decision")
    assert set(SHOWN_KINDS) <= set(words.STATEMENTS)


def test_every_position_reason_and_state_of_a_cause_has_words() -> None:
    assert set(words.POSITIONS) == _codes("statement", "position")
    assert set(words.WITHDRAWALS) == _codes("statement", "code") | {NOT_TOLD}
    assert set(words.CAUSES) == _codes("statement", "cause")


def test_every_audience_of_a_policy_has_words() -> None:
    assert set(words.AUDIENCES) == _codes("policy", "audience")


def test_a_day_is_written_in_english() -> None:
    assert words.day_words(datetime.date(2026, 10, 1)) == "1 October 2026"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "any firmware"),
        ("00010001", "firmware 00010001"),
        ("0001*", "firmware beginning 0001"),
        ("00010000..00010004", "firmware 00010000 to 00010004"),
        ("0001*,00020000,00030000..00030004",
         "firmware beginning 0001, 00020000 or 00030000 to 00030004"),
    ],
)  # fmt: skip
def test_a_firmware_set_is_said_in_words(text: str, said: str) -> None:
    assert words.firmware_words(text) == said


def test_a_device_is_said_in_words() -> None:
    assert words.device_words(DEVICE) == (
        "Electricity meter, manufacturer FF01, model 00010100, "
        "firmware beginning 0001 or 00030000 to 00030004"
    )


def test_a_manufacturer_that_is_not_shown_is_not_in_the_words() -> None:
    device = PublicDevice("CHF", "", "00020001", "", "CHF:(not shown)/00020001")
    assert words.device_words(device) == "Communications Hub, model 00020001, any firmware"


def test_a_code_is_read_with_blanks_and_a_band_with_a_dash() -> None:
    assert words.coded_words("firmware-update") == "firmware update"
    assert words.coded_words("10-99") == "10\N{EN DASH}99"


def test_a_text_is_paragraphs_whose_lines_flow_and_lists_stay_lists() -> None:
    text = "One sentence\nover two lines.\n\nFirst:\n- one\n- two\n"
    assert words.paragraphs(text) == ["One sentence over two lines.", "First:\n- one\n- two"]


@pytest.mark.parametrize(
    "line", ["- one", "* one", "• one", "1. one", "12) one", " one", "\tone", "\u2003one"]
)
def test_lines_one_of_which_lists_something_stay_lines(line: str) -> None:
    text = f"First:\n{line}\nlast"
    assert words.paragraphs(text) == [text]


@pytest.mark.parametrize("line", ["-one", "1 meter", "123. one", "*one*", "one - two", "٣. one"])
def test_lines_that_only_look_like_a_list_flow(line: str) -> None:
    assert words.paragraphs(f"First\n{line}\nlast") == [f"First {line} last"]


def test_a_report_says_in_words_where_and_when_it_was_seen() -> None:
    values = {"devices": "10-99", "region": "North", "since": "2026-03-02", "says": "x"}
    assert words.seen_words(values) == "Seen on 10–99 Devices, in North, since 2 March 2026."
    assert words.seen_words({"says": "x"}) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-01-31", "31 January 2026"),
        ("2026-02-31", "2026-02-31"),
        ("since 2026-01-31", "since 2026-01-31"),
        ("20260131", "20260131"),
    ],
)
def test_a_text_that_is_nothing_but_a_day_is_read_as_one(text: str, shown: str) -> None:
    assert words.dated_words(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("ESME", "Electricity meter"), ("CHF:FF02/00020001", "Communications Hub"), ("Y", "Y")],
)
def test_the_device_that_a_statement_names_is_said_in_words(text: str, shown: str) -> None:
    assert words.changed_words(text) == shown
