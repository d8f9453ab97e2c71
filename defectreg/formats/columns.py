"""CSV: tables whose cells no spreadsheet takes for a formula or a number, read back unchanged.

What would begin a formula, or make a whole cell a number, gets an apostrophe in front; where
apostrophes stood there already it gets one more. Taking one away gives the text that was written.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

BYTE_ORDER_MARK = "\ufeff"
"""In front of a file, it makes spreadsheets read UTF-8; a pipe is better without it."""
BETWEEN_ITEMS = " | "
"""Stands between the items of a list in one cell; the register's notations have no bar."""
_SHORT = 16
"""Characters of the cells that stand in one row after the other: codes and days."""

# A formula begins a cell, or what becomes one where a semicolon, a bar or white space is taken for
# the separator; blanks and quotation marks before it are passed over. Full-width signs count.
_BEFORE = r"(\A[\s\";|]*|(?<![\s\";|])[\s\";|]+)"
_SIGN = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_FORMULA = f"(?={_SIGN})"
# 00020120, 8E10 and 2-9 would become 20120, 8E+10 and a day of September. ISO dates stay as they
# are, so that a spreadsheet can sort them.
_NUMBER = r"(?=\s*[.,]?\d[\d\s.,:/Ee+\-]*\Z)(?!\d{4}-\d{2}-\d{2}\Z)"

# What most texts are without is asked first: it takes a third of the time.
_MAYBE_FORMULA = re.compile(_SIGN + rf"(?<![^\s\";|']{_SIGN})")
_MAYBE_NUMBER = re.compile(r"'*\s*[.,]?\d")
_AT_FORMULA = re.compile(_BEFORE + "('*)" + _FORMULA)
_MARKED_FORMULA = re.compile(_BEFORE + "('*)'" + _FORMULA)
_AT_NUMBER = re.compile(r"\A('*)" + _NUMBER)
_MARKED_NUMBER = re.compile(r"\A('*)'" + _NUMBER)


def safe_cell(text: str) -> str:
    """The text as a cell that every spreadsheet shows and none calculates."""
    return _short_cell(text) if len(text) <= _SHORT else _safe(text)


@lru_cache(maxsize=8192)
def _short_cell(text: str) -> str:
    return _safe(text)


def _safe(text: str) -> str:
    if _MAYBE_NUMBER.match(text):
        text = _AT_NUMBER.sub(r"\1'", text)
    return _AT_FORMULA.sub(_mark, text) if _MAYBE_FORMULA.search(text) else text


def original_cell(cell: str) -> str:
    """The text of which ``safe_cell`` made this cell."""
    return _MARKED_NUMBER.sub(r"\1", _MARKED_FORMULA.sub(_unmark, cell))


def list_cell(items: Iterable[str]) -> str:
    """The items of a list as the text of one cell."""
    return BETWEEN_ITEMS.join(items)


def to_csv(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of texts as CSV (RFC 4180, every cell quoted), its first row the columns' names."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(safe_cell, names))
    writer.writerows(map(safe_cell, row) for row in rows)
    return text.getvalue()


def from_csv(text: str) -> Iterator[list[str]]:
    """The rows of what ``to_csv`` wrote, names first; a byte order mark is passed over."""
    stream = io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")
    for row in csv.reader(stream, strict=True):
        yield list(map(original_cell, row))


def _mark(match: re.Match[str]) -> str:
    return match[0] + "'" if _begins_cell(match) else match[0]


def _unmark(match: re.Match[str]) -> str:
    return match[1] + match[2] if _begins_cell(match) else match[0]


def _begins_cell(match: re.Match[str]) -> bool:
    """Whether what is before a formula begins the text or separates cells somewhere."""
    return match.start() == 0 or bool(match[1].strip(' "'))
