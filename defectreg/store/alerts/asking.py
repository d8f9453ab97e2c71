"""The kept alerts of a window of days, and the exposure, as tables of an engine."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from defectreg.register.errors import CannotRun
from defectreg.store.alerts.keeping import exposure_file, kept_files
from defectreg.store.inventory.places import Inventory
from defectreg.store.inventory.snapshot import open_current
from defectreg.store.tables.engine import Table


@dataclass(frozen=True, slots=True)
class Kept:
    """Kept alerts: the days that were loaded, in order, and the tables of a SQL file.

    ``views`` is to stand before the file: it makes the view ``alerts`` of the days' tables.
    """

    days: tuple[datetime.date, ...]
    tables: dict[str, Table]
    views: str


def open_kept(
    inventory: Inventory,
    since: datetime.date | None,
    until: datetime.date | None,
    most: int | None = None,
) -> Kept:
    """The kept alerts from one day to another, both in it.

    Without ``since``, the last ``most``; without that either, all.

    Raises CannotRun where no day of the window was loaded, or the exposure is missing.
    """
    days_kept = kept_files(inventory)
    last = until or max((day for day, each in days_kept.items() if each), default=datetime.date.min)
    if since is None:
        days = (last - datetime.date.min).days
        since = last - datetime.timedelta(days if most is None else min(most - 1, days))
    files = [
        (day, file)
        for day, files_of_day in sorted(days_kept.items())
        if since <= day <= last
        for file in files_of_day
    ]
    if not files:
        raise CannotRun("no alerts of these days were loaded", "defectreg alerts load FILE")
    tables: dict[str, Table] = {f"day_{number}": file for number, (_, file) in enumerate(files)}
    selects = (  # of a day and a number, which no file can word
        f"SELECT premises, alert_code, alerts, CAST('{day.isoformat()}' AS DATE) AS day FROM {name}"  # noqa: S608
        for (day, _), name in zip(files, tables, strict=True)
    )
    views = "CREATE TEMP VIEW alerts AS\n" + " UNION ALL\n".join(selects) + ";\n"
    tables["exposure"] = _exposure(inventory)
    return Kept(tuple(dict.fromkeys(day for day, _ in files)), tables, views)


def _exposure(inventory: Inventory) -> Path:
    """Which premises had which combination when, as of the newest snapshot."""
    path = exposure_file(inventory, open_current(inventory).id)
    if not path.is_file():
        raise CannotRun(
            "the alerts were not yet joined with the newest snapshot",
            "`defectreg alerts load` without files joins them",
        )
    return path
