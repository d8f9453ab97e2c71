"""A text as a reader takes it: look-alikes of ASCII characters become what they look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

_TWINS = dict(
    zip(
        "АВЕЗКМНОРСТУХІЈЅԌаеорсухкіјѕԁԛԝһӏѵΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυχɡɑı",
        "ABE3KMHOPCTYXIJSGaeopcyxkijsdqwhlvABEZHIKMNOPTYXaikvopuxgai",
        strict=True,
    )
)
"""Letters of the Cyrillic, Greek and Latin alphabets that are printed as ASCII ones are."""


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


def unquoted(text: str) -> str:
    """``text`` with percent-encoded bytes as the characters that they are in UTF-8."""
    return re.sub("(?:%[0-9A-Fa-f]{2})+", _unquoted_match, text)


def unquoted_words(text: str) -> list[str]:
    """What is percent-encoded in ``text`` as it is meant: the whole, and each word by itself.

    A word of the notation is cut at ``@`` and ``/`` as they are typed, not as they are encoded.
    """
    words = re.findall("[A-Za-z0-9._-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._-]*)+", text)
    return [unquoted(text), *map(unquoted, words)] if words else []


def _unquoted_match(found: re.Match[str]) -> str:
    return bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace")


def _plain_match(found: re.Match[str]) -> str:
    return _plain_character(found[0])


@cache
def _plain_character(character: str) -> str:
    import unicodedata

    if character.isascii():
        return character
    if unicodedata.category(character) == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    if character in _TWINS:
        return _TWINS[character]
    if character in "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}":
        return "'"
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    parts = unicodedata.normalize("NFKD", character)
    return "".join(
        _TWINS.get(part, part)
        for part in parts
        if unicodedata.category(part) not in ("Cf", "Mn", "Me")
    )
