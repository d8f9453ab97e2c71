"""Files renamed into a folder one by one, under a journal that whoever comes next can finish."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from defectreg.store.checksums import SUMS
from defectreg.store.publishing import fresh_beside, names_below, path_below

_JOURNAL = ".journal"
"""Its name is no path of a publication."""


def moved_in(fresh: Path, target: Path, gone: Sequence[str]) -> int:
    """Move all files of a fresh folder into the target, and remove others; returns how many came.

    The checksums come last: until then they are those of the old edition.
    """
    came = sorted(names_below(fresh), key=lambda name: (name == SUMS, name))
    if came or gone:
        journal = fresh / _JOURNAL
        draft = journal.with_suffix(".draft")
        draft.write_text(json.dumps({"came": came, "gone": list(gone)}), "utf-8")
        draft.replace(journal)
        _follow(fresh, target, came, gone)
    return len(came)


def finish(target: Path) -> None:
    """Finish what a killed run began; nothing where none did."""
    fresh = fresh_beside(target)
    try:
        journal = json.loads((fresh / _JOURNAL).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return
    _follow(fresh, target, journal["came"], journal["gone"])
    shutil.rmtree(fresh, ignore_errors=True)


def _follow(fresh: Path, target: Path, came: Iterable[str], gone: Iterable[str]) -> None:
    for name in came:
        source, place = path_below(fresh, name), path_below(target, name)
        if not os.path.lexists(source):  # moved before the run was killed
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        source.replace(place)
    for name in gone:
        place = path_below(target, name)
        place.unlink(missing_ok=True)
        with suppress(OSError):  # others stand there
            place.parent.rmdir()
    (fresh / _JOURNAL).unlink()
