"""Atom feeds of what is new: of all entries, of each Device Type, and of the bulletins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from defectreg.formats.atom import Feed, FeedEntry, to_atom
from defectreg.publication import words
from defectreg.publication.bulletin import month_words
from defectreg.publication.cards import Cards, Sheet
from defectreg.publication.pages import Pages, has_bulk
from defectreg.register.public import DISCLAIMER, PublicBulletin, PublicRecord, PublicRegister

NEWEST = 50
"""Entries that a feed holds at most."""
_LONGEST = 600
"""Characters of an entry's text that a feed shows."""


def feed_of_everything(register: PublicRegister, pages: Pages, cards: Cards) -> Iterator[Sheet]:
    """What is new among all entries and bulletins, where the search level allows it."""
    if has_bulk(register):
        yield Sheet("feed", "", partial(_everything, register, cards))


def feeds_of_types(register: PublicRegister, pages: Pages, cards: Cards) -> Iterator[Sheet]:
    """What is new of each Device Type, of types without an entry too: feeds are subscribed to."""
    if has_bulk(register):
        yield Sheet("feeds", "", partial(_types, register, cards))


def _everything(register: PublicRegister, cards: Cards) -> Iterator[tuple[str, bytes]]:
    newest = [each for each, _ in _newest_first(cards)[:NEWEST]]
    shown = (entry_of_record(record, register, "") for record in _found(cards, newest))
    bulletins = (entry_of_bulletin(each, register, "") for each in register.bulletins)
    entries = sorted((*bulletins, *shown), key=lambda entry: entry.updated, reverse=True)
    yield feed("feed.xml", register.title, "index.html", entries[:NEWEST], register)


def _types(register: PublicRegister, cards: Cards) -> Iterator[tuple[str, bytes]]:
    newest: dict[str, list[str]] = {each: [] for each in words.DEVICE_TYPES}
    for record_id, types in _newest_first(cards):
        for each in types.split():
            if each in newest and len(newest[each]) < NEWEST:
                newest[each].append(record_id)
    for each, name in words.DEVICE_TYPES.items():
        title = f"{register.title}: {name} ({each})"
        path = f"feeds/{each.lower()}.xml"
        shown = _found(cards, newest[each])
        entries = [entry_of_record(record, register, "../") for record in shown]
        yield feed(path, title, "../index.html", entries, register)


def _newest_first(cards: Cards) -> list[tuple[str, str]]:
    """Id and Device Types of entries by their last day; of one day the greatest id first."""
    known = sorted(cards.file.read("last_day", "id", "types"), reverse=True)
    return [(record_id, types) for _, record_id, types in known]


def _found(cards: Cards, ids: Iterable[str]) -> Iterator[PublicRecord]:
    return (record for each in ids if (record := cards.records.find(each)) is not None)


def feed_of_bulletins(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """The monthly bulletins, at every search level."""
    entries = [entry_of_bulletin(each, register, "../") for each in register.bulletins[:NEWEST]]
    title = f"{register.title}: monthly bulletins"
    yield feed("feeds/bulletins.xml", title, "../bulletins/index.html", entries, register)


def types_of(record: PublicRecord) -> set[str]:
    """The types of its affected Devices."""
    return {device.type for entry in record.affected for device in entry.devices}


def feed(
    path: str, title: str, page: str, entries: Iterable[FeedEntry], register: PublicRegister
) -> tuple[str, bytes]:
    """A feed as a file; its date is its newest entry's, of none the publication's."""
    shown = tuple(entries)
    demonstration = "Everything in this register is invented. " if register.is_demonstration else ""
    made = Feed(
        id=identifier(register, path),
        title=title,
        subtitle=f"{demonstration}For {words.AUDIENCES[register.audience]}. {DISCLAIMER}",
        rights=DISCLAIMER,
        author=register.title,
        own_link=path.rpartition("/")[2],
        page_link=page,
        updated=max((entry.updated for entry in shown), default=register.day),
        entries=shown,
    )
    return path, to_atom(made).encode()


def entry_of_record(record: PublicRecord, register: PublicRegister, root: str) -> FeedEntry:
    """An entry of the register as a feed shows it; of a withdrawn one, that it is."""
    return FeedEntry(
        id=identifier(register, record.id),
        title=f"{record.title} ({record.id})" if record.withdrawal else record.title,
        link=f"{root}records/{record.id}.html",
        published=record.first_day,
        updated=record.last_day,
        categories=(record.kind_words, *_marks(record)),
        summary="\n".join(_record_lines(record)),
    )


def entry_of_bulletin(bulletin: PublicBulletin, register: PublicRegister, root: str) -> FeedEntry:
    """A month's bulletin as a feed shows it."""
    corrected = "It lists corrections of what it showed. " if bulletin.corrections else ""
    return FeedEntry(
        id=identifier(register, f"bulletins/{bulletin.month}"),
        title=f"Bulletin of {month_words(bulletin.month)}",
        link=f"{root}bulletins/{bulletin.month}.html",
        published=bulletin.day,
        updated=bulletin.day,
        categories=("Bulletin",),
        summary=f"{corrected}As of {words.day_words(bulletin.day)}.",
    )


def identifier(register: PublicRegister, what: str) -> str:
    """A URI for something of this register, wherever its pages stand: its names never change."""
    import uuid

    return uuid.uuid5(uuid.NAMESPACE_URL, f"{register.policy.namespace}/{what}").urn


def _record_lines(record: PublicRecord) -> Iterator[str]:
    if record.withdrawal is not None:
        yield words.WITHDRAWALS[record.withdrawal.code]
        yield "What it said is no longer shown."
        return
    yield f"{'; '.join((record.kind_words, *_marks(record)))}."
    yield from (f"Affected: {combination.text}" for combination in record.affected)
    text = " ".join(str(record.values.get("behaviour", "")).split())
    yield text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _marks(record: PublicRecord) -> list[str]:
    """Its marks in words; one that is fixed has a fix, and need not say so."""
    is_fixed = "fixed" in record.marks
    return [words.MARKS[mark][0] for mark in record.marks if mark != "fix" or not is_fixed]
