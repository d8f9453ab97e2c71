"""What people read first: the front page, and a page for each entry."""

from __future__ import annotations

import datetime
from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass

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
    day: datetime.date
    words: str


class Newest:
    """The newest few of many entries; those of one day in the order of their ids."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._glimpses: list[Glimpse] = []

    def __iter__(self) -> Iterator[Glimpse]:
        return iter(self._glimpses)

    def __len__(self) -> int:
        return len(self._glimpses)

    def offer(self, record: PublicRecord, day: datetime.date | None, words: str = "") -> None:
        """Take an entry in, if it is among the newest; None is no day."""
        if day is None or (len(self) == self._size and day < self._glimpses[-1].day):
            return
        made = Glimpse(record.id, record.title, record.kind_words, record.marks, day, words)
        insort(self._glimpses, made, key=lambda glimpse: (-glimpse.day.toordinal(), glimpse.id))
        del self._glimpses[self._size :]


def front_page(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """The disclaimer, ways to ask, and what is new, fixed, changed or withdrawn of late."""
    new, fixed = Newest(_NEWEST), Newest(_NEWEST)
    changed, withdrawn = Newest(_LATELY), Newest(_LATELY)
    for record in register.records:
        if record.withdrawal is not None:
            withdrawn.offer(record, record.withdrawal.day, WITHDRAWALS[record.withdrawal.code])
            continue
        new.offer(record, record.first_day)
        fixed.offer(record, fix_day(record))
        if record.last_day > record.first_day:
            changed.offer(record, record.last_day, last_words(record))
    yield (
        "index.html",
        pages.page(
            "index.html", "index.html", new=new, fixed=fixed, changed=changed, withdrawn=withdrawn
        ),
    )


def fix_day(record: PublicRecord) -> datetime.date | None:
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
