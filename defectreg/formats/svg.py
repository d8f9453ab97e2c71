"""Pictures as SVG: told in words too, dressed by classes of the page's style sheet alone."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape

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
    days = {day for lane in drawn for day in _days(lane)}
    if len(days) < 2:
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


class _Axis:
    """From the first day to the last."""

    def __init__(self, first: datetime.date, last: datetime.date) -> None:
        self.first, self.last = first, last
        self._start = first.toordinal()
        self._days = last.toordinal() - self._start

    def share(self, number: int) -> float:
        """Where a day stands, by its ordinal, in hundredths of the width."""
        return _MARGIN + (100 - 2 * _MARGIN) * ((number - self._start) / self._days)

    def place(self, day: datetime.date) -> str:
        return f"{self.share(day.toordinal()):.2f}%"


def _days(lane: Lane) -> list[datetime.date]:
    days = [mark.day for mark in lane.marks]
    for span in lane.spans:
        days += (span.first, span.last)
    return days


def _ticks(axis: _Axis, bottom: int) -> Iterator[str]:
    """A hairline at the beginning of each month, or of each year where months are too many.

    It leaves the names of the lanes free.
    """
    months = range(_month(axis.first) + 1, _month(axis.last) + 1)
    step = 12 if len(months) > _MOST_TICKS else 1
    rest = f'y1="{_NAME}" y2="{bottom}" stroke-dasharray="{_LANE - _NAME} {_NAME}"/>'
    for month in months:
        if month % step == 0:
            x = f"{axis.share(_beginning(month)):.2f}%"
            yield f'<line class="tick" x1="{x}" x2="{x}" {rest}'


@lru_cache(maxsize=1024)
def _beginning(month: int) -> int:
    """The ordinal of a month's first day."""
    return datetime.date(month // 12, month % 12 + 1, 1).toordinal()


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
    by_day: dict[datetime.date, list[Mark]] = {}
    for mark in lane.marks:
        by_day.setdefault(mark.day, []).append(mark)
    for day in sorted(by_day):
        # A nested picture, so that marks of one day stand beside each other at any width.
        share = axis.share(day.toordinal())
        inner = "".join(_points(by_day[day], -1 if share > 50 else 1))
        yield f'<svg x="{share:.2f}%" y="{y}" overflow="visible">{inner}</svg>'


def _points(marks: list[Mark], direction: int) -> Iterator[str]:
    """The marks of one day, those that look and say the same as one with their number."""
    counted = Counter(marks) if len(marks) > 1 else {marks[0]: 1}
    for place, (mark, count) in enumerate(counted.items()):
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


@lru_cache(maxsize=4096)
def _text(words: str) -> str:
    return escape(visible(words))
