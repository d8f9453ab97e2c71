"""Days are found as people in Great Britain write them."""

from __future__ import annotations

import pytest

from tests.unit.intake.readings import found, values


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 2026-10-21", "2026-10-21"),
        ("on 21/10/2026", "2026-10-21"),
        ("on 3/4/26", "2026-04-03"),
        ("on 21.10.2026", "2026-10-21"),
        ("on 21st October 2026", "2026-10-21"),
        ("on the 1st of Nov", "2026-11-01"),
        ("on Oct 21, 2026", "2026-10-21"),
        ("on 21-Oct-2026", "2026-10-21"),
        ("on 24 December", "2025-12-24"),
        ("yesterday", "2026-11-07"),
        ("this morning", "2026-11-08"),
    ],
)
def test_a_day_is_found(text: str, day: str) -> None:
    assert values(text, "date") == [day]


@pytest.mark.parametrize(
    "text", ["31/02/2026", "1/13/2026", "2026-10-21-5", "25 may be out", "8/9"]
)
def test_what_is_no_day_is_not_one(text: str) -> None:
    assert values(text, "date") == []


@pytest.mark.parametrize("words", ["since", "started on", "first seen on", "From about"])
def test_the_first_day_is_told_apart(words: str) -> None:
    assert values(f"{words} 3 November", "since") == ["2026-11-03"]


def test_what_is_to_come_did_not_begin() -> None:
    assert values("from 3 December 2026", "since") == []


def test_without_the_day_on_which_it_was_told_no_year_is_guessed() -> None:
    assert found("since yesterday, or 3 November", None) == ()
    assert [one.value for one in found("since 3 November 2026", None)] == ["2026-11-03"]
