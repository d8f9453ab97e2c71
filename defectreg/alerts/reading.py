"""What a log of alerts is, and how its rows are read: CSV, Parquet, XLSX, or DUIS alerts in XML.

What a folder says of all files in it, ``day=2026-11-01/``, is a column like those of the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeAlias

from defectreg.formats.columnmap import ALERTS, ColumnMap, ColumnMapError, Matched, match_columns
from defectreg.formats.duis import DeviceAlert, XmlError, read_alerts
from defectreg.formats.lines import LineError, read_lines
from defectreg.formats.spreadsheets import (
    Row,
    SpreadsheetError,
    read_csv_rows,
    read_xlsx_rows,
    separator_of,
)
from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.store.alerts.workbench import RAW, Workbench, column_name, constant, quoted
from defectreg.store.inventory.sources import known_head_of, open_parquet, pieces_of, whole_of

Staged: TypeAlias = tuple[int, *tuple[str, ...]]
"""Where a row stands, and its texts in the order of RAW."""
Reject: TypeAlias = tuple[str, str]
"""Where a row stands, for people, and why it is not counted."""
_LARGEST_WORKBOOK = 1 << 28
_CUT = "it may have been cut off on its way: ask for it again"
_RAGGED = "the row has not as many cells as the first row of the file"


@dataclass(slots=True)
class Log:
    """A log. ``quick`` makes its rows ``raw`` at once, with their places or without; where that is
    None, or is not whole, they are read one by one: that tells ``rejects``.
    """

    path: Path
    staged: Callable[[list[Reject]], Iterator[Staged]]
    quick: Callable[[Workbench, bool], None] | None = None
    place: str = "line"
    """What a place counts."""
    counts_lines: bool = False
    """Whether what was read at once is whole only with a row for each line."""
    personal: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    rejects: list[Reject] = field(default_factory=list)

    def placed(self, place: object) -> str:
        """Where a row stands, as people read it: ``17``, or ``row 17``."""
        return str(place) if self.place == "line" else f"{self.place} {place}"


def open_log(path: Path, columns: ColumnMap) -> Log:
    """A log, found out by what stands in it.

    Raises CannotRun for what is not whole or not read here, UsageProblem where its columns are not
    known.
    """
    head = known_head_of(path)
    for sign, opened in _SIGNS.items():
        if head.startswith(sign):
            return opened(path, columns)
    return _open_csv(path, columns)


def digest_of(path: Path, sha256: str) -> str:
    """What tells a log from others: its bytes, and what its folders say."""
    said = "".join(f"\n{name}={value}" for name, value in _pairs(path))
    return hashlib.sha256(f"{sha256}{said}".encode()).hexdigest() if said else sha256


def _pairs(path: Path) -> list[tuple[str, str]]:
    """What folders say: ``day=2026-11-01`` as its two parts."""
    parts = (part.partition("=") for part in path.parts[:-1] if "=" in part)
    return [(name, value) for name, _, value in parts]


def _open_csv(path: Path, columns: ColumnMap) -> Log:
    _, header = next(_told(path, read_csv_rows(pieces_of(path))), (0, ()))
    matched, folders = _matched(path, header, columns)
    texts = _texts(matched, header, folders, column_name)
    separator = separator_of(next(_lines(path), ""))
    return Log(
        path,
        partial(_staged_csv, path, matched, len(header), folders),
        lambda bench, places: bench.read_csv_log(path, len(header), separator, texts, places),
        counts_lines=True,
        personal=matched.personal,
        unknown=matched.unknown,
    )


def _open_workbook(path: Path, columns: ColumnMap) -> Log:
    rows = partial(read_xlsx_rows, whole_of(path, _LARGEST_WORKBOOK), columns.sheet)
    _, header = next(_told(path, rows()), (0, ()))
    matched, folders = _matched(path, header, columns)

    def staged(rejects: list[Reject]) -> Iterator[Staged]:
        return _staged(_told(path, rows()), matched, len(header), folders, rejects)

    return Log(path, staged, personal=matched.personal, unknown=matched.unknown)


def _open_parquet(path: Path, columns: ColumnMap) -> Log:
    file = open_parquet(path)
    matched, folders = _matched(path, file.names, columns)
    for ours, place in matched.places.items():
        if place < len(file.names) and file.names[place] in file.nested:
            name = ours.replace("_", " ")
            raise UsageProblem(
                f"{path}: the column of the {name} is nested", "write it as a column of texts"
            )
    texts = _texts(
        matched,
        file.names,
        folders,
        lambda place: f"CAST({quoted(file.names[place])} AS VARCHAR)",
    )

    def quick(bench: Workbench, places: bool) -> None:
        bench.read_parquet_log(path, texts, places)

    return Log(path, _torn(path), quick, "row", personal=matched.personal, unknown=matched.unknown)


def _torn(path: Path) -> Callable[[list[Reject]], Iterator[Staged]]:
    """What is not read row by row."""

    def staged(_: list[Reject]) -> Iterator[Staged]:
        raise CannotRun(f"{path} is torn, or a Parquet file of a kind that is not read here")

    return staged


def _open_xml(path: Path, _: ColumnMap) -> Log:
    return Log(path, partial(_staged_xml, path), place="response")


_SIGNS: Mapping[bytes, Callable[[Path, ColumnMap], Log]] = {
    b"PK\x03\x04": _open_workbook,
    b"PAR1": _open_parquet,
    b"<": _open_xml,
}


def _matched(
    path: Path, header: Sequence[str], columns: ColumnMap
) -> tuple[Matched, Sequence[str]]:
    """What the columns of a file and of its folders are, and what the folders say."""
    pairs = [(name, value) for name, value in _pairs(path) if name not in header]
    names, folders = [name for name, _ in pairs], [value for _, value in pairs]
    try:
        return match_columns(header, columns, ALERTS, names), folders
    except ColumnMapError as error:
        raise UsageProblem(f"{path}: {error.sentence}", error.hint) from error


def _texts(
    matched: Matched, header: Sequence[str], folders: Sequence[str], sql: Callable[[int], str]
) -> dict[str, str]:
    """The SQL of each of our columns that there is."""
    return {
        ours: sql(place) if place < len(header) else constant(folders[place - len(header)])
        for ours, place in matched.places.items()
    }


def _lines(path: Path) -> Iterator[str]:
    try:
        yield from read_lines(pieces_of(path))
    except LineError as error:
        raise CannotRun(f"{path}:{error.line}: {error.sentence}", error.hint) from error


def _told(path: Path, rows: Iterator[Row]) -> Iterator[Row]:
    try:
        yield from rows
    except SpreadsheetError as error:
        where = f"{path}:{error.line}" if error.line else str(path)
        raise CannotRun(f"{where}: {error.sentence}", error.hint) from error


def _staged_csv(
    path: Path, matched: Matched, width: int, folders: Sequence[str], rejects: list[Reject]
) -> Iterator[Staged]:
    rows = _told(path, read_csv_rows(pieces_of(path)))
    return _staged(rows, matched, width, folders, rejects)


def _staged(
    rows: Iterator[Row],
    matched: Matched,
    width: int,
    folders: Sequence[str],
    rejects: list[Reject],
) -> Iterator[Staged]:
    places = [matched.places.get(name) for name in RAW]
    next(rows, None)
    for line, cells in rows:
        if len(cells) != width and not (len(cells) > width and not any(cells[width:])):
            rejects.append((str(line), _RAGGED))
            continue
        texts = (*cells[:width], *folders)
        yield (line, *("" if place is None else texts[place] for place in places))


def _staged_xml(path: Path, rejects: list[Reject]) -> Iterator[Staged]:
    try:
        for number, said in enumerate(read_alerts(pieces_of(path)), 1):
            if isinstance(said, DeviceAlert):
                count = said.throttled_count or 1
                yield number, said.device_id, said.code, said.time, "", str(count)
            else:
                rejects.append((str(said.line), said.sentence))
    except XmlError as error:
        where = f"{path}:{error.line}:{error.column}"
        raise CannotRun(f"{where}: {error.sentence}", _CUT) from error
