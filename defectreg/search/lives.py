"""One record wherever it stands: what landed of it, and what still waits on a request."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defectreg.register.errors import CannotRun
from defectreg.register.grounds import Grounds
from defectreg.register.parties import Parties
from defectreg.register.record import Record, record_path
from defectreg.register.standing import Landed, Standing
from defectreg.register.statement import Statement, place_of_statement
from defectreg.store.index import open_index
from defectreg.store.places import Place, Register, find_record
from defectreg.store.sources import CommitSource, case_files


@dataclass(frozen=True, slots=True)
class Waiting:
    """A statement that has not landed, and the request on which it stands."""

    statement: Statement
    ref: str


@dataclass(frozen=True, slots=True)
class Life:
    """A record with what landed and what waits; ``ref`` is where the record's own file stands."""

    standing: Standing
    waiting: tuple[Waiting, ...]
    ref: str
    commit: str
    """Of what was asked: HEAD, or the request on which the record stands."""
    grounds: Grounds

    @property
    def has_landed(self) -> bool:
        """Whether the record stands in HEAD."""
        return self.ref == "HEAD"


@dataclass(frozen=True, slots=True)
class Event:
    """Something said of a record. ``landed`` is None where it has not landed."""

    landed: datetime.date | None
    claimed: datetime.date
    kind: str
    by: str
    decision: str
    file: str
    signer: str
    """The pseudonym of who signed; empty where nobody did, or nobody known."""
    key: str
    """State of the key: active, retired, distrusted; ``unknown`` or ``unsigned``."""
    ref: str
    """The request on which it waits; empty once landed."""


def life_of(register: Register, typed: str) -> Life:
    """The record whose id begins with what was typed, from HEAD or a request.

    Raises UsageProblem where none or several do, CannotRun where it cannot be read.
    """
    place = find_record(register, typed)
    if place.ref == "HEAD":
        with open_index(register) as index:
            standing = index.standing(place.record_id)
    else:
        standing = _proposed(register, place)
    if standing is None:
        path = record_path(place.record_id)
        raise CannotRun(f"{path} cannot be read", f"`defectreg validate {path}` says why")
    landed = {item.statement.file for item in standing.landed}
    waiting = {
        item.statement.file: item
        for item in _waiting(register, place)
        if item.statement.file not in landed
    }
    ordered = sorted(waiting.values(), key=lambda item: (item.statement.date, item.statement.file))
    return Life(standing, tuple(ordered), place.ref, place.commit, register.grounds)


def events_of(life: Life) -> tuple[Event, ...]:
    """Everything said of a record: in the order of the history, then what waits."""
    parties = life.grounds.parties
    landed = sorted(life.standing.landed, key=lambda item: item.order)
    return (
        *(_event(item.statement, parties, landed=item) for item in landed),
        *(_event(item.statement, parties, ref=item.ref) for item in life.waiting),
    )


def event_json(event: Event) -> dict[str, Any]:
    """An event as a value of JSON; days as ``YYYY-MM-DD``, ``landed`` null while it waits."""
    return {
        "landed": event.landed and event.landed.isoformat(),
        "date": event.claimed.isoformat(),
        "kind": event.kind,
        "by": event.by,
        "decision": event.decision,
        "file": event.file,
        "signed_by": event.signer,
        "key": event.key,
        "request": event.ref,
    }


def short(ref: str) -> str:
    """A ref as people type it: ``submit/…``, ``origin/submit/…``."""
    return ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")


def _event(
    statement: Statement, parties: Parties, landed: Landed | None = None, ref: str = ""
) -> Event:
    signer, key = _signed_by(statement, parties)
    return Event(
        landed=None if landed is None else landed.landing.day,
        claimed=statement.date,
        kind=statement.kind,
        by=statement.by,
        decision=statement.text("decision"),
        file=statement.file,
        signer=signer,
        key=key,
        ref=short(ref),
    )


def _signed_by(statement: Statement, parties: Parties) -> tuple[str, str]:
    if not statement.is_signed:
        return "", "unsigned"
    holder = None if statement.signer is None else parties.holder(statement.signer)
    if holder is None:
        return "", "unknown"
    _, person, key = holder
    return person.pseudonym, key.state


def _proposed(register: Register, place: Place) -> Standing | None:
    """A record that stands only on a request: nothing said of it has landed."""
    from defectreg.register.checking import read_record

    path = record_path(place.record_id)
    files = _files(register, place.commit, place.record_id)
    read, _ = read_record(path, files[path], register.grounds)
    if read is None or not isinstance(read.value, Record):
        return None
    return Standing(read.value, (), register.grounds.parties)


def _waiting(register: Register, place: Place) -> Iterator[Waiting]:
    """What requests of this record bring that can be read."""
    for ref, commit in register.requests().items():
        if ref == place.ref or _is_of(ref, place.record_id):
            files = _files(register, commit, place.record_id)
            yield from (Waiting(statement, ref) for statement in _statements(files, register))


def _statements(files: Mapping[str, bytes], register: Register) -> Iterator[Statement]:
    from defectreg.register.checking import read_statement

    for file, source in files.items():
        if place_of_statement(file) is None:
            continue
        read, _ = read_statement(file, source, register.grounds)
        if read is not None and isinstance(read.value, Statement):
            yield read.value


def _files(register: Register, commit: str, record_id: str) -> Mapping[str, bytes]:
    return case_files(CommitSource(register.repository, commit), record_id)


def _is_of(ref: str, record_id: str) -> bool:
    """Whether a request is named after a record: ``submit/<id>``, ``submit/<id>-<party>``."""
    name = ref.rpartition("/")[2]
    return name == record_id or name.startswith(f"{record_id}-")
