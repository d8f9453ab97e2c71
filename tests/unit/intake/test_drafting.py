"""What a group of reports would say."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from defectreg.intake.admitting import Terms
from defectreg.intake.drafting import record_of, reports_of, strictest
from defectreg.intake.reports import Reported
from tests.unit.intake.grounds_for_tests import grounds

TODAY = datetime.date(2026, 11, 22)
DAY = datetime.date(2026, 11, 20)
TERMS = Terms(grounds(), "dcc", "service-desk", TODAY)
TEXT = "The Hub loses its clock each night at two and has it back in the morning."


def told(line: int = 2, text: str = TEXT, **changes: Any) -> Reported:
    good: dict[str, Any] = {"affected": ["CHF:FF02/00020001"]}
    row = Reported(line, f"INC{line}", text, DAY, "supplier-one", good)
    return replace(row, **changes)


def fields(**values: Any) -> dict[str, Any]:
    return {"affected": ["CHF:FF02/00020001"], **values}


def test_a_record_says_what_its_rows_say_together() -> None:
    rows = [
        told(2, fields=fields(alerts=["8F1E"], **{"impact.consumers": "low"})),
        told(3, fields={"affected": ["GPF:FF02/00020001", "CHF:FF02/00020001"],
                        "alerts": ["8F1E", "N13"], "impact.consumers": "high"}),
    ]  # fmt: skip
    says = record_of(rows, TERMS)
    assert says["affected"] == ["CHF:FF02/00020001", "GPF:FF02/00020001"]
    assert says["alerts"] == ["8F1E", "N13"]
    assert says["impact.consumers"] == "high"
    assert says["behaviour"] == TEXT
    assert says["origin"] == "service-desk"
    assert says["since"] == "2026-11-20"
    assert "certainty" not in says


def test_a_report_is_read_by_no_more_than_its_rows_were() -> None:
    amber = told(2, fields=fields(classification="amber"))
    green = told(3, fields=fields(classification="green"))
    [report] = reports_of([amber, green], TERMS)
    assert report["classification"] == "amber"
    assert "classification" not in reports_of([green], TERMS)[0]


def test_it_takes_the_strictest_class_of_its_rows() -> None:
    rows = [told(2, fields=fields(classification="clear")),
            told(3, fields=fields(classification="green"))]  # fmt: skip
    assert record_of(rows, TERMS)["classification"] == strictest(rows) == "green"
    assert "classification" not in record_of([told()], TERMS)


def test_it_is_told_in_the_words_of_the_row_without_blame() -> None:
    rows = [
        told(2, f"{TEXT} The faulty Hub is to blame, and much more is said of it here."),
        told(3),
    ]
    assert record_of(rows, TERMS)["behaviour"] == TEXT


def test_where_every_row_lays_blame_it_is_put_neutrally() -> None:
    says = record_of([told(2, "The faulty Hub loses its clock each night at two.")], TERMS)
    assert says["behaviour"] == "The affected Hub loses its clock each night at two."
    assert says["title"] == "The affected Hub loses its clock each night at two"


def test_a_title_that_was_typed_is_kept_within_its_length() -> None:
    says = record_of([told(fields=fields(title="Clock " * 40))], TERMS)
    assert says["title"].startswith("Clock Clock")
    assert len(says["title"]) <= 120


def test_variants_are_said_of_electricity_meters_alone() -> None:
    hub = record_of([told(fields=fields(variants=["AD"]))], TERMS)
    meter = {"affected": ["ESME:FF01/00010100"], "variants": ["AD"]}
    assert "variants" not in hub
    assert record_of([told(fields=meter)], TERMS)["variants"] == ["AD"]


def test_each_party_and_day_is_one_report_with_its_number_of_rows() -> None:
    other = DAY - datetime.timedelta(days=1)
    rows = [told(2), told(3), told(4, day=other), told(5, party="small-supplier")]
    reports = reports_of(rows, TERMS)
    assert [(each["since"], each["told-by"], each["stands-for"]) for each in reports] == [
        ("2026-11-19", "large-supplier", 1),
        ("2026-11-20", "small-supplier", 1),
        ("2026-11-20", "large-supplier", 2),
    ]
    assert {each["received"] for each in reports} == {"incident"}


def test_reports_that_would_say_the_same_are_told_apart() -> None:
    rows = [told(2), told(3, party="large-supplier")]
    first, second = reports_of(rows, TERMS)
    assert "says" not in first
    assert second["says"] == "Report 2 of this day that says the same."
    [third] = reports_of([told(4)], TERMS, [first, second])
    assert third["says"] == "Report 3 of this day that says the same."


def test_a_partys_own_report_was_received_from_nobody() -> None:
    own = replace(TERMS, party="supplier-one", source="party")
    [report] = reports_of([told(party="", fields=fields(**{"report.devices": "2-9"}))], own)
    assert report == {"since": "2026-11-20", "stands-for": 1, "devices": "2-9"}


def test_what_others_sent_as_a_table_was_received_as_a_letter() -> None:
    [report] = reports_of([told()], replace(TERMS, source="party"))
    assert report["received"] == "letter"


def test_a_region_is_said_where_all_rows_name_it() -> None:
    north, south = ({"report.region": region} for region in ("North", "South"))
    both = reports_of([told(2, fields=north), told(3, fields=north)], TERMS)
    apart = reports_of([told(2, fields=north), told(3, fields=south)], TERMS)
    assert both[0]["region"] == "North"
    assert "region" not in apart[0]
