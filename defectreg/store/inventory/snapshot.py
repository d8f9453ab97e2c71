"""Snapshots: the tables of an inventory as one load left them, in Parquet, never changed.

A snapshot is a folder, ``<UTC time>-<digest>``, made beside its place and renamed; ``current`` then
names it. Whoever looks, also after a kill, sees the old snapshot or the new.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from defectreg.register.errors import CannotRun
from defectreg.store.files import FileProblem, read_bounded, write_atomically
from defectreg.store.inventory.alike import ALIKE, GROUPS, KINDS, Alike, file_in, write_alike
from defectreg.store.inventory.places import Inventory, locked, nobody

DEVICES, ASN, CPL, PRODUCTS = "devices", "asn", "cpl", "products"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    DEVICES: (
        "device_id",
        "device_type",
        "device_status",
        "manufacturer",
        "model",
        "smets_version",
        "firmware",
        "firmware_status",
        "cpl_status",
        "date_commissioned",
        "esme_variant",
        "region",
        "gbcs_version",
        "han_variant",
        "supplier",
        "supplier_since",
        "prenotified_by",
        "base_letter",
        "firmware_since",
        "premises",
    ),
    ASN: (
        "asn_id",
        "line",
        "device_id",
        "device_type",
        "manufacturer",
        "model",
        "firmware",
        "smets_version",
        "esme_variant",
        "ship_date",
    ),
    CPL: ("device_type", "manufacturer", "model", "firmware", "cpl_status", "smets_version"),
    PRODUCTS: (
        "manufacturer",
        "model",
        "firmware",
        "lowest",
        "highest",
        "esme_variant",
        "source",
    ),
}
"""The tables of a snapshot and their columns. All are text, '' where nothing is given, but NUMBERS.

``products``, the product map, has a row for each firmware pattern: the pattern as it is written
('' for all versions), and the first and last version in it, in upper case, of 8 hexadecimal digits
(or the version itself, where it has another form). ``manufacturer``, ``model`` and ``firmware`` of
GBCS's form are in upper case everywhere, Device IDs always; dates are ISO 8601.
"""
NUMBERS = frozenset(("premises", "line"))
"""Columns of 64-bit integers. ``premises`` may be null, and means nothing outside its snapshot."""
REJECTS = "rejects.csv"
"""The file of what did not come in, beside the tables of a snapshot."""
_CONTENTS = "snapshot.json"
_LAYOUT = 1
_LARGEST = 1 << 20
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")
_BEING_MADE = ".next"
_HINT = (
    "load again, which goes on from the snapshot before; or write that one's name into the file "
    "`current`"
)


class Torn(CannotRun):
    """A snapshot that is not there, or not as it was written."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, _HINT)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of the inventory. ``as_of`` is the day (ISO 8601) whose state the tables tell."""

    folder: Path
    id: str
    as_of: str
    tables: Mapping[str, Path]
    """Name of a table to its Parquet file; what was never loaded is not there."""
    rows: Mapping[str, int]
    """Name of a table to the number of its rows."""

    def table(self, name: str) -> Path:
        """The file of a table; raises CannotRun where it was never loaded."""
        if name not in self.tables:
            raise CannotRun(f"the inventory has no table {name}", _MISSING[name])
        return self.tables[name]

    @property
    def loaded(self) -> Mapping[str, int]:
        """The rows of the tables of COLUMNS, in that order."""
        return {name: self.rows[name] for name in COLUMNS if name in self.rows}

    @property
    def alike(self) -> Alike:
        """What of its Devices is alike; raises CannotRun where none were ever loaded."""
        return Alike(self.table(DEVICES), self.tables.get(KINDS), self.tables.get(GROUPS))


_MISSING = {
    DEVICES: "load an extract of the inventory: defectreg inventory load FILE",
    ASN: "load an ASN file: defectreg inventory load FILE",
    CPL: "load the Central Products List: defectreg inventory load --as cpl FILE",
    PRODUCTS: "load a product map: defectreg inventory load --as products FILE",
}


