"""The records of superfluous alerts that there are: those that landed, and those on requests."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from defectreg.register.checking import read_record, read_statement
from defectreg.register.grounds import Grounds
from defectreg.register.record import Record
from defectreg.register.statement import (
    Statement,
    ends_with_signature,
    place_of_statement,
    signed_part,
)
from defectreg.store.index import open_index
from defectreg.store.index.query import AnyOf, Query
from defectreg.store.locking import alone_in
from defectreg.store.places import LOCAL, Register
from defectreg.store.requests import Request, requests_of, target_of
from defectreg.store.signatures import check

KIND = "superfluous-alerts"


@dataclass(frozen=True, slots=True)
class KnownReport:
    """A report on a record; ``branch`` is the request on which it waits, empty once landed."""

    statement: Statement
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A record of superfluous alerts; ``branch`` as of a report."""

    record: Record
    reports: tuple[KnownReport, ...]
    is_withdrawn: bool = False
    branch: str = ""

    @property
    def alerts(self) -> frozenset[str]:
        """The alert codes that it is about."""
        return frozenset(map(str, self.record.data.get("alerts", ())))


def alone(register: Register) -> AbstractContextManager[None]:
    """Keep other runs from proposing in this clone what this one is about to; raises CannotRun."""
    register.own_folder.mkdir(parents=True, exist_ok=True)
    return alone_in(register.own_folder, "another run is proposing in this clone")


def known_records(
    register: Register, codes: Collection[str], day: datetime.date
) -> tuple[Known, ...]:
    """The records of superfluous alerts with one of these codes, by id, and the reports on them.

    Raises CannotRun where only a request is at hand, or the register's policy is broken.
    """
    target = target_of(register)
    found = {
        known.record.id: known
        for known in _landed(replace(register, head=target.commit), codes, day)
    }
    for request in requests_of(target):
        known = _with_request(found.get(request.record_id), request, target.grounds)
        if known is not None and not known.alerts.isdisjoint(codes):
            found[known.record.id] = known
    return tuple(found[record_id] for record_id in sorted(found))


def _landed(register: Register, codes: Collection[str], day: datetime.date) -> Iterator[Known]:
    """Those that landed; one that was withdrawn is found by its stage alone."""
    asked = AnyOf("kind", (KIND,)), AnyOf("alert", tuple(sorted(codes)))
    questions = Query(facets=asked), Query(stages=("withdrawn",))
    with open_index(register) as index:
        for question in questions:
            for hit in index.search(question, sys.maxsize, day).hits:
                said = (item.statement for item in hit.standing.of_kind("report"))
                is_withdrawn = hit.standing.withdrawal is not None
                known = Known(hit.standing.record, tuple(map(KnownReport, said)), is_withdrawn)
                if known.record.kind == KIND and not known.alerts.isdisjoint(codes):
                    yield known


def _with_request(known: Known | None, request: Request, grounds: Grounds) -> Known | None:
    """A record with what a request brings of it; None where it is not about such alerts.

    What others sent counts as far as a key of its Party signed it: a record without such a report
    is none yet, for anybody could have sent it.
    """
    reports = list(_reports_on(request, grounds))
    if known is None:
        record = _record_on(request, grounds)
        if record is None or record.kind != KIND or not reports:
            return None
        known = Known(record, (), branch=request.branch)
    told = {report.statement.sha256 for report in known.reports}
    more = (
        KnownReport(statement, request.branch)
        for statement in reports
        if statement.sha256 not in told
    )
    return replace(known, reports=(*known.reports, *more))


def _record_on(request: Request, grounds: Grounds) -> Record | None:
    path = request.record_path
    if path not in request.new:
        return None
    read, _ = read_record(path, request.new[path], grounds)
    return None if read is None else read.value


def _reports_on(request: Request, grounds: Grounds) -> Iterator[Statement]:
    is_own = request.ref.startswith(LOCAL)
    for path, data in request.new.items():
        if place_of_statement(path) is not None:
            read, _ = read_statement(path, data, grounds)
            if read is None or read.value.kind != "report":
                continue
            if is_own or _is_signed(read.value, data, grounds):
                yield read.value


def _is_signed(statement: Statement, source: bytes, grounds: Grounds) -> bool:
    """Whether an active key of its Party signed a statement for this register."""
    said = statement.bears
    if said is None or not ends_with_signature(source, statement.text("signature")):
        return False
    held = grounds.parties.holder(said.fingerprint)
    if held is None or held[0].slug != statement.by or held[2].state != "active":
        return False
    text, namespace = statement.text("signature"), grounds.policy.namespace
    return check(signed_part(source), text, namespace, said.key) is None
