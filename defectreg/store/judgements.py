"""What came of records when they were judged: kept, so that only what moved is judged again.

A cache in the clone's own folder, never a truth of its own. Of each outcome it is kept what it was
made of and on which days it holds, under a digest of all of it: what was made of anything else, or
was damaged since, is not there.
"""

from __future__ import annotations

import datetime
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

_FORMAT = 1
"""Raised with every change of the table; what stands in it is told by the program's digest."""
_TABLE = (
    "CREATE TABLE judged (name TEXT PRIMARY KEY, seal BLOB NOT NULL, stage TEXT NOT NULL,"
    " shown BLOB, is_linked INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL)"
)
_ALL = "SELECT name, seal, stage, shown, is_linked, since, until FROM judged"
_PUT = "REPLACE INTO judged VALUES (?, ?, ?, ?, ?, ?, ?)"
_PATIENCE = 10.0
"""Seconds to wait for another process that writes the same file."""
ALWAYS = (datetime.date.min, datetime.date.max)
"""The days of what no day changes."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one record. ``stage`` is empty where it cannot be judged."""

    record_id: str
    stage: str
    shown: bytes | None
    """The entry as `kept.to_bytes` writes it; None where nothing is let out."""
    is_linked: bool = False
    """Whether it names other entries, which may not be let out."""
    days: tuple[datetime.date, datetime.date] = ALWAYS
    """The first and the last day on which it comes to this."""


class Judgements:
    """What came of records, by name; what is noted is kept when it is written."""

    def __init__(self, file: Path | None) -> None:
        """Those of a file; None is none, and nothing is written then."""
        self._file = file
        self._known = dict(_read(file)) if file is not None else {}
        self._came: dict[str, tuple[bytes, Judged]] = {}
        self._asked: set[str] = set()

    def find(self, name: str, made_of: bytes, day: datetime.date) -> Judged | None:
        """What came of what a record is made of, where that is known of this day."""
        self._asked.add(name)
        seal, judged = self._known.get(name, (b"", None))
        if judged is None or not judged.days[0] <= day <= judged.days[1]:
            return None
        return judged if seal == _seal(name, made_of, judged) else None

    def note(self, name: str, made_of: bytes, judged: Judged) -> None:
        """Note what came of a record."""
        self._came[name] = _seal(name, made_of, judged), judged

    def write(self) -> None:
        """Keep what was noted, and forget what was not asked for; what cannot be is not kept."""
        gone = self._known.keys() - self._asked
        if self._file is None or not (self._came or gone):
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if not self._known:
                self._file.unlink(missing_ok=True)
            connection = sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level=None)
            with closing(connection):
                _write(connection, self._rows(), gone)
        except (sqlite3.Error, OSError):
            with suppress(OSError):
                self._file.unlink(missing_ok=True)

    def _rows(self) -> Iterator[tuple[object, ...]]:
        for name, (seal, each) in self._came.items():
            since, until = (day.toordinal() for day in each.days)
            yield name, seal, each.stage, each.shown, each.is_linked, since, until


def _read(file: Path) -> Iterator[tuple[str, tuple[bytes, Judged]]]:
    """All that is kept in a file; of one that cannot be read, nothing more."""
    with suppress(sqlite3.Error, OSError, ValueError, TypeError, OverflowError):
        uri = f"{file.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, timeout=_PATIENCE, uri=True)) as connection:
            if connection.execute("PRAGMA user_version").fetchone() != (_FORMAT,):
                return
            for name, seal, stage, shown, is_linked, *days in connection.execute(_ALL):
                since, until = map(datetime.date.fromordinal, days)
                record_id = name.partition(" ")[0]
                judged = Judged(record_id, stage, shown, bool(is_linked), (since, until))
                yield name, (seal, judged)


def _write(
    connection: sqlite3.Connection, came: Iterable[tuple[object, ...]], gone: Iterable[str]
) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone() != (_FORMAT,):
        connection.execute("DROP TABLE IF EXISTS judged")
        connection.execute(_TABLE)
        connection.execute(f"PRAGMA user_version = {_FORMAT}")
    connection.executemany("DELETE FROM judged WHERE name = ?", ((name,) for name in gone))
    connection.executemany(_PUT, came)
    connection.execute("COMMIT")


def on_days(judged: Judged, ends: Iterable[datetime.date], day: datetime.date) -> Judged:
    """What came of a record on a day, where it may come to something else after one of ``ends``."""
    known = sorted(ends)
    since = max((end for end in known if end < day), default=None)
    first = datetime.date.min if since is None else since + datetime.timedelta(days=1)
    last = min((end for end in known if end >= day), default=datetime.date.max)
    return Judged(judged.record_id, judged.stage, judged.shown, judged.is_linked, (first, last))


def _seal(name: str, made_of: bytes, judged: Judged) -> bytes:
    first, last = judged.days
    about = f"{name}\n{judged.stage}\n{judged.is_linked:d} {first} {last}\n{len(made_of)}\n"
    digest = hashlib.sha256(about.encode())
    digest.update(made_of)
    digest.update(b"" if judged.shown is None else b"\n" + judged.shown)
    return digest.digest()
