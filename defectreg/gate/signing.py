"""Decisions signed in one act, and committed on the branches of their requests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from defectreg.gate.merging import Carried
from defectreg.gate.signoffs import branch_of, paths_of, sign_off
from defectreg.gate.wishes import Decision, Occasion
from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.store import git
from defectreg.store.leftovers import is_stale, replaces_another
from defectreg.store.requests import Target
from defectreg.store.signing_statements import signed_all

_Made: TypeAlias = tuple[Decision, str, bytes]
"""A decision, and path and bytes of its sign-off."""
_MOST_NAMED = 5
"""Ids that stand in the first line of a commit's message."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A sign-off that was made: its file, and the commit on the request's branch."""

    decision: Decision
    path: str
    branch: str
    commit: str


def sign(
    decisions: Sequence[Decision], occasion: Occasion, carried: Sequence[Carried] = ()
) -> list[Signed]:
    """Sign these decisions in one act, and commit each on its request's branch, all or none.

    Every one must be without refusals. ``carried`` are reports told anew, which are signed and
    committed with them. Raises CannotRun where a branch stands elsewhere meanwhile.
    """
    key = occasion.identity.key
    if key is None:
        raise UsageProblem("a sign-off is signed, and no key is named", "say --key FILE")
    texts = [sign_off(decision, occasion) for decision in decisions]
    paths = paths_of(decisions, occasion)
    branches = [branch_of(decision.review.request, occasion) for decision in decisions]
    _check_branches(decisions, branches, occasion.target)
    texts += [each.text for each in carried]
    files = signed_all(texts, key, occasion.target.grounds.policy.namespace)
    together: dict[str, list[_Made]] = {}
    made = zip(decisions, paths, files[: len(decisions)], strict=True)
    for ref, one in zip(branches, made, strict=True):
        together.setdefault(ref, []).append(one)
    commits = {ref: _written(some, occasion) for ref, some in together.items()}
    moves = {ref: (_base(some), commits[ref]) for ref, some in together.items()}
    moves |= _carried(carried, files[len(decisions) :], occasion)
    git.advance_each(occasion.target.register.repository, moves, occasion.identity.party)
    return [
        Signed(decision, path, ref.removeprefix("refs/heads/"), commits[ref])
        for ref, some in together.items()
        for decision, path, _ in some
    ]


def _carried(
    carried: Sequence[Carried], files: Sequence[bytes], occasion: Occasion
) -> dict[str, tuple[str, str]]:
    """By the branches of reports that were told anew: where each begins, and its commit."""
    together: dict[str, list[tuple[Carried, bytes]]] = {}
    for one, data in zip(carried, files, strict=True):
        together.setdefault(one.ref, []).append((one, data))
    repository, party = occasion.target.register.repository, occasion.identity.party
    moves = {}
    for ref, some in together.items():
        first = some[0][0]
        about = git.Occasion(f"Report on {first.record_id}\n", party, occasion.now)
        written = {one.path: data for one, data in some}
        moves[ref] = (first.base, git.written(repository, first.base, written, about))
    return moves


def _base(made: Sequence[_Made]) -> str:
    """The commit on which the sign-offs of one branch stand."""
    return made[0][0].review.request.commit


def _check_branches(decisions: Sequence[Decision], branches: Sequence[str], target: Target) -> None:
    """Before anything is signed: whether each branch stands where its request was read."""
    stands = target.register.repository.refs(*dict.fromkeys(branches))
    for decision, ref in zip(decisions, branches, strict=True):
        request = decision.review.request
        if stands.get(ref, request.commit) != request.commit:
            raise CannotRun(
                f"{request.branch} and this clone's branch of that name went different ways",
                "bring them together first: git switch, then git merge",
            )


def _written(made: Sequence[_Made], occasion: Occasion) -> str:
    stale = (path for decision, _, _ in made for path in _stale(decision))
    return git.written(
        occasion.target.register.repository,
        _base(made),
        {**dict.fromkeys(stale), **{path: data for _, path, data in made}},
        git.Occasion(
            _message([decision for decision, _, _ in made]), occasion.identity.party, occasion.now
        ),
    )


def _stale(decision: Decision) -> Iterator[str]:
    """Sign-offs on the request that read an earlier text: with a new accept they go.

    They would stand against the request, and nothing follows from them.
    """
    request = decision.review.request
    if decision.wish.decision != "accept":
        return
    known = {hashlib.sha256(data).hexdigest() for data in request.case.values()}
    for path, data in request.new.items():
        if is_stale(path, data, known) or replaces_another(path, data, request.new, request.landed):
            yield request.on_branch(path)


def _message(decisions: Sequence[Decision]) -> str:
    """One line of at most a few ids; more are in the body, one a line."""
    verbs = dict.fromkeys(decision.wish.decision for decision in decisions)
    verb = ", ".join(verbs).capitalize()
    ids = [decision.review.request.record_id for decision in decisions]
    if len(ids) <= _MOST_NAMED:
        return f"{verb} {', '.join(ids)}\n"
    return "\n".join((f"{verb} {len(ids)} records", "", *ids, ""))
