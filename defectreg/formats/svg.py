"""Pictures as SVG: told in words too, dressed by classes of the page's style sheet alone."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from defectreg.formats.visible import visible

_LANE = 46
"""Height of a lane: its name, and under it its line."""
_NAME = 18
"""Of it, what the name takes."""
_LINE = 29
"""Where in a lane its line is."""
_AXIS = 22
_APART = 15
"""Between marks of one lane and day."""
_MARGIN = 1.5
"""Left free at both ends, in hundredths of the width."""
_MOST_TICKS = 36
"""With more months than that, ticks stand at years."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a day. ``look`` is a class of the style sheet: hollow, warm, or nothing."""

    day: datetime.date
    words: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasted from a day to another, both included."""

    first: datetime.date
    last: datetime.date
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A line of the picture, with its name above it."""

    name: str
    marks: tuple[Mark, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Svg:
    """An SVG element. Every text in it is escaped, so that a page takes it as it is."""

    text: str

    def __html__(self) -> str:
        """For templates: what stands in a page without being escaped again."""
        return self.text


def timeline(
    lanes: Iterable[Lane],
    title: str,
    description: str,
    day_words: Callable[[datetime.date], str],
    name: str = "picture",
) -> Svg | None:
    """A time-line as wide as its place; ``name`` begins its ids. None where one day is all."""
    drawn = tuple(lane for lane in lanes if lane.marks or lane.spans)
    days = [day for lane in drawn for day in _days(lane)]
    if len(set(days)) < 2:
        return None
    axis = _Axis(min(days), max(days))
    bottom = _LANE * len(drawn)
    body = [
        *_ticks(axis, bottom),
        *(part for row, lane in enumerate(drawn) for part in _lane(lane, row * _LANE, axis)),
        f'<text x="0" y="{bottom + 15}">{_text(day_words(axis.first))}</text>',
        f'<text x="100%" y="{bottom + 15}" text-anchor="end">{_text(day_words(axis.last))}</text>',
    ]
    return Svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" height="{bottom + _AXIS}" '
        f'aria-labelledby="{_text(name)}-title" aria-describedby="{_text(name)}-description">'
        f'<title id="{_text(name)}-title">{_text(title)}</title>'
        f'<desc id="{_text(name)}-description">{_text(description)}</desc>{"".join(body)}</svg>'
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    first: datetime.date
    last: datetime.date

    def share(self, day: datetime.date) -> float:
        """Where a day stands, in hundredths of the width."""
        share = (day - self.first).days / (self.last - self.first).days
        return _MARGIN + (100 - 2 * _MARGIN) * share

    def place(self, day: datetime.date) -> str:
        return f"{self.share(day):.2f}%"


def _days(lane: Lane) -> Iterator[datetime.date]:
    for mark in lane.marks:
        yield mark.day
    for span in lane.spans:
        yield span.first
        yield span.last


def _ticks(axis: _Axis, bottom: int) -> Iterator[str]:
    """A hairline at the beginning of each month, or of each year where months are too many.

    It leaves the names of the lanes free.
    """
    months = range(_month(axis.first) + 1, _month(axis.last) + 1)
    step = 12 if len(months) > _MOST_TICKS else 1
    for month in months:
        if month % step == 0:
            x = axis.place(datetime.date(month // 12, month % 12 + 1, 1))
            yield (
                f'<line class="tick" x1="{x}" x2="{x}" y1="{_NAME}" y2="{bottom}" '
                f'stroke-dasharray="{_LANE - _NAME} {_NAME}"/>'
            )


def _month(day: datetime.date) -> int:
    return day.year * 12 + day.month - 1


def _lane(lane: Lane, top: int, axis: _Axis) -> Iterator[str]:
    y = top + _LINE
    yield f'<text x="0" y="{top + 13}">{_text(lane.name)}</text>'
    yield f'<line class="lane" x1="0" x2="100%" y1="{y}" y2="{y}"/>'
    for span in lane.spans:
        yield (
            f'<line class="span" x1="{axis.place(span.first)}" x2="{axis.place(span.last)}" '
            f'y1="{y}" y2="{y}"><title>{_text(span.words)}</title></line>'
        )
    by_day = sorted(lane.marks, key=lambda mark: mark.day)
    for day, marks in groupby(by_day, key=lambda mark: mark.day):
        # A nested picture, so that marks of one day stand beside each other at any width.
        inner = "".join(_points(marks, -1 if axis.share(day) > 50 else 1))
        yield f'<svg x="{axis.place(day)}" y="{y}" overflow="visible">{inner}</svg>'


def _points(marks: Iterable[Mark], direction: int) -> Iterator[str]:
    """The marks of one day, those that look and say the same as one with their number."""
    for place, (mark, count) in enumerate(Counter(marks).items()):
        x = place * direction * _APART
        words = mark.words if count == 1 else f"{mark.words} ({count})"
        yield f"<g><title>{_text(words)}</title>{_shape(mark, x, count)}</g>"


def _shape(mark: Mark, x: int, count: int) -> str:
    look = f"point {mark.look}".strip()
    if mark.look == "warm":
        return f'<path class="{look}" d="M{x} -7L{x + 7} 0L{x} 7L{x - 7} 0Z"/>'
    if count == 1 or mark.look:
        return f'<circle class="{look}" cx="{x}" cy="0" r="6"/>'
    return (
        f'<circle class="{look}" cx="{x}" cy="0" r="8"/>'
        f'<text class="several" x="{x}" y="4" text-anchor="middle">{count}</text>'
    )


def _text(words: str) -> str:
    return escape(visible(words))
