"""An accept made: its text, its signature, and its commit on the request's branch."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from defectreg.gate.reviewing import Decision
from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.record import statements_folder
from defectreg.register.yamltext import dump
from defectreg.store import git
from defectreg.store.identity import Identity
from defectreg.store.proposals import Base, free_branch, free_names
from defectreg.store.requests import LANDED, Request, Target
from defectreg.store.signing_statements import signed_all

_Made: TypeAlias = tuple[Decision, str, bytes]
"""A decision, and path and bytes of its sign-off."""
QUESTIONS = {
    "data-correct": "Are the data correct",
    "fixes-checked": "Were references to fixes checked",
    "presentation-consistent": "Is the presentation consistent",
}
"""The three questions that an accept answers, by their keys."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A sign-off that was made: its file, and the commit on the request's branch."""

    decision: Decision
    path: str
    branch: str
    commit: str


@dataclass(frozen=True, slots=True)
class Accepting:
    """Who accepts, against what, and when. ``day`` is the calendar day of Europe/London."""

    identity: Identity
    target: Target
    now: datetime.datetime
    day: datetime.date


def accept(decisions: Sequence[Decision], accepting: Accepting) -> list[Accepted]:
    """Sign these decisions in one act, and commit each on its request's branch.

    Every one must be without refusals. Raises CannotRun where a branch stands elsewhere meanwhile.
    """
    key = accepting.identity.key
    if key is None:
        raise UsageProblem("a sign-off is signed, and no key is named", "say --key FILE")
    texts = [sign_off(decision, accepting).encode() for decision in decisions]
    files = signed_all(texts, key, accepting.target.grounds.policy.namespace)
    paths = sign_off_paths(decisions, accepting)
    written: dict[str, list[_Made]] = {}
    for decision, path, data in zip(decisions, paths, files, strict=True):
        ref = _branch(decision.review.request, accepting)
        written.setdefault(ref, []).append((decision, path, data))
    _check_branches(written, accepting.target)
    return [
        Accepted(decision, path, ref.removeprefix("refs/heads/"), commit)
        for ref, made in written.items()
        for commit in [_commit(ref, made, accepting)]
        for decision, path, _ in made
    ]


def sign_off(decision: Decision, accepting: Accepting) -> str:
    """The text of an accept, before its signature."""
    request = decision.review.request
    data: dict[str, object] = {
        "of": request.record_id,
        "kind": "sign-off",
        "by": accepting.identity.party,
        "date": accepting.day.isoformat(),
        "decision": "accept",
        "role": decision.role,
        **dict.fromkeys(QUESTIONS, True),
        "read": decision.read,
    }
    before = request.landed.get(request.record_path)
    if decision.record is not None and decision.review.brings_record and before is not None:
        data["replaces"] = hashlib.sha256(before).hexdigest()
    order = accepting.target.grounds.schemas["statement"].order
    return dump({key: data[key] for key in order if key in data})


def sign_off_paths(decisions: Sequence[Decision], accepting: Accepting) -> list[str]:
    """Where the sign-offs of these decisions stand: paths that nothing has yet."""
    register, party = accepting.target.register, accepting.identity.party
    paths: list[str] = []
    for decision in decisions:
        request = decision.review.request
        base = Base(_branch(request, accepting), request.commit, register.repository)
        names = free_names(register, base, request.record_id, accepting.day, "sign-off", party)
        folder = statements_folder(request.record_id)
        paths.append(next(path for path in (f"{folder}/{name}" for name in names)
                          if path not in paths))  # fmt: skip
    return paths


def _branch(request: Request, accepting: Accepting) -> str:
    """The branch that the sign-off goes on: the request's, or for what has landed a new one."""
    if request.ref != LANDED:
        return request.own_ref
    wanted = f"submit/{request.record_id}-{accepting.identity.party}"
    return free_branch(accepting.target.register.repository, wanted)


def _check_branches(written: Mapping[str, Sequence[_Made]], target: Target) -> None:
    stands = target.register.repository.refs(*written)
    for ref, ((decision, _, _), *_) in written.items():
        request = decision.review.request
        if stands.get(ref, request.commit) != request.commit:
            raise CannotRun(
                f"{request.branch} and this clone's branch of that name went different ways",
                "bring them together first: git switch, then git merge",
            )


def _commit(ref: str, made: Sequence[_Made], accepting: Accepting) -> str:
    requests = [decision.review.request for decision, _, _ in made]
    ids = ", ".join(request.record_id for request in requests)
    return git.commit(
        accepting.target.register.repository,
        ref,
        requests[0].commit,
        {path: data for _, path, data in made},
        git.Occasion(f"Accept {ids}\n", accepting.identity.party, accepting.now),
    )
