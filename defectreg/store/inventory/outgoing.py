"""Files of Device data that leave the inventory: whole or not there, and in no git repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from defectreg.register.errors import CannotRun
from defectreg.store.inventory.places import repository_around


def check_outside_git(path: Path) -> None:
    """Raises CannotRun where a file at this path would be in a git repository."""
    repository = repository_around(path.resolve().parent)
    if repository is not None:
        raise CannotRun(
            f"{path} is in the git repository {repository}",
            "Device data stays outside git: name a file of no repository",
        )


@contextmanager
def outgoing(path: Path) -> Iterator[BinaryIO]:
    """Write a file in pieces: at the end it is there, readable to its owner alone, or not at all.

    What is no file, such as a pipe, is written as it comes. Raises CannotRun where it cannot be
    written, or would be in a git repository.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        check_outside_git(path)
        with _beside(path.resolve()) as file:
            yield file
    except OSError as error:
        raise CannotRun(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def _beside(place: Path) -> Iterator[BinaryIO]:
    beside = place.with_name(f".{place.name[:200]}.{os.urandom(6).hex()}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(handle)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
