from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from defectreg.cli.today import asked_day, today
from defectreg.register.errors import UsageProblem


def test_a_day_begins_at_midnight_in_london() -> None:
    assert today(datetime(2026, 6, 30, 22, 59, tzinfo=UTC)) == date(2026, 6, 30)
    assert today(datetime(2026, 6, 30, 23, 0, tzinfo=UTC)) == date(2026, 7, 1)


def test_a_day_is_asked_for_as_it_is_shown() -> None:
    assert asked_day("2026-10-21") == date(2026, 10, 21)


@pytest.mark.parametrize("typed", ["2026-02-30", "20261021", "2026-W43-3", "yesterday", ""])
def test_what_is_no_day_is_refused_with_how_to_write_one(typed: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        asked_day(typed)
    assert "YYYY-MM-DD" in problem.value.hint
