"""Atom feeds (RFC 4287), written so that no text can be anything but text.

Each day is its midnight, UTC: registers know days.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord('"'): "&quot;",
    ord("'"): "&#39;",
    ord("\r"): "&#13;",
}


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry; ``id`` is a URI that never changes, ``link`` may be relative to the feed."""

    id: str
    title: str
    link: str
    published: datetime.date
    updated: datetime.date
    categories: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and its entries in their order; links may be relative to the feed."""

    id: str
    title: str
    subtitle: str
    rights: str
    """Stands in the feed and in each entry, since readers show entries by themselves."""
    author: str
    own_link: str
    page_link: str
    updated: datetime.date
    entries: tuple[FeedEntry, ...]


def to_atom(feed: Feed) -> str:
    """The feed as an XML document."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">',
        element("id", feed.id),
        element("title", feed.title),
        element("subtitle", feed.subtitle),
        element("updated", _moment(feed.updated)),
        f"<author>{element('name', feed.author)}</author>",
        element("rights", feed.rights),
        element("generator", "defectreg"),
        _link("self", "application/atom+xml", feed.own_link),
        _link("alternate", "text/html", feed.page_link),
    ]
    for entry in feed.entries:
        lines += ["<entry>", *_entry(entry, feed.rights), "</entry>"]
    return "\n".join([*lines, "</feed>", ""])


def escaped(text: str) -> str:
    """Text as XML holds it, in elements and attributes alike; what XML forbids becomes U+FFFD."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text).translate(_ESCAPES)


def element(name: str, text: str) -> str:
    """An element with a text and nothing else."""
    return f"<{name}>{escaped(text)}</{name}>"


def _entry(entry: FeedEntry, rights: str) -> Iterator[str]:
    yield element("id", entry.id)
    yield element("title", entry.title)
    yield _link("alternate", "text/html", entry.link)
    yield element("published", _moment(entry.published))
    yield element("updated", _moment(entry.updated))
    for category in entry.categories:
        yield f'<category term="{escaped(category)}"/>'
    yield element("summary", entry.summary)
    yield element("rights", rights)


def _link(relation: str, kind: str, address: str) -> str:
    return f'<link rel="{relation}" type="{kind}" href="{escaped(address)}"/>'


def _moment(day: datetime.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
