"""What a run's findings propose: new records, reports on those there are, and what has ended."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from defectreg.alerts.correlating import Area, Correlation, Finding, correlate, read_areas
from defectreg.alerts.drafting import RATIO_BANDS, Window, record_values, report_values, window_told
from defectreg.alerts.fading import Now, now
from defectreg.alerts.tracking import Outcome, Tracked, Tracker, match
from defectreg.register.devices import parse_combination
from defectreg.register.record import Record
from defectreg.register.statement import Statement
from defectreg.store.alerts.tracked import Known, KnownReport
from tests.alerts import BAD_HUB, GOOD_HUB, METERS, Sent, Stay, answer, day, fleet, keep, window

DAYS = Window(tuple(map(day, range(28))), is_exact=False, names={"8F1E": "an alert"})
ENTRY = f"{BAD_HUB} in North"
ME = "supplier-one"


@pytest.fixture(scope="module")
def areas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Area]:
    """Four weeks in which a Hub's firmware stands out in North."""
    folder = keep(tmp_path_factory.mktemp("a") / "i", *fleet({GOOD_HUB: 4, BAD_HUB: 40}))
    return read_areas(answer("correlate.sql", folder, window()))


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Area]:
    """The same, where both Hubs send alike."""
    folder = keep(tmp_path_factory.mktemp("q") / "i", *fleet({GOOD_HUB: 50, BAD_HUB: 50}))
    return read_areas(answer("correlate.sql", folder, window()))


@pytest.fixture(scope="module")
def found(areas: dict[str, Area]) -> Correlation:
    return correlate(areas, 28, 5)


def finding(found: Correlation) -> Finding:
    (only,) = found.findings
    return only


def known(*reports: KnownReport, affected: str = ENTRY, number: int = 1, **changes: Any) -> Known:
    """A record on 8F1E with reports."""
    record_id = f"DR-0000-000{number}"
    alerts = changes.pop("alerts", ["8F1E"])
    data = {"id": record_id, "title": "Alerts", "affected": [affected], "alerts": alerts}
    return Known(Record(data, "0" * 64), reports, **changes)


def reported(
    values: Mapping[str, Any], by: str = ME, number: int = 1, branch: str = ""
) -> KnownReport:
    data = {"kind": "report", "by": by, "date": "2026-08-01", **values}
    return KnownReport(Statement(f"2026-08-01-report-{by}-{number}.yaml", data, "0" * 64), branch)


def plan(
    found: Correlation, areas: Mapping[str, Area], *all_known: Known, **changes: Any
) -> list[Tracked]:
    made = Tracker(ME, frozenset({"8F1E"}), DAYS, all_known)
    return replace(made, **changes).plan(found, areas)


def later(days: int = 28) -> Window:
    return replace(DAYS, days=tuple(map(day, range(days, days + 28))))


def test_a_finding_without_a_record_becomes_one(found: Correlation, areas: dict[str, Area]) -> None:
    (line,) = plan(found, areas)
    assert line.outcome is Outcome.RECORD
    assert line.record["affected"] == [ENTRY]
    assert line.report["region"] == "North"


@pytest.mark.parametrize(
    "other",
    [
        {"alerts": ["8F35"]},
        {"affected": f"{BAD_HUB} in South"},
        {"affected": f"{GOOD_HUB} in North"},
        {"affected": f"{BAD_HUB} + {METERS[0]} in North"},
    ],
)
def test_another_code_region_or_combination_is_another_record(
    found: Correlation, areas: dict[str, Area], other: dict[str, Any]
) -> None:
    assert [line.outcome for line in plan(found, areas, known(**other))] == [Outcome.RECORD]


@pytest.mark.parametrize("entry", [ENTRY, BAD_HUB, "CHF:FF02/00020001 in Central,North"])
def test_a_record_that_covers_it_is_reported_on(
    found: Correlation, areas: dict[str, Area], entry: str
) -> None:
    (line,) = plan(found, areas, known(affected=entry))
    assert (line.outcome, line.record) == (Outcome.REPORT, {})
    assert line.report["devices"] == "100-999"


def test_of_several_records_the_narrowest_is_reported_on(found: Correlation) -> None:
    wide, narrow = known(affected="CHF:FF02/00020001"), known(number=2)
    assert match(finding(found), [wide, narrow]) is narrow
    assert match(finding(found), [narrow, wide]) is narrow


