"""The inventory and the scan against DuckDB, SQLite and expat alone, on the same invented files."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks import bare, fleet, fleet_files, registers
from benchmarks.measuring import WORK, Figure, Row, Spent, defectreg
from defectreg.register.devices import parse_combination
from defectreg.register.yamltext import load
from defectreg.store.inventory.snapshot import Snapshot

DEVICES = int(os.environ.get("BENCHMARK_DEVICES", "30000000"))
"""Of the fleet that diff is asked of."""
CORRECTIONS = 700_000
SCANNED = 1_000_000
TARGET = "90-B3-D5-1F-30-00-00-02"
_CHOSEN = """
COPY (
    SELECT supplier || ':{target}:' || row_number() OVER () AS "request-id",
        device_id AS "device-id",
        if(esme_variant = 'AD', 'A', 'AD') AS "esme-variant", 'asn' AS reason
    FROM read_parquet($devices)
    WHERE device_type = 'ESME' AND supplier <> '' AND region <> 'SMETS1'
        AND device_status IN ('Commissioned', 'InstalledNotCommissioned', 'Whitelisted')
    LIMIT {number}
) TO '{file}' (FORMAT csv)
"""
_LAUNCH = """
import json, os, sys, time
start = time.perf_counter()
nowhere = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[nowhere])
_, status, used = os.wait4(process, 0)
seconds = time.perf_counter() - start
json.dump([os.waitstatus_to_exitcode(status), seconds, used.ru_utime + used.ru_stime,
           used.ru_maxrss / 1024], sys.stdout)
"""
"""Starts a command from a small process: a large one's memory would be counted as the command's."""
_JOURNALLED = "SELECT seq, request_id, device_id, kind, code, was, given, reason FROM request"


def inventory(records: int) -> list[Row | Figure]:
    """All of it; the register that is scanned has so many records."""
    large = made(DEVICES)
    return [*diff(large), *apply(large), *load_xml(), *scan(records)]


def made(devices: int) -> Snapshot:
    """The snapshot of a fleet, made at the first run."""
    return fleet.make_inventory(WORK / f"fleet-{devices}", devices)


def measured(command: Sequence[str], accepted: tuple[int, ...] = (0,)) -> Spent:
    """What a command takes from its start to its end."""
    launched = [sys.executable, "-S", "-c", _LAUNCH, *command]
    code, *took = json.loads(subprocess.check_output(launched, cwd=WORK))
    if code not in accepted:
        raise SystemExit(f"{command[:4]}: exit {code}")
    return Spent(*took)


def diff(snapshot: Snapshot) -> Iterator[Row | Figure]:
    """``inventory diff`` against one statement of SQL."""
    ours = measured(_inventory(snapshot, "diff", "--json"), (0, 1))
    tables = (str(snapshot.tables[name]) for name in ("devices", "products", "cpl"))
    theirs = measured(_bare("diff", *tables))
    rows = snapshot.rows["devices"]
    yield from _rows(f"inventory diff of {rows:,} Devices", ours, theirs, "DuckDB alone", "≤ 2x")


def apply(snapshot: Snapshot) -> Iterator[Row | Figure]:
    """``inventory apply`` of corrections against an insert of what the journal then holds."""
    asked = corrections(snapshot, WORK / f"corrections-{CORRECTIONS}.csv")
    folder = without_journal(snapshot, WORK / "applied")
    words = ("inventory", "apply", str(asked), "--write", "--inventory", str(folder))
    ours = measured(defectreg(*words))
    kept = WORK / "journalled.csv"
    written = _journalled(folder / "journal.sqlite", kept)
    for left in WORK.glob("bare.sqlite*"):
        left.unlink()
    theirs = measured(_bare("insert", str(kept), str(WORK / "bare.sqlite")))
    work = f"inventory apply of {written:,} corrections, of {snapshot.rows['devices']:,} Devices"
    yield from _rows(work, ours, theirs, "SQLite alone, the same rows and indexes", "≤ 3x")


def without_journal(snapshot: Snapshot, folder: Path) -> Path:
    """Another inventory with the same snapshot, in which nothing was applied yet."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(snapshot.folder, folder / "snapshots" / snapshot.id, copy_function=os.link)
    (folder / "current").write_text(f"{snapshot.id}\n")
    return folder


