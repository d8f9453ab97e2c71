"""``alerts correlate``: which combinations of a region are correlated with an alert code.

``correlate.sql`` adds up, :mod:`~defectreg.alerts.statistics` compares, and
:mod:`~defectreg.alerts.explaining` leaves the coarsest level that explains.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from defectreg.alerts.explaining import Cell, Explained, Ground, Part, explain, stands_out
from defectreg.alerts.statistics import (
    Comparison,
    Sums,
    benjamini_hochberg,
    compare,
)
from defectreg.alerts.suppressing import REGION, coarser_cells, suppressed

LEVELS = ("esme", "gsme", "hub", "esme-hub", "combination")
NOMINAL = 0.01
"""Of the findings of a run, at most this share is expected to be wrong."""
MEMORY = "6GB"
"""What DuckDB may take: enough for a hundred million rows of a million premises."""
TESTED_PREMISES = 20
"""Fewer premises cannot become a finding: a score is at most the root of how many alerted."""
TREND_DAYS = 14
"""Days of a window, at least, for a trend to be said."""
STEADY = 1.25
"""The second half of the window is steady within this factor of the first."""

_COLUMNS = {"esme": 3, "gsme": 4, "hub": 5, "esme-hub": 6, "combination": 7}
"""Where the value of a level stands in a row of ``correlate.sql``."""
Row: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Exposure:
    """Premises of a cell, their days, and those in the second half of the window."""

    premises: int
    days: int
    days_squared: int
    late: int


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell sent of a code: alerting premises, alerts, and those counted for comparing.

    ``first`` and ``last`` are ISO dates.
    """

    premises: int
    alerts: int
    counted: int
    squares: int
    products: int
    late: int
    first: str
    last: str


NOTHING = Said(0, 0, 0, 0, 0, 0, "", "")


@dataclass(slots=True)
class Area:
    """A region's cells: their exposure, what they sent of each code, and its full combinations.

    ``totals`` are the premises that alerted and the alerts of each code, also of those that were
    not asked about.
    """

    exposure: dict[Cell, Exposure] = field(default_factory=dict)
    said: dict[str, dict[Cell, Said]] = field(default_factory=lambda: defaultdict(dict))
    parts: dict[Cell, frozenset[Cell]] = field(default_factory=dict)
    """Of each full combination the cells it lies in, its own among them."""
    totals: dict[str, tuple[int, int]] = field(default_factory=dict)

    def sums(self, cell: Cell, code: str) -> Sums:
        """What a cell sent of a code, for comparing."""
        exposure, said = self.exposure[cell], self.said[code].get(cell, NOTHING)
        return Sums(said.counted, exposure.days, said.squares, said.products, exposure.days_squared)

    def alerts(self, smallest: int) -> int:
        """All alerts of the region, but of codes that fewer premises sent than may be told of."""
        return sum(alerts for premises, alerts in self.totals.values() if premises >= smallest)


@dataclass(frozen=True, slots=True)
class Result:
    """A cell and an alert code of a region, compared with the rest of the region.

    ``adjusted`` is None where too few premises are there for a test. ``trend`` is the rate of the
    second half of the window over that of the first, None where it cannot be said.
    """

    region: str
    code: str
    cell: Cell
    exposure: Exposure
    said: Said
    code_alerts: int
    """Of the region, of the same code."""
    region_alerts: int
    """Of the region, of all codes that may be told of."""
    comparison: Comparison
    adjusted: float | None
    trend: float | None

    @property
    def key(self) -> tuple[str, str, Cell]:
        return self.region, self.code, self.cell


@dataclass(frozen=True, slots=True)
class Finding:
    """A cell that says it all, with its figures against the rest of the region.

    ``adjusted`` counts all tests of the run, and only the findings as found. Where it is not
    ``is_shown``, its numbers of premises and alerts would tell those of a small cell.
    """

    result: Result
    explained: Explained
    adjusted: float
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Correlation:
    """What a run found: the cells that may be shown, the findings, and how many tests were made.

    ``small`` counts the cells that alerted and are not shown.
    """

    days: int
    results: tuple[Result, ...]
    findings: tuple[Finding, ...]
    tests: int
    small: int


def read_areas(rows: Iterable[Row], codes: Iterable[str] = ()) -> dict[str, Area]:
    """The answer of ``correlate.sql`` by region; of these codes only, or of all."""
    wanted = {"", *codes}
    areas: dict[str, Area] = defaultdict(Area)
    for row in rows:
        area, code = areas[str(row[0])], str(row[1])
        if code and row[2] == "region":
            area.totals[code] = _integer(row[8]), _integer(row[9])
        if len(wanted) == 1 or code in wanted:
            _take(area, code, row)
    return {region: areas[region] for region in sorted(areas)}


def _take(area: Area, code: str, row: Row) -> None:
    level = str(row[2])
    cell = (level, str(row[_COLUMNS[level]])) if level in _COLUMNS else REGION
    numbers = [_integer(value) for value in row[8:16]]
    premises, alerts, counted, squares, products, days, days_squared, late = numbers
    if not code:
        area.exposure[cell] = Exposure(premises, days, days_squared, late)
        if level == "combination":
            area.parts[cell] = frozenset(_cells(row))
    else:
        area.said[code][cell] = Said(
            premises, alerts, counted, squares, products, late, str(row[16]), str(row[17])
        )


