"""What people read: the front page, a page for each entry, the page about the data."""

from __future__ import annotations

from collections.abc import Iterator

from defectreg.publication.entry import entry_of
from defectreg.publication.pages import Pages
from defectreg.register.public import DISCLAIMER, PublicRegister

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
)
"""The switches by which a reader can tell what a publication shows and what it does not."""


def front_page(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """The disclaimer, then every entry, newest first; withdrawn ones are listed apart."""
    newest = sorted(register.records, key=lambda record: record.id)
    newest.sort(key=lambda record: record.first_day, reverse=True)
    yield (
        "index.html",
        pages.page(
            "index.html",
            "index.html",
            entries=[record for record in newest if record.withdrawal is None],
            withdrawn=[record for record in newest if record.withdrawal is not None],
        ),
    )


def record_pages(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """A page for each entry; of a withdrawn one, a tombstone."""
    known = {record.id: record.title for record in register.records}
    for record in register.records:
        path = f"records/{record.id}.html"
        template = "record.html" if record.withdrawal is None else "withdrawn.html"
        entry = entry_of(record, register.fields)
        yield path, pages.page(template, path, entry=entry, record=record, known=known)


def about_page(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """What the data cannot show, and by which rules they are shown."""
    switches = [switch for switch in register.switches if switch.key in _MATTERING]
    yield "about.html", pages.page("about.html", "about.html", switches=switches)


def looks(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """The style sheet and the icon, the disclaimer in front of each as a comment."""
    yield "style.css", f"/* {DISCLAIMER} */\n".encode() + pages.plain("style.css")
    yield "icon.svg", f"<!-- {DISCLAIMER} -->\n".encode() + pages.plain("icon.svg")
