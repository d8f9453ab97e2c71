"""Eight digits are told apart: models, versions, and versions in which it is not seen."""

from __future__ import annotations

import pytest

from defectreg.intake.reading_firmware import BEFORE, WITHOUT
from tests.unit.intake.readings import values


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("firmware 00030005", ["00030005"]),
        ("fw: 0x00030005", ["00030005"]),
        ("f/w version is 0003000a", ["0003000A"]),
        ("version 00030004, 00030005 and 00040000", ["00030004", "00030005", "00040000"]),
        ("firmware 00030000..00030004", ["00030000..00030004"]),
        ("firmware 00030000 to 00030004", ["00030000..00030004"]),
        ("updated from firmware 00030004 to 00030005", ["00030005"]),
        ("went from 00030004 -> 00030005", ["00030005"]),
        ("fw 30005 on the meter", ["00030005"]),
        ("software 2.0.1 on the display", ["2.0.1"]),
        ("firmware 0001* of it", ["0001*"]),
        ("Alderbrook A1 @ 00030005", ["00030005"]),
        ("seen with 00030005", ["00030005"]),
        ("running 00AA0001 since March", ["00AA0001"]),
        ("we upgraded 300 Corvane Duo meters in August to 00AA0001", ["00AA0001"]),
        ("00030005 does not send alerts", ["00030005"]),
        ("Alderbrook A1 00010100 on 00030005", ["00030005"]),
        ("Alderbrook A2 seen with 00010100", ["00010100"]),
    ],
)
def test_a_version_is_found(text: str, versions: list[str]) -> None:
    assert values(text, "firmware") == versions


@pytest.mark.parametrize(
    "text",
    [
        "reference 12345678 of our desk",
        "firmware 3 of 4 updates failed",
        "the software of 5 displays",
        "00-11-22-33-44-55-66-77",
        "0003000512",
    ],
)
def test_no_version_is_guessed(text: str) -> None:
    assert values(text, "firmware") == []


@pytest.mark.parametrize(
    "text",
    [
        "was fine on 00030004",
        "not seen with firmware 00030004",
        "fixed in 00030004",
        "00030004 is fine",
        "fw 30004 ok",
        "it did not occur on the older version 00030004",
    ],
)
def test_a_version_that_is_said_to_be_without_it_is_told_apart(text: str) -> None:
    assert values(text, "firmware") == []
    assert values(text, WITHOUT) == ["00030004"]


def test_of_numbers_that_are_both_the_first_is_the_model_and_the_next_its_version() -> None:
    text = "hub 00020001 on 00020002"
    assert (values(text, "model"), values(text, "firmware")) == (
        ["CHF:FF02/00020001"],
        ["00020002"],
    )
    named = "Beckfoot Hub One 00020001"
    assert (values(named, "model"), values(named, "firmware")) == (
        ["CHF:FF02/00020001"],
        ["00020001"],
    )


def test_a_model_that_is_not_listed_is_found_by_its_word() -> None:
    assert values("model 00770077", "model") == ["00770077"]
    assert values("thing 00770077", "model") == []


def test_a_version_that_was_updated_is_told_apart() -> None:
    text = "updated from 00030004 last week to 00030005"
    assert (values(text, BEFORE), values(text, "firmware")) == (["00030004"], ["00030005"])
