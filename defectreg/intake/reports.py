"""What a file of reports says, row by row, and what becomes of rows that tell the same."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NEW, EXISTING, LIKELY_DUPLICATE, SKIPPED = "new", "existing", "likely-duplicate", "skipped"
OUTCOMES = (NEW, EXISTING, LIKELY_DUPLICATE, SKIPPED)
"""A report on a new record, one on a record that stands, one for a person to decide, none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file that is imported: its line, from 1, and its column's name.

    The line is the number of the row where the file is a sheet. Column is empty of a whole row.
    """

    line: int
    column: str = ""

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}" if self.column else f"line {self.line}"


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a text tells: ``text[start:end]`` says ``value``, which is one of ``field``.

    ``field`` is a key of a record (``affected``, ``alerts``, ``service-requests``) or of a report
    (``region``, ``since``), or what a combination is made of: ``manufacturer``, ``model``,
    ``firmware``, ``variant``.
    """

    field: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reported:
    """One row: what somebody told, with what its columns say and what was found in its text."""

    line: int
    reference: str
    """The incident's; it never enters git, a message or a log."""
    text: str
    day: datetime.date | None = None
    party: str = ""
    """As the file names who told it: a Party's slug, name or category; empty where it does not."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Of the record, by dotted key: ``title``, ``affected``, ``alerts``, ``impact.consumers``.

    What belongs to its report is beneath ``report.``: ``report.region``, ``report.since``.
    """
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that tell the same, and what becomes of them.

    ``record_id`` is the record on which they are reported, or of which they may be a duplicate;
    empty of a new one. ``why`` says it in a line that repeats nothing of the texts.
    """

    rows: tuple[Reported, ...]
    outcome: str
    record_id: str = ""
    why: str = ""
    likeness: float = 0.0
