"""Small cells, and what would tell them."""

from __future__ import annotations

from defectreg.alerts.explaining import Cell
from defectreg.alerts.suppressing import REGION, coarser_cells, suppressed


def cells(esme: str, hub: str) -> frozenset[Cell]:
    both = f"{hub} + {esme}"
    return frozenset({("esme", esme), ("gsme", ""), ("hub", hub), ("esme-hub", both),
                      ("combination", both)})  # fmt: skip


PARTS = [cells(esme, hub) for esme in ("E1", "E2") for hub in ("H1", "H2", "H3")]
AROUND = coarser_cells(PARTS)


def test_a_combination_lies_in_its_devices_and_in_the_region() -> None:
    assert AROUND["combination", "H1 + E1"] == {
        REGION, ("esme", "E1"), ("gsme", ""), ("hub", "H1"), ("esme-hub", "H1 + E1")
    }  # fmt: skip
    assert AROUND["esme-hub", "H1 + E1"] == {REGION, ("esme", "E1"), ("hub", "H1")}


def test_nothing_is_hidden_where_no_cell_is_small() -> None:
    assert suppressed({cell: 50 for each in PARTS for cell in each}, AROUND, 5) == frozenset()


def test_with_a_small_combination_another_of_its_meter_and_another_of_its_hub_are_hidden() -> None:
    counts: dict[Cell, int] = {("esme", "E1"): 150, ("esme", "E2"): 160, ("hub", "H1"): 53,
                               ("hub", "H2"): 120, ("hub", "H3"): 140}  # fmt: skip
    for number, esme in enumerate(("E1", "E2")):
        for other, hub in enumerate(("H1", "H2", "H3")):
            counts["esme-hub", f"{hub} + {esme}"] = 50 + 10 * number + other
    counts["esme-hub", "H1 + E1"] = 3
    gone = suppressed(counts, AROUND, 5)
    of_meter = [cell for cell in gone if cell[1].endswith(" + E1")]
    of_hub = [cell for cell in gone if cell[1].startswith("H1 + ")]
    assert ("esme-hub", "H1 + E1") in gone
    assert len(of_meter) > 1
    assert len(of_hub) > 1


def test_a_total_that_is_one_hidden_cell_is_hidden_with_it() -> None:
    parts = [cells("E1", "H1"), cells("E2", "H2"), cells("E3", "H2")]
    counts: dict[Cell, int] = {
        ("esme", "E1"): 3, ("esme", "E2"): 40, ("esme", "E3"): 50,
        ("hub", "H1"): 3, ("hub", "H2"): 90,
    }  # fmt: skip
    gone = suppressed(counts, coarser_cells(parts), 5)
    assert {("esme", "E1"), ("hub", "H1"), ("hub", "H2")} <= gone
