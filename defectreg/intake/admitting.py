"""Rows admitted to an import, or left out because …: read, searched for what may never be stored.

Nothing here repeats what stands in a cell: what is refused is told by its place.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from defectreg.formats.columns import BETWEEN_ITEMS
from defectreg.intake.forms import Field, complaint, record_fields, report_fields, tidy
from defectreg.intake.incidents import Filed
from defectreg.intake.masking import masked
from defectreg.intake.reading_texts import Reader
from defectreg.intake.report_columns import (
    ANOTHER_REGISTER,
    DAY,
    PARTY,
    REFERENCE,
    SERVICE_DESK,
    TEXT,
    TOLD_BY,
)
from defectreg.intake.report_files import Cell, Row
from defectreg.intake.reports import Place, Reported
from defectreg.intake.tellers import Teller, teller_of
from defectreg.intake.told_fields import fields_of
from defectreg.register.classification import may_read
from defectreg.register.detectors import KINDS, find
from defectreg.register.devices import NotationError, parse_combination
from defectreg.register.grounds import Grounds

_NO_CELLS_OF_RECORDS = frozenset({REFERENCE, TOLD_BY, DAY})
_BRITISH_DAY = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})(?![0-9])", re.ASCII)
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])", re.ASCII)
_SHORTEST = 20
"""Characters of a record's behaviour, at least."""
_HUB = frozenset({"CHF", "GPF"})
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", re.ASCII)


