"""Validating the work tree with what is remembered of it: only what moved is read and judged.

What is found is what is found without: where git cannot tell what moved, all is judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from defectreg.gate.cases import Sorted, odd_finding, record_of, sort_files
from defectreg.gate.validating import (
    Begin,
    Blobs,
    Judge,
    Verdict,
    judge_cases,
    judged_grounds,
)
from defectreg.register.findings import Finding
from defectreg.register.grounds import Grounds
from defectreg.register.record import id_of_path
from defectreg.store import validated
from defectreg.store.git import GitError, Repository
from defectreg.store.git.indexed import Unwatched, is_attributes, paths_beside, unwatched
from defectreg.store.lying import Lying
from defectreg.store.places import Register
from defectreg.store.sources import WorkTreeSource
from defectreg.store.validated import Validated

_RECORDS = "records"
_FEW = 1000
_PART = 4
"""Where more units moved than so many, and than one in so many, all are judged."""
_MOST_NAMED = 500
"""Paths that are named to git one by one; above that the whole folder is listed."""
_ANOTHER_REPOSITORY = "160000"


@dataclass(frozen=True)
class Work:
    """A register's work tree, and what is asked of it."""

    register: Register
    grounds: Grounds
    begin: Begin

    @property
    def repository(self) -> Repository:
        return self.register.repository

    @property
    def source(self) -> WorkTreeSource:
        return self.register.worktree_source

    @property
    def commits(self) -> tuple[str, str]:
        """What is checked out, and that on which requests land."""
        return self.register.head, self.register.target.commit


@dataclass(frozen=True, slots=True)
class Came:
    """What came of some units: how many records are there, everything found, and what is settled.

    Without a state nothing can be remembered of it.
    """

    records: int
    findings: tuple[Finding, ...]
    settled_records: int
    unsettled: frozenset[str]

    @property
    def settled_findings(self) -> Iterator[Finding]:
        return (each for each in self.findings if unit_of(each.file) not in self.unsettled)


def validate_work_tree(register: Register, begin: Begin) -> Verdict:
    """The verdict on all that lies in the work tree; what came of it is kept for the next time.

    Raises CannotRun where the policy or a schema is missing or broken.
    """
    shelf = validated.shelf_of(register.own_folder, register.worktree_source)
    grounds, findings = judged_grounds(register.worktree_source)
    work = Work(register, grounds, begin)
    before = validated.taken(shelf)
    watch = _watch(work, before)
    touched = None
    if before is not None and watch is not None:
        touched = _touched(work, before, watch)
    if before is None or touched is None:
        came = _of_all(work)
    else:
        came = _with_rest(work, before, touched, _of_some(work, touched))
    now = _kept(work, came, watch)
    if now is not None and now != before:
        validated.keep(shelf, now)
    return Verdict(came.records, tuple(sorted({*findings, *came.findings})))
