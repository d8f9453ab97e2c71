"""Rows are put together while any two clusters are alike, and what is nearly alike is told."""

from __future__ import annotations

from defectreg.intake.clustering import PERHAPS, SAME, Cluster, clusters
from defectreg.intake.likening_rows import Traits

METER, OTHER = "ESME:FF01/00010100", "ESME:FF03/00030010"


def traits(*words: str, meter: str = METER) -> Traits:
    """A row that says these words, each as much as any."""
    return Traits({"ESME": frozenset({meter})}, dict.fromkeys(words, len(words) ** -0.5))


def places(*rows: Traits) -> list[tuple[int, ...]]:
    return [cluster.places for cluster in clusters(rows)]


def test_the_larger_cluster_comes_first_and_each_place_once() -> None:
    assert places(traits("a", "b"), traits("c", "d"), traits("c", "d")) == [(1, 2), (0,)]


def test_what_is_alike_by_way_of_others_is_put_together() -> None:
    assert places(traits("a", "b"), traits("b", "c"), traits("c", "d")) == [(0, 1, 2)]


def test_the_same_words_of_another_meter_stay_apart() -> None:
    assert places(traits("a", "b"), traits("a", "b", meter=OTHER)) == [(0,), (1,)]


def test_rows_without_devices_or_words_are_in_no_cluster() -> None:
    silent = Traits({"ESME": frozenset({METER})}, {})
    assert places(Traits({}, {"a": 1.0}), silent, traits("a")) == [(2,)]


def test_what_is_nearly_alike_is_told_of_the_smaller() -> None:
    rows = [traits(*"abcdef"), traits(*"abcdef"), traits(*"aghijk")]
    larger, smaller = clusters(rows)
    assert (larger.places, larger.near) == ((0, 1), None)
    assert (smaller.places, smaller.near) == ((2,), 0)
    assert PERHAPS <= smaller.likeness < SAME


def test_what_has_nothing_in_common_is_near_to_nothing() -> None:
    assert [cluster.near for cluster in clusters([traits("a", "b"), traits("c", "d")])] == [
        None,
        None,
    ]


def test_large_clusters_have_to_be_more_alike_than_single_rows() -> None:
    one, other = traits(*"abcd"), traits(*"aefg")
    assert places(one, other) == [(0, 1)]
    assert len(places(*[one] * 16, *[other] * 16)) == 2


def test_no_row_gives_no_cluster() -> None:
    assert clusters([]) == list[Cluster]()


def test_a_storm_of_the_same_is_one_cluster() -> None:
    [cluster] = clusters([traits("a", "b")] * 1000)
    assert cluster.places == tuple(range(1000))
