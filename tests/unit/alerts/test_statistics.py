"""Sums over premises, and what can be said of two groups by them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defectreg.alerts.statistics import (
    UNKNOWN,
    Sums,
    benjamini_hochberg,
    compare,
    hidden,
    probability,
)


def premises(*alerts: int, days: int = 10) -> Sums:
    """The sums of premises that sent so many alerts each."""
    return Sums(
        alerts=sum(alerts),
        days=days * len(alerts),
        squares=sum(number * number for number in alerts),
        products=sum(number * days for number in alerts),
        days_squared=days * days * len(alerts),
    )


QUIET = premises(*[1] * 40, *[0] * 960)
"""4 in 100 alert once."""


def test_the_same_rate_in_both_groups_is_a_ratio_of_one_and_no_difference() -> None:
    found = compare([(premises(*[1] * 20, *[0] * 480), QUIET)])
    assert found.ratio == pytest.approx(1)
    assert found.p == pytest.approx(1)
    assert found.low < 1 < found.high


def test_many_premises_that_each_alert_more_often_stand_out() -> None:
    found = compare([(premises(*[1] * 80, *[0] * 120), QUIET)])
    assert found.ratio == pytest.approx(10)
    assert found.low > 5
    assert found.p < 1e-10


def test_one_premises_with_thousands_of_alerts_does_not_stand_out() -> None:
    found = compare([(premises(5000, *[0] * 199), QUIET)])
    assert found.ratio > 500
    assert found.p > 0.2
    assert found.low == 0


def test_a_score_is_at_most_the_root_of_how_many_alerted() -> None:
    for number in (1, 4, 16, 64):
        found = compare([(premises(*[7] * number, *[0] * 500), QUIET)])
        assert found.score <= math.sqrt(number) + 1e-9


def test_a_rest_too_small_to_have_shown_how_it_varies_proves_nothing() -> None:
    # 30 premises in ten thousand send a thousand each; the rest has had none of them by chance.
    found = compare([(premises(*[1000] * 30, *[1] * 2970, *[0] * 7000),
                      premises(*[1] * 150, *[0] * 350))])  # fmt: skip
    assert found.ratio > 10
    assert found.p > 0.01


def test_what_only_the_one_group_sends_has_an_infinite_ratio_with_a_lower_bound() -> None:
    found = compare([(premises(*[1] * 100, *[0] * 100), premises(*[0] * 300))])
    assert math.isinf(found.ratio)
    assert found.low > 2
    assert math.isinf(found.high)


def test_a_group_that_sends_nothing_has_a_ratio_of_zero_with_an_upper_bound() -> None:
    found = compare([(premises(*[0] * 300), premises(*[1] * 100, *[0] * 200))])
    assert found.ratio == 0
    assert found.low == 0
    assert 0 < found.high < 1


def test_without_premises_on_both_sides_nothing_is_known() -> None:
    assert compare([(QUIET, Sums())]) == UNKNOWN
    assert compare([]) == UNKNOWN


def test_what_is_the_same_in_each_stratum_is_no_difference_whatever_their_sizes() -> None:
    # Half of the premises with a Hub alert, and 4 in 100 of those without: a meter that is mostly
    # with that Hub alerts more, but not within either.
    with_hub = premises(*[1] * 90, *[0] * 90), premises(*[1] * 10, *[0] * 10)
    without = premises(*[1] * 4, *[0] * 96), premises(*[1] * 40, *[0] * 960)
    marginal = [(with_hub[0] + without[0], with_hub[1] + without[1])]
    assert compare(marginal).low > 1.5
    assert compare([with_hub, without]).p > 0.5


@given(
    st.lists(st.integers(0, 60), min_size=5, max_size=60),
    st.lists(st.integers(0, 60), min_size=5, max_size=60),
)
def test_the_interval_holds_the_ratio_and_one_exactly_where_the_score_says_so(
    one: list[int], other: list[int]
) -> None:
    found = compare([(premises(*one), premises(*other))])
    if math.isnan(found.ratio):
        return
    assert found.low <= found.ratio * (1 + 1e-9)
    assert found.high >= found.ratio * (1 - 1e-9)
    if found.low > 1.000001:
        assert found.score > 1.95


def test_adjusted_probabilities_count_tests_that_are_not_among_them() -> None:
    assert benjamini_hochberg([0.01, 0.02, 0.9], 3) == pytest.approx([0.03, 0.03, 0.9])
    assert benjamini_hochberg([0.01], 50) == pytest.approx([0.5])
    assert benjamini_hochberg([0.9, 0.8], 10) == [1.0, 1.0]


def test_a_score_of_1_96_has_a_probability_of_5_in_100() -> None:
    assert probability(1.959963984540054) == pytest.approx(0.05)
    assert probability(-1.959963984540054) == pytest.approx(0.05)


def test_a_second_cell_is_hidden_with_a_small_one() -> None:
    assert hidden({"a": 3, "b": 40, "c": 50}, 5) == {"a", "b"}
    assert hidden({"a": 5, "b": 40, "c": 50}, 5) == frozenset()


def test_small_cells_that_are_small_together_hide_another() -> None:
    assert hidden({"a": 1, "b": 1, "c": 9, "d": 30}, 5) == {"a", "b", "c"}
    assert hidden({"a": 3, "b": 3, "c": 9, "d": 30}, 5) == {"a", "b"}


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 40), max_size=12), st.integers(1, 9))
def test_no_subtraction_tells_a_small_cell(counts: dict[int, int], smallest: int) -> None:
    gone = hidden(counts, smallest)
    assert all(key in gone for key, count in counts.items() if 0 < count < smallest)
    if gone and gone != set(counts):
        assert len(gone) > 1
        assert sum(counts[key] for key in gone) >= smallest
