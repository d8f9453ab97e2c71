"""The file of the journal: opened and found whole; written a batch at a time, or not at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from defectreg.register.errors import CannotRun
from defectreg.store.files import FileProblem
from defectreg.store.inventory.journal import tables
from defectreg.store.inventory.journal.asking import Journal
from defectreg.store.inventory.journal.chain import (
    Batch,
    Damaged,
    Digest,
    Seal,
    check_sealed,
    check_whole,
    columns_of,
    digest_of,
    read_seal,
    write_seal,
)
from defectreg.store.inventory.journal.turns import PATIENCE, Begun, read_left, turn

_PATIENCE_WITH_READERS = 1000
"""Milliseconds to wait for those who still read what stood there before."""
_CACHE = 65_536
"""KiB of pages that a batch may change before SQLite writes some of them into its log."""
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_CODE = 0xFF
"""The bits of SQLite's extended error codes that say what kind of error it is."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Of what kind a batch is, when it is written (UTC, ISO 8601), and by whom."""

    kind: str
    at: str
    applied_by: str = ""


class Draft(Journal):
    """A journal to which rows of one kind are being added; none is kept unless that is asked."""

    def __init__(self, books: Sequence[sqlite3.Connection], occasion: Occasion) -> None:
        super().__init__(books)
        self._occasion = occasion
        self._digest = Digest()
        self.first = self._next = self.next_seq(occasion.kind.removesuffix("s"))
        self.kept_batch: Batch | None = None
        """The batch, once it is kept."""

    def add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows: the columns of their table but seq."""
        numbered = [(seq, *row) for seq, row in enumerate(rows, self._next)]
        self._books[-1].executemany(tables.PUT[self._occasion.kind], numbered)
        self._digest.add(numbered)
        self._next += len(numbered)

    def keep(self, snapshot: str = "") -> Batch:
        """Write the batch down, judged on that snapshot: from here on the journal holds it."""
        last, occasion = self.last(), self._occasion
        undigested = Batch(
            last.number + 1 if last else 1,
            occasion.kind,
            max(occasion.at, last.at) if last else occasion.at,
            occasion.applied_by,
            snapshot,
            self.first,
            self._next - self.first,
            last.digest if last else "",
            digest="",
        )
        columns = columns_of(undigested)
        batch = replace(undigested, digest=self._digest.end(columns))
        self._books[-1].execute(tables.PUT_BATCH, (*columns, batch.digest))
        self._books[-1].execute("COMMIT")
        self.kept_batch = batch
        return batch


@contextmanager
def read_journal(place: Path, *, whole: bool = False) -> Iterator[Journal]:
    """The journal, found whole, as it is now; without a row where none was written yet.

    ``whole`` reads all of it; otherwise that is done only where it is not as it was sealed.
    Raises Damaged, and CannotRun where it cannot be read.
    """
    with _said(place, "read"), closing(_opened(place, whole=whole)) as book:
        yield Journal([book])


@contextmanager
def write_journal(
    place: Path,
    occasion: Occasion,
    says: Callable[[str], None],
    patience: float = PATIENCE,
) -> Iterator[Draft]:
    """The journal, found whole, for one batch; what is added is gone unless ``keep`` is called.

    Others that would write wait. ``says`` is told what is waited for, and what a run that was
    killed has left. Raises Damaged, and CannotRun where it cannot be written.
    """
    with turn(place, says, patience) as mine, _said(place, "written"):
        seal, file = _before_opening(place)
        try:
            with closing(_writable(place)) as book:
                _begin(book, seal, file)
                draft = Draft([book], occasion)
                _tell_of_left(mine.left, draft, says)
                before = draft.last()
                mine.begin(Begun(os.getpid(), occasion.at, before.number + 1 if before else 1))
                yield draft
                is_settled = _settled(book, draft)
            last = draft.kept_batch or before
            if last and (draft.kept_batch or seal != Seal(last.number, last.digest, file)):
                with suppress(FileProblem, OSError):  # the next who opens it then reads all of it
                    write_seal(place, last, is_settled=is_settled)
        finally:
            mine.end()


@contextmanager
def try_journal(place: Path, occasion: Occasion) -> Iterator[Draft]:
    """As :func:`write_journal`, but nothing is ever kept, and nobody waits."""
    with (
        _said(place, "read"),
        closing(_opened(place, whole=False)) as kept,
        closing(sqlite3.connect("", isolation_level=None)) as tried,
    ):
        tried.execute("PRAGMA journal_mode = OFF")
        tables.create(tried)
        tried.execute("BEGIN")
        yield Draft([kept, tried], occasion)


def left_by(place: Path) -> str | None:
    """What a run that was killed has left, in a sentence; None where there was none."""
    left = read_left(place)
    if left is None:
        return None
    with read_journal(place) as journal:
        return _of_left(left, journal)


def _opened(place: Path, *, whole: bool) -> sqlite3.Connection:
    """A connection that reads the journal as it is now, found whole."""
    seal, file = _before_opening(place)
    if not file:
        return _without_rows()
    connection = sqlite3.connect(
        f"{place.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None
    )
    try:
        connection.execute("BEGIN")
        if tables.is_empty(connection) and not seal.number:
            connection.close()
            return _without_rows()
        _check_format(connection, place)
        check_whole(connection, seal) if whole else check_sealed(connection, seal, file)
    except BaseException:
        connection.close()
        raise
    return connection


def _before_opening(place: Path) -> tuple[Seal, str]:
    """The seal of a journal and the digest of its file, '' where there is none."""
    seal = read_seal(place)
    if place.is_symlink():
        raise CannotRun(f"{place} is a symbolic link")
    if not place.exists():
        if seal.number:
            raise Damaged(f"{place.name} is gone, and {seal.number} batches were written")
        return seal, ""
    return seal, digest_of(place)


def _without_rows() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    tables.create(connection)
    return connection


def _writable(place: Path) -> sqlite3.Connection:
    os.close(os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    connection = sqlite3.connect(place, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute(f"PRAGMA cache_size = {-_CACHE}")
    except BaseException:
        connection.close()
        raise
    return connection


def _begin(book: sqlite3.Connection, seal: Seal, file: str) -> None:
    book.execute("BEGIN IMMEDIATE")
    if tables.is_empty(book) and not seal.number:
        tables.create(book)
        return
    _check_format(book, None)
    check_sealed(book, seal, file)


def _check_format(connection: sqlite3.Connection, place: Path | None) -> None:
    if not tables.are_ours(connection):
        name = place.name if place else "the file"
        raise CannotRun(
            f"{name} is no journal of this version of defectreg", "move it elsewhere, and look"
        )


def _tell_of_left(left: Begun | None, draft: Draft, says: Callable[[str], None]) -> None:
    if left is not None:
        says(_of_left(left, draft))


def _of_left(left: Begun, journal: Journal) -> str:
    last = journal.last()
    run = f"a run begun at {left.at} was stopped"
    if last is None or last.number < left.batch:
        return f"{run}: nothing of it is in the journal"
    return f"{run}: all of its batch, number {left.batch}, is in the journal"


def _settled(book: sqlite3.Connection, draft: Draft) -> bool:
    """End what is open; whether all that was kept is now in the file itself."""
    if draft.kept_batch is None:
        book.execute("ROLLBACK")
    with suppress(sqlite3.Error):  # what was kept is in the log, where the next run finds it
        book.execute(f"PRAGMA busy_timeout = {_PATIENCE_WITH_READERS}")
        is_busy, *_ = book.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not is_busy
    return False


@contextmanager
def _said(place: Path, doing: str) -> Iterator[None]:
    """What SQLite refuses, in a sentence."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & _CODE in _BROKEN:
            raise Damaged("SQLite cannot read it") from error
        raise CannotRun(
            f"the journal {place} cannot be {doing}: {error}",
            "defectreg inventory log says which batches it holds",
        ) from error
