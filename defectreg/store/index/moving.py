"""What moved since the tables were filled: asked of git, never by listing all that there is."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from defectreg.register.statement import record_of
from defectreg.store.git import GitError, Move, Repository

_MOST_NAMED = 500
"""Paths that are named to git one by one; above that a whole folder is listed."""
_FOLDER = "records"
_ANOTHER_REPOSITORY = "160000"


def moved_files(
    repository: Repository,
    commits: tuple[str, str],
    changed: tuple[Mapping[str, str | None], Mapping[str, str | None]],
) -> dict[str, str | None] | None:
    """The blob of each record's or statement's file that may be another one than it was; None in
    its place where there is none any more.

    Of both views, the earlier first, the commit and what the work tree has otherwise: path → blob.
    None where git does not have both commits.
    """
    try:
        moves = {move.path: _blob(move) for move in _moves(repository, *commits)}
    except GitError:
        return None
    before, now = changed
    restored = [path for path in before if path not in now and path not in moves]
    found = {**moves, **blobs_of(repository, commits[1], restored)}
    for path, blob in now.items():
        if path in moves or path not in before or before[path] != blob:
            found[path] = blob
    return {path: blob for path, blob in found.items() if record_of(path)}


def blobs_of(
    repository: Repository, commit: str, paths: Collection[str]
) -> dict[str, str | None]:  # fmt: skip
    """The blob that a commit has of each of these files; None where it has none."""
    if not paths:
        return {}
    named = paths if len(paths) <= _MOST_NAMED else (_FOLDER,)
    listing = repository.listing(commit, *named)
    return {path: listing.get(path) for path in paths}


def changed_then(noted: str) -> dict[str, str | None] | None:
    """What the work tree had otherwise, as the state of the tables notes it; None for no note."""
    try:
        read = json.loads(noted)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _moves(repository: Repository, before: str, now: str) -> list[Move]:
    return [] if before == now else repository.moved(before, now)


def _blob(move: Move) -> str | None:
    if move.after is None or move.after.mode == _ANOTHER_REPOSITORY:
        return None
    return move.after.blob
