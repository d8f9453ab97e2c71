"""A folder of pages that replaces the last one whole, and the templates that pages are made of."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from defectreg.store.checksums import SUMS, names_of, remarks_in
from defectreg.store.files import FileProblem, packaged
from defectreg.store.locking import alone_in
from defectreg.store.sources import CommitSource

TEMPLATES = "templates/site/"
_HERE = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE
_CANNOT_EXCHANGE = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EXDEV)


def site_templates(source: CommitSource) -> dict[str, str]:
    """The templates of the site by file name: a register's own go before the program's."""
    folder = packaged("templates") / "site"
    found = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    found |= {
        path.removeprefix(TEMPLATES): data for path, data in source.below(TEMPLATES[:-1]).items()
    }
    return {name: _text(name, data) for name, data in found.items()}


def replace_folder(target: Path, files: Iterable[tuple[str, bytes]], mark: str) -> int:
    """Write files into a fresh folder that then takes the place of ``target``; returns how many.

    Whoever looks, also after a kill, sees the old folder or the new. Raises FileProblem where
    ``target`` holds anything but a publication, which is known by the mark, the first remark in
    its SUMS; or where another run is writing it.
    """
    target = place_of(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with alone(target.parent):
            check_replaceable(target, mark)
            return _replace(target, files)
    except OSError as error:
        raise FileProblem(f"{target} cannot be written: {error.strerror}") from error


def place_of(target: Path) -> Path:
    """Where a folder is, without links. Raises FileProblem where none can stand beside it."""
    place = target.resolve()
    if not place.name:
        raise FileProblem(f"{place} can be no publication", "give --output another place")
    return place


def bears_mark(folder: Path, mark: str) -> bool:
    """Whether a folder holds a publication, as the first remark in its SUMS says."""
    return remarks_in(_first_list(folder))[:1] == [mark]


def _first_list(folder: Path) -> str:
    sums = folder / SUMS
    if sums.is_symlink() or not sums.is_file():
        return ""
    return sums.read_text("utf-8", "replace")


def check_replaceable(target: Path, mark: str) -> None:
    """Raises FileProblem where a folder holds what replacing it would lose."""
    if not target.exists():
        return
    if not target.is_dir():
        raise FileProblem(f"{target} is not a folder", "give --output another place")
    found = set(names_below(target))
    if found and not bears_mark(target, mark):
        raise FileProblem(
            f"{target} is not empty and no publication", "give --output another place"
        )
    foreign = found - names_of(target, _first_list(target)) - {SUMS}
    if foreign:
        raise FileProblem(
            f"{target} holds what no publication wrote: {min(foreign)!a}",
            "move it away, or give --output another place",
        )


def names_below(folder: Path, prefix: str = "") -> Iterator[str]:
    """The files below a folder, by their paths from it; links are files, whatever they lead to."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from names_below(folder / entry.name, f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name


def path_below(folder: Path, name: str) -> Path:
    """Where a file stands. Raises FileProblem for a name that leads out of the folder."""
    if name.startswith("/") or ".." in name.split("/"):
        raise FileProblem(f"{name!a} leads out of the publication")
    return folder / name


def fresh_beside(target: Path) -> Path:
    """A folder for what is to replace the target, or a part of it; its name is nobody else's."""
    return target.with_name(f".{target.name}.{os.urandom(6).hex()}.next")


def aside_of(fresh: Path) -> Path:
    """Where the target stands for a moment, on systems that cannot exchange folders."""
    return fresh.with_name(f"{fresh.name}.last")


def _text(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileProblem(f"{TEMPLATES}{name} is not UTF-8", "restore it from git") from error


def alone(folder: Path) -> AbstractContextManager[None]:
    """Hold a lock on the folder in which the target stands."""
    return alone_in(folder, f"another run is publishing into {folder}")


def _replace(target: Path, files: Iterable[tuple[str, bytes]]) -> int:
    fresh = fresh_beside(target)
    fresh.mkdir()
    try:
        number = _write_below(fresh, files)
        swap(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)  # now the old one, or what was not finished
    return number


def _write_below(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    number, made = 0, {folder}
    for name, data in files:
        path = path_below(folder, name)
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        with path.open("xb") as file:
            file.write(data)
        number += 1
    return number


def swap(fresh: Path, target: Path) -> None:
    """Put a fresh folder in the place of the target; ``fresh`` may be the old one afterwards."""
    if not target.exists() or not any(target.iterdir()):
        fresh.replace(target)
    elif not _exchanged(fresh, target):
        aside = aside_of(fresh)
        target.replace(aside)
        fresh.replace(target)
        aside.replace(fresh)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where this system cannot."""
    exchange = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if exchange is None:
        return False
    if exchange(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(other))
