"""The main branch moved on by a step that the gate let through: here, and where it is shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from defectreg.gate.landing import Attempt, Lander, attempt, attempt_all
from defectreg.register.errors import CannotRun
from defectreg.store import git
from defectreg.store.leftovers import left_behind
from defectreg.store.places import (
    FETCHED,
    HEAD,
    LOCAL,
    Register,
    is_forge_request,
    open_register,
    own_ref,
    short_name,
)
from defectreg.store.requests import Target
from defectreg.store.sources import CommitSource, grounds_of

_MOST_TRIES = 5
"""How often a step is made anew because somebody else moved the branch meanwhile."""


@dataclass(frozen=True, slots=True)
class Onto:
    """The branch that a step moves: ``ref`` here, or None; ``shared`` at ``remote``, or None."""

    ref: str | None
    remote: str | None
    shared: str

    @property
    def name(self) -> str:
        """The branch as people name it."""
        return short_name(self.ref or self.shared)

    @property
    def tracked(self) -> str:
        """The ref under which this clone remembers where the shared branch stands."""
        return f"{FETCHED}{self.remote}/{self.shared.removeprefix(LOCAL)}"


@dataclass(frozen=True, slots=True)
class Landed:
    """What came of an attempt. ``commit`` is None where nothing landed; ``remote`` is where it was
    pushed; ``removed`` are the branches that went, as people name them; ``notes`` are sentences."""

    attempt: Attempt
    onto: Onto
    commit: str | None = None
    remote: str | None = None
    removed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to land: these records, or without any all that are ready. ``dry_run``: only judge.

    ``remote`` is where it is pushed to, or without one the upstream of the branch; ``pushes`` False
    keeps it here.
    """

    record_ids: tuple[str, ...]
    remote: str | None = None
    pushes: bool = True
    dry_run: bool = False


def land(register: Register, wanted: Wanted, lander: Lander, done: Callable[[int], None]) -> Landed:
    """Make the step, judge it, move the branch; where somebody moved it meanwhile, do it again.

    Where the attempt does not pass nothing lands: its judgement says why. Raises CannotRun where
    the other side refuses the push.
    """
    onto = onto_of(register, wanted)
    for _ in range(_MOST_TRIES):
        tried = _tried(register, onto, wanted, lander)
        done(1)
        if wanted.dry_run or tried.commit is None or not tried.judgement.passes:
            return Landed(tried, onto)
        try:
            landed = _moved(register, onto, tried, lander)
        except git.BranchMoved:
            landed = None
        if landed is not None:
            done(1)
            return landed
        register = open_register(register.repository.root)
    raise CannotRun(f"{onto.name} was moved again and again meanwhile", "run the command again")


def onto_of(register: Register, wanted: Wanted) -> Onto:
    """The branch on which requests land, and where it is shared."""
    ref = register.target.ref
    if ref == HEAD:
        branch = register.repository.branch()
        if branch is None:
            raise CannotRun("no branch is checked out on which it could land", "git switch main")
        ref = LOCAL + branch
    if ref.startswith(FETCHED):
        fetched_from, _, name = short_name(ref).partition("/")
        name = "main" if name == HEAD else name
        if not wanted.pushes:
            raise CannotRun(f"this clone has no branch {name} of its own", f"git branch {name}")
        return Onto(None, wanted.remote or fetched_from, LOCAL + name)
    if not wanted.pushes:
        return Onto(ref, None, "")
    branch = ref.removeprefix(LOCAL)
    upstream = register.repository.config(f"branch.{branch}.remote")
    remote = wanted.remote or (upstream if upstream not in (None, ".") else None)
    shared = register.repository.config(f"branch.{branch}.merge") if remote == upstream else ref
    return Onto(ref, remote, shared or ref)


def _tried(register: Register, onto: Onto, wanted: Wanted, lander: Lander) -> Attempt:
    tip = _tip(register, onto)
    target = Target(register, tip, grounds_of(CommitSource(register.repository, tip))[0])
    if wanted.record_ids:
        return attempt(target, wanted.record_ids, lander)
    return attempt_all(target, lander)


