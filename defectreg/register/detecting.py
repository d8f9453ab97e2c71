"""How a form of what may never be stored is written down: a pattern, and what rules it out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Detector:
    """One form of a kind. The group ``it``, where the pattern has one, is what is sighted."""

    kind: str
    pattern: re.Pattern[str]
    is_it: Callable[[re.Match[str]], bool]


Sign = Callable[[str, str], object]
"""Asked of a text and of its lower case first, and cheap: without it no detector of the group runs.
"""

EDGE_BEFORE, EDGE_AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
BETWEEN = r"""(?:[\s:=\#("'.,<>-]|(?i:is|was|are|were|of|for|numbers?|nos?|ref|reference|the|this
    |value|and|code)(?![A-Za-z0-9])){0,24}"""
"""What may stand between a word such as *serial* and the number that it announces."""


def span(found: re.Match[str]) -> tuple[int, int]:
    """Where what was sighted begins and ends."""
    return found.span("it") if "it" in found.re.groupindex else found.span()


def _always(found: re.Match[str]) -> bool:
    return True


DIGITS = b"0123456789"
HEXADECIMAL = b"0123456789ABCDEFabcdef"
WORD_OF_DATA = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/_-"
"""Characters of a row of an image."""


def always(text: str, lowered: str) -> bool:
    """What any text has."""
    return True


def any_of(*words: str) -> Sign:
    """Whether one of the words, given in lower case, stands in the text in any case."""

    return lambda text, lowered: any(map(lowered.__contains__, words))


def holds(*words: str) -> Sign:
    """Whether one of the words stands in the text as it is."""
    return lambda text, lowered: any(map(text.__contains__, words))


def shaped(pattern: str) -> Sign:
    """Whether something of this form stands in the text."""
    search = re.compile(pattern).search
    return lambda text, lowered: search(text)


def both(first: Sign, second: Sign) -> Sign:
    """Whether two signs are there; the second is asked only where the first is."""
    return lambda text, lowered: first(text, lowered) and second(text, lowered)


def row_of(characters: bytes, count: int, between: bytes = b" \t\r\n\v\f-:.()") -> Sign:
    """Whether so many of the characters follow one another, what may be between them left out."""
    alike = bytes.maketrans(characters, b"0" * len(characters))
    row = b"0" * count
    return lambda text, lowered: row in text.encode("ascii", "replace").translate(alike, between)


def apart(separator: str, sign: Sign) -> Sign:
    """A sign that does not reach across a separator."""
    return lambda text, lowered: sign(text.replace(separator, "|"), lowered)


def detector(kind: str, pattern: str, is_it: Callable[[re.Match[str]], bool] = _always) -> Detector:
    """A form of a kind, its pattern compiled; blanks in the pattern only space it."""
    return Detector(kind, re.compile(pattern, re.VERBOSE), is_it)
