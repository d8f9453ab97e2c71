"""CSV, XLSX and Parquet as our columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from defectreg.formats.columnmap import (
    NO_MAP,
    ColumnMap,
    ColumnMapError,
    Matched,
    match_columns,
)
from defectreg.formats.spreadsheets import Row, SpreadsheetError, read_csv_rows, read_xlsx_rows
from defectreg.inventory.cells import kind_of_private, words_of
from defectreg.inventory.sifting import Batch
from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.inventory.identifiers import Form
from defectreg.store.inventory.sources import ParquetTable, open_parquet, pieces_of, whole_of

_ROWS = 1 << 14
_SAMPLE = 200
"""Rows of a column of unknown name that are looked at for personal data."""
_LARGEST_WORKBOOK = 1 << 28


@dataclass(frozen=True, slots=True)
class Asked:
    """How files are to be read: as what (None is found out), by which map, how exactly.

    ``pad_zeros`` gives back zeros that a spreadsheet took; ``as_of`` is the day (ISO 8601) whose
    state the files tell.
    """

    kind: str | None = None
    columns: ColumnMap = NO_MAP
    form: Form = Form.STRICT
    pad_zeros: bool = False
    as_of: str = ""


@dataclass(slots=True)
class Table:
    """A file that is to be loaded: of what kind it is, and its rows, which are read only once."""

    kind: str
    batches: Iterator[Batch]
    place: str = "line"
    """What a place of a batch counts."""
    personal: list[str] = field(default_factory=list)
    """Columns or elements of personal data that stay outside; whole only after the last batch."""
    unknown: list[str] = field(default_factory=list)
    """Other columns that stay outside."""
    is_mapped: bool | None = None
    """Whether it has the columns that the map names; None where it has no columns at all."""


def check_map(tables: Iterable[Table], asked: Asked) -> None:
    """Raises UsageProblem where a map was given, and is for none of several tables."""
    mapped = {table.is_mapped for table in tables}
    if asked.columns.columns and False in mapped and True not in mapped:
        raise UsageProblem(
            "no table has the columns that the column map names",
            "write each name as it stands in the table's first line",
        )


def read_csv_file(path: Path, asked: Asked) -> Table:
    """A CSV file."""
    return _read_rows(path, read_csv_rows(pieces_of(path)), asked)


def read_workbook(path: Path, asked: Asked) -> Table:
    """A sheet of an XLSX workbook."""
    data = whole_of(path, _LARGEST_WORKBOOK)
    return _read_rows(path, read_xlsx_rows(data, asked.columns.sheet), asked, has_numbers=True)


def read_parquet_file(path: Path, asked: Asked) -> Table:
    """A Parquet file; of its columns only those that are kept are read, but for a sample."""
    file = open_parquet(path)
    matched = _matched(path, file.names, asked)
    names = {ours: file.names[place] for ours, place in matched.places.items()}
    nested = [ours for ours, name in names.items() if name in file.nested]
    if nested:
        raise UsageProblem(
            f"{path}: the column of the {words_of(nested[0])} is nested",
            "write it as a column of texts",
        )
    table = _table(matched, _parquet_batches(file, names))
    table.place = "row"
    flat = [name for name in table.unknown if name not in file.nested]
    for name, texts in next(file.batches(flat), {}).items() if flat else ():
        _look(table, name, texts[:_SAMPLE])
    return table


def _read_rows(
    path: Path, rows: Iterator[Row], asked: Asked, *, has_numbers: bool = False
) -> Table:
    rows = _told(path, rows)
    _, header = next(rows, (0, ()))
    matched = _matched(path, header, asked)
    sample = [*islice(rows, _SAMPLE)]
    batches = _batches(chain(sample, rows), len(header), matched, has_numbers=has_numbers)
    table = _table(matched, batches)
    for place, name in enumerate(header):
        _look(table, name.strip(), (row[place] for _, row in sample if place < len(row)))
    return table


def _told(path: Path, rows: Iterator[Row]) -> Iterator[Row]:
    try:
        yield from rows
    except SpreadsheetError as error:
        where = f"{path}:{error.line}" if error.line else str(path)
        raise CannotRun(f"{where}: {error.sentence}", error.hint) from error


def _matched(path: Path, header: Sequence[str], asked: Asked) -> Matched:
    try:
        return match_columns(header, asked.columns, asked.kind)
    except ColumnMapError as error:
        raise UsageProblem(f"{path}: {error.sentence}", error.hint) from error


def _table(matched: Matched, batches: Iterator[Batch]) -> Table:
    personal, unknown = [*matched.personal], [*matched.unknown]
    return Table(
        matched.kind, batches, personal=personal, unknown=unknown, is_mapped=matched.is_mapped
    )


def _look(table: Table, name: str, texts: Iterable[str]) -> None:
    """Say of a column of unknown name that it is personal, where what stands in it looks so."""
    if name in table.unknown and kind_of_private(texts):
        table.unknown.remove(name)
        table.personal.append(name)


def _batches(
    rows: Iterator[Row], width: int, matched: Matched, *, has_numbers: bool
) -> Iterator[Batch]:
    while chunk := [*islice(rows, _ROWS)]:
        rejects: list[tuple[int | str, str]] = []
        if {len(cells) for _, cells in chunk} != {width}:
            rejects += [(line, why) for line, cells in chunk if (why := _ragged(cells, width))]
            bad = {line for line, _ in rejects}
            chunk = [(line, cells[:width]) for line, cells in chunk if line not in bad]
        lines = [line for line, _ in chunk]
        texts = [*zip(*(cells for _, cells in chunk), strict=True)] or [()] * width
        columns = {ours: texts[at] for ours, at in matched.places.items()}
        yield Batch(lines, columns, rejects, has_numbers)


def _ragged(cells: Sequence[str], width: int) -> str:
    """Why a row does not have the columns of the first; '' where it has."""
    if len(cells) == width or (len(cells) > width and not any(cells[width:])):
        return ""
    return "the row has not as many cells as the first row of the file"


def _parquet_batches(file: ParquetTable, names: dict[str, str]) -> Iterator[Batch]:
    row = 1
    for texts in file.batches([*names.values()]):
        columns = {ours: texts[name] for ours, name in names.items()}
        count = len(next(iter(columns.values())))
        yield Batch(range(row, row + count), columns)
        row += count
