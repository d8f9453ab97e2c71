"""Whatever stands in tables, it is read as it was written, and nothing else is ever raised."""

from __future__ import annotations

import csv
import io
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.formats.asn import AsnError, read_asn
from defectreg.formats.columns import to_csv
from defectreg.formats.spreadsheets import (
    NumberCell,
    SpreadsheetError,
    find_eaten_zeros,
    read_csv_rows,
    read_xlsx_rows,
    write_xlsx,
)
from defectreg.inventory.cells import judge_of
from defectreg.register.inventory.identifiers import Form
from defectreg.store.inventory.snapshot import COLUMNS, DEVICES

CELLS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20),
    st.text("0123456789.E+-'= \t,;|\"", max_size=12),
)
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(CELLS, min_size=width, max_size=width).filter(any), min_size=1, max_size=8
    )
)
PIECES = st.integers(1, 9)


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[place : place + size] for place in range(0, len(data), size)]


@given(TABLES, PIECES)
def test_what_we_write_as_csv_is_read_back(table: list[list[str]], size: int) -> None:
    names = [f"n{number}" for number, _ in enumerate(table[0])]
    data = to_csv(names, table).encode()
    assert [cells for _, cells in read_csv_rows(pieces(data, size))] == [names, *table]


@given(TABLES, st.sampled_from(",;\t|"), PIECES)
def test_what_others_write_as_csv_is_read_but_for_apostrophes(
    table: list[list[str]], separator: str, size: int
) -> None:
    table = [[cell.replace("'", "") for cell in row] for row in table]
    table = [row for row in table if any(row)]
    stream = io.StringIO(newline="")
    names = [f"n{number}" for number in range(4)]
    csv.writer(stream, delimiter=separator).writerows([names, *table])
    read = [cells for _, cells in read_csv_rows(pieces(stream.getvalue().encode(), size))]
    assert read == [names, *table]


@settings(max_examples=30)
@given(TABLES)
def test_what_we_write_as_a_workbook_is_read_back(table: list[list[str]]) -> None:
    plain = [[" ".join(filter(str.isprintable, cell.split())) for cell in row] for row in table]
    plain = [row for row in plain if any(row)]
    names = [f"n{number}" for number, _ in enumerate(table[0])]
    assert [cells for _, cells in read_xlsx_rows(write_xlsx(names, plain))] == [names, *plain]


@given(st.binary(max_size=200), PIECES)
def test_no_bytes_make_a_reader_raise_another_error(data: bytes, size: int) -> None:
    for read in (read_csv_rows, lambda given: read_xlsx_rows(b"".join(given))):
        with suppress(SpreadsheetError):
            list(read(pieces(data, size)))
    for beginning in (b"", b"H|a|b|c|d|1\n", b"<AdvanceShipmentNotification>"):
        with suppress(AsnError):
            list(read_asn(pieces(beginning + data, size)))


@given(CELLS, st.sampled_from(COLUMNS[DEVICES]), st.sampled_from(Form), st.booleans())
def test_every_cell_is_judged_and_what_comes_in_stays_as_it_is(
    cell: str, column: str, form: Form, pads: bool
) -> None:
    judge = judge_of(column, form, pad_zeros=pads)
    judged = judge(cell)
    if type(judged) is str:
        assert judge(judged) == judged


@given(st.integers(0, 99_999_999))
def test_a_mended_number_is_the_number_and_eight_digits(number: int) -> None:
    eaten = find_eaten_zeros(NumberCell(number), 8)
    assert eaten is not None
    if eaten.mended:
        assert (len(eaten.mended), int(eaten.mended)) == (8, number)
    else:
        assert float(f"{number:.2e}") == number