@dataclass(frozen=True)
class Terms:
    """By what rows are admitted: the register's rules, who imports, from where, and when.

    ``told_by`` is the category of who told what names nobody; ``is_masked`` says that what may
    never be stored is taken out of a text instead of keeping its row out.
    """

    grounds: Grounds
    party: str
    source: str
    today: datetime.date
    told_by: str = ""
    is_masked: bool = False
    filed: Mapping[str, Filed] = field(default_factory=dict)

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The fields of a record, and beneath ``report.`` those of its report, by dotted key."""
        schemas = self.grounds.schemas
        own = report_fields(schemas["record"], schemas["statement"])
        of_reports = {f"report.{each.key}": each for each in own}
        return {each.key: each for each in record_fields(schemas["record"])} | of_reports

    @property
    def class_unsaid(self) -> str:
        """The class of what says none, in this register and in others."""
        return str(self.grounds.schemas["record"].default("classification"))

    @cached_property
    def reader(self) -> Reader:
        """What reads free texts against the catalogue."""
        return Reader.of(self.grounds.catalogue)

    @cached_property
    def complaints(self) -> dict[tuple[str, str], bool]:
        """Of values that were asked about: whether the schema has something against one."""
        return {}

    def teller(self, reported: Reported) -> Teller:
        """Who told a report."""
        return teller_of(reported.party, self.grounds.parties, self.told_by)


@dataclass(frozen=True, slots=True)
class Left:
    """A row that is left out: why, and whether something is wrong in it."""

    line: int
    why: str
    is_finding: bool


@dataclass(frozen=True, slots=True)
class Noticed:
    """Where something stands that may never be stored; ``kind`` is a key of KINDS."""

    place: Place
    kind: str
    is_masked: bool


@dataclass(frozen=True, slots=True)
class Admitted:
    """Rows after admission; each is in one of the first two."""

    reported: tuple[Reported, ...]
    left: tuple[Left, ...]
    noticed: tuple[Noticed, ...]


class _Stays(ValueError):
    """A row that is left out, because …"""

    def __init__(self, why: str, is_finding: bool = True) -> None:
        super().__init__(why)
        self.why = why
        self.is_finding = is_finding


def admit(rows: Iterable[Row], terms: Terms) -> Admitted:
    """Every row as a report, or left out."""
    reported: list[Reported] = []
    left: list[Left] = []
    noticed: list[Noticed] = []
    seen: dict[str, int] = {}
    for row in rows:
        clean, sightings = _clean(row, terms.is_masked)
        noticed.extend(sightings)
        try:
            reported.append(_reported(clean, sightings, terms, seen))
        except _Stays as stays:
            left.append(Left(row.line, stays.why, stays.is_finding))
    return Admitted(tuple(reported), tuple(left), tuple(noticed))


def _clean(row: Row, is_masked: bool) -> tuple[Row, list[Noticed]]:
    """The row without what may never be stored, where it is to be masked; and where it stands."""
    noticed: list[Noticed] = []
    cells: dict[str, tuple[Cell, ...]] = {}
    for ours, several in row.cells.items():
        if ours in _NO_CELLS_OF_RECORDS:
            cells[ours] = several
            continue
        for cell in several:
            place = Place(row.line, cell.column)
            noticed += (Noticed(place, each.kind, is_masked) for each in find(cell.text))
        cells[ours] = tuple(replace(cell, text=masked(cell.text)) for cell in several)
    return (replace(row, cells=cells) if noticed and is_masked else row), noticed


def _reported(row: Row, sightings: list[Noticed], terms: Terms, seen: dict[str, int]) -> Reported:
    """The report that a row is. Raises _Stays where it is left out."""
    reference = _reference(row, terms, seen)
    if sightings and not terms.is_masked:
        each = sightings[0]
        raise _Stays(f"its {each.place.column} holds what looks like {KINDS[each.kind].name}")
    text = tidy(row.text(TEXT) or row.text("behaviour"))
    if len(text) < _SHORTEST:
        raise _Stays("its text says too little", is_finding=bool(text))
    day = _day(row, terms)
    found = terms.reader.read(text, day)
    unsaid = {"classification": terms.class_unsaid} if terms.source == ANOTHER_REGISTER else {}
    typed = dict(_typed(row, terms))
    fields = {**fields_of(found, terms.grounds.catalogue), **unsaid, **typed}
    reported = Reported(row.line, reference, text, day, _party(row, terms), fields, found)
    _check_may_stand(fields, terms)
    if why := not_of_the_history(fields, terms):
        raise _Stays(why, is_finding=False)
    return reported


def _reference(row: Row, terms: Terms, seen: dict[str, int]) -> str:
    """The incident's reference; of a row that has none, a digest of what it says."""
    reference = tidy(row.text(REFERENCE)).strip() or _digest(row, seen)
    filed = terms.filed.get(reference)
    if filed is not None:
        how = "was filed already" if filed.record_id else "was decided to be no report"
        raise _Stays(f"it {how}", is_finding=False)
    if reference in seen:
        raise _Stays(f"it is the incident of line {seen[reference]}", is_finding=False)
    seen[reference] = row.line
    return reference


def _digest(row: Row, seen: Mapping[str, int]) -> str:
    """The same for the same row of the same file; equal rows of one file are told apart."""
    said = "\0".join(f"{ours}\1{row.text(ours)}" for ours in sorted(row.cells))
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    number = 1
    while f"sha256:{digest}:{number}" in seen:
        number += 1
    return f"sha256:{digest}:{number}"


def _day(row: Row, terms: Terms) -> datetime.date:
    """The day on which it was told; today where the row does not say."""
    text = row.text(DAY)
    british, iso = _BRITISH_DAY.match(text), _ISO_DAY.match(text)
    try:
        if british:
            day = datetime.date(int(british[3]), int(british[2]), int(british[1]))
        else:
            day = datetime.date.fromisoformat(iso[0]) if iso else terms.today
    except ValueError as error:
        raise _Stays("its day is no day of the calendar") from error
    if text and not (british or iso):
        raise _Stays("its day is not written as 2026-10-21 or 21/10/2026")
    if day > terms.today:
        raise _Stays("its day is after today")
    return day


