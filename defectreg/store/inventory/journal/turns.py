"""Whose turn it is to write the journal: one run at a time, and what one that died had begun."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from defectreg.register.errors import CannotRun

PATIENCE = 600.0
"""Seconds to wait for another run that writes."""
_PAUSE = 0.05
_LONGEST = 1024


@dataclass(frozen=True, slots=True)
class Begun:
    """What a run that writes notes of itself before it begins."""

    process: int
    at: str
    """When it began, in UTC."""
    batch: int
    """The number of the batch that it is to write."""


class Turn:
    """The turn of this run; what the run before it had begun, where it was killed."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._has_begun = False
        self.left = _noted(handle)

    def begin(self, begun: Begun) -> None:
        """Note what this run is about to write."""
        self._has_begun = True
        text = json.dumps({"process": begun.process, "at": begun.at, "batch": begun.batch})
        self._write(text.encode())

    def end(self) -> None:
        """Note that nothing is being written, where this run had begun."""
        if self._has_begun:
            self._write(b"")

    def _write(self, data: bytes) -> None:
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, data, 0)
        os.fsync(self._handle)


@contextmanager
def turn(journal: Path, waits: Callable[[str], None], patience: float = PATIENCE) -> Iterator[Turn]:
    """Wait for this run's turn. ``waits`` is told once what is waited for.

    Raises CannotRun where the other run does not end in ``patience`` seconds.
    """
    place = journal.with_suffix(".lock")
    try:
        handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise CannotRun(f"{place} cannot be opened: {error.strerror}") from error
    try:
        _wait(handle, waits, time.monotonic() + patience)
        yield Turn(handle)
    finally:
        os.close(handle)


def read_left(journal: Path) -> Begun | None:
    """What a run noted that is gone without an end; None where one still runs, or none did."""
    place = journal.with_suffix(".lock")
    try:
        handle = os.open(place, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return _noted(handle)
    except BlockingIOError:
        return None
    finally:
        os.close(handle)


def _wait(handle: int, waits: Callable[[str], None], end: float) -> None:
    is_told = False
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise CannotRun(
                    f"{_other(handle)} writes the journal and does not end",
                    "nothing was changed: try again when it is done",
                ) from None
        if not is_told:
            waits(f"waiting for {_other(handle)}, which writes the journal")
            is_told = True
        time.sleep(_PAUSE)


def _other(handle: int) -> str:
    begun = _noted(handle)
    return f"process {begun.process}" if begun else "another run"


def _noted(handle: int) -> Begun | None:
    """What stands in the file; None for nothing, and for what was torn while it was written."""
    try:
        said = json.loads(os.pread(handle, _LONGEST, 0))
        return Begun(int(said["process"]), str(said["at"]), int(said["batch"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
