"""Inventories and logs for tests of loading alerts, without the command line."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from defectreg.alerts.loaded import Loaded
from defectreg.alerts.loading import Asked, load_alerts
from defectreg.store.inventory.places import Inventory, open_inventory
from defectreg.store.inventory.snapshot import arrow_of, write_snapshot

TODAY = datetime.date(2026, 11, 22)
HEADER = "Device ID,Alert code,Time"


def device(number: int, kind: int = 1) -> str:
    """The Device ID of a Hub (0), an ESME (1) or a GSME (2)."""
    return f"00-DB-12-34-56-{kind:02X}-{number >> 8:02X}-{number & 255:02X}"


def row(number: int, device_type: str = "ESME", **changes: Any) -> dict[str, Any]:
    """A Device of a snapshot, of the premises of its number."""
    kind = ("CHF", "ESME", "GSME").index(device_type)
    return {
        "device_id": device(number, kind),
        "device_type": device_type,
        "device_status": "Commissioned",
        "manufacturer": ("FF02", "FF01", "FF03")[kind],
        "model": "00010100",
        "firmware": "00010001",
        "region": "North",
        "premises": number,
    } | changes


def snapshot(inventory: Inventory, rows: Iterable[Mapping[str, Any]], as_of: str) -> str:
    """Write a snapshot as of a day; its id."""
    now = datetime.datetime.fromisoformat(as_of).replace(tzinfo=datetime.UTC)
    return write_snapshot(inventory, {"devices": [arrow_of("devices", rows)]}, as_of, now).id


def inventory_of(folder: Path, *rows: Mapping[str, Any], as_of: str = "2026-06-01") -> Inventory:
    """An inventory of these Devices."""
    inventory = open_inventory(folder / "inventory", {})
    snapshot(inventory, rows, as_of)
    return inventory


def log(folder: Path, *lines: str, name: str = "log.csv", header: str = HEADER) -> Path:
    """A log of these lines."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *lines, ""]), "utf-8")
    return path


def load(inventory: Inventory, *files: Path, **asked: Any) -> Loaded:
    """Load logs."""
    return load_alerts(inventory, files, Asked(TODAY, **asked))


def exposure(inventory: Inventory) -> list[dict[str, Any]]:
    """Who had what when, as of the newest snapshot."""
    import pyarrow.parquet as parquet

    newest = inventory.current.read_text("utf-8").strip()
    file = inventory.folder / "alerts" / "exposure" / f"{newest}.parquet"
    rows: list[dict[str, Any]] = parquet.read_table(file).to_pylist()
    return rows


def kept(inventory: Inventory) -> list[tuple[str, int, str, str, int]]:
    """What counts: day, premises, Device Type, alert code, alerts."""
    import pyarrow.parquet as parquet

    from defectreg.store.alerts.keeping import kept_files

    names = ("premises", "device_type", "alert_code", "alerts")
    found = []
    for day, files in kept_files(inventory).items():
        for file in files:
            for each in parquet.read_table(file).to_pylist():
                found.append((day.isoformat(), *(each[name] for name in names)))
    return sorted(found)
