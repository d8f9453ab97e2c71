"""Where proposals stand: the branch of a request, what it is built on, and the commit on it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.record import new_id, record_path, statements_folder
from defectreg.register.statement import statement_name
from defectreg.store.git import Occasion, Repository, commit
from defectreg.store.places import REQUEST_REFS, Place, Register, find_record, own_ref, short_name
from defectreg.store.sources import CommitSource

_LOCAL = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Base:
    """Where a proposal will stand: a branch (``ref`` is its full name), on a commit."""

    ref: str
    commit: str
    repository: Repository

    @property
    def branch(self) -> str:
        """The branch as people type it: ``submit/DR-7K3Q-X4MB``."""
        return self.ref.removeprefix(_LOCAL)

    @property
    def source(self) -> CommitSource:
        """The register as the proposal finds it."""
        return CommitSource(self.repository, self.commit)


def unused_id(register: Register) -> str:
    """A new id: 40 random bits that no record has, on the target or on a request."""
    while exists(register, candidate := new_id(secrets.randbits(40))):
        pass
    return candidate


def exists(register: Register, record_id: str) -> bool:
    """Whether a record has this id: on the target, in HEAD, or on a request here or fetched."""
    commits = {register.target.commit, register.head, *register.requests().values()}
    return any(_holds(register.repository, commit, record_id) for commit in commits)


def base_of_new(register: Register, record_id: str) -> Base:
    """Where a new record will stand: a branch of its own at the target's tip."""
    return Base(f"{_LOCAL}submit/{record_id}", register.target.commit, register.repository)


def base_of(register: Register, typed: str, party: str) -> tuple[str, Base]:
    """The record that an id's beginning means, and where something about it will stand.

    A landed record's is a new branch ``submit/<id>-<party>[-n]`` at the target's tip; that of one
    that stands only in a request is the request's head. Raises UsageProblem for no record.
    """
    place = _found(register, typed)
    if not place.has_landed:
        return place.record_id, _head_of_request(register, place.record_id)
    ref = free_branch(register.repository, f"submit/{place.record_id}-{party}")
    return place.record_id, Base(ref, place.commit, register.repository)


def free_names(
    register: Register, base: Base, record_id: str, day: date, kind: str, party: str
) -> Iterator[str]:
    """The statement's file names of this day, kind and Party that nobody uses yet, without end.

    Asked of the base, the target, and the requests that are named after the record.
    """
    named = {commit for ref, commit in register.requests().items() if f"/{record_id}" in ref}
    folder = statements_folder(record_id)
    taken = {
        path.rpartition("/")[2]
        for commit in {base.commit, register.target.commit, *named}
        for path in register.repository.listing(commit, folder)
    }
    names = (statement_name(day, kind, party, number) for number in count(1))
    return (name for name in names if name not in taken)


def propose(
    base: Base, files: Mapping[str, bytes | None], message: str, party: str, when: datetime
) -> str:
    """Commit files on a proposal's branch, or take them out where they are None; returns the
    commit. Work tree and HEAD stay.

    Only where the branch itself is checked out do they take the step along.
    """
    return commit(base.repository, base.ref, base.commit, files, Occasion(message, party, when))


def _found(register: Register, typed: str) -> Place:
    """The record on the target, on a request, or else in HEAD only."""
    target = register.target.commit
    try:
        return find_record(replace(register, head=target), typed)
    except UsageProblem:
        if register.head == target:
            raise
        return find_record(register, typed)


def _head_of_request(register: Register, record_id: str) -> Base:
    """The head on which most of what was said about a record that has not landed stands."""
    repository = register.repository
    requests = register.requests()
    holding = {
        ref: commit for ref, commit in requests.items() if _holds(repository, commit, record_id)
    }
    newest = _newest(repository, set(holding.values()))
    candidates = [ref for ref, commit in holding.items() if commit in newest]
    chosen = min(candidates, key=lambda ref: _preference(ref, record_id))
    local = own_ref(chosen)
    stands = requests.get(local)
    if stands not in (None, holding[chosen]):
        raise CannotRun(
            f"{short_name(chosen)} is ahead of your branch {local.removeprefix(_LOCAL)}",
            f"bring yours up to date: git fetch . {chosen}:{local}",
        )
    return Base(local, holding[chosen], repository)


def _newest(repository: Repository, commits: set[str]) -> set[str]:
    """Those of these commits that no other of them contains."""
    return {
        one
        for one in commits
        if not any(repository.is_ancestor(one, other) for other in commits - {one})
    }


def _preference(ref: str, record_id: str) -> tuple[bool, bool, str]:
    """The record's own branch first, local before fetched."""
    return own_ref(ref) != f"{_LOCAL}submit/{record_id}", not ref.startswith(_LOCAL), ref


def _holds(repository: Repository, commit: str, record_id: str) -> bool:
    path = record_path(record_id)
    return path in repository.listing(commit, path)


def free_branch(repository: Repository, wanted: str) -> str:
    """The full name of a branch that is neither here nor fetched: as wanted, or numbered."""
    taken = {own_ref(ref) for ref in repository.refs(*REQUEST_REFS)}
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(_LOCAL + name for name in names if _LOCAL + name not in taken)
