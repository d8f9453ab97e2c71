"""Heat maps as SVG: a field for each row and column, as dark as what stands for it is much.

Dressed by classes of the page's style sheet alone: ``level-1`` to ``level-5`` for fields, ``on-…``
for the text in them. :func:`alone` gives a picture that is no part of a page what it needs of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from textwrap import wrap

from defectreg.formats.svg import Svg
from defectreg.formats.visible import visible

LEVELS = 5
"""Of how many steps a field may be; from 1, the lightest."""
_LINE = 16
"""Height of a line of text."""
_FIELD = 28
"""Height of a field."""
_GAP = 10
"""Between two rows."""
_BETWEEN = 0.6
"""Left free beside a field, in hundredths of the width."""


@dataclass(frozen=True, slots=True)
class Square:
    """A field: how dark (1 to LEVELS), the few characters in it, and what it says in words."""

    level: int
    label: str
    words: str


def heatmap(
    rows: Sequence[str],
    columns: Sequence[str],
    squares: Mapping[tuple[str, str], Square],
    title: str,
    description: str,
    name: str = "heat-map",
) -> Svg | None:
    """A map as wide as its place, each row under its name; ``name`` begins its ids.

    ``squares`` by row and column; what is not in it stays empty. A row's name is broken before each
    ``+``, a column's at each blank. None where there is nothing to show.
    """
    if not squares:
        return None
    names = [_lines_of(row) for row in rows]
    head = _LINE * max(len(column.split()) for column in columns)
    heights = [_LINE * len(lines) + _FIELD + _GAP for lines in names]
    tops = accumulate(heights, initial=head)
    width = 100 / len(columns)
    body = [
        *(part for place, column in enumerate(columns) for part in _head(column, place, width)),
        *(
            part
            for row, lines, top in zip(rows, names, tops, strict=False)
            for part in _row([squares.get((row, column)) for column in columns], lines, top, width)
        ),
    ]
    return Svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="heat" '
        f'height="{head + sum(heights)}" '
        f'aria-labelledby="{_text(name)}-title" aria-describedby="{_text(name)}-description">'
        f'<title id="{_text(name)}-title">{_text(title)}</title>'
        f'<desc id="{_text(name)}-description">{_text(description)}</desc>{"".join(body)}</svg>'
    )


def alone(picture: Svg, heading: str, small: Sequence[str]) -> str:
    """A picture as a document of its own, under a heading and over small print, with colours for
    light and for dark.
    """
    height = int(picture.text.partition('height="')[2].partition('"')[0])
    heads, width = wrap(heading, _HEADING), _WIDTH - 2 * _MARGIN
    top = _MARGIN + _STEP * len(heads)
    inside = f'<svg x="{_MARGIN}" y="{top}" width="{width}" '
    lines = [line for each in small for line in wrap(each, _COLUMNS)]
    bottom = top + height + _LINE
    whole = bottom + _LINE * len(lines) + _MARGIN
    body = [
        *(_said("heading", _MARGIN + 6 + _STEP * at, head) for at, head in enumerate(heads)),
        picture.text.replace("<svg ", inside, 1),
        *(_said("small", bottom + _LINE * at, line) for at, line in enumerate(lines)),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {whole}" '
        f'width="{_WIDTH}" height="{whole}"><style>{STYLE}</style>'
        f'<rect class="paper" width="100%" height="100%"/>{"".join(body)}</svg>\n'
    )


def _said(kind: str, y: int, words: str) -> str:
    return f'<text class="{kind}" x="{_MARGIN}" y="{y}">{_text(words)}</text>'


_WIDTH, _MARGIN = 760, 20
_COLUMNS, _HEADING = 108, 76
"""Characters of a line of small print, and of the heading."""
_STEP = 22
"""Height of a line of the heading."""
STYLE = (
    "text{font:12px sans-serif;fill:#1a1a1a}.heading{font-size:17px;font-weight:bold}"
    ".small{font-size:11px}.paper{fill:#fff}.empty{fill:none;stroke:#c8c8c8}"
    ".level-1{fill:#f3efe6}.level-2{fill:#fbd9a5}.level-3{fill:#f2a65a}.level-4{fill:#b8471b}"
    ".level-5{fill:#6e1f0a}.on-4,.on-5{fill:#fff}"
    "@media(prefers-color-scheme:dark){.paper{fill:#14181c}text{fill:#eee}.empty{stroke:#4a5058}"
    ".level-1{fill:#2b3036}.on-1{fill:#eee}.on-2,.on-3{fill:#1a1a1a}}"
)
"""Colours of a picture that stands alone; those of pages are in their style sheet."""


def _lines_of(row: str) -> list[str]:
    first, *others = row.split(" + ")
    return [first, *(f"+ {other}" for other in others)]


def _head(column: str, place: int, width: float) -> Iterator[str]:
    for line, word in enumerate(column.split()):
        yield (
            f'<text x="{(place + 0.5) * width:.2f}%" y="{_LINE * (line + 1) - 4}" '
            f'text-anchor="middle">{_text(word)}</text>'
        )


def _row(
    squares: Sequence[Square | None], lines: Sequence[str], top: int, width: float
) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        yield f'<text x="0" y="{top + _LINE * number - 4}">{_text(line)}</text>'
    for place, square in enumerate(squares):
        yield _field(square, place * width, top + _LINE * len(lines), width)


def _field(square: Square | None, left: float, top: int, width: float) -> str:
    box = f'x="{left:.2f}%" y="{top}" width="{max(width - _BETWEEN, 0.1):.2f}%" height="{_FIELD}" '
    if square is None:
        return f'<rect class="empty" fill="none" {box}/>'
    level = min(max(square.level, 1), LEVELS)
    return (
        f"<g><title>{_text(square.words)}</title>"
        f'<rect class="level-{level}" fill="none" {box}/>'
        f'<text class="on-{level}" x="{left + width / 2:.2f}%" y="{top + 19}" '
        f'text-anchor="middle">{_text(square.label)}</text></g>'
    )


def _text(words: str) -> str:
    return escape(visible(words))
