"""ESME Variants and alert codes."""

from __future__ import annotations

import pytest

from defectreg.register.codes import is_dcc_alert_code, is_esme_variant, parse_alert_code

VARIANTS = (
    "A B C AD BD CD ADE BDE CDE ADF BDF CDF ADEF BDEF CDEF ADG ADEG AF BF CF AEF BEF CEF AG AEG"
)


def test_the_esme_variants_are_the_25_of_duis_and_no_others() -> None:
    letters = ["", *"DEFG"]
    every = {
        base + "".join(sorted({first, second, third}))
        for base in "ABCDEFG"
        for first in letters
        for second in letters
        for third in letters
    }
    assert {code for code in every if is_esme_variant(code)} == set(VARIANTS.split())
    assert len(VARIANTS.split()) == 25


@pytest.mark.parametrize(
    "code", ["", "AE", "BG", "ad", "AD\n", "A D", "AED", "ADFG", "D", "\u0410"]
)
def test_what_duis_does_not_list_is_no_esme_variant(code: str) -> None:
    assert not is_esme_variant(code)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("8F1E", "8F1E"),
        ("0x8F1E", "8F1E"),
        ("0X8f1e", "8F1E"),
        (" 8f1e ", "8F1E"),
        ("8002", "8002"),
        ("FFFF", "FFFF"),
        ("AD1", "AD1"),
        ("ad1", "AD1"),
        ("n1", "N1"),
        ("N65", "N65"),
        ("N999", "N999"),
    ],
)
def test_an_alert_code_is_read_in_every_usual_spelling(typed: str, code: str) -> None:
    assert parse_alert_code(typed) == code


@pytest.mark.parametrize(
    "text",
    [
        *("", "8F1", "08F1E", "0x", "8F1G", "N0", "N01", "N32", "N66", "N998", "AD2", "0xAD1"),
        # A digit of another script, and blanks where none belong.
        *("8F1E\n", "\u0668F1E", "8F 1E", "N"),
    ],
)
def test_what_is_no_alert_code_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="is not an alert code: write"):
        parse_alert_code(text)


def test_there_are_66_dcc_alert_codes() -> None:
    candidates = ["AD1", *(f"N{number}" for number in range(2000))]
    assert sum(map(is_dcc_alert_code, candidates)) == 66
