"""A month's pointer: drafted, signed by a publisher, and proposed on a branch of its own."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace

from defectreg.register.errors import UsageProblem
from defectreg.register.yamltext import dump
from defectreg.store.git import Repository
from defectreg.store.identity import Identity, identify, named_key
from defectreg.store.months import Pointer
from defectreg.store.places import Register
from defectreg.store.proposals import Base, free_branch, propose
from defectreg.store.signing_statements import signed

_MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
_ROLE = "publisher"


@dataclass(frozen=True, slots=True)
class Proposed:
    """Where a signed pointer stands: a branch, as people type it, and the commit on it."""

    branch: str
    path: str
    commit: str


def check_month(month: str, day: datetime.date) -> None:
    """Raises UsageProblem for what is no month, or one that has not begun on a day."""
    if not _MONTH.fullmatch(month):
        raise UsageProblem(f"{month!a:.20} is no month", "write it as YYYY-MM: 2026-10")
    if month > day.isoformat()[: len("2026-10")]:
        raise UsageProblem(
            f"on {day.isoformat()} the month {month} has not begun",
            "the newest signed month is what a monthly register publishes: sign them in turn",
        )


def draft(
    register: Register, month: str, commit: str | None, day: datetime.date, audience: str
) -> Pointer:
    """What a publisher would sign. Raises UsageProblem for a commit that has not landed."""
    target = register.target.commit
    found = target if commit is None else register.repository.resolve(commit)
    if found is None or not register.repository.is_ancestor(found, target):
        raise UsageProblem(
            f"{commit!a:.80} is no commit that has landed",
            "--commit takes one of those that `git log main` shows",
        )
    return Pointer(month, "", day, found, audience)


def check_forward(repository: Repository, landed: Pointer | None, pointer: Pointer) -> None:
    """Raises UsageProblem where a pointer would not take the place of the one that landed."""
    if landed is None:
        return
    if replace(landed, by="") == replace(pointer, by=""):
        raise UsageProblem(
            f"{pointer.month} is signed already, and shows just this",
            f"`defectreg publish --month {pointer.month}` publishes it",
        )
    if not repository.is_ancestor(landed.commit, pointer.commit) or pointer.day < landed.day:
        raise UsageProblem(
            f"{pointer.month} is signed for a later commit or day",
            "a month is corrected forward: name a later commit, and no earlier day",
        )


def publisher(register: Register, month: str, party: str | None, key: str | None) -> Identity:
    """Who signs. Raises UsageProblem where no key is named, or not that of a publisher."""
    if not named_key(register.repository, key):
        raise UsageProblem(
            "a bulletin is signed by a publisher, and no key is named",
            f"defectreg bulletin {month} --sign --key FILE; or once: git config defectreg.key FILE",
        )
    identity = identify(register, party, key)
    if identity.person is None or _ROLE not in identity.person.roles:
        raise UsageProblem(
            f"the key is not that of a publisher, but of {identity.party}",
            f"{_publishers(register)}; `defectreg key` shows whose a key is",
        )
    return identity


def propose_month(
    register: Register, pointer: Pointer, identity: Identity, now: datetime.datetime
) -> Proposed:
    """Sign a pointer and commit it at the target's tip; work tree and current branch stay."""
    if identity.key is None:
        raise ValueError("a bulletin is signed")
    pointer = replace(pointer, by=identity.party)
    text = dump(pointer.data).encode()
    data = signed(text, identity.key, register.grounds.policy.namespace)
    ref = free_branch(register.repository, f"submit/bulletin-{pointer.month}")
    base = Base(ref, register.target.commit, register.repository)
    message = f"Sign the bulletin of {pointer.month}"
    commit = propose(base, {pointer.path: data}, message, identity.party, now)
    return Proposed(base.branch, pointer.path, commit)


def _publishers(register: Register) -> str:
    slugs = sorted(
        party.slug
        for party in register.grounds.parties
        if any(_ROLE in person.roles for person in party.people)
    )
    return f"a publisher is of {', '.join(slugs)}" if slugs else "no Party has a publisher yet"