def _tip(register: Register, onto: Onto) -> str:
    """The commit on which the step is made: the newer one of the branch here and the shared one."""
    own = register.target.commit
    shared = register.repository.refs(onto.tracked).get(onto.tracked) if onto.remote else None
    if shared is None or register.repository.is_ancestor(shared, own):
        return own
    if onto.ref is None or register.repository.is_ancestor(own, shared):
        return shared
    raise CannotRun(
        f"{onto.name} here and at {onto.remote} went different ways",
        f"bring yours back first: git fetch, then git log {onto.remote}/{onto.name}..{onto.name}",
    )


def _moved(register: Register, onto: Onto, tried: Attempt, lander: Lander) -> Landed | None:
    """The branch moved on and what has wholly landed removed; None where others were faster."""
    repository, commit = register.repository, tried.commit or ""
    local, finished = _finished(register, onto, tried, commit)
    shared: Mapping[str, str] = {}
    notes: list[str] = []
    if onto.remote is not None:
        sent = _pushed(repository, onto, commit, finished)
        if sent is None:
            git.fetch(repository, onto.remote)
            return None
        shared, notes = sent
    notes += _advanced(register, onto, commit, lander.party)
    gone = git.remove_branches(repository, local, lander.party)
    notes += [f"{short_name(ref)} is checked out, and stays" for ref in local if ref not in gone]
    removed = [*map(short_name, gone), *(f"{onto.remote}/{short_name(ref)}" for ref in shared)]
    return Landed(tried, onto, commit, onto.remote, tuple(removed), tuple(notes))


def _pushed(
    repository: git.Repository, onto: Onto, commit: str, removed: Mapping[str, str]
) -> tuple[Mapping[str, str], list[str]] | None:
    """The branches that went with the push, and notes; None where somebody pushed before.

    Where the other side keeps branches that have landed, the step alone is pushed.
    """
    remote = onto.remote or ""
    refused = git.push(repository, remote, {onto.shared: commit}, removed)
    notes = []
    if refused is not None and removed and not refused.is_outdated:
        notes = [f"{remote} keeps the branches of what has landed: {refused.sentence}"]
        removed = {}
        refused = git.push(repository, remote, {onto.shared: commit})
    if refused is None:
        return removed, notes
    if refused.is_outdated:
        return None
    problem = CannotRun(
        f"{remote} refused the step: {refused.sentence}",
        "nothing has landed; `--no-push` lands it here alone, which the other side will not know",
    )
    for line in refused.said:
        problem.add_note(line)
    raise problem


def _advanced(register: Register, onto: Onto, commit: str, party: str) -> list[str]:
    """The branch here moved on; where it is shared the step has landed whatever comes of that."""
    if onto.ref is None:
        return []
    try:
        git.advance(register.repository, onto.ref, register.target.commit, commit, party)
    except git.GitError as error:
        if onto.remote is None:
            raise
        return [f"{onto.name} here stays where it was ({error.sentence}): git pull"]
    return []


def _finished(
    register: Register, onto: Onto, tried: Attempt, commit: str
) -> tuple[dict[str, str], dict[str, str]]:
    """The branches of which nothing is left to land, here and at the other side."""
    involved = {own_ref(request.ref) for request in tried.gathered.requests}
    local, shared = {}, {}
    left: dict[str, bool] = {}
    for ref, tip in register.requests().items():
        if own_ref(ref) not in involved or is_forge_request(ref):
            continue
        if tip not in left:
            left[tip] = bool(left_behind(register.repository, tip, commit))
        if left[tip]:
            continue
        if ref.startswith(LOCAL):
            local[ref] = tip
        elif ref.startswith(f"{FETCHED}{onto.remote}/"):
            shared[own_ref(ref)] = tip
    return local, shared
