"""Files outside git's objects: written whole or not at all, read only when they are plain."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Literal

from defectreg.register.errors import CannotRun

LONGEST = 65536
"""Bytes that a file of the register may have."""


class FileProblem(CannotRun):
    """A file that cannot be read or written as it should."""


def write_atomically(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Put ``data`` at ``path``: whoever looks sees the old bytes or the new, also after a crash.

    Folders that are missing are made; a file that was there keeps its permissions, another gets
    those of ``mode`` that the user's mask leaves.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name[:200]}.{os.urandom(6).hex()}")
        try:
            _write_new(beside, data, mode)
            if path.is_file() and not path.is_symlink():
                beside.chmod(stat.S_IMODE(path.stat().st_mode))
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise FileProblem(f"{path} cannot be written: {error.strerror}") from error


def read_bounded(path: Path | str, limit: int = LONGEST + 1) -> bytes:
    """At most ``limit`` bytes of a regular file: one more than may be, so that too long shows.

    Raises FileProblem for what is no regular file (a symbolic link, a folder, a pipe, a device)
    and for what cannot be read; it neither follows nor waits.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise FileProblem(_why_not_opened(path, error)) from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise FileProblem(f"{path} is not a regular file")
        return _read_up_to(handle, limit)
    except OSError as error:
        raise FileProblem(f"{path} cannot be read: {error.strerror}") from error
    finally:
        os.close(handle)


def draft(folder: Path, name: str, text: str) -> Path:
    """Keep text that a person typed, readable to them alone; returns where it lies.

    Never overwrites: beside ``name.yaml`` the next is ``name-2.yaml``.
    """
    wanted = Path(Path(name).name or "draft")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in count(1):
            suffix = f"-{number}" if number > 1 else ""
            path = folder / f"{wanted.stem}{suffix}{wanted.suffix}"
            with suppress(FileExistsError):
                _write_new(path, text.encode("utf-8", "backslashreplace"), 0o600)
                return path
    except OSError as error:
        raise FileProblem(f"nothing can be kept in {folder}: {error.strerror}") from error
    raise AssertionError("the numbers ended")


def packaged(name: Literal["schema", "templates", "catalogue"]) -> Path:
    """The folder of that name that came with the program: in the wheel, or in its clone."""
    package = Path(__file__).parents[1]
    for folder in (package / "data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise FileProblem(f"the program's folder {name} is missing", "install defectreg again")


def packaged_document(name: Literal["sources.md"]) -> str:
    """A document that came with the program: in the wheel, or in its clone."""
    package = Path(__file__).parents[1]
    for path in (package / "data" / name, package.parent / "docs" / name):
        if path.is_file():
            return path.read_text("utf-8")
    raise FileProblem(f"the program's document {name} is missing", "install defectreg again")


def _write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a file that must not exist yet, down to the disc."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_up_to(handle: int, limit: int) -> bytes:
    pieces = []
    while limit > 0 and (piece := os.read(handle, limit)):
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)


def _why_not_opened(path: Path | str, error: OSError | ValueError) -> str:
    if Path(path).is_symlink():
        return f"{path} is a symbolic link, not a file"
    why = error.strerror if isinstance(error, OSError) else "no file has such a name"
    return f"{path} cannot be read: {why}"
