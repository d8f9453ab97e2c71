"""What stands on requests that letters are about: reports, returns, notices on their way."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from defectreg.register.checking import read_record, read_statement
from defectreg.register.classification import may_read
from defectreg.register.detectors import find
from defectreg.register.grounds import Grounds
from defectreg.register.standing import Standing
from defectreg.register.statement import Statement
from defectreg.register.tellings import Telling, reporters_of
from defectreg.store.landings import Landings, standing_of
from defectreg.store.requests import Request, Target, requests_of


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as a letter is known by it: the record, its file, and the SHA-256 of the letter."""

    record_id: str
    file: str
    letter: str


@dataclass(frozen=True, slots=True)
class Said:
    """What requests bring that letters are about."""

    tellings: tuple[Telling, ...]
    noticed: frozenset[tuple[str, str]]
    """Record and Party of each notice that is on its way."""
    notices: tuple[Notice, ...]
    """The same notices."""


def said_on_requests(target: Target, since: datetime.date) -> Said:
    """What stands on requests: reports received, records returned, notices on their way."""
    tellings: list[Telling] = []
    notices: list[Statement] = []
    for request in requests_of(target):
        told = {path: data for path, data in request.new.items() if _may_tell(path, data)}
        new = tuple(statements_among(told, target.grounds))
        notices += [each for each in new if each.kind == "notice"]
        tellings += _of_request(request, new, target.grounds, since)
    return Said(
        tuple(tellings),
        frozenset((each.of, each.text("to")) for each in notices),
        tuple(Notice(each.of, each.file, each.text("letter")) for each in notices),
    )


def _of_request(
    request: Request, new: Collection[Statement], grounds: Grounds, since: datetime.date
) -> Iterator[Telling]:
    """To who reported: received, returned with the reason, or withdrawn before it landed. To the
    security body: its id."""
    is_security = _says_security(request, grounds)
    decided = _decided(request, new, grounds)
    is_gone = decided is not None and decided.text("decision") == "withdraw"
    if is_security and not is_gone and not any(each.text("decision") == "lift" for each in new):
        for party in grounds.parties:
            if party.category == "ssc":
                yield Telling("security", party.slug, request.record_id)
    reports = {each.file: each for each in new if each.date >= since}
    for party_slug, file in reporters_of(new).items():
        if decided is not None and decided.date >= since:
            kind = "withdrawal" if is_gone else "returned"
            why = "" if is_security else _reason(decided, grounds)
            yield Telling(kind, party_slug, request.record_id, decided.file, why)
        elif decided is None and file in reports:
            yield Telling("received", party_slug, request.record_id, file)


def _decided(request: Request, new: Collection[Statement], grounds: Grounds) -> Statement | None:
    """The return or the withdrawal that stands on a request; None where neither does."""
    if not any(each.text("decision") in ("return", "withdraw") for each in new):
        return None
    standing = _as_landed(request, new, grounds)
    if standing is None:
        return None
    if standing.withdrawal is not None and request.record_path not in request.landed:
        return standing.withdrawal.statement
    about = [standing.record.sha256, *(each.sha256 for each in new if each.kind == "report")]
    newest = (standing.newest_decision(sha256, ("accept", "return")) for sha256 in about)
    returned = (item.statement for item in newest if item is not None)
    return next((each for each in returned if each.text("decision") == "return"), None)


def _may_tell(path: str, data: bytes) -> bool:
    """Whether a file has to be read: of an import's thousands that others told, none is."""
    name = path.rpartition("/")[2]
    if "-report-" in name:
        return b"\nreceived:" not in data
    return "-sign-off-" in name or "-notice-" in name


def _as_landed(request: Request, new: Collection[Statement], grounds: Grounds) -> Standing | None:
    """The record with what is said of it, as if it had landed on the day of the newest of that."""
    day = max(each.date for each in new)
    return standing_of(request.record_id, request.case, Landings({}, 1), grounds, day)


def _reason(decided: Statement, grounds: Grounds) -> str:
    """Why it was returned, or the code and the other record of a withdrawal; nothing of what the
    audience may not read, or nobody may store: the gate has not judged it yet."""
    if decided.text("decision") == "withdraw":
        why = f"{decided.text('code')} {decided.text('other')}".strip()
    else:
        why = decided.says
    may = may_read(grounds.policy.audience, decided.classification)
    return why if may and not any(find(why)) else ""


def _says_security(request: Request, grounds: Grounds) -> bool:
    """Whether its record says that it touches security."""
    data = request.case.get(request.record_path)
    if data is None or not (b"security" in data or b"\\" in data):  # a key may be escaped
        return False
    read = read_record(request.record_path, data, grounds)[0]
    return read is not None and read.value.says_security


def statements_among(files: Mapping[str, bytes], grounds: Grounds) -> Iterator[Statement]:
    """The statements among files that can be read."""
    for path, data in files.items():
        read, _ = read_statement(path, data, grounds)
        if read is not None:
            yield read.value
