"""The coarsest level that explains: of many combinations that stand out, those that say it all.

A Communications Hub's firmware that is correlated with an alert makes each of its ESMEs, and each
combination with it, stand out as well. They are findings of their own only where they still stand
out among the premises with that Hub, or among those without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from defectreg.alerts.statistics import Comparison, Stratum, Sums, compare

Cell: TypeAlias = tuple[str, str]
"""A level, and what is there: ``("hub", "CHF:FF02/00000001@00020002")``."""
RANKS = {"combination": 0, "esme-hub": 1, "esme": 2, "gsme": 2, "hub": 2}
"""The levels, the finer below the coarser."""
RATIO = 1.5
"""A finding's ratio is above this, with all of its interval."""


@dataclass(frozen=True, slots=True)
class Part:
    """A full combination in a region: the cells it lies in, and what it sent of one code."""

    cells: frozenset[Cell]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Explained:
    """A cell that says it all; beside the other findings of its region and code it is so high.

    ``others`` are the cells that stood out only with it, ``alike`` those of the same premises.
    """

    cell: Cell
    beside: Comparison
    others: int
    alike: tuple[Cell, ...]


class Ground:
    """The full combinations of a region for one alert code, asked again and again."""

    def __init__(self, parts: Sequence[Part], candidates: Iterable[Cell]) -> None:
        """``candidates`` are the cells that may become findings."""
        self.parts = parts
        self.total = added(part.sums for part in parts)
        self.members: dict[Cell, list[Part]] = {cell: [] for cell in candidates}
        for part in parts:
            for cell in part.cells:
                if cell in self.members:
                    self.members[cell].append(part)

    def against_rest(self, cell: Cell, given: Sequence[Cell], without: Cell | None = None
                     ) -> Comparison:  # fmt: skip
        """A cell against like premises: the same of the cells given, and not in this one.

        Premises of ``without`` are left out.
        """
        return compare(self._strata(cell, self._totals(given, without), given, without))

    def within(self, cell: Cell, coarser: Cell, given: Sequence[Cell]) -> Comparison:
        """A cell against the other premises of a coarser one that has it."""
        totals = _by_pattern(self.members[coarser], given)
        return compare(self._strata(cell, totals, given, None))

    def against_all(self, given: Sequence[Cell], cells: Iterable[Cell]) -> dict[Cell, Comparison]:
        """:meth:`against_rest` of many cells."""
        totals = self._totals(given, None)
        return {cell: compare(self._strata(cell, totals, given, None)) for cell in cells}

    def coarser(self, cell: Cell) -> list[Cell]:
        """The candidates of a coarser level that have every premises of a cell."""
        return [other for other in self._around(cell) if RANKS[other[0]] > RANKS[cell[0]]]

    def alike(self, cell: Cell) -> list[Cell]:
        """The other candidates of the same premises: none can tell which of them it is."""
        size = len(self.members[cell])
        return [other for other in self._around(cell) if len(self.members[other]) == size]

    def _around(self, cell: Cell) -> list[Cell]:
        shared = frozenset.intersection(*(part.cells for part in self.members[cell]))
        return sorted(other for other in shared if other != cell and other in self.members)

    def _totals(self, given: Sequence[Cell], without: Cell | None) -> dict[Pattern, Sums]:
        """Sums of all premises by which of the cells given they are in."""
        seen = {id(part): part for cell in given for part in self.members[cell]}
        totals = _by_pattern(seen.values(), given)
        totals[frozenset()] = self.total - added(totals.values())
        if without is not None:
            for pattern, sums in _by_pattern(self.members[without], given).items():
                totals[pattern] -= sums
        return totals

    def _strata(
        self,
        cell: Cell,
        totals: Mapping[Pattern, Sums],
        given: Sequence[Cell],
        without: Cell | None,
    ) -> Iterator[Stratum]:
        members = self.members[cell]
        if without is not None:
            members = [part for part in members if without not in part.cells]
        for pattern, inside in _by_pattern(members, given).items():
            yield inside, totals[pattern] - inside


Pattern: TypeAlias = frozenset[Cell]


def _by_pattern(parts: Iterable[Part], given: Sequence[Cell]) -> dict[Pattern, Sums]:
    grouped: dict[Pattern, list[Sums]] = defaultdict(list)
    known = frozenset(given)
    for part in parts:
        grouped[part.cells & known].append(part.sums)
    return {pattern: added(sums) for pattern, sums in grouped.items()}


def added(each: Iterable[Sums]) -> Sums:
    """The sum of many, without a value for each step."""
    alerts = days = squares = products = days_squared = 0
    for sums in each:
        alerts += sums.alerts
        days += sums.days
        squares += sums.squares
        products += sums.products
        days_squared += sums.days_squared
    return Sums(alerts, days, squares, products, days_squared)


def stands_out(comparison: Comparison, most: float) -> bool:
    """Whether a ratio is surely above RATIO, at a probability of at most ``most``."""
    return comparison.p <= most and comparison.low > RATIO


def explain(ground: Ground, most: float) -> list[Explained]:
    """The candidates that say it all, at a probability of at most ``most`` each.

    One after the other: the sharpest that still stands out beside those found, or the coarser one
    that explains it as well; at the end those are left out that the others explain together.
    """
    found: list[Cell] = []
    left = set(ground.members)
    while True:
        beside = ground.against_all(found, sorted(left))
        out = {cell: found_so for cell, found_so in beside.items() if stands_out(found_so, most)}
        if not out:
            break
        sharpest = max(sorted(out), key=lambda cell: out[cell].low)
        chosen = _widened(ground, sharpest, found, out)
        found.append(chosen)
        left.discard(chosen)
    return _described(ground, _needed(ground, found, most))


def _widened(
    ground: Ground, cell: Cell, found: Sequence[Cell], out: Mapping[Cell, Comparison]
) -> Cell:
    """The cell, or the coarsest that stands out as well and of which it is only a part.

    What a coarser one has beside the cell is more unlike the rest of the region than unlike the
    cell: then the coarser one explains.
    """
    while True:
        best, margin = None, 0.0
        for coarser in ground.coarser(cell):
            if coarser not in out:
                continue
            outside = ground.against_rest(coarser, found, without=cell).score
            gain = outside - ground.within(cell, coarser, found).score
            if gain > margin or (best is None and gain == margin):
                best, margin = coarser, gain
        if best is None:
            return cell
        cell = best


def _needed(ground: Ground, found: Sequence[Cell], most: float) -> list[Cell]:
    """Those that still stand out beside all others; the weakest that does not goes first."""
    needed = list(found)
    while True:
        beside = {cell: _beside(ground, cell, needed) for cell in needed}
        weak = [cell for cell in needed if not stands_out(beside[cell], most)]
        if not weak:
            return needed
        needed.remove(min(weak, key=lambda cell: beside[cell].low))


def _beside(ground: Ground, cell: Cell, found: Iterable[Cell]) -> Comparison:
    return ground.against_rest(cell, [other for other in found if other != cell])


def _described(ground: Ground, found: Sequence[Cell]) -> list[Explained]:
    inside: dict[Cell, int] = dict.fromkeys(found, 0)
    for other in ground.members:
        overlaps = {cell: _overlap(ground, other, cell) for cell in found}
        if other not in inside and any(overlaps.values()):
            inside[max(found, key=overlaps.__getitem__)] += 1
    return [
        Explained(cell, _beside(ground, cell, found), inside[cell], tuple(ground.alike(cell)))
        for cell in found
    ]


def _overlap(ground: Ground, cell: Cell, found: Cell) -> int:
    return sum(part.sums.alerts for part in ground.members[cell] if found in part.cells)
