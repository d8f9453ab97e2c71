"""No sum or difference of cells that are shown tells a small one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.alerts.explaining import Cell
from defectreg.alerts.suppressing import coarser_cells, suppressed

SMALLEST = 5
names = st.tuples(
    st.sampled_from(("E1", "E2", "E3", "E4")),
    st.sampled_from(("", "G1", "G2")),
    st.sampled_from(("H1", "H2", "H3", "H4")),
)
counts = st.sampled_from((1, 1, 2, 3, 4, 6, 9, 30, 100))
fleets = st.dictionaries(names, counts, min_size=1, max_size=30)


def cells(esme: str, gsme: str, hub: str) -> frozenset[Cell]:
    both = f"{hub} + {esme}"
    return frozenset({("esme", esme), ("gsme", gsme), ("hub", hub), ("esme-hub", both),
                      ("combination", f"{both} + {gsme}")})  # fmt: skip


def is_told(known: Iterable[Sequence[int]], asked: Sequence[int]) -> bool:
    """Whether some fractions of what is known add up to what is asked."""
    pivots: dict[int, list[Fraction]] = {}

    def left(vector: Sequence[int]) -> list[Fraction]:
        rest = [Fraction(number) for number in vector]
        for place, pivot in sorted(pivots.items()):
            factor = rest[place]
            rest = [one - factor * other for one, other in zip(rest, pivot, strict=True)]
        return rest

    for vector in known:
        rest = left(vector)
        place = next((place for place, number in enumerate(rest) if number), None)
        if place is not None:
            pivots[place] = [number / rest[place] for number in rest]
    return not any(left(asked))


@settings(max_examples=150, deadline=None)
@given(fleets)
def test_what_is_shown_does_not_tell_a_small_cell(
    fleet: Mapping[tuple[str, str, str], int],
) -> None:
    parts = {whole: cells(*whole) for whole in fleet}
    premises: dict[Cell, int] = {}
    for whole, count in fleet.items():
        for cell in parts[whole]:
            premises[cell] = premises.get(cell, 0) + count
    gone = suppressed(premises, coarser_cells(parts.values()), SMALLEST)
    shown = [cell for cell in premises if cell not in gone and cell[1]]
    known = [[int(cell in each) for each in parts.values()] for cell in shown]
    if known:
        known.append([1] * len(parts))
    for cell, count in premises.items():
        if count < SMALLEST:
            assert cell in gone
            assert not is_told(known, [int(cell in each) for each in parts.values()]), cell