def _party(row: Row, terms: Terms) -> str:
    """Who told it, as a Party's slug or a category; empty for the Party that imports."""
    teller = teller_of(row.text(TOLD_BY), terms.grounds.parties, terms.told_by)
    if not teller.category and row.text(TOLD_BY):
        raise _Stays("its Party is none of the register, nor a category of Parties")
    if not teller.category and terms.source != PARTY:
        raise _Stays("it does not say who told it: --told-by CATEGORY says it of all rows")
    slug = "" if teller.name == terms.party else teller.name
    asked = teller if teller.category else teller_of(terms.party, terms.grounds.parties, "")
    if not asked.may_report(terms.grounds.policy.who_reports):
        raise _Stays("Parties of this category may not report to this register", is_finding=False)
    return slug


def _typed(row: Row, terms: Terms) -> Iterator[tuple[str, Any]]:
    """What the columns say, as a record or report is to have it. Raises _Stays."""
    for key, each in terms.fields.items():
        text = row.text(key)
        if text and key in row.cells and key != "behaviour":
            value = _value(each, text)
            _check(each, value, terms, row.cells[key][0].column)
            # Without its class, a record would get the one that the policy gives new ones.
            if value != each.default or key == "classification":
                yield key, value


def _value(each: Field, text: str) -> Any:
    text = "defect" if each.key == "kind" and text == "possible-defect" else text
    if not each.is_list:
        return each.written(text)
    pieces = [piece for part in text.split("\n") for piece in part.split(BETWEEN_ITEMS.strip())]
    items = [item for piece in pieces for item in each.split(piece.strip()) if item]
    return [*dict.fromkeys(each.written(item) for item in items)]


def _check(each: Field, value: Any, terms: Terms, column: str) -> None:
    for item in value if isinstance(value, list) else [value]:
        asked = (each.key, str(item))
        if asked not in terms.complaints:
            terms.complaints[asked] = _is_wrong(each, item, terms.grounds)
        if terms.complaints[asked]:
            raise _Stays(f"its {column} is not written as {each.title} is")


def _is_wrong(each: Field, item: Any, grounds: Grounds) -> bool:
    if each.is_combination:
        try:
            parse_combination(str(item))
        except NotationError:
            return True
    name = "statement" if "report" in each.kinds and "x-kinds" in each.about else "record"
    return bool(complaint(each, item, grounds.validators[name]))


def _check_may_stand(fields: Mapping[str, Any], terms: Terms) -> None:
    policy = terms.grounds.policy
    classification = str(fields.get("classification", "clear"))
    if not may_read(policy.ceiling, classification):
        why = f"it is classified {classification}, above the register's ceiling"
        raise _Stays(why, is_finding=False)
    if fields.get("security") is True and policy.ceiling != "red":
        raise _Stays("it touches security: hand it to the security body, outside git")
    if fields.get("given-in-confidence") is True and not _is_open(fields, terms):
        why = "it was given in confidence, and no consent lets the register's readers see it"
        raise _Stays(why, is_finding=False)


def _is_open(fields: Mapping[str, Any], terms: Terms) -> bool:
    policy = terms.grounds.policy
    said = _YEAR.search(str(fields.get("openly-discussed", ""))) is not None
    return policy.ceiling == "red" or (policy.given_in_confidence == "if-openly-discussed" and said)


def not_of_the_history(fields: Mapping[str, Any], terms: Terms) -> str:
    """Why the policy keeps it out of what the service desk brings; empty where it does not.

    What names no Device is kept out only where everything is.
    """
    allowed = terms.grounds.policy.service_desk_history
    if terms.source != SERVICE_DESK or allowed == "all":
        return ""
    if allowed == "none":
        return "the policy takes nothing of the service desk's history"
    affected = fields.get("affected", ())
    types = {device.type for text in affected for device in parse_combination(text).devices}
    if not types or not types.isdisjoint(_HUB):
        return ""
    return "the policy takes of the service desk's history only Communications Hubs"
