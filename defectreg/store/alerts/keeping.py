"""What is kept of alerts: a file a day, and which files count.

``kept.json`` beside the days names them; a load writes new files beside the old and then that
file, so that whoever looks, also after a kill, sees all of a load or nothing of it. Where it is not
there, every Parquet file in the folder of a day counts.
"""

from __future__ import annotations

import datetime
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from defectreg.register.errors import CannotRun
from defectreg.store.files import read_bounded, write_atomically
from defectreg.store.inventory.places import Inventory

ADOPTED = 0
"""The number of what was there before anything was loaded."""
_DAY = re.compile(r"day=(\d{4}-\d{2}-\d{2})", re.ASCII)
_LAYOUT = 1
_LARGEST = 1 << 26
_OWNER = 0o600
HINT = "docs/alerts-method.md says which files there are to be"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was loaded: its number in the files of the days, and what became of it.

    ``sha256`` is of its bytes and of what its folders say, ``name`` for people. ``unplaced`` alerts
    were of Devices that the snapshot did not have, or had without premises.
    """

    number: int
    sha256: str
    name: str
    snapshot: str
    alerts: int
    unplaced: int


@dataclass(frozen=True, slots=True)
class Keeping:
    """What counts: the names of the files of each day (ISO 8601), the sources, the snapshots.

    ``exposures`` are the ids of the snapshots with which alerts were joined, oldest first.
    """

    days: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    exposures: tuple[str, ...] = ()


def alerts_folder(inventory: Inventory) -> Path:
    """The folder of all that is kept of alerts."""
    return inventory.folder / "alerts"


def exposure_file(inventory: Inventory, snapshot: str) -> Path:
    """Which premises had which combination when, as of a snapshot."""
    return alerts_folder(inventory) / "exposure" / f"{snapshot}.parquet"


def numbers_file(inventory: Inventory, snapshot: str) -> Path:
    """The number of the premises of each Device, as of a snapshot; the same in all of them."""
    return alerts_folder(inventory) / "premises" / f"{snapshot}.parquet"


def day_folder(inventory: Inventory, day: str) -> Path:
    """The folder of the files of a day."""
    return alerts_folder(inventory) / f"day={day}"


def read_keeping(inventory: Inventory) -> Keeping:
    """What counts; raises CannotRun where that cannot be read."""
    file = _file(inventory)
    if not file.exists():
        days = {day.isoformat(): tuple(names) for day, names in _found(inventory)}
        return Keeping({day: days[day] for day in sorted(days)})
    try:
        said = json.loads(read_bounded(file, _LARGEST))
        if said["layout"] != _LAYOUT:
            raise CannotRun(f"{file} was written by another version of defectreg", HINT)
        return _keeping(said)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CannotRun(f"{file} is damaged", HINT) from error


def kept_files(inventory: Inventory) -> dict[datetime.date, list[Path]]:
    """The files that count, by day, in order; raises CannotRun."""
    return {
        datetime.date.fromisoformat(day): [day_folder(inventory, day) / name for name in names]
        for day, names in read_keeping(inventory).days.items()
    }


def write_keeping(inventory: Inventory, keeping: Keeping) -> None:
    """Let this count from now on; the files that it names are on the disc."""
    said = {
        "layout": _LAYOUT,
        "exposures": list(keeping.exposures),
        "days": {day: list(keeping.days[day]) for day in sorted(keeping.days)},
        "sources": [asdict(source) for source in keeping.sources],
    }
    text = json.dumps(said, indent=1, ensure_ascii=True)
    write_atomically(_file(inventory), text.encode(), _OWNER)


def with_sources(keeping: Keeping, days: Mapping[str, str], sources: Iterable[Source]) -> Keeping:
    """With new files of some days, and the sources that are in them now."""
    numbered = {source.number: source for source in (*keeping.sources, *sources)}
    named = {day: (name,) for day, name in days.items()}
    return replace(keeping, days={**keeping.days, **named}, sources=tuple(numbered.values()))


def clear_left(inventory: Inventory, keeping: Keeping) -> None:
    """Remove what does not count any more, or never did; the inventory is locked by who calls."""
    folder = alerts_folder(inventory)
    for left in folder.glob(".*.next"):
        shutil.rmtree(left, ignore_errors=True)
    newest = keeping.exposures[-1:]
    counts = {day_folder(inventory, day) / name for day in keeping.days
              for name in keeping.days[day]}  # fmt: skip
    counts |= {exposure_file(inventory, snapshot) for snapshot in keeping.exposures}
    counts |= {numbers_file(inventory, snapshot) for snapshot in newest}
    for file in (*folder.glob("day=*/*.parquet"), *folder.glob("premises/*.parquet")):
        if file not in counts:
            file.unlink(missing_ok=True)


def _file(inventory: Inventory) -> Path:
    return alerts_folder(inventory) / "kept.json"


def _keeping(said: Mapping[str, Any]) -> Keeping:
    days = {str(day): tuple(map(_name, names)) for day, names in said["days"].items()}
    for day in days:
        datetime.date.fromisoformat(day)
    sources = tuple(Source(**source) for source in said["sources"])
    return Keeping(days, sources, tuple(map(_name, said["exposures"])))


def _name(text: object) -> str:
    """The name of a file in its folder, and nowhere else."""
    if not isinstance(text, str) or text != Path(text).name:
        raise ValueError("it is no name of a file")
    return text


def _found(inventory: Inventory) -> Iterator[tuple[datetime.date, list[str]]]:
    for path in alerts_folder(inventory).glob("day=*"):
        match = _DAY.fullmatch(path.name)
        if match:
            try:
                day = datetime.date.fromisoformat(match[1])
            except ValueError as error:
                raise CannotRun(f"{path} is no day of the calendar", HINT) from error
            yield day, sorted(file.name for file in path.glob("*.parquet"))
