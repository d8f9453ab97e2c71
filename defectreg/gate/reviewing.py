"""What requests bring, read by the rules of the target: what one looks at before one signs."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from defectreg.gate.additions import Judged, judge_requests
from defectreg.register.entrance import SETTLED_BY_ACCEPT
from defectreg.register.findings import Finding
from defectreg.register.record import Record
from defectreg.register.standing import Standing
from defectreg.register.statement import ACCEPTED_KINDS, Statement
from defectreg.store.landings import Landings, standing_of
from defectreg.store.leftovers import replaces_another
from defectreg.store.places import find_record
from defectreg.store.requests import (
    LANDED,
    Request,
    Target,
    cases_of,
    newest,
    requests_for,
    requests_of,
    requests_on,
)


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
    def awaits_lift(self) -> bool:
        """Whether it is held: it waits for the security body, whoever accepted it."""
        return self.standing is not None and self.standing.is_held

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that must be mended before anybody accepts it."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def is_landed(self) -> bool:
        """Whether it is of what has landed, and of no request."""
        return self.request.ref == LANDED

    @property
    def record_has_landed(self) -> bool:
        """Whether the target has the record already, with whatever text."""
        return self.request.record_path in self.request.landed

    @property
    def was_taken_back(self) -> bool:
        """Whether a record was withdrawn before it landed: nobody waits for it any more."""
        withdrawal = self.standing.withdrawal if self.standing else None
        return withdrawal is not None and not self.record_has_landed

    def awaits_record(self, role: str) -> bool:
        """Whether the record's bytes have still to be accepted in a role; a withdrawal too is ended
        by an accept."""
        if self.standing is None:
            return False
        if self.standing.withdrawal is not None:
            return True
        sha256 = self.standing.record.sha256
        decided = self.standing.newest_decision(sha256, ("accept", "return"), role)
        return decided is None or decided.statement.text("decision") == "return"

    def awaiting_statements(self) -> Iterator[Statement]:
        """The statements that have still to be accepted: the request's, or what has landed."""
        if self.standing is None:
            return
        names = {path.rpartition("/")[2] for path in self.request.new}
        for item in self.standing.landed:
            statement = item.statement
            if statement.kind in ACCEPTED_KINDS and (self.is_landed or statement.file in names):
                decisions = ("accept", "return", "withdraw")
                decided = self.standing.newest_decision(statement.sha256, decisions)
                if decided is None or decided.statement.text("decision") == "return":
                    yield statement

    def said(self, file: str) -> Statement | None:
        """The statement with this file name; None where there is none that can be read."""
        landed = self.standing.landed if self.standing else ()
        return next((item.statement for item in landed if item.statement.file == file), None)


def reviews_of(target: Target, typed: Sequence[str], today: datetime.date) -> list[Review]:
    """A review of every request of the records whose ids were typed; without any, of all requests.

    A branch (``submit/…``) may be typed for what it alone brings. Of a record that is on no
    request, a review of what has landed. Raises UsageProblem where an id means no record or
    several, and where there is no such branch.
    """
    if not typed:
        return _reviewed(requests_of(target), target, today)
    ids, branches = told_apart(typed)
    requests = [found for branch in branches for found in requests_on(target, branch)]
    return _reviewed([*requests, *requests_for(target, ids_of(target, ids))], target, today)


def told_apart(typed: Sequence[str]) -> tuple[list[str], list[str]]:
    """What was typed: ids of records, and names of branches."""
    branches = [name for name in typed if "/" in name]
    return [name for name in typed if name not in branches], branches


def reviews_of_each(
    target: Target, record_ids: Sequence[str], today: datetime.date
) -> list[Review]:
    """A review of every request of these records, and of what has landed of them besides."""
    landed = cases_of(target.source, record_ids)
    requests = [
        *requests_for(target, record_ids),
        *(Request(one, LANDED, target.commit, {}, case) for one, case in landed.items() if case),
    ]
    distinct = {(request.record_id, request.ref): request for request in requests}
    return _reviewed(distinct.values(), target, today)


def ids_of(target: Target, typed: Sequence[str]) -> list[str]:
    """The ids that were meant. Raises UsageProblem where one means no record or several."""
    return list(dict.fromkeys(find_record(target.register, text).record_id for text in typed))


def _reviewed(requests: Iterable[Request], target: Target, today: datetime.date) -> list[Review]:
    repository = target.register.repository
    found = newest(repository, list(requests))
    if not found:
        return []
    return reviews(found, target, Landings.of(repository, target.commit, target.grounds), today)


def reviews(
    requests: Sequence[Request],
    target: Target,
    landings: Landings,
    today: datetime.date,
    *,
    proves: bool = True,
) -> list[Review]:
    """Reads and judges what each request brings, as it would stand if it landed today.

    Where it does not prove, no signature is checked: see ``judge_requests``.
    """
    judged = judge_requests(requests, target.grounds, proves=proves)
    return [
        _review(request, each, target, landings, today)
        for request, each in zip(requests, judged, strict=True)
    ]


def _review(
    request: Request, judged: Judged, target: Target, landings: Landings, today: datetime.date
) -> Review:
    grounds = target.grounds
    case = {
        path: data
        for path, data in request.case.items()
        if path not in request.new or not replaces_another(path, data, request.new, request.landed)
    }
    standing = standing_of(request.record_id, case, landings, grounds, today)
    return Review(
        request=request,
        record=judged.record,
        new=judged.new,
        standing=standing,
        findings=tuple(each for each in judged.findings if each.code not in SETTLED_BY_ACCEPT),
        awaited_roles=standing.awaited_roles(grounds.policy) if standing else frozenset(),
    )
