"""Small cells: which are not shown, so that no subtraction tells them either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from defectreg.alerts.explaining import Cell
from defectreg.alerts.statistics import hidden

REGION: Cell = ("region", "")
"""All premises of a region."""


def coarser_cells(parts: Iterable[frozenset[Cell]]) -> dict[Cell, frozenset[Cell]]:
    """Of each cell of full combinations those that have all its premises, the region among them."""
    around: dict[Cell, set[Cell]] = defaultdict(lambda: {REGION})
    for cells in parts:
        by_level = dict(cells)
        whole = ("combination", by_level["combination"])
        around[whole] |= cells - {whole}
        if by_level["esme-hub"]:
            of_both = {("esme", by_level["esme"]), ("hub", by_level["hub"])}
            around[("esme-hub", by_level["esme-hub"])] |= of_both
    return {cell: frozenset(coarser) for cell, coarser in around.items()}


def suppressed(
    premises: Mapping[Cell, int], around: Mapping[Cell, frozenset[Cell]], smallest: int
) -> frozenset[Cell]:
    """The cells that are not shown, of a region and an alert code, by how many premises alerted.

    A set is all cells of a level within a coarser one, whose figures are their total. Where a set
    has only one cell, its total tells it, and is hidden with it. What sums and differences of many
    cells that are left would still tell is looked for at the end.
    """
    gone = _by_sets(premises, around, smallest)
    if not gone:
        return gone
    sums = _Sums(premises, around)
    while (more := sums.telling(gone, smallest)) is not None:
        gone |= {more}
    return gone


def _by_sets(
    premises: Mapping[Cell, int], around: Mapping[Cell, frozenset[Cell]], smallest: int
) -> frozenset[Cell]:
    """What is to be hidden so that no set tells a small cell by its total."""
    sets: dict[tuple[Cell, str], dict[Cell, int]] = defaultdict(dict)
    for cell, count in premises.items():
        for coarser in around.get(cell, (REGION,)):
            sets[coarser, cell[0]][cell] = count
    gone: set[Cell] = set()
    while True:
        before = len(gone)
        for (coarser, _), counts in sets.items():
            found = hidden(counts, smallest, gone)
            gone |= found
            if len(found) == 1 and coarser != REGION:
                gone.add(coarser)
        if len(gone) == before:
            return frozenset(gone)


class _Sums:
    """Each cell as the sum of its full combinations, a bit for each of them.

    Sums and differences are looked for with coefficients modulo 3: so found is what whole numbers
    of cells tell, and halves of them.
    """

    def __init__(
        self, premises: Mapping[Cell, int], around: Mapping[Cell, frozenset[Cell]]
    ) -> None:
        self.premises = premises
        self.bits: dict[Cell, int] = defaultdict(int)
        wholes = sorted(cell for cell in premises if cell[0] == "combination")
        for place, whole in enumerate(wholes):
            for cell in (whole, *around.get(whole, (REGION,))):
                self.bits[cell] |= 1 << place

    def telling(self, gone: Collection[Cell], smallest: int) -> Cell | None:
        """The next cell to hide, as it and others that are shown tell a small one; None without."""
        shown = {cell for cell in self.premises if cell not in gone and cell[1] != ""}
        if not shown:
            return None
        coarse = [REGION, *sorted(cell for cell in shown if cell[0] != "combination")]
        known = 0
        for cell in shown:
            known |= self.bits[cell] if cell[0] == "combination" else 0
        sums = _Known(self.bits[cell] & ~known for cell in coarse)
        for cell, count in sorted(self.premises.items()):
            if 0 < count < smallest:
                used = sums.telling(self.bits[cell] & ~known)
                if used is not None:
                    return self._least(cell, [coarse[place] for place in used], shown)
        return None

    def _least(self, told: Cell, used: Sequence[Cell], shown: Collection[Cell]) -> Cell:
        """The smallest cell that takes part; where only the region does, of all that are shown."""
        within = self.bits[told]
        for cell in used:
            within |= self.bits[cell]
        taking_part = [
            cell
            for cell in shown
            if cell in used or (cell[0] == "combination" and self.bits[cell] & within)
        ]
        return min(taking_part or shown, key=lambda cell: (self.premises[cell], cell))


_Vector: TypeAlias = tuple[int, int]
"""Coefficients modulo 3: the bits of the places that have 1, and of those that have 2."""


class _Known:
    """Sums that are known, each with a bit below it that says which it is."""

    def __init__(self, sums: Iterable[int]) -> None:
        known = list(sums)
        self.width = len(known)
        self.pivots: dict[int, _Vector] = {}
        for place, bits in enumerate(known):
            ones, twos = self._left((bits << self.width | 1 << place, 0))
            lead = (ones | twos).bit_length()
            if lead > self.width:
                self.pivots[lead] = (ones, twos) if ones.bit_length() == lead else (twos, ones)

    def telling(self, bits: int) -> list[int] | None:
        """Which of the sums tell another one; None where they do not."""
        ones, twos = self._left((bits << self.width, 0))
        used = ones | twos
        if used >> self.width:
            return None
        return [place for place in range(self.width) if used >> place & 1]

    def _left(self, vector: _Vector) -> _Vector:
        """What is left after the sums known are taken from it."""
        while (lead := (vector[0] | vector[1]).bit_length()) > self.width:
            pivot = self.pivots.get(lead)
            if pivot is None:
                break
            is_one = vector[0].bit_length() == lead
            vector = _added(vector, pivot[::-1] if is_one else pivot)
        return vector


def _added(one: _Vector, other: _Vector) -> _Vector:
    """The sum; the other way round, a vector is its negative."""
    either = (one[0] | other[1]) ^ (one[1] | other[0])
    return (one[1] | other[1]) ^ either, (one[0] | other[0]) ^ either
