"""The tables of the index, and the SQL that fills and reads them.

| table | one row for | columns |
|---|---|---|
| state | what the tables are made of | key, value |
| files | a file of ``records/`` | path; blob; record_id; is_record; sha256 and data (JSON), null where it cannot be read; said_by: whose word a statement is, null of a record; its landing: step, day, who_validates, dcc_validated_by, null where it has not landed |
| entries | a record | number; record_id; step of its file's landing; is_withdrawn |
| texts | a record | number; title; text |
| facets | a facet's value | number; name; value |
| models | bounds of a Device's firmware | product; lowest; highest; number; place: which combination of the record; device: which of its ``devices``; manufacturer; model |
| stages | a stage of a record, for an audience | audience; number; until: the last day on which it has it; stage; waits: for the policy's audience what waits until then (JSON), null where that is asked anew |
| staged | an audience for which stages are noted | audience; made_of |
| due | a record of which no stage is noted yet | number; audience, one of ``staged`` |
| words | full text of ``texts`` | title; text |
"""  # noqa: E501 - a table's row is one line

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import tee
from typing import TYPE_CHECKING, Any

from defectreg.register.record import Record
from defectreg.register.standing import Landed, Landing
from defectreg.register.statement import Statement
from defectreg.store.index.entries import Entry
from defectreg.store.json_texts import loaded

if TYPE_CHECKING:
    from defectreg.register.waits import Wait
    from defectreg.store.index.turning import Turn

FORMAT = 5
"""Raised with every change of these tables or of what stands in them."""
_TABLES = (
    "CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE files (
      path TEXT PRIMARY KEY, blob TEXT NOT NULL,
      record_id TEXT NOT NULL, is_record INTEGER NOT NULL, sha256 TEXT, data TEXT,
      said_by TEXT, step INTEGER, day TEXT, who_validates TEXT, dcc_validated_by TEXT
    ) WITHOUT ROWID
    """,
    "CREATE INDEX files_of ON files (record_id)",
    "CREATE INDEX files_said ON files (day, said_by) WHERE said_by IS NOT NULL",
    """
    CREATE TABLE entries (
      number INTEGER PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, step INTEGER,
      is_withdrawn INTEGER NOT NULL
    )
    """,
    "CREATE TABLE texts (number INTEGER PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL)",
    """
    CREATE TABLE facets (
      name TEXT, value TEXT, number INTEGER, PRIMARY KEY (name, value, number)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX facets_of ON facets (number)",
    """
    CREATE TABLE models (
      product TEXT, lowest TEXT, highest TEXT, number INTEGER, place INTEGER, device INTEGER,
      devices INTEGER, manufacturer TEXT, model TEXT,
      PRIMARY KEY (product, lowest, highest, number, place, device)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX models_named ON models (model)",
    "CREATE INDEX models_of ON models (number)",
    """
    CREATE TABLE stages (
      audience TEXT, number INTEGER, until TEXT, stage TEXT NOT NULL, waits TEXT,
      PRIMARY KEY (audience, number, until)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX stages_of ON stages (number)",
    "CREATE INDEX stages_waiting ON stages (audience, number, until) WHERE waits IS NOT '[]'",
    "CREATE TABLE staged (audience TEXT PRIMARY KEY, made_of TEXT NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE due (
      number INTEGER, audience TEXT, PRIMARY KEY (number, audience)
    ) WITHOUT ROWID
    """,
    """
    CREATE VIRTUAL TABLE words USING fts5 (
      title, text, content='texts', content_rowid='number',
      tokenize='unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER texts_in AFTER INSERT ON texts BEGIN
      INSERT INTO words (rowid, title, text) VALUES (new.number, new.title, new.text);
    END
    """,
    """
    CREATE TRIGGER texts_out AFTER DELETE ON texts BEGIN
      INSERT INTO words (words, rowid, title, text)
        VALUES ('delete', old.number, old.title, old.text);
    END
    """,
    """
    CREATE TRIGGER entries_in AFTER INSERT ON entries BEGIN
      INSERT INTO due (number, audience) SELECT new.number, audience FROM staged;
    END
    """,
    """
    CREATE TRIGGER entries_out AFTER DELETE ON entries BEGIN
      DELETE FROM texts WHERE number = old.number;
      DELETE FROM facets WHERE number = old.number;
      DELETE FROM models WHERE number = old.number;
      DELETE FROM stages WHERE number = old.number;
      DELETE FROM due WHERE number = old.number;
    END
    """,
)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of ``records/``; ``data`` is None where it cannot be read."""

    path: str
    blob: str
    record_id: str
    is_record: bool
    sha256: str | None
    data: Mapping[str, Any] | None
    landing: Landing | None

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]

    @property
    def said_by(self) -> str | None:
        """The Party whose word it is, whoever passed it on; None of a record."""
        if self.is_record or self.data is None:
            return None
        return self.data.get("from") or self.data.get("by")


def create(connection: sqlite3.Connection) -> None:
    """Make the tables, where there are none, within the transaction that is open."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'state'").fetchone():
        return
    for statement in _TABLES:
        connection.execute(statement)


def state(connection: sqlite3.Connection) -> dict[str, str]:
    """What the tables are made of, as it was when they were filled."""
    return dict(connection.execute("SELECT key, value FROM state"))


def set_state(connection: sqlite3.Connection, made_of: Mapping[str, str]) -> None:
    """Note what the tables are made of now."""
    connection.executemany("REPLACE INTO state VALUES (?, ?)", made_of.items())


def blobs(connection: sqlite3.Connection) -> dict[str, str]:
    """The blob of every file that the tables know, by path."""
    return dict(connection.execute("SELECT path, blob FROM files"))


def blobs_among(connection: sqlite3.Connection, paths: Iterable[str]) -> dict[str, str]:
    """The blob of those of these files that the tables know, by path."""
    question = "SELECT path, blob FROM files WHERE path = ?"
    return dict(row for path in paths for row in connection.execute(question, (path,)))


def remove_files(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Forget files."""
    connection.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in paths))


