"""The tables of the journal.

| table | one row for | columns |
|---|---|---|
| batch | requests or answers written at once | number, from 1; kind: requests, answers; at: UTC; applied_by; snapshot: the id of the one they were judged on; first: seq of its first row; size: its rows; previous: digest of the batch before; digest |
| request | a request that the rule allowed | seq, from 1; request_id: originator, target, counter; device_id; kind: prenotified, updated, deleted; code of the rule; was, given: objects of JSON by column; reason |
| answer | what became of a request | seq, from 1; request: its seq; answer: sent, accepted, refused; code: the DUIS response code |

Rows are only added. A batch is one transaction; its digest is SHA-256 in hexadecimal over, in
UTF-8, a JSON array of its rows (each an array of its columns in the order above), a line feed,
and a JSON array of the batch's columns but the digest.
"""  # noqa: E501 - a table's row is one line

from __future__ import annotations

import sqlite3

APPLICATION = 0x44524A4C
"""SQLite's application id of a journal: DRJL."""
FORMAT = 1
"""Raised with every change of the tables."""

_MARKS = ("application_id", "user_version")
_NAMES = ("batch", "request", "answer")
_REFUSALS = tuple(
    f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table}"
    " BEGIN SELECT RAISE(ABORT, 'rows of the journal are only added'); END"
    for table in _NAMES
    for verb in ("UPDATE", "DELETE")
)
STATEMENTS = (
    "CREATE TABLE batch (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, at TEXT NOT NULL,"
    " applied_by TEXT NOT NULL, snapshot TEXT NOT NULL, first INTEGER NOT NULL,"
    " size INTEGER NOT NULL, previous TEXT NOT NULL, digest TEXT NOT NULL) STRICT",
    "CREATE TABLE request (seq INTEGER PRIMARY KEY, request_id TEXT NOT NULL,"
    " device_id TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, was TEXT NOT NULL,"
    " given TEXT NOT NULL, reason TEXT NOT NULL) STRICT",
    "CREATE TABLE answer (seq INTEGER PRIMARY KEY, request INTEGER NOT NULL,"
    " answer TEXT NOT NULL, code TEXT NOT NULL) STRICT",
    "CREATE UNIQUE INDEX request_of_id ON request (request_id)",
    "CREATE INDEX request_of_device ON request (device_id)",
    "CREATE INDEX answer_of_request ON answer (request)",
    *_REFUSALS,
)
ROWS = {
    "requests": "SELECT seq, request_id, device_id, kind, code, was, given, reason FROM request",
    "answers": "SELECT seq, request, answer, code FROM answer",
}
"""The rows of a batch by its kind, as they enter its digest."""
PUT = {
    "requests": "INSERT INTO request VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "answers": "INSERT INTO answer VALUES (?, ?, ?, ?)",
}
BATCH = "SELECT number, kind, at, applied_by, snapshot, first, size, previous, digest FROM batch"
PUT_BATCH = "INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_WRITTEN = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY sql"


def create(connection: sqlite3.Connection) -> None:
    """Make the tables within the open transaction."""
    for statement in STATEMENTS:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether nothing was ever made in the file."""
    return not connection.execute("SELECT 1 FROM sqlite_schema").fetchall()


def are_ours(connection: sqlite3.Connection) -> bool:
    """Whether the file says that it is a journal of this format."""
    said: list[tuple[int]] = [connection.execute(f"PRAGMA {name}").fetchone() for name in _MARKS]
    return said == [(APPLICATION,), (FORMAT,)]


def are_whole(connection: sqlite3.Connection) -> bool:
    """Whether the tables, indexes and triggers are those above, to the letter."""
    return [sql for (sql,) in connection.execute(_WRITTEN)] == sorted(STATEMENTS)
