"""A text while it is read: what was found in it, and what stands before and after a place."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from defectreg.intake.reports import Found
from defectreg.intake.vocabulary import Vocabulary

_NEAR = 60
"""Characters before or after a place that are looked at."""
_JOINT = re.compile(r"\s{0,3}(?:,|;|/|&|\band\b|\bor\b|,\s?and\b)\s{0,3}")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text in plain characters, what reads it, the day it was told, and what is found already."""

    text: str
    vocabulary: Vocabulary
    day: datetime.date | None
    found: tuple[Found, ...] = ()

    def before(self, start: int) -> str:
        """What stands shortly before a place."""
        return self.text[max(0, start - _NEAR) : start]

    def after(self, end: int) -> str:
        """What stands shortly after a place."""
        return self.text[end : end + _NEAR]

    def values(self, field: str) -> set[str]:
        """What was found of a field so far."""
        return {one.value for one in self.found if one.field == field}


def joined(passage: Passage, matches: Sequence[re.Match[str]], said: Sequence[bool]) -> list[bool]:
    """Which of several places are told as such, those in a list with one that is told included.

    *Alerts 8F1E, 8002 and N13*: the word stands before the first, and holds for all.
    """
    told = list(said)
    steps = range(1, len(matches))
    for there, here in (*((n - 1, n) for n in steps), *((n, n - 1) for n in reversed(steps))):
        first, second = sorted((there, here))
        between = passage.text[matches[first].end() : matches[second].start()]
        told[here] = told[here] or (told[there] and bool(_JOINT.fullmatch(between)))
    return told


def told_places(
    passage: Passage, pattern: re.Pattern[str], is_told: re.Pattern[str]
) -> Iterator[tuple[re.Match[str], bool]]:
    """Each place of a pattern, and whether a word before it or its list says what it is."""
    matches = list(pattern.finditer(passage.text))
    said = [bool(is_told.search(passage.before(match.start()))) for match in matches]
    yield from zip(matches, joined(passage, matches, said), strict=True)
