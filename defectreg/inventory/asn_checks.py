"""An ASN, line by line, with what the inventory knows of each: what is wrong, and what passed.

Lines are kept aside while they are read, and then looked up all at once, so that memory grows
neither with the file nor with the inventory. Nothing of the inventory is changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from defectreg.formats.asn import (
    AsnError,
    AsnHeader,
    AsnLine,
    AsnPart,
    AsnReject,
    AsnTrailer,
    read_asn,
)
from defectreg.formats.columnmap import ASN as ASN_TABLE
from defectreg.formats.columnmap import NO_MAP, ColumnMap
from defectreg.inventory.asn_rules import Line, Problem, Seen, check_line
from defectreg.inventory.reading import read_table
from defectreg.inventory.reading_tables import Asked, Table, check_map
from defectreg.register.findings import Finding
from defectreg.register.inventory.asn_codes import CODES, Reader
from defectreg.store.inventory.asn_lines import StagedLine, staged
from defectreg.store.inventory.snapshot import ASN, CPL, DEVICES, PRODUCTS, Snapshot
from defectreg.store.inventory.sources import head_of, pieces_of
from defectreg.store.tables.duck import DuckEngine
from defectreg.store.tables.engine import Table as Known
from defectreg.store.tables.engine import read_sql

_MEMORY = "512MB"
"""What the look-up may take, however many lines there are; the rest goes to the disc."""
_NO_HEADER = AsnHeader("", "", "", "", None)
_OURS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:#[^\n]*\n\s*)*(?:<|H\|)")
"""How an ASN of one of our layouts begins."""
_TABLED = ("asn_id", "ship_date", "device_id", "device_type", "manufacturer", "model", "firmware",
           "smets_version", "esme_variant")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """A line, and what is wrong with it or cannot be judged."""

    line: Line
    problems: tuple[Problem, ...]

    @property
    def is_refused(self) -> bool:
        """Whether something is wrong with it, and not only not known."""
        return any(CODES[problem.code].severity == "error" for problem in self.problems)

    @property
    def has_passed(self) -> bool:
        """Whether nothing is wrong with it, and everything that is asked could be judged."""
        return not self.problems and self.line.could_be_judged


@dataclass(slots=True)
class Shipment:
    """An ASN as far as it could be read. Its lines are there while it is open."""

    file: str
    header: AsnHeader = _NO_HEADER
    lines: int = 0
    """How many Devices it lists, those that cannot be read included."""
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    """What is wrong with it as a whole, each with a line of the file."""
    loaded: frozenset[str] = frozenset()
    """The tables that the inventory has."""
    tables: Mapping[str, Known] = field(default_factory=dict)
    """Those, and the lines."""

    def judged(self) -> Iterator[Judged]:
        """Each line, in the order of the file."""
        engine = DuckEngine(_MEMORY)
        with engine.run(read_sql(__package__, "asn_lines.sql"), self.tables) as found:
            for row in found.rows():
                line = _line_of(row, self.loaded)
                yield Judged(line, tuple(check_line(line)))

    def of_whole(self, reader: Reader) -> Iterator[Finding]:
        """What is wrong with it as a whole, then what cannot be judged of any line."""
        for line, problem in self.problems:
            yield _finding(self.file, line, problem, reader)
        for code, tables, sentence in _NOT_JUDGED:
            if not self.loaded.intersection(tables):
                yield _finding("", 0, Problem(code, sentence), reader)

    def of_line(self, judged: Judged, reader: Reader) -> Iterator[Finding]:
        """The findings of a line."""
        for problem in judged.problems:
            yield _finding(self.file, judged.line.line, problem, reader)


@dataclass(slots=True)
class Report:
    """What was found in an ASN: all of it counted, and the first findings of each code.

    ``codes`` counts findings. Of the lines, those that passed and those with which something is
    wrong are counted; the others cannot be judged.
    """

    codes: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    passed: int = 0
    refused: int = 0

    def take(self, finding: Finding, most: int) -> None:
        """Count a finding, and keep it while there are not so many of its code."""
        self.codes[finding.code] += 1
        if self.codes[finding.code] <= most:
            self.findings.append(finding)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found but warnings."""
        return all(CODES[code].severity == "warning" for code in self.codes)

    def left_out(self) -> dict[str, int]:
        """How many findings of each code were not kept, where there are such."""
        kept = Counter(finding.code for finding in self.findings)
        return {code: more for code, of in sorted(self.codes.items()) if (more := of - kept[code])}


COLUMNS = ("file", "line", "code", "severity", "sentence", "hint", "device_id")
"""Of a table of findings."""


def check(
    shipment: Shipment,
    reader: Reader,
    most: int,
    told: Callable[[Sequence[str]], None] = lambda row: None,
    stepped: Callable[[int], None] = lambda lines: None,
) -> Report:
    """Everything that is wrong with an ASN, or cannot be judged, in the order of the file.

    Of each code so many findings are kept; ``told`` is given all of them as rows of COLUMNS.
    """
    report = Report()
    for finding in shipment.of_whole(reader):
        report.take(finding, most)
        told(_row(finding, ""))
    for judged in shipment.judged():
        for finding in shipment.of_line(judged, reader):
            report.take(finding, most)
            told(_row(finding, judged.line.device_id))
        report.refused += judged.is_refused
        report.passed += judged.has_passed
        stepped(1)
    return report