def _integer(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("correlate.sql gives integers")
    return value


def _cells(row: Row) -> Iterator[Cell]:
    return ((level, str(row[column])) for level, column in _COLUMNS.items())


def correlate(areas: Mapping[str, Area], days: int, smallest: int) -> Correlation:
    """Compare each cell and code, adjust for all tests, and leave what explains.

    ``days`` is how many days of the window were loaded; cells of fewer premises than ``smallest``,
    or of fewer that alerted, are not shown, and no more can be told by subtraction.
    """
    tests = count_tests(areas)
    gone = {region: _hidden(area, smallest) for region, area in areas.items()}
    results = compare_cells(areas, days, smallest)
    shown = tuple(each for each in results if each.cell not in gone[each.region][each.code])
    told = {each.key for each in shown}
    findings = (
        Finding(result, explained, adjusted, result.key in told)
        for result, explained, adjusted in _found(areas, results, tests)
    )
    small = sum(len(cells) for of_codes in gone.values() for cells in of_codes.values())
    return Correlation(days, shown, tuple(findings), tests, small)


def count_tests(areas: Mapping[str, Area]) -> int:
    """Each cell with enough premises, for each code of its region, whatever it sent."""
    return sum(
        len(area.said) * sum(_is_tested(area, cell) for cell in area.exposure)
        for area in areas.values()
    )


def compare_cells(areas: Mapping[str, Area], days: int, smallest: int) -> list[Result]:
    """Each cell and code of which enough premises alerted, against the rest of its region."""
    made = (
        result
        for region, area in areas.items()
        for result in _results(region, area, days, smallest)
    )
    return _adjusted(list(made), count_tests(areas))


def _is_tested(area: Area, cell: Cell) -> bool:
    """Whether a cell, and what is not in it, has enough premises; what they sent is not asked."""
    return (
        cell[1] != ""
        and area.exposure[cell].premises >= TESTED_PREMISES
        and area.exposure[REGION].days > area.exposure[cell].days
    )


def _results(region: str, area: Area, days: int, smallest: int) -> Iterator[Result]:
    """Each cell in which enough alerted, before the adjustment: ``adjusted`` is its probability."""
    everything = area.alerts(smallest)
    for code in sorted(area.said):
        total, alerts = area.sums(REGION, code), area.said[code][REGION].alerts
        for cell in sorted(area.said[code]):
            exposure, said = area.exposure[cell], area.said[code][cell]
            if cell[1] == "" or said.premises < smallest:
                continue
            sums = area.sums(cell, code)
            comparison = compare([(sums, total - sums)])
            p = comparison.p if _is_tested(area, cell) else None
            trend = _trend(exposure, said, days)
            yield Result(
                region, code, cell, exposure, said, alerts, everything, comparison, p, trend
            )


def _trend(exposure: Exposure, said: Said, days: int) -> float | None:
    early_days, early = exposure.days - exposure.late, said.alerts - said.late
    if days < TREND_DAYS or not early_days or not exposure.late or not early:
        return None
    return (said.late / exposure.late) / (early / early_days)


def _adjusted(results: Sequence[Result], tests: int) -> list[Result]:
    tested = [result for result in results if result.adjusted is not None]
    adjusted = benjamini_hochberg([result.comparison.p for result in tested], tests)
    by_key = {result.key: value for result, value in zip(tested, adjusted, strict=True)}
    return [replace(result, adjusted=by_key.get(result.key)) for result in results]


def _found(
    areas: Mapping[str, Area], results: Sequence[Result], tests: int
) -> list[tuple[Result, Explained, float]]:
    """The findings: as many, and as sure, that of them at most NOMINAL is expected to be wrong.

    A thousand cells that one Hub explains are one finding; so the limit counts findings, not cells:
    it is lowered until all that is left at it keeps to it (Katsevich, Sabatti, Bogomolov 2023,
    "Filtering the rejection set while preserving false discovery rate control").
    """
    able = [each for each in results if each.adjusted is not None and each.adjusted <= NOMINAL]
    most = NOMINAL * len(able) / tests if tests else 0.0
    while True:
        found = list(_explained(areas, able, most))
        limit = NOMINAL * len(found) / tests if tests else 0.0
        if limit >= most or not found:
            break
        most = limit
    values = [max(result.comparison.p, explained.beside.p) for result, explained in found]
    adjusted = benjamini_hochberg(values, tests)
    ordered = [(*pair, value) for pair, value in zip(found, adjusted, strict=True)]
    return sorted(ordered, key=lambda each: (-each[0].said.alerts, each[0].key))


def _explained(
    areas: Mapping[str, Area], results: Sequence[Result], most: float
) -> Iterator[tuple[Result, Explained]]:
    candidates: dict[tuple[str, str], dict[Cell, Result]] = defaultdict(dict)
    for result in results:
        if stands_out(result.comparison, most):
            candidates[result.region, result.code][result.cell] = result
    for (region, code), cells in candidates.items():
        area = areas[region]
        parts = [Part(inside, area.sums(cell, code)) for cell, inside in area.parts.items()]
        for explained in explain(Ground(parts, cells), most):
            yield cells[explained.cell], explained


def _hidden(area: Area, smallest: int) -> dict[str, frozenset[Cell]]:
    """For each code the cells that are not shown."""
    around = coarser_cells(area.parts.values())
    return {
        code: suppressed(
            {cell: each.premises for cell, each in said.items() if cell != REGION}, around, smallest
        )
        for code, said in area.said.items()
    }
