"""Requests: what each branch brings that the target does not have, and whose record it is of."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.grounds import Grounds
from defectreg.register.record import record_path, statements_folder
from defectreg.register.statement import free_name, place_of_statement, record_of
from defectreg.store.git import Repository
from defectreg.store.places import (
    HEAD,
    LOCAL,
    Register,
    is_forge_request,
    is_request,
    own_ref,
    short_name,
)
from defectreg.store.sources import CommitSource, grounds_of

LANDED = HEAD
"""Stands for a branch where what has landed is decided, and a branch is yet to be started."""
_RECORDS = "records/"
_MOST_NAMED = 500
"""Paths that git is given by name; where there are more, whole trees are compared."""


@dataclass(frozen=True, slots=True)
class Request:
    """What one branch brings for one record.

    ``commit`` is the branch's tip. ``new`` are the files that it adds or changes, ``landed`` what
    the target has of this record, each by path; ``removed`` are paths that it takes away, ``odd``
    those below ``records/`` that are nobody's. ``renamed`` maps the paths of ``new`` that stand on
    the branch under another name, since the target has taken that one meanwhile, to their paths
    there. ``is_overtaken`` says that it changes a text of the record which the target has changed
    meanwhile. Where nothing is on its way, ``ref`` is HEAD.
    """

    record_id: str
    ref: str
    commit: str
    new: Mapping[str, bytes]
    landed: Mapping[str, bytes]
    removed: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    is_overtaken: bool = False

    @property
    def branch(self) -> str:
        """The branch as people name it: ``submit/…``, ``origin/submit/…``."""
        return short_name(self.ref)

    @property
    def own_ref(self) -> str:
        """The branch of this clone on which a commit for the request stands."""
        return own_ref(self.ref)

    def on_branch(self, path: str) -> str:
        """The path of one of ``new`` on the branch itself."""
        return self.renamed.get(path, path)

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
    if target.ref == HEAD and branch is not None and is_request(f"{LOCAL}{branch}"):
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

    A fetched branch is left out where this clone's own branch of that name holds it; what a forge
    numbers, where any branch stands at it.
    """
    refs = register.requests()
    branches = {commit for ref, commit in refs.items() if not is_forge_request(ref)}
    for ref, commit in refs.items():
        own = None if ref.startswith(LOCAL) else refs.get(own_ref(ref))
        if commit == own or (is_forge_request(ref) and commit in branches):
            continue
        if own is None or not register.repository.is_ancestor(commit, own):
            yield ref, commit


def requests_at(target: Target, ref: str, commit: str) -> Iterator[Request]:
    """What one branch brings, record by record."""
    brought = brought_by(target.register.repository, commit, target.commit)
    paths_of: dict[str, list[str]] = {}
    for path in brought.files:
        paths_of.setdefault(record_of(path) or "", []).append(path)
    odd = tuple(path for path in paths_of.pop("", ()) if brought.files[path])
    there = {
        path: blob for paths in paths_of.values() for path in paths if (blob := brought.files[path])
    }
    blobs = target.register.repository.blobs(there.values())
    data = {path: data for path, (_, data) in zip(there, blobs, strict=True)}
    landed = cases_of(target.source, list(paths_of))
    for record_id, paths in paths_of.items():
        case = landed[record_id]
        for path in [path for path in paths if path in data]:
            is_taken = path in brought.taken
            if data[path] in case.values() or (is_taken and is_history(data[path], case)):
                paths.remove(path)
        if not paths:
            continue
        names = _names(record_id, [path for path in paths if path in data], case, brought.taken)
        yield Request(
            record_id,
            ref,
            commit,
            {name: data[path] for name, path in names.items()},
            case,
            tuple(path for path in paths if path not in data),
            odd,
            {name: path for name, path in names.items() if name != path},
            record_path(record_id) in names and record_path(record_id) in brought.taken,
        )


@dataclass(frozen=True, slots=True)
class Brought:
    """What a commit brings to another: path below ``records/`` → its blob, None where it took it
    away; and at which of these paths the other has come to hold something else meanwhile."""

    files: Mapping[str, str | None]
    taken: frozenset[str]


