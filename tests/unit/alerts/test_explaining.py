"""The coarsest level that explains."""

from __future__ import annotations

from collections.abc import Mapping

from defectreg.alerts.explaining import Cell, Ground, Part, explain
from defectreg.alerts.statistics import Sums

ALL = ("esme", "gsme", "hub", "esme-hub", "combination")


def part(esme: str, hub: str, alerting: int, premises: int = 400, gsme: str = "G") -> Part:
    """Premises with a meter and a Hub, of which so many sent one alert in ten days."""
    both = f"{hub} + {esme}"
    values = (esme, gsme, hub, both, f"{both} + {gsme}")
    days = 10
    sums = Sums(alerting, premises * days, alerting, alerting * days, premises * days * days)
    return Part(frozenset(zip(ALL, values, strict=True)), sums)


def found(alerting: Mapping[tuple[str, str], int]) -> list[Cell]:
    """What explains, of 400 premises of each of four meters with each of four Hubs."""
    parts = [
        part(f"E{meter}", f"H{hub}", alerting.get((f"E{meter}", f"H{hub}"), 12))
        for meter in range(4)
        for hub in range(4)
    ]
    cells = {cell for each in parts for cell in each.cells if cell[0] != "gsme"}
    return sorted(each.cell for each in explain(Ground(parts, sorted(cells)), 1e-4))


def test_where_all_is_alike_nothing_is_found() -> None:
    assert found({}) == []


def test_a_hub_is_one_finding_and_not_one_for_each_meter_with_it() -> None:
    assert found({(f"E{meter}", "H2"): 120 for meter in range(4)}) == [("hub", "H2")]


def test_a_meter_with_every_hub_is_found_as_the_meter() -> None:
    assert found({("E1", f"H{hub}"): 120 for hub in range(4)}) == [("esme", "E1")]


def test_a_meter_that_alerts_only_with_one_hub_is_found_with_that_hub() -> None:
    assert found({("E1", "H2"): 160}) == [("esme-hub", "H2 + E1")]


def test_a_hub_and_a_meter_that_both_stand_out_are_two_findings() -> None:
    high = {(f"E{meter}", "H2"): 100 for meter in range(4)} | {
        ("E1", f"H{hub}"): 100 for hub in range(4)
    }
    assert found(high | {("E1", "H2"): 200}) == [("esme", "E1"), ("hub", "H2")]


def test_a_meter_that_still_stands_out_with_the_hub_is_reported_beside_it() -> None:
    high = {(f"E{meter}", "H2"): 60 for meter in range(4)} | {("E1", "H2"): 300}
    assert found(high) == [("esme-hub", "H2 + E1"), ("hub", "H2")]


def test_a_meter_that_is_mostly_with_a_hub_vanishes_beside_it() -> None:
    parts = [
        part("E1", "H2", 180, 600),
        part("E0", "H2", 90, 300),
        part("E1", "H0", 4, 100),
        part("E0", "H0", 60, 2000),
    ]
    candidates: list[Cell] = [("esme", "E1"), ("hub", "H2"), ("esme-hub", "H2 + E1")]
    ground = Ground(parts, candidates)
    assert ground.against_rest(("esme", "E1"), []).low > 1.5
    assert [each.cell for each in explain(ground, 1e-4)] == [("hub", "H2")]


def test_cells_of_the_same_premises_are_one_finding_that_names_the_others() -> None:
    parts = [part("E1", "H1", 120), part("E2", "H2", 12), part("E3", "H3", 12)]
    candidates: list[Cell] = [("esme", "E1"), ("hub", "H1"), ("esme-hub", "H1 + E1")]
    explained = explain(Ground(parts, candidates), 1e-4)
    assert len(explained) == 1
    assert {explained[0].cell, *explained[0].alike} == set(candidates)


def test_a_finding_counts_what_stands_out_only_with_it() -> None:
    parts = [part(f"E{meter}", hub, 120 if hub == "H1" else 12)
             for meter in range(3) for hub in ("H0", "H1", "H2")]  # fmt: skip
    both: list[Cell] = [("esme-hub", f"H1 + E{meter}") for meter in range(3)]
    explained = explain(Ground(parts, [("hub", "H1"), *both]), 1e-4)
    assert [(each.cell, each.others) for each in explained] == [(("hub", "H1"), 3)]
