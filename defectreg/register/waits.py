"""What waits of one record: the two right-hand columns of the stage table, and of statements."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from defectreg.register.classification import may_read
from defectreg.register.policy import Policy
from defectreg.register.stage import Facts, facts_of
from defectreg.register.standing import Landed, Standing, is_reported_by_dcc, required_roles
from defectreg.register.statement import ACCEPTED_KINDS, Statement

VALIDATOR = "validator"
SECURITY = "security body"
PUBLISHER = "publisher"
ADMINISTRATOR = "administrator"
ANY_PARTY = "any Party"
AUTHOR = "author"
"""Stands for the Party that made a request, where nothing in it says which that is."""
ROLE_OF = {
    VALIDATOR: "validator",
    SECURITY: "security",
    PUBLISHER: "publisher",
    ADMINISTRATOR: "administrator",
}
"""Whom something waits for → the role of the people who can do it."""
_DECIDED = ("accept", "return", "withdraw")


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that somebody is waited for.

    ``whom`` is one of the words above or the slug of a Party. ``request`` is the branch on which it
    waits, empty where it has landed. ``files`` are the names of the files that it is about,
    ``parties`` the Parties, where there are several or it is about them alone: then there is no
    ``record_id``; nor where it is about a request of another ``kind`` than records: ``policy``,
    ``catalogue``, ``bulletin``. ``title`` is None where it cannot be read or may not be printed.
    """

    since: datetime.date
    whom: str
    waits_for: str
    record_id: str = ""
    title: str | None = None
    stage: str = ""
    request: str = ""
    until: datetime.date | None = None
    files: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    kind: str = ""
    standing: Standing | None = field(default=None, repr=False, compare=False)
    said: tuple[Statement, ...] = field(default=(), repr=False, compare=False)
    """Of an accept that is awaited: the reports, or what is to be accepted. Another person than
    who said it accepts it."""

    @property
    def order(self) -> tuple[datetime.date, str, str, str]:
        """The oldest first."""
        return self.since, self.record_id, self.request, self.waits_for