def test_a_record_that_landed_comes_before_one_that_waits(found: Correlation) -> None:
    landed, waits = known(affected="CHF:FF02/00020001"), known(number=2, branch="submit/x")
    assert match(finding(found), [waits, landed]) is landed


def test_a_report_of_days_that_had_not_come_is_no_run_of_the_tracker(
    found: Correlation, areas: dict[str, Area]
) -> None:
    told = report_values([finding(found)], later(60))
    (line,) = plan(found, areas, known(reported(told)))
    assert line.outcome is Outcome.REPORT


def test_a_record_that_stands_comes_before_a_withdrawn_one(found: Correlation) -> None:
    withdrawn, wide = known(is_withdrawn=True), known(affected="CHF:FF02/00020001", number=2)
    assert match(finding(found), [withdrawn, wide]) is wide


def test_of_a_withdrawn_record_nothing_is_proposed(
    found: Correlation, areas: dict[str, Area]
) -> None:
    (line,) = plan(found, areas, known(is_withdrawn=True))
    assert (line.outcome, line.report) == (Outcome.WITHDRAWN, {})


def test_the_same_is_not_said_twice_by_one_party(
    found: Correlation, areas: dict[str, Area]
) -> None:
    told = report_values([finding(found)], DAYS)
    (line,) = plan(found, areas, known(reported(told)))
    assert (line.outcome, line.report) == (Outcome.TOLD, {})
    (line,) = plan(found, areas, known(reported(told, by="supplier-two")))
    assert line.outcome is Outcome.REPORT


def test_what_was_said_of_later_days_is_not_taken_back(
    found: Correlation, areas: dict[str, Area]
) -> None:
    told = report_values([finding(found)], later())
    (line,) = plan(found, areas, known(reported(told)))
    assert line.outcome is Outcome.TOLD


def test_a_later_day_is_a_further_report(found: Correlation, areas: dict[str, Area]) -> None:
    told = reported(report_values([finding(found)], DAYS))
    (line,) = plan(found, areas, known(told), window=later(1))
    assert line.outcome is Outcome.REPORT
    assert "supersedes" not in line.report


def test_other_figures_of_the_same_days_take_the_place_of_what_landed(
    found: Correlation, areas: dict[str, Area]
) -> None:
    told = {**report_values([finding(found)], DAYS), "devices": "10-99"}
    (line,) = plan(found, areas, known(reported(told)))
    assert line.report["supersedes"] == f"2026-08-01-report-{ME}-1.yaml"
    (line,) = plan(found, areas, known(reported(told, branch="submit/DR-0000-0001")))
    assert line.outcome is Outcome.TOLD
    assert "submit/DR-0000-0001" in line.reason


def test_what_was_replaced_says_nothing_any_more(
    found: Correlation, areas: dict[str, Area]
) -> None:
    told = report_values([finding(found)], DAYS)
    wrong = reported({**told, "devices": "10-99"})
    right = reported({**told, "supersedes": wrong.statement.file}, number=2)
    (line,) = plan(found, areas, known(wrong, right))
    assert line.outcome is Outcome.TOLD


def test_a_report_that_somebody_wrote_by_hand_is_no_run_of_the_tracker(
    found: Correlation, areas: dict[str, Area]
) -> None:
    own = reported({"says": "We see it too.", "region": "North"})
    assert [line.outcome for line in plan(found, areas, known(own))] == [Outcome.REPORT]


def test_what_the_policy_does_not_count_is_shown_and_not_proposed(
    found: Correlation, areas: dict[str, Area]
) -> None:
    (line,) = plan(found, areas, codes=frozenset())
    assert (line.outcome, line.record, line.report) == (Outcome.NOT_COUNTED, {}, {})
    assert line.findings == found.findings


def test_one_record_has_one_report_for_all_its_findings(
    found: Correlation, areas: dict[str, Area]
) -> None:
    north = finding(found)
    south = replace(north, result=replace(north.result, region="South"))
    both = replace(found, findings=(north, south))
    (line,) = plan(both, areas, known(affected=BAD_HUB))
    assert line.region == ""
    assert "region" not in line.report
    assert "in North" in line.report["says"]
    assert "in South" in line.report["says"]
    assert len(plan(both, areas)) == 2


