"""Small cells: which are not shown, so that no subtraction tells them either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

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
    has only one cell, its total tells it, and is hidden with it.
    """
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
