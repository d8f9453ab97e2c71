"""Column maps of reports."""

from __future__ import annotations

from typing import Any

import pytest

from defectreg.formats.columnmap import ColumnMapError
from defectreg.intake.forms import record_fields
from defectreg.intake.report_columns import (
    ReportMap,
    match_report_columns,
    parse_map,
    personal_names,
)
from tests.unit.intake.grounds_for_tests import schema

FIELDS = record_fields(schema("record"))
GOOD: dict[str, Any] = {
    "columns": {"text": ["Summary", "Notes"], "reference": "Incident"},
    "source": "service-desk",
    "told-by": "small-supplier",
}


def test_a_map_says_columns_source_and_who_told_it() -> None:
    read = parse_map(GOOD, FIELDS)
    assert read.columns == {"text": ("Summary", "Notes"), "reference": ("Incident",)}
    assert (read.source, read.told_by, read.sheet) == ("service-desk", "small-supplier", "")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"colums": {}}, "and nothing else"),
        ({"columns": ["text"]}, "and nothing else"),
        ({"columns": {"certainty": "Sure"}}, "says 'certainty'"),
        ({"columns": {"id": "Id"}}, "says 'id'"),
        ({"columns": {"incident": "Incident"}}, "says 'incident'"),
        ({"columns": {"reference": ["A", "B"]}}, "is the name of one column"),
        ({"columns": {"text": []}}, "is the name of one column"),
        ({"source": "elsewhere"}, "source: of a column map is one word"),
        ({"told-by": "somebody"}, "told-by: of a column map is one word"),
        ({"sheet": ["One"]}, "sheet: of a column map is one word"),
    ],
)
def test_what_is_no_map_is_refused(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ColumnMapError) as refused:
        parse_map({**GOOD, **changed}, FIELDS)
    assert sentence in refused.value.sentence


def test_columns_are_known_by_their_names_where_no_map_says_so() -> None:
    header = ["Incident Number", "Opened", "Description", "impact-consumers", "Weather"]
    matched = match_report_columns(header, ReportMap(), FIELDS)
    assert matched.places == {
        "reference": (0,), "day": (1,), "text": (2,), "impact.consumers": (3,),
    }  # fmt: skip
    assert matched.left == ("Weather",)
    assert not matched.is_export


def test_an_export_is_known_by_its_columns_and_its_ids_are_references() -> None:
    header = ["id", "title", "affected", "behaviour", "certainty", "disclaimer"]
    matched = match_report_columns(header, ReportMap(), FIELDS)
    assert matched.is_export
    assert matched.places["reference"] == (0,)
    assert "certainty" not in matched.places


@pytest.mark.parametrize(
    ("header", "columns", "sentence"),
    [
        (["Incident", "Day"], {}, "no column for text"),
        (["Text", "Description"], {}, "two columns of the table may be text"),
        (["Text"], {"reference": ("Incident",)}, "no column of the name that the map gives"),
        (["Text", "A", "A"], {"reference": ("A",)}, "two columns of the name that the map gives"),
    ],
)
def test_a_table_whose_columns_are_not_clear_is_refused(
    header: list[str], columns: dict[str, tuple[str, ...]], sentence: str
) -> None:
    with pytest.raises(ColumnMapError) as refused:
        match_report_columns(header, ReportMap(columns), FIELDS)
    assert sentence in refused.value.sentence


def test_names_of_columns_that_promise_personal_data_are_told() -> None:
    assert personal_names(["Customer address", "Weather", "MPAN"]) == ["Customer address", "MPAN"]
