"""What came of records when they were judged: kept, so that only what moved is judged again.

A cache in the clone's own folder, never a truth of its own: a file that is damaged, of another
form or that somebody wrote to since is empty.

| table | one row for | columns |
|---|---|---|
| state | what all rows were made of | key, value |
| judged | what came of a record | name; digest of what it was made of; landings of its files (JSON); stage; shown; is_linked; since, until: the days on which it comes to this |
"""  # noqa: E501 - a table's row is one line

from __future__ import annotations

import datetime
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from defectreg.register.standing import Landing
from defectreg.store.index import keeping

_FORMAT = 2
"""Raised with every change of the tables; what stands in them is told by the program's digest."""
_TABLES = (
    "DROP TABLE IF EXISTS state",
    "DROP TABLE IF EXISTS judged",
    "CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE judged (name TEXT PRIMARY KEY, made_of BLOB NOT NULL, landed TEXT NOT NULL,"
    " stage TEXT NOT NULL, shown BLOB, is_linked INTEGER NOT NULL, since INTEGER NOT NULL,"
    " until INTEGER NOT NULL)",
)
_ALL = "SELECT name, made_of, stage, shown, is_linked, since, until FROM judged"
_PUT = "REPLACE INTO judged VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_ID = len("DR-0000-0000")
"""Characters of a name that are the record's id."""
_NUMBER = "number"
"""Key of the state: of how many rows."""
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
        self._known: dict[str, tuple[bytes, Judged]] = {}
        self._came: dict[str, tuple[bytes, str, Judged]] = {}
        self._asked: set[str] = set()
        self.state: dict[str, str] = {}
        """What all rows were made of, as it was noted with them."""
        if file is not None:
            with suppress(sqlite3.Error, OSError, ValueError, TypeError, OverflowError):
                self._read(file)

    def names(self) -> Iterator[str]:
        """The names of what is known."""
        return iter(self._known)

    def find(self, name: str, day: datetime.date, made_of: bytes | None = None) -> Judged | None:
        """What came of a record, where that is known of this day; with what it is made of, only
        what was made of the same."""
        self._asked.add(name)
        made, judged = self._known.get(name, (b"", None))
        if judged is None or not judged.days[0] <= day <= judged.days[1]:
            return None
        return judged if made_of is None or made == _digest(made_of) else None

    def landings(self, names: Iterable[str]) -> dict[str, Landing]:
        """The landings of the files of records, as they were noted with what came of them."""
        found: dict[str, Landing] = {}
        if self._file is None:
            return found
        with closing(_opened(self._file)) as connection:
            for name in names:
                asked = "SELECT landed FROM judged WHERE name = ?"
                row = connection.execute(asked, (name,)).fetchone()
                for path, step, day, *switches in json.loads(row[0]) if row else ():
                    found[path] = Landing(step, datetime.date.fromisoformat(day), *switches)
        return found

    def note(
        self, name: str, made_of: bytes, landings: Mapping[str, Landing], judged: Judged
    ) -> None:
        """Note what came of a record, what it is made of, and how its files landed."""
        landed = [
            (path, at.step, at.day.isoformat(), at.who_validates, at.dcc_reports_validated_by)
            for path, at in landings.items()
        ]
        self._asked.add(name)
        self._came[name] = _digest(made_of), json.dumps(landed), judged

    def write(self, state: Mapping[str, str]) -> None:
        """Keep what was noted, and forget what was not asked for; what cannot be is not kept."""
        gone = self._known.keys() - self._asked
        if self._file is None or not (self._came or gone or state != self.state):
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if not self.state:
                self._file.unlink(missing_ok=True)
            connection = sqlite3.connect(self._file, timeout=_PATIENCE, isolation_level=None)
            with closing(connection):
                if _write(connection, self.state, state, self._rows(), gone):
                    keeping.seal(self._file)
        except (sqlite3.Error, OSError):
            with suppress(OSError):
                self._file.unlink(missing_ok=True)

    def _read(self, file: Path) -> None:
        if not keeping.is_sealed(file):
            return
        with closing(_opened(file)) as connection:
            if connection.execute("PRAGMA user_version").fetchone() != (_FORMAT,):
                return
            known = {}
            for name, made_of, stage, shown, is_linked, *days in connection.execute(_ALL):
                judged = Judged(name[:_ID], stage, shown, bool(is_linked), _days(*days))
                known[name] = made_of, judged
            asked = "SELECT value FROM state WHERE key = ?"
            # A record of which nothing is known would be none.
            if connection.execute(asked, (_NUMBER,)).fetchone() == (str(len(known)),):
                self.state, self._known = _state(connection), known

    def _rows(self) -> Iterator[tuple[object, ...]]:
        for name, (made_of, landed, each) in self._came.items():
            since, until = (day.toordinal() for day in each.days)
            yield name, made_of, landed, each.stage, each.shown, each.is_linked, since, until


@lru_cache
def _days(since: int, until: int) -> tuple[datetime.date, datetime.date]:
    return datetime.date.fromordinal(since), datetime.date.fromordinal(until)


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", timeout=_PATIENCE, uri=True)


def _write(
    connection: sqlite3.Connection,
    before: Mapping[str, str],
    state: Mapping[str, str],
    came: Iterable[tuple[object, ...]],
    gone: Iterable[str],
) -> bool:
    """Bring the tables from one state to another; false where another run changed them since."""
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone() != (_FORMAT,):
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_FORMAT}")
    elif _state(connection) != before:
        return False
    connection.executemany("DELETE FROM judged WHERE name = ?", ((name,) for name in gone))
    connection.executemany(_PUT, came)
    connection.execute("DELETE FROM state")
    connection.executemany("INSERT INTO state VALUES (?, ?)", state.items())
    connection.execute("INSERT INTO state SELECT ?, count(*) FROM judged", (_NUMBER,))
    connection.execute("COMMIT")
    return True


def _state(connection: sqlite3.Connection) -> dict[str, str]:
    state = dict(connection.execute("SELECT key, value FROM state"))
    state.pop(_NUMBER, None)
    return state


def on_days(judged: Judged, ends: Iterable[datetime.date], day: datetime.date) -> Judged:
    """What came of a record on a day, where it may come to something else after one of ``ends``."""
    known = sorted(ends)
    since = max((end for end in known if end < day), default=None)
    first = datetime.date.min if since is None else since + datetime.timedelta(days=1)
    last = min((end for end in known if end >= day), default=datetime.date.max)
    return Judged(judged.record_id, judged.stage, judged.shown, judged.is_linked, (first, last))


def _digest(made_of: bytes) -> bytes:
    return hashlib.blake2b(made_of, digest_size=16).digest()
