"""One record wherever it stands: what landed of it, and what still waits on a request."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from defectreg.register.errors import CannotRun
from defectreg.register.grounds import Grounds
from defectreg.register.parties import Parties
from defectreg.register.record import Record, record_path
from defectreg.register.shown_words import DISCLAIMER
from defectreg.register.stage import Stage, facts_of, marks_of, stage_of
from defectreg.register.standing import Landed, Standing
from defectreg.register.statement import Statement, place_of_statement
from defectreg.search.results import SCHEMA_VERSION
from defectreg.store.git import Step
from defectreg.store.index import NOT_JUDGED, open_index
from defectreg.store.places import Place, Register, find_record, is_request, short_name
from defectreg.store.sources import CommitSource, case_files


@dataclass(frozen=True, slots=True)
class Waiting:
    """A statement that has not landed, and the request on which it stands."""

    statement: Statement
    ref: str


@dataclass(frozen=True, slots=True)
class Change:
    """A step of the history that changed the record itself: which of its fields, dotted."""

    step: int
    day: datetime.date
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Life:
    """A record with what landed and what waits; ``ref`` is where the record's own file stands."""

    standing: Standing
    waiting: tuple[Waiting, ...]
    ref: str
    commit: str
    """Of what was asked: HEAD, main, or the request on which the record stands."""
    grounds: Grounds
    unread: tuple[str, ...] = ()
    """Names of the files said of it that landed and cannot be read."""

    @property
    def has_landed(self) -> bool:
        """Whether the record stands on more than a request."""
        return not is_request(self.ref)

    def stage(self, audience: str, day: datetime.date) -> Stage:
        """Where it stands; NOT_JUDGED where something that was said of it cannot be read."""
        if self.unread:
            return NOT_JUDGED
        return stage_of(facts_of(self.standing, self.grounds.policy, audience, day))

    def marks(self, audience: str) -> tuple[str, ...]:
        """The marks that hold for an audience; none where it cannot be judged."""
        if self.unread:
            return ()
        return marks_of(self.standing, self.grounds.catalogue, audience, self.grounds.policy)


@dataclass(frozen=True, slots=True)
class Event:
    """Something said of a record, or a change of its own text (``kind`` is ``change``).

    ``landed`` is None where it has not landed.
    """

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
    fields: tuple[str, ...] = ()
    """Of a change: the fields that are other ones since."""


def life_of(register: Register, typed: str) -> Life:
    """The record whose id begins with what was typed, from HEAD, main or a request.

    Raises UsageProblem where none or several do, CannotRun where it cannot be read.
    """
    place = find_record(register, typed)
    if place.has_landed:
        if place.commit != register.head:
            register = replace(register, head=place.commit)
        with open_index(register) as index:
            standing = index.standing(place.record_id)
            unread = index.unread(place.record_id)
    else:
        standing, unread = _proposed(register, place), ()
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
    return Life(standing, tuple(ordered), place.ref, place.commit, register.grounds, unread)


def changes_of(register: Register, life: Life) -> tuple[Change, ...]:
    """The steps that changed the text of a landed record after it was added, oldest first."""
    from defectreg.register.difference import differences

    if not life.has_landed:
        return ()
    path = record_path(life.standing.record.id)
    steps = [
        (number, step)
        for number, step in register.repository.steps_of(life.commit, path)
        if path in step.added or path in step.changed
    ]
    texts = [_data_at(register, step, path) for _, step in steps]
    schema = life.grounds.schemas["record"]
    return tuple(
        Change(number, step.day, tuple(one.field for one in differences(before, after, schema)))
        for (number, step), before, after in zip(steps[1:], texts, texts[1:], strict=False)
    )


def events_of(life: Life, changes: Iterable[Change] = ()) -> tuple[Event, ...]:
    """Everything said of a record, and its changes: as the history has them, then what waits."""
    parties = life.grounds.parties
    order = {item.statement.file: item.order for item in life.standing.landed}
    changed = {change.step: change for change in changes}
    landed: list[Event] = []
    for item in sorted(life.standing.landed, key=lambda item: order[item.statement.file]):
        for step in sorted(step for step in changed if step <= item.landing.step):
            landed.append(_changed(life, changed.pop(step)))
        landed.append(_event(item.statement, parties, landed=item))
    return (
        *landed,
        *(_changed(life, change) for _, change in sorted(changed.items())),
        *(_event(item.statement, parties, ref=item.ref) for item in life.waiting),
    )


def event_json(event: Event) -> dict[str, Any]:
    """An event as a value of JSON.

    ``landed`` (the day, ``YYYY-MM-DD``; null while it waits), ``date`` (the day that it says),
    ``kind`` (of the statement; ``change`` where the record itself was changed), ``by`` (the Party;
    empty of a change, which has an accept of its own), ``decision`` (of a sign-off), ``file``,
    ``signed_by`` (a pseudonym; empty where nobody known signed), ``key`` (active, retired,
    distrusted, unknown, unsigned; empty of a change), ``request`` (the branch on which it waits;
    empty once landed) and ``fields`` (of a change, the dotted keys that are other ones since).
    """
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
        "fields": list(event.fields),
    }


def log_json(life: Life, events: Iterable[Event]) -> dict[str, Any]:
    """The life of a record as one object of JSON.

    ``schema_version``: 1; ``meta``: ``disclaimer``, ``commit`` and ``ref`` (HEAD, main, or the
    request on which the record stands); ``id``; ``events`` in the order of the history, what
    waits at the end.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {"disclaimer": DISCLAIMER, "commit": life.commit, "ref": short_name(life.ref)},
        "id": life.standing.record.id,
        "events": [event_json(event) for event in events],
    }


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
        ref=short_name(ref),
    )


def _changed(life: Life, change: Change) -> Event:
    return Event(
        landed=change.day,
        claimed=change.day,
        kind="change",
        by="",
        decision="",
        file=record_path(life.standing.record.id).rpartition("/")[2],
        signer="",
        key="",
        ref="",
        fields=change.fields,
    )


def _data_at(register: Register, step: Step, path: str) -> Mapping[str, Any]:
    """What a record said after a step; nothing where it cannot be read."""
    from defectreg.register.yamltext import YamlError, load

    try:
        data = load(register.repository.read(step.commit, path) or b"").data
    except YamlError:
        return {}
    return data


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