def put_files(connection: sqlite3.Connection, rows: Iterable[FileRow]) -> None:
    """Note files that were read; their landings are noted apart, and stay as they are."""
    connection.executemany(
        "INSERT INTO files (path, blob, record_id, is_record, sha256, data, said_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET blob = excluded.blob,"
        " sha256 = excluded.sha256, data = excluded.data, said_by = excluded.said_by",
        (
            (row.path, row.blob, row.record_id, row.is_record, row.sha256,
             None if row.data is None else json.dumps(row.data), row.said_by)
            for row in rows
        ),
    )  # fmt: skip


def landings(connection: sqlite3.Connection) -> dict[str, Landing | None]:
    """The landing of every file, by path; None where it has not landed."""
    rows = connection.execute("SELECT path, step, day, who_validates, dcc_validated_by FROM files")
    return {path: _landing(*landed) for path, *landed in rows}


def set_landings(
    connection: sqlite3.Connection, moved: Iterable[tuple[str, Landing | None]]
) -> None:
    """Note when files landed."""
    connection.executemany(
        "UPDATE files SET step = ?, day = ?, who_validates = ?, dcc_validated_by = ?"
        " WHERE path = ?",
        (
            (None, None, None, None, path)
            if landing is None
            else (
                landing.step,
                landing.day.isoformat(),
                landing.who_validates,
                landing.dcc_reports_validated_by,
                path,
            )
            for path, landing in moved
        ),
    )


def _landing(step: int | None, day: str, who: str, dcc: str) -> Landing | None:
    if step is None:
        return None
    return Landing(step, datetime.date.fromisoformat(day), who, dcc)


