"""The program as it stands, so that what it kept is taken only by the same program."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from defectreg import __version__

_PROGRAM = Path(__file__).parent.parent
_DECIDING = ("register", "store")
"""The folders of the program that decide what is kept of a register."""


@cache
def program(deciding: tuple[str, ...] = _DECIDING) -> tuple[object, ...]:
    """These folders of the program as they stand: one run from a clone changes within a version."""
    sources = (about for part in deciding for about in _sources(f"{_PROGRAM}/{part}"))
    return __version__, sorted(sources)


def holidays() -> tuple[object, ...]:
    """The package that knows bank holidays, by which reply windows end, as it is installed."""
    for folder in sys.path:
        with suppress(OSError):
            about = Path(folder, "holidays", "version.py").stat()
            return about.st_size, about.st_mtime_ns
    return ()


def _sources(folder: str) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of modification of the Python files below a folder."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                about = entry.stat()
                yield entry.path, about.st_size, about.st_mtime_ns
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _sources(entry.path)
