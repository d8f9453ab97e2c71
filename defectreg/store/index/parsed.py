"""What the index has read of files, for who judges whole records: nothing is parsed twice.

Only what stands in a sealed file is taken, as it stands there, and of each file only what was read
of the very bytes that are asked about. Where there is none of it, who asks reads the file itself.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from defectreg.register.grounds import Grounds
from defectreg.register.record import Record
from defectreg.register.standing import Landed, Standing
from defectreg.register.statement import Statement
from defectreg.store.index import keeping, tables
from defectreg.store.index.views import View
from defectreg.store.landings import Landings
from defectreg.store.places import Register
from defectreg.store.sources import CommitSource


class Parsed:
    """The files that the index of a clone has read; each process opens it for itself."""

    def __init__(self, source: CommitSource, landings: Landings, grounds: Grounds) -> None:
        register = Register(source.repository, source.commit)
        self._view = View(register, grounds, is_worktree=False)
        self._landings = landings
        self._parties = grounds.parties
        self._blobs: Mapping[str, str] = source.blobs()
        self._opened: dict[int, sqlite3.Connection | None] = {}
        """By the process that opened it."""

    def find(self, record_id: str, paths: list[str]) -> tuple[Standing | None] | None:
        """A record with all that is said of it, or None in its place where any of that cannot be
        read; None where the index does not know all of these files."""
        connection = self._connection()
        if connection is None:
            return None
        try:
            rows = connection.execute(tables.FILES_OF_ONE, (record_id,)).fetchall()
            read = {row.path: row for row in tables.file_rows(rows)}
        except (sqlite3.Error, ValueError, TypeError):
            self._opened[os.getpid()] = None
            return None
        files = [read.get(path) for path in paths]
        known = [row for row in files if row is not None and row.blob == self._blobs[row.path]]
        if len(known) < len(paths):
            return None
        return (self._standing(known),)

    def _standing(self, rows: list[tables.FileRow]) -> Standing | None:
        record, landed = None, []
        for row in rows:
            landing = self._landings.of_path(row.path)
            if row.data is None or row.sha256 is None:
                return None
            if row.is_record:
                record = Record(row.data, row.sha256)
            elif landing is None:
                return None
            else:
                landed.append(Landed(Statement(row.name, row.data, row.sha256), landing))
        return None if record is None else Standing(record, tuple(landed), self._parties)

    def _connection(self) -> sqlite3.Connection | None:
        process = os.getpid()
        if process not in self._opened:
            self._opened[process] = self._open(self._view.register.own_folder / "head.sqlite")
        return self._opened[process]

    def _open(self, file: Path) -> sqlite3.Connection | None:
        with suppress(sqlite3.Error, OSError):
            if not keeping.is_sealed(file):
                return None
            uri = f"{file.absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(uri, uri=True, isolation_level=None)
            connection.execute("BEGIN")
            if tables.state(connection).get("format") == self._view.made_of["format"]:
                return connection
            connection.close()
        return None
