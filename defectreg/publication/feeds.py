"""Atom feeds of what is new: of all entries, of each Device Type, and of the bulletins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from defectreg.formats.atom import Feed, FeedEntry, to_atom
from defectreg.publication import words
from defectreg.publication.bulletin import month_words
from defectreg.publication.pages import Pages, has_bulk
from defectreg.register.public import DISCLAIMER, PublicBulletin, PublicRecord, PublicRegister
from defectreg.store.kept import KeptRecords

NEWEST = 50
"""Entries that a feed holds at most."""
_LONGEST = 600
"""Characters of an entry's text that a feed shows."""


def newest_first(records: KeptRecords) -> list[int]:
    """The places of entries by their last day, the newest first; of one day the greatest id."""
    days = enumerate(records.days())
    order = sorted(((last, record_id, at) for at, (_, last, record_id) in days), reverse=True)
    return [at for _, _, at in order]


def feed_of_everything(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """What is new among all entries and bulletins, where the search level allows it."""
    if has_bulk(register):
        records = KeptRecords.of(register.records)
        newest = newest_first(records)[:NEWEST]
        shown = (entry_of_record(records[at], register, "") for at in newest)
        bulletins = (entry_of_bulletin(each, register, "") for each in register.bulletins)
        entries = sorted((*bulletins, *shown), key=lambda entry: entry.updated, reverse=True)
        yield feed("feed.xml", register.title, "index.html", entries[:NEWEST], register)


def feeds_of_types(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """What is new of each Device Type, of types without an entry too: feeds are subscribed to."""
    if not has_bulk(register):
        return
    newest = newest_of_types(register)
    for each, name in words.DEVICE_TYPES.items():
        title = f"{register.title}: {name} ({each})"
        path = f"feeds/{each.lower()}.xml"
        entries = [entry_of_record(record, register, "../") for record in newest[each]]
        yield feed(path, title, "../index.html", entries, register)


def newest_of_types(register: PublicRegister) -> dict[str, list[PublicRecord]]:
    """Device Type → the newest entries of its Devices, the newest first."""
    newest: dict[str, list[PublicRecord]] = {each: [] for each in words.DEVICE_TYPES}
    records, lacking = KeptRecords.of(register.records), set(newest)
    for at in newest_first(records):
        if not records.may_hold(at, lacking):
            continue
        record = records[at]
        for each in lacking & types_of(record):
            newest[each].append(record)
            if len(newest[each]) == NEWEST:
                lacking.remove(each)
        if not lacking:
            break
    return newest


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
