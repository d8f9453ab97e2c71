"""What was sent: a journal in the clone's own folder, written before and after each letter.

| table | one row for | columns |
|---|---|---|
| letter | a letter that was begun | message_id; kind; party: slug; state: sending, accepted, refused; delivered: e-mail, post, by-hand; sha256: of its bytes; day |
| subject | what it told of a record | message_id; record_id, empty where it is of none; key; read: SHA-256 of the record's bytes; told: JSON, of a notice; branch: on which its notice stands, empty before |

A letter that is *sending* and whose run has ended was perhaps accepted: it is never sent again by
itself.
"""  # noqa: E501 - a table's row is one line

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from defectreg.register.errors import CannotRun
from defectreg.store.letters.due import FIRST, Subject

FORMAT = 1
_TABLES = (
    "CREATE TABLE IF NOT EXISTS letter (message_id TEXT PRIMARY KEY, kind TEXT NOT NULL,"
    " party TEXT NOT NULL, state TEXT NOT NULL, delivered TEXT NOT NULL, sha256 TEXT NOT NULL,"
    " day TEXT NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS subject (message_id TEXT NOT NULL, record_id TEXT NOT NULL,"
    " key TEXT NOT NULL, read TEXT NOT NULL, told TEXT NOT NULL, branch TEXT NOT NULL) STRICT",
    "CREATE INDEX IF NOT EXISTS subject_of ON subject (message_id)",
    f"PRAGMA user_version = {FORMAT}",
)
_CLAIM = (
    "INSERT INTO letter VALUES (?, ?, ?, 'sending', ?, ?, ?) ON CONFLICT (message_id) DO UPDATE"
    " SET state = 'sending', delivered = excluded.delivered, sha256 = excluded.sha256,"
    " day = excluded.day WHERE state = 'refused'"
)
_PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Begun:
    """A letter that is about to be handed over."""

    message_id: str
    kind: str
    party: str
    delivered: str
    sha256: str
    day: str
    subjects: tuple[Subject, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Unnoticed:
    """What an accepted letter told of a record, and of which no notice stands yet."""

    message_id: str
    party: str
    delivered: str
    sha256: str
    record_id: str
    read: str
    told: Mapping[str, Any]


class Journal:
    """The journal of one clone."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._rows = connection

    def known(self) -> frozenset[tuple[str, str, str, str]]:
        """Kind, Party, record and key of all that was told, or perhaps was."""
        return frozenset(
            self._rows.execute(
                "SELECT kind, party, record_id, key FROM letter JOIN subject USING (message_id)"
                " WHERE state <> 'refused'"
            )
        )

    def told(self) -> dict[str, dict[str, frozenset[str]]]:
        """Record → Party → the bytes of the record that it was told of, and not by a notice."""
        told: dict[str, dict[str, frozenset[str]]] = {}
        rows = self._rows.execute(
            "SELECT record_id, party, read, kind FROM letter JOIN subject USING (message_id)"
            " WHERE state = 'accepted'"
        )
        for record_id, party, read, kind in rows:
            if kind in FIRST and record_id:
                parties = told.setdefault(record_id, {})
                parties[party] = parties.get(party, frozenset()) | {read}
        return told

    def in_doubt(self) -> list[tuple[str, str, str]]:
        """Message-ID, kind and Party of what was begun, and of which no end is known."""
        return list(
            self._rows.execute(
                "SELECT message_id, kind, party FROM letter WHERE state = 'sending' ORDER BY 1"
            )
        )

    def claim(self, letter: Begun) -> bool:
        """Note that a letter is about to be handed over; False where another run has it."""
        about = (letter.message_id, letter.kind, letter.party, letter.delivered, letter.sha256,
                 letter.day)  # fmt: skip
        rows = [
            (letter.message_id, each.record_id, each.key, each.read, json.dumps(dict(each.told)))
            for each in letter.subjects
        ] or [(letter.message_id, "", letter.about, "", "{}")]
        with self._rows:
            if self._rows.execute(_CLAIM, about).rowcount != 1:
                return False
            self._rows.execute("DELETE FROM subject WHERE message_id = ?", (letter.message_id,))
            self._rows.executemany("INSERT INTO subject VALUES (?, ?, ?, ?, ?, '')", rows)
        return True

    def settle(self, message_id: str, state: str) -> bool:
        """Note how it ended: accepted or refused; False where it was not being sent."""
        with self._rows:
            settled = self._rows.execute(
                "UPDATE letter SET state = ? WHERE message_id = ? AND state = 'sending'",
                (state, message_id),
            )
        return settled.rowcount == 1

    def come_back(self, message_id: str) -> list[tuple[str, str]]:
        """Note that an accepted letter came back; each record that it told of, with its SHA-256.

        It is due again. Empty where no such letter was accepted.
        """
        with self._rows:
            moved = self._rows.execute(
                "UPDATE letter SET state = 'refused' WHERE message_id = ? AND state = 'accepted'",
                (message_id,),
            )
        if moved.rowcount != 1:
            return []
        return list(
            self._rows.execute(
                "SELECT record_id, sha256 FROM letter JOIN subject USING (message_id)"
                " WHERE message_id = ? ORDER BY 1",
                (message_id,),
            )
        )

    def is_new(self) -> bool:
        """Whether nothing was ever begun from this clone."""
        return self._rows.execute("SELECT 1 FROM letter LIMIT 1").fetchone() is None

    def unnoticed(self) -> Iterator[Unnoticed]:
        """What accepted letters told manufacturers, and of which no notice stands yet."""
        rows = self._rows.execute(
            "SELECT message_id, party, delivered, sha256, record_id, read, told"
            " FROM letter JOIN subject USING (message_id)"
            " WHERE state = 'accepted' AND branch = '' AND told <> '{}'"
            " ORDER BY record_id, party, message_id"
        )
        for message_id, party, delivered, sha256, record_id, read, text in rows:
            told = json.loads(text)
            yield Unnoticed(message_id, party, delivered, sha256, record_id, read, told)

    def noticed(self, told: Iterable[Unnoticed], branch: str) -> None:
        """Note on which branch their notices stand."""
        with self._rows:
            self._rows.executemany(
                "UPDATE subject SET branch = ? WHERE message_id = ? AND record_id = ?",
                [(branch, each.message_id, each.record_id) for each in told],
            )


@contextmanager
def opened(folder: Path) -> Iterator[Journal]:
    """The journal in a folder, which is made; only its owner may read it.

    Raises CannotRun where it cannot be read, or is of another program.
    """
    file = folder / "sent.sqlite"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise _unusable(file, error) from error
    try:
        with closing(sqlite3.connect(file, timeout=_PATIENCE)) as connection:
            _prepare(connection)
            yield Journal(connection)
    except sqlite3.Error as error:
        raise _unusable(file, error) from error


def _unusable(file: Path, error: Exception) -> CannotRun:
    return CannotRun(
        f"the journal of letters {file} cannot be used: {type(error).__name__}",
        "nothing more is sent without it: what was sent before would be sent again",
    )


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        with connection:
            for statement in _TABLES:
                connection.execute(statement)
    elif version != FORMAT:
        raise CannotRun(
            "the journal of letters was written by another program",
            "use the program that wrote it; it says what was sent",
        )
