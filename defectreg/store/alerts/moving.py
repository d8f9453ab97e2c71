"""Files of a load on their way to their places: made aside, synced, moved, and then named."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from defectreg.register.errors import CannotRun
from defectreg.store.alerts.keeping import (
    ADOPTED,
    Keeping,
    alerts_folder,
    clear_left,
    day_folder,
    write_keeping,
)
from defectreg.store.alerts.workbench import Workbench
from defectreg.store.inventory.places import Inventory

_COLUMNS = "premises, device_type, alert_code, alerts"
_TYPES = {"premises": "BIGINT", "device_type": "VARCHAR", "alert_code": "VARCHAR",
          "alerts": "BIGINT", "source": "INTEGER"}  # fmt: skip


@contextmanager
def arriving(inventory: Inventory, keeping: Keeping) -> Iterator[Path]:
    """A folder for what is being made, gone at the end; the inventory is locked by who calls.

    What a killed run left, and what does not count any more, is removed first.
    """
    folder = alerts_folder(inventory) / f".{os.urandom(6).hex()}.next"
    try:
        alerts_folder(inventory).mkdir(mode=0o700, parents=True, exist_ok=True)
        clear_left(inventory, keeping)
        folder.mkdir(mode=0o700)
        yield folder
    except OSError as error:
        raise CannotRun(
            f"the inventory {inventory.folder} cannot be written: {error.strerror or error}",
            "nothing was loaded, and what was there before is as it was",
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def merge_day(
    bench: Workbench,
    inventory: Inventory,
    names: Sequence[str],
    day: str,
    gone: Iterable[int],
    parts: Sequence[Path],
) -> Path:
    """A file of all that is kept of a day and of what was placed on it, made aside.

    ``names`` are the files that are kept of it; ``gone`` the sources whose rows are left out;
    ``parts`` what logs say of it, in the order of what is kept.
    """
    if len(parts) == 1 and not names:
        return parts[0]
    bench.nothing("part", _TYPES)
    if parts:
        bench.view("part", parts)
    without = ", ".join(map(str, [*gone, -1]))
    kept = "".join(
        f" UNION ALL SELECT * FROM ({each}) WHERE source NOT IN ({without})"  # noqa: S608
        for each in _kept(bench, inventory, names, day)
    )
    query = f"SELECT {_COLUMNS}, source FROM part{kept} ORDER BY alert_code, premises"  # noqa: S608
    return bench.keep(query, f"day-{day}.parquet")


def _kept(bench: Workbench, inventory: Inventory, names: Iterable[str], day: str) -> Iterator[str]:
    """The rows that are kept of a day, each with its source."""
    for number, name in enumerate(names):
        bench.view(f"kept_{number}", [day_folder(inventory, day) / name])
        source = "source" if _has_source(bench, number) else f"{ADOPTED} AS source"
        yield f"SELECT {_COLUMNS}, {source} FROM kept_{number}"  # noqa: S608


def sources_of(bench: Workbench, inventory: Inventory, names: Iterable[str], day: str) -> set[int]:
    """The numbers of the sources of what is kept of a day."""
    kept = list(_kept(bench, inventory, names, day))
    asked = " UNION ".join(f"SELECT source FROM ({part})" for part in kept)  # noqa: S608 - ours
    return {int(str(source)) for [source] in bench.rows(asked)} if kept else set()


def let_count(inventory: Inventory, keeping: Keeping, made: Iterable[tuple[Path, Path]]) -> None:
    """Move files that were made aside to their places, and then let them count."""
    folders = set()
    for aside, place in made:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside.chmod(0o600)
        _sync(aside)
        aside.replace(place)
        folders |= {place.parent, place.parent.parent}
    for folder in folders:
        _sync(folder)
    write_keeping(inventory, keeping)


def _has_source(bench: Workbench, number: int) -> bool:
    columns = [row[0] for row in bench.rows(f"DESCRIBE kept_{number}")]
    return "source" in columns


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
