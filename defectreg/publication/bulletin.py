"""The monthly bulletin: a page and a table for each signed month, and what SECAS is handed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from defectreg.formats.columns import BYTE_ORDER_MARK, list_cell, to_csv
from defectreg.publication.pages import Pages, has_bulk
from defectreg.publication.words import day_words
from defectreg.register.public import (
    CHANGES,
    CORRECTIONS,
    DISCLAIMER,
    PublicBulletin,
    PublicChange,
    PublicRegister,
)

HEADINGS = {
    "since-withdrawn": "Withdrawn since",
    "fix-gone": "No longer with that fix",
    "fix-lost": "No longer with a fix",
    "fix": "Gained a fix",
    "added": "Added",
    "corrected": "Corrected",
    "withdrawn": "Withdrawn",
    "said": "More was said",
}
"""What changed → the heading under which it is told."""
NOTES = {
    "since-withdrawn": "This bulletin told of these entries when it was signed. They have been "
    "withdrawn since; what they said is no longer shown.",
    "fix-gone": "This bulletin told of a fix of these entries when it was signed. It has been "
    "taken back or replaced since.",
    "fix-lost": "These entries had a fix in the bulletin before. It was taken back, and no other "
    "stood in its place.",
    "fix": "A fix was entered, or another Party confirmed one.",
    "added": "These entries were not in the bulletin before.",
    "corrected": "What these entries said was changed, or something in them was taken back.",
    "withdrawn": "What these entries said is no longer shown.",
    "said": "What these entries said stands as it was, and something was added to it.",
}
_COLUMNS = ("month", "change", "id", "title", "kind-words", "affected", "marks", "fix", "said",
            "changed-since", "withdrawn-day", "withdrawn-code", "other", "disclaimer")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """What changed in one way, under its heading."""

    what: str
    heading: str
    note: str
    changes: tuple[PublicChange, ...]


def month_words(month: str) -> str:
    """A month as British readers write it: ``October 2026``."""
    return day_words(datetime.date.fromisoformat(f"{month}-01")).partition(" ")[2]


def groups_of(bulletin: PublicBulletin) -> list[Group]:
    """What a bulletin tells, corrections first; without what has no entry."""
    everything = (*bulletin.corrections, *bulletin.changes)
    found = (
        (what, tuple(change for change in everything if change.what == what))
        for what in (*CORRECTIONS, *CHANGES)
    )
    return [Group(what, HEADINGS[what], NOTES[what], changes) for what, changes in found if changes]


def bulletin_pages(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """The list of the months, and a page of each."""
    months = [(bulletin, month_words(bulletin.month)) for bulletin in register.bulletins]
    path = "bulletins/index.html"
    yield path, pages.page("bulletins.html", path, months=months)
    for bulletin in register.bulletins:
        path = f"bulletins/{bulletin.month}.html"
        yield path, _page("bulletin.html", path, bulletin, pages)


def bulletin_tables(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """A table of each month, where the search level allows bulk exports."""
    if has_bulk(register):
        for bulletin in register.bulletins:
            yield f"bulletins/{bulletin.month}.csv", bulletin_csv(bulletin)


def bulletin_csv(bulletin: PublicBulletin) -> bytes:
    """A bulletin as a table, a row for each change; its last column is the disclaimer."""
    everything = (*bulletin.corrections, *bulletin.changes)
    rows = [_row(bulletin.month, change) for change in everything]
    # Without a change the disclaimer would be missing.
    rows = rows or [[bulletin.month, *("" for _ in _COLUMNS[2:]), DISCLAIMER]]
    return (BYTE_ORDER_MARK + to_csv(_COLUMNS, rows)).encode()


def package(bulletin: PublicBulletin, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """What SECAS is handed of a bulletin: a fragment for its own site, which has neither style
    nor script nor link; a page to print, with its style sheet; the table."""
    name = f"bulletin-{bulletin.month}"
    yield f"{name}.html", _page("bulletin-fragment.html", f"{name}.html", bulletin, pages)
    path = f"{name}-print.html"
    yield path, _page("bulletin-print.html", path, bulletin, pages)
    style = pages.plain("bulletin-print.css")
    yield "bulletin-print.css", f"/* {DISCLAIMER} */\n".encode() + style
    yield f"{name}.csv", bulletin_csv(bulletin)


def _page(template: str, path: str, bulletin: PublicBulletin, pages: Pages) -> bytes:
    return pages.page(
        template,
        path,
        bulletin=bulletin,
        month=month_words(bulletin.month),
        groups=groups_of(bulletin),
    )


def _row(month: str, change: PublicChange) -> list[str]:
    withdrawal = change.withdrawal
    return [
        month,
        change.what,
        change.id,
        "" if withdrawal else change.title,
        change.kind_words,
        list_cell(change.affected),
        list_cell(change.marks),
        list_cell(change.fixes),
        list_cell(change.said),
        "true" if change.is_changed_since else "false",
        withdrawal.day.isoformat() if withdrawal else "",
        withdrawal.code if withdrawal else "",
        withdrawal.other if withdrawal else "",
        DISCLAIMER,
    ]
