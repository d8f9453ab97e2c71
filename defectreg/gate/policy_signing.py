"""A change of the rules signed: what it lists, its signature, and its commit on the request."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from defectreg.gate.judging import Bench
from defectreg.gate.policy_changes import RulesChange, is_signed, moved_blobs, signed_by
from defectreg.gate.signers import read_signed
from defectreg.gate.trees import CATALOGUE, POLICY, SIGN_OFFS, sort_moves
from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.mandates import Signatory
from defectreg.register.policy_change import Listed, able_as, still_able
from defectreg.register.statement import statement_name
from defectreg.register.yamltext import dump
from defectreg.store import git
from defectreg.store.git import Repository
from defectreg.store.identity import Identity, identify
from defectreg.store.places import LOCAL, Register
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
    awaited: tuple[str, ...]
    """The Parties of which one has still to sign after this; none where it is enough."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A request for a change of the rules: its branch, its tip, and the commit it is to land on."""

    repository: Repository
    branch: str
    head: str
    target: str

    @property
    def ref(self) -> str:
        """The branch by its full name."""
        return f"{LOCAL}{self.branch}"

    def identity(self, register: Register, party: str | None, key: str | None) -> Identity:
        """Who signs: said by the rules that stand, not by those that the request would have."""
        return identify(replace(register, head=self.target), party, key)


def proposal_of(register: Register, branch: str | None, target: str | None) -> Proposal:
    """The request on a branch of this clone, or on the one that is checked out.

    Raises UsageProblem where there is no such branch, or no such target.
    """
    repository = register.repository
    onto = register.target.commit if target is None else repository.resolve(target)
    name = branch or repository.branch() or ""
    head = repository.refs(f"{LOCAL}{name}").get(f"{LOCAL}{name}")
    if onto is None or head is None:
        missing = target if onto is None else name
        fetched = name.partition("/")[2] if name.startswith("origin/") else name
        raise UsageProblem(
            f"{missing!a:.80} is no branch of this clone",
            f"git switch {fetched} takes one that was fetched; git switch -c submit/NAME main "
            "starts one",
        )
    return Proposal(repository, name, head, onto)


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
    the person has not the role that such a change asks for, or nothing would follow from it since
    their Party has signed.
    """
    change, tree = change_of(repository, head, target, day)
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
    people = signed_by(change, repository, tree)[0]
    _check_adds(change, people, identity.party, identity.person.pseudonym)
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
    me = Signatory(change.grounds.parties.by_slug[identity.party], identity.person)
    stale = tuple(_stale(change, identity.party))
    return PolicySignOff(path, text, change.listed, stale, _awaited(change, [*people, me]))


def _check_adds(change: RulesChange, people: Sequence[Signatory], party: str, name: str) -> None:
    """Raises UsageProblem where a Party has signed, and a second sign-off of it counts no more."""
    if all(who.party.slug != party for who in people):
        return
    able = {} if change.kind == CATALOGUE else still_able(people, change.grounds.parties)
    if name not in able.get(party, ()):
        others = _awaited(change, people)
        hint = f"an administrator of another Party signs: {', '.join(others)}"
        raise UsageProblem(
            f"{party} has signed this change already, and each Party counts once",
            hint if others else "nothing more is awaited: see `defectreg gate`",
        )


def signatories_of(
    repository: Repository, head: str, target: str, day: datetime.date
) -> list[Signatory]:
    """Whose sign-offs of a request count; see :func:`plan_sign_off`."""
    change, tree = change_of(repository, head, target, day)
    return signed_by(change, repository, tree)[0]


def awaited_parties(
    repository: Repository, head: str, target: str, day: datetime.date
) -> tuple[str, ...]:
    """The Parties of which one has still to sign a request; see :func:`plan_sign_off`."""
    change, tree = change_of(repository, head, target, day)
    return _awaited(change, signed_by(change, repository, tree)[0])


def _awaited(change: RulesChange, people: Sequence[Signatory]) -> tuple[str, ...]:
    parties = change.grounds.parties
    if change.kind != CATALOGUE:
        return () if is_signed(change, people) else tuple(sorted(still_able(people, parties)))
    return () if people else tuple(sorted(able_as(_ROLE[CATALOGUE], parties)))


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


def change_of(
    repository: Repository, head: str, target: str, day: datetime.date
) -> tuple[RulesChange, str]:
    """What a request changes of the rules, as it would land, and the tree that it would leave.

    Raises UsageProblem where it changes none.
    """
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
    return change, tree


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
