"""A report on alerts as pictures: the grid of an alert code, when it was seen, and both on a page.

Each picture has a table that says the same. Same report, same bytes.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from html import escape

from defectreg.alerts.reported import (
    NOTHING,
    alike_words,
    cause_words,
    heading,
    label,
    ratio_words,
    seen_words,
    sentence,
)
from defectreg.alerts.reporting import Entry, Grid, Report
from defectreg.formats.heatmap import STYLE, Square, alone, heatmap
from defectreg.formats.svg import Lane, Mark, Span, Svg, timeline
from defectreg.formats.visible import visible
from defectreg.register.shown_words import DISCLAIMER

METHOD = (
    "Times the rate of the rest of the region; a star marks what the code is correlated with. "
    "Correlated with says nothing of a cause, and what is not found is not absent."
)
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:auto;padding:1rem;color:#1a1a1a;"
    "background:#fff}table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}"
    "th,td{border:1px solid #c8c8c8;padding:.3rem .5rem;text-align:left;vertical-align:top}"
    "td{min-width:7rem}"
    "svg{display:block;width:100%;overflow:visible;margin:1rem 0}"
    ".lane,.tick{stroke:#c8c8c8}.span{stroke:#7b8487;stroke-width:6}.point{fill:#0f5257}"
    f"{STYLE}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#14181c}.point{fill:#8bd1cf}}"
)


def picture_of(grid: Grid) -> Svg | None:
    """The grid as a heat map."""
    squares = {
        (row.combination, square.region): Square(
            square.level, label(square), f"{sentence(grid, row, square)}; {cause_words(square)}"
        )
        for row, square in grid.squares()
    }
    return heatmap(
        [row.combination for row in grid.rows],
        grid.regions,
        squares,
        f"What alert {grid.code} is correlated with, by region",
        METHOD,
        f"map-{grid.code}",
    )


def svg_of(grid: Grid, report: Report) -> str:
    """The grid as an SVG document."""
    picture = picture_of(grid) or Svg("")
    title = f"{heading(grid)}, {report.since} to {report.until}"
    return alone(picture, title, [METHOD, DISCLAIMER])


def times_of(grid: Grid) -> Svg | None:
    """When each finding was seen, and when something of it landed in the register."""
    lanes = (
        Lane(
            f"{row.combination} in {square.region}",
            tuple(_marks(square.entries)),
            (
                Span(
                    datetime.date.fromisoformat(square.result.said.first),
                    datetime.date.fromisoformat(square.result.said.last),
                    f"{sentence(grid, row, square)}; {seen_words(square)}",
                ),
            ),
        )
        for row, square in grid.squares()
        if square.finding and square.result
    )
    return timeline(
        lanes,
        f"When alert {grid.code} was seen where it is correlated with a combination",
        "A line from the first day to the last, and a mark for what landed in the register.",
        datetime.date.isoformat,
        f"times-{grid.code}",
    )


def _marks(entries: Iterable[Entry]) -> Iterator[Mark]:
    for entry in entries:
        for day, kind in entry.told:
            yield Mark(day, f"{entry.id}: {kind}, {day.isoformat()}")


def page_of(report: Report) -> str:
    """The report as a page that needs nothing else."""
    title = f"Superfluous Alerts, {report.since} to {report.until}"
    body = "".join(part for grid in report.grids for part in _parts(grid))
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<main>\n<h1>{_text(title)}</h1>\n<p>{_text(DISCLAIMER)}</p>\n<p>{_text(METHOD)}</p>\n"
        f"{body or f'<p>{_text(NOTHING)}</p>'}</main>\n</body>\n</html>\n"
    )


def _parts(grid: Grid) -> Iterator[str]:
    yield f"<section>\n<h2>{_text(heading(grid))}</h2>\n"
    for picture in (picture_of(grid), times_of(grid)):
        yield f"{picture.text}\n" if picture else ""
    names = ("Combination", "Region", "Correlated with", "Beside the rest", "Seen", "Cause")
    heads = "".join(f'<th scope="col">{_text(name)}</th>' for name in names)
    yield f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n"
    for row, square in grid.squares():
        cells = (
            square.region,
            "; ".join(filter(None, (grid.code, alike_words(square))))
            if square.finding
            else "not surely",
            ratio_words(square),
            seen_words(square) or "not shown",
            cause_words(square),
        )
        rest = "".join(f"<td>{_text(cell)}</td>" for cell in cells)
        yield f'<tr><th scope="row">{_text(row.combination)}</th>{rest}</tr>\n'
    yield "</tbody>\n</table>\n</section>\n"


def _text(words: str) -> str:
    return escape(visible(words))
