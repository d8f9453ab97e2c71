"""Lists of entries, the newest first, in pages of which a reader's browser makes light work."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, TypeVar

from defectreg.publication.cards import Cards, Sheet, digest
from defectreg.publication.pages import Pages
from defectreg.publication.words import MARKS
from defectreg.register.public import PublicRecord

T = TypeVar("T")
PER_PAGE = 100
"""Entries on a page of a list."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Entries that have something in common, and where the pages that list them stand."""

    name: str
    """The path of its first page, without ``.html``."""
    heading: str
    ids: list[str] = field(default_factory=list)
    """The ids of its entries, in its order."""

    @property
    def path(self) -> str:
        """The path of its first page."""
        return page_path(self.name, 1)


@dataclass(frozen=True, slots=True)
class Pager:
    """Which page of a list of how many."""

    name: str
    number: int
    last: int

    def path(self, number: int) -> str:
        """Where a page of the list stands."""
        return page_path(self.name, number)


def line_of(record: PublicRecord, pages: Pages) -> str:
    """An entry as lists show it; of a withdrawn one, that it is one and since when.

    It is made once, since an entry stands in ten lists or so.
    """
    if record.withdrawal is None:
        since, title = "entered", record.title
    else:
        since, title = "withdrawn", f"{record.title} {record.id}"
    day, marks = listed_day(record), _marks(record.marks)
    return pages.piece(
        "browse-line.html", "line", record.id, title, record.kind_words, since, day, marks
    )


def listed_day(record: PublicRecord) -> datetime.date:
    """The day by which lists order an entry: when it came, or went."""
    return record.first_day if record.withdrawal is None else record.withdrawal.day


def list_sheets(
    listing: Listing, pages: Pages, cards: Cards, template: str, made_of: str = "", **values: Any
) -> Iterator[Sheet]:
    """The pages of a list; ``values`` are what its template shows besides.

    What decides of ``values``, beside the list's name, is told by ``made_of``.
    """
    for path, pager, ids in paged(listing.name, listing.ids, PER_PAGE):
        entries = b"".join(map(cards.digests.__getitem__, ids))
        key = digest(made_of.encode(), b"%d" % pager.last, entries)
        shown = {**values, "listing": listing, "pager": pager}
        yield Sheet.of(path, key, partial(_page, pages, cards, template, path, ids, shown))


def _page(
    pages: Pages, cards: Cards, template: str, path: str, ids: Sequence[str], values: dict[str, Any]
) -> bytes:
    lines = cards.file.files("line", ids)
    return pages.page(template, path, lines=map(pages.markup, lines), **values)


def paged(name: str, items: Sequence[T], per_page: int) -> Iterator[tuple[str, Pager, Sequence[T]]]:
    """Path, pager and items of each page of a list that has items."""
    last = -(-len(items) // per_page)
    for number in range(1, last + 1):
        pager = Pager(name, number, last)
        yield pager.path(number), pager, items[(number - 1) * per_page : number * per_page]


def page_path(name: str, number: int) -> str:
    """Where a page of a list stands: the first at its name, others with their number."""
    return f"{name}.html" if number == 1 else f"{name}-{number}.html"


def count_words(number: int, least: int) -> str:
    """A number as it may be shown: one below ``least`` is a small cell; none at all is not."""
    return f"fewer than {least}" if 0 < number < least else f"{number:,}"


@lru_cache(maxsize=4096)
def _marks(marks: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((mark, MARKS[mark][0]) for mark in marks if mark != "fix" or "fixed" not in marks)