def _row(finding: Finding, device_id: str) -> tuple[str, ...]:
    return (finding.file, str(finding.line), finding.code, finding.severity, finding.sentence,
            finding.hint, device_id)  # fmt: skip


_NOT_JUDGED = (
    ("A17", (PRODUCTS,), "no product map is loaded: no ESME Variant is compared with one"),
    ("A18", (CPL,), "no Central Products List is loaded: no product is looked up in it"),
    ("A19", (DEVICES, ASN), "nothing was loaded of Devices: none is looked up as seen before"),
)
"""What cannot be judged without any of these tables."""


@contextmanager
def opened_asn(
    path: Path, snapshot: Snapshot | None, columns: ColumnMap = NO_MAP
) -> Iterator[Shipment]:
    """Read an ASN, and keep its lines aside for as long as this is open.

    It is in one of our layouts, or a table (CSV, XLSX, Parquet) whose columns the map names; that
    says no number of Devices to compare with. Raises CannotRun where the file cannot be read,
    UsageProblem where the map does not fit it.
    """
    shipment = Shipment(str(path), loaded=frozenset(snapshot.tables if snapshot else ()))
    is_ours = _OURS.match(head_of(path)) is not None
    lines = (
        _taken(read_asn(pieces_of(path)), shipment)
        if is_ours
        else _tabled(_table(path, Asked(ASN_TABLE, columns)), shipment)
    )
    with staged(lines, snapshot) as kept:
        shipment.tables, shipment.lines = kept.tables, kept.lines
        yield shipment


def _taken(parts: Iterable[AsnPart], shipment: Shipment) -> Iterator[StagedLine]:
    """The lines among the parts; what stands around them is noted in the shipment."""
    number = 0
    told: list[tuple[int, int | None, str]] = []
    try:
        for part in parts:
            if isinstance(part, AsnHeader):
                shipment.header = part
                told.append((part.line, part.count, "header"))
            elif isinstance(part, AsnTrailer):
                told.append((part.line, part.count, "last line"))
            else:
                number += 1
                yield _staged_line(number, part, shipment.header.manufacturer)
    except AsnError as error:
        shipment.problems.append((max(1, error.line), Problem("A02", error.sentence)))
    shipment.problems.extend(_wrong_counts(told, number))


def _staged_line(number: int, part: AsnLine | AsnReject, manufacturer: str) -> StagedLine:
    if isinstance(part, AsnReject):
        return (number, part.line, part.sentence, "", "", "", "", "", "", "")
    return (number, part.line, "", part.device_id, part.device_type, manufacturer, part.model,
            part.firmware, part.smets_version, part.variant)  # fmt: skip


def _table(path: Path, asked: Asked) -> Table:
    table = read_table(path, asked)
    check_map([table], asked)
    return table


def _tabled(table: Table, shipment: Shipment) -> Iterator[StagedLine]:
    """The rows of a table."""
    number = 0
    for batch in table.batches:
        for place, sentence in batch.rejects:
            number += 1
            yield (number, int(place), sentence, "", "", "", "", "", "", "")
        blank = [""] * len(batch.places)
        texts = (map(str.strip, batch.columns.get(name, blank)) for name in _TABLED)
        for place, asn_id, ship_date, *said in zip(batch.places, *texts, strict=True):
            number += 1
            if shipment.header is _NO_HEADER:
                shipment.header = AsnHeader(asn_id, said[2], "", ship_date, None)
            yield (number, place, "", *said)


def _wrong_counts(
    told: Iterable[tuple[int, int | None, str]], found: int
) -> Iterator[tuple[int, Problem]]:
    for line, count, where in told:
        if count is None:
            yield line, Problem("A01", f"the {where} does not say how many Devices there are")
        elif count != found:
            yield (
                line,
                Problem("A01", f"the {where} says {count:,} Devices, and {found:,} are listed"),
            )


def _line_of(row: tuple[Any, ...], loaded: frozenset[str]) -> Line:
    """A row of asn_lines.sql, its columns in their order."""
    *said, implied, on_list, statuses, status, differing, asn_id, asn_line, asn_differing = row
    seen = [Seen(_words(differing))] if differing else []
    seen += [Seen(_words(asn_differing), asn_id, asn_line)] if asn_differing else []
    variants = _items(implied or "") if PRODUCTS in loaded else None
    cpl_statuses = (_items(statuses) or ("",) if on_list else ()) if CPL in loaded else None
    make: Callable[..., Line] = Line  # what is said has as many columns as Line begins with fields
    return make(*said, variants, cpl_statuses, status, tuple(seen))


@lru_cache(maxsize=1024)
def _items(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_WORDS = {
    "device_type": "Device Type",
    "smets_version": "SMETS version",
    "esme_variant": "ESME Variant",
}


def _words(columns: str) -> tuple[str, ...]:
    return tuple(_WORDS.get(column, column) for column in columns.split())


def _finding(file: str, line: int, problem: Problem, reader: Reader) -> Finding:
    code = CODES[problem.code]
    return Finding(file, line, 1, problem.code, code.severity, problem.sentence, code.hints[reader])
