"""The filling of empty tables: a few processes read the records, one notes them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from defectreg.register.standing import Standing
from defectreg.register.statement import record_of
from defectreg.store.index import tables
from defectreg.store.index.entries import Entry, entry_of
from defectreg.store.index.tables import FileRow
from defectreg.store.index.views import View, read_row
from defectreg.store.long_work import long_work
from defectreg.store.processes import shared_out

if TYPE_CHECKING:
    from defectreg.store.landings import Landings, Reached

_TOGETHER = 128
"""Records that a process reads at a time."""


class _Read(NamedTuple):
    """A record's files, in the order of their paths; no entry where the record cannot be read."""

    files: list[FileRow]
    entry: Entry | None
    step: int | None
    """The step that landed the record."""


def fill(connection: sqlite3.Connection, view: View) -> Reached | None:
    """Note all that the view shows in tables that hold nothing; returns how far the history was
    walked for the landings."""
    from defectreg.store.landings import Landings

    register = view.register
    landings = Landings.of(register.repository, register.head, view.grounds)
    records: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for path, blob in sorted(view.blobs().items()):
        records[record_of(path) or ""][path] = blob
    ids = sorted(records)

    def read(some: Sequence[str]) -> list[_Read]:
        files = view.read({path: blob for each in some for path, blob in records[each].items()})
        rows = (read_row(view, *file) for file in files)
        return [*_together(rows, landings, view)]

    chunks = [ids[first : first + _TOGETHER] for first in range(0, len(ids), _TOGETHER)]
    with long_work("reading the register", len(ids)) as done:
        for some in shared_out(read, chunks):
            _note(connection, some)
            done(len(some))
    return landings.reached


def _together(rows: Iterable[FileRow], landings: Landings, view: View) -> Iterator[_Read]:
    files: defaultdict[str, list[FileRow]] = defaultdict(list)
    for row in rows:
        files[row.record_id].append(replace(row, landing=landings.of_path(row.path)))
    for record_id in sorted(files):
        one = sorted(files[record_id], key=lambda row: row.path)
        case = tables.case_of(one)
        if case is None:
            yield _Read(one, None, None)
            continue
        standing = Standing(case.record, case.landed, view.grounds.parties)
        entry = entry_of(standing, case.waiting, view.grounds.schemas)
        yield _Read(one, entry, None if case.landing is None else case.landing.step)


def _note(connection: sqlite3.Connection, some: Iterable[_Read]) -> None:
    for files, entry, step in some:
        tables.put_files(connection, files)
        landed = ((row.path, row.landing) for row in files if row.landing is not None)
        tables.set_landings(connection, landed)
        if entry is not None:
            tables.put_entry(connection, entry, step)
