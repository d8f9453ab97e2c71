"""A text as a reader takes it: look-alikes of ASCII characters become what they look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache


def plain(text: str) -> str:
    """``text`` with compatibility forms, accents, and foreign digits, dashes and blanks made plain.

    Characters without a width vanish. What has no ASCII twin stays as it is.
    """
    return text if text.isascii() else re.sub("[^\\x00-\\x7f]", _plain_match, text)


def places(text: str) -> Sequence[int]:
    """For each character of ``plain(text)``: the position in ``text`` that it comes from."""
    if text.isascii():
        return range(len(text))
    return [place for place, each in enumerate(text) for _ in _plain_character(each)]


def _plain_match(found: re.Match[str]) -> str:
    return _plain_character(found[0])


@cache
def _plain_character(character: str) -> str:
    import unicodedata

    if character.isascii():
        return character
    if unicodedata.category(character) == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    if character in "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}":
        return "'"
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    parts = unicodedata.normalize("NFKD", character)
    return "".join(part for part in parts if unicodedata.category(part) not in ("Cf", "Mn", "Me"))
