"""Rows of extracts, ASN files and lists: which come in, and why others do not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress

from defectreg.formats.columnmap import GROUPING
from defectreg.inventory.cells import IDENTIFIERS, Judged, Mended, Wrong, judge_of, words_of
from defectreg.register.inventory.identifiers import Form, form_for

_HUB = "CHF"


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a file: where each stands, and our columns with the texts that stand there.

    ``rejects``: places of what could not be read at all, each with the reason; text where they are
    not counted as the places of rows are.
    """

    places: Sequence[int]
    columns: Mapping[str, Sequence[str]]
    rejects: Sequence[tuple[int | str, str]] = ()
    has_numbers: bool = False
    """Whether some of the texts may be NumberCells."""


@dataclass(frozen=True, slots=True)
class Sifted:
    """The rows of a batch that come in, and the places of those that do not, each with the reason.

    ``groups``: rows with the same number are of one premises, None of none that is known.
    ``mended``: rows with an identifier that got back its zeros.
    """

    places: Sequence[int]
    columns: Mapping[str, Sequence[str]]
    groups: Sequence[int | None]
    rejects: Sequence[tuple[int | str, str]]
    mended: int


@dataclass(frozen=True, slots=True)
class Sieve:
    """Judges rows; ``pad_zeros`` mends identifiers of which a spreadsheet made numbers."""

    form: Form = Form.STRICT
    pad_zeros: bool = False
    _judged: dict[tuple[str, Form], Judged] = field(default_factory=dict)

    def sift(self, batch: Batch, required: Collection[str] = ()) -> Sifted:
        """What comes in of a batch; ``required`` columns, besides its ID and type, are given."""
        columns = self._columns(batch)
        odd = {name for (name, _), cells in self._judged.items() if cells.has_odd}
        odd = (odd & columns.keys()) | _require(columns, required)
        reasons: dict[int, str] = {}
        for name in (name for name in columns if name in odd):
            for row in _rows_of(columns[name], Wrong):
                reasons.setdefault(row, columns[name][row])
        rejects = [*batch.rejects, *((batch.places[row], reasons[row]) for row in sorted(reasons))]
        mended = {row for name in odd for row in _rows_of(columns[name], Mended)}
        grouping = batch.columns.get(GROUPING)
        groups = _groups(grouping, columns) if grouping else [None] * len(batch.places)
        if not reasons:
            return Sifted(batch.places, columns, groups, rejects, len(mended))
        kept = [row not in reasons for row in range(len(batch.places))]
        return Sifted(
            [*compress(batch.places, kept)],
            {name: [*compress(values, kept)] for name, values in columns.items()},
            [*compress(groups, kept)],
            rejects,
            len(mended - reasons.keys()),
        )

    def _columns(self, batch: Batch) -> dict[str, list[str]]:
        given = {name: column for name, column in batch.columns.items() if name != GROUPING}
        has_numbers = batch.has_numbers
        columns = {
            name: self._cells(name, self.form).of(column, has_numbers=has_numbers)
            for name, column in given.items()
        }
        types = columns.get("device_type", ())
        others = {each for each in set(types) if form_for(each, self.form) is not self.form}
        lenient = [row for row, each in enumerate(types) if each in others] if others else []
        for name in IDENTIFIERS if lenient else ():
            if name in given:
                cells = (given[name][row] for row in lenient)
                again = self._cells(name, Form.LENIENT).of(cells, has_numbers=has_numbers)
                for row, value in zip(lenient, again, strict=True):
                    columns[name][row] = value
        return columns

    def _cells(self, column: str, form: Form) -> Judged:
        if (column, form) not in self._judged:
            judge = judge_of(column, form, pad_zeros=self.pad_zeros)
            self._judged[column, form] = Judged(judge)
        return self._judged[column, form]


def _require(columns: dict[str, list[str]], required: Collection[str]) -> set[str]:
    """Puts Wrong where a required column has nothing; gives the columns in which it did."""
    lacking = {name for name in required if "" in columns[name]}
    for name in lacking:
        missing = Wrong(f"the {words_of(name)} is missing")
        columns[name] = [value or missing for value in columns[name]]
    return lacking


def _rows_of(values: Sequence[str], kind: type[str]) -> Iterator[int]:
    """The rows in which a column has a value of that type."""
    types = [*map(type, values)]
    if kind in types:
        yield from (row for row, each in enumerate(types) if each is kind)


def _groups(column: Sequence[str], columns: Mapping[str, Sequence[str]]) -> Sequence[int | None]:
    """Of each row a number that stands for its premises, and means nothing in another run.

    A Communications Hub whose column is empty is of the premises that is known by its own ID.
    """
    ids, types = columns.get("device_id", ()), columns.get("device_type", ())
    return [
        # Text has another hash in every run: what is kept aside on the disc leads back to nobody.
        hash(named) if (named := cell.strip().upper() or (each if kind == _HUB else "")) else None
        for cell, each, kind in zip(column, ids, types, strict=True)
    ]
