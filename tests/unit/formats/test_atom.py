"""Atom feeds: what RFC 4287 asks for, and no text that is anything but text."""

from __future__ import annotations

import datetime
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from defectreg.formats.atom import Feed, FeedEntry, escaped, to_atom

DAY = datetime.date(2026, 3, 9)
ENTRY = FeedEntry(
    id="urn:uuid:1",
    title="Meter stops sending billing alerts",
    link="records/DR-7K3Q-X4MB.html",
    published=datetime.date(2026, 3, 2),
    updated=DAY,
    categories=("Unusual behaviour", "Fix"),
    summary="No alert.",
)
FEED = Feed(
    id="urn:uuid:0",
    title="Register of issues",
    subtitle="For the SEC Parties.",
    rights="No recommendations.",
    author="Register",
    own_link="feed.xml",
    page_link="index.html",
    updated=DAY,
    entries=(ENTRY,),
)
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = [
    "</title><script>alert(1)</script>",
    "]]>&lt;!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "\"' onload='x",
    "line\r\nline\ttab",
    "\U0001f600 \u2028 é",
]


def parsed(feed: Feed) -> ElementTree.Element:
    return ElementTree.fromstring(to_atom(feed).encode())


def text(parent: ElementTree.Element, name: str) -> str:
    (found,) = parent.findall(ATOM + name)
    return found.text or ""


def test_a_feed_has_what_every_feed_must_have() -> None:
    root = parsed(FEED)
    assert root.tag == f"{ATOM}feed"
    assert text(root, "id") == "urn:uuid:0"
    assert text(root, "title") == "Register of issues"
    assert text(root, "updated") == "2026-03-09T00:00:00Z"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Register"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"self": "feed.xml", "alternate": "index.html"}


def test_an_entry_has_what_every_entry_must_have_and_the_rights() -> None:
    (entry,) = parsed(FEED).findall(f"{ATOM}entry")
    assert text(entry, "id") == "urn:uuid:1"
    assert text(entry, "title") == ENTRY.title
    assert text(entry, "updated") == "2026-03-09T00:00:00Z"
    assert text(entry, "published") == "2026-03-02T00:00:00Z"
    assert text(entry, "summary") == "No alert."
    assert text(entry, "rights") == "No recommendations."
    terms = [category.get("term") for category in entry.findall(f"{ATOM}category")]
    assert terms == ["Unusual behaviour", "Fix"]


def test_a_feed_without_entries_is_a_feed() -> None:
    assert not parsed(replace(FEED, entries=())).findall(f"{ATOM}entry")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_is_read_back_as_it_was_and_adds_no_element(hostile: str) -> None:
    root = parsed(
        replace(
            FEED,
            title=hostile,
            entries=(replace(ENTRY, summary=hostile, categories=(hostile,), link=hostile),),
        )
    )
    (entry,) = root.findall(f"{ATOM}entry")
    assert (text(root, "title"), text(entry, "summary")) == (hostile, hostile)
    known = parsed(replace(FEED, entries=(replace(ENTRY, categories=("one",)),)))
    assert [each.tag for each in root.iter()] == [each.tag for each in known.iter()]


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800", "\ufffe", "\x0b"])
def test_a_character_that_xml_forbids_is_shown_as_replaced(character: str) -> None:
    assert escaped(f"a{character}b") == "a\N{REPLACEMENT CHARACTER}b"
    assert text(parsed(replace(FEED, title=character)), "title") == "\N{REPLACEMENT CHARACTER}"
