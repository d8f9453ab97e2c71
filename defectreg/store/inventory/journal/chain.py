"""Whether a journal is whole: digests that chain its batches, and the seal that lies beside it.

SQLite does not see every changed byte of its file, and takes a write-ahead log that was cut off
for its end. So each batch has a digest over its rows and over the digest of the batch before, and
beside the journal lies its seal: the last batch, and SHA-256 of the file that ends with it. A file
that is as it was sealed is whole; any other is read from its first row to its last.

This finds what broke, not who may write both files: whoever must be able to prove that nothing was
taken away notes the digest of the last batch elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from defectreg.register.errors import CannotRun
from defectreg.store.files import FileProblem, read_bounded, write_atomically
from defectreg.store.inventory.journal import tables

_LONGEST = 1024
_AT_ONCE = 10_000
"""Rows that are read at once."""
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_HINT = "restore the journal's files from a backup, all of the same time"


class Damaged(CannotRun):
    """A journal that is not what was written."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"the journal is damaged: {sentence}", _HINT)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of the journal: see ``tables``."""

    number: int
    kind: str
    at: str
    applied_by: str
    snapshot: str
    first: int
    size: int
    previous: str
    digest: str

    @property
    def end(self) -> int:
        """The seq after that of its last row."""
        return self.first + self.size


@dataclass(frozen=True, slots=True)
class Seal:
    """What lies beside a journal: its last batch, and SHA-256 of the file ('' where not known)."""

    number: int = 0
    digest: str = ""
    file: str = ""


class Digest:
    """The digest of a batch, while its rows come."""

    def __init__(self) -> None:
        self._sum = hashlib.sha256()
        self._mark = b"["

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Count rows in; however they are divided, the digest is the same."""
        if rows:
            self._sum.update(self._mark + _ENCODE(rows)[1:-1].encode())
            self._mark = b","

    def end(self, columns: Sequence[Any]) -> str:
        """The digest, of a batch with these columns."""
        self._sum.update((b"[]" if self._mark == b"[" else b"]") + b"\n")
        self._sum.update(_ENCODE(columns).encode())
        return self._sum.hexdigest()


def seal_of(journal: Path) -> Path:
    return journal.with_suffix(".seal")


def read_seal(journal: Path) -> Seal:
    """The seal of a journal; one without a batch where there is none. Raises Damaged."""
    place = seal_of(journal)
    if not place.exists():
        return Seal()
    try:
        said = json.loads(read_bounded(place, _LONGEST))
        seal = Seal(int(said["number"]), str(said["digest"]), str(said["file"]))
    except (ValueError, TypeError, KeyError, RecursionError, FileProblem) as error:
        raise Damaged(f"{place.name} cannot be read") from error
    return seal


def write_seal(journal: Path, last: Batch, *, is_settled: bool) -> None:
    """Seal a journal that ends with a batch; ``is_settled``: all of it is in its file."""
    file = digest_of(journal) if is_settled else ""
    seal = {"number": last.number, "digest": last.digest, "file": file}
    write_atomically(seal_of(journal), f"{json.dumps(seal)}\n".encode())


def digest_of(file: Path) -> str:
    """SHA-256 of a file. Nobody in this process may have it open as a database: closing it here
    would drop the locks of the other."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def check_sealed(connection: sqlite3.Connection, seal: Seal, file: str) -> None:
    """Raise Damaged unless the journal is whole; ``file`` is its digest before it was opened."""
    last = last_batch(connection)
    number = last.number if last else 0
    if number < seal.number:
        raise Damaged(f"it ends with batch {number}, and {seal.number} were written")
    if last is None or (seal.number, seal.digest, seal.file) != (number, last.digest, file):
        check_whole(connection, seal)


def check_whole(connection: sqlite3.Connection, seal: Seal) -> None:
    """Read all of a journal; raise Damaged unless every row is as it was written."""
    try:
        if not tables.are_whole(connection):
            raise Damaged("its tables are not as they were made")
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise Damaged("SQLite finds its pages torn")
        digests = _check_chain(connection)
    except (sqlite3.Error, UnicodeError) as error:
        raise Damaged("SQLite cannot read it") from error
    if seal.number and (len(digests) < seal.number or digests[seal.number - 1] != seal.digest):
        raise Damaged(f"batch {seal.number} is not the one that was sealed")


def last_batch(connection: sqlite3.Connection) -> Batch | None:
    """The last batch as it stands there; None where there is none."""
    return next(batches(connection, "ORDER BY number DESC LIMIT 1"), None)


def batches(
    connection: sqlite3.Connection, condition: str = "ORDER BY number", *values: Any
) -> Iterator[Batch]:
    """Batches as they stand there, under a condition in SQL."""
    for row in connection.execute(f"{tables.BATCH} {condition}", values):
        yield Batch(*row)


def _check_chain(connection: sqlite3.Connection) -> list[str]:
    """The digest of each batch, of rows that are all there and as they were written."""
    digests: list[str] = []
    ends = dict.fromkeys(tables.ROWS, 1)
    for batch in list(batches(connection)):
        previous = digests[-1] if digests else ""
        if (batch.number, batch.previous) != (len(digests) + 1, previous):
            raise Damaged(f"batch {batch.number} does not follow the one before it")
        if batch.first != ends.get(batch.kind) or _digest_of(connection, batch) != batch.digest:
            raise Damaged(f"rows of batch {batch.number} are not as they were written")
        ends[batch.kind] = batch.end
        digests.append(batch.digest)
    for kind, end in ends.items():
        if connection.execute(f"{tables.ROWS[kind]} WHERE seq >= ? OR seq < 1", (end,)).fetchone():
            raise Damaged("it has rows of no batch")
    return digests


def _digest_of(connection: sqlite3.Connection, batch: Batch) -> str:
    digest, size = Digest(), 0
    between = f"{tables.ROWS[batch.kind]} WHERE seq >= ? AND seq < ? ORDER BY seq"
    for rows in _pieces(connection.execute(between, (batch.first, batch.end))):
        digest.add(rows)
        size += len(rows)
    return digest.end(columns_of(batch)) if size == batch.size else ""


def columns_of(batch: Batch) -> Sequence[Any]:
    """What of a batch enters its digest."""
    return (
        batch.number,
        batch.kind,
        batch.at,
        batch.applied_by,
        batch.snapshot,
        batch.first,
        batch.size,
        batch.previous,
    )


def _pieces(cursor: sqlite3.Cursor) -> Iterable[list[Any]]:
    while rows := cursor.fetchmany(_AT_ONCE):
        yield rows
