"""A validator's work in its plain form: read what a request brings, and accept it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from defectreg.gate.additions import judge_request
from defectreg.register.errors import UsageProblem
from defectreg.register.findings import Finding
from defectreg.register.parties import Party, Person
from defectreg.register.record import Record
from defectreg.register.standing import Standing, required_roles
from defectreg.register.statement import ACCEPTED_KINDS, Statement
from defectreg.store.identity import Identity
from defectreg.store.landings import Landings, standing_of
from defectreg.store.places import find_record
from defectreg.store.requests import LANDED, Request, Target, requests_for, requests_of

_SETTLED_BY_ACCEPT = ("R013", "R015")
"""Codes that say that an accept is awaited, which is why one reviews."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a sign-off is not made, and what to do about it."""

    sentence: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """What one request brings for one record, judged by the target's rules."""

    request: Request
    record: Record | None
    """None where it cannot be read: the findings say why."""
    new: tuple[Statement, ...]
    """The statements that the request brings and that can be read."""
    standing: Standing | None
    """The record as it will stand once the request has landed."""
    findings: tuple[Finding, ...]
    awaited_roles: frozenset[str]
    """The roles that have still to accept the record's bytes; of an unreadable one none."""

    @property
    def brings_record(self) -> bool:
        """Whether the request adds or changes the record's file."""
        return self.request.record_path in self.request.new

    @property
    def awaits(self) -> list[str]:
        """The names of the files that have still to be accepted, by whomever."""
        record = [self.request.record_path.rpartition("/")[2]] if self.awaited_roles else []
        return record + [statement.file for statement in self.awaiting_statements()]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that must be mended before anybody accepts it."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    def awaits_record(self, role: str) -> bool:
        """Whether the record's bytes have still to be accepted in a role."""
        if self.standing is None:
            return False
        sha256 = self.standing.record.sha256
        decided = self.standing.newest_decision(sha256, ("accept", "return"), role)
        return decided is None or decided.statement.text("decision") == "return"

    def awaiting_statements(self) -> Iterator[Statement]:
        """The statements that have still to be accepted: the request's, or what has landed."""
        if self.standing is None:
            return
        names = {path.rpartition("/")[2] for path in self.request.new}
        is_landed = self.request.ref == LANDED
        for item in self.standing.landed:
            statement = item.statement
            if statement.kind in ACCEPTED_KINDS and (is_landed or statement.file in names):
                decisions = ("accept", "return", "withdraw")
                decided = self.standing.newest_decision(statement.sha256, decisions)
                if decided is None or decided.statement.text("decision") == "return":
                    yield statement


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person's accept of a review would be: what it reads, and what stands against it."""

    review: Review
    role: str
    record: Record | None
    """The record, where its bytes are accepted; None where only statements are."""
    statements: tuple[Statement, ...]
    left: tuple[Refusal, ...]
    """Statements that somebody else must accept, and why."""
    refusals: tuple[Refusal, ...]

    @property
    def read(self) -> list[str]:
        """The lines of ``read``."""
        record_name = self.review.request.record_path.rpartition("/")[2]
        lines = [f"{self.record.sha256}  {record_name}"] if self.record else []
        return lines + [f"{item.sha256}  {item.file}" for item in self.statements]


def reviews_of(target: Target, typed: Sequence[str], today: datetime.date) -> list[Review]:
    """A review of every request of the records whose ids were typed; without any, of all requests.

    Of a record that is on no request, a review of what has landed. Raises UsageProblem where an id
    means no record or several.
    """
    ids = [find_record(target.register, text).record_id for text in typed]
    requests = requests_for(target, ids) if ids else list(requests_of(target))
    if not requests:
        return []
    landings = Landings.of(target.register.repository, target.commit, target.grounds)
    return [review(request, target, landings, today) for request in requests]


def review(request: Request, target: Target, landings: Landings, today: datetime.date) -> Review:
    """Reads and judges what a request brings, as it would stand if it landed today."""
    grounds = target.grounds
    judged = judge_request(request, grounds)
    standing = standing_of(request.record_id, request.case, landings, grounds, today)
    return Review(
        request=request,
        record=judged.record,
        new=judged.new,
        standing=standing,
        findings=tuple(each for each in judged.findings if each.code not in _SETTLED_BY_ACCEPT),
        awaited_roles=standing.awaited_roles(grounds.policy) if standing else frozenset(),
    )


def waiting(decisions: Iterable[Decision]) -> list[Decision]:
    """Without those on which nothing awaits a sign-off, where another of that record can be."""
    every = list(decisions)
    able = {each.review.request.record_id for each in every if not each.refusals}
    return [
        each
        for each in every
        if each.review.request.record_id not in able
        or each.review.awaits_record(each.role)
        or list(each.review.awaiting_statements())
    ]


