"""A change of the rules signed: what it lists, its signature, and its commit on the request."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from defectreg.gate.judging import Bench
from defectreg.gate.policy_changes import RulesChange, moved_blobs
from defectreg.gate.signers import read_signed
from defectreg.gate.trees import CATALOGUE, POLICY, SIGN_OFFS, sort_moves
from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.policy_change import Listed
from defectreg.register.statement import statement_name
from defectreg.register.yamltext import dump
from defectreg.store import git
from defectreg.store.git import Repository
from defectreg.store.identity import Identity
from defectreg.store.signing_statements import signed_all

_ROLE = {POLICY: "administrator", CATALOGUE: "validator"}


@dataclass(frozen=True, slots=True)
class PolicySignOff:
    """A sign-off of a change of the rules before it is signed: its path, text and what it lists."""

    path: str
    text: str
    listed: Listed
    replaced: tuple[str, ...]
    """Sign-offs of the same Party on the request that list other bytes: taken out."""


def plan_sign_off(
    repository: Repository,
    head: str,
    target: str,
    identity: Identity,
    day: datetime.date,
    reason: str = "",
) -> PolicySignOff:
    """What this person's sign-off of a request would be; writes nothing.

    ``head`` and ``target`` are commits. Raises UsageProblem where the request changes no rules, or
    the person has not the role that such a change asks for.
    """
    change = change_of(repository, head, target, day)
    role = _ROLE[change.kind]
    if identity.person is None or identity.key is None:
        raise UsageProblem(
            "a sign-off is signed, and no key is named",
            "say --key FILE, or once: git config defectreg.key FILE",
        )
    if role not in identity.person.roles:
        raise UsageProblem(
            f"this change asks for a person with the role {role}, which "
            f"{identity.person.pseudonym} has not",
            "the Party's file in policy/parties/ says who has which role",
        )
    data: dict[str, object] = {
        "kind": "sign-off",
        "by": identity.party,
        "date": day.isoformat(),
        "role": role,
        **({"says": reason} if reason else {}),
        **{which: change.listed.lines(which) for which in ("before", "after")},
    }
    text = dump({key: value for key, value in data.items() if value})
    path = _free_path(repository, head, target, identity.party, day)
    return PolicySignOff(path, text, change.listed, tuple(_stale(change, identity.party)))


def sign_change(
    repository: Repository,
    branch: str,
    head: str,
    planned: PolicySignOff,
    identity: Identity,
    now: datetime.datetime,
) -> str:
    """Sign it, and commit it on the request's branch (``refs/heads/…``); returns the commit."""
    if identity.key is None:
        raise UsageProblem("a sign-off is signed, and no key is named", "say --key FILE")
    namespace = Bench(repository).grounds_at(head).policy.namespace
    source = signed_all([planned.text.encode()], identity.key, namespace)[0]
    files: dict[str, bytes | None] = {**dict.fromkeys(planned.replaced), planned.path: source}
    occasion = git.Occasion("Sign a change of the rules\n", identity.party, now)
    return git.commit(repository, branch, head, files, occasion)


def change_of(repository: Repository, head: str, target: str, day: datetime.date) -> RulesChange:
    """What a request changes of the rules, as it would land. Raises UsageProblem for none."""
    tree = repository.merged_tree(target, head)
    if tree is None:
        raise CannotRun(
            "the request cannot be merged into its target as it stands",
            "git merge the target into it first",
        )
    grounds = Bench(repository).grounds_at(target)
    sorted_ = sort_moves(repository.moved(target, tree), grounds.policy)
    if sorted_.kind not in _ROLE:
        raise UsageProblem(
            "the request is no change of the rules or the catalogue alone",
            "commit what is to change on a branch of its own: git switch -c submit/NAME main",
        )
    moves = [move for moved in sorted_.by_class.values() for move in moved]
    blobs: Mapping[str, bytes] = dict(repository.blobs(moved_blobs(moves)))
    change = RulesChange(sorted_.kind, moves, blobs, grounds, day)
    if not change.listed.before and not change.listed.after:
        raise UsageProblem("the request changes no rule: there is nothing to sign")
    return change


def _stale(change: RulesChange, party: str) -> list[str]:
    """The Party's sign-offs on the request that list other bytes than it changes now."""
    stale = []
    for move in change.moves:
        if move.path.startswith(SIGN_OFFS) and move.before is None and move.after:
            source = change.blobs[move.after.blob]
            signed, _ = read_signed(
                move.path, source, "policy-sign-off", change.grounds, change.day
            )
            if signed is not None and signed.data["by"] == party:
                stale += [move.path] if Listed.parse(signed.data) != change.listed else []
    return stale


def _free_path(
    repository: Repository, head: str, target: str, party: str, day: datetime.date
) -> str:
    folder = SIGN_OFFS.rstrip("/")
    taken = {*repository.names(head, folder), *repository.names(target, folder)}
    paths = (f"{SIGN_OFFS}{statement_name(day, 'sign-off', party, each)}" for each in count(1))
    return next(path for path in paths if path not in taken)
