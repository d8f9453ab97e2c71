"""Firmware versions as sets: exact values, ``0001*`` prefixes, inclusive ``A..B`` ranges.

A version is opaque text of up to 8 characters; its order says nothing about release order. Only a
range looks at numbers, and whoever writes one vouches for it. Where two sets are compared, a prefix
of hexadecimal digits and a range stand for the versions that GBCS allows: 8 hexadecimal digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from defectreg.register.notation import (
    NotationError,
    Word,
    canonical,
    escape,
    is_hexadecimal,
    read_words,
    unescape,
    upper,
)

DIGITS = 8
MOST_PATTERNS = 64
Span: TypeAlias = tuple[int, int]
"""First and last number of a run of 8-digit hexadecimal versions."""
Bounds: TypeAlias = tuple[str, str]
"""The lowest and the highest of some versions, in upper case, by the order of their characters."""
_LAST = "\U0010ffff"
"""No character comes after it."""
_EVERY_VERSION: Bounds = ("", _LAST * DIGITS)


class Coverage(IntEnum):
    """Whether an entry covers what was asked; the lesser of two answers holds for both."""

    NO = 0
    POSSIBLY = 1
    YES = 2

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class ExactFirmware:
    """One version, compared without regard to case."""

    version: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "version", canonical(self.version, DIGITS))

    def __contains__(self, version: str) -> bool:
        return upper(version) == upper(self.version)

    def __str__(self) -> str:
        # Two dots would read as a range.
        return escape(self.version).replace("..", "%2E%2E")

    @property
    def span(self) -> Span | None:
        """Its number, where it is a version as GBCS writes it."""
        if not _is_gbcs(self.version):
            return None
        return int(self.version, 16), int(self.version, 16)

    @property
    def bounds(self) -> tuple[Bounds, ...]:
        """Itself; of fewer hexadecimal digits, besides with the noughts that a range reads."""
        version = upper(self.version)
        ways = {version, version.rjust(DIGITS, "0")} if is_hexadecimal(version) else {version}
        return tuple((way, way) for way in sorted(ways))


@dataclass(frozen=True, slots=True)
class FirmwarePrefix:
    """Every version that begins so: ``0001*``."""

    beginning: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "beginning", canonical(self.beginning, len(self.beginning)))

    def __contains__(self, version: str) -> bool:
        return upper(version).startswith(upper(self.beginning))

    def __str__(self) -> str:
        return escape(self.beginning).replace("..", "%2E%2E") + "*"

    @property
    def span(self) -> Span | None:
        """The 8-digit versions that begin so, where the beginning is hexadecimal."""
        if not is_hexadecimal(self.beginning):
            return None
        return int(self.beginning.ljust(DIGITS, "0"), 16), int(
            self.beginning.ljust(DIGITS, "F"), 16
        )

    @property
    def bounds(self) -> tuple[Bounds, ...]:
        """From the beginning alone to the last text of eight characters that begins so."""
        beginning = upper(self.beginning)
        return ((beginning, beginning.ljust(DIGITS, _LAST)),)


@dataclass(frozen=True, slots=True)
class FirmwareRange:
    """Every hexadecimal version whose number is between two others, both included: ``A..B``."""

    first: str
    last: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", upper(self.first))
        object.__setattr__(self, "last", upper(self.last))

    def __contains__(self, version: str) -> bool:
        if len(version) > DIGITS or not is_hexadecimal(version):
            return False
        first, last = self.span
        return first <= int(version, 16) <= last

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"

    @property
    def span(self) -> Span:
        """The numbers of its ends."""
        return int(self.first, 16), int(self.last, 16)

    @property
    def bounds(self) -> tuple[Bounds, ...]:
        """Its ends with eight digits: so written, they stand in the order of their numbers."""
        return ((self.first.rjust(DIGITS, "0"), self.last.rjust(DIGITS, "0")),)


FirmwarePattern: TypeAlias = ExactFirmware | FirmwarePrefix | FirmwareRange


@dataclass(frozen=True, slots=True)
class FirmwareSet:
    """The firmware versions an entry covers; without patterns, all of them.

    Patterns are kept sorted by their text, each once.
    """

    patterns: tuple[FirmwarePattern, ...] = ()

    def __post_init__(self) -> None:
        if len(self.patterns) > 1:
            once = {upper(str(pattern)): pattern for pattern in sorted(self.patterns, key=str)}
            object.__setattr__(self, "patterns", tuple(sorted(once.values(), key=str)))

    def __contains__(self, version: str) -> bool:
        return not self.patterns or any(version in pattern for pattern in self.patterns)

    def __str__(self) -> str:
        return ",".join(map(str, self.patterns))

    @property
    def bounds(self) -> tuple[Bounds, ...]:
        """Those of its patterns. Sets with a version in common have bounds that meet.

        Not the other way round: they narrow a question down, and :meth:`covers` answers it.
        """
        if not self.patterns:
            return (_EVERY_VERSION,)
        return tuple(sorted({pair for pattern in self.patterns for pair in pattern.bounds}))

    def covers(self, other: FirmwareSet) -> Coverage:
        """YES when every version of the other is in this one, NO when none is."""
        if not self.patterns:
            return Coverage.YES
        if other.patterns and all(self._includes(pattern) for pattern in other.patterns):
            return Coverage.YES
        return Coverage.POSSIBLY if self.overlaps(other) else Coverage.NO

    def overlaps(self, other: FirmwareSet) -> bool:
        """Whether some version is in both."""
        if not self.patterns or not other.patterns:
            return True
        return any(_meet(mine, theirs) for mine in self.patterns for theirs in other.patterns)

    def _includes(self, pattern: FirmwarePattern) -> bool:
        if isinstance(pattern, ExactFirmware):
            return pattern.version in self
        if isinstance(pattern, FirmwarePrefix) and any(
            pattern.beginning in mine for mine in self.patterns if isinstance(mine, FirmwarePrefix)
        ):
            return True
        spans = (mine.span for mine in self.patterns)
        return _is_within(pattern.span, (span for span in spans if span is not None))


ANY_FIRMWARE = FirmwareSet()
"""Every version: what a Device without ``@`` stands for."""


def _meet(one: FirmwarePattern, other: FirmwarePattern) -> bool:
    if isinstance(one, ExactFirmware):
        return one.version in other
    if isinstance(other, ExactFirmware):
        return other.version in one
    if isinstance(one, FirmwarePrefix) and isinstance(other, FirmwarePrefix):
        return one.beginning in other or other.beginning in one
    if one.span is None or other.span is None:
        return False
    return one.span[0] <= other.span[1] and other.span[0] <= one.span[1]


def _is_within(span: Span | None, spans: Iterable[Span]) -> bool:
    if span is None:
        return False
    wanted, last = span
    for start, end in sorted(spans):
        if start <= wanted <= end:
            wanted = end + 1
    return wanted > last


def parse_firmware(text: str, *, strict: bool = False) -> FirmwareSet:
    """The set that ``00030005`` or ``0001*,00030000..00030004`` writes; raises NotationError."""
    words = read_words(text)
    patterns = words[::2]
    commas_between = all(word.text == "," for word in words[1::2])
    if len(words) % 2 == 0 or not commas_between or len(patterns) > MOST_PATTERNS:
        raise NotationError(
            f"firmware is 1 to {MOST_PATTERNS} patterns with commas between",
            "for example 00030005, or 0001*,00030000..00030004",
            1,
        )
    return FirmwareSet(tuple(parse_pattern(word, strict=strict) for word in patterns))


def parse_pattern(word: Word, *, strict: bool) -> FirmwarePattern:
    """The pattern that a word writes; raises NotationError."""
    if not word.text:
        raise NotationError(
            "a firmware version is missing", "write one after @, or leave the @ out", word.column
        )
    if ".." in word.text:
        return _parse_range(word, strict=strict)
    if word.text.endswith("*"):
        return _parse_prefix(word.part(0, -1), strict=strict)
    version = unescape(word)
    if len(version) > DIGITS or (strict and not _is_gbcs(version)):
        raise _wrong_version(word, strict=strict)
    return ExactFirmware(version)


def _parse_prefix(word: Word, *, strict: bool) -> FirmwarePrefix:
    beginning = unescape(word)
    if not 1 <= len(beginning) < DIGITS or (strict and not is_hexadecimal(beginning)):
        raise NotationError(
            f"a firmware prefix is 1 to {DIGITS - 1} "
            + ("hexadecimal digits before the *" if strict else "characters before the *"),
            "for all versions leave the firmware out; for one version leave the * out",
            word.column,
        )
    return FirmwarePrefix(beginning)


def _parse_range(word: Word, *, strict: bool) -> FirmwareRange:
    split = word.text.index("..")
    ends = word.part(0, split), word.part(split + 2)
    for end in ends:
        if len(end.text) > DIGITS or not is_hexadecimal(end.text):
            raise NotationError(
                f"each end of a firmware range is 1 to {DIGITS} hexadecimal digits",
                "for example 00030000..00030004; two dots inside a version are written %2E%2E",
                end.column,
            )
        if strict and len(end.text) != DIGITS:
            raise _wrong_version(end, strict=strict)
    if int(ends[0].text, 16) > int(ends[1].text, 16):
        raise NotationError(
            f"the range ends at {ends[1].text}, before it begins at {ends[0].text}",
            f"write {ends[1].text}..{ends[0].text}",
            word.column,
        )
    return FirmwareRange(ends[0].text, ends[1].text)


def _is_gbcs(version: str) -> bool:
    return len(version) == DIGITS and is_hexadecimal(version)


def _wrong_version(word: Word, *, strict: bool) -> NotationError:
    if strict:
        return NotationError(
            f"a firmware version is {DIGITS} hexadecimal digits, as GBCS writes it",
            "for example 00030005",
            word.column,
        )
    return NotationError(
        f"a firmware version is 1 to {DIGITS} characters", "for example 00030005", word.column
    )
