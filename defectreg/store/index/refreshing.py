"""Bringing the tables to what a commit or work tree holds: only what moved is read."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path

from defectreg import __version__
from defectreg.register.grounds import Grounds
from defectreg.register.record import id_of_path
from defectreg.register.standing import Standing
from defectreg.register.statement import place_of_statement
from defectreg.store.git import blob_id
from defectreg.store.index import tables
from defectreg.store.index.entries import entry_of
from defectreg.store.index.tables import FileRow
from defectreg.store.index.turning import turns_of
from defectreg.store.places import Register

RECORDS = "records"
_STAGES = "stages"
"""Key of the state: what the stages are made of."""
_PROGRAM = Path(__file__).parent.parent.parent
_DECIDING = ("register", "store")
"""The folders of the program that decide what stands in the tables."""


@dataclass(frozen=True)
class View:
    """What the tables are to show: HEAD, or HEAD with what git says differs in the work tree."""

    register: Register
    grounds: Grounds
    is_worktree: bool

    @property
    def name(self) -> str:
        """The name of its file."""
        return "worktree" if self.is_worktree else "head"

    @cached_property
    def changed(self) -> Mapping[str, bytes | None]:
        """Files of the work tree that differ from HEAD's; None where one is gone."""
        if not self.is_worktree:
            return {}
        paths = [change.path for change in self.register.repository.changed(RECORDS)]
        there = dict(self.register.worktree_source.read_many(paths))
        return {path: there.get(path) for path in paths}

    @cached_property
    def made_of(self) -> dict[str, str]:
        """What decides the content of the tables: where it is the same, so are they."""
        register, grounds = self.register, self.grounds
        changed = {path: data and blob_id(data) for path, data in self.changed.items()}
        policy = grounds.policy
        return {
            "format": _digest([tables.FORMAT, program(), *self._schemas]),
            "files": _digest([register.repository.tree(register.head, RECORDS), changed]),
            "landings": _digest(
                [
                    register.head,
                    _cut(register),
                    policy.who_validates,
                    policy.dcc_reports_validated_by,
                ]
            ),
            "distrusted": _digest(sorted(grounds.parties.distrusted)),
        }

    @cached_property
    def stages_made_of(self) -> str:
        """What decides the stages of a record, beside what is said of it."""
        parties = [
            (party.slug, party.category, sorted(party.manufacturer_ids))
            for party in self.grounds.parties
        ]
        return _digest([asdict(self.grounds.policy), sorted(parties), holidays()])

    @property
    def _schemas(self) -> Iterator[object]:
        return (dict(self.grounds.schemas[name].document) for name in ("record", "statement"))

    def blobs(self) -> dict[str, str]:
        """The blob of every file that may be a record's or a statement's, by path."""
        register = self.register
        found = register.repository.listing(register.head, RECORDS)
        for path, data in self.changed.items():
            found.pop(path, None)
            if data is not None:
                found[path] = blob_id(data)
        return {path: blob for path, blob in found.items() if _record_id(path)}

    def read(self, paths: Mapping[str, str]) -> Iterator[tuple[str, str, bytes]]:
        """Path, blob and bytes of these files."""
        in_git = {path: blob for path, blob in paths.items() if path not in self.changed}
        found = self.register.repository.blobs(in_git.values())
        for path, (blob, data) in zip(in_git, found, strict=True):
            yield path, blob, data
        for path in paths.keys() & self.changed.keys():
            changed = self.changed[path]
            if changed is not None:
                yield path, paths[path], changed


def _cut(register: Register) -> str:
    """Where git's history is cut in this clone: ids of commits; empty where it is whole."""
    try:
        return (register.repository.common_dir / "shallow").read_text("ascii")
    except FileNotFoundError:
        return ""


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
            if entry.is_dir():
                yield from _sources(entry.path)
            elif entry.name.endswith(".py"):
                about = entry.stat()
                yield entry.path, about.st_size, about.st_mtime_ns