def both_regions(
    folder: Path, share: Mapping[str, int], south: Mapping[str, int]
) -> dict[str, Area]:
    """Four weeks of North, and of as many premises in South."""
    stays, sent = fleet(share)
    others, more = fleet(south)
    stays += [replace(each, premises=1000 + each.premises, region="South") for each in others]
    sent += [replace(each, premises=1000 + each.premises) for each in more]
    return read_areas(answer("correlate.sql", keep(folder, stays, sent), window()))


def test_what_ended_in_each_of_several_regions_is_told_one_report_a_run(tmp_path: Path) -> None:
    high, even = {GOOD_HUB: 4, BAD_HUB: 40}, {GOOD_HUB: 50, BAD_HUB: 50}
    areas = both_regions(tmp_path / "high", high, high)
    (line,) = plan(correlate(areas, 28, 5), areas, known(affected=BAD_HUB))
    first = reported(line.report)
    areas = both_regions(tmp_path / "even", even, even)
    found = correlate(areas, 28, 5)
    one, other = plan(found, areas, known(first, affected=BAD_HUB), window=later())
    assert (one.outcome, one.region) == (Outcome.ENDED, "North")
    assert (other.outcome, other.region, other.report) == (Outcome.OPEN, "South", {})
    assert "the next run" in other.reason
    second = reported(one.report, number=2)
    (line,) = plan(found, areas, known(first, second, affected=BAD_HUB), window=later())
    assert (line.outcome, line.region) == (Outcome.ENDED, "South")
    assert line.report["until"] == day(27).isoformat()
    third = reported(line.report, number=3)
    everything = known(first, second, third, affected=BAD_HUB)
    assert plan(found, areas, everything, window=later()) == []


def test_what_ended_in_one_region_follows_the_report_on_another(tmp_path: Path) -> None:
    high, even = {GOOD_HUB: 4, BAD_HUB: 40}, {GOOD_HUB: 50, BAD_HUB: 50}
    areas = both_regions(tmp_path / "high", high, high)
    (line,) = plan(correlate(areas, 28, 5), areas, known(affected=BAD_HUB))
    first = reported(line.report)
    areas = both_regions(tmp_path / "half", high, even)
    found = correlate(areas, 28, 5)
    north, south = plan(found, areas, known(first, affected=BAD_HUB), window=later())
    assert (north.outcome, north.region) == (Outcome.REPORT, "North")
    assert (south.outcome, south.region) == (Outcome.OPEN, "South")
    second = reported(north.report, number=2)
    north, south = plan(found, areas, known(first, second, affected=BAD_HUB), window=later())
    assert north.outcome is Outcome.TOLD
    assert (south.outcome, south.report["region"]) == (Outcome.ENDED, "South")


def ended(
    quiet: dict[str, Area], told: KnownReport, window: Window, **changes: Any
) -> list[Tracked]:
    return plan(correlate(quiet, 28, 5), quiet, known(told, **changes), window=window)


def test_what_surely_has_ended_is_one_more_report_with_its_last_day(
    found: Correlation, quiet: dict[str, Area]
) -> None:
    told = reported(report_values([finding(found)], DAYS))
    (line,) = ended(quiet, told, later())
    assert (line.outcome, line.region) == (Outcome.ENDED, "North")
    assert line.report["until"] == day(27).isoformat()
    assert "no longer correlated with" in line.report["says"]


def test_it_is_said_once_that_it_has_ended(found: Correlation, quiet: dict[str, Area]) -> None:
    told = {**report_values([finding(found)], DAYS), "until": "2026-06-28"}
    assert ended(quiet, reported(told), later()) == []


def test_of_days_that_were_told_nothing_ends(found: Correlation, quiet: dict[str, Area]) -> None:
    told = reported(report_values([finding(found)], DAYS))
    (line,) = ended(quiet, told, DAYS)
    assert line.outcome is Outcome.TOLD


def test_what_another_party_said_is_not_ended_for_it(
    found: Correlation, quiet: dict[str, Area]
) -> None:
    told = reported(report_values([finding(found)], DAYS), by="supplier-two")
    assert ended(quiet, told, later()) == []


