"""Entries kept as bytes are the entries."""

from __future__ import annotations

from dataclasses import replace

from defectreg.store.kept import KeptRecords, Titles, from_bytes, to_bytes
from tests.unit.publication.editions import ID, OTHER, entry, said, tombstone

FULL = entry(
    said("fix", device="ESME", firmware="00030005", tried_with=["ESME:FF01/00010100"]),
    said("response", position="disputed", is_from_manufacturer=True, devices=("ESME:FF01/1",)),
    marks=("fix", "disputed"),
    values={"title": "Straße \u05d0 \U0001f50c", "related": [OTHER]},
    untold=("CHF:FF09/00020001",),
)
GONE = tombstone(said("response", position="not-reproduced"))


def test_an_entry_and_a_tombstone_are_what_they_were() -> None:
    assert from_bytes(to_bytes(FULL)) == FULL
    assert from_bytes(to_bytes(GONE)) == GONE


def test_entries_are_kept_in_the_order_of_their_ids() -> None:
    kept = KeptRecords.of([FULL, GONE])
    assert kept.ids == sorted([ID, OTHER])
    assert kept == sorted([FULL, GONE], key=lambda record: record.id)
    assert kept != [FULL]
    assert kept[0] == kept[:1][0] == next(iter(kept))
    assert KeptRecords.of(kept) is kept


def test_an_entry_is_found_by_its_id_and_another_is_not() -> None:
    kept = KeptRecords.of([FULL, GONE])
    assert kept.find(ID) == FULL
    assert kept.find("DR-0000-0000") is None
    assert kept.find("DR-ZZZZ-ZZZZ") is None


def test_tombstones_are_counted_without_making_an_entry_anew() -> None:
    named_null = replace(FULL, values={"title": "null]"})
    assert KeptRecords.of([FULL, GONE]).count_withdrawn() == 1
    assert KeptRecords.of([named_null]).count_withdrawn() == 0
    assert KeptRecords.of([]).count_withdrawn() == 0


def test_titles_are_those_of_the_entries() -> None:
    titles = Titles(KeptRecords.of([FULL, GONE]))
    assert dict(titles) == {ID: FULL.title, OTHER: "Withdrawn entry"}
    assert titles.get("DR-0000-0000") is None
    assert len(titles) == 2
