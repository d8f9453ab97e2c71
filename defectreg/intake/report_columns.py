"""Which column of somebody's table of reports is which of ours, as a column map says it.

A map is YAML: ``columns:``, of our names to theirs (``text:`` may have several), ``sheet:`` where
a workbook has more than one, ``source:`` and ``told-by:`` where all rows have the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from defectreg.formats.columnmap import ColumnMapError, is_personal
from defectreg.intake.forms import Field
from defectreg.register.parties import CATEGORY_WORDS

SERVICE_DESK, PARTY, ANOTHER_REGISTER = "service-desk", "party", "another-register"
SOURCES = (SERVICE_DESK, PARTY, ANOTHER_REGISTER)
"""Where reports come from: values of a record's ``origin``."""
TEXT, REFERENCE, DAY, TOLD_BY = "text", "reference", "day", "party"
_OWN: Mapping[str, str] = {
    TEXT: "text freetext description details incidentdescription summary narrative",
    REFERENCE: "reference incident incidentreference incidentid incidentnumber ticket ticketnumber",
    DAY: "day date opened openeddate openedon reported reportedon reporteddate created createdon",
    TOLD_BY: "party partyid reportedby reportingparty raisedby organisation",
}
"""Our columns beside those of a record, and the names by which each is known."""
_NOT_TAKEN = frozenset({"id", "certainty", "origin", "incident", "related"})
"""Keys of a record that no import brings: they are made here, decided here, or kept outside."""
_OF_REPORTS = {"report.region": ("region", "cspregion"), "report.devices": ("devices",)}
_OF_AN_EXPORT = frozenset({"id", "title", "affected", "behaviour", "disclaimer"})
_KEYS = ("columns", "sheet", "source", "told-by")


@dataclass(frozen=True, slots=True)
class ReportMap:
    """Our names of columns to theirs, and what holds for every row."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sheet: str = ""
    source: str = ""
    """One of SOURCES; empty where the map does not say."""
    told_by: str = ""
    """The category of who told it; empty where rows say it, or nobody does."""


@dataclass(frozen=True, slots=True)
class ReportColumns:
    """What the columns of a table are: our names to their places in a row, from 0."""

    places: Mapping[str, tuple[int, ...]]
    left: tuple[str, ...]
    """Names of the columns that stay outside."""
    is_export: bool
    """Whether another register's ``publish`` or ``search --csv`` wrote it."""


NO_REPORT_MAP = ReportMap()


def parse_map(document: Mapping[str, object], fields: Iterable[Field]) -> ReportMap:
    """The map that a YAML document says. Raises ColumnMapError."""
    columns = document.get("columns", {})
    if not set(document) <= set(_KEYS) or not isinstance(columns, Mapping):
        raise ColumnMapError(
            f"a column map of reports has {', '.join(_KEYS)}, and nothing else",
            "for example columns: {text: Description, reference: Incident, day: Opened}",
        )
    known = set(known_columns(fields))
    return ReportMap(
        {ours: _names(ours, theirs, known) for ours, theirs in columns.items()},
        _one_of("sheet", document, ()),
        _one_of("source", document, SOURCES),
        _one_of("told-by", document, tuple(CATEGORY_WORDS)),
    )


def known_columns(fields: Iterable[Field]) -> dict[str, tuple[str, ...]]:
    """Our columns of reports, and the names without blanks and signs by which each is known."""
    known = {ours: tuple(names.split()) for ours, names in _OWN.items()}
    known.update(_OF_REPORTS)
    for each in fields:
        if each.key not in _NOT_TAKEN and each.key.split(".")[0] not in _NOT_TAKEN:
            known[each.key] = (_bare(str(each.about.get("x-column", each.key))), _bare(each.key))
    return known


def match_report_columns(
    header: Sequence[str], columns: ReportMap, fields: Iterable[Field]
) -> ReportColumns:
    """What the columns of a table are. Raises ColumnMapError."""
    names = [name.strip() for name in header]
    is_export = set(names) >= _OF_AN_EXPORT
    places = {ours: _mapped(ours, theirs, names) for ours, theirs in columns.columns.items()}
    taken = {place for found in places.values() for place in found}
    free = {place: _bare(name) for place, name in enumerate(names) if place not in taken}
    for ours, known in known_columns(fields).items():
        fitting = tuple(place for place, name in free.items() if name in known)
        if ours not in places and fitting:
            places[ours] = _the_only(ours, fitting)
    if is_export:
        places[REFERENCE] = (names.index("id"),)
    if TEXT not in places and "behaviour" not in places:
        raise ColumnMapError(
            "the table has no column for text",
            "--columns FILE says which column is which, for example columns: {text: Description}",
        )
    used = {place for found in places.values() for place in found}
    left = (name for place, name in enumerate(names) if place not in used and name)
    return ReportColumns(places, tuple(left), is_export)


def personal_names(names: Iterable[str]) -> list[str]:
    """Those of some columns' names that promise personal data."""
    return [name for name in names if is_personal(name)]


def _names(ours: str, theirs: object, known: set[str]) -> tuple[str, ...]:
    if ours not in known:
        raise ColumnMapError(
            f"a column map of reports says {ours!a:.40}", f"it may say {', '.join(sorted(known))}"
        )
    several = theirs if isinstance(theirs, list) and ours == TEXT else [theirs]
    names = tuple(name for name in several if isinstance(name, str) and name)
    if not names or len(names) != len(several):
        raise ColumnMapError(f"{ours} is the name of one column", "of text: several, in a list")
    return names


def _one_of(key: str, document: Mapping[str, object], values: Sequence[str]) -> str:
    value = document.get(key, "")
    if not isinstance(value, str) or (value and values and value not in values):
        hint = f"one of {', '.join(values)}" if values else ""
        raise ColumnMapError(f"{key}: of a column map is one word", hint)
    return value


def _mapped(ours: str, theirs: Sequence[str], names: Sequence[str]) -> tuple[int, ...]:
    for name in theirs:
        if names.count(name) != 1:
            how = "two columns" if name in names else "no column"
            raise ColumnMapError(
                f"the table has {how} of the name that the map gives {ours}",
                "write the name as it stands in the table's first line, and each only once",
            )
    return tuple(names.index(name) for name in theirs)


def _the_only(ours: str, places: tuple[int, ...]) -> tuple[int, ...]:
    if len(places) > 1:
        raise ColumnMapError(
            f"two columns of the table may be {ours}", f"say in a column map which is {ours}:"
        )
    return places


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())
