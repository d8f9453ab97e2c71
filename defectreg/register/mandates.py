"""Who may sign which decision: roles, and the distance between who says and who decides."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from defectreg.register.parties import Parties, Party, Person
from defectreg.register.policy import Policy
from defectreg.register.record import Record
from defectreg.register.standing import is_reported_by_dcc, required_roles
from defectreg.register.statement import Statement

ROLES = {
    "accept": ("validator", "manufacturer"),
    "return": ("validator", "manufacturer"),
    "hold": ("security",),
    "lift": ("security",),
    "withdraw": ("validator", "party"),
}
"""Decision → the roles in which it may be signed."""
OVERTURNS = {"accept": ("return", "withdraw"), "lift": ("hold",)}
"""Decision → those that it undoes."""
OWN = "party"
"""The role in which anybody of a Party withdraws what that Party said."""
_SHOW_WHO = "`defectreg policy show who-validates` says who does"


@dataclass(frozen=True, slots=True)
class Signatory:
    """A person who signs, and the Party that they sign for."""

    party: Party
    person: Person


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a person may not sign a decision, and what to do about it."""

    sentence: str
    hint: str = ""


def objections_to_role(  # noqa: PLR0913 - all that a decision depends on
    decision: str,
    role: str,
    who: Signatory,
    record: Record,
    reporting: Collection[str],
    parties: Parties,
    policy: Policy,
) -> Iterator[Objection]:
    """What stands against a person's decision of a record in a role, whatever it reads.

    ``reporting`` are the slugs of the Parties whose reports count.
    """
    if role != OWN and role not in who.person.roles:
        yield Objection(
            f"{who.party.slug}'s {who.person.pseudonym} has not the role {role}",
            "the Party's file in policy/parties/ says who has which role",
        )
        return
    allowed = ROLES.get(decision, ())
    if role not in allowed:
        sentence = f"the role {role} may not decide {decision}"
        yield Objection(sentence, f"it is for: {', '.join(allowed)}" if allowed else "")
    elif role == "manufacturer" and not who.party.manufacturer_ids & record.manufacturer_ids:
        yield Objection(f"{who.party.slug} answers for no Device that it names")
    elif role in ("validator", "manufacturer"):
        by_dcc = is_reported_by_dcc(reporting, parties)
        yield from _objections_of_policy(decision, role, who.party, policy, by_dcc=by_dcc)


def objection_to_author(
    statement: Statement, whose: str, who: Signatory, parties: Parties, policy: Policy
) -> Objection | None:
    """What stands against a person's accept of a statement that somebody said; None: nothing.

    Another person accepts it, of another Party unless the policy lets the DCC validate its own.
    ``whose`` is what its author is called: reporter, author.
    """
    if is_signed_by(statement, who, parties):
        return Objection(f"you are the {whose} of {statement.file}", "another person accepts it")
    dcc_itself = who.party.category == "dcc" and policy.dcc_reports_validated_by == "self"
    if statement.by == who.party.slug and not dcc_itself:
        sentence = f"{who.party.slug} is the {whose} of {statement.file}"
        return Objection(sentence, "another Party accepts it")
    return None


def is_signed_by(statement: Statement, who: Signatory, parties: Parties) -> bool:
    """Whether a person signed a statement, with whichever of their keys and for whichever Party."""
    if statement.signer is None:
        return False
    held = parties.holder(statement.signer)
    if held is not None and (held[0].slug, held[1].pseudonym) == (
        who.party.slug,
        who.person.pseudonym,
    ):
        return True
    theirs = {statement.signer} | (_fingerprints(held[1]) if held is not None else set())
    return not theirs.isdisjoint(_fingerprints(who.person))


def _objections_of_policy(
    decision: str, role: str, party: Party, policy: Policy, *, by_dcc: bool
) -> Iterator[Objection]:
    """What the policy's switches say of who accepts, returns and withdraws."""
    who = policy.who_validates
    if decision != "withdraw" and role not in required_roles(
        who, policy.dcc_reports_validated_by, by_dcc
    ):
        yield Objection(
            f"under this register's policy no {role} {decision}s this record", _SHOW_WHO
        )
        return
    by_others = by_dcc and policy.dcc_reports_validated_by == "other-party"
    if role == "validator" and who == "dcc" and party.category != "dcc" and not by_others:
        yield Objection(
            f"under this register's policy a validator of the DCC {decision}s it", _SHOW_WHO
        )


def _fingerprints(person: Person) -> set[str]:
    return {key.public.fingerprint for key in person.keys}
