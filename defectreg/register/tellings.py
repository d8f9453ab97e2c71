"""What a record gives the register's publisher to tell, and whom: before any letter is written."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from defectreg.register.parties import Party
from defectreg.register.policy import Policy
from defectreg.register.stage import Awaited, Facts, facts_of, stage_of
from defectreg.register.standing import Landed, Standing
from defectreg.register.statement import Statement
from defectreg.register.working_days import last_day

BODIES = frozenset({"dcc", "secas", "sec-panel", "ssc"})
"""Categories that are no SEC Party in the sense of the letters to all Parties."""
_REACHED = frozenset({"to-notify", "in-reply", "published"})
"""Stages of a record that has reached the thresholds."""
_TOLD_PARTIES = frozenset({"in-reply", "published"})
"""Those in which its manufacturers have been told, too."""
_REMINDED_BEFORE = 3
"""Working days before the end of a reply window from which its manufacturer is reminded."""
_DAY = datetime.timedelta(days=1)
AGAIN = "again"
"""Why a manufacturer gets a letter of a record of which it was told before."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing that one Party is to be told of one record.

    ``key`` says what of the record it is about, so that nothing is told twice: a file's name, or
    a digest. ``why`` is the reason of a return, the position of a response, the code of a
    withdrawal and the other record, or AGAIN. ``until`` is the day until which a reply is asked
    for. ``told`` is what a notice of it says, ``read`` the SHA-256 of the record's bytes.
    """

    kind: str
    to: str
    record_id: str
    key: str = ""
    why: str = ""
    until: datetime.date | None = None
    read: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """By which rules and on which day it is asked; ``since`` bounds what has happened.

    ``told`` maps a Party to the bytes of the record (SHA-256) that letters have told it of.
    """

    policy: Policy
    day: datetime.date
    since: datetime.date
    told: Mapping[str, frozenset[str]] = field(default_factory=dict)


def tellings_of(standing: Standing, asked: Asked) -> Iterator[Telling]:
    """What a record that has landed gives to tell on a day.

    Of what is held only the security body is told, and only that it exists; of what was withdrawn
    only who was told of it.
    """
    policy = asked.policy
    facts = facts_of(standing, policy, policy.audience, asked.day)
    case = _Case(standing, asked, facts, stage_of(facts).name)
    if facts.is_withdrawn:
        yield from case.withdrawal()
    elif facts.is_held:
        yield from case.security()
    else:
        for part in _PARTS:
            yield from part(case)


def reporters_of(said: Iterable[Statement]) -> dict[str, str]:
    """Party → its first report; without what was entered for somebody else, who has no letter."""
    found: dict[str, str] = {}
    for statement in said:
        if statement.kind == "report" and "received" not in statement.data:
            found.setdefault(statement.by, statement.file)
    return found


def told_of(standing: Standing, party: Party) -> dict[str, Any]:
    """What a letter tells a manufacturer of a record: the combinations with a Device of its own."""
    record = standing.record
    affected = [
        text
        for text, entry in zip(record.data["affected"], record.affected, strict=True)
        if party.manufacturer_ids.intersection(entry.manufacturers())
    ]
    causes = [item.statement.file for item in standing.of_kind("cause")]
    return {
        "affected": affected,
        **({"causes": causes} if causes else {}),
        "certainty": record.certainty,
        "impact": record.impact,
    }


def manufacturers_of(standing: Standing) -> list[Party]:
    """The Parties that answer for an affected Device, by slug."""
    found = map(standing.parties.manufacturer, standing.record.manufacturer_ids)
    by_slug = {party.slug: party for party in found if party is not None}
    return [by_slug[slug] for slug in sorted(by_slug)]


@dataclass(frozen=True)
class _Case:
    standing: Standing
    asked: Asked
    facts: Facts
    stage: str

    @property
    def sha256(self) -> str:
        return self.standing.record.sha256

    def has_come(self, item: Landed) -> bool:
        return item.landing.day >= self.asked.since

    def one(self, kind: str, to: str, key: str = "", **more: Any) -> Telling:
        return Telling(kind, to, self.standing.record.id, key, read=self.sha256, **more)

    def notices_to(self, party: str) -> list[Landed]:
        return [each for each in self.standing.of_kind("notice")
                if each.statement.data["to"] == party]  # fmt: skip

    def told(self) -> dict[str, frozenset[str]]:
        """Party → the bytes of the record that it has been told of, by notice or by letter."""
        told = dict(self.asked.told)
        for item in self.standing.of_kind("notice"):
            party = str(item.statement.data["to"])
            told[party] = told.get(party, frozenset()) | item.statement.read_sha256s
        return told

    def withdrawal(self) -> Iterator[Telling]:
        """To everyone who was told of it, however long ago, and to who reported it."""
        item = self.standing.withdrawal
        if item is None:
            return
        reports = self.standing.of_kind("report") if self.has_come(item) else ()
        reporters = reporters_of(each.statement for each in reports)
        for party in sorted({*self.told(), *reporters}):
            yield self.one("withdrawal", party, item.statement.file)

    def security(self) -> Iterator[Telling]:
        if self.standing.record.says_security:
            yield from self.to_category("security", "ssc")

    def to_category(self, kind: str, category: str) -> Iterator[Telling]:
        for party in self.standing.parties:
            if party.category == category:
                yield self.one(kind, party.slug)

    def manufacturers(self) -> Iterator[Telling]:
        if self.stage != "to-notify":
            return
        until = last_day(self.asked.day, self.asked.policy.reply_window)
        for party in manufacturers_of(self.standing):
            if party.slug in self.facts.unnotified:
                told = told_of(self.standing, party)
                why = AGAIN if self.notices_to(party.slug) else ""
                yield self.one("manufacturer", party.slug, _digest(told), why=why, until=until,
                               told=told)  # fmt: skip

    def reminders(self) -> Iterator[Telling]:
        """One for each reply window, known by the notice that opened it."""
        for awaited in self.facts.awaited if self.stage == "in-reply" else ():
            party = self.standing.parties.get(awaited.party)
            opening = [item.statement.file for item in self.notices_to(awaited.party)
                       if item.landing.day == awaited.since]  # fmt: skip
            if party is not None and opening and self._is_late(awaited):
                told = told_of(self.standing, party)
                yield self.one("reminder", party.slug, opening[0], until=awaited.until, told=told)

    def _is_late(self, awaited: Awaited) -> bool:
        """Whether the window ends soon, or is over and the entry waits all the same."""
        return (
            awaited.until is None
            or last_day(self.asked.day - _DAY, _REMINDED_BEFORE) >= awaited.until
        )

    def parties(self) -> Iterator[Telling]:
        """To all SEC Parties but the manufacturers concerned, once these were told."""
        if self.stage not in _TOLD_PARTIES or self.asked.policy.letter_to_parties != "send":
            return
        if not self._reached_since():
            return
        concerned = {party.slug for party in manufacturers_of(self.standing)}
        for party in self.standing.parties:
            if party.category not in BODIES and party.slug not in concerned:
                yield self.one("parties", party.slug)

    def dcc(self) -> Iterator[Telling]:
        if self.stage in _REACHED and self._reached_since():
            yield from self.to_category("dcc", "dcc")

    def _reached_since(self) -> bool:
        """Whether what let it reach its stage is no older than what is asked about."""
        accept = self.standing.newest_of_record("accept")
        said = (item for kind in ("notice", "response") for item in self.standing.of_kind(kind))
        return any(item is not None and self.has_come(item) for item in (accept, *said))

    def reporters(self) -> Iterator[Telling]:
        """Received and landed, or returned with the reason."""
        reports = {item.statement.file: item for item in self.standing.of_kind("report")}
        reporters = reporters_of(item.statement for item in reports.values())
        returned = self.standing.newest_decision(self.sha256, ("accept", "return"), "validator")
        for party, file in reporters.items():
            if self.stage == "returned" and returned is not None and self.has_come(returned):
                yield self.one("returned", party, returned.statement.file,
                               why=self._reason(returned.statement))  # fmt: skip
            elif self.has_come(reports[file]):
                yield self.one("landed", party, file)
            yield from self._fixes(party)

    def _reason(self, sign_off: Statement) -> str:
        policy = self.asked.policy
        return sign_off.says if self.standing.may_show(sign_off, policy.audience, policy) else ""

    def _fixes(self, party: str) -> Iterator[Telling]:
        policy = self.asked.policy
        if self.stage != "published":
            return
        for item in self.standing.shown_to(policy.audience, policy):
            if item.statement.kind == "fix" and self._accepted_since(item):
                yield self.one("fix", party, item.statement.file)

    def _accepted_since(self, item: Landed) -> bool:
        accept = self.standing.newest_decision(item.statement.sha256, ("accept",))
        return accept is not None and self.has_come(accept)

    def thanks(self) -> Iterator[Telling]:
        for item in self.standing.of_kind("response"):
            if self.has_come(item):
                said = item.statement
                yield self.one("thanks", said.text("from") or said.by, said.file,
                               why=said.text("position"))  # fmt: skip

    def publication(self) -> Iterator[Telling]:
        """That it is shown from now on: to its manufacturers and to who reported it."""
        if self.stage != "published" or not self._reached_since():
            return
        told = [party.slug for party in manufacturers_of(self.standing)]
        said = (item.statement for item in self.standing.of_kind("report"))
        for party in dict.fromkeys((*told, *reporters_of(said))):
            yield self.one("publication", party)

    def corrections(self) -> Iterator[Telling]:
        """To everyone who was told of another text than the one that is shown now."""
        if self.stage != "published":
            return
        for party, told in sorted(self.told().items()):
            if self.sha256 not in told:
                yield self.one("correction", party, self.sha256, told=self._told_to(party))

    def _told_to(self, slug: str) -> Mapping[str, Any]:
        """What a notice of it says; nothing of one who is no manufacturer concerned."""
        concerned = {party.slug: party for party in manufacturers_of(self.standing)}
        return told_of(self.standing, concerned[slug]) if slug in concerned else {}


_PARTS: tuple[Callable[[_Case], Iterator[Telling]], ...] = (
    _Case.manufacturers,
    _Case.reminders,
    _Case.parties,
    _Case.dcc,
    _Case.reporters,
    _Case.thanks,
    _Case.publication,
    _Case.corrections,
)


def _digest(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
