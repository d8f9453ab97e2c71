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
    the target has of this record, each by path. Where nothing is on its way, ``ref`` is HEAD.
    """

    record_id: str
    ref: str
    commit: str
    new: Mapping[str, bytes]
    landed: Mapping[str, bytes]

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
        """The record's file and its statements as they stand once this has landed."""
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
    """What every request brings, by branch.

    A fetched branch is left out where this clone's own branch of that name holds it.
    """
    repository = target.register.repository
    refs = target.register.requests()
    for ref, commit in refs.items():
        own = _own_twin(ref, refs)
        if own is not None and repository.is_ancestor(commit, own):
            continue
        for found, new in _brought(target, commit).items():
            yield Request(found, ref, commit, new, case_files(target.source, found))


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


def _brought(target: Target, commit: str) -> dict[str, dict[str, bytes]]:
    """Record id → the files that a commit has of it, and neither the target nor its start has."""
    repository = target.register.repository
    base = repository.merge_base(target.commit, commit)
    if base is None:
        return {}
    paths = {
        path
        for step in repository.steps(commit, since=target.commit)
        for path in (*step.added, *step.changed)
        if _record_of(path) is not None
    }
    if not paths:
        return {}
    mine = repository.listing(commit, *paths)
    known = [repository.listing(other, *paths) for other in (base, target.commit)]
    new = [path for path in mine if all(mine[path] != other.get(path) for other in known)]
    brought: dict[str, dict[str, bytes]] = {}
    blobs = repository.blobs(mine[path] for path in new)
    for path, (_, data) in zip(new, blobs, strict=True):
        brought.setdefault(_record_of(path) or "", {})[path] = data
    return brought


def _record_of(path: str) -> str | None:
    place = place_of_statement(path)
    return place[0] if place else id_of_path(path)
