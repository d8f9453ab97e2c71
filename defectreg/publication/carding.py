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
from defectreg.publication.cards import Card, Cards
from defectreg.publication.documents import record_bytes
from defectreg.publication.feeds import types_of
from defectreg.publication.listing import line_of, listed_day
from defectreg.publication.pages import Pages, has_bulk
from defectreg.register.public import PublicRecord, PublicRegister
from defectreg.store.cardfile import CardFile
from defectreg.store.kept import KeptRecords
from defectreg.store.processes import shared_out
from defectreg.store.textindex import Cutter

_ID = re.compile(rb"DR-[0-9A-Z]{4}-[0-9A-Z]{4}")
_CHUNK = 128
"""Entries of which a process makes cards at a time."""


def card_of(
    record: PublicRecord, kept: bytes, register: PublicRegister, pages: Pages, cutter: Cutter
) -> Card:
    """The card of an entry, which is kept in these bytes."""
    policy, is_bulk = register.policy, has_bulk(register)
    filed = checking_devices.filed(record, policy)
    found = searching.found_of(record, policy.search_level, cutter)
    fixed = readable.fix_day(record)
    return Card(
        first_day=record.first_day.isoformat(),
        last_day=record.last_day.isoformat(),
        is_withdrawn=record.withdrawal is not None,
        named=" ".join(sorted({*map(bytes.decode, _ID.findall(kept))} - {record.id})),
        listed=listed_day(record).isoformat(),
        fixed="" if fixed is None else fixed.isoformat(),
        said=about.said_in(record),
        types=" ".join(sorted(types_of(record))),
        line=line_of(record, pages),
        lists=" ".join(browsing.lists_of(record)),
        models=models.models_in(record) if models.has_model_pages(policy) else "[]",
        digests=" ".join(filed.digests),
        checked=filed.data,
        json=record_bytes(record, register.fields),
        row=machine.row_of(record, register.fields) if is_bulk else "",
        length=found.length,
        words=found.words,
        places=found.places,
        filters=found.filters,
        head=found.head,
        unfound=found.unfound,
    )


def cards_of(
    records: KeptRecords,
    register: PublicRegister,
    pages: Pages,
    file: CardFile,
    done: Callable[[int], None] = lambda entries: None,
) -> Cards:
    """The cards of entries: those that the file has not, or of another entry, are made."""
    known = file.digests()
    wanted = {
        record_id: hashlib.blake2b(data, digest_size=16).digest()
        for record_id, data in zip(records.ids, records.kept, strict=True)
    }
    missing = [
        place for place, (each, digest) in enumerate(wanted.items()) if known.get(each) != digest
    ]
    done(len(wanted) - len(missing))

    def make(places: Sequence[int]) -> list[Card]:
        with Cutter() as cutter:
            return [
                card_of(records[place], records.kept[place], register, pages, cutter)
                for place in places
            ]

    def made() -> Iterator[tuple[object, ...]]:
        chunks = [missing[start : start + _CHUNK] for start in range(0, len(missing), _CHUNK)]
        for chunk, cards in zip(chunks, shared_out(make, chunks), strict=True):
            for place, card in zip(chunk, cards, strict=True):
                record_id = records.ids[place]
                yield record_id, wanted[record_id], *card
            done(len(chunk))

    file.remove(known.keys() - wanted.keys())
    file.put(made())
    return Cards(file, records, wanted)
