"""``alerts report``: what alerts are correlated with, as a grid of regions and combinations.

A grid for each alert code; its rows are the combinations of the findings, in every region where
figures of them may be shown. Beside each stands what the register has: its entries about such
alerts that cover the combination, and whether their cause is identified, suspected or unknown.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from defectreg.alerts.correlating import Correlation, Finding, Result
from defectreg.alerts.explaining import RANKS, Cell
from defectreg.alerts.statistics import Comparison
from defectreg.formats.heatmap import LEVELS
from defectreg.register.devices import REGIONS, Combination, covers, parse_combination
from defectreg.register.notation import NotationError

CAUSES = {
    "cause-identified": "cause identified",
    "cause-suspected": "cause suspected",
    "cause-unknown": "cause unknown",
}
"""Mark of an entry → the words for it; the surest first."""
NO_ENTRY = "no entry"
_BOUNDS = (3.0, 6.0, 12.0)
"""Of a finding's ratio, where the next darker level begins."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the register about Superfluous Alerts, and the marks that it has.

    ``told`` are the days on which statements about it landed, with their kinds.
    """

    id: str
    title: str
    affected: tuple[Combination, ...]
    alerts: frozenset[str]
    marks: tuple[str, ...]
    told: tuple[tuple[datetime.date, str], ...] = ()

    @property
    def cause(self) -> str:
        """The mark of its cause."""
        return next((mark for mark in CAUSES if mark in self.marks), "cause-unknown")


@dataclass(frozen=True, slots=True)
class Square:
    """A combination in a region: its figures, and the finding where it is one.

    ``result`` is None where figures may not be shown.
    """

    region: str
    finding: Finding | None
    result: Result | None
    entries: tuple[Entry, ...]

    @property
    def compared(self) -> Comparison | None:
        """With the rest of the region; of a finding also where its other figures are not shown."""
        result = self.result or (self.finding.result if self.finding else None)
        return result.comparison if result else None

    @property
    def alike(self) -> tuple[str, ...]:
        """Combinations of the same premises, of which any may be meant instead."""
        return tuple(name for _, name in self.finding.explained.alike) if self.finding else ()

    @property
    def level(self) -> int:
        """How dark it is: 1 where it is no finding, then the more the higher its ratio."""
        if self.finding is None:
            return 1
        return min(2 + bisect_right(_BOUNDS, self.finding.result.comparison.ratio), LEVELS)

    @property
    def cause(self) -> str:
        """The surest mark of the cause that an entry has, '' without any entry."""
        found = {entry.cause for entry in self.entries}
        return next((mark for mark in CAUSES if mark in found), "")


@dataclass(frozen=True, slots=True)
class Row:
    """A combination, and its squares by region."""

    level: str
    combination: str
    squares: Mapping[str, Square]


@dataclass(frozen=True, slots=True)
class Grid:
    """What an alert code is correlated with. ``words`` are the catalogue's for it, or ''."""

    code: str
    words: str
    regions: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def findings(self) -> int:
        """How many of its squares are findings."""
        return sum(square.finding is not None for _, square in self.squares())

    def squares(self) -> Iterator[tuple[Row, Square]]:
        """Every square with its row."""
        for row in self.rows:
            for region in self.regions:
                if region in row.squares:
                    yield row, row.squares[region]


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a window of days, a grid for each alert code with findings."""

    since: str
    until: str
    found: Correlation
    grids: tuple[Grid, ...]
    entries: tuple[Entry, ...] = field(default=())


def report_of(
    found: Correlation,
    window: tuple[str, str],
    entries: Sequence[Entry],
    words: Mapping[str, str],
) -> Report:
    """The grids of a run's findings; ``words`` of each alert code that the catalogue has."""
    codes = sorted({finding.result.code for finding in found.findings})
    grids = tuple(_grid(code, found, entries, words.get(code, "")) for code in codes)
    return Report(*window, found, grids, tuple(entries))


def _grid(code: str, found: Correlation, entries: Sequence[Entry], words: str) -> Grid:
    findings = {each.result.key: each for each in found.findings if each.result.code == code}
    cells = {cell for _, _, cell in findings}
    results = {each.key: each for each in found.results if each.code == code and each.cell in cells}
    regions = tuple(_in_order({region for region, _, _ in (*findings, *results)}))
    about = [entry for entry in entries if code in entry.alerts]
    rows = []
    for cell in sorted(cells, key=lambda cell: (-RANKS[cell[0]], cell)):
        keys = [(region, code, cell) for region in regions]
        squares = {
            key[0]: _square(key[0], cell, findings.get(key), results.get(key), about)
            for key in keys
            if key in findings or key in results
        }
        rows.append(Row(*cell, squares))
    return Grid(code, words, regions, tuple(rows))


def _square(
    region: str, cell: Cell, finding: Finding | None, result: Result | None, about: Sequence[Entry]
) -> Square:
    square = Square(region, finding, result, ())
    covering = _covering(about, (cell[1], *square.alike), region)
    return replace(square, entries=tuple(covering))


def _in_order(regions: Iterable[str]) -> list[str]:
    """Regions as the field has them, others after them."""
    known = {region: place for place, region in enumerate(REGIONS)}
    return sorted(regions, key=lambda region: (known.get(region, len(known)), region))


def _covering(entries: Iterable[Entry], texts: Iterable[str], region: str) -> Iterator[Entry]:
    """The entries that cover one of some combinations in a region, surely or possibly."""
    here = [made for text in texts if (made := _parsed(text, region))]
    for entry in entries:
        if any(covers(affected, each) for affected in entry.affected for each in here):
            yield entry


def _parsed(text: str, region: str) -> Combination | None:
    try:
        return parse_combination(f"{text} in {region}")
    except NotationError:
        return None
