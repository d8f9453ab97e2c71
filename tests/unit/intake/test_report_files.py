"""Files of reports as rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from defectreg.formats.spreadsheets import write_xlsx
from defectreg.intake.forms import record_fields
from defectreg.intake.report_columns import NO_REPORT_MAP, ReportMap
from defectreg.intake.report_files import Cell, read_report_file, read_report_map
from defectreg.register.errors import CannotRun, UsageProblem
from tests.unit.intake.grounds_for_tests import schema

FIELDS = record_fields(schema("record"))


def test_rows_of_a_table_have_their_lines_and_cells(tmp_path: Path) -> None:
    path = tmp_path / "week.csv"
    path.write_text('Incident,Text\nINC1,"one\ntwo"\nINC2,three\n')
    first, second = read_report_file(path, NO_REPORT_MAP, FIELDS).rows
    assert (first.line, first.text("text"), first.text("reference")) == (2, "one\ntwo", "INC1")
    assert (second.line, second.cells["text"]) == (4, (Cell("Text", "three"),))


def test_several_columns_make_one_text(tmp_path: Path) -> None:
    path = tmp_path / "week.csv"
    path.write_text("Summary,Notes\nClock lost,At night\n,Only notes\n")
    columns = ReportMap({"text": ("Summary", "Notes")})
    rows = read_report_file(path, columns, FIELDS).rows
    assert [row.text("text") for row in rows] == ["Clock lost\nAt night", "Only notes"]


def test_a_workbook_reads_like_the_table_of_the_same_cells(tmp_path: Path) -> None:
    table, book = tmp_path / "week.csv", tmp_path / "week.xlsx"
    table.write_text("Incident,Text\nINC1,one\nINC2,two\n")
    book.write_bytes(write_xlsx(("Incident", "Text"), [("INC1", "one"), ("INC2", "two")]))
    read = [read_report_file(path, NO_REPORT_MAP, FIELDS).rows for path in (table, book)]
    assert read[0] == read[1]


def test_the_entries_of_a_registers_json_are_rows(tmp_path: Path) -> None:
    says = {"title": "Clock is lost", "affected": ["CHF:FF02/00020001", "GPF:FF02/00020001"],
            "impact": {"consumers": "high"}, "security": True}  # fmt: skip
    path = tmp_path / "all.json"
    path.write_text(json.dumps({"records": [{"id": "DR-7K3Q-X4MB", "says": says}]}))
    read = read_report_file(path, NO_REPORT_MAP, FIELDS)
    [row] = read.rows
    assert read.is_export
    assert row.text("reference") == "DR-7K3Q-X4MB"
    assert row.text("affected") == "CHF:FF02/00020001 | GPF:FF02/00020001"
    assert (row.text("impact.consumers"), row.text("security")) == ("high", "true")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"results": []}', "no JSON of a register's publication"),
        ('{"records": 3}', "no JSON of a register's publication"),
        ("{" * 5000, "no JSON of a register's publication"),
        ("Text\none,two\n", "more cells than the first row"),
        ('Text\n"one\n', "a quotation mark is not closed"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "week.csv"
    path.write_text(text)
    with pytest.raises(CannotRun) as refused:
        read_report_file(path, NO_REPORT_MAP, FIELDS)
    assert sentence in refused.value.sentence


def test_more_rows_than_two_weeks_bring_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "week.csv"
    path.write_text("Text\n" + "one\n" * 10_001)
    with pytest.raises(CannotRun, match="more than 10,000 rows"):
        read_report_file(path, NO_REPORT_MAP, FIELDS)


def test_a_map_that_is_wrong_is_told_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "columns.yaml"
    path.write_text("columns: {certainty: Sure}\n")
    with pytest.raises(UsageProblem, match=r"columns.yaml: a column map of reports says"):
        read_report_map(path, FIELDS)
    path.write_text("columns: [\n")
    with pytest.raises(UsageProblem, match=r"columns.yaml:"):
        read_report_map(path, FIELDS)
    assert read_report_map(None, FIELDS) == NO_REPORT_MAP
