"""An entry as its page tells it: what ends it first, and beside each claim what was said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from defectreg.formats.svg import Svg
from defectreg.publication.timeline import Day, days_of, picture_of
from defectreg.publication.words import changed_words, coded_words, dated_words
from defectreg.register.public import PublicField, PublicRecord, PublicStatement

_IS_SUPERSEDED = attrgetter("is_superseded")
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
_FACTS = ("certainty", "impact")
"""Fields that stand apart from the other details, and before them."""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement, and the confirmations and challenges of it."""

    statement: PublicStatement
    remarks: tuple[PublicStatement, ...]

    @property
    def changes(self) -> str:
        """The Device that it changes, in words; empty where it names none."""
        return changed_words(str(self.statement.values.get("device", "")))

    @property
    def lives_with(self) -> str:
        """The Device whose behaviour it lives with, in words; empty where it names none."""
        return changed_words(str(self.statement.values.get("lives-with", "")))


class Detail(NamedTuple):
    """A field's title, its value in words, and whether nobody gave the value."""

    title: str
    words: str
    is_default: bool


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
    facts: tuple[Detail, ...]
    details: tuple[Detail, ...]
    days: tuple[Day, ...]
    picture: Svg | None


def entry_of(record: PublicRecord, fields: Iterable[PublicField]) -> Entry:
    """The groups in which a record's page shows what may be shown of it."""
    by_kind: dict[str, list[PublicStatement]] = {}
    for said in record.statements:
        by_kind.setdefault(said.kind, []).append(said)
    remarks = [said for said in record.statements if said.kind in REMARKS]
    shown = {said.key for said in record.statements} | {"behaviour", "scope"}
    details = tuple(_details(record, fields))
    return Entry(
        record=record,
        ending=tuple(
            part for kind in ENDING for part in _with_remarks(by_kind.get(kind, ()), remarks)
        ),
        causes=tuple(_with_remarks(by_kind.get("cause", ()), remarks)),
        responses=_ordered(by_kind.get("response", ())),
        reports=_ordered(by_kind.get("report", ())),
        on_behaviour=_about("behaviour", remarks),
        on_scope=_about("scope", remarks),
        on_what_is_not_shown=_ordered([said for said in remarks if said.about not in shown]),
        facts=tuple(detail for field, detail in details if field.path[0] in _FACTS),
        details=tuple(detail for field, detail in details if field.path[0] not in _FACTS),
        days=days_of(record),
        picture=picture_of(record),
    )


def value_of(record: PublicRecord, field: PublicField) -> Any:
    """The value of a field in a record, or what its absence means; None where that is nothing."""
    value = _given(record, field)
    return field.default if value is None else value


def _given(record: PublicRecord, field: PublicField) -> Any:
    first, *inner = field.path
    value: Any = record.values.get(first)
    for key in inner:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def field_words(value: Any, field: PublicField) -> str:
    """The value of a field as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return coded_words(str(value)) if field.is_coded else dated_words(str(value))


def _details(
    record: PublicRecord, fields: Iterable[PublicField]
) -> Iterator[tuple[PublicField, Detail]]:
    for field in fields:
        if field.path in _ELSEWHERE:
            continue
        given = _given(record, field)
        value = field.default if given is None else given
        if value is not None:
            yield field, Detail(field.title, field_words(value, field), given is None)


def _with_remarks(
    statements: Iterable[PublicStatement], remarks: list[PublicStatement]
) -> Iterator[Said]:
    for said in _ordered(statements):
        yield Said(said, _about(said.key, remarks))


def _about(key: str, remarks: list[PublicStatement]) -> tuple[PublicStatement, ...]:
    return _ordered([said for said in remarks if said.about == key]) if remarks else ()


def _ordered(statements: Iterable[PublicStatement]) -> tuple[PublicStatement, ...]:
    return tuple(sorted(statements, key=_IS_SUPERSEDED))
