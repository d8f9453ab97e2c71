"""Makers and models are found by their names and numbers, and not where another thing is meant."""

from __future__ import annotations

import pytest

from tests.unit.intake.readings import found, values


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Alderbrook A1 does not answer", "ESME:FF01/00010100"),
        ("alderbrook a-1 boost does not answer", "ESME:FF01/00010101"),
        ("ALDERBROOK A 1: no answer", "ESME:FF01/00010100"),
        ("Aldrbrook A1 does not answer", "ESME:FF01/00010100"),
        ("Beckfoot hub 1 restarts", "CHF:FF02/00020001"),
        ("the Beckfoot dual band restarts", "CHF:FF02/00020002"),
        ("Lintwhistle Window Two is dark", "IHD:FF0C/WINDOW%202"),
        ("the Window 2 of Lintwhistle Instruments", "IHD:FF0C/WINDOW%202"),
        ("Glance Plus is dark", "IHD:FF05/00050102"),
        ("Elverdale's Glance is dark", "IHD:FF05/00050101"),
        ("FF01/00010100 does not answer", "ESME:FF01/00010100"),
        ("ff01/00010100 does not answer", "ESME:FF01/00010100"),
        ("FF1C/00AA0001 does not answer", "FF1C/00AA0001"),
    ],
)
def test_a_model_is_found(text: str, model: str) -> None:
    assert values(text, "model") == [model]


@pytest.mark.parametrize(
    "text",
    [
        "At first glance the display is dark",
        "the Garthwick works, the A1 is a road",
        "Corvane Glance Plus is no such model",
        "Beckfoot Hub 7 is no such model",
        "Alderbrook A12 is no such model",
        "1FF01/000101003 is a number of something else",
    ],
)
def test_no_model_is_guessed(text: str) -> None:
    assert values(text, "model") == []


@pytest.mark.parametrize(
    ("text", "maker"),
    [
        ("a meter of Alderbrook Metering", ["FF01"]),
        ("a Corvane meter", ["FF03"]),
        ("a corvane meter", ["FF03"]),
        ("A meter that is corvane", []),
        ("a Covrane meter", ["FF03"]),
        ("maker FF0A", ["FF0A"]),
        ("FF0A5 is no maker", []),
    ],
)
def test_a_maker_is_found_where_it_is_written_as_a_name(text: str, maker: list[str]) -> None:
    assert values(text, "manufacturer") == maker


def test_a_combination_in_the_notation_is_found_whole() -> None:
    text = "Seen on ESME:FF01/00010100@0001*,00030000..00030004 + chf:ff02/00020001 in north. Then"
    [one] = [one for one in found(text) if one.field == "affected"]
    written = "CHF:FF02/00020001 + ESME:FF01/00010100@0001*,00030000..00030004 in North"
    assert one.value == written
    assert text[one.start : one.end].endswith("in north")
    assert values(text, "firmware") == []


def test_what_only_resembles_the_notation_is_left_alone() -> None:
    assert (
        values("ESME:FF01 or ESME:/00010100 or ESME:FF01/00010100@00030004..0001", "affected") == []
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the comms hub restarts", "CHF"),
        ("a gas meter is silent", "GSME"),
        ("an electricity meter is silent", "ESME"),
        ("the in-home display is dark", "IHD"),
    ],
)
def test_words_for_device_types_are_found(text: str, kind: str) -> None:
    assert values(text, "type") == [kind]