def put_entry(connection: sqlite3.Connection, entry: Entry, step: int | None) -> None:
    """Note a record, in place of what was noted of it."""
    remove_entry(connection, entry.record_id)
    number = connection.execute(
        "INSERT INTO entries (record_id, step, is_withdrawn) VALUES (?, ?, ?)",
        (entry.record_id, step, entry.is_withdrawn),
    ).lastrowid
    connection.execute(
        "INSERT INTO texts (number, title, text) VALUES (?, ?, ?)",
        (number, entry.title, entry.text),
    )
    connection.executemany(
        "INSERT INTO facets (name, value, number) VALUES (?, ?, ?)",
        ((name, value, number) for name, value in entry.facets),
    )
    connection.executemany(
        "INSERT INTO models (product, lowest, highest, number, place, device, devices,"
        " manufacturer, model) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (one.product, one.lowest, one.highest, number, one.place, one.device, one.devices,
             one.manufacturer, one.model)
            for one in entry.models
        ),
    )  # fmt: skip


def remove_entry(connection: sqlite3.Connection, record_id: str) -> None:
    """Forget a record."""
    connection.execute("DELETE FROM entries WHERE record_id = ?", (record_id,))


def stages_made_of(connection: sqlite3.Connection, audience: str) -> str | None:
    """What the stages noted for an audience are made of; None where none are."""
    question = "SELECT made_of FROM staged WHERE audience = ?"
    row = connection.execute(question, (audience,)).fetchone()
    return None if row is None else str(row[0])


def begin_stages(connection: sqlite3.Connection, audience: str, made_of: str) -> None:
    """Forget the stages noted for an audience: those of every record are to be noted."""
    connection.execute("DELETE FROM stages WHERE audience = ?", (audience,))
    connection.execute("REPLACE INTO staged VALUES (?, ?)", (audience, made_of))
    connection.execute("REPLACE INTO due SELECT number, ? FROM entries", (audience,))


def without_stages(connection: sqlite3.Connection, audience: str) -> list[tuple[int, str]]:
    """The records, by number and id, of which no stage is noted yet for an audience."""
    return connection.execute(
        "SELECT number, record_id FROM due CROSS JOIN entries USING (number) WHERE audience = ?",
        (audience,),
    ).fetchall()


def end_stages(connection: sqlite3.Connection, audience: str) -> None:
    """Note that the stages of every record are noted for an audience."""
    connection.execute("DELETE FROM due WHERE audience = ?", (audience,))


def put_stages(
    connection: sqlite3.Connection, number: int, audience: str, turns: Iterable[Turn]
) -> None:
    """Note the stages that a record has for an audience, one after the other."""
    connection.executemany(
        "INSERT INTO stages (audience, number, until, stage, waits) VALUES (?, ?, ?, ?, ?)",
        (
            (audience, number, turn.until.isoformat(), turn.stage, _lines(turn.waits))
            for turn in turns
        ),
    )


STAGES_ON = (
    "SELECT number, stage, min(until) FROM stages"  # the stage is of the row with that day
    " WHERE audience = ? AND until >= ? GROUP BY number"
)
"""Number, stage and its last day of every record, for an audience and a day."""
IDS_AND_STAGES = (
    "SELECT record_id, stage, min(until) FROM stages JOIN entries USING (number)"
    " WHERE audience = ? AND until >= ? GROUP BY number"
)
"""The same with the id in place of the number."""
WAITS_ON = (
    "SELECT record_id, waits FROM stages INDEXED BY stages_waiting JOIN entries USING (number)"
    " WHERE audience = :audience AND until >= :day AND waits IS NOT '[]' AND NOT EXISTS"
    " (SELECT 1 FROM stages AS sooner WHERE sooner.audience = stages.audience"
    " AND sooner.number = stages.number AND sooner.until >= :day AND sooner.until < stages.until)"
    " ORDER BY record_id"
)
"""Id and waits of every record of which something waits, or that is to be asked anew."""
IDS_SINCE = (
    "SELECT DISTINCT record_id FROM files JOIN entries USING (record_id)"
    " WHERE day >= ? AND said_by IS NOT NULL"
)
"""The ids of the records of which something was said that landed on a day or later."""
HEARD_SINCE = (
    "SELECT DISTINCT said_by FROM files JOIN entries USING (record_id)"
    " WHERE day >= ? AND said_by IS NOT NULL"
)
"""The Parties that said something that landed on a day or later."""


