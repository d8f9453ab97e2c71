"""What came of a commit's records when they were validated: kept, so that only what moved is
judged again.

A cache in the clone's own folder, never a truth of its own: what is damaged, or made by another
program or by other rules, is done without.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path

from defectreg.register.findings import Finding
from defectreg.register.grounds import is_ground
from defectreg.store.git.indexed import Unwatched
from defectreg.store.program import program
from defectreg.store.shelf import WRONG, Shelf
from defectreg.store.sources import WorkTreeSource

_FORMAT = 1
"""Raised with every change of what is kept."""
_NAME = "validated"
_FOLDERS = ("policy", "catalogue", "schema")
_DECIDING = ("gate",)
"""Folders of the program that decide what is found, beside those that a shelf knows of."""
_PACKAGES = ("yaml", "jsonschema", "jsonschema_rs")
"""Packages that decide too."""


@dataclass(frozen=True, slots=True)
class Validated:
    """What was found, and of what that is known.

    A unit is a record with what is said of it, named by the path of its file, or else a file. It is
    settled where each of its files was judged with the bytes that the commit has.
    """

    commit: str
    target: str
    """The commit on which requests land."""
    records: int
    """How many records are settled."""
    unsettled: frozenset[str]
    findings: tuple[Finding, ...]
    """Those of the settled units."""
    unwatched: Unwatched


def shelf_of(folder: Path, source: WorkTreeSource) -> Shelf:
    """Where that is kept, of files that are judged by the grounds of a work tree."""
    parts = (_FORMAT, sys.version, program(_DECIDING), *_installed())
    made_of = hashlib.sha256(json.dumps(parts).encode())
    for path, data in sorted(source.below(*_FOLDERS).items()):
        if is_ground(path):
            made_of.update(b"%d %d " % (len(path), len(data)) + os.fsencode(path) + data)
    return Shelf(folder, (made_of.hexdigest(),))


def taken(shelf: Shelf) -> Validated | None:
    """What was kept; None where nothing was that can be taken."""
    with suppress(*WRONG):
        commit, target, records, unsettled, findings, unwatched = json.loads(shelf.taken(_NAME))
        found = tuple(Finding(*finding) for finding in findings)
        watch = Unwatched(unwatched[0], tuple(unwatched[1]))
        return Validated(commit, target, records, frozenset(unsettled), found, watch)
    return None


def keep(shelf: Shelf, validated: Validated | None) -> None:
    """Keep it, where the folder takes it; None forgets what was kept."""
    value = validated and [
        validated.commit,
        validated.target,
        validated.records,
        sorted(validated.unsettled),
        [astuple(finding) for finding in validated.findings],
        astuple(validated.unwatched),
    ]
    # A name may be no UTF-8; as JSON within JSON it is ASCII.
    shelf.keep(_NAME, json.dumps(value))


def _installed() -> Iterator[tuple[str, int, int]]:
    for package in _PACKAGES:
        for folder in sys.path:
            with suppress(OSError):
                about = Path(folder, package, "__init__.py").stat()
                yield package, about.st_size, about.st_mtime_ns
                break
