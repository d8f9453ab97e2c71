"""How identifiers are spelt: percent-encoding, words and columns."""

from __future__ import annotations

import pytest

from defectreg.register.notation import (
    NotationError,
    Word,
    canonical,
    escape,
    read_words,
    unescape,
    upper,
)


def test_plus_and_comma_are_words_and_blanks_only_separate() -> None:
    words = [(word.text, word.column) for word in read_words(" a+b ,  c")]
    assert words == [("a", 2), ("+", 3), ("b", 4), (",", 6), ("c", 9)]


@pytest.mark.parametrize(
    ("text", "written"),
    [("aZ09._-", "aZ09._-"), ("a b", "a%20b"), ("\u00c4", "%C3%84"), ("%", "%25"), ("~", "%7E")],
)
def test_what_is_escaped_is_read_back(text: str, written: str) -> None:
    assert escape(text) == written
    assert unescape(Word(written, 1)) == text


def test_the_column_of_a_lone_percent_sign_is_its_own() -> None:
    with pytest.raises(NotationError, match="two hexadecimal digits") as refusal:
        unescape(Word("ab%2", 10))
    assert refusal.value.column == 12
    assert refusal.value.hint == "write %25 for a percent sign"


def test_a_character_outside_ascii_is_refused_with_its_encoding() -> None:
    with pytest.raises(NotationError) as refusal:
        read_words("CAD:a/\u00c4")
    assert refusal.value.hint == "write it as %C3%84"


def test_a_lone_surrogate_is_refused_and_not_encoded() -> None:
    with pytest.raises(NotationError, match=r"U\+D800 is a control or invisible character"):
        read_words("CAD:a/\ud800")


def test_only_ascii_letters_change_case() -> None:
    assert upper("a\u00e4\u00dfz") == "A\u00e4\u00dfZ"
    assert upper("abc") == "ABC"


def test_only_an_identifier_of_the_right_length_and_digits_is_put_into_capitals() -> None:
    assert canonical("ff0a", 4) == "FF0A"
    assert canonical("ff0", 4) == "ff0"
    assert canonical("fg0a", 4) == "fg0a"