def decide(review: Review, identity: Identity, role: str, target: Target) -> Decision:
    """What this person's accept of a review in a role would be."""
    person = identity.person
    if person is None or identity.key is None:
        raise UsageProblem(
            "a sign-off is signed, and no key is named",
            "say --key FILE, or once: git config defectreg.key FILE",
        )
    party = target.grounds.parties.by_slug[identity.party]
    judge = _Judge(review, party, person, role, target)
    awaiting = list(review.awaiting_statements())
    left = [refusal for item in awaiting if (refusal := judge.bar_of_statement(item))]
    return Decision(
        review=review,
        role=role,
        record=review.record if review.awaits_record(role) else None,
        statements=tuple(item for item in awaiting if judge.bar_of_statement(item) is None),
        left=tuple(left),
        refusals=tuple(judge.refusals(left)),
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    """One person's part in one review."""

    review: Review
    party: Party
    person: Person
    role: str
    target: Target

    def refusals(self, left: Sequence[Refusal]) -> Iterator[Refusal]:
        """Everything that stands against this person's accept."""
        if self.review.record is None or self.review.standing is None:
            yield Refusal("the record cannot be read", "the findings say what to mend")
            return
        yield from self._about_role()
        for finding in self.review.errors:
            yield Refusal(f"{finding.code}: {finding.sentence}", finding.hint)
        yield from self._about_signatures()
        if self.review.awaits_record(self.role):
            yield from self._about_reports()
        elif not list(self.review.awaiting_statements()):
            yield Refusal(f"nothing on {self.review.request.branch} awaits this sign-off")
        elif len(left) == len(list(self.review.awaiting_statements())):
            yield from left

    def bar_of_statement(self, statement: Statement) -> Refusal | None:
        """Why this person may not accept a statement; None where they may."""
        return self._bar(statement, "author")

    def _about_role(self) -> Iterator[Refusal]:
        if self.role not in self.person.roles:
            yield Refusal(
                f"{self.party.slug}'s {self.person.pseudonym} has not the role {self.role}",
                "the Party's file in policy/parties/ says who has which role",
            )
        elif self.role not in self._required():
            yield Refusal(
                f"under this register's policy no {self.role} accepts this record",
                "`defectreg policy show who-validates` says who does",
            )
        elif self.role == "manufacturer":
            yield from self._about_manufacturer()
        elif self._dcc_alone() and self.party.category != "dcc":
            yield Refusal(
                "under this register's policy a validator of the DCC accepts it",
                "`defectreg policy show who-validates` says who does",
            )

    def _about_manufacturer(self) -> Iterator[Refusal]:
        record = self.review.record
        if record is not None and not self.party.manufacturer_ids & record.manufacturer_ids:
            yield Refusal(f"{self.party.slug} answers for no Device that it names")

    def _required(self) -> frozenset[str]:
        policy = self.target.grounds.policy
        return required_roles(
            policy.who_validates, policy.dcc_reports_validated_by, self._is_reported_by_dcc()
        )

    def _dcc_alone(self) -> bool:
        policy = self.target.grounds.policy
        other = policy.dcc_reports_validated_by == "other-party" and self._is_reported_by_dcc()
        return policy.who_validates == "dcc" and not other

    def _is_reported_by_dcc(self) -> bool:
        parties = self.target.grounds.parties
        by = self.review.standing.reporting_parties if self.review.standing else ()
        return any(party is not None and party.category == "dcc" for party in map(parties.get, by))

    def _about_signatures(self) -> Iterator[Refusal]:
        for statement in self.review.new:
            if not statement.is_signed:
                yield Refusal(
                    f"{statement.file} is not signed yet",
                    f"`defectreg key sign {statement.of}` by {statement.by}; "
                    "its bytes change with the signature",
                )

    def _about_reports(self) -> Iterator[Refusal]:
        reports = list(self._reports())
        if not reports and self.review.request.record_path not in self.review.request.landed:
            yield Refusal("no report comes with it", "an issue is reported before it is accepted")
        for report in reports:
            refusal = self._bar(report, "reporter")
            if refusal is not None:
                yield refusal

    def _reports(self) -> Iterable[Statement]:
        """The reports that land with the record; of one that has landed, all."""
        if self.review.brings_record:
            return (item for item in self.review.new if item.kind == "report")
        landed = self.review.standing.landed if self.review.standing else ()
        return (item.statement for item in landed if item.statement.kind == "report")

    def _bar(self, statement: Statement, whose: str) -> Refusal | None:
        """A validator is another person than reporter and author, and of another Party, unless
        the policy says that the DCC validates what it reported."""
        parties = self.target.grounds.parties
        held = parties.holder(statement.signer) if statement.signer else None
        if held is not None and (held[0].slug, held[1]) == (self.party.slug, self.person):
            return Refusal(f"you are the {whose} of {statement.file}", "another person accepts it")
        dcc_itself = (
            self.party.category == "dcc"
            and self.target.grounds.policy.dcc_reports_validated_by == "self"
        )
        if statement.by == self.party.slug and not dcc_itself:
            return Refusal(
                f"{self.party.slug} is the {whose} of {statement.file}", "another Party accepts it"
            )
        return None
