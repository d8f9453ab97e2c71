"""What counts: of everything said about a record, the statements that have their effect."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from defectreg.register.classification import highest, may_read
from defectreg.register.parties import Parties
from defectreg.register.policy import Policy
from defectreg.register.record import Record
from defectreg.register.statement import ACCEPTED_KINDS, Statement

_STRICTNESS = {"accept": 0, "lift": 0, "return": 1, "hold": 1, "withdraw": 2}


@dataclass(frozen=True, slots=True)
class Landing:
    """The first-parent step that added a file: its place in the history, from 0; its calendar
    day in Europe/London; and who validated under the policy of that step."""

    step: int
    day: datetime.date
    who_validates: str
    dcc_reports_validated_by: str

    @property
    def text(self) -> str:
        """All of it in one line."""
        day = self.day.toordinal()
        return f"{self.step} {day} {self.who_validates} {self.dcc_reports_validated_by}"


@dataclass(frozen=True, slots=True)
class Landed:
    """A statement and the step that added it."""

    statement: Statement
    landing: Landing

    @property
    def order(self) -> tuple[int, datetime.date, int]:
        """By step, then date; of equals the stricter decision comes last."""
        strictness = _STRICTNESS.get(self.statement.text("decision"), 0)
        return self.landing.step, self.statement.date, strictness


@dataclass(frozen=True)
class Standing:
    """A record, everything said about it that landed, and the Parties of the commit asked."""

    record: Record
    landed: tuple[Landed, ...]
    parties: Parties

    @cached_property
    def _trusted(self) -> tuple[Landed, ...]:
        """Without what a key signed that is now distrusted, in the order of the history."""
        distrusted = self.parties.distrusted
        return tuple(
            sorted(
                (item for item in self.landed if item.statement.signer not in distrusted)
                if distrusted
                else self.landed,
                key=lambda item: item.order,
            )
        )

    @cached_property
    def _superseded(self) -> frozenset[tuple[str, str]]:
        """Pairs of Party and file name that a counting statement of that Party replaces."""
        return _replaced(
            item
            for item in self._trusted
            if "supersedes" in item.statement.data
            and self._takes_effect(item.statement)
            and not self._withdrawn(item.statement)
        )

    def _takes_effect(self, statement: Statement) -> bool:
        return statement.kind not in ACCEPTED_KINDS or self._accepted(statement.sha256)

    def _accepted(self, sha256: str) -> bool:
        decided = self.newest_decision(sha256, ("accept", "return", "withdraw"))
        return decided is not None and decided.statement.text("decision") == "accept"

    @cached_property
    def _sign_offs(self) -> tuple[Landed, ...]:
        """Those that their own Party has not replaced."""
        landed = [item for item in self._trusted if item.statement.kind == "sign-off"]
        replaced = _replaced(landed)
        return tuple(
            item for item in landed if (item.statement.by, item.statement.file) not in replaced
        )

    @cached_property
    def _decided(self) -> Mapping[str, list[Landed]]:
        """SHA-256 → the sign-offs that read it, the newest first."""
        decided: dict[str, list[Landed]] = {}
        for item in reversed(self._sign_offs):
            for sha256 in item.statement.read_sha256s:
                decided.setdefault(sha256, []).append(item)
        return decided

    def newest_decision(
        self, sha256: str, decisions: tuple[str, ...], role: str = ""
    ) -> Landed | None:
        """The newest sign-off with one of these decisions on a file; None where there is none."""
        for item in self._decided.get(sha256, ()):
            statement = item.statement
            if statement.text("decision") in decisions and role in ("", statement.text("role")):
                return item
        return None

    @cached_property
    def _statement_shas(self) -> frozenset[str]:
        return frozenset(item.statement.sha256 for item in self.landed)

    def newest_of_record(self, *decisions: str) -> Landed | None:
        """The newest sign-off of the record as such with one of these decisions.

        Hold and lift are of the record, whatever they read; withdraw is, unless what it reads is
        one of the record's statements; accept and return are of the record's present bytes.
        """
        for item in reversed(self._sign_offs):
            if item.statement.text("decision") in decisions and self._is_of_record(item.statement):
                return item
        return None

    def _is_of_record(self, sign_off: Statement) -> bool:
        decision, read = sign_off.text("decision"), sign_off.read_sha256s
        if decision in ("accept", "return"):
            return self.record.sha256 in read
        return decision in ("hold", "lift") or not read <= self._statement_shas

    @cached_property
    def counting(self) -> tuple[Landed, ...]:
        """What counts, in the order of the history; superseded statements no longer do."""
        return tuple(
            item
            for item in self._trusted
            if self._takes_effect(item.statement)
            and (item.statement.by, item.statement.file) not in self._superseded
            and not self._withdrawn(item.statement)
        )

    def _withdrawn(self, statement: Statement) -> bool:
        decided = self.newest_decision(statement.sha256, ("accept", "withdraw"))
        return decided is not None and decided.statement.text("decision") == "withdraw"

    @cached_property
    def _counting_by_kind(self) -> Mapping[str, tuple[Landed, ...]]:
        by_kind: dict[str, tuple[Landed, ...]] = {}
        for item in self.counting:
            by_kind[item.statement.kind] = (*by_kind.get(item.statement.kind, ()), item)
        return by_kind

    def of_kind(self, kind: str) -> tuple[Landed, ...]:
        """What counts of a kind."""
        return self._counting_by_kind.get(kind, ())

    @cached_property
    def superseded(self) -> tuple[Landed, ...]:
        """What counted until its own Party replaced it."""
        if not self._superseded:
            return ()
        return tuple(
            item
            for item in self._trusted
            if (item.statement.by, item.statement.file) in self._superseded
            and self._takes_effect(item.statement)
            and not self._withdrawn(item.statement)
        )

    @cached_property
    def withdrawal(self) -> Landed | None:
        """The sign-off that withdrew the record, unless a later accept of it ended that."""
        newest = self.newest_of_record("withdraw", "accept")
        if newest is not None and newest.statement.text("decision") == "withdraw":
            return newest
        return None

    @cached_property
    def is_held(self) -> bool:
        """Whether the newest of hold and lift is hold, or it says security and none lifted that.

        What says security is freed only by a lift that read its present bytes: other bytes the
        security body has not seen.
        """
        newest = self.newest_of_record("hold", "lift")
        if newest is not None and newest.statement.text("decision") == "hold":
            return True
        lifted = self.newest_decision(self.record.sha256, ("lift",))
        return self.record.says_security and lifted is None

    @property
    def is_returned(self) -> bool:
        """Whether the newest decision of a validator on these bytes is return."""
        newest = self.newest_decision(self.record.sha256, ("accept", "return"), "validator")
        return newest is not None and newest.statement.text("decision") == "return"

    @cached_property
    def reporting_parties(self) -> frozenset[str]:
        """The Parties by whom a report counts."""
        return frozenset(item.statement.by for item in self.of_kind("report"))

    @cached_property
    def accepting_roles(self) -> frozenset[str]:
        """The roles whose newest decision on these bytes is accept."""
        return frozenset(
            role
            for role in ("validator", "manufacturer")
            if (newest := self.newest_decision(self.record.sha256, ("accept", "return"), role))
            and newest.statement.text("decision") == "accept"
        )

    def awaited_roles(self, policy: Policy) -> frozenset[str]:
        """The roles that have still to accept these bytes; empty once they are accepted.

        Who validates is the policy of the step that landed the last accept; before there is one,
        the policy given.
        """
        newest = self.newest_decision(self.record.sha256, ("accept",))
        if newest is None:
            who, dcc = policy.who_validates, policy.dcc_reports_validated_by
        else:
            who, dcc = newest.landing.who_validates, newest.landing.dcc_reports_validated_by
        by_dcc = is_reported_by_dcc(self.reporters_of(newest), self.parties)
        return required_roles(who, dcc, by_dcc) - self.accepting_roles

    def reporters_of(self, accept: Landed | None) -> frozenset[str]:
        """The Parties that had reported it when an accept landed; all, before there is one."""
        return frozenset(
            item.statement.by
            for item in self.of_kind("report")
            if accept is None or item.landing.step <= accept.landing.step
        )

    def class_of(self, item: Statement | Record) -> str:
        """The class that an audience must reach to be shown a statement or the record.

        What was given in confidence bears the class of the consent that counts, and red without.
        """
        if not item.is_in_confidence:
            return item.classification
        return highest(item.classification, self._consented(item.sha256) or "red")

    def _consented(self, sha256: str) -> str | None:
        """The strictest of what those who consented said last."""
        said = {
            consent.statement.by: consent.statement.text("audience")
            for consent in self.of_kind("consent")
            if sha256 in consent.statement.read_sha256s
        }
        return highest(*said.values()) if said else None

    def shown_to(self, audience: str, policy: Policy) -> tuple[Landed, ...]:
        """What counts and this audience may be shown, in the order of the history."""
        asked = audience, policy.given_in_confidence
        shown = self._shown.get(asked)
        if shown is None:
            shown = tuple(
                item for item in self.counting if self.may_show(item.statement, audience, policy)
            )
            self._shown[asked] = shown
        return shown

    @cached_property
    def _shown(self) -> dict[tuple[str, str], tuple[Landed, ...]]:
        """What has been asked of `shown_to`, by the audience and all of the policy that decides."""
        return {}

    def may_show(self, item: Statement | Record, audience: str, policy: Policy) -> bool:
        """Whether this audience may be shown a statement or the record, under this policy."""
        if not item.is_in_confidence:
            return may_read(audience, item.classification)
        if policy.given_in_confidence == "never":
            return False
        if policy.given_in_confidence == "if-openly-discussed" and "openly-discussed" in item.data:
            return may_read(audience, item.classification)
        return may_read(audience, self.class_of(item))


def _replaced(items: Iterable[Landed]) -> frozenset[tuple[str, str]]:
    """Pairs of Party and file name that these replace: each only what is of its own Party."""
    return frozenset(
        (item.statement.by, item.statement.text("supersedes"))
        for item in items
        if "supersedes" in item.statement.data
    )


def is_reported_by_dcc(reporting: Collection[str], parties: Parties) -> bool:
    """Whether the DCC is among the Parties whose reports count."""
    return any(
        party is not None and party.category == "dcc" for party in map(parties.get, reporting)
    )


def required_roles(who_validates: str, dcc_reports: str, by_dcc: bool) -> frozenset[str]:
    """The roles whose accept a record needs under these switches of the policy."""
    if by_dcc and dcc_reports == "manufacturer":
        return frozenset({"manufacturer"})
    if who_validates == "both":
        return frozenset({"validator", "manufacturer"})
    return frozenset({"manufacturer" if who_validates == "manufacturer" else "validator"})
