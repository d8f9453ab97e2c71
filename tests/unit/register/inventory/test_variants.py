"""ESME Variants: the codes, what they are made of, and how two of them differ."""

from __future__ import annotations

from itertools import product

import pytest

from defectreg.register.codes import is_esme_variant
from defectreg.register.inventory.variants import (
    BASES,
    FUNCTIONS,
    KNOWN_TO_OLDER,
    VARIANTS,
    compare,
    in_words,
)


def test_the_codes_are_those_that_the_rest_of_the_program_knows() -> None:
    every = {
        base + "".join(letters)
        for base in BASES
        for letters in product(*(("", letter) for letter in FUNCTIONS))
    }
    assert set(VARIANTS) == {code for code in every if is_esme_variant(code)}
    assert len(VARIANTS) == 25


def test_a_code_is_its_base_and_its_functions() -> None:
    variant = VARIANTS["ADEG"]
    assert (variant.code, variant.base, variant.functions) == ("ADEG", "A", frozenset("DEG"))
    assert VARIANTS["C"].functions == frozenset()


def test_older_systems_know_nine_codes_and_none_with_f_or_g() -> None:
    assert len(KNOWN_TO_OLDER) == 9
    assert set(VARIANTS) >= KNOWN_TO_OLDER
    assert not any(set(code) & {"F", "G"} for code in KNOWN_TO_OLDER)


@pytest.mark.parametrize(
    ("recorded", "implied", "missing", "extra"),
    [
        ("A", "AD", "D", ""),
        ("ADE", "A", "", "DE"),
        ("BD", "ADF", "F", ""),
        ("AG", "ADE", "DE", "G"),
        ("CDE", "CDE", "", ""),
    ],
)
def test_functions_are_missing_or_extra_whatever_the_base(
    recorded: str, implied: str, missing: str, extra: str
) -> None:
    assert compare(recorded, implied) == (frozenset(missing), frozenset(extra))


def test_functions_are_said_in_words_but_for_g_which_has_no_sourced_meaning() -> None:
    assert in_words("ED") == "load control, boost"
    assert in_words({"F", "G"}) == "auxiliary proportional controller, G"
    assert in_words("") == ""
