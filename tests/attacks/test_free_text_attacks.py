"""Texts that are written to mislead, to stall or to break what reads them; each with a twin."""

from __future__ import annotations

import pytest

from defectreg.intake.told_fields import fields_of, title_of
from tests.unit.intake.readings import catalogue, fields, found, values

LONG = 19_900
TELLS = " alert N13"


@pytest.mark.parametrize(
    "piece",
    [
        " ", "\n", "1 ", "1/", "on ", "v", "%", "0x", "one ", "hi ", "N13,", "6.2.1 and ",
        "firmware ", "updated from ", "00030005 ", "ESME:FF01/", "ESME:FF01/00010100 + ",
        "ESME:FF01/00010100@0001*,", "customer called ", "\u200b", "\u0410", "North, ", "meter ",
    ],
)  # fmt: skip
def test_a_long_text_is_read_to_its_end(piece: str) -> None:
    text = piece * (LONG // len(piece)) + TELLS
    assert values(text, "alerts")[-1:] == ["N13"]
    assert fields_of(found(text), catalogue())["alerts"] == ["N13"]
    assert len(title_of(text, found(text))) <= 120


@pytest.mark.parametrize(
    "text",
    [
        "ESME:FF01/00010100\u202e5000 is dark",
        "ESME:FF01/%00%0A is dark",
        "ESME:FF01/" + "A" * 31 + " is dark",
        "ESME:FF01/00010100@" + ",".join(f"{n:08X}" for n in range(65)) + "0",
    ],
)
def test_what_is_no_combination_never_becomes_one(text: str) -> None:
    for combination in fields(text).get("affected", ()):  # type: ignore[attr-defined]
        assert combination.isprintable()
        assert combination.isascii()
        assert len(combination) <= 2000


def test_its_harmless_twin_is_found() -> None:
    assert fields("ESME:FF01/00010100 is dark") == {"affected": ["ESME:FF01/00010100"]}


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\u202e"])
def test_a_title_brings_no_sign_of_ours_or_of_the_terminal(sign: str) -> None:
    text = f"Meter {sign} on firmware 00030005 ({sign}) forgets its clock"
    assert title_of(text, found(text)).isprintable()


def test_a_makers_name_in_other_letters_is_no_way_round_a_neutral_title() -> None:
    text = "The \uff21lderbrook A1 forgets its clock"
    assert title_of(text, found(text)) == "The meter forgets its clock"
