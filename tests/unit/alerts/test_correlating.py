"""What correlate.sql adds up, and what is found by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.alerts.correlating import (
    NOMINAL,
    Area,
    Correlation,
    Exposure,
    compare_cells,
    correlate,
    count_tests,
    read_areas,
)
from defectreg.alerts.suppressing import REGION
from tests.alerts import BAD_HUB, GOOD_HUB, METERS, Sent, Stay, answer, fleet, keep, window


def areas_of(folder: Path, stays: list[Stay], sent: list[Sent], *codes: str) -> dict[str, Area]:
    return read_areas(answer("correlate.sql", keep(folder, stays, sent), window()), codes)


def found(areas: dict[str, Area], days: int = 28) -> Correlation:
    return correlate(areas, days, 5)


def test_every_premises_is_exposed_whether_it_alerts_or_not(tmp_path: Path) -> None:
    stays = [Stay(1), Stay(2, last=9), Stay(3, hub=BAD_HUB)]
    areas = areas_of(tmp_path / "i", stays, [Sent(1, 4, day) for day in range(28)])
    area = areas["North"]
    assert area.exposure[REGION] == Exposure(3, 66, 28 * 28 * 2 + 100, 28)
    assert area.exposure["hub", GOOD_HUB].premises == 2
    assert area.exposure["hub", GOOD_HUB].days == 38
    said = area.said["8F1E"]["hub", GOOD_HUB]
    assert (said.premises, said.alerts, said.squares) == (1, 112, 112 * 112)
    assert ("hub", BAD_HUB) not in area.said["8F1E"]


def test_shares_are_of_all_alerts_however_noisy_a_premises_is(tmp_path: Path) -> None:
    stays, sent = fleet({GOOD_HUB: 4, BAD_HUB: 40})
    sent += [Sent(400, 50_000, 3), Sent(401, 40_000, 4), Sent(0, 30_000, 5, "8F35")]
    both = areas_of(tmp_path / "i", stays, sent)
    (finding,) = found(both).findings
    of_code = sum(each.alerts for each in sent if each.code == "8F1E")
    everything = sum(each.alerts for each in sent)
    assert finding.result.said.alerts > 90_000
    assert finding.result.code_alerts == of_code
    assert finding.result.region_alerts == of_code  # one premises alone sent the other code
    three = [*sent, *(Sent(number, 1, 6, "8F35") for number in range(1, 5))]
    narrow = areas_of(tmp_path / "j", stays, three, "8F1E")
    (finding,) = found(narrow).findings
    assert finding.result.code_alerts == of_code
    assert finding.result.region_alerts == everything + 4  # also of codes not asked about


def test_only_days_that_were_loaded_are_exposure(tmp_path: Path) -> None:
    sent = [Sent(1, 1, day) for day in (0, 3, 9, 40)]
    area = areas_of(tmp_path / "i", [Stay(1), Stay(2, first=5)], sent)["North"]
    assert area.exposure[REGION].days == 3 + 1
    assert area.said["8F1E"][REGION].alerts == 3
    assert area.said["8F1E"][REGION].last == "2026-06-10"


def test_a_change_of_firmware_splits_the_days_and_the_alerts(tmp_path: Path) -> None:
    stays = [Stay(1, GOOD_HUB, last=9), Stay(1, BAD_HUB, first=10), Stay(2)]
    sent = [Sent(2, 1, day, "8F35") for day in range(28)] + [Sent(1, 2, 3), Sent(1, 5, 20)]
    area = areas_of(tmp_path / "i", stays, sent)["North"]
    before, after = area.said["8F1E"]["hub", GOOD_HUB], area.said["8F1E"]["hub", BAD_HUB]
    assert (before.alerts, after.alerts) == (2, 5)
    assert area.exposure["hub", BAD_HUB] == Exposure(1, 18, 18 * 28, 14)
    both = area.said["8F1E"]["esme", METERS[0]]
    assert (both.premises, both.alerts) == (1, 7)
    assert both.squares == 7 * 7
    assert area.exposure["esme", METERS[0]].premises == 2


def test_what_one_premises_sends_is_counted_up_to_a_limit(tmp_path: Path) -> None:
    stays = [Stay(number) for number in range(20)]
    sent = [Sent(number, 2, number % 3) for number in range(19)] + [Sent(19, 5000, 1)]
    said = areas_of(tmp_path / "i", stays, sent)["North"].said["8F1E"][REGION]
    assert said.alerts == 19 * 2 + 5000
    assert said.counted == 19 * 2 + 10
    assert said.squares == 19 * 4 + 100


def test_levels_add_up_to_their_region(tmp_path: Path) -> None:
    area = areas_of(tmp_path / "i", *fleet({GOOD_HUB: 5, BAD_HUB: 30}))["North"]
    for level in ("esme", "gsme", "hub", "esme-hub", "combination"):
        said = [each for cell, each in area.said["8F1E"].items() if cell[0] == level]
        whole = area.said["8F1E"][REGION]
        assert sum(each.alerts for each in said) == whole.alerts
        assert sum(each.squares for each in said) == whole.squares
        assert sum(each.premises for each in said) == whole.premises


def test_a_hub_is_one_finding(tmp_path: Path) -> None:
    made = found(areas_of(tmp_path / "i", *fleet({GOOD_HUB: 4, BAD_HUB: 40})))
    assert [each.result.key for each in made.findings] == [("North", "8F1E", ("hub", BAD_HUB))]
    finding = made.findings[0]
    assert finding.adjusted <= NOMINAL
    assert finding.result.comparison.low > 1.5
    assert finding.result.comparison.ratio == pytest.approx(10, rel=0.2)
    assert finding.result.said.first == "2026-06-01"


def test_without_a_difference_there_is_no_finding(tmp_path: Path) -> None:
    made = found(areas_of(tmp_path / "i", *fleet({GOOD_HUB: 20, BAD_HUB: 20})))
    assert made.findings == ()
    assert made.tests > 0


def test_a_few_premises_with_thousands_of_alerts_are_no_finding(tmp_path: Path) -> None:
    stays, sent = fleet({GOOD_HUB: 4, BAD_HUB: 4})
    storms = [Sent(premises, 100_000, 2) for premises in (401, 402, 403)]
    made = found(areas_of(tmp_path / "i", stays, [*sent, *storms]))
    assert made.findings == ()


def test_tests_count_codes_and_cells_whatever_they_sent(tmp_path: Path) -> None:
    stays, sent = fleet({GOOD_HUB: 20, BAD_HUB: 20})
    areas = areas_of(tmp_path / "i", stays, sent)
    # Two codes; of the cells with a name, all but that of no gas meter: 4 meters, 2 Hubs, 8, 8.
    assert count_tests(areas) == 2 * (4 + 2 + 8 + 8)


def test_only_the_codes_asked_are_looked_at(tmp_path: Path) -> None:
    areas = areas_of(tmp_path / "i", *fleet({GOOD_HUB: 20}), "8F35")
    assert set(areas["North"].said) == {"8F35"}
    assert areas["North"].exposure[REGION].premises == 800


def test_a_trend_is_the_second_half_of_the_window_over_the_first(tmp_path: Path) -> None:
    stays = [Stay(number) for number in range(40)] + [Stay(99, BAD_HUB)]
    rising = [Sent(number, 1 + 2 * (day >= 14), day) for number in range(40) for day in range(28)]
    areas = areas_of(tmp_path / "i", stays, rising)
    results = {each.cell: each for each in compare_cells(areas, 28, 5)}
    assert results["hub", GOOD_HUB].trend == pytest.approx(3)
    assert {each.trend for each in compare_cells(areas, 13, 5)} == {None}


def test_a_small_cell_is_not_shown_and_no_subtraction_tells_it(tmp_path: Path) -> None:
    stays, sent = fleet({GOOD_HUB: 30, BAD_HUB: 30})
    rare = "ESME:FF01/00019999@00010001"
    stays += [Stay(1000 + number, GOOD_HUB, rare) for number in range(30)]
    sent += [Sent(1000 + number, 1, 3) for number in range(3)]
    made = found(areas_of(tmp_path / "i", stays, sent))
    shown = {each.cell for each in made.results if each.code == "8F1E"}
    assert ("esme", rare) not in shown
    assert len([cell for cell in shown if cell[0] == "esme"]) == len(METERS) - 1
    assert made.small > 0
