"""Validating the work tree with what is remembered of it: only what moved is read and judged.

What is found is what is found without: where git cannot tell what moved, all is judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
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


@dataclass(frozen=True)
class Work:
    """A register's work tree, and what is asked of it."""

    register: Register
    grounds: Grounds
    begin: Begin

    @property
    def repository(self) -> Repository:
        """Where it is kept."""
        return self.register.repository

    @property
    def source(self) -> WorkTreeSource:
        """Its files as they lie there."""
        return self.register.worktree_source

    @property
    def commits(self) -> tuple[str, str]:
        """What is checked out, and that on which requests land."""
        return self.register.head, self.register.target.commit


@dataclass(frozen=True, slots=True)
class Beside:
    """What git's own index tells of the work tree."""

    paths: list[str]
    unwatched: Unwatched


@dataclass(frozen=True, slots=True)
class Came:
    """What came of some units, as `validated` has it, and of those of them that are settled."""

    records: int
    findings: tuple[Finding, ...]
    settled_records: int
    settled_findings: tuple[Finding, ...]
    unsettled: frozenset[str]


def validate_work_tree(register: Register, begin: Begin) -> Verdict:
    """The verdict on all that lies in the work tree; what came of it is kept for the next time.

    Raises CannotRun where the policy or a schema is missing or broken.
    """
    shelf = validated.shelf_of(register.own_folder, register.worktree_source)
    grounds, findings = judged_grounds(register.worktree_source)
    work = Work(register, grounds, begin)
    before = validated.taken(shelf)
    beside = _beside(work, before)
    touched = None if before is None or beside is None else _touched(work, before, beside)
    if before is None or touched is None:
        came = _of_all(work)
    else:
        came = _with_others(work, before, touched)
    now = None if beside is None else _state(work, came, beside)
    if now is None or now != before:
        validated.keep(shelf, now)
    return Verdict(came.records, tuple(sorted({*findings, *came.findings})))


def unit_of(path: str) -> str:
    """What a file is judged with: the record of its case, else itself."""
    return record_of(path) or path


def _state(work: Work, came: Came, beside: Beside) -> Validated:
    findings = tuple(sorted(set(came.settled_findings)))
    return Validated(
        *work.commits, came.settled_records, came.unsettled, findings, beside.unwatched
    )


def _beside(work: Work, before: Validated | None) -> Beside | None:
    """What git tells; None where it cannot."""
    with suppress(GitError):
        paths = paths_beside(work.repository, work.register.head, _RECORDS)
        known = None if before is None else before.unwatched
        if paths is not None:
            return Beside(paths, unwatched(work.repository, _RECORDS, known))
    return None


def _touched(work: Work, before: Validated, beside: Beside) -> frozenset[str] | None:
    """The units that may have other files than when they were settled; None for any."""
    moved = _moved(work, before)
    if moved is None:
        return None
    lying = Lying(work.source)
    paths = {*moved, *beside.paths, *beside.unwatched.paths}
    within = (each for path in paths if path.endswith("/") for each in lying.below(path))
    touched = before.unsettled | {unit_of(path) for path in (*paths, *within)}
    return touched if len(touched) <= max(_FEW, before.records // _PART) else None


def _moved(work: Work, before: Validated) -> list[str] | None:
    """The files below the records that other commits moved; None where git cannot tell."""
    paths: list[str] = []
    for was, now in zip((before.commit, before.target), work.commits, strict=True):
        try:
            moves = work.repository.moved(was, now) if was != now else []
        except GitError:
            return None
        for move in moves:
            if is_attributes(move.path):
                return None
            if move.path.startswith(f"{_RECORDS}/"):
                paths.append(move.path)
    return paths


def _of_all(work: Work) -> Came:
    paths = work.source.paths(_RECORDS)
    head, target = work.commits
    committed = work.repository.listing(head, _RECORDS)
    landed = committed if target == head else work.repository.listing(target, _RECORDS)
    return _came(work, paths, committed, landed)


def _with_others(work: Work, before: Validated, touched: frozenset[str]) -> Came:
    """What comes of some units, and what came of all others."""
    came, lost = _of_some(work, before, touched)
    kept = [each for each in before.findings if unit_of(each.file) not in touched]
    records = before.records - lost
    return Came(
        records + came.records,
        (*kept, *came.findings),
        records + came.settled_records,
        (*kept, *came.settled_findings),
        came.unsettled,
    )


def _of_some(work: Work, before: Validated, touched: frozenset[str]) -> tuple[Came, int]:
    """What comes of some units, and how many of the records that were settled are among them."""
    places = {place for unit in touched for place in _places(unit)}
    head, target = work.commits
    listings = {
        commit: _listed(work.repository, commit, places) for commit in {head, target, before.commit}
    }
    lost = sum(
        unit in listings[before.commit] for unit in touched - before.unsettled if id_of_path(unit)
    )
    lying = Lying(work.source)
    there = {
        path
        for place in places
        for path in (lying.below(place) if place.endswith("/") else [place])
        if lying.has_file(path)
    }
    paths = [path for path in there if unit_of(path) in touched]
    committed = {path: blob for path, blob in listings[head].items() if unit_of(path) in touched}
    return _came(work, paths, committed, listings[target]), lost


def _came(work: Work, paths: Collection[str], committed: Blobs, landed: Blobs) -> Came:
    """What comes of the units that have these files, and should have those of the commit."""
    files = sort_files(paths, work.grounds.policy)
    judge = Judge(work.source, work.grounds, landed, committed)
    judged = judge_cases(judge, list(files.cases.items()), work.begin)
    missing = committed.keys() - set(paths)
    strange = (path for path in files.odd if path not in committed)
    unsettled = frozenset((*judged.strays, *map(unit_of, missing), *strange))
    findings = (*judged.findings, *map(odd_finding, files.odd))
    return Came(
        files.records,
        findings,
        _settled(files, unsettled),
        tuple(each for each in findings if unit_of(each.file) not in unsettled),
        unsettled,
    )


def _settled(files: Sorted, unsettled: frozenset[str]) -> int:
    return sum(record in paths and record not in unsettled for record, paths in files.cases.items())


def _places(unit: str) -> Iterable[str]:
    """Where the files of a unit may stand."""
    return (unit, f"{unit.removesuffix('.yaml')}/") if id_of_path(unit) else (unit,)


def _listed(repository: Repository, commit: str, places: Collection[str]) -> dict[str, str]:
    """The blobs that a commit has in some places, by path, and perhaps of others."""
    if not places:
        return {}
    return repository.listing(commit, *(places if len(places) <= _MOST_NAMED else [_RECORDS]))
