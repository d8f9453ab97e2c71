"""What a person proposes: a new issue, a statement, a change. Judged first, then committed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from defectreg.intake.candidates import (
    Candidate,
    Judgement,
    Unwritable,
    judged,
    nested,
    new_issue,
    new_statement,
)
from defectreg.intake.readers import handed_to_security, not_for_this_register
from defectreg.register.checking import read_statement
from defectreg.register.errors import UsageProblem
from defectreg.register.findings import Finding
from defectreg.register.grounds import Grounds, finding_of
from defectreg.register.record import record_path
from defectreg.register.statement import place_of_statement, statement_name
from defectreg.register.yamltext import YamlError, load
from defectreg.store.git.history import day_in_london
from defectreg.store.identity import Identity
from defectreg.store.places import Register
from defectreg.store.proposals import (
    Base,
    base_of,
    base_of_new,
    free_names,
    propose,
    unused_id,
)
from defectreg.store.signing_statements import signed
from defectreg.store.sources import CommitSource, case_files, grounds_of

_OF_THE_WHOLE = frozenset({"S002", "R061"})
"""Codes of what is missing: it stands at no key."""
_VOID_WITH_THE_TEXT = frozenset({"accept", "lift", "withdraw"})
"""Decisions that the gate lets in only over bytes that are there."""


@dataclass(frozen=True)
class Desk:
    """Where something is proposed: who speaks, of which record, on what, and when."""

    register: Register
    identity: Identity
    record_id: str
    base: Base
    when: datetime

    @classmethod
    def for_new(
        cls, register: Register, identity: Identity, when: datetime, record_id: str = ""
    ) -> Desk:
        """For a new record, with an id of its own unless one is given."""
        record_id = record_id or unused_id(register)
        return cls(register, identity, record_id, base_of_new(register, record_id), when)

    @classmethod
    def for_record(cls, register: Register, identity: Identity, when: datetime, typed: str) -> Desk:
        """For the record that an id's beginning means. Raises UsageProblem where there is none."""
        record_id, base = base_of(register, typed, identity.party)
        return cls(register, identity, record_id, base, when)

    @property
    def day(self) -> date:
        """The calendar day of Europe/London."""
        return day_in_london(int(self.when.timestamp()))

    @cached_property
    def grounds(self) -> Grounds:
        """What the proposal is judged by: those of the target, never those of a request."""
        target = self.register.target.commit
        if target == self.register.head:
            return self.register.grounds
        return grounds_of(CommitSource(self.register.repository, target))[0]

    @cached_property
    def standing(self) -> dict[str, bytes]:
        """The files of the record as they stand; none of a new one."""
        return case_files(self.base.source, self.record_id)

    @property
    def path(self) -> str:
        """Where the record's file stands."""
        return record_path(self.record_id)

    def said(self, kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """A statement's data: the envelope, which nobody types, and these values by dotted key.

        Raises UsageProblem where the values would say the envelope.
        """
        envelope = {
            "of": self.record_id,
            "kind": kind,
            "by": self.identity.party,
            "date": self.day.isoformat(),
        }
        for key in (*envelope, "signature"):
            if key in values:
                raise UsageProblem(f"{key} of a {kind} is not typed", "take it out: it is known")
        return envelope | nested(values)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Files that would be committed, what is wrong in them, and the message of the commit."""

    desk: Desk
    candidate: Candidate
    judgement: Judgement
    message: str
    notes: tuple[str, ...] = ()
    """Sentences that say why it is not for this register."""
    stale: tuple[str, ...] = ()
    """The paths of sign-offs on the request that read the text as it was; they are taken out."""

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The paths of its statements that bear no signature."""
        return tuple(
            path
            for path, data in self.candidate.files.items()
            if place_of_statement(path) and b"\nsignature:" not in data
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is written: findings, each with the field it is about, and sentences."""

    findings: tuple[tuple[str, Finding], ...]
    notes: tuple[str, ...] = ()


def issue(
    desk: Desk, typed: Mapping[str, Any], report: Mapping[str, Any], consent: str = ""
) -> Proposal:
    """A new record with its report; both map dotted keys to values. Raises Unwritable.

    ``consent`` is the audience to which whoever told it in confidence lets it be shown.
    """
    name = statement_name(desk.day, "report", desk.identity.party)
    said = desk.said("report", report)
    candidate = new_issue(desk.record_id, nested(typed), said, name, desk.grounds)
    if consent:
        candidate = _consented(desk, candidate, consent)
    return _judged(desk, candidate, f"Add {desk.record_id}", typed)


def statement(desk: Desk, kind: str, values: Mapping[str, Any]) -> Proposal:
    """One more statement; ``values`` maps dotted keys to values. Raises Unwritable."""
    party = desk.identity.party
    name = next(free_names(desk.register, desk.base, desk.record_id, desk.day, kind, party))
    said = desk.said(kind, values)
    candidate = new_statement(desk.record_id, name, said, desk.grounds)
    return _judged(desk, candidate, f"Add a {kind} to {desk.record_id}", values)


def change(desk: Desk, source: bytes) -> Proposal:
    """Another text of the record, without the sign-offs that it makes void."""
    candidate = Candidate(desk.record_id, {desk.path: source})
    stale = tuple(_stale(desk)) if source != desk.standing[desk.path] else ()
    return _judged(desk, candidate, f"Change {desk.record_id}", {}, stale)


def signed_proposal(proposal: Proposal) -> Proposal:
    """The proposal with its statements signed, and judged once more: a signer needs a role.

    Without a key it is returned as it is.
    """
    desk = proposal.desk
    if desk.identity.key is None or not proposal.unsigned:
        return proposal
    namespace = desk.grounds.policy.namespace
    files = {
        path: signed(data, desk.identity.key, namespace) if path in proposal.unsigned else data
        for path, data in proposal.candidate.files.items()
    }
    candidate = replace(proposal.candidate, files=files)
    judgement = judged(candidate, _staying(desk, proposal.stale), desk.grounds)
    return replace(proposal, candidate=candidate, judgement=judgement)


def commit(proposal: Proposal) -> str:
    """Put the proposal on its branch, in one commit; returns it."""
    desk = proposal.desk
    files = {**proposal.candidate.files, **dict.fromkeys(proposal.stale)}
    return propose(desk.base, files, proposal.message, desk.identity.party, desk.when)


def refusal_of(proposal: Proposal) -> Refusal | None:
    """What keeps a proposal from being written; None where nothing does."""
    errors = proposal.judgement.errors
    if not errors and not proposal.notes:
        return None
    placed = tuple((field_of(proposal, finding), finding) for finding in errors)
    return Refusal(placed, proposal.notes)


def unread(error: YamlError | Unwritable) -> Refusal:
    """Why a typed text, or what was typed, is no file of a register."""
    if isinstance(error, Unwritable):
        return Refusal((("", error.finding),))
    return Refusal((("", finding_of("the text", error)),))


def field_of(proposal: Proposal, finding: Finding) -> str:
    """Where a finding stands, for a person who typed fields: ``affected``, ``report: devices``."""
    data = proposal.candidate.files.get(finding.file)
    place = place_of_statement(finding.file)
    if data is None:
        return place[1] if place else "record"
    key = _key_at(data, finding)
    if place is None or len(proposal.candidate.files) == 1:
        return key
    kind = "consent" if "-consent-" in finding.file else "report"
    return f"{kind}: {key}" if key else kind


def _key_at(data: bytes, finding: Finding) -> str:
    """The key above or at a finding; empty where it is about the whole file."""
    try:
        document = load(data)
    except YamlError:
        return ""
    if finding.code in _OF_THE_WHOLE and finding.line == 1:
        return ""
    keys = [key for key in document.data if document.key_position((key,)).line <= finding.line]
    return keys[-1] if keys else ""


def _consented(desk: Desk, candidate: Candidate, audience: str) -> Candidate:
    """With the consent of its Party that the new record be shown."""
    sha256 = hashlib.sha256(candidate.files[desk.path]).hexdigest()
    reading = f"{sha256}  {desk.path.rpartition('/')[2]}"
    said = desk.said("consent", {"audience": audience, "read": [reading]})
    name = statement_name(desk.day, "consent", desk.identity.party)
    consent = new_statement(desk.record_id, name, said, desk.grounds)
    return replace(candidate, files={**candidate.files, **consent.files})


def _stale(desk: Desk) -> Iterator[str]:
    """The sign-offs on the request that decide on the record's bytes as they stand.

    None that has landed: that is history. A return and a hold keep their sense: why, and that.
    """
    read = hashlib.sha256(desk.standing[desk.path]).hexdigest()
    landed = case_files(CommitSource(desk.register.repository, desk.register.target.commit),
                        desk.record_id)  # fmt: skip
    for path, source in desk.standing.items():
        statement = read_statement(path, source, desk.grounds)[0] if path not in landed else None
        if (
            statement is not None
            and statement.value.text("decision") in _VOID_WITH_THE_TEXT
            and any(reading.sha256 == read for reading in statement.value.read)
        ):
            yield path


def _staying(desk: Desk, stale: Collection[str]) -> dict[str, bytes]:
    return {path: data for path, data in desk.standing.items() if path not in stale}


def _judged(
    desk: Desk,
    candidate: Candidate,
    message: str,
    typed: Mapping[str, Any],
    stale: tuple[str, ...] = (),
) -> Proposal:
    judgement = judged(candidate, _staying(desk, stale), desk.grounds)
    notes = not_for_this_register(str(typed.get("classification", "clear")), desk.grounds)
    if any(finding.code == "R012" for finding in judgement.errors):
        notes += handed_to_security(desk.grounds)
    return Proposal(desk, candidate, judgement, message, tuple(notes), stale)