def test_a_record_of_more_codes_than_are_counted_is_left_open(
    found: Correlation, quiet: dict[str, Area]
) -> None:
    told = reported(report_values([finding(found)], DAYS))
    (line,) = ended(quiet, told, later(), alerts=["8F1E", "AD1"])
    assert (line.outcome, line.report) == (Outcome.OPEN, {})


@pytest.mark.parametrize(
    ("entry", "code", "state"),
    [
        (ENTRY, "8F1E", Now.STILL),
        ("CHF:FF02/00020001@0002000* in North", "8F1E", Now.UNKNOWN),  # all there are: no rest
        (f"{BAD_HUB} + {METERS[0]} in North", "8F1E", Now.UNKNOWN),  # the rest has the Hub too
        (f"{GOOD_HUB} in North", "8F1E", Now.ENDED),
        (f"{BAD_HUB} in North", "8F20", Now.UNKNOWN),
        (f"{BAD_HUB} in South", "8F1E", Now.UNKNOWN),
        ("CHF:FF02/00020009 in North", "8F1E", Now.GONE),
    ],
)
def test_how_a_combination_stands_now(
    areas: dict[str, Area], entry: str, code: str, state: Now
) -> None:
    assert now(areas, (parse_combination(entry),), "North", code) is state


def test_too_few_premises_tell_nothing(tmp_path: Path) -> None:
    stays = [Stay(number) for number in range(40)]
    stays += [Stay(40 + number, BAD_HUB) for number in range(19)]
    folder = keep(tmp_path / "i", stays, [Sent(number, 3, number % 28) for number in range(40)])
    areas = read_areas(answer("correlate.sql", folder, window()))
    assert now(areas, (parse_combination(ENTRY),), "North", "8F1E") is Now.UNKNOWN


def test_no_text_names_a_product_or_a_number_of_premises(found: Correlation) -> None:
    record, report = record_values(finding(found), DAYS), report_values([finding(found)], DAYS)
    texts = " ".join([record["title"], record["behaviour"], record["circumstances"],
                      report["says"]])  # fmt: skip
    for told in ("FF02", "00020001", "160", "400", "%"):
        assert told not in texts
    assert "with a tenth or more of all alerts of the region" in report["says"]
    assert "correlated with" in record["title"].replace("Alert 8F1E ", "")
    assert "8F1E (an alert)" in record["behaviour"]


def test_figures_are_told_where_they_are_to_be_exact(found: Correlation) -> None:
    says = report_values([finding(found)], replace(DAYS, is_exact=True))["says"]
    assert "160 of 400 premises alerted" in says
    assert "95 % interval" in says


def test_what_would_tell_a_small_cell_is_left_out(found: Correlation) -> None:
    hidden = replace(finding(found), is_shown=False)
    record, report = (
        record_values(hidden, DAYS),
        report_values([hidden], replace(DAYS, is_exact=True)),
    )
    assert not {"since", "evidence.devices", "impact.dcc-services"} & record.keys()
    assert not {"since", "devices"} & report.keys()
    assert "premises alerted" not in report["says"]


def test_cells_of_the_same_premises_are_all_named_and_not_told_apart(found: Correlation) -> None:
    explained = replace(finding(found).explained, alike=(("esme", METERS[0]),))
    record = record_values(replace(finding(found), explained=explained), DAYS)
    assert record["affected"] == [ENTRY, f"{METERS[0]} in North"]
    assert "cannot tell with which" in record["circumstances"]


def test_the_days_of_a_report_are_read_from_its_text() -> None:
    assert window_told(f"{DAYS.words}: and more") == (day(0), day(27))
    assert window_told("Alerts of 2026-02-30 to 2026-03-01: no day") is None
    assert window_told("We see it.") is None


def test_a_month_is_named_where_all_days_are_of_it(found: Correlation) -> None:
    assert report_values([finding(found)], DAYS)["period"] == "2026-06"
    assert "period" not in report_values([finding(found)], later(10))


def test_ratio_bands_fall_and_end_with_all_others() -> None:
    least = [number for number, _ in RATIO_BANDS]
    assert least == sorted(least, reverse=True)
    assert least[-1] == 0


def test_days_are_told_as_the_calendar_has_them() -> None:
    assert DAYS.first == datetime.date(2026, 6, 1)
    assert DAYS.words == "Alerts of 2026-06-01 to 2026-06-28"
