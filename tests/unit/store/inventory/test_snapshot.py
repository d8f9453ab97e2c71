"""A snapshot is whole or not there, and never changes."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from defectreg.register.errors import CannotRun
from defectreg.register.inventory.device import InventoryDevice
from defectreg.store.inventory.alike import GROUPS, KINDS, Alike
from defectreg.store.inventory.older import Older, remove_older
from defectreg.store.inventory.places import Inventory
from defectreg.store.inventory.snapshot import (
    ASN,
    COLUMNS,
    CPL,
    DEVICES,
    NUMBERS,
    Snapshot,
    arrow_of,
    check_whole,
    drafting,
    find_before,
    find_current,
    open_current,
    schema_of,
    write_snapshot,
)

NOW = datetime.datetime(2026, 11, 22, 9, 30, tzinfo=datetime.UTC)
DAY = "2026-11-21"


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    return Inventory(tmp_path / "inventory")


def write(inventory: Inventory, table: str = DEVICES, *rows: dict[str, Any]) -> Snapshot:
    given = rows or ({"device_id": "00-DB-12-34-56-78-90-A1", "premises": 7},)
    return write_snapshot(inventory, {table: [arrow_of(table, given)]}, DAY, NOW, ["x.csv"])


def test_what_is_written_is_read(inventory: Inventory) -> None:
    made = write(inventory)
    assert open_current(inventory) == made
    assert made.as_of == DAY
    assert made.id.startswith("20261122T093000Z-")
    assert made.loaded == {DEVICES: 1}
    check_whole(made)
    (row,) = parquet.read_table(made.table(DEVICES)).to_pylist()
    assert row == dict.fromkeys(COLUMNS[DEVICES], "") | {
        "device_id": "00-DB-12-34-56-78-90-A1",
        "premises": 7,
    }


def test_the_columns_are_those_of_a_device() -> None:
    assert tuple(InventoryDevice.__slots__) == COLUMNS[DEVICES]
    for table in COLUMNS:
        numbers = {field.name for field in schema_of(table) if field.type == pa.int64()}
        assert numbers == NUMBERS & set(COLUMNS[table])


def test_tables_that_were_not_loaded_are_those_of_the_snapshot_before(inventory: Inventory) -> None:
    first = write(inventory)
    second = write(inventory, CPL, {"model": "00010100"})
    assert second.loaded == {DEVICES: 1, CPL: 1}
    assert second.table(DEVICES).samefile(first.table(DEVICES))
    assert second.table(GROUPS).samefile(first.table(GROUPS))
    third = write(inventory, DEVICES, {}, {})
    assert third.loaded == {DEVICES: 2, CPL: 1}
    assert first.table(DEVICES).exists()
    check_whole(third)


def test_what_is_alike_is_counted_anew_with_the_devices(inventory: Inventory) -> None:
    meter = {"device_type": "ESME", "manufacturer": "FF01", "model": "00010100"}
    write(inventory, DEVICES, {**meter, "premises": 1}, {**meter, "premises": 2})
    made = write(inventory, DEVICES, {**meter, "premises": 1}, {**meter, "premises": 1}, {})
    (none, some) = parquet.read_table(made.table(KINDS)).to_pylist()
    assert (none["model"], none["devices"]) == ("", 1)
    assert (some["model"], some["devices"]) == ("00010100", 2)
    groups = parquet.read_table(made.table(GROUPS)).to_pylist()
    found = {(tuple(row["places"]), row["is_premises"], row["combinations"]) for row in groups}
    assert found == {((1, 1), True, 1), ((0,), False, 1)}


def test_a_snapshot_that_an_earlier_version_wrote_is_counted_when_it_is_asked(
    tmp_path: Path,
) -> None:
    devices = tmp_path / "devices.parquet"
    parquet.write_table(arrow_of(DEVICES, [{"premises": 1}, {"premises": 1}]), devices)
    alike = Alike(devices)
    with alike.kinds_file() as kinds, alike.groups_file() as groups:
        assert parquet.read_table(kinds).num_rows == 1
        assert parquet.read_table(groups).to_pylist()[0]["places"] == [0, 0]
    assert not kinds.exists()
    assert list(tmp_path.iterdir()) == [devices]


def test_what_devices_are_is_as_old_as_their_extract_whatever_is_loaded_later(
    inventory: Inventory,
) -> None:
    write(inventory)
    later = {CPL: [arrow_of(CPL, [{"model": "00010100"}])]}
    assert write_snapshot(inventory, later, "2026-11-25", NOW).as_of == DAY
    devices = {DEVICES: [arrow_of(DEVICES, [{"device_id": "00-DB-12-34-56-78-90-A2"}])]}
    assert write_snapshot(inventory, devices, "2026-11-26", NOW).as_of == "2026-11-26"


def test_the_same_in_the_same_second_is_the_same_snapshot(inventory: Inventory) -> None:
    assert write(inventory) == write(inventory)
    assert len(list(inventory.snapshots.iterdir())) == 1


def test_nothing_loaded_is_a_sentence_with_what_to_do(inventory: Inventory) -> None:
    assert find_current(inventory) is None
    with pytest.raises(CannotRun, match="nothing has been loaded") as refused:
        open_current(inventory)
    assert "inventory load" in refused.value.hint
    with pytest.raises(CannotRun, match="has no table asn"):
        write(inventory).table(ASN)


def test_a_draft_that_failed_leaves_the_old_one_and_nothing_else(inventory: Inventory) -> None:
    made = write(inventory)

    def torn() -> Any:
        yield arrow_of(DEVICES, [{}])
        raise OSError(28, "No space left on device")

    with pytest.raises(CannotRun, match="No space left on device"):
        write_snapshot(inventory, {DEVICES: torn()}, DAY, NOW)
    assert open_current(inventory) == made
    assert [path.name for path in inventory.snapshots.iterdir()] == [made.id]


def test_what_a_killed_run_left_is_gone_with_the_next(inventory: Inventory) -> None:
    made = write(inventory)
    left = inventory.snapshots / ".abc.next"
    left.mkdir()
    (left / "devices.parquet").write_text("torn")
    with drafting(inventory):
        assert not left.exists()
    assert open_current(inventory) == made


@pytest.mark.parametrize("name", ["../../etc", "", "20261122T093000Z-00000000", "x" * 200])
def test_current_leads_only_to_snapshots(inventory: Inventory, name: str) -> None:
    write(inventory)
    inventory.current.write_text(name)
    with pytest.raises(CannotRun):
        open_current(inventory)


def test_a_table_that_was_cut_is_noticed_when_it_is_opened(inventory: Inventory) -> None:
    file = write(inventory).table(DEVICES)
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(CannotRun, match="damaged"):
        open_current(inventory)


def test_a_table_that_was_changed_is_noticed_when_every_byte_is_read(inventory: Inventory) -> None:
    made = write(inventory)
    file = made.table(DEVICES)
    file.write_bytes(bytes([file.read_bytes()[0] ^ 1]) + file.read_bytes()[1:])
    with pytest.raises(CannotRun, match="damaged"):
        check_whole(open_current(inventory))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"layout": 1}', "\x00", "[" * 100_000])
def test_contents_that_were_not_written_by_us_are_refused(inventory: Inventory, text: str) -> None:
    made = write(inventory)
    (made.folder / "snapshot.json").write_text(text)
    with pytest.raises(CannotRun, match="damaged"):
        open_current(inventory)


def test_a_load_goes_on_from_the_snapshot_before_where_the_newest_is_torn(
    inventory: Inventory,
) -> None:
    first = write(inventory)
    second = write(inventory, CPL, {"model": "00010100"})
    (second.folder / "cpl.parquet").write_bytes(b"")
    said: list[str] = []
    assert find_before(inventory, said.append) == first
    assert "cpl.parquet is damaged" in said[0]
    assert said[0].endswith(f"this load goes on from the snapshot {first.id}")
    third = write(inventory, CPL, {"model": "00010100"}, {"model": "00010101"})
    assert third.loaded == {DEVICES: 1, CPL: 2}


def test_where_no_snapshot_is_left_a_load_begins_from_nothing(inventory: Inventory) -> None:
    made = write(inventory)
    shutil.rmtree(made.folder)
    with pytest.raises(CannotRun, match="is gone"):
        find_current(inventory)
    said: list[str] = []
    assert find_before(inventory, said.append) is None
    assert said[0].endswith("there is no other: this load goes on from nothing")
    assert write(inventory, CPL, {"model": "00010100"}).rows == {CPL: 1}


def test_a_snapshot_of_another_version_is_not_passed_over(inventory: Inventory) -> None:
    write(inventory)
    text = json.dumps({"layout": 2, "as_of": DAY, "sources": [], "tables": {}}, indent=1)
    name = f"20261123T093000Z-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    (inventory.snapshots / name).mkdir()
    (inventory.snapshots / name / "snapshot.json").write_text(text)
    inventory.current.write_text(name)
    with pytest.raises(CannotRun, match="another version"):
        find_before(inventory)


def test_older_snapshots_are_removed_when_that_is_asked_for(inventory: Inventory) -> None:
    made = [
        write_snapshot(
            inventory,
            {DEVICES: [arrow_of(DEVICES, [{"device_id": str(day)}])]},
            DAY,
            NOW + datetime.timedelta(days=day),
        )
        for day in range(4)
    ]
    size = sum(file.stat().st_size for file in made[0].folder.iterdir())
    assert remove_older(inventory, made[3], None) == Older(3, 3 * size, 0)
    assert remove_older(inventory, made[3], 2) == Older(1, size, 2)
    assert sorted(each.name for each in inventory.snapshots.iterdir()) == [
        made[2].id,
        made[3].id,
    ]
    assert remove_older(inventory, made[3], 2) == Older(1, size, 0)
