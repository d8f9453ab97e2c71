"""An entry as its page tells it: what ends it first, and beside each claim what was said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from defectreg.publication.words import coded_words
from defectreg.register.public import PublicField, PublicRecord, PublicStatement

ENDING = ("fix", "workaround", "accommodation")
REMARKS = ("confirmation", "challenge")
_ELSEWHERE = frozenset(
    {
        ("id",),
        ("title",),
        ("kind",),
        ("affected",),
        ("behaviour",),
        ("expected",),
        ("circumstances",),
        ("related",),
        ("given-in-confidence",),
    }
)
"""Fields to which the page gives a place of their own, or none."""
_FIRST = ("certainty", "impact")
"""Fields that stand before the other details."""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement, and the confirmations and challenges of it."""

    statement: PublicStatement
    remarks: tuple[PublicStatement, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """A field's title and its value in words."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry's page shows, in groups; what counts stands before what was replaced."""

    record: PublicRecord
    ending: tuple[Said, ...]
    causes: tuple[Said, ...]
    responses: tuple[PublicStatement, ...]
    reports: tuple[PublicStatement, ...]
    on_behaviour: tuple[PublicStatement, ...]
    on_scope: tuple[PublicStatement, ...]
    on_what_is_not_shown: tuple[PublicStatement, ...]
    details: tuple[Detail, ...]


def entry_of(record: PublicRecord, fields: Iterable[PublicField]) -> Entry:
    """The groups in which a record's page shows what may be shown of it."""
    remarks = [said for said in record.statements if said.kind in REMARKS]
    shown = {said.key for said in record.statements} | {"behaviour", "scope"}
    return Entry(
        record=record,
        ending=_with_remarks(record, ENDING, remarks),
        causes=_with_remarks(record, ("cause",), remarks),
        responses=_ordered(said for said in record.statements if said.kind == "response"),
        reports=_ordered(said for said in record.statements if said.kind == "report"),
        on_behaviour=_about("behaviour", remarks),
        on_scope=_about("scope", remarks),
        on_what_is_not_shown=_ordered(said for said in remarks if said.about not in shown),
        details=tuple(
            Detail(field.title, field_words(value, field))
            for field in sorted(fields, key=lambda field: field.path[0] not in _FIRST)
            if field.path not in _ELSEWHERE and (value := value_of(record, field)) is not None
        ),
    )


def value_of(record: PublicRecord, field: PublicField) -> Any:
    """The value of a field in a record, or what its absence means; None where that is nothing."""
    value: Any = record.values
    for key in field.path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return field.default if value is None else value


def field_words(value: Any, field: PublicField) -> str:
    """The value of a field as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return coded_words(str(value)) if field.is_coded else str(value)


def _with_remarks(
    record: PublicRecord, kinds: tuple[str, ...], remarks: list[PublicStatement]
) -> tuple[Said, ...]:
    """Kind after kind, in the order of ``kinds``."""
    of_kinds = (
        said
        for kind in kinds
        for said in _ordered(said for said in record.statements if said.kind == kind)
    )
    return tuple(Said(said, _about(said.key, remarks)) for said in of_kinds)


def _about(key: str, remarks: list[PublicStatement]) -> tuple[PublicStatement, ...]:
    return _ordered(said for said in remarks if said.about == key)


def _ordered(statements: Iterable[PublicStatement]) -> tuple[PublicStatement, ...]:
    return tuple(sorted(statements, key=lambda said: said.is_superseded))
