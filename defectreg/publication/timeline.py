"""What was said of an entry and when: as a list, and as a picture of lanes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from defectreg.formats.svg import Lane, Mark, Span, Svg, timeline
from defectreg.publication.words import STATEMENTS, day_words, joined
from defectreg.register.public import PublicEvent, PublicRecord, PublicStatement

_LANES = (
    ("Reported", ("report",)),
    ("Cause", ("cause",)),
    ("Fix, workaround or accommodation", ("fix", "workaround", "accommodation")),
    ("Confirmed ●, challenged ◆", ("confirmation", "challenge")),
    ("Manufacturers: told ○, answered ●", ("notice", "response")),
    ("Accepted ●, withdrawn ◆", ("accept", "withdraw")),
)
"""Name of a lane → kinds of statement and decisions that stand on it."""
_DAY = attrgetter("day")
_LOOKS = {"challenge": "warm", "withdraw": "warm", "notice": "hollow"}


class Happened(NamedTuple):
    """Events of a day that are of one kind; ``whose`` in words."""

    what: str
    whose: str


class Day(NamedTuple):
    """What was said on a day, in the order in which it was said."""

    day: datetime.date
    events: tuple[Happened, ...]


def days_of(record: PublicRecord) -> tuple[Day, ...]:
    """The time-line of an entry, day by day."""
    by_day = groupby(record.timeline, key=_DAY)
    return tuple(Day(day, tuple(_happened(events))) for day, events in by_day)


def picture_of(record: PublicRecord) -> Svg | None:
    """The time-line as a picture; None where everything is of one day."""
    if not record.timeline:
        return None
    seen = Lane("Seen", spans=tuple(seen_spans(record)))
    first, last = record.timeline[0].day, record.timeline[-1].day
    return timeline(
        (seen, *(_lane(name, kinds, record.timeline) for name, kinds in _LANES)),
        title=f"Time-line of {record.id}",
        description=(
            f"What was said from {day_words(first)} to {day_words(last)}, a line for each kind. "
            "The list that follows says the same in words."
        ),
        day_words=day_words,
        name="picture",
    )


def _happened(events: Iterable[PublicEvent]) -> Iterator[Happened]:
    counted: dict[str, dict[str, int]] = {}
    for event in events:
        whose = counted.setdefault(event.what, {})
        name = event.whose or "not shown"
        whose[name] = whose.get(name, 0) + 1
    for what, whose in counted.items():
        shown = [name if count == 1 else f"{name} ({count})" for name, count in whose.items()]
        yield Happened(STATEMENTS[what], joined(shown, "and"))


def _lane(name: str, kinds: tuple[str, ...], events: Iterable[PublicEvent]) -> Lane:
    return Lane(
        name, tuple([_mark(event.what, event.day) for event in events if event.what in kinds])
    )


@lru_cache(maxsize=4096)
def _mark(what: str, day: datetime.date) -> Mark:
    return Mark(day, f"{STATEMENTS[what]}, {day_words(day)}", _LOOKS.get(what, ""))


def seen_spans(record: PublicRecord) -> Iterator[Span]:
    """When it was seen, as far as somebody says so; until it was reported where no end is said."""
    reports = [said for said in record.statements if said.kind == "report"]
    for said in reports:
        if "since" in said.values:
            yield _span(said.values["since"], _end(said))
    if "since" in record.values and not any("since" in said.values for said in reports):
        yield _span(record.values["since"], record.first_day)


def _end(said: PublicStatement) -> datetime.date:
    until = said.values.get("until")
    return datetime.date.fromisoformat(until) if until else said.day


def _span(since: str, end: datetime.date) -> Span:
    first = datetime.date.fromisoformat(since)
    last = max(first, end)
    return Span(first, last, f"Seen from {day_words(first)} to {day_words(last)}")
