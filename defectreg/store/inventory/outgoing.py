"""Files of Device data that leave the inventory: whole or not there, and in no git repository."""

from __future__ import annotations

import fcntl
import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from defectreg.register.errors import CannotRun
from defectreg.store.inventory.places import repository_around

_BEING_WRITTEN = ".next"


def check_outside_git(path: Path) -> None:
    """Raises CannotRun where a file at this path would be in a git repository."""
    repository = repository_around(path.resolve().parent)
    if repository is not None:
        raise CannotRun(
            f"{path} is in the git repository {repository}",
            "Device data stays outside git: name a file of no repository",
        )


@contextmanager
def outgoing(path: Path, *, names_devices: bool = True) -> Iterator[BinaryIO]:
    """Write a file in pieces: at the end it is there, readable to its owner alone, or not at all.

    What is no file, such as a pipe, is written as it comes. Raises CannotRun where it cannot be
    written, or where it ``names_devices`` and would be in a git repository.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        if names_devices:
            check_outside_git(path)
        with _beside(path.resolve()) as file:
            yield file
    except OSError as error:
        raise CannotRun(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def outgoing_folder(path: Path) -> Iterator[Path]:
    """A folder for files: at the end it stands at the path with all of them, or not at all.

    With nothing in it none is made. Raises CannotRun where something is in the folder already,
    since that may have been sent, where it cannot be written, or would be in a git repository.
    """
    check_outside_git(path / "any")
    place = path.resolve()
    try:
        if place.exists() and (not place.is_dir() or next(place.iterdir(), None)):
            raise CannotRun(
                f"{path} is not empty, and what is in it may have been sent",
                "name a folder that is empty or not there yet",
            )
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_left(place)
        with _folder_beside(place) as beside:
            yield beside
            if next(beside.iterdir(), None):
                beside.replace(place)
    except OSError as error:
        raise CannotRun(
            f"{path} cannot be written: {error.strerror}",
            "name a folder that is not there yet, in one that you may write",
        ) from error


@contextmanager
def _folder_beside(place: Path) -> Iterator[Path]:
    """A folder beside a place, locked while somebody writes it, and gone at the end."""
    beside = place.with_name(f".{place.name[:200]}.{os.urandom(6).hex()}{_BEING_WRITTEN}")
    beside.mkdir(mode=0o700)
    handle = os.open(beside, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield beside
        os.fsync(handle)
    finally:
        os.close(handle)
        shutil.rmtree(beside, ignore_errors=True)


def _remove_left(place: Path) -> None:
    """Remove what killed runs left beside a place: nobody holds its lock."""
    for left in place.parent.glob(f".{glob.escape(place.name[:200])}.*{_BEING_WRITTEN}"):
        with suppress(OSError):
            handle = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left)
            finally:
                os.close(handle)


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
