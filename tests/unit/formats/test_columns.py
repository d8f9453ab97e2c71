"""CSV cells: safe in every spreadsheet, and the same text when read back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from defectreg.formats.columns import (
    BYTE_ORDER_MARK,
    from_csv,
    list_cell,
    original_cell,
    safe_cell,
    to_csv,
)

FORMULA_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
HARD = st.text(alphabet="='+-@;|,\" \n\t\r0123eE.:/aé\uff1d", max_size=40)


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
@pytest.mark.parametrize("before", ["", " ", '"', '" ', "a;", "a\n", "a\t", 'a|" ', "a; \n", "\t"])
def test_no_cell_or_part_of_one_begins_with_a_formula(sign: str, before: str) -> None:
    assert safe_cell(f"{before}{sign}cmd()") == f"{before}'{sign}cmd()"


@pytest.mark.parametrize(
    "text", ["00020120", "8E10", "2-9", "10-99", "6.2.1", "1,000", "12:30", ".5"]
)
def test_a_cell_that_a_spreadsheet_would_read_as_a_number_stays_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-10-21",
        "DR-7K3Q-X4MB",
        "ESME:FF01/00010100@0001*,00030000..00030004 in North",
        "8F1E",
        "10000 meters",
        "seen twice - then never again",
        'it says "= 5"',
        "a, -5 degrees",
        "it's so",
        "'quoted'",
    ],
)
def test_what_is_no_risk_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


@pytest.mark.parametrize("length", [*range(1, 8), *range(12, 24)])
def test_a_cell_is_made_safe_whatever_its_length(length: int) -> None:
    assert safe_cell("=" + "x" * (length - 1)) == "'=" + "x" * (length - 1)
    assert safe_cell("7" * length) == "'" + "7" * length
    assert safe_cell("x" * length) == "x" * length


@given(HARD | st.text())
@example("'=1")
@example("''2-9")
@example("1\n-2")
@example(";\n\t=")
def test_a_cell_read_back_is_the_text_that_was_written(text: str) -> None:
    assert original_cell(safe_cell(text)) == text


@given(st.lists(HARD, min_size=1, max_size=4))
def test_a_table_read_back_is_the_table_that_was_written(row: list[str]) -> None:
    assert list(from_csv(to_csv(row, [row]))) == [row, row]


@given(HARD)
def test_no_part_that_another_separator_would_make_a_cell_begins_with_a_formula(text: str) -> None:
    for separator in ";|\t\n":
        for part in safe_cell(text).split(separator):
            assert not part.lstrip(' "\n\t\r').startswith(tuple(FORMULA_SIGNS))


def test_a_long_run_of_separators_is_judged_in_one_pass() -> None:
    text = "\n" * 200_000 + "x"
    assert safe_cell(text) == text


def test_another_reader_of_csv_finds_the_same_cells() -> None:
    text = to_csv(["id", "text"], [["DR-1", 'two\nlines, "quoted"']])
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["id", "text"],
        ["DR-1", 'two\nlines, "quoted"'],
    ]
    assert text.startswith('"id","text"\r\n')


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert list(from_csv(BYTE_ORDER_MARK + to_csv(["id"], []))) == [["id"]]


def test_the_items_of_a_list_stand_in_one_cell() -> None:
    assert list_cell(["8F1E", "N13"]) == "8F1E | N13"
