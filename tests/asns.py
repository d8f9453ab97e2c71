"""ASN files and inventories for tests: a good line, of which a test changes one thing."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path

from defectreg.inventory.asn_rules import Line
from defectreg.store.inventory.places import open_inventory
from defectreg.store.inventory.snapshot import arrow_of, write_snapshot

Row = Mapping[str, str | int | None]
NOW = datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC)
DEVICE = "00-DB-12-34-56-78-90-A1"
OTHER = "00-DB-12-34-56-78-90-A2"
PRODUCT = {"manufacturer": "FF01", "model": "00010100"}
MAPPED: Row = {**PRODUCT, "firmware": "0001*", "lowest": "00010000", "highest": "0001FFFF",
               "esme_variant": "AD", "source": "invented"}  # fmt: skip
LISTED: Row = {**PRODUCT, "device_type": "ESME", "firmware": "00010203", "cpl_status": "Active",
               "smets_version": "SMETS V5.0"}  # fmt: skip
KNOWN: Row = {**PRODUCT, "device_id": DEVICE, "device_type": "ESME", "device_status": "Pending",
              "firmware": "00010203", "smets_version": "SMETS V5.0",
              "esme_variant": "AD"}  # fmt: skip


def good_line(**changes: object) -> Line:
    """A line with which nothing is wrong, and all could be judged."""
    said: dict[str, object] = {
        "number": 1,
        "line": 2,
        "reject": "",
        "device_id": DEVICE,
        "device_type": "ESME",
        "manufacturer": "FF01",
        "model": "00010100",
        "firmware": "00010203",
        "smets_version": "SMETS V5.0",
        "variant": "AD",
        "first_line": 2,
        "copies": 1,
        "implied": ("AD",),
        "cpl_statuses": ("Active",),
        "status": None,
        "seen": (),
    }
    return Line(**{**said, **changes})  # type: ignore[arg-type]


def asn_line(
    device_id: str = DEVICE,
    device_type: str = "ESME",
    variant: str = "AD",
    model: str = "00010100",
    firmware: str = "00010203",
) -> str:
    """A line D of our layout of lines."""
    return f"D|E26X1|{device_id}|{device_type}|{model}|{firmware}|SMETS V5.0|{variant}|P1|B1"


def asn_text(*lines: str, header: int | None = None, trailer: int | None = None) -> str:
    """An ASN of these lines; its counts are right where none is given."""
    first = len(lines) if header is None else header
    last = len(lines) if trailer is None else trailer
    head = f"H|ASN-0001|FF01|EXAMPLE SUPPLIER|2026-01-10|{first}"
    return "\n".join([head, *lines, f"T|{last}", ""])


def inventory_of(folder: Path, **tables: Iterable[Row]) -> Path:
    """An inventory in this folder, with a snapshot of these tables."""
    batches = {name: [arrow_of(name, rows)] for name, rows in tables.items()}
    write_snapshot(open_inventory(folder), batches, "2026-09-01", NOW, ["invented"])
    return folder
