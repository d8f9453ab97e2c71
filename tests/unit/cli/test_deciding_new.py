"""What is typed to name some of the records of a question."""

from __future__ import annotations

import pytest

from defectreg.cli.deciding_new import numbers


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("3", [3]), ("1-3,5", [1, 2, 3, 5]), ("5 1-2 2", [1, 2, 5]), ("", [])],
)
def test_numbers_are_named_one_by_one_and_from_to(typed: str, meant: list[int]) -> None:
    assert numbers(typed, 5) == meant


@pytest.mark.parametrize("typed", ["0", "6", "3-1", "x", "1-", "-1", "1-2-3", "²", "1-99999999999"])
def test_what_names_no_record_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="from 1 to 5"):
        numbers(typed, 5)
