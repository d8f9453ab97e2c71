"""Tables that others keep in spreadsheets: CSV and XLSX, every cell as the text that stands there.

Read without trust: no formula is calculated, no link followed, and what would take more memory
than a whole sheet needs is refused before it is unpacked.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

from defectreg.formats.columns import original_cell
from defectreg.formats.lines import LineError, read_lines

Row: TypeAlias = tuple[int, Sequence[str]]
"""The line of a file, from 1, where a row begins, and the row's cells."""
MOST_CELLS = 25_000_000
"""Cells of a sheet, at most, counted as a rectangle: a full sheet of 23 columns."""
MOST_ROWS, MOST_CHARACTERS = 1_048_576, 32_767
"""Rows of a sheet, and characters of a cell, at most: so the format says."""
_MOST_BYTES = 1 << 31
"""Bytes of a workbook, at most, when it is unpacked."""
_SEPARATORS = ",;\t|"
_BIT = 1 << 20
_LONGEST_REFERENCE = 32
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,4})([0-9]{1,10})["']""")
_BEGINS_XML = (b"<", b"\xef", b" ", b"\n", b"\r", b"\t")
_LETTERS = 26
_EXACT = 1 << 53
_CREATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class SpreadsheetError(ValueError):
    """A file that is no such table, or not a whole one. ``line`` is 0 where none can be named.

    ``sentence`` and ``hint`` repeat nothing of the file.
    """

    def __init__(self, line: int, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.line = line
        self.sentence = sentence
        self.hint = hint


class NumberCell(str):
    """A cell of a spreadsheet that holds a number: what it was as text, zeros in front, is lost."""

    __slots__ = ()


_PLAIN = re.compile(r"([1-9][0-9]*|0)(?:\.0+)?")
_WITH_EXPONENT = re.compile(r"[0-9](?:\.[0-9]+)?[Ee][+-][0-9]+")
_SHOWN = 3
"""Digits that spreadsheets show of a number with an exponent: ``2.00E+05``."""


@dataclass(frozen=True, slots=True)
class EatenZeros:
    """An identifier of which a spreadsheet made a number. ``mended`` is '' where nobody can say."""

    mended: str


def find_eaten_zeros(cell: str, digits: int) -> EatenZeros | None:
    """What an identifier of so many hexadecimal digits was before a spreadsheet took its zeros.

    None where that did not happen. ``20120`` was ``00020120``. What has an exponent, or could be
    one written out (noughts after at most three digits), is not known: ``2.00E+05`` and ``200000``
    may have been ``00200000`` or ``0002E005``.
    """
    if _WITH_EXPONENT.fullmatch(cell):
        return EatenZeros("")
    plain = _PLAIN.fullmatch(cell)
    if plain is None or len(plain[1]) > digits:
        return None
    if plain[1] == cell and len(cell) == digits and not isinstance(cell, NumberCell):
        return None
    may_have_exponent = plain[1][-1] == "0" and len(plain[1].rstrip("0")) <= _SHOWN
    return EatenZeros("" if may_have_exponent else plain[1].rjust(digits, "0"))


def read_csv_rows(chunks: Iterable[bytes]) -> Iterator[Row]:
    """The rows of a CSV file in UTF-8, names first; rows without text are left out.

    Cells are separated by what the first line has most of: comma, semicolon, tab or bar. Cells
    that ``safe_cell`` wrote are read back. Raises SpreadsheetError, also where the file ends
    within quotation marks. Memory does not grow with the file.
    """
    begins = 1
    try:
        lines = _Lines(chunks)
        first = next(iter(lines), "")
        reader = csv.reader(chain((first,), lines), delimiter=separator_of(first), strict=True)
        for cells in reader:
            if cells and (cells[0] or any(cells)):
                yield begins, [*map(original_cell, cells)] if lines.has_mark else cells
            lines.has_mark = False
            begins = reader.line_num + 1
    except LineError as error:
        raise SpreadsheetError(error.line, error.sentence, error.hint) from error
    except csv.Error as error:
        raise SpreadsheetError(
            begins,
            "a quotation mark is not closed, or a cell is longer than 131,072 characters",
            "the file is not whole, or not CSV: export it again",
        ) from error


def read_xlsx_rows(data: bytes, sheet: str = "") -> Iterator[Row]:
    """The rows of a sheet of a workbook, names first; rows without text are left out.

    ``sheet`` is its name, '' the only visible one that has rows. A formula counts as what it came
    to when the workbook was saved; dates are written as ISO 8601. Raises SpreadsheetError.
    """
    _check_workbook(data)
    found = _sheet(data, sheet)
    for line, cells in enumerate(found.iter_rows(), 1):
        texts = [*map(_text, cells)]
        if any(texts):
            yield line, texts


def write_xlsx(names: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook with one sheet, every cell a text that no program calculates or shortens.

    Texts longer than a cell holds are cut. Raises SpreadsheetError for more rows than a sheet has.
    """
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True, "constant_memory": True}) as workbook:
        workbook.set_properties({"created": _CREATED})  # the same rows are the same bytes
        sheet = workbook.add_worksheet()
        for number, row in enumerate(chain((names,), rows)):
            if number == MOST_ROWS:
                raise SpreadsheetError(number, "a sheet has no more rows", "write CSV instead")
            for column, text in enumerate(row):
                sheet.write_string(number, column, text[:MOST_CHARACTERS])
    return stream.getvalue()


class _Lines:
    """The lines of UTF-8 text, with their ends; ``has_mark`` where one had an apostrophe."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.has_mark = False
        self._lines = read_lines(chunks)

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            if "'" in line:
                self.has_mark = True
            yield line


def separator_of(line: str) -> str:
    """What separates the cells of a CSV file, by its first line."""
    return max(_SEPARATORS, key=line.count)


def _check_workbook(data: bytes) -> None:
    """Raises SpreadsheetError for what is no whole workbook, or would grow beyond a full sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if "xl/workbook.xml" not in {member.filename for member in members}:
                raise SpreadsheetError(0, "it is a ZIP file, but no XLSX workbook")
            if sum(member.file_size for member in members) > _MOST_BYTES:
                raise SpreadsheetError(0, "the workbook is too large unpacked", "save it as CSV")
            for member in members:
                _check_member(archive, member)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
        raise _torn() from error


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpack a part of a workbook to its end, which checks its length and checksum.

    Any part may be a sheet, whatever its name: the workbook says which are.
    """
    rows = columns = 1
    tail = b""
    with archive.open(member) as part:
        chunk = part.read(_BIT)
        is_xml = chunk[:1] in _BEGINS_XML
        while chunk:
            if is_xml and b"\0" in chunk:
                raise SpreadsheetError(0, "a sheet is not written in UTF-8", "save it as CSV")
            piece = tail + chunk
            for letters, digits in _REFERENCE.findall(piece):
                columns, rows = max(columns, _column(letters)), max(rows, int(digits))
            tail = piece[-_LONGEST_REFERENCE:]
            if rows * columns > MOST_CELLS:
                raise SpreadsheetError(
                    0, f"a sheet spans more than {MOST_CELLS:,} cells", "save it as CSV"
                )
            chunk = part.read(_BIT)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + letter - ord("A") + 1
    return number


def _sheet(data: bytes, name: str) -> Any:
    """The sheet of that name, or the only one to be seen that has rows."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if name in workbook.sheet_names:
            return workbook.get_sheet_by_name(name)
        seen = [
            about.name
            for about in workbook.sheets_metadata
            if about.visible is SheetVisibleEnum.Visible and about.typ is SheetTypeEnum.WorkSheet
        ]
        sheets = [sheet for sheet in map(workbook.get_sheet_by_name, seen) if sheet.height]
    except (CalamineError, OSError) as error:
        raise _torn() from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of Rust; it is no Exception
            raise _torn() from error
        raise
    return _only(sheets, name)


def _only(sheets: Sequence[Any], name: str) -> Any:
    if name:
        raise SpreadsheetError(0, "the workbook has no sheet of the name that the column map says")
    if len(sheets) != 1:
        raise SpreadsheetError(
            0, f"the workbook has {len(sheets)} sheets with rows", "say in a column map: sheet:"
        )
    return sheets[0]


def _torn() -> SpreadsheetError:
    return SpreadsheetError(0, "the workbook is torn, or no XLSX workbook", "export it again")


def _text(value: Any) -> str:
    """A cell as text; a date without the time of day that spreadsheets add."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        is_whole = abs(value) < _EXACT and float(value).is_integer()
        return NumberCell(int(value) if is_whole else value)
    if isinstance(value, datetime.datetime):
        return value.isoformat().removesuffix("T00:00:00")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
