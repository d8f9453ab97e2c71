"""Feeds: the newest of all, of each Device Type and of the bulletins."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from defectreg.publication.feeds import (
    NEWEST,
    feed_of_bulletins,
    feed_of_everything,
    feeds_of_types,
)
from defectreg.publication.words import DEVICE_TYPES
from defectreg.register.public import (
    DISCLAIMER,
    PublicBulletin,
    PublicCombination,
    PublicRecord,
)
from tests.unit.publication.editions import (
    DAY,
    DEVICE,
    ID,
    OTHER,
    entry,
    of_cards,
    pages,
    register,
    tombstone,
)

ATOM = "{http://www.w3.org/2005/Atom}"
BULK = {"search_level": "model"}
BULLETIN = PublicBulletin("2026-10", DAY, "c" * 40, None, True, (), ())
HUB = replace(DEVICE, type="CHF", text="CHF:FF02/00020001")


def made(
    part: Callable[..., Any], *records: PublicRecord, **changes: Any
) -> dict[str, ElementTree.Element]:
    shown = register(*records, **{"policy": BULK, **changes})
    files = part(shown, pages()) if part is feed_of_bulletins else of_cards(part, shown)
    return {path: ElementTree.fromstring(data) for path, data in files}


def links(feed: ElementTree.Element) -> list[str]:
    return [link.get("href", "") for link in feed.findall(f"{ATOM}entry/{ATOM}link")]


def days_ago(days: int) -> datetime.date:
    return DAY - datetime.timedelta(days=days)


@pytest.mark.parametrize("level", ["dmc", "dmc-firmware"])
@pytest.mark.parametrize("part", [feed_of_everything, feeds_of_types])
def test_below_the_search_level_model_there_is_no_feed_of_everything(
    level: str, part: Callable[..., Iterator[tuple[str, bytes]]]
) -> None:
    assert not made(part, entry(), policy={"search_level": level})


def test_a_feed_names_its_entries_newest_first() -> None:
    old, new = entry(last_day=days_ago(3)), entry(id=OTHER, last_day=days_ago(1))
    (feed,) = made(feed_of_everything, old, new).values()
    assert links(feed) == [f"records/{OTHER}.html", f"records/{ID}.html"]
    assert feed.findtext(f"{ATOM}updated") == "2026-03-08T00:00:00Z"


def test_a_feed_holds_no_more_than_the_newest() -> None:
    records = [
        entry(id=f"DR-2222-{each:04d}", last_day=days_ago(each)) for each in range(NEWEST + 9)
    ]
    (feed,) = made(feed_of_everything, *records).values()
    assert links(feed) == [f"records/DR-2222-{each:04d}.html" for each in range(NEWEST)]


def test_a_feed_and_each_entry_bear_the_disclaimer() -> None:
    (feed,) = made(feed_of_everything, entry(), tombstone()).values()
    assert feed.findtext(f"{ATOM}rights") == DISCLAIMER
    rights = [each.text for each in feed.findall(f"{ATOM}entry/{ATOM}rights")]
    assert rights == [DISCLAIMER, DISCLAIMER]


def test_an_entry_keeps_its_id_wherever_the_feed_is_and_whatever_is_said() -> None:
    def identifiers(**changes: Any) -> list[str | None]:
        files = made(feed_of_everything, entry(**changes)) | made(feeds_of_types, entry(**changes))
        return [
            files[path].findtext(f"{ATOM}entry/{ATOM}id") for path in ("feed.xml", "feeds/esme.xml")
        ]

    first, second = identifiers()
    assert first == second
    assert identifiers(values={"title": "Another"}) == [first, first]


def test_every_device_type_has_a_feed_and_an_entry_is_in_those_of_its_devices() -> None:
    both = entry(affected=(PublicCombination((DEVICE, HUB), (), "both"),))
    feeds = made(feeds_of_types, both)
    assert sorted(feeds) == sorted(f"feeds/{each.lower()}.xml" for each in DEVICE_TYPES)
    found = {path for path, feed in feeds.items() if links(feed)}
    assert found == {"feeds/esme.xml", "feeds/chf.xml"}
    assert links(feeds["feeds/chf.xml"]) == [f"../records/{ID}.html"]


def test_the_feed_shows_of_a_withdrawn_entry_that_it_is_withdrawn() -> None:
    (feed,) = made(feed_of_everything, tombstone()).values()
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == f"Withdrawn entry ({OTHER})"
    summary = feed.findtext(f"{ATOM}entry/{ATOM}summary") or ""
    assert summary == "It says the same as another entry.\nWhat it said is no longer shown."


def test_a_bulletin_is_in_its_feed_and_in_that_of_everything() -> None:
    everything = made(feed_of_everything, bulletins=(BULLETIN,))["feed.xml"]
    assert links(everything) == ["bulletins/2026-10.html"]
    own = made(feed_of_bulletins, bulletins=(BULLETIN,), policy={})["feeds/bulletins.xml"]
    assert links(own) == ["../bulletins/2026-10.html"]
    assert own.findtext(f"{ATOM}entry/{ATOM}title") == "Bulletin of October 2026"


def test_hostile_text_stays_text() -> None:
    hostile = "</summary><link href='x'/>]]>&amp;\x00"
    (feed,) = made(
        feed_of_everything, entry(values={"title": hostile, "behaviour": hostile})
    ).values()
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == hostile.replace("\x00", "\ufffd")
    assert len(feed.findall(f"{ATOM}entry/{ATOM}link")) == 1
