"""What is printed of findings and effects."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from defectreg.alerts.correlating import Correlation, Exposure, Finding, Result, Said
from defectreg.alerts.explaining import Explained
from defectreg.alerts.statistics import Comparison
from defectreg.alerts.telling import correlation_json, correlation_lines

HUB = ("hub", "CHF:FF02/00020001@00020002")
METER = ("esme", "ESME:FF01/00010100@00010001")
RESULT = Result(
    region="North",
    code="8F1E",
    cell=HUB,
    exposure=Exposure(premises=400, days=11_200, days_squared=313_600, late=5_600),
    said=Said(160, 560, 500, 900, 14_000, 420, "2026-06-01", "2026-06-28"),
    code_alerts=2_240,
    region_alerts=5_600,
    comparison=Comparison(10.5, 8.25, 13.5, 8.7, 1e-18),
    adjusted=1e-16,
    trend=3.0,
)
FINDING = Finding(RESULT, Explained(HUB, RESULT.comparison, 7, (METER,)), 2e-16, is_shown=True)


def told(finding: Finding) -> str:
    return "\n".join(correlation_lines(Correlation(28, (finding.result,), (finding,), 44, 3)))


def test_a_finding_says_what_it_is_correlated_with_how_surely_and_what_it_loads() -> None:
    assert told(FINDING).splitlines() == [
        "CHF:FF02/00020001@00020002 in North: correlated with 8F1E",
        "    10.5 times the rate of the rest of the region (95 % interval 8.25 to 13.5; "
        "adjusted p 2e-16)",
        "    160 of 400 premises alerted (40%), 0.05 alerts a premises-day",
        "    20 alerts a day, 10.0% of the region's and 25.0% of its 8F1E",
        "    seen from 2026-06-01 to 2026-06-28, rising (second half 3 times the first)",
        "    the same premises have: ESME:FF01/00010100@00010001",
        "    7 other combinations stand out only with it",
        "",
        "1 finding in 44 tests of 28 days.",
        "3 cells are not shown: too few premises alerted, or one could be told.",
        "--json has the figures of 1 cell.",
    ]


def test_figures_that_would_tell_a_small_cell_are_left_out() -> None:
    exactly = Comparison(10.4987, 8.25123, 13.50001, 8.7, 1e-18)
    hidden = replace(FINDING, result=replace(RESULT, comparison=exactly), is_shown=False)
    assert "160 of 400" not in told(hidden)
    assert "2026-06-28" not in told(hidden)
    data = correlation_json(Correlation(28, (), (hidden,), 44, 3), {})["findings"][0]
    assert data["alerts"] is None
    assert data["alerting_premises"] is None
    assert data["first_seen"] is None
    assert (data["combination"], data["ratio"]) == (HUB[1], 10.5)
    assert (data["low"], data["high"]) == (8.25, 13.5)
    assert data["share"] is None


@pytest.mark.parametrize(
    ("trend", "words"), [(1.1, "steady"), (0.5, "falling"), (1.3, "rising"), (None, "2026-06-28\n")]
)
def test_a_trend_is_a_word_and_a_factor(trend: float | None, words: str) -> None:
    assert words in told(replace(FINDING, result=replace(RESULT, trend=trend)))


def test_what_is_infinite_is_null_in_json() -> None:
    endless = replace(RESULT, comparison=Comparison(math.inf, 4.0, math.inf, 5.0, 1e-7))
    data = correlation_json(Correlation(28, (endless,), (), 44, 0), {"since": "2026-06-01"})
    assert data["cells"][0]["ratio"] is None
    assert data["cells"][0]["high"] is None
    assert data["cells"][0]["low"] == 4.0
    assert data["meta"] == {"since": "2026-06-01", "days": 28, "tests": 44, "suppressed": 0}
