"""A record as a person reads it: headings and paragraphs, fixes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defectreg.register.record import IMPACT_AXES, Record, record_path
from defectreg.register.schema import Schema
from defectreg.register.schema.annotations import Leaf
from defectreg.register.shown_words import DISCLAIMER, kind_words
from defectreg.register.stage import MARKS, Stage
from defectreg.register.statement import ACCEPTED_KINDS, Statement
from defectreg.search.lives import Life
from defectreg.search.results import (
    SCHEMA_VERSION,
    WITHDRAWN_TITLE,
    stage_json,
    withdrawal_json,
)
from defectreg.store.index.entries import values_at
from defectreg.store.places import short_name

_SECTIONS = (
    ("Fixes", ("fix",)),
    ("Workarounds", ("workaround",)),
    ("Accommodations", ("accommodation",)),
    ("Cause", ("cause",)),
    ("Manufacturers' responses", ("response",)),
    ("Confirmations and challenges", ("confirmation", "challenge")),
    ("Reports", ("report",)),
    ("Decisions, notices and consents", ("sign-off", "notice", "consent")),
)
_AFTER = ("Fixes", "Workarounds", "Accommodations")
"""Sections that stand before the record's own text."""
_TEXTS = ("behaviour", "expected", "circumstances")
_SHOWN_APART = frozenset({"id", "title", "kind", "affected", *_TEXTS})
_ENVELOPE = frozenset({"of", "kind", "by", "date", "says", "read", "signature", "told", "letter"})
"""Keys of a statement that are said otherwise, or are SHA-256 for programs."""
_SHA256 = 64


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text, and below it a line that says whose and what became of it; either may be empty."""

    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it."""

    heading: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A record as it is read: a title, a few facts, then parts. Of a withdrawn one, no claim."""

    title: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]


def account_of(life: Life, stage: Stage, marks: tuple[str, ...]) -> Account:
    """What a person reads of a record."""
    record = life.standing.record
    said = list(_said(life))
    if life.standing.withdrawal is not None:
        said = [item for item in said if item.statement.kind == "response" and item.counts]
        return Account(WITHDRAWN_TITLE, tuple(_tombstone(life, stage)), tuple(_parts(said, life)))
    sections = list(_parts(said, life))
    first = [part for part in sections if part.heading in _AFTER]
    rest = [part for part in sections if part.heading not in _AFTER]
    own = _own_parts(record, life.grounds.schemas["record"])
    facts = [*_facts(life, stage), *_marks(marks)]
    return Account(record.title, tuple(facts), (*first, *own, *rest))


def stage_words(stage: Stage) -> str:
    """A stage with what it waits for, whom, and until when."""
    words = stage.name
    if stage.waits_for:
        words += f": waits for {stage.waits_for}"
    if stage.whom:
        words += f" ({', '.join(stage.whom)})"
    if stage.until is not None:
        words += f" until {stage.until.isoformat()}"
    return words


def account_json(
    life: Life, stage: Stage, marks: tuple[str, ...], meta: Mapping[str, Any]
) -> dict[str, Any]:
    """A record and what was said of it as one object of JSON.

    ``schema_version``: 1; ``meta`` as in ``search --json``, with ``ref`` for ``query``; ``id``,
    ``file``, ``landed``, ``stage``, ``marks``, ``unread`` (files that landed and cannot be read:
    the stage is then ``not-judged``, without marks); ``record`` (as in its file, defaults left
    out; null of a withdrawn entry) and ``kind_words``; ``statements`` in the order of the history,
    each with ``file``, ``state`` (counts, awaiting, returned, superseded, withdrawn, distrusted,
    not-landed), ``landed`` (a day or null), ``request`` and ``data`` (without its signature; of a
    withdrawn entry responses alone).
    """
    record, withdrawal = life.standing.record, withdrawal_json(life.standing)
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {"disclaimer": DISCLAIMER, **meta},
        "id": record.id,
        "file": record_path(record.id),
        "landed": life.has_landed,
        "kind_words": WITHDRAWN_TITLE if withdrawal else kind_words(record),
        "stage": stage_json(stage),
        "marks": list(marks),
        "unread": list(life.unread),
        "withdrawal": withdrawal,
        "record": None if withdrawal else dict(record.data),
        "statements": [
            _statement_json(item)
            for item in _said(life)
            if not withdrawal or (item.statement.kind == "response" and item.counts)
        ],
    }


@dataclass(frozen=True, slots=True)
class _Said:
    statement: Statement
    state: str
    landed: str
    """The day; empty where it has not landed."""
    ref: str = ""

    @property
    def counts(self) -> bool:
        return self.state == "counts"


def _said(life: Life) -> Iterator[_Said]:
    standing = life.standing
    counting = {item.statement.file for item in standing.counting}
    superseded = {item.statement.file for item in standing.superseded}
    for item in sorted(standing.landed, key=lambda item: item.order):
        statement = item.statement
        state = "awaiting" if statement.kind in ACCEPTED_KINDS else "withdrawn"
        decided = standing.newest_decision(statement.sha256, ("accept", "return", "withdraw"))
        if statement.file in counting:
            state = "counts"
        elif statement.file in superseded:
            state = "superseded"
        elif statement.signer in standing.parties.distrusted:
            state = "distrusted"
        elif decided is not None:
            state = {"return": "returned"}.get(decided.statement.text("decision"), "withdrawn")
        yield _Said(statement, state, item.landing.day.isoformat())
    for waiting in life.waiting:
        yield _Said(waiting.statement, "not-landed", "", short_name(waiting.ref))


def _statement_json(item: _Said) -> dict[str, Any]:
    data = {key: value for key, value in item.statement.data.items() if key != "signature"}
    return {
        "file": item.statement.file,
        "state": item.state,
        "landed": item.landed or None,
        "request": item.ref or None,
        "data": data,
    }


def _facts(life: Life, stage: Stage) -> Iterator[tuple[str, str]]:
    record = life.standing.record
    yield "Id", record.id
    yield "Kind", f"{kind_words(record)} (certainty: {record.certainty})"
    yield "Stage", stage_words(stage)
    if not life.has_landed:
        yield "Stands on", f"{short_name(life.ref)}; it has not landed"
    yield "File", record_path(record.id)
    yield from _unread(life)


def _unread(life: Life) -> Iterator[tuple[str, str]]:
    for name in life.unread:
        yield "Unread", f"{name}; `defectreg validate {life.standing.record.id}` says why"


def _marks(marks: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for number, mark in enumerate(marks):
        yield ("Marks" if number == 0 else ""), f"{mark}: {MARKS[mark]}"


def _tombstone(life: Life, stage: Stage) -> Iterator[tuple[str, str]]:
    withdrawal = withdrawal_json(life.standing) or {}
    other = f" {withdrawal['other']}" if withdrawal.get("other") else ""
    days = [item.landing.day for item in life.standing.landed]
    yield "Id", life.standing.record.id
    yield "Stage", stage_words(stage)
    yield "Reason", f"{withdrawal.get('code', '')}{other}"
    yield "Days", f"landed {min(days)}, withdrawn {withdrawal.get('day', '')}"
    yield from _unread(life)


def _own_parts(record: Record, schema: Schema) -> Iterator[Part]:
    yield Part(
        "Affected",
        tuple(Paragraph(text, combination_words(text, record)) for text in record.data["affected"]),
    )
    for key in _TEXTS:
        if key in record.data:
            yield Part(
                str(schema.properties[key]["title"]), (Paragraph(str(record.data[key]).rstrip()),)
            )
    details = "\n".join(_details(record, schema))
    if details:
        yield Part("Details", (Paragraph(details),))


def combination_words(text: str, record: Record) -> str:
    """A combination of a record in words: its Devices, and where."""
    combination = record.affected[record.data["affected"].index(text)]
    devices = " with ".join(
        f"{device.type} model {device.model}"
        + (f", firmware {device.firmware}" if device.firmware.patterns else ", any firmware")
        for device in combination.devices
    )
    where = " or ".join(combination.regions) or "any region"
    return f"{devices}; {where}"


def _details(record: Record, schema: Schema) -> Iterator[str]:
    for leaf in schema.leaves:
        if leaf.path[0] not in _SHOWN_APART:
            values = [_text(value) for value in values_at(record.data, leaf.path)]
            if values:
                yield f"{_title(leaf)}: {', '.join(values)}"
    if not any(axis in record.data.get("impact", {}) for axis in IMPACT_AXES):
        yield "Impact: none stated"


def _title(leaf: Leaf) -> str:
    return str(leaf.property_schema.get("title", leaf.key))


def _parts(said: list[_Said], life: Life) -> Iterator[Part]:
    schema = life.grounds.schemas["statement"]
    for heading, kinds in _SECTIONS:
        chosen = [item for item in said if item.statement.kind in kinds]
        if chosen:
            yield Part(heading, tuple(_paragraph(item, schema) for item in chosen))


def _paragraph(item: _Said, schema: Schema) -> Paragraph:
    statement = item.statement
    if statement.kind == "sign-off":
        return Paragraph(_decided(item))
    details = [
        f"{_title(leaf)}: {', '.join(map(_text, values))}"
        for leaf in schema.leaves
        if leaf.path[0] not in _ENVELOPE and (values := list(values_at(statement.data, leaf.path)))
    ]
    lines = [*([statement.says.rstrip()] if statement.says else []), *details]
    state = _STATES[item.state](item)
    return Paragraph("\n".join(lines), f"{state} · {statement.by} · {statement.file}")


def _decided(item: _Said) -> str:
    """A sign-off in one line: what was decided, of which files, by whom, in which role, when."""
    statement = item.statement
    files = ", ".join(line[_SHA256 + 2 :] for line in statement.data.get("read", ()))
    reason = " ".join(filter(None, (statement.text("code"), statement.text("other"))))
    who = f"{statement.by} as {statement.text('role')}"
    state = _STATES[item.state](item)
    words = [f"{statement.text('decision')} of {files}", reason, who, state, statement.says.strip()]
    return " · ".join(word for word in words if word)


_STATES: Mapping[str, Callable[[_Said], str]] = {
    "counts": lambda item: f"counts, landed {item.landed}",
    "awaiting": lambda item: f"landed {item.landed}, awaiting acceptance",
    "superseded": lambda item: f"landed {item.landed}, superseded since",
    "returned": lambda item: f"landed {item.landed}, returned",
    "withdrawn": lambda item: f"landed {item.landed}, withdrawn since",
    "distrusted": lambda item: f"landed {item.landed}, its key is distrusted now",
    "not-landed": lambda item: f"not landed, on {item.ref}",
}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