def corrections(snapshot: Snapshot, file: Path) -> Path:
    """Requests SR8.4 that the rule allows, each by the Responsible Supplier, as CSV."""
    import duckdb

    query = _CHOSEN.format(target=TARGET, number=CORRECTIONS, file=file)
    with duckdb.connect() as database:
        database.execute(query, {"devices": str(snapshot.table("devices"))})
    return file


def _journalled(journal: Path, file: Path) -> int:
    """The rows of a journal as CSV, and how many they are."""
    import csv

    with closing(sqlite3.connect(journal)) as database, file.open("w", newline="") as opened:
        rows = database.execute(_JOURNALLED)
        writer = csv.writer(opened)
        writer.writerow(column[0] for column in rows.description)
        writer.writerows(rows)
        return int(database.execute("SELECT count(*) FROM request").fetchone()[0])


def load_xml() -> Iterator[Row | Figure]:
    """``inventory load`` of SR8.2 responses against expat with handlers that do nothing."""
    responses = WORK / f"responses-{SCANNED}.xml"
    if not responses.exists():
        snapshot = made(SCANNED)
        rows = fleet_files.rows_of(snapshot.table("devices"))
        fleet_files.write(responses, fleet_files.xml_lines(rows))
    loaded = WORK / "loaded"
    shutil.rmtree(loaded, ignore_errors=True)
    words = ("inventory", "load", str(responses), "--inventory", str(loaded))
    ours = measured(defectreg(*words), (0, 1))
    theirs = measured(_bare("expat", str(responses)))
    work = f"inventory load of {responses.stat().st_size / 1e6:,.0f} MB of responses"
    yield from _rows(work, ours, theirs, "expat alone", "≤ 2x")


def scan(records: int) -> Iterator[Row | Figure]:
    """``scan`` of a fleet against a register, and the same join of two tables."""
    snapshot = made(SCANNED)
    folder = registers.make(WORK / f"register-{records}", records)
    words = ["-C", str(folder), "scan", "--inventory", str(snapshot.folder.parent.parent), "--json"]
    measured(defectreg(*words), (0, 1))  # fills the index of the clone
    ours = measured(defectreg(*words), (0, 1))
    entries = write_entries(folder, WORK / f"entries-{records}.parquet")
    theirs = measured(_bare("scan", str(snapshot.table("devices")), str(entries)))
    work = f"scan of {snapshot.rows['devices']:,} Devices against {records:,} records"
    yield from _rows(work, ours, theirs, "DuckDB alone, the join", "≤ 3x")


def write_entries(register: Path, file: Path) -> Path:
    """What the records of a register are about, as a table: a row for each run of firmware."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    names = "record device_type manufacturer model lowest highest hub_manufacturer hub_model region"
    rows = [row for path in sorted(register.glob("records/*/*.yaml")) for row in _entries(path)]
    columns = map(list, zip(*rows, strict=True))
    parquet.write_table(pa.table(dict(zip(names.split(), columns, strict=True))), file)
    return file


def _entries(path: Path) -> Iterator[tuple[str, ...]]:
    affected: Iterable[str] = load(path.read_bytes()).data["affected"]  # type: ignore[assignment]
    for text in affected:
        combination = parse_combination(text)
        hub = next((one for one in combination.devices if one.type == "CHF"), None)
        about = (hub.manufacturer, hub.model) if hub else ("", "")
        for device in combination.devices:
            if device is not hub:
                for low, high in device.firmware.bounds:
                    for region in combination.regions or ("",):
                        yield (path.stem, device.type, device.manufacturer, device.model, low,
                               high, *about, region)  # fmt: skip


def _inventory(snapshot: Snapshot, *words: str) -> list[str]:
    place = str(snapshot.folder.parent.parent)
    return defectreg("inventory", *words, "--inventory", place)


def _bare(*words: str) -> list[str]:
    return [sys.executable, str(Path(bare.__file__)), *words]


def _rows(
    work: str, ours: Spent, theirs: Spent, against: str, target: str
) -> Iterator[Row | Figure]:
    yield Row(work, ours.seconds, theirs.seconds, against, target)
    yield Figure(f"{work}: memory and processor time", f"{_used(ours)}; {against} {_used(theirs)}",
                 "")  # fmt: skip


def _used(one: Spent) -> str:
    return f"{one.memory:.0f} MB, {one.processor:.2f} s"