def refresh(connection: sqlite3.Connection, view: View) -> None:
    """Bring the tables to what the view shows, in the transaction that is open.

    Raises sqlite3.DatabaseError, also for tables of another format.
    """
    before = tables.state(connection)
    if before.items() >= view.made_of.items():
        return
    if before and before["format"] != view.made_of["format"]:
        raise sqlite3.DatabaseError("the tables are of another format")
    same = {key for key, value in view.made_of.items() if before.get(key) == value}
    moved: set[str] = set()
    if "files" not in same:
        moved |= _refresh_files(connection, view)
    if not {"files", "landings"} <= same:
        moved |= _refresh_landings(connection, view)
    if "distrusted" not in same:
        moved |= {_record_id(path) for path in tables.blobs(connection)}
    _derive(connection, view, sorted(moved))
    tables.set_state(connection, view.made_of)


def are_staged(connection: sqlite3.Connection, view: View, audience: str) -> bool:
    """Whether the stage of every record is noted for an audience."""
    is_same = tables.state(connection).get(_STAGES) == view.stages_made_of
    return is_same and not tables.without_stages(connection, audience)


def refresh_stages(connection: sqlite3.Connection, view: View, audience: str) -> None:
    """Note the stages that are not: for an audience, of what has moved since, or of all.

    Apart from the rest: it takes as long, and most questions ask for no stage.
    """
    if tables.state(connection).get(_STAGES) != view.stages_made_of:
        tables.remove_stages(connection)
    grounds = view.grounds
    for number, record_id in tables.without_stages(connection, audience):
        case = _case(connection, record_id)
        if case is not None:
            standing = Standing(case.record, case.landed, grounds.parties)
            turns = turns_of(standing, case.unread, grounds.policy, audience)
            tables.put_stages(connection, number, audience, turns)
    tables.set_state(connection, {_STAGES: view.stages_made_of})


def _refresh_files(connection: sqlite3.Connection, view: View) -> set[str]:
    """Read what came and forget what went; returns the ids of the records concerned."""
    before, now = tables.blobs(connection), view.blobs()
    came = {path: blob for path, blob in now.items() if before.get(path) != blob}
    gone = before.keys() - now.keys()
    tables.remove_files(connection, gone)
    tables.put_files(connection, (_row(view, *file) for file in view.read(came)))
    return {_record_id(path) for path in (*came, *gone)}


def _refresh_landings(connection: sqlite3.Connection, view: View) -> set[str]:
    """Note landings that are others now; returns the ids of the records concerned."""
    from defectreg.store.landings import Landings

    register = view.register
    landings = Landings.of(register.repository, register.head, view.grounds)
    moved = [
        (path, landings.of_path(path))
        for path, before in tables.landings(connection).items()
        if landings.of_path(path) != before
    ]
    tables.set_landings(connection, moved)
    return {_record_id(path) for path, _ in moved}


def _derive(connection: sqlite3.Connection, view: View, record_ids: Iterable[str]) -> None:
    """Note anew what is found of these records."""
    for record_id in record_ids:
        case = _case(connection, record_id)
        if case is None:
            tables.remove_entry(connection, record_id)
            continue
        standing = Standing(case.record, case.landed, view.grounds.parties)
        entry = entry_of(standing, case.waiting, view.grounds.schemas)
        step = None if case.landing is None else case.landing.step
        tables.put_entry(connection, entry, step)


def _case(connection: sqlite3.Connection, record_id: str) -> tables.Case | None:
    rows = connection.execute(tables.FILES_OF_ONE, (record_id,)).fetchall()
    return tables.case_of(tables.file_rows(rows))


def _row(view: View, path: str, blob: str, data: bytes) -> FileRow:
    from defectreg.register.checking import read_record, read_statement

    is_record = id_of_path(path) is not None
    reads = read_record if is_record else read_statement
    read, _ = reads(path, data, view.grounds)
    if read is None:
        return FileRow(path, blob, _record_id(path), is_record, None, None, None)
    said = read.value
    return FileRow(path, blob, _record_id(path), is_record, said.sha256, said.data, None)


def _record_id(path: str) -> str:
    """The id of the record to which a file belongs; empty where it belongs to none."""
    place = place_of_statement(path)
    return id_of_path(path) or (place[0] if place else "")


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
