"""A report on alerts as sentences, as a table, and as values of JSON."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from typing import Any

from defectreg.alerts.correlating import STEADY, Result
from defectreg.alerts.reporting import CAUSES, NO_ENTRY, Entry, Grid, Report, Row, Square
from defectreg.alerts.telling import counted, result_json, without_figures
from defectreg.formats.columns import list_cell, safe_cell
from defectreg.register.shown_words import DISCLAIMER

SCHEMA_VERSION = 1
NOTHING = "No alert code is correlated with any combination in these days."
_COLUMNS = (
    *("disclaimer", "alert_code", "region", "level", "combination", "finding", "ratio", "low"),
    *("high", "adjusted_p", "premises", "alerting_premises", "alerts", "rate", "per_day"),
    *("share", "share_of_code", "first_seen", "last_seen", "trend", "also_alike", "cause"),
    "records",
)


def report_lines(report: Report) -> Iterator[str]:
    """For each alert code what it is correlated with, then its grid."""
    for grid in report.grids:
        yield f"{heading(grid)}, {report.since} to {report.until}"
        for row, square in grid.squares():
            if square.finding:
                yield from _finding_lines(grid, row, square)
        yield ""
        yield from _grid_lines(grid)
        yield ""
    yield (
        f"{counted(report.found)}, {report.since} to {report.until}."
        if report.found.findings
        else f"{NOTHING} ({report.since} to {report.until})"
    )


def heading(grid: Grid) -> str:
    """The alert code, and what the catalogue calls it."""
    return f"Alert {grid.code} ({grid.words})" if grid.words else f"Alert {grid.code}"


def sentence(grid: Grid, row: Row, square: Square) -> str:
    """What a square says."""
    told = (
        f"{row.combination} in {square.region} is correlated with {grid.code}"
        if square.finding
        else f"{row.combination} in {square.region} is not surely correlated with {grid.code}"
    )
    return f"{told}: {ratio_words(square)}"


def ratio_words(square: Square) -> str:
    """How many times the rate of the rest of the region, with the interval."""
    comparison = square.compared
    if comparison is None:
        return "no figures are shown"
    return (
        f"{number(comparison.ratio)} times the rest of the region "
        f"({number(comparison.low)} to {number(comparison.high)})"
    )


def cause_words(square: Square) -> str:
    """The mark of the cause and the entries that say it."""
    if not square.entries:
        return NO_ENTRY
    names = ", ".join(entry.id for entry in square.entries)
    return f"{CAUSES[square.cause]} ({names})"


def seen_words(square: Square) -> str:
    """From when to when, and whether it rises; '' where no figures are shown."""
    if square.result is None:
        return ""
    said = square.result.said
    trend = trend_word(square.result)
    return f"seen {said.first} to {said.last}" + (f", {trend}" if trend else "")


def alike_words(square: Square) -> str:
    """Combinations of the same premises; '' without any."""
    return f"the same premises have: {'; '.join(square.alike)}" if square.alike else ""


def trend_word(result: Result) -> str:
    """``rising``, ``falling`` or ``steady``; '' where it cannot be said."""
    trend = result.trend
    if trend is None:
        return ""
    return "rising" if trend > STEADY else "falling" if trend < 1 / STEADY else "steady"


def number(value: float) -> str:
    """Three figures that count."""
    if not math.isfinite(value):
        return "infinitely many"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def _finding_lines(grid: Grid, row: Row, square: Square) -> Iterator[str]:
    yield f"  {sentence(grid, row, square)}"
    seen = seen_words(square)
    yield f"      {seen + '; ' if seen else ''}{cause_words(square)}"
    if square.alike:
        yield f"      {alike_words(square)}"


def _grid_lines(grid: Grid) -> Iterator[str]:
    """The grid: ratios by region, ``*`` for findings."""
    widths = [max(len(region), 9) for region in grid.regions]
    heads = zip(grid.regions, widths, strict=True)
    yield "  " + "  ".join(region.rjust(width) for region, width in heads) + "  combination"
    for row in grid.rows:
        cells = (label(row.squares.get(region)) for region in grid.regions)
        texts = (text.rjust(width) for text, width in zip(cells, widths, strict=True))
        yield "  " + "  ".join(texts) + f"  {row.combination}"
    yield "  (times the rate of the rest of the region; * correlated with; - not shown)"


def label(square: Square | None) -> str:
    """The few characters of a square: its ratio, and a star where it is a finding."""
    compared = square.compared if square else None
    if square is None or compared is None:
        return "-"
    ratio = "inf" if math.isinf(compared.ratio) else f"{compared.ratio:.3g}"
    return f"{ratio}*" if square.finding else ratio


def report_csv(report: Report) -> str:
    """Every square of every grid as a table; its numbers are numbers in a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for grid in report.grids:
        for row, square in grid.squares():
            said = square_json(grid, row, square, report)
            lists = {name: list_cell(said[name]) for name in ("records", "also_alike")}
            values = {**said, **lists, "disclaimer": DISCLAIMER}
            writer.writerow(_cell(values[name]) for name in _COLUMNS)
    return text.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    return "" if value is None else safe_cell(str(value))


def report_json(report: Report) -> dict[str, Any]:
    """A report as one object of JSON.

    ``schema_version``: 1; ``meta``: ``disclaimer``, ``since``, ``until``, ``days``, ``tests`` and
    ``suppressed``; ``alerts``: for each alert code with findings ``alert_code``, ``words``,
    ``regions``, and ``squares`` as :func:`square_json`; ``records``: each entry of the register
    that is about one of them, with ``id``, ``title``, ``cause``, ``marks``, ``affected``,
    ``alerts``.
    """
    found = report.found
    codes = {grid.code for grid in report.grids}
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {
            "disclaimer": DISCLAIMER,
            "since": report.since,
            "until": report.until,
            "days": found.days,
            "tests": found.tests,
            "suppressed": found.small,
        },
        "alerts": [
            {
                "alert_code": grid.code,
                "words": grid.words,
                "regions": list(grid.regions),
                "squares": [square_json(grid, row, each, report) for row, each in grid.squares()],
            }
            for grid in report.grids
        ],
        "records": [_entry_json(each) for each in report.entries if codes & each.alerts],
    }


def square_json(grid: Grid, row: Row, square: Square, report: Report) -> dict[str, Any]:
    """A combination in a region, with the keys of ``correlate``'s cells.

    In addition ``finding``, ``also_alike`` (combinations of the same premises), ``cause``
    (``cause-identified``, ``cause-suspected``, ``cause-unknown``, null without an entry) and
    ``records``, the ids of the entries. Of a square whose figures are not shown all others but its
    ratio with its interval, to three figures, are null.
    """
    result = square.result or (square.finding.result if square.finding else None)
    told = result_json(result, report.found.days) if result else {}
    if square.result is None:
        told = without_figures(told)
    return {
        **told,
        "adjusted_p": square.finding.adjusted if square.finding else told.get("adjusted_p"),
        "finding": square.finding is not None,
        "also_alike": list(square.alike),
        "cause": square.cause or None,
        "records": [entry.id for entry in square.entries],
    }


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "cause": entry.cause,
        "marks": list(entry.marks),
        "affected": [str(combination) for combination in entry.affected],
        "alerts": sorted(entry.alerts),
    }