@dataclass(slots=True)
class Draft:
    """A snapshot that is being made: write the files of tables into it, and say so."""

    folder: Path
    rows: dict[str, int] = field(default_factory=dict)
    """Name of each table that was written to the number of its rows."""

    def file(self, table: str) -> Path:
        """Where the file of a table is written."""
        return file_in(self.folder, table)


def schema_of(table: str) -> Any:
    """The Arrow schema of a table."""
    import pyarrow as pa

    columns = [(name, pa.int64() if name in NUMBERS else pa.string()) for name in COLUMNS[table]]
    return pa.schema(columns)


def find_current(inventory: Inventory) -> Snapshot | None:
    """The newest snapshot, None where nothing was loaded yet; raises CannotRun where it is torn."""
    if not os.path.lexists(inventory.current):
        return None
    name = read_bounded(inventory.current, 100).decode("ascii", "replace").strip()
    if not _NAME.fullmatch(name):
        raise Torn(f"{inventory.current} names no snapshot")
    return open_snapshot(inventory.snapshots / name)


def find_before(inventory: Inventory, says: Callable[[str], None] = nobody) -> Snapshot | None:
    """The snapshot that a load goes on from: the newest, or where that is torn the one before.

    ``says`` is told where it is not the newest. None where there is no other.
    """
    try:
        return find_current(inventory)
    except Torn as torn:
        for folder in snapshots_of(inventory):
            with suppress(CannotRun):
                before = open_snapshot(folder)
                says(f"{torn.sentence}; this load goes on from the snapshot {before.id}")
                return before
        says(f"{torn.sentence}, and there is no other: this load goes on from nothing")
        return None


def snapshots_of(inventory: Inventory) -> list[Path]:
    """The folders of all snapshots, the newest first."""
    found = (each for each in inventory.snapshots.iterdir() if _NAME.fullmatch(each.name))
    return sorted(found, key=lambda each: each.name, reverse=True)


def open_current(inventory: Inventory) -> Snapshot:
    """The newest snapshot; raises CannotRun where nothing was loaded, or where it is torn."""
    snapshot = find_current(inventory)
    if snapshot is None:
        raise CannotRun(
            f"nothing has been loaded into the inventory {inventory.folder}",
            "defectreg inventory load FILE",
        )
    return snapshot


def check_whole(snapshot: Snapshot) -> None:
    """Read every byte of a snapshot; raises CannotRun where it is not what was written."""
    contents = _contents_of(snapshot.folder)
    for name, file in snapshot.tables.items():
        if _sha256(file) != contents["tables"][name]["sha256"]:
            raise Torn(f"{file} is damaged")


def write_snapshot(
    inventory: Inventory,
    tables: Mapping[str, Iterable[Any]],
    as_of: str,
    now: datetime.datetime,
    sources: Sequence[str] = (),
) -> Snapshot:
    """Write a snapshot of tables, each given as Arrow tables of its columns, and publish it.

    Waits for other writers. Raises CannotRun where it cannot be written; then nothing changed.
    """
    with locked(inventory), drafting(inventory) as draft:
        for name, batches in tables.items():
            write_table(draft, name, batches)
        return publish(inventory, draft, as_of, now, sources)


