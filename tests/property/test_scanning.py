"""A scan says what is said by asking every record about every installed combination."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.inventory.portfolio.applying import best_match
from defectreg.inventory.portfolio.groups import (
    Group,
    Kinds,
    types_perhaps_there,
    without_doubled_halves,
)
from defectreg.inventory.portfolio.layout import Columns
from defectreg.inventory.portfolio.matching import Matching
from defectreg.inventory.portfolio.sheets import portfolio_of_rows
from defectreg.inventory.portfolio.snapshots import SnapshotGroups
from defectreg.register.devices import Combination, Device, parse_firmware
from defectreg.store.index import tables
from defectreg.store.index.entries import Entry, models_of
from defectreg.store.index.parts import Part, Parts
from defectreg.store.inventory.alike import Alike
from defectreg.store.inventory.snapshot import arrow_of

TYPES = ("CHF", "GPF", "ESME", "GSME")
MODELS = ("00000001", "00000002")
FIRMWARE = ("", "00010001", "00010001,00020000", "0001*", "00010000..00030000")
REGIONS = ("North", "South", "Unknown")
ENTRY = st.builds(
    Combination,
    st.lists(
        st.builds(
            lambda kind, model, firmware: Device(
                kind, "FF01", model, *([parse_firmware(firmware)] if firmware else [])
            ),
            st.sampled_from(TYPES),
            st.sampled_from(MODELS),
            st.sampled_from(FIRMWARE),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    st.lists(st.sampled_from(REGIONS), max_size=2).map(tuple),
)
RECORDS = st.lists(st.lists(ENTRY, min_size=1, max_size=2), min_size=1, max_size=6)
CELLS = (
    ("CHF", "GPF", "ESME", "ESME", "ESME", "GSME", "GSME", "IHD", "METER", ""),
    ("FF01",) * 6 + ("ff01", ""),
    MODELS * 5 + ("1", "200000", ""),
    ("00010001", "00020000") * 3 + ("00090000", "2.00E+05", ""),
    (*REGIONS, "", "Nowhere"),
    ("one", "two", "three", "four", "five", ""),
    ("Commissioned",) * 5 + ("", "Withdrawn"),
)
"""Of an installed Device: type, manufacturer, model, firmware, region, premises and status."""
ROWS = st.lists(st.tuples(*map(st.sampled_from, CELLS)), max_size=12)
HEADER = ("type", "manufacturer", "model", "firmware", "region", "premises", "status")


@dataclass(frozen=True)
class Filed:
    """Entries in the tables of an index."""

    records: Sequence[Sequence[Combination]]
    parts: Parts

    def met_by(self, device: Device) -> Collection[Part]:
        return self.parts.met_by(device)

    @property
    def hubs(self) -> Mapping[tuple[str, int], frozenset[int]]:
        return self.parts.hubs

    def affected(self, record_id: str) -> Sequence[Combination]:
        return self.records[int(record_id)]

    def read(self, record_ids: Collection[str]) -> None:
        """All of them are at hand."""


def filed(records: Sequence[Sequence[Combination]], connection: sqlite3.Connection) -> Filed:
    tables.create(connection)
    for number, affected in enumerate(records):
        models = frozenset(models_of(affected))
        tables.put_entry(connection, Entry(str(number), False, "", "", frozenset(), models), step=0)
    rows = Parts(lambda question, *values: connection.execute(question, values).fetchall())
    return Filed(records, rows)


def groups_of(rows: Sequence[Sequence[str]], kinds: Kinds) -> dict[Group, int]:
    numbered = enumerate((HEADER, *rows), 1)
    portfolio = portfolio_of_rows("sheet", numbered, Columns({}), kinds, lambda _: None)
    return dict(portfolio.groups(frozenset()))


def asked_one_by_one(
    groups: Mapping[Group, int], kinds: Kinds, records: Sequence[Sequence[Combination]]
) -> Iterator[tuple[int, str, str, int]]:
    for group, number in groups.items():
        places = list(without_doubled_halves(group, kinds))
        readings = [kinds.readings[place] for place in places]
        unread = [place for place in places if kinds.readings[place].problems]
        devices = tuple(reading.device for reading in readings if reading.device)
        perhaps = types_perhaps_there(group, unread, kinds)
        for record, affected in enumerate(records):
            match = best_match(affected, Combination(devices, group.regions), perhaps)
            if match is not None:
                yield record, str(match.combination), str(match.applies), number


@settings(max_examples=60)
@given(RECORDS, ROWS, st.booleans())
def test_a_scan_equals_asking_every_record_about_every_combination(
    records: list[list[Combination]], rows: list[tuple[str, ...]], pads: bool
) -> None:
    kinds = Kinds(pads=pads)
    groups = groups_of(rows, kinds)
    expected: Counter[tuple[int, str, str]] = Counter()
    for record, combination, applies, number in asked_one_by_one(groups, kinds, records):
        expected[record, combination, applies] += number
    connection = sqlite3.connect(":memory:")
    try:
        matching = Matching(kinds, filed(records, connection))
        matching.take(groups.items())
        found: Counter[tuple[int, str, str]] = Counter()
        for tally in matching.tallies:
            key = int(tally.record_id), str(tally.match.combination), str(tally.match.applies)
            found[key] += tally.combinations
        assert found == expected
        known = {group for group in groups if [*asked_one_by_one({group: 1}, kinds, records)]}
        assert matching.totals.known == sum(groups[group] for group in known)
        assert matching.totals.combinations == sum(groups.values())
    finally:
        connection.close()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_snapshot_has_the_groups_that_its_rows_have_as_a_sheet(seed: int, tmp_path: Path) -> None:
    drawn = Random(seed)
    rows = [tuple(map(drawn.choice, CELLS)) for _ in range(400)]
    rows = [(*row[:5], row[5] and f"{row[5]} {drawn.randrange(30)}", row[6]) for row in rows]
    crowded = [("ESME", "FF01", MODELS[0], "00010001", "North", "crowd", "")] * (63 + seed)
    listed = [row for row in [*rows, *crowded] if any(row[:4])]
    by_row, by_table = Kinds(), Kinds()
    expected = groups_of(listed, by_row)
    file = tmp_path / "devices.parquet"
    write_devices(file, listed)
    made = SnapshotGroups(Alike(file), by_table)
    found: Counter[tuple[object, ...]] = Counter()
    for group, number in made.groups(frozenset(range(len(by_table.readings)))):
        found[named(group, by_table)] += number
    assert found == Counter({named(group, by_row): number for group, number in expected.items()})
    assert made.regrouped == (66 if seed == 3 else 65 if seed == 2 else 0)
    assert by_table.installed.total() == by_row.installed.total() == made.devices


def named(group: Group, kinds: Kinds) -> tuple[object, ...]:
    """A group without the places of its kinds."""
    texts = sorted(str(kinds.readings[place].given) for place in group.kinds)
    return tuple(texts), group.regions, group.hub, group.is_premises


def write_devices(file: Path, rows: Sequence[Sequence[str]]) -> None:
    premises = {name: place for place, name in enumerate(sorted({row[5] for row in rows} - {""}))}
    names = ("device_type", "manufacturer", "model", "firmware", "region")
    table = arrow_of("devices", [
        {**dict(zip(names, row, strict=False)), "premises": premises.get(row[5]),
         "device_status": row[6]}
        for row in rows
    ])  # fmt: skip
    parquet.write_table(table, file)
