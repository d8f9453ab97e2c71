"""Files of reports as rows: CSV, a sheet of a workbook, or the JSON of another register."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from defectreg.formats.columnmap import ColumnMapError
from defectreg.formats.columns import list_cell
from defectreg.formats.spreadsheets import SpreadsheetError, read_csv_rows, read_xlsx_rows
from defectreg.formats.visible import visible
from defectreg.intake.forms import Field
from defectreg.intake.report_columns import (
    NO_REPORT_MAP,
    ReportMap,
    match_report_columns,
    parse_map,
)
from defectreg.intake.writable import writable
from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.yamltext import YamlError, load
from defectreg.store.inventory.sources import whole_of

MOST_ROWS = 10_000
"""Rows of a file: two weeks of what reaches the DCC."""
_LONGEST_NAME = 60
_LARGEST, _LARGEST_MAP = 1 << 28, 1 << 16
_WORKBOOK = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one column of a row, with the column's name."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not read yet: its line, and its cells by our name for the column."""

    line: int
    cells: Mapping[str, tuple[Cell, ...]]

    def text(self, ours: str) -> str:
        """What stands in a column of ours; empty where nothing does."""
        cells = self.cells.get(ours, ())
        return "\n".join(text for cell in cells if (text := cell.text.strip()))


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file of reports: its SHA-256, its rows, and the names of columns that stay outside."""

    sha256: str
    rows: tuple[Row, ...]
    left: tuple[str, ...]
    is_export: bool


def read_report_map(path: Path | None, fields: Iterable[Field]) -> ReportMap:
    """The column map in a file. Raises UsageProblem where it is none."""
    if path is None:
        return NO_REPORT_MAP
    try:
        return parse_map(load(whole_of(path, _LARGEST_MAP)).data, fields)
    except YamlError as error:
        raise UsageProblem(f"{path}:{error}", error.hint) from error
    except ColumnMapError as error:
        raise UsageProblem(f"{path}: {error.sentence}", error.hint) from error


def read_report_file(path: Path, columns: ReportMap, fields: Sequence[Field]) -> ReportFile:
    """All rows of a file. Raises CannotRun for one that is not whole, UsageProblem for another."""
    data = whole_of(path, _LARGEST)
    try:
        header, rows = _table(data, columns.sheet, fields)
        matched = match_report_columns(header, columns, fields)
        taken = tuple(_rows(path, header, matched.places, rows))
    except SpreadsheetError as error:
        where = f"{path}:{error.line}" if error.line else str(path)
        raise CannotRun(f"{where}: {error.sentence}", error.hint) from error
    except ColumnMapError as error:
        raise UsageProblem(f"{path}: {error.sentence}", error.hint) from error
    return ReportFile(hashlib.sha256(data).hexdigest(), taken, matched.left, matched.is_export)


def _table(
    data: bytes, sheet: str, fields: Sequence[Field]
) -> tuple[Sequence[str], Iterator[tuple[int, Sequence[str]]]]:
    """The names of the columns, and the rows with their lines."""
    if data.startswith(_WORKBOOK):
        rows = read_xlsx_rows(data, sheet)
    elif data.lstrip()[:1] == b"{":
        return _export(data, fields)
    else:
        rows = read_csv_rows([data])
    _, header = next(rows, (0, ()))
    return header, rows


def _rows(
    path: Path,
    header: Sequence[str],
    places: Mapping[str, tuple[int, ...]],
    rows: Iterable[tuple[int, Sequence[str]]],
) -> Iterator[Row]:
    names = [visible(name.strip())[:_LONGEST_NAME] for name in header]
    for number, (line, cells) in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise CannotRun(f"{path} has more than {MOST_ROWS:,} rows", "split it")
        if len(cells) != len(header) and any(cells[len(header) :]):
            raise SpreadsheetError(line, "the row has more cells than the first row of the file")
        filled = [*cells, *("" for _ in header[len(cells) :])]
        yield Row(
            line,
            {
                ours: tuple(Cell(names[place], writable(filled[place])) for place in found)
                for ours, found in places.items()
            },
        )


def _export(
    data: bytes, fields: Sequence[Field]
) -> tuple[Sequence[str], Iterator[tuple[int, Sequence[str]]]]:
    """The entries of a register's JSON as a table; the place of each counts as its line."""
    try:
        document = json.loads(data)
        entries = document["records"] if "records" in document else [document["record"]]
        rows = [_export_row(entry, fields) for entry in entries]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise SpreadsheetError(
            0,
            "it is no JSON of a register's publication",
            "all.json or records/ID.json of `publish`, or the table of `search --csv`",
        ) from error
    return _export_names(fields), iter([*enumerate(rows, 1)])


def _export_names(fields: Sequence[Field]) -> list[str]:
    return ["id", *(field.key for field in fields), "disclaimer"]


def _export_row(entry: Mapping[str, Any], fields: Sequence[Field]) -> list[str]:
    says = entry.get("says", {})
    return [str(entry["id"]), *(_export_cell(says, field.key) for field in fields), ""]


def _export_cell(says: Mapping[str, Any], key: str) -> str:
    value: Any = says
    for name in key.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, list):
        return list_cell(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
