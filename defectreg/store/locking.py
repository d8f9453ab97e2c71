"""One run at a time in a folder: who comes second is told, and does not wait."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from defectreg.store.files import FileProblem


@contextmanager
def alone_in(folder: Path, sentence: str) -> Iterator[None]:
    """Hold a lock on a folder; the system lets go of it however this run ends.

    Raises FileProblem with the sentence where another run holds it, OSError for no such folder.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FileProblem(sentence, "wait for its end") from error
        yield
    finally:
        os.close(handle)
