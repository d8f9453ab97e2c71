"""The file of the index: opened, filled, sealed; rebuilt where it is damaged, done without else.

SQLite does not see every changed byte of its file, so the file is sealed: after each filling its
time of modification is set to one day of the past. Whoever writes to it later breaks the seal,
and what is not sealed is made anew.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from defectreg.store.index import tables

_SEALED = 946_684_800
"""Seconds since 1970: midnight of 1 January 2000, which every file system can hold."""
_PATIENCE = 60.0
"""Seconds to wait for another process that fills the same file."""
_PAUSE = 0.02
_PATIENCE_WITH_READERS = 1000
"""Milliseconds to wait for those who still read what stood there before."""

Fill = Callable[[sqlite3.Connection], None]
"""Brings the tables up to date within the open transaction."""


class Busy(OSError):
    """Another process fills the file and does not end."""


def opened(file: Path, fill: Fill) -> sqlite3.Connection:
    """Tables brought up to date, in a transaction that sees what stands in them now.

    Kept in ``file`` where that can be; where it cannot, in memory.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with _locked(file.with_suffix(".lock")):
            return _kept(file, fill)
    except (sqlite3.Error, OSError):
        return in_memory(fill)


def in_memory(fill: Fill) -> sqlite3.Connection:
    """Tables made anew, and gone when the connection is closed."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _create_and_fill(connection, fill)
    return connection


def _kept(file: Path, fill: Fill) -> sqlite3.Connection:
    if is_sealed(file):
        try:
            return _filled(file, fill)
        except sqlite3.DatabaseError:
            pass  # damaged in a way that a seal does not show, or of another format
    _remove(file)
    return _filled(file, fill)


def _filled(file: Path, fill: Fill) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        _create_and_fill(connection, fill)
        _seal(connection, file)
        connection.execute("BEGIN")
        tables.state(connection)  # from here on, what others write is not seen
    except BaseException:
        connection.close()
        raise
    return connection


def _create_and_fill(connection: sqlite3.Connection, fill: Fill) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        tables.create(connection)
        fill(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def break_seal(file: Path) -> None:
    """Let the next who opens the file make it anew; who fills it now does not seal it after."""
    with suppress(OSError), _locked(file.with_suffix(".lock")):
        os.utime(file)


def is_sealed(file: Path) -> bool:
    """Whether nobody wrote to the file since it was filled."""
    try:
        return file.lstat().st_mtime_ns == _SEALED * 1_000_000_000
    except FileNotFoundError:
        return False


def _seal(connection: sqlite3.Connection, file: Path) -> None:
    """Seal the file, unless a reader of earlier content keeps it from being whole."""
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_WITH_READERS}")
    is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if not is_busy:
        seal(file)


def seal(file: Path) -> None:
    """Note of a file that from now on nobody may write to it."""
    os.utime(file, (_SEALED, _SEALED))


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


@contextmanager
def _locked(lock: Path) -> Iterator[None]:
    """While this process alone fills the file beside the lock."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
    try:
        _wait_for(handle)
        yield
    finally:
        os.close(handle)


def _wait_for(handle: int) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise Busy("another process fills the index") from None
            time.sleep(_PAUSE)
