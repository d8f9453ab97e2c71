"""An inventory of invented ESMEs and requests about them, for tests of the journal."""

from __future__ import annotations

import csv
import datetime
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from defectreg.store.inventory.journal import Occasion
from defectreg.store.inventory.places import Inventory
from defectreg.store.inventory.snapshot import DEVICES, Snapshot, arrow_of, write_snapshot
from tests.program import run_program
from tests.registers import Result

SUPPLIER = "90-B3-D5-1F-30-01-00-00"
OTHER_SUPPLIER = "90-B3-D5-1F-30-01-00-01"
DCC = "90-B3-D5-1F-30-00-00-02"
AS_OF = "2026-01-01"
AT = "2026-02-01T09:00:00Z"
COLUMNS = ("request-id", "device-id", "action", "manufacturer", "model", "device-type",
           "smets-version", "firmware", "esme-variant", "gpf-device-id", "reason")  # fmt: skip


def device_id(number: int) -> str:
    """One of a million invented Device IDs."""
    digits = f"{number:06X}"
    return f"00-DB-12-34-56-{digits[:2]}-{digits[2:4]}-{digits[4:]}"


def request_id(counter: int, sender: str = SUPPLIER) -> str:
    return f"{sender}:{DCC}:{counter}"


def esme(number: int, **said: str) -> dict[str, str | int | None]:
    """A commissioned SMETS2 ESME of the Supplier, recorded as A."""
    return {
        "device_id": device_id(number),
        "device_type": "ESME",
        "device_status": "Commissioned",
        "manufacturer": "FF01",
        "model": "00010100",
        "smets_version": "SMETS V5.0",
        "firmware": "00010203",
        "esme_variant": "A",
        "region": "North",
        "supplier": SUPPLIER,
        "prenotified_by": SUPPLIER,
        **said,
    }


def load(
    folder: Path, devices: Iterable[Mapping[str, str | int | None]], as_of: str = AS_OF
) -> Snapshot:
    """Make these Devices the newest snapshot of the inventory in a folder."""
    now = datetime.datetime.fromisoformat(f"{as_of}T12:00:00+00:00")
    return write_snapshot(Inventory(folder), {DEVICES: [arrow_of(DEVICES, devices)]}, as_of, now)


def correction(counter: int, number: int, variant: str = "AD", **said: str) -> dict[str, str]:
    """A row of our CSV: the ESME of that number is to be that variant."""
    row = {"request-id": request_id(counter), "device-id": device_id(number)}
    return {**row, "esme-variant": variant, **{k.replace("_", "-"): v for k, v in said.items()}}


def write_requests(file: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """A CSV file of our columns."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return file


def journal_row(counter: int, number: int, variant: str = "AD") -> tuple[str, ...]:
    """A row of the journal, as the rule engine makes one of ``correction``."""
    was, given = '{"esme_variant":"A"}', f'{{"esme_variant":"{variant}"}}'
    return request_id(counter), device_id(number), "updated", "I04", was, given, "asn"


def occasion(at: str = AT, kind: str = "requests") -> Occasion:
    return Occasion(kind, at, "the operations desk")


def command(folder: Path, *arguments: str) -> list[str]:
    """How the program is called for the inventory in a folder."""
    return [sys.executable, "-m", "defectreg", *_words(folder, *arguments)]


def inventory(folder: Path, *arguments: str) -> Result:
    """Run ``defectreg inventory``; the first argument is the command."""
    settings = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}
    return Result(*run_program(_words(folder, *arguments), settings))


def _words(folder: Path, name: str, *arguments: str) -> list[str]:
    return ["inventory", name, "--inventory", str(folder), *arguments]
