"""The answer of ``diff`` as a picture: a bar for each outcome, by status. Same answer, same bytes.

It stands alone, so it brings its own colours; what they show is also written, in the picture and
in its text alternative. Products are not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import wrap

from defectreg.formats.visible import visible
from defectreg.inventory.difference_files import in_order
from defectreg.inventory.differing import METHOD, OUTCOMES, Summary
from defectreg.register.shown_words import DISCLAIMER

_WIDTH, _MARGIN, _ROW, _BAR, _LINE = 760, 20, 44, 14, 16
_FULL = _WIDTH - 2 * _MARGIN
_COLUMNS = 108
"""Characters of a line of small text."""
_FILLS = ("#1d4f91", "#5b8ff9", "#a7c4f2", "#8a5a00", "#c98a1b", "#e8c682", "#6b6b6b", "#b5b5b5")
"""Of the statuses, in their order; from the ninth on the last."""


def chart(summary: Summary, as_of: str) -> str:
    """The picture as an SVG document; ``as_of`` is the day of the extract."""
    title = f"ESME Variants against product and firmware, {as_of}"
    rows = [outcome for outcome in OUTCOMES if summary.of(outcome)]
    statuses = [name[0] for name in in_order("status", summary.by("status"))]
    small = [*wrap(METHOD, _COLUMNS), *wrap(DISCLAIMER, _COLUMNS)]
    top = 60 + _LINE * len(statuses)
    bottom = top + _ROW * len(rows) + 10
    height = bottom + _LINE * len(small) + _MARGIN
    body = [
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(_MARGIN, 30, title, size=17, weight="bold"),
        *(_key(status, place) for place, status in enumerate(statuses)),
        *(
            part
            for place, outcome in enumerate(rows)
            for part in _bar(summary, outcome, statuses, top + _ROW * place)
        ),
        *(_text(_MARGIN, bottom + _LINE * at, line, size=11) for at, line in enumerate(small, 1)),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" aria-labelledby="title" aria-describedby="told" '
        'font-family="sans-serif" fill="#1a1a1a">\n'
        f'<title id="title">{_escaped(title)}</title>\n'
        f'<desc id="told">{_escaped(" ".join(_told(summary)))}</desc>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


def _told(summary: Summary) -> Iterator[str]:
    """All that the picture shows, in words."""
    yield f"Of {summary.devices:,} ESMEs:"
    for outcome, words in OUTCOMES.items():
        counts = _of(summary, outcome)
        if counts:
            by = "; ".join(f"{status} {number:,}" for status, number in counts.items())
            yield f"{words}, {summary.of(outcome):,} ({by})."
    yield METHOD
    yield DISCLAIMER


def _of(summary: Summary, outcome: str) -> dict[str, int]:
    """Status to how many of it have the outcome, in the order of the statuses."""
    found = summary.by("status")
    names = in_order("status", found)
    return {name[0]: found[name][outcome].devices for name in names if outcome in found[name]}


def _bar(summary: Summary, outcome: str, statuses: list[str], y: int) -> Iterator[str]:
    number, most = summary.of(outcome), max(map(summary.of, OUTCOMES))
    share = f"{100 * number / summary.devices:.2f} %"
    yield _text(_MARGIN, y, f"{OUTCOMES[outcome]}: {number:,} ({share})", size=13)
    x = float(_MARGIN)
    for status, devices in _of(summary, outcome).items():
        width = _FULL * devices / most
        fill = _fill(statuses.index(status))
        yield (
            f'<rect x="{x:.2f}" y="{y + 6}" width="{width:.2f}" height="{_BAR}" fill="{fill}">'
            f"<title>{_escaped(f'{status}: {devices:,}')}</title></rect>"
        )
        x += width


def _key(status: str, place: int) -> str:
    y = 50 + _LINE * place
    square = f'<rect x="{_MARGIN}" y="{y - 10}" width="11" height="11" fill="{_fill(place)}"/>'
    return square + _text(_MARGIN + 18, y, status or "no Device Status", size=12)


def _fill(place: int) -> str:
    return _FILLS[min(place, len(_FILLS) - 1)]


def _text(x: int, y: int, words: str, *, size: int, weight: str = "normal") -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}">{_escaped(words)}</text>'
    )


def _escaped(words: str) -> str:
    return escape(visible(words))
