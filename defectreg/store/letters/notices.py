"""Notices of letters that were accepted for delivery: signed, and on one branch for the gate."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from defectreg.register.errors import UsageProblem
from defectreg.register.record import statements_folder
from defectreg.register.yamltext import dump
from defectreg.store.identity import Identity
from defectreg.store.letters.journal import Journal, Unnoticed
from defectreg.store.letters.on_requests import Notice, Said, statements_among
from defectreg.store.proposals import Base, free_branch, free_names, propose
from defectreg.store.requests import Target, cases_of
from defectreg.store.signing_statements import signed_all

ROLES = frozenset({"publisher", "validator"})
"""Who may say that a Party was told."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """Where notices stand: the branch, as people type it, and their paths."""

    branch: str
    paths: tuple[str, ...]
    has_remote: bool = False
    """Whether the branch has to be pushed before others see it."""


def check_may_notify(identity: Identity) -> None:
    """Raises UsageProblem where a person may not say that a Party was told."""
    if identity.key is None or identity.person is None:
        raise UsageProblem(
            "a letter that was accepted becomes a signed notice, and no key is named",
            "say --key FILE, or: git config defectreg.key FILE",
        )
    if not ROLES & identity.person.roles:
        raise UsageProblem(
            f"{identity.person.pseudonym} of {identity.party} is neither publisher nor validator",
            "the Party's file in policy/parties/ says who has which role",
        )


def propose_notices(
    target: Target,
    journal: Journal,
    said: Said,
    identity: Identity,
    now: datetime.datetime,
) -> Noticed | None:
    """Sign the notices that are missing, and commit them on one branch; None where none is.

    Those of a run that was stopped may stand already, on a request or landed.
    """
    missing = list(journal.unnoticed())
    stands = {(each.record_id, each.letter)
              for each in notices_of(target, said, {one.record_id for one in missing})}  # fmt: skip
    there = [each for each in missing if (each.record_id, each.sha256) in stands]
    journal.noticed(there, "found")
    new = [each for each in missing if each not in there]
    if not new:
        return None
    if identity.key is None:
        raise ValueError("a notice is signed")
    day = _day(now)
    wanted = f"submit/notices-{day.isoformat()}-{identity.party}"
    register = target.register
    base = Base(free_branch(register.repository, wanted), target.commit, register.repository)
    paths = list(_paths(target, base, new, identity.party, day))
    order = target.grounds.schemas["statement"].order
    texts = [dump(_ordered(_said(each, identity.party, day), order)).encode() for each in new]
    signed = signed_all(texts, identity.key, target.grounds.policy.namespace)
    files = dict(zip(paths, signed, strict=True))
    propose(base, files, f"Say who was told: {len(new)} notices\n", identity.party, now)
    journal.noticed(new, base.branch)
    has_remote = bool(register.repository.config("remote.origin.url"))
    return Noticed(base.branch, tuple(paths), has_remote)


def notices_of(target: Target, said: Said, record_ids: Collection[str]) -> list[Notice]:
    """The notices of some records, landed and on requests."""
    cases = cases_of(target.source, sorted(record_ids)) if record_ids else {}
    landed = (
        Notice(each.of, each.file, each.text("letter"))
        for case in cases.values()
        for each in statements_among(case, target.grounds)
        if each.kind == "notice"
    )
    return [*landed, *(each for each in said.notices if each.record_id in record_ids)]


def _paths(
    target: Target, base: Base, told: Sequence[Unnoticed], party: str, day: datetime.date
) -> Iterator[str]:
    """Where each notice will stand; several of one record are numbered."""
    names: dict[str, Iterator[str]] = {}
    for each in told:
        if each.record_id not in names:
            names[each.record_id] = free_names(
                target.register, base, each.record_id, day, "notice", party
            )
        yield f"{statements_folder(each.record_id)}/{next(names[each.record_id])}"


def _said(told: Unnoticed, party: str, day: datetime.date) -> dict[str, Any]:
    return {
        "of": told.record_id,
        "kind": "notice",
        "by": party,
        "date": day.isoformat(),
        "to": told.party,
        "letter": told.sha256,
        "delivered": told.delivered,
        "told": dict(told.told),
        "read": [f"{told.read}  {told.record_id}.yaml"],
    }


def _ordered(data: dict[str, Any], order: Sequence[str]) -> dict[str, Any]:
    return {key: data[key] for key in order if key in data}


def _day(now: datetime.datetime) -> datetime.date:
    from defectreg.store.git.history import day_in_london

    return day_in_london(int(now.timestamp()))