def brought_by(repository: Repository, commit: str, to: str) -> Brought:
    """What a commit brings, that is: neither had where it started from, nor has the other now."""
    base = repository.merge_base(to, commit)
    if base is None or base == commit:
        return Brought({}, frozenset())
    moved = repository.moved(base, commit)
    mine = {move.path: move for move in moved if move.path.startswith(_RECORDS)}
    now = _blobs_of(repository, to, commit, mine)
    files: dict[str, str | None] = {}
    taken = set()
    for path, move in mine.items():
        after = move.after.blob if move.after else None
        if after != now.get(path):
            files[path] = after
            if path in now and (move.before is None or now[path] != move.before.blob):
                taken.add(path)
    return Brought(files, frozenset(taken))


def _blobs_of(
    repository: Repository, to: str, commit: str, paths: Collection[str]
) -> Mapping[str, str]:
    """The blobs that a commit has at these paths, which another one has or lacks."""
    if len(paths) <= _MOST_NAMED:
        return repository.listing(to, *sorted(paths)) if paths else {}
    differing = {move.path: move for move in repository.moved(commit, to)}
    same = repository.listing(commit, "records")
    found = {path: same[path] for path in paths if path in same and path not in differing}
    for path in paths:
        move = differing.get(path)
        if move is not None and move.after is not None:
            found[path] = move.after.blob
    return found


def is_history(record: bytes, landed: Mapping[str, bytes]) -> bool:
    """Whether bytes of a record were accepted and landed: what has landed since took their place.

    ``landed`` are the files of the record as they stand.
    """
    line = hashlib.sha256(record).hexdigest().encode()
    return any(line in data for path, data in landed.items() if "-sign-off-" in path)


def newest(repository: Repository, requests: Sequence[Request]) -> list[Request]:
    """Without a request of a record that another request of that record contains.

    What has landed is none, and stays.
    """
    commits_of: dict[str, set[str]] = {}
    for request in requests:
        if request.ref != LANDED:
            commits_of.setdefault(request.record_id, set()).add(request.commit)
    contained: dict[tuple[str, str], bool] = {}

    def is_contained(commit: str, other: str) -> bool:
        if (commit, other) not in contained:
            contained[commit, other] = repository.is_ancestor(commit, other)
        return contained[commit, other]

    return [
        request
        for request in requests
        if request.ref == LANDED
        or not any(
            other != request.commit and is_contained(request.commit, other)
            for other in sorted(commits_of[request.record_id])
        )
    ]


def requests_on(target: Target, branch: str) -> list[Request]:
    """What the request on one branch brings, by its name here or as it was fetched.

    Raises UsageProblem where no request is on such a branch.
    """
    for ref, commit in request_tips(target.register):
        if branch in (short_name(ref), short_name(own_ref(ref))):
            return list(requests_at(target, ref, commit))
    raise UsageProblem(
        f"there is no request {branch!a:.80}", "`git fetch` brings the requests of others"
    )


def requests_for(target: Target, record_ids: Sequence[str]) -> list[Request]:
    """The requests of these records, in this order; of one that is on none, what has landed."""
    wanted = list(dict.fromkeys(record_ids))
    brought: dict[str, list[Request]] = {}
    for request in requests_of(target):
        brought.setdefault(request.record_id, []).append(request)
    landed = cases_of(target.source, [one for one in wanted if one not in brought])
    found = []
    for one in wanted:
        found += brought.get(one) or [Request(one, LANDED, target.commit, {}, landed[one])]
    return found


def cases_of(source: CommitSource, record_ids: Sequence[str]) -> dict[str, dict[str, bytes]]:
    """The files of each record and of what is said of it: two questions to git for hundreds."""
    cases: dict[str, dict[str, bytes]] = {record_id: {} for record_id in record_ids}
    for start in range(0, len(record_ids), _MOST_NAMED):
        some = record_ids[start : start + _MOST_NAMED]
        places = [place for one in some for place in (record_path(one), statements_folder(one))]
        for path, data in source.below(*places).items():
            record_id = record_of(path)
            if record_id is not None:
                cases[record_id][path] = data
    return cases


def _names(
    record_id: str, paths: Sequence[str], landed: Collection[str], taken: Collection[str]
) -> dict[str, str]:
    """The path under which each of these lands → its path on the branch.

    A statement whose name has been taken gets the next number that nothing bears: the number is
    no part of what is signed.
    """
    names = {path: path for path in paths if path not in taken or not _is_said(path)}
    folder = statements_folder(record_id)
    for path in paths:
        if path in names:
            continue
        known = {one.rpartition("/")[2] for one in (*landed, *paths, *names)}
        names[f"{folder}/{free_name(path.rpartition('/')[2], known)}"] = path
    return names


def _is_said(path: str) -> bool:
    """Whether a path is that of a statement."""
    return place_of_statement(path) is not None
