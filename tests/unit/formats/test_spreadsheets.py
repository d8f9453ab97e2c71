"""CSV and XLSX are read as the text that stands there."""

from __future__ import annotations

import datetime
import io

import pytest
from xlsxwriter import Workbook

from defectreg.formats.columns import to_csv
from defectreg.formats.spreadsheets import (
    MOST_CHARACTERS,
    NumberCell,
    SpreadsheetError,
    find_eaten_zeros,
    read_csv_rows,
    read_xlsx_rows,
    write_xlsx,
)

NAMES = ["Device", "Model"]


def test_csv_rows_have_the_line_where_they_begin() -> None:
    text = b'a,b\r\n"1\n2",x\r\n\r\n,\r\nlast,y'
    assert [*read_csv_rows([text])] == [
        (1, ["a", "b"]),
        (2, ["1\n2", "x"]),
        (6, ["last", "y"]),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_what_the_first_line_has_most_of(separator: str) -> None:
    text = separator.join(NAMES) + "\n" + separator.join(["x", "1 2"])
    assert [*read_csv_rows([text.encode()])] == [(1, NAMES), (2, ["x", "1 2"])]


def test_cells_that_we_made_safe_are_read_back() -> None:
    rows = [["00020120", "=1+1"], ["it's", "-x"], ["plain", "2.00E+05"]]
    assert [row for _, row in read_csv_rows([to_csv(NAMES, rows).encode()])] == [NAMES, *rows]


@pytest.mark.parametrize("text", [b'a,b\n"open', b'a,b\n"x"y,1\n', b"a\n" + b"x" * 140_000 + b"\n"])
def test_csv_that_is_not_whole_is_refused(text: bytes) -> None:
    with pytest.raises(SpreadsheetError) as refused:
        list(read_csv_rows([text]))
    assert refused.value.line == 2


def test_nothing_is_no_row() -> None:
    assert [*read_csv_rows([])] == []


def test_a_workbook_is_read_as_it_was_written() -> None:
    rows = [["00020120", "=1+1"], ["x" * MOST_CHARACTERS, "\x01"], ["", "http://x.example"]]
    made = write_xlsx(NAMES, rows)
    assert [row for _, row in read_xlsx_rows(made)] == [NAMES, *rows]
    assert write_xlsx(NAMES, rows) == made


def test_numbers_are_marked_and_dates_are_iso() -> None:
    stream = io.BytesIO()
    with Workbook(stream) as workbook:
        sheet = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(2, 1, NAMES)
        sheet.write_row(4, 1, [20120.0, 2e5])
        sheet.write_formula(5, 1, "=1+1", None, "2")
        sheet.write_datetime(5, 2, datetime.datetime(2026, 1, 2, tzinfo=None), day)  # noqa: DTZ001
        sheet.write_row(6, 1, [True, 1.5])
    rows = [*read_xlsx_rows(stream.getvalue())]
    assert rows == [
        (3, NAMES),
        (5, ["20120", "200000"]),
        (6, ["2", "2026-01-02"]),
        (7, ["TRUE", "1.5"]),
    ]
    assert [type(cell) for cell in rows[1][1]] == [NumberCell, NumberCell]
    assert type(rows[2][1][1]) is str


def test_of_several_sheets_one_has_to_be_named() -> None:
    stream = io.BytesIO()
    with Workbook(stream) as workbook:
        for name in ("One", "Two"):
            workbook.add_worksheet(name).write_row(0, 0, [name, "x"])
        workbook.add_worksheet("Empty")
        workbook.add_worksheet("Hidden").hide()
    with pytest.raises(SpreadsheetError, match="2 sheets with rows"):
        list(read_xlsx_rows(stream.getvalue()))
    with pytest.raises(SpreadsheetError, match="no sheet of the name"):
        list(read_xlsx_rows(stream.getvalue(), "Three"))
    assert [*read_xlsx_rows(stream.getvalue(), "Two")] == [(1, ["Two", "x"])]


@pytest.mark.parametrize(
    ("cell", "mended"),
    [
        ("20120", "00020120"),
        ("20120.0", "00020120"),
        ("1", "00000001"),
        ("2.00E+05", ""),
        ("2E+05", ""),
        ("200000", ""),
        ("10100", ""),
        ("0", ""),
        (NumberCell("20120000"), "20120000"),
        (NumberCell("20000000"), ""),
    ],
)
def test_what_a_spreadsheet_ate_is_known_or_ambiguous(cell: str, mended: str) -> None:
    eaten = find_eaten_zeros(cell, 8)
    assert eaten is not None
    assert eaten.mended == mended


@pytest.mark.parametrize("cell", ["00020120", "20120000", "0002E005", "2012E1", "0020120", "x", ""])
def test_what_no_spreadsheet_ate_is_left_alone(cell: str) -> None:
    assert find_eaten_zeros(cell, 8) is None
