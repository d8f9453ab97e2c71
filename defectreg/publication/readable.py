"""What people read first: the front page, and a page for each entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from defectreg.publication.cards import Cards, Sheet
from defectreg.publication.entry import entry_of
from defectreg.publication.pages import Pages
from defectreg.publication.words import STATEMENTS, WITHDRAWALS, joined
from defectreg.register.public import DISCLAIMER, PublicRecord, PublicRegister

_NEWEST = 10
_LATELY = 5


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a list tells of an entry: its title, and the day for which it is in the list."""

    id: str
    title: str
    kind_words: str
    marks: tuple[str, ...]
    day: date
    words: str


def front_page(register: PublicRegister, pages: Pages, cards: Cards) -> Iterator[Sheet]:
    """The disclaimer, ways to ask, and what is new, fixed, changed or withdrawn of late."""
    yield Sheet("front", "", partial(_front, pages, cards))


def _front(pages: Pages, cards: Cards) -> Iterator[tuple[str, bytes]]:
    days = "is_withdrawn", "first_day", "last_day", "listed", "fixed"
    known = [*cards.file.read("id", *days)]
    shown = [row for row in known if not row[1]]
    yield (
        "index.html",
        pages.page(
            "index.html",
            "index.html",
            new=_newest(cards, ((row[2], row[0]) for row in shown), _NEWEST),
            fixed=_newest(cards, ((row[5], row[0]) for row in shown if row[5]), _NEWEST),
            changed=_newest(
                cards, ((row[3], row[0]) for row in shown if row[3] > row[2]), _LATELY, last_words
            ),
            withdrawn=_newest(
                cards, ((row[4], row[0]) for row in known if row[1]), _LATELY, _why_withdrawn
            ),
        ),
    )


def _newest(
    cards: Cards,
    days: Iterable[tuple[str, str]],
    number: int,
    words: Callable[[PublicRecord], str] = lambda record: "",
) -> list[Glimpse]:
    """The newest few of days and ids; those of one day in the order of their ids."""
    best = sorted(days, key=lambda each: each[1])  # what is equal keeps its order
    best.sort(key=lambda each: each[0], reverse=True)
    return [
        Glimpse(each, record.title, record.kind_words, record.marks, date.fromisoformat(day),
                words(record))
        for day, each in best[:number]
        if (record := cards.records.find(each)) is not None
    ]  # fmt: skip


def _why_withdrawn(record: PublicRecord) -> str:
    return WITHDRAWALS[record.withdrawal.code] if record.withdrawal else ""


def fix_day(record: PublicRecord) -> date | None:
    """The day on which the newest fix that counts was entered; None where there is none."""
    fixes = (said for said in record.statements if said.kind == "fix" and not said.is_superseded)
    return max((fix.day for fix in fixes), default=None)


def last_words(record: PublicRecord) -> str:
    """What was said of an entry on the last day on which something was."""
    last = (event.what for event in record.timeline if event.day == record.last_day)
    said = list(dict.fromkeys(STATEMENTS[what] for what in last if what != "accept"))
    return joined(said, "and") or STATEMENTS["accept"]


def record_page(
    record: PublicRecord, register: PublicRegister, pages: Pages
) -> Iterator[tuple[str, bytes]]:
    """The page of an entry; of a withdrawn one, a tombstone."""
    path = f"records/{record.id}.html"
    template = "record.html" if record.withdrawal is None else "withdrawn.html"
    entry = entry_of(record, register.fields)
    yield path, pages.page(template, path, entry=entry, record=record, known=pages.titles)


def looks(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """The style sheet and the icon, the disclaimer in front of each as a comment."""
    yield "style.css", f"/* {DISCLAIMER} */\n".encode() + pages.plain("style.css")
    yield "icon.svg", f"<!-- {DISCLAIMER} -->\n".encode() + pages.plain("icon.svg")
