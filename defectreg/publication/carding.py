"""The making of cards: of all entries that are new or others than they were, and of no other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence

from defectreg.publication import (
    about,
    browsing,
    checking_devices,
    machine,
    models,
    readable,
    searching,
)
from defectreg.publication.cards import Asked, Cards, InFiles
from defectreg.publication.documents import record_bytes
from defectreg.publication.feeds import types_of
from defectreg.publication.listing import line_of, listed_day
from defectreg.publication.pages import Pages, has_bulk
from defectreg.register.public import PublicRecord, PublicRegister
from defectreg.store.cardfile import CardFile, Made
from defectreg.store.kept import KeptRecords
from defectreg.store.processes import shared_out
from defectreg.store.textindex import Cutter

_ID = re.compile(rb"DR-[0-9A-Z]{4}-[0-9A-Z]{4}")
_CHUNK = 128
"""Entries of which a process makes cards at a time."""


def card_of(
    record: PublicRecord, kept: bytes, register: PublicRegister, pages: Pages, cutter: Cutter
) -> Made:
    """The card of an entry, which is kept in these bytes."""
    policy, is_bulk = register.policy, has_bulk(register)
    filed = checking_devices.filed(record, policy)
    found = searching.found_of(record, policy.search_level, cutter)
    fixed = readable.fix_day(record)
    named = models.models_in(record) if models.has_model_pages(policy) else {}
    asked = Asked(
        first_day=record.first_day.isoformat(),
        last_day=record.last_day.isoformat(),
        is_withdrawn=record.withdrawal is not None,
        named=" ".join(sorted({*map(bytes.decode, _ID.findall(kept))} - {record.id})),
        listed=listed_day(record).isoformat(),
        fixed="" if fixed is None else fixed.isoformat(),
        said=about.said_in(record),
        types=" ".join(sorted(types_of(record))),
        lists=" ".join(browsing.lists_of(record)),
        models=" ".join(named),
        devices=models.devices_text(named),
        digests=" ".join(filed.digests),
        filters=found.filters,
        unfound=found.unfound,
    )
    files = InFiles(
        line=line_of(record, pages),
        checked=filed.data,
        head=found.head,
        json=record_bytes(record, register.fields),
        row=machine.row_of(record, register.fields) if is_bulk else "",
    )
    text = found.length, found.words, found.places
    return Made(record.id, digest_of(kept), asked, text, files)


def digest_of(kept: bytes) -> bytes:
    """A digest of an entry, which is kept in these bytes."""
    return hashlib.blake2b(kept, digest_size=16).digest()


def cards_of(
    records: KeptRecords,
    register: PublicRegister,
    pages: Pages,
    file: CardFile,
    done: Callable[[int], None] = lambda entries: None,
) -> Cards:
    """The cards of entries: those that the file has not, or of another entry, are made."""
    known = file.digests()
    wanted = dict(zip(records.ids, map(digest_of, records.kept), strict=True))
    missing = [
        place for place, (each, digest) in enumerate(wanted.items()) if known.get(each) != digest
    ]
    done(len(wanted) - len(missing))

    def make(places: Sequence[int]) -> list[Made]:
        with Cutter() as cutter:
            return [
                card_of(records[place], records.kept[place], register, pages, cutter)
                for place in places
            ]

    def made() -> Iterator[Made]:
        chunks = [missing[start : start + _CHUNK] for start in range(0, len(missing), _CHUNK)]
        for cards in shared_out(make, chunks):
            yield from cards
            done(len(cards))

    file.remove(known.keys() - wanted.keys())
    file.put(made())
    return Cards(file, records, wanted)
