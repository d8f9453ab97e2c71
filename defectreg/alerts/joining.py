"""Alerts and snapshots joined: which premises each Device is of, and what they have from when on.

Every snapshot since the last join is gone through in turn, so that what changed between two of them
is known as a change. What was counted of alerts stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from defectreg.register.devices import Device
from defectreg.register.firmware import ANY_FIRMWARE, ExactFirmware, FirmwareSet
from defectreg.store.alerts.keeping import Keeping, exposure_file, numbers_file
from defectreg.store.alerts.workbench import Workbench
from defectreg.store.inventory.places import Inventory
from defectreg.store.inventory.snapshot import DEVICES, Snapshot, Torn, open_snapshot, snapshots_of
from defectreg.store.tables.engine import Row, many, read_sql

_NUMBERS = {
    "device_id": "VARCHAR",
    "device_type": "VARCHAR",
    "premises": "BIGINT",
    "region": "VARCHAR",
}
_EXPOSURE = {
    "premises": "BIGINT",
    **dict.fromkeys(("region", "esme", "gsme", "hub", "esme_hub", "combination"), "VARCHAR"),
    "first_day": "DATE",
    "last_day": "DATE",
}
_MODELS = """
SELECT DISTINCT device_type, manufacturer, model, firmware
FROM devices
WHERE device_type IN ('ESME', 'GSME', 'CHF')
"""


@dataclass(frozen=True, slots=True)
class Joined:
    """Which snapshots alerts are joined with, oldest first, and the files of the newest one.

    ``made``: files that were made, each with the place where it belongs.
    """

    exposures: tuple[str, ...]
    numbers: Path
    exposure: Path
    made: tuple[tuple[Path, Path], ...] = ()
    newest: str = ""


def join(bench: Workbench, inventory: Inventory, keeping: Keeping, newest: Snapshot) -> Joined:
    """Join with the newest snapshot, and with all before it that nobody joined with."""
    if newest.id in keeping.exposures:
        known = numbers_file(inventory, keeping.exposures[-1])
        exposed = exposure_file(inventory, newest.id)
        return Joined(keeping.exposures, known, exposed, newest=newest.id)
    last = keeping.exposures[-1] if keeping.exposures else ""
    numbers: Path | None = numbers_file(inventory, last) if last else None
    exposure: Path | None = exposure_file(inventory, last) if last < newest.id and last else None
    ids = keeping.exposures
    made: list[tuple[Path, Path]] = []
    # Whoever went back to an older snapshot has nothing that was before it.
    for each in [*_between(inventory, last, newest), newest]:
        numbers, exposure = _join_one(bench, each, numbers, exposure)
        ids = (*ids, each.id)
        made += [(numbers, numbers_file(inventory, each.id)),
                 (exposure, exposure_file(inventory, each.id))]  # fmt: skip
    (newest_numbers, _), (newest_exposure, _) = made[-2:]
    return Joined(ids, newest_numbers, newest_exposure, tuple(made), newest.id)


def _between(inventory: Inventory, last: str, newest: Snapshot) -> Iterator[Snapshot]:
    """The snapshots between two, oldest first; one that is torn or has no Devices says nothing."""
    for folder in reversed(snapshots_of(inventory)):
        if last < folder.name < newest.id:
            with suppress(Torn):
                snapshot = open_snapshot(folder)
                if DEVICES in snapshot.tables:
                    yield snapshot


def _join_one(
    bench: Workbench, snapshot: Snapshot, numbers: Path | None, exposure: Path | None
) -> tuple[Path, Path]:
    """Numbers and exposure as of a snapshot, made of those before it."""
    bench.view("devices", [snapshot.table(DEVICES)])
    _view(bench, numbers, _NUMBERS)
    sql = read_sql("defectreg.alerts", "premises.sql")
    made = bench.keep_answer(sql, f"premises-{snapshot.id}.parquet", {})
    bench.view("numbers", [made])
    names = ("device_type", "manufacturer", "model", "firmware", "text")
    bench.fill("texts", many(list(_in_notation(bench.rows(_MODELS))), *names))
    _view(bench, exposure, _EXPOSURE)
    sql = read_sql("defectreg.alerts", "exposure.sql")
    name = f"exposure-{snapshot.id}.parquet"
    return made, bench.keep_answer(sql, name, {"as_of": snapshot.as_of})


def _view(bench: Workbench, file: Path | None, columns: dict[str, str]) -> None:
    """What was before, or nothing."""
    if file is None:
        bench.nothing("before", columns)
    else:
        bench.view("before", [file])


def _in_notation(rows: Iterator[Row]) -> Iterator[tuple[str, ...]]:
    """Each Device with its text; those of which manufacturer or model is not given are left out."""
    for row in rows:
        device_type, manufacturer, model, firmware = map(str, row)
        if manufacturer and model:
            versions = FirmwareSet((ExactFirmware(firmware),)) if firmware else ANY_FIRMWARE
            device = Device(device_type, manufacturer, model, versions)
            yield device_type, manufacturer, model, firmware, str(device)
