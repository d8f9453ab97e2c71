"""The kept alerts of a window of days, and the exposure, as tables of an engine."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from defectreg.register.errors import CannotRun
from defectreg.store.inventory.places import Inventory
from defectreg.store.inventory.snapshot import open_current
from defectreg.store.tables.engine import Table

_DAY = re.compile(r"day=(\d{4}-\d{2}-\d{2})", re.ASCII)
_HINT = "docs/alerts-method.md says which files there are to be"


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
    folders = dict(sorted(_days(inventory.folder / "alerts")))
    last = until or max(folders, default=datetime.date.min)
    if since is None:
        days = (last - datetime.date.min).days
        since = last - datetime.timedelta(days if most is None else min(most - 1, days))
    files = [
        (day, file)
        for day, folder in folders.items()
        if since <= day <= last
        for file in sorted(folder.glob("*.parquet"))
    ]
    if not files:
        raise CannotRun("no alerts of these days were loaded", _HINT)
    tables: dict[str, Table] = {f"day_{number}": file for number, (_, file) in enumerate(files)}
    selects = (  # of a day and a number, which no file can word
        f"SELECT premises, alert_code, alerts, CAST('{day.isoformat()}' AS DATE) AS day FROM {name}"  # noqa: S608
        for (day, _), name in zip(files, tables, strict=True)
    )
    views = "CREATE TEMP VIEW alerts AS\n" + " UNION ALL\n".join(selects) + ";\n"
    tables["exposure"] = _exposure(inventory)
    return Kept(tuple(dict.fromkeys(day for day, _ in files)), tables, views)


def _days(folder: Path) -> Iterator[tuple[datetime.date, Path]]:
    for path in folder.glob("day=*"):
        match = _DAY.fullmatch(path.name)
        if match:
            try:
                yield datetime.date.fromisoformat(match[1]), path
            except ValueError as error:
                raise CannotRun(f"{path} is no day of the calendar", _HINT) from error


def _exposure(inventory: Inventory) -> Path:
    """Which premises had which combination when, as of the newest snapshot."""
    path = inventory.folder / "alerts" / "exposure" / f"{open_current(inventory).id}.parquet"
    if not path.is_file():
        raise CannotRun("the alerts were not yet joined with the newest snapshot", _HINT)
    return path
