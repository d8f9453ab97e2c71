"""The labelled week is the same each time, and its measures say what they claim."""

from __future__ import annotations

import pytest

from benchmarks.intake_quality import pairs, read, rows_of_a_matter
from benchmarks.intake_reports import Week, week
from defectreg.register.detectors import find

REPORTS, RECORDS = 200, 1000


@pytest.fixture(scope="module")
def made() -> Week:
    return week(1, REPORTS, RECORDS)


def test_the_same_seed_makes_the_same_week(made: Week) -> None:
    assert week(1, REPORTS, RECORDS).told == made.told
    assert week(2, REPORTS, RECORDS).told != made.told


def test_some_matters_stand_in_the_register_and_some_are_new(made: Week) -> None:
    matters = {told.matter for told in made.told if told.matter}
    assert {bool(matter.record_id) for matter in matters} == {True, False}


def test_a_matter_is_told_in_different_texts(made: Week) -> None:
    texts: dict[object, set[str]] = {}
    for told in made.told:
        texts.setdefault(told.matter, set()).add(told.text)
    assert max(len(several) for matter, several in texts.items() if matter) > 3


def test_nothing_in_it_is_what_may_never_be_stored(made: Week) -> None:
    assert [told.text for told in made.told if list(find(told.text))] == []


def test_what_is_told_is_read_back(made: Week) -> None:
    rows = read(made)
    assert [int(row.reference) for row in rows] == list(range(REPORTS))
    right = sum(
        any(told.matter.model in text.upper() for text in row.fields.get("affected", ()))
        for told, row in zip(made.told, rows, strict=True)
        if told.matter
    )
    assert right >= 0.9 * sum(told.matter is not None for told in made.told)


def test_pairs_are_counted_both_ways() -> None:
    assert str(pairs("aab", "xxy")) == "precision 100.0%, recall 100.0%"
    assert str(pairs("aaa", "xxy")) == "precision 33.3%, recall 100.0%"
    assert str(pairs("abc", "xxx")) == "precision 0.0%, recall 0.0%"


def test_each_report_counts_alike_whatever_its_group() -> None:
    assert str(rows_of_a_matter("aab", "xxy")) == "precision 100.0%, recall 100.0%"
    assert str(rows_of_a_matter("abc", "xxx")) == "precision 100.0%, recall 33.3%"
    assert str(rows_of_a_matter("aaaa", "xxxy")) == "precision 62.5%, recall 100.0%"
