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
from pathlib import Path
from typing import TypeAlias

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
                rows = connection.execute("SELECT name, key, sums FROM units")
                return cls(file, {name: (key, json.loads(sums)) for name, key, sums in rows})
        except (sqlite3.Error, OSError, ValueError):
            return cls(file, {})

    def made(self, unit: Unit) -> Sums | None:
        """The files of a unit, where they stand there as they would be made now."""
        key, sums = self._units.get(unit.name, ("", {}))
        return sums if key and key == unit.key else None

    def sums(self) -> dict[str, str]:
        """The SHA-256 of every file by path; of an empty manifest none."""
        found: dict[str, str] = {}
        for _, sums in self._units.values():
            found |= sums
        return found

    def write(
        self, target: Path, units: Iterable[Unit], made: Mapping[str, Sums], last: Sums
    ) -> None:
        """Note what stands in the folder now; nothing is noted where that cannot be."""
        rows = {unit.name: (unit.key, made[unit.name]) for unit in units}
        rows[_LAST] = ("", last)
        came = [
            (name, key, json.dumps(sums))
            for name, (key, sums) in rows.items()
            if self._units.get(name) != (key, sums)
        ]
        gone = [(name,) for name in self._units.keys() - rows.keys()]
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
    return (
        state.get("format") == _FORMAT
        and state.get("folder") == str(target)
        and target.is_dir()
        and _newest(str(target)) <= int(state["until"])
    )


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
