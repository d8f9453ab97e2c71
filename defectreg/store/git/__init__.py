"""Git: what a repository holds, what happened in it, and how one commit is made.

Reading is `Repository`; writing is `commit` and `init`. Whatever git refuses, and whatever would
let a repository's own settings run a program, is a `GitError` with a sentence.
"""

from __future__ import annotations

from defectreg.store.git.calling import GitError, GitMissing, NotARepository
from defectreg.store.git.history import Entry, Move, Step, day_in_london
from defectreg.store.git.reading import Change, Repository, blob_id
from defectreg.store.git.sending import NotSent, fetch, push, remove_branches
from defectreg.store.git.writing import (
    MAIN,
    BranchMoved,
    Occasion,
    advance,
    advance_each,
    commit,
    init,
    written,
)

__all__ = [
    "MAIN",
    "BranchMoved",
    "Change",
    "Entry",
    "GitError",
    "GitMissing",
    "Move",
    "NotARepository",
    "NotSent",
    "Occasion",
    "Repository",
    "Step",
    "advance",
    "advance_each",
    "blob_id",
    "commit",
    "day_in_london",
    "fetch",
    "init",
    "push",
    "remove_branches",
    "written",
]
