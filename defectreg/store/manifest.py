"""What the files of a publication were made of: kept beside the register, never in the site.

A cache, never a truth of its own: a manifest that cannot be read, is of another folder, or of one
in which anything was touched since, says nothing, and all is made anew.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TypeAlias

from defectreg.store.json_texts import loaded
from defectreg.store.processes import meanwhile

_FORMAT = "1"
_TABLES = (
    "CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE units (name TEXT PRIMARY KEY, key TEXT NOT NULL, sums TEXT NOT NULL)"
    " WITHOUT ROWID",
)
_TICK = 0.001
_LAST = "last"
"""Stands for the unit of what is made last."""


Sums: TypeAlias = Mapping[str, str]
"""The SHA-256 of files by path."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Files that are made together; with the same key, which may be empty for none, the same."""

    name: str
    key: str


class Manifest:
    """Of each unit that stands in a folder its key, and the SHA-256 of its files by path."""

    def __init__(self, file: Path, units: Mapping[str, tuple[str, Sums]]) -> None:
        self._file = file
        self._units = units

    @classmethod
    def read(cls, file: Path, target: Path) -> Manifest:
        """The manifest of a folder; an empty one where it does not tell what stands there now."""
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
                state = dict(connection.execute("SELECT key, value FROM state"))
                if not _tells_of(state, target):
                    return cls(file, {})
                with meanwhile(partial(_newest, str(target))) as newest:
                    units = _units(connection)
                    return cls(file, units if newest() <= int(state["until"]) else {})
        except (sqlite3.Error, OSError, ValueError):
            return cls(file, {})

    @cached_property
    def sums(self) -> Mapping[str, str]:
        """The SHA-256 of every file by path; of an empty manifest none."""
        found: dict[str, str] = {}
        for _, sums in self._units.values():
            found |= sums
        return found

    def missing(self, units: Iterable[Unit]) -> list[Unit]:
        """The units of which the files do not stand there as they would be made now."""
        keys = {name: key for name, (key, _) in self._units.items()}
        return [unit for unit in units if not unit.key or keys.get(unit.name) != unit.key]

    def staying(self, units: Iterable[Unit], missing: Iterable[Unit]) -> dict[str, str]:
        """The SHA-256 of the files of these units without those that are missing, by path."""
        stay = {unit.name for unit in units} - {unit.name for unit in missing}
        sums = dict(self.sums)
        for name in self._units.keys() - stay:
            for path in self._units[name][1]:
                del sums[path]
        return sums

    def write(
        self, target: Path, units: Iterable[Unit], made: Mapping[str, Sums], last: Sums
    ) -> None:
        """Note what stands in the folder now: of units that were missing what was made.

        Nothing is noted where that cannot be.
        """
        keys = {unit.name: unit.key for unit in units} | {_LAST: ""}
        came = [
            (name, keys[name], json.dumps(sums)) for name, sums in {**made, _LAST: last}.items()
        ]
        gone = [(name,) for name in self._units.keys() - keys.keys()]
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if not self._units:
                self._file.unlink(missing_ok=True)
            with closing(sqlite3.connect(self._file, isolation_level=None)) as connection:
                until = _ticked(self._file)
                _note(connection, target, until, came, gone, is_new=not self._units)
            # What is touched from here on is touched later than that.
            while _ticked(self._file) <= until:
                time.sleep(_TICK)
        except (sqlite3.Error, OSError):
            with suppress(OSError):
                self._file.unlink(missing_ok=True)


def _units(connection: sqlite3.Connection) -> dict[str, tuple[str, Sums]]:
    rows = connection.execute("SELECT name, key, sums FROM units").fetchall()
    sums = loaded(row[2] for row in rows)
    return {name: (key, each) for (name, key, _), each in zip(rows, sums, strict=True)}


def _note(
    connection: sqlite3.Connection,
    target: Path,
    until: int,
    came: Sequence[tuple[str, str, str]],
    gone: Sequence[tuple[str]],
    *,
    is_new: bool,
) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement in _TABLES if is_new else ():
        connection.execute(statement)
    connection.executemany("DELETE FROM units WHERE name = ?", gone)
    connection.executemany("REPLACE INTO units VALUES (?, ?, ?)", came)
    state = {"format": _FORMAT, "folder": str(target), "until": str(until)}
    connection.executemany("REPLACE INTO state VALUES (?, ?)", state.items())
    connection.execute("COMMIT")


def _ticked(file: Path) -> int:
    """The time that files get which are touched now; it lags behind the clock."""
    file.touch()
    return file.stat().st_ctime_ns


def _tells_of(state: Mapping[str, str], target: Path) -> bool:
    """Whether it was noted of this folder, whatever happened to that since."""
    return state.get("format") == _FORMAT and state.get("folder") == str(target) and target.is_dir()


def _newest(folder: str) -> int:
    """When a file or folder below was last touched: its bytes, its name, its rights."""
    newest = Path(folder).stat().st_ctime_ns
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                newest = max(newest, _newest(entry.path))
            else:
                newest = max(newest, entry.stat(follow_symlinks=False).st_ctime_ns)
    return newest
