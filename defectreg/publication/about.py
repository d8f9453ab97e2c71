"""Pages about the register: what its data cannot show, its words, and how to report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from defectreg.publication import words
from defectreg.publication.cards import Cards, Sheet
from defectreg.publication.listing import count_words
from defectreg.publication.pages import Pages
from defectreg.register.public import PublicRecord, PublicRegister

_MATTERING = (
    "audience",
    "show-without-fix-to-parties",
    "show-without-fix-to-world",
    "search-level",
    "manufacturer-shown",
    "reporter-shown",
    "who-reports",
    "who-validates",
    "dcc-reports-validated-by",
    "certainty-threshold",
    "impact-threshold",
    "minimum-parties",
    "reply-window",
    "silence",
    "given-in-confidence",
    "device-scope",
    "indexing",
    "small-cell",
)
"""The switches by which a reader can tell what a publication shows and what it does not."""
_COUNTED = ("report", "response")
_QUARTERS = ("January to March", "April to June", "July to September", "October to December")


@dataclass(frozen=True, slots=True)
class Activity:
    """How much Parties of one category said in one quarter, as it may be shown."""

    category: str
    reports: str
    replies: str


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months, as ``July to September 2026``, and what was said in them."""

    words: str
    activities: tuple[Activity, ...]


def about_page(register: PublicRegister, pages: Pages, cards: Cards) -> Iterator[Sheet]:
    """What the data cannot show, and by which rules they are shown."""
    yield Sheet("about", "", partial(_about, register, pages, cards))


def _about(register: PublicRegister, pages: Pages, cards: Cards) -> Iterator[tuple[str, bytes]]:
    switches = [switch for switch in register.switches if switch.key in _MATTERING]
    said = (each for (each,) in cards.file.read("said"))
    quarters = quarters_of(said, register.policy.small_cell)
    yield (
        "about.html",
        pages.page("about.html", "about.html", switches=switches, quarters=quarters),
    )


def said_in(record: PublicRecord) -> str:
    """Reports and replies of an entry that count, as JSON: year, quarter from 0, whose, kind."""
    return json.dumps(
        [
            [said.day.year, (said.day.month - 1) // 3, said.whose, said.kind]
            for said in record.statements
            if said.kind in _COUNTED and not said.is_superseded
        ]
    )


def glossary_page(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """The words of the register and of the field, each with what it means here."""
    yield (
        "glossary.html",
        pages.page("glossary.html", "glossary.html", types=words.DEVICE_TYPES.items()),
    )


def report_page(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """How to report an issue, with a key or without, and what never to write."""
    yield "report.html", pages.page("report.html", "report.html")


def quarters_of(said: Iterable[str], least: int) -> tuple[Quarter, ...]:
    """Reports and replies, as `said_in` has them, by quarter and category; the newest first.

    A category that is not shown is empty, and last. There are no sums: they would tell what was
    kept back.
    """
    numbers = Counter(each for one in said for each in _read(one))
    quarters = sorted({key[:2] for key in numbers}, reverse=True)
    return tuple(
        Quarter(_quarter_words(*quarter), tuple(_activities(numbers, quarter, least)))
        for quarter in quarters
    )


@lru_cache(maxsize=4096)
def _read(said: str) -> list[tuple[int, int, str, str]]:
    return [(year, quarter, whose, kind) for year, quarter, whose, kind in json.loads(said)]


def _quarter_words(year: int, quarter: int) -> str:
    return f"{_QUARTERS[quarter]} {year}"


def _activities(
    numbers: Counter[tuple[int, int, str, str]], quarter: tuple[int, int], least: int
) -> Iterator[Activity]:
    categories = {key[2] for key in numbers if key[:2] == quarter}
    for category in sorted(categories, key=lambda category: (not category, category)):
        shown = (count_words(numbers[(*quarter, category, kind)], least) for kind in _COUNTED)
        yield Activity(category, *shown)
