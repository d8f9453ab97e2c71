"""Bringing the tables to what a commit or work tree holds: only what moved is read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from defectreg.register.standing import Landing, Standing
from defectreg.register.statement import record_of
from defectreg.store.index import tables
from defectreg.store.index.entries import entry_of
from defectreg.store.index.filling import fill
from defectreg.store.index.moving import blobs_of, changed_then, moved_files
from defectreg.store.index.turning import turns_of
from defectreg.store.index.views import View, read_row
from defectreg.store.long_work import long_work

if TYPE_CHECKING:
    from defectreg.store.landings import LandingsSince

_REACHED = "reached"
"""Key of the state: how far the history was walked for the landings."""


def refresh(connection: sqlite3.Connection, view: View) -> None:
    """Bring the tables to what the view shows, in the transaction that is open.

    Raises sqlite3.DatabaseError, also for tables of another format.
    """
    before = tables.state(connection)
    if before.items() >= view.made_of.items():
        return
    if not before:
        reached = fill(connection, view)
        tables.set_state(connection, {_REACHED: reached.text} if reached else {})
        tables.set_state(connection, view.made_of)
        return
    if before["format"] != view.made_of["format"]:
        raise sqlite3.DatabaseError("the tables are of another format")
    moved, new = _refresh_files(connection, view, before)
    moved |= _refresh_landings(connection, view, before, new)
    if before.get("distrusted") != view.made_of["distrusted"]:
        moved = {record_of(path) or "" for path in tables.blobs(connection)} | moved
    _derive(connection, view, sorted(moved))
    tables.set_state(connection, view.made_of)


def are_staged(connection: sqlite3.Connection, view: View, audience: str) -> bool:
    """Whether the stage of every record is noted for an audience."""
    is_same = tables.stages_made_of(connection, audience) == view.stages_made_of
    return is_same and not tables.without_stages(connection, audience)


def refresh_stages(connection: sqlite3.Connection, view: View, audience: str) -> None:
    """Note the stages that are not: for an audience, of what has moved since, or of all.

    Apart from the rest: it takes as long, and most questions ask for no stage.
    """
    if tables.stages_made_of(connection, audience) != view.stages_made_of:
        tables.begin_stages(connection, audience, view.stages_made_of)
    grounds = view.grounds
    without = tables.without_stages(connection, audience)
    with long_work("asking for stages", len(without)) as done:
        for number, record_id in without:
            case = _case(connection, record_id)
            if case is not None:
                standing = Standing(case.record, case.landed, grounds.parties)
                turns = turns_of(standing, case.unread, grounds.policy, audience)
                tables.put_stages(connection, number, audience, turns)
            done(1)
    tables.end_stages(connection, audience)


def _refresh_files(
    connection: sqlite3.Connection, view: View, before: Mapping[str, str]
) -> tuple[set[str], set[str]]:
    """Read what came and forget what went.

    Returns the ids of the records concerned, and the paths that the tables did not know.
    """
    moves = _moved_files(view, before)
    if moves is None:
        known, now = tables.blobs(connection), view.blobs()
        moves = {**dict.fromkeys(known), **now}
    else:
        known = tables.blobs_among(connection, moves)
    came = {path: blob for path, blob in moves.items() if blob and known.get(path) != blob}
    gone = [path for path, blob in moves.items() if blob is None and path in known]
    tables.remove_files(connection, gone)
    tables.put_files(connection, (read_row(view, *file) for file in view.read(came)))
    return {record_of(path) or "" for path in (*came, *gone)}, came.keys() - known.keys()


def _moved_files(view: View, before: Mapping[str, str]) -> dict[str, str | None] | None:
    """What may have moved since the tables were filled; None where that cannot be told."""
    changed = changed_then(before.get("changed", ""))
    if changed is None or "commit" not in before:
        return None
    register = view.register
    commits = before["commit"], register.head
    return moved_files(register.repository, commits, (changed, view.changed_blobs))


def _refresh_landings(
    connection: sqlite3.Connection, view: View, before: Mapping[str, str], new: set[str]
) -> set[str]:
    """Note landings that are others now; returns the ids of the records concerned.

    ``new`` are paths of which the tables know no landing yet.
    """
    since = _landings_since(view, before)
    if since is None or _landed_before(view, new - since.landed.keys()):
        return _refresh_all_landings(connection, view)
    moved: dict[str, Landing | None] = {**dict.fromkeys(since.gone), **since.landed}
    known = tables.blobs_among(connection, moved)
    tables.set_landings(connection, ((path, moved[path]) for path in known))
    tables.set_state(connection, {_REACHED: since.reached.text})
    return {record_of(path) or "" for path in known}


def _landings_since(view: View, before: Mapping[str, str]) -> LandingsSince | None:
    """What landed since the tables were filled; None where that cannot be told."""
    from defectreg.store.landings import Reached, landings_since

    reached = Reached.parse(before.get(_REACHED, ""))
    register = view.register
    if reached is None:
        return None
    return landings_since(register.repository, reached, register.head, view.grounds)


def _landed_before(view: View, paths: set[str]) -> bool:
    """Whether the commit has any of these files, which no step since has brought."""
    register = view.register
    return any(blobs_of(register.repository, register.head, paths).values())


def _refresh_all_landings(connection: sqlite3.Connection, view: View) -> set[str]:
    """The same by the whole history."""
    from defectreg.store.landings import Landings

    register = view.register
    landings = Landings.of(register.repository, register.head, view.grounds)
    moved = [
        (path, landings.of_path(path))
        for path, before in tables.landings(connection).items()
        if landings.of_path(path) != before
    ]
    tables.set_landings(connection, moved)
    if landings.reached is not None:
        tables.set_state(connection, {_REACHED: landings.reached.text})
    return {record_of(path) or "" for path, _ in moved}


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
