"""A text made plain reads as it looks, and every character knows whence it came."""

from __future__ import annotations

import pytest

from defectreg.register.plaintext import places, plain, unquoted


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("plain", "plain"),
        ("\N{FULLWIDTH DIGIT SEVEN}", "7"),
        ("\N{ARABIC-INDIC DIGIT SEVEN}", "7"),
        ("\N{EN DASH}\N{MINUS SIGN}\N{NON-BREAKING HYPHEN}", "---"),
        ("a\N{NO-BREAK SPACE}b\N{THIN SPACE}c", "a b c"),
        ("caf\N{LATIN SMALL LETTER E WITH ACUTE}", "cafe"),
        ("O\N{RIGHT SINGLE QUOTATION MARK}Hara", "O'Hara"),
        ("a\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}b", "ab"),
        ("\N{LATIN SMALL LIGATURE FFI}", "ffi"),
        ("\N{CYRILLIC SMALL LETTER A}\N{GREEK CAPITAL LETTER BETA}", "aB"),
        ("\N{CYRILLIC SMALL LETTER IO}", "e"),
        ("\N{BULLET} \N{CYRILLIC SMALL LETTER ZHE}", "\N{BULLET} \N{CYRILLIC SMALL LETTER ZHE}"),
    ],
)
def test_a_text_is_read_as_it_looks(text: str, read: str) -> None:
    assert plain(text) == read


def test_every_character_knows_its_place_in_the_text() -> None:
    text = "a\N{ZERO WIDTH SPACE}\N{LATIN SMALL LIGATURE FFI}b"
    assert list(places(text)) == [0, 2, 2, 2, 3]
    assert list(places("abc")) == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a%20b", "a b"),
        ("%C3%84", "\N{LATIN CAPITAL LETTER A WITH DIAERESIS}"),
        ("100 % of 5%", "100 % of 5%"),
        ("%2541", "%41"),
        ("%FF", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_what_is_percent_encoded_is_read_as_it_is_meant(text: str, read: str) -> None:
    assert unquoted(text) == read
