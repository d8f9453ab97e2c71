"""What stands on requests that letters are about: reports, returns, notices on their way."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from defectreg.register.checking import read_record, read_statement
from defectreg.register.classification import may_read
from defectreg.register.detectors import find
from defectreg.register.grounds import Grounds
from defectreg.register.statement import Statement
from defectreg.register.tellings import Telling, reporters_of
from defectreg.store.requests import Request, Target, requests_of


@dataclass(frozen=True, slots=True)
class Said:
    """What requests bring that letters are about."""

    tellings: tuple[Telling, ...]
    noticed: frozenset[tuple[str, str]]
    """Record and Party of each notice that is on its way."""
    letters: frozenset[tuple[str, str]]
    """Record and SHA-256 of the letter of each such notice."""


def said_on_requests(target: Target, since: datetime.date) -> Said:
    """What stands on requests: reports received, records returned, notices on their way."""
    tellings: list[Telling] = []
    notices: list[Statement] = []
    for request in requests_of(target):
        new = tuple(_statements(request.new, target.grounds))
        notices += [each for each in new if each.kind == "notice"]
        tellings += _of_request(request, new, target.grounds, since)
    return Said(
        tuple(tellings),
        frozenset((each.of, each.text("to")) for each in notices),
        frozenset((each.of, each.text("letter")) for each in notices),
    )


def _of_request(
    request: Request, new: Collection[Statement], grounds: Grounds, since: datetime.date
) -> Iterator[Telling]:
    """To who reported: received, or returned with the reason. To the security body: its id."""
    is_security = _says_security(request, grounds)
    if is_security and not any(each.text("decision") == "lift" for each in new):
        for party in grounds.parties:
            if party.category == "ssc":
                yield Telling("security", party.slug, request.record_id)
    returned = max((each for each in new if each.text("decision") == "return"),
                   key=lambda each: (each.date, each.file), default=None)  # fmt: skip
    reports = {each.file: each for each in new if each.date >= since}
    for party_slug, file in reporters_of(new).items():
        if returned is not None and returned.date >= since:
            why = "" if is_security else _reason(returned, grounds)
            yield Telling("returned", party_slug, request.record_id, returned.file, why)
        elif file in reports:
            yield Telling("received", party_slug, request.record_id, file)


def _reason(returned: Statement, grounds: Grounds) -> str:
    """Why it was returned; nothing of what the audience may not read, or nobody may store: the gate
    has not judged it yet."""
    may = may_read(grounds.policy.audience, returned.classification)
    return returned.says if may and not any(find(returned.says)) else ""


def _says_security(request: Request, grounds: Grounds) -> bool:
    """Whether its record says that it touches security."""
    data = request.case.get(request.record_path)
    read = read_record(request.record_path, data, grounds)[0] if data is not None else None
    return read is not None and read.value.says_security


def _statements(files: Mapping[str, bytes], grounds: Grounds) -> Iterator[Statement]:
    for path, data in files.items():
        read, _ = read_statement(path, data, grounds)
        if read is not None:
            yield read.value
