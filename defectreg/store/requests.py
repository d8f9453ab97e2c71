"""Requests: what each branch brings that the target does not have, and whose record it is of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from defectreg.register.errors import CannotRun
from defectreg.register.grounds import Grounds
from defectreg.register.record import id_of_path, record_path
from defectreg.register.statement import place_of_statement
from defectreg.store.places import HEAD, Register, is_request
from defectreg.store.sources import CommitSource, case_files, grounds_of

LANDED = HEAD
"""Stands for a branch where what has landed is decided, and a branch is yet to be started."""
_LOCAL = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Request:
    """What one branch brings for one record.

    ``commit`` is the branch's tip. ``new`` are the files that it adds or changes, ``landed`` what
    the target has of this record, each by path; ``removed`` are paths that it takes away, ``odd``
    those below ``records/`` that are nobody's. Where nothing is on its way, ``ref`` is HEAD.
    """

    record_id: str
    ref: str
    commit: str
    new: Mapping[str, bytes]
    landed: Mapping[str, bytes]
    removed: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()

    @property
    def branch(self) -> str:
        """The branch as people name it: ``submit/…``, ``origin/submit/…``."""
        return self.ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")

    @property
    def own_ref(self) -> str:
        """The branch of this clone on which a commit for the request stands."""
        if self.ref.startswith(_LOCAL):
            return self.ref
        return _LOCAL + self.branch.partition("/")[2]

    @property
    def case(self) -> dict[str, bytes]:
        """The record's file and its statements as they stand once this has landed.

        What it would take away stands there still: nothing that has landed may go.
        """
        return {**self.landed, **self.new}

    @property
    def record_path(self) -> str:
        """Where the record's file stands."""
        return record_path(self.record_id)


@dataclass(frozen=True, slots=True)
class Target:
    """What requests are judged against: the branch that they want to land on."""

    register: Register
    commit: str
    grounds: Grounds

    @property
    def source(self) -> CommitSource:
        """The files of the target."""
        return CommitSource(self.register.repository, self.commit)


def target_of(register: Register) -> Target:
    """The register's target with its grounds; raises CannotRun where only a request is at hand."""
    repository, target = register.repository, register.target
    branch = repository.branch()
    if target.ref == HEAD and branch is not None and is_request(f"{_LOCAL}{branch}"):
        raise CannotRun(
            f"the branch {branch} is checked out, and there is no main to judge it against",
            "fetch the branch on which requests land",
        )
    if target.commit == register.head:
        return Target(register, register.head, register.grounds)
    grounds = grounds_of(CommitSource(repository, target.commit))[0]
    return Target(register, target.commit, grounds)


def requests_of(target: Target) -> Iterator[Request]:
    """What every request brings, by branch."""
    for ref, commit in request_tips(target.register):
        yield from requests_at(target, ref, commit)


def request_tips(register: Register) -> Iterator[tuple[str, str]]:
    """The branches of requests by their full names, each with the commit at its tip.

    A fetched branch is left out where this clone's own branch of that name holds it.
    """
    refs = register.requests()
    for ref, commit in refs.items():
        own = _own_twin(ref, refs)
        if own is None or not register.repository.is_ancestor(commit, own):
            yield ref, commit


def requests_at(target: Target, ref: str, commit: str) -> Iterator[Request]:
    """What one branch brings, record by record."""
    moved = _moved(target, commit)
    paths_of: dict[str, list[str]] = {}
    for path in moved:
        paths_of.setdefault(_record_of(path) or "", []).append(path)
    odd = tuple(path for path in paths_of.pop("", ()) if moved[path])
    there = {path: blob for paths in paths_of.values() for path in paths if (blob := moved[path])}
    blobs = target.register.repository.blobs(there.values())
    data = {path: data for path, (_, data) in zip(there, blobs, strict=True)}
    for record_id, paths in paths_of.items():
        yield Request(
            record_id,
            ref,
            commit,
            {path: data[path] for path in paths if path in data},
            case_files(target.source, record_id),
            tuple(path for path in paths if path not in data),
            odd,
        )


def requests_for(target: Target, record_ids: Sequence[str]) -> list[Request]:
    """The requests of these records, in this order; of one that is on none, what has landed."""
    brought: dict[str, list[Request]] = {}
    for request in requests_of(target):
        brought.setdefault(request.record_id, []).append(request)
    found = []
    for record_id in dict.fromkeys(record_ids):
        landed = Request(record_id, LANDED, target.commit, {}, case_files(target.source, record_id))
        found += brought.get(record_id, [landed])
    return found


def _own_twin(ref: str, refs: Mapping[str, str]) -> str | None:
    """The tip of this clone's branch with the name of a fetched one."""
    if ref.startswith(_LOCAL):
        return None
    return refs.get(_LOCAL + ref.removeprefix("refs/remotes/").partition("/")[2])


def _moved(target: Target, commit: str) -> dict[str, str | None]:
    """Path below ``records/`` → the blob that a commit has there, None where it took it away.

    Only where that is neither what the target has nor what the commit started from.
    """
    repository = target.register.repository
    base = repository.merge_base(target.commit, commit)
    if base is None:
        return {}
    paths = {
        path
        for step in repository.steps(commit, since=target.commit)
        for path in (*step.added, *step.changed, *step.removed)
        if path.startswith("records/")
    }
    if not paths:
        return {}
    mine, before, now = (
        repository.listing(each, *sorted(paths)) for each in (commit, base, target.commit)
    )
    return {
        path: mine.get(path)
        for path in sorted(paths)
        if mine.get(path) not in (before.get(path), now.get(path))
    }


def _record_of(path: str) -> str | None:
    place = place_of_statement(path)
    return place[0] if place else id_of_path(path)
