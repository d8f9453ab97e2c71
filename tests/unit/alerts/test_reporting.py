"""A report: grids of findings by region, and what the register has of them."""

from __future__ import annotations

import csv
import datetime
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from defectreg.alerts.correlating import Correlation, correlate, read_areas
from defectreg.alerts.picturing import page_of, picture_of, svg_of, times_of
from defectreg.alerts.reported import report_csv, report_json, report_lines
from defectreg.alerts.reporting import Entry, Report, report_of
from defectreg.register.devices import parse_combination
from defectreg.register.shown_words import DISCLAIMER
from tests.alerts import BAD_HUB, GOOD_HUB, Sent, Stay, answer, fleet, keep, window

WINDOW = ("2026-06-01", "2026-06-28")
WORDS = {"8F1E": "a command failed"}
HTML = "{http://www.w3.org/2000/svg}"


def entry(
    affected: str, *marks: str, alerts: tuple[str, ...] = ("8F1E",), name: str = "A"
) -> Entry:
    day = datetime.date(2026, 6, 9)
    told = ((day, "report"),)
    return Entry(name, "An entry", (parse_combination(affected),), frozenset(alerts), marks, told)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Correlation:
    """The bad Hub is found in North, and is like the others in South."""
    stays, sent = fleet({GOOD_HUB: 4, BAD_HUB: 40})
    others = [Stay(1000 + each.premises, each.hub, each.esme, region="South") for each in stays]
    sent += [Sent(1000 + number, 1, number % 28) for number in range(0, 800, 20)]
    folder = keep(tmp_path_factory.mktemp("report") / "i", [*stays, *others], sent)
    areas = read_areas(answer("correlate.sql", folder, window()))
    return correlate(areas, 28, 5)


def report(found: Correlation, *entries: Entry) -> Report:
    return report_of(found, WINDOW, entries, WORDS)


def squares(found: Correlation, *entries: Entry) -> dict[str, tuple[bool, str, list[str]]]:
    [grid] = report(found, *entries).grids
    return {
        square.region: (bool(square.finding), square.cause, [each.id for each in square.entries])
        for _, square in grid.squares()
    }


def test_a_finding_stands_beside_the_same_combination_in_other_regions(found: Correlation) -> None:
    [grid] = report(found).grids
    assert grid.regions == ("North", "South")
    assert [row.combination for row in grid.rows] == [BAD_HUB]
    assert squares(found) == {"North": (True, "", []), "South": (False, "", [])}
    assert grid.findings == 1


@pytest.mark.parametrize(
    ("affected", "alerts", "regions"),
    [
        (BAD_HUB, ("8F1E",), {"North", "South"}),
        (f"{BAD_HUB} in South", ("8F1E",), {"South"}),
        ("CHF:FF02/00020001@0002*", ("8F1E",), {"North", "South"}),
        ("CHF:FF02/00020001@0001*", ("8F1E",), set()),
        (BAD_HUB, ("8F35",), set()),
        (GOOD_HUB, ("8F1E",), set()),
    ],
)
def test_an_entry_is_linked_where_it_covers_combination_region_and_code(
    found: Correlation, affected: str, alerts: tuple[str, ...], regions: set[str]
) -> None:
    linked = squares(found, entry(affected, "cause-unknown", alerts=alerts))
    assert {region for region, (_, _, ids) in linked.items() if ids} == regions


def test_of_several_entries_the_surest_mark_of_a_cause_is_shown(found: Correlation) -> None:
    both = [entry(BAD_HUB, "cause-unknown"), entry(BAD_HUB, "fix", "cause-suspected", name="B")]
    assert squares(found, *both)["North"] == (True, "cause-suspected", ["A", "B"])


def test_every_sentence_says_correlated_with(found: Correlation) -> None:
    lines = list(report_lines(report(found, entry(BAD_HUB, "cause-identified"))))
    said = [line for line in lines if BAD_HUB in line and " in North" in line]
    assert len(said) == 1
    assert all("correlated with 8F1E" in line for line in said)
    assert any("cause identified (A)" in line for line in lines)
    [grid] = report(found).grids
    picture = picture_of(grid)
    assert picture is not None
    titles = [each.text or "" for each in ElementTree.fromstring(picture.text).iter(HTML + "title")]
    assert all("correlated with" in title for title in titles)


def test_the_picture_is_darker_where_the_code_is_correlated(found: Correlation) -> None:
    [grid] = report(found).grids
    levels = {square.region: square.level for _, square in grid.squares()}
    assert levels["South"] == 1 < levels["North"]


def test_the_time_line_has_the_days_seen_and_what_landed(found: Correlation) -> None:
    [grid] = report(found, entry(BAD_HUB, "cause-unknown")).grids
    picture = times_of(grid)
    assert picture is not None
    assert "A: report, 2026-06-09" in picture.text
    assert f"{BAD_HUB} in North" in picture.text
    assert "in South" not in picture.text


def test_every_form_has_the_disclaimer_and_the_same_squares(found: Correlation) -> None:
    made = report(found, entry(BAD_HUB, "cause-unknown"))
    said = report_json(made)
    [alert] = said["alerts"]
    rows = list(csv.DictReader(report_csv(made).splitlines()))
    assert [each["region"] for each in alert["squares"]] == [row["region"] for row in rows]
    assert [each["ratio"] for each in alert["squares"]] == [float(row["ratio"]) for row in rows]
    assert {row["disclaimer"] for row in rows} == {said["meta"]["disclaimer"]} == {DISCLAIMER}
    assert DISCLAIMER in page_of(made)
    whole = ElementTree.fromstring(svg_of(made.grids[0], made))
    assert DISCLAIMER in " ".join(each.text or "" for each in whole.iter(HTML + "text"))
    assert said["records"][0]["cause"] == "cause-unknown"


def test_figures_that_may_not_be_shown_stand_in_no_form(found: Correlation) -> None:
    hidden = replace(found.findings[0], is_shown=False)
    made = report(replace(found, findings=(hidden,), results=()))
    [square] = report_json(made)["alerts"][0]["squares"]
    assert square["ratio"] is not None
    assert [square[key] for key in ("premises", "alerts", "per_day", "first_seen")] == [None] * 4
    assert "seen 2026" not in "\n".join(report_lines(made)) + page_of(made)


def test_the_page_runs_nothing_and_escapes_what_it_shows(found: Correlation) -> None:
    odd = entry(BAD_HUB, "cause-unknown", name="<script>alert(1)</script>")
    page = page_of(report(found, odd))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page


def test_combinations_of_the_same_premises_are_named_and_their_entries_linked(
    found: Correlation,
) -> None:
    [finding] = found.findings
    other = "ESME:FF01/00019999@00010001"
    alike = replace(finding, explained=replace(finding.explained, alike=(("esme", other),)))
    made = report(replace(found, findings=(alike,)), entry(other, "cause-suspected"))
    north, south = report_json(made)["alerts"][0]["squares"]
    assert (north["also_alike"], north["records"]) == ([other], ["A"])
    assert (south["also_alike"], south["records"]) == ([], [])
    assert f"the same premises have: {other}" in "\n".join(report_lines(made))
    assert f"the same premises have: {other}" in page_of(made)