def write_table(draft: Draft, name: str, batches: Iterable[Any]) -> None:
    """Write a table of a draft, from Arrow tables of its columns, as they come."""
    import pyarrow.parquet as parquet

    schema, rows = schema_of(name), 0
    with parquet.ParquetWriter(draft.file(name), schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(batch.select(schema.names).cast(schema))
            rows += batch.num_rows
    draft.rows[name] = rows


def arrow_of(name: str, rows: Iterable[Mapping[str, str | int | None]]) -> Any:
    """Rows of a table as an Arrow table; what a row does not say is '', of numbers null."""
    import pyarrow as pa

    given = list(rows)
    columns = {
        column: [row.get(column, None if column in NUMBERS else "") for row in given]
        for column in COLUMNS[name]
    }
    return pa.table(columns, schema=schema_of(name))


def being_made(inventory: Inventory) -> Path:
    """A folder for what is no snapshot yet, or no longer; what a killed run leaves of it is removed
    by the next.
    """
    return inventory.snapshots / f".{os.urandom(6).hex()}{_BEING_MADE}"


@contextmanager
def drafting(inventory: Inventory) -> Iterator[Draft]:
    """A draft, whose folder is gone at the end. The inventory is locked by who calls this."""
    for left in inventory.snapshots.glob(f".*{_BEING_MADE}"):  # a killed run's: the lock says so
        shutil.rmtree(left, ignore_errors=True)
    folder = being_made(inventory)
    try:
        folder.mkdir(mode=0o700)
        yield Draft(folder)
    except OSError as error:
        raise CannotRun(
            f"the inventory {inventory.folder} cannot be written: {error.strerror or error}",
            "nothing was loaded, and what was there before is as it was",
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(
    inventory: Inventory, draft: Draft, as_of: str, now: datetime.datetime, sources: Sequence[str]
) -> Snapshot:
    """Make a draft the newest snapshot. Tables that it has not are those of the one before.

    ``as_of`` is the day of the extract; without one in the draft the day before stays.
    ``sources`` are names of the files that were loaded, for people. The bytes are on the disc
    before anything names them.
    """
    before = find_before(inventory)
    if before and DEVICES in before.tables and DEVICES not in draft.rows:
        as_of = before.as_of  # what is said of Devices is as old as it was
    if DEVICES in draft.rows:
        draft.rows |= write_alike(draft.file(DEVICES), draft.folder)
    for name, file in before.tables.items() if before else ():
        if name not in draft.rows:
            draft.file(name).hardlink_to(file)
            draft.rows[name] = before.rows[name] if before else 0
    names = (name for name in (*COLUMNS, *ALIKE) if name in draft.rows)
    tables = {name: _described(draft, name) for name in names}
    contents = {"layout": _LAYOUT, "as_of": as_of, "sources": list(sources), "tables": tables}
    text = json.dumps(contents, indent=1, ensure_ascii=True)
    name = f"{now.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}-{_digest_of(text)}"
    write_atomically(draft.folder / _CONTENTS, text.encode())
    for made in draft.folder.iterdir():
        if made.name not in {_CONTENTS, REJECTS, *(f"{table}.parquet" for table in tables)}:
            made.unlink()
    return _moved(inventory, draft, name)


def _described(draft: Draft, name: str) -> dict[str, Any]:
    file = draft.file(name)
    return {"rows": draft.rows[name], "bytes": file.stat().st_size, "sha256": _sha256(file)}


def _moved(inventory: Inventory, draft: Draft, name: str) -> Snapshot:
    place = inventory.snapshots / name
    for path in (*draft.folder.iterdir(), draft.folder):
        _sync(path)
    if not place.exists():  # the same files in the same second are the same snapshot
        draft.folder.replace(place)
    _sync(inventory.snapshots)
    write_atomically(inventory.current, f"{name}\n".encode())
    return open_snapshot(place)


def open_snapshot(folder: Path) -> Snapshot:
    """The snapshot in a folder; raises Torn where it is not as it was written."""
    contents = _contents_of(folder)
    tables, rows = {}, {}
    for name, said in contents["tables"].items():
        file = file_in(folder, name)
        if not file.is_file() or file.stat().st_size != said["bytes"]:
            raise Torn(f"{file} is damaged: it is not as long as it was written")
        tables[name], rows[name] = file, said["rows"]
    return Snapshot(folder, folder.name, contents["as_of"], tables, rows)


def _contents_of(folder: Path) -> dict[str, Any]:
    """What a snapshot says of itself; raises CannotRun where it cannot be read."""
    file = folder / _CONTENTS
    if not folder.is_dir():
        raise Torn(f"the snapshot {folder} is gone")
    try:
        contents = json.loads(read_bounded(file, _LARGEST))
        if _digest_of(json.dumps(contents, indent=1, ensure_ascii=True)) != folder.name[-8:]:
            raise ValueError("it is not what was written")
    except (ValueError, RecursionError, FileProblem) as error:
        raise Torn(f"{file} is damaged: {error}") from error
    if contents.get("layout") != _LAYOUT:
        raise CannotRun(f"{folder} was written by another version of defectreg", _HINT)
    return dict(contents)


def _digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
