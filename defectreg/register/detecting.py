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


def any_of(*words: str) -> Sign:
    """Whether one of the words, given in lower case, stands in the text in any case."""

    return lambda text, lowered: any(map(lowered.__contains__, words))


def shaped(pattern: str) -> Sign:
    """Whether something of this form stands in the text."""
    search = re.compile(pattern).search
    return lambda text, lowered: search(text)


def both(first: Sign, second: Sign) -> Sign:
    """Whether two signs are there; the second is asked only where the first is."""
    return lambda text, lowered: first(text, lowered) and second(text, lowered)


def row_of(digits: bytes, count: int) -> Sign:
    """Whether so many of the digits follow one another, separators left out."""
    alike = bytes.maketrans(digits, b"0" * len(digits))
    return lambda text, lowered: (
        b"0" * count in text.encode("ascii", "replace").translate(alike, b" \t\r\n\v\f-:.()")
    )


def has_long_rows(text: str, lowered: str) -> bool:
    """Whether the text is long, and has a word that no language has."""
    return len(text) >= 256 and any(len(row) >= 40 for row in text.split())


def detector(kind: str, pattern: str, is_it: Callable[[re.Match[str]], bool] = _always) -> Detector:
    """A form of a kind, its pattern compiled; blanks in the pattern only space it."""
    return Detector(kind, re.compile(pattern, re.VERBOSE), is_it)