def _lines(waits: Sequence[Wait] | None) -> str | None:
    if waits is None:
        return None
    return json.dumps([{name: getattr(wait, name) for name in _NOTED} for wait in waits],
                      default=datetime.date.isoformat)  # fmt: skip


_NOTED = ("since", "whom", "waits_for", "record_id", "title", "stage", "until", "files", "parties")


def noted_waits(lines: str) -> Iterator[Wait]:
    """The waits that a row of WAITS_ON tells."""
    from defectreg.register.waits import Wait

    for line in json.loads(lines):
        until = line["until"]
        yield Wait(**{
            **line,
            "since": datetime.date.fromisoformat(line["since"]),
            "until": until and datetime.date.fromisoformat(until),
            "files": tuple(line["files"]),
            "parties": tuple(line["parties"]),
        })  # fmt: skip


_FILES = (
    "SELECT path, blob, record_id, is_record, sha256, data,"
    " step, day, who_validates, dcc_validated_by FROM files"
)
FILES_OF_ONE = _FILES + " WHERE record_id = ? ORDER BY path"
_OF_SOME = " WHERE record_id IN (SELECT value FROM json_each(?))"
FILES_OF_SOME = _FILES + _OF_SOME + " ORDER BY record_id, path"
"""Of records by their ids in JSON."""
FILES_OF_ALL = _FILES + " ORDER BY record_id, path"
SHA256S_AT = (
    "SELECT record_id, sha256 FROM json_each(?) CROSS JOIN files ON files.path = value"
    " WHERE sha256 IS NOT NULL"
)
"""Id and SHA-256 of records' own files, by their paths in JSON."""
RECORDS_AT = (
    "SELECT data, sha256 FROM json_each(?) CROSS JOIN files ON files.path = value"
    " WHERE data IS NOT NULL"
)
"""What is read of records' own files, by their paths in JSON."""


def file_rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[FileRow]:
    """The rows that FILES_OF_ONE and FILES_OF_ALL give, as values."""
    rows, again = tee(rows)
    values = loaded("null" if data is None else data for *_, data, _, _, _, _ in again)
    for (path, blob, record_id, is_record, sha256, _, *landed), read in zip(
        rows, values, strict=True
    ):
        yield FileRow(path, blob, record_id, bool(is_record), sha256, read, _landing(*landed))


@dataclass(frozen=True, slots=True)
class Case:
    """A record with what landed and what waits to land; ``landing`` is that of its own file."""

    record: Record
    landing: Landing | None
    landed: tuple[Landed, ...]
    waiting: tuple[Statement, ...]
    unread: tuple[str, ...]
    """Names of files that landed and cannot be read: a hold may be among them."""


def case_of(rows: Iterable[FileRow]) -> Case | None:
    """The case that the files of one record say; None where the record cannot be read."""
    record, landing = None, None
    landed, waiting, unread = [], [], []
    for row in rows:
        if row.data is None or row.sha256 is None:
            unread += [row.name] if row.landing is not None else []
            continue
        if row.is_record:
            record, landing = Record(row.data, row.sha256), row.landing
            continue
        statement = Statement(row.name, row.data, row.sha256)
        if row.landing is None:
            waiting.append(statement)
        else:
            landed.append(Landed(statement, row.landing))
    if record is None:
        return None
    return Case(record, landing, tuple(landed), tuple(waiting), tuple(unread))