@dataclass(frozen=True)
class WaitingCase:
    """A record with what is said of it. ``days`` are those of a request's files, by name;
    ``began`` is the day on which the record's own file came."""

    standing: Standing
    policy: Policy
    days: Mapping[str, datetime.date]
    began: datetime.date
    request: str = ""

    def wait(  # noqa: PLR0913 - a line of the queue has so many parts
        self,
        whom: str,
        waits_for: str,
        since: datetime.date,
        stage: str = "",
        *,
        until: datetime.date | None = None,
        files: tuple[str, ...] = (),
        parties: tuple[str, ...] = (),
    ) -> Wait:
        """A line about this record."""
        record = self.standing.record
        shown = may_read(self.policy.ceiling, record.classification)
        title = record.title if shown and not record.is_in_confidence else None
        return Wait(
            since, whom, waits_for, record.id, title, stage, self.request, until, files, parties,
            standing=self.standing,
        )  # fmt: skip

    @property
    def file(self) -> str:
        """The name of the record's file."""
        return f"{self.standing.record.id}.yaml"

    def day(self, item: Landed) -> datetime.date:
        """The day on which something came: on the request, or as it landed."""
        return self.days.get(item.statement.file, item.landing.day)

    def by_stage(self, facts: Facts) -> Iterator[Wait]:
        """The two right-hand columns of the first line of the stage table that holds."""
        if facts.is_held:
            yield self.held()
        elif facts.is_returned or facts.awaited_roles:
            yield from self.unaccepted_record(facts.awaited_roles)
        elif facts.lacks_evidence:
            yield self.wait(ANY_PARTY, "evidence or a fix", self._accepted_on(), "recorded")
        elif facts.unnotified:
            yield self.wait(
                PUBLISHER, "notice", self._to_tell_since(), "to-notify", parties=facts.unnotified
            )
        else:
            for awaited in facts.awaited:
                since = awaited.since or self.began
                yield self.wait(awaited.party, "response", since, "in-reply", until=awaited.until)

    def held(self) -> Wait:
        """That the security body has to lift it."""
        newest = self.standing.newest_of_record("hold", "lift")
        if newest is not None and newest.statement.text("decision") == "hold":
            return self.wait(
                SECURITY, "lift", self.day(newest), "held", files=(newest.statement.file,)
            )
        return self.wait(SECURITY, "lift", self.began, "held", files=(self.file,))

    def unaccepted_record(self, roles: Iterable[str]) -> Iterator[Wait]:
        """Who has to accept the record's bytes; where they were returned, to change them."""
        returned = self.standing.newest_decision(
            self.standing.record.sha256, ("accept", "return"), "validator"
        )
        if returned is not None and returned.statement.text("decision") == "return":
            files = (returned.statement.file,)
            for party in sorted(self.standing.reporting_parties) or [AUTHOR]:
                yield self.wait(party, "new text", self.day(returned), "returned", files=files)
            return
        reports = tuple(item.statement for item in self.standing.of_kind("report"))
        for role in sorted(roles):
            for whom in self._people(role):
                line = self.wait(whom, "accept", self.began, "reported", files=(self.file,))
                yield replace(line, said=reports)

    def unaccepted(self, items: Iterable[Landed]) -> Iterator[Wait]:
        """The statements that await an accept together; each that was returned waits for its
        Party."""
        awaiting = []
        for item in items:
            if item.statement.kind not in ACCEPTED_KINDS:
                continue
            decided = self.standing.newest_decision(item.statement.sha256, _DECIDED)
            if decided is None:
                awaiting.append(item)
            elif decided.statement.text("decision") == "return":
                returned = (decided.statement.file,)
                yield self.wait(item.statement.by, "new text", self.day(decided), files=returned)
        if awaiting:
            since = min(map(self.day, awaiting))
            said = tuple(item.statement for item in awaiting)
            files = tuple(statement.file for statement in said)
            for whom in self._people(self._role_of_statements()):
                yield replace(self.wait(whom, "accept", since, files=files), said=said)

    def _role_of_statements(self) -> str:
        by_dcc = is_reported_by_dcc(self.standing.reporting_parties, self.standing.parties)
        dcc = self.policy.dcc_reports_validated_by
        return max(required_roles(self.policy.who_validates, dcc, by_dcc))

    def _people(self, role: str) -> list[str]:
        """Whom a role means: the manufacturers of the affected Devices by their Parties."""
        if role != "manufacturer":
            return [role]
        parties = map(self.standing.parties.manufacturer, self.standing.record.manufacturer_ids)
        return sorted({party.slug for party in parties if party is not None}) or [ADMINISTRATOR]

    def _accepted_on(self) -> datetime.date:
        accept = self.standing.newest_of_record("accept")
        return self.day(accept) if accept is not None else self.began

    def _to_tell_since(self) -> datetime.date:
        """Since when there is something to tell: the last accept of the record or of a cause."""
        causes = {item.statement.sha256 for item in self.standing.of_kind("cause")}
        accepts = (self.standing.newest_decision(sha256, ("accept",)) for sha256 in causes)
        return max([self._accepted_on(), *(self.day(item) for item in accepts if item)])


def waits_of_landed(
    standing: Standing, unread: tuple[str, ...], policy: Policy, day: datetime.date
) -> Iterator[Wait]:
    """What of a record that has landed waits on a day, if anything.

    ``unread`` are the names of files that landed and cannot be read.
    """
    case = WaitingCase(standing, policy, {}, first_day(standing) or day)
    if unread:
        sentence = "files that can be read"
        yield case.wait(ADMINISTRATOR, sentence, case.began, "not-judged", files=unread)
    elif standing.withdrawal is None:
        yield from case.by_stage(facts_of(standing, policy, policy.audience, day))
        yield from case.unaccepted(standing.landed)


def first_day(standing: Standing) -> datetime.date | None:
    """The day on which the first of what is said of a record landed: the record's own."""
    return min((item.landing.day for item in standing.landed), default=None)
