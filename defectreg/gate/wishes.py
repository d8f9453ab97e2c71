"""What a person wants to decide, and of what: the role, the files, and where it has its place."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from defectreg.gate.reviewing import Review
from defectreg.register.errors import UsageProblem
from defectreg.register.mandates import (
    OWN,
    ROLES,
    Objection,
    Signatory,
    objection_to_author,
    objections_to_role,
)
from defectreg.register.record import Record
from defectreg.register.standing import is_reported_by_dcc, required_roles
from defectreg.register.statement import Statement
from defectreg.store.identity import Identity
from defectreg.store.requests import Target

_OF_WHAT_LANDED = frozenset({"hold", "withdraw"})
"""Decisions of a record that are of what has landed, whatever is on its way."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants to decide, of whichever records.

    Without a role it is the one that the person has and the decision needs. Without files it is of
    the record; an accept is of all that awaits one.
    """

    decision: str
    role: str = ""
    says: str = ""
    code: str = ""
    other: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who decides, against what, and when. ``day`` is the calendar day of Europe/London."""

    identity: Identity
    target: Target
    now: datetime.datetime
    day: datetime.date

    @property
    def signatory(self) -> Signatory:
        """The person who signs. Raises UsageProblem where no key says who that is."""
        person = self.identity.person
        if person is None or self.identity.key is None:
            raise UsageProblem(
                "a sign-off is signed, and no key is named",
                "say --key FILE, or once: git config defectreg.key FILE",
            )
        return Signatory(self.target.grounds.parties.by_slug[self.identity.party], person)


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision of a review, not signed yet: what it reads, what stands against it."""

    review: Review
    wish: Wish
    role: str
    """Empty where the person has several that would do, and nothing tells which is meant."""
    record: Record | None
    """The record, where its bytes are decided; None where only statements are."""
    statements: tuple[Statement, ...]
    left: tuple[Objection, ...] = ()
    """Why others must accept some of the statements that await it."""
    refusals: tuple[Objection, ...] = ()

    @property
    def read(self) -> list[str]:
        """The lines of ``read``."""
        record_name = self.review.request.record_path.rpartition("/")[2]
        lines = [f"{self.record.sha256}  {record_name}"] if self.record else []
        return lines + [f"{item.sha256}  {item.file}" for item in self.statements]


def wished(review: Review, wish: Wish, occasion: Occasion) -> Decision:
    """The decision that a person wants of a review, whatever stands against it."""
    role = _role(review, wish, occasion)
    left: dict[str, Objection] = {}
    if wish.decision == "accept":
        left = _objections_to_authors(review, wish, occasion)
    return Decision(
        review,
        wish,
        role,
        review.record if _is_of_record(review, wish, role) else None,
        tuple(item for item in _statements(review, wish) if item.file not in left),
        tuple(left.values()),
    )


def fitting(reviews: Iterable[Review], wish: Wish) -> list[Review]:
    """Of all reviews of one record those on which such a decision has its place."""
    every = list(reviews)
    on_the_way = [each for each in every if not each.is_landed]
    landed = [each for each in every if each.is_landed]
    if wish.files:
        return _with_files((on_the_way, landed), wish.files) or every[:1]
    if wish.decision == "accept":
        # Where another text is on its way, the one that has landed is not accepted besides.
        able = on_the_way if any(each.brings_record for each in on_the_way) else every
        return [each for each in able if _awaits_anything(each)] or every[:1]
    if wish.decision == "lift":
        held = [each for each in every if each.standing is not None and each.standing.is_held]
        return held or every[:1]
    return landed or on_the_way if wish.decision in _OF_WHAT_LANDED else on_the_way or landed


def _with_files(places: Iterable[Sequence[Review]], files: Collection[str]) -> list[Review]:
    """The first of these places with reviews whose request brings all these files."""
    found = ([each for each in reviews if _brings(each, files)] for reviews in places)
    return next((reviews for reviews in found if reviews), [])


def _brings(review: Review, files: Collection[str]) -> bool:
    brought = review.request.landed if review.is_landed else review.request.new
    return {path.rpartition("/")[2] for path in brought}.issuperset(files)


def _awaits_anything(review: Review) -> bool:
    standing = review.standing
    is_withdrawn = standing is not None and standing.withdrawal is not None
    return bool(review.awaits) or (is_withdrawn and review.is_landed)


def _is_of_record(review: Review, wish: Wish, role: str) -> bool:
    """Whether the record itself is decided, and not only what is said of it."""
    if wish.files:
        return False
    if wish.decision == "accept":
        return review.awaits_record(role)
    return wish.decision != "return" or review.brings_record or not _awaiting(review)


def _statements(review: Review, wish: Wish) -> list[Statement]:
    """The statements that the wish is of."""
    if wish.files:
        return [item for file in wish.files if (item := review.said(file)) is not None]
    if wish.decision == "accept":
        return _awaiting(review)
    is_of_what_is_said = wish.decision == "return" and not review.brings_record
    return _awaiting(review) if is_of_what_is_said else []


def _awaiting(review: Review) -> list[Statement]:
    return list(review.awaiting_statements())


def _objections_to_authors(review: Review, wish: Wish, occasion: Occasion) -> dict[str, Objection]:
    """File name of a statement that this person may not accept → why."""
    grounds, who = occasion.target.grounds, occasion.signatory
    return {
        item.file: objection
        for item in _statements(review, wish)
        if (objection := objection_to_author(item, "author", who, grounds.parties, grounds.policy))
    }


def _role(review: Review, wish: Wish, occasion: Occasion) -> str:
    """The role that was typed, else the one that the person has and the decision needs."""
    if wish.role:
        return wish.role
    who = occasion.signatory
    if wish.decision == "withdraw":
        said = _statements(review, wish)
        is_own = bool(said) and all(item.by == who.party.slug for item in said)
        return OWN if is_own else "validator"
    able = [role for role in ROLES[wish.decision]
            if not any(objections(review, wish.decision, role, occasion))]  # fmt: skip
    awaited = [role for role in able if _is_of_record(review, wish, role)]
    if len(awaited) > 1:
        return ""
    having = (role for role in ROLES[wish.decision] if role in who.person.roles)
    return next(iter((*awaited, *able, *having, *_needed(review, wish, occasion))))


def _needed(review: Review, wish: Wish, occasion: Occasion) -> Iterator[str]:
    """The roles that the decision needs here, and those that it may have anywhere."""
    policy = occasion.target.grounds.policy
    by_dcc = is_reported_by_dcc(reporting(review), occasion.target.grounds.parties)
    roles = required_roles(policy.who_validates, policy.dcc_reports_validated_by, by_dcc)
    yield from (role for role in ROLES[wish.decision] if role in roles)
    yield from ROLES[wish.decision]


def reporting(review: Review) -> frozenset[str]:
    """The Parties whose reports count; none of what cannot be read."""
    return review.standing.reporting_parties if review.standing else frozenset()


def objections(review: Review, decision: str, role: str, occasion: Occasion) -> Iterator[Objection]:
    """What stands against the person's deciding so in a role."""
    grounds, record = occasion.target.grounds, review.record
    if record is None:
        return iter(())
    return objections_to_role(
        decision, role, occasion.signatory, record, reporting(review), grounds.parties,
        grounds.policy,
    )  # fmt: skip
