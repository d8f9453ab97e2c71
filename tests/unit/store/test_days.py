"""On which day a commit landed, and which commit stood on a day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from defectreg.register.errors import UsageProblem
from defectreg.store.days import check_day, commit_on, day_of
from tests.registers import FIRST_DAY, ID, TestRegister, good_record, make_register

FIFTH = FIRST_DAY + timedelta(days=5)


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", [good_record()], signs=False)


def test_a_commit_landed_on_the_day_of_its_committer(made: TestRegister) -> None:
    first = made.register().head
    made.later(5).change(ID, good_record(title="Another title"))
    assert day_of(made.repository, first) == FIRST_DAY
    assert day_of(made.repository, made.register().head) == FIFTH


def test_the_first_commit_of_all_has_a_day(made: TestRegister) -> None:
    root = made.repository.first_parents(made.register().head)[0]
    assert day_of(made.repository, root) == FIRST_DAY


def test_what_stood_on_a_day_is_the_last_commit_that_had_landed(made: TestRegister) -> None:
    first = made.register().head
    made.later(5).change(ID, good_record(title="Another title"))
    tip = made.register().head
    assert commit_on(made.repository, tip, FIRST_DAY + timedelta(days=4)) == first
    assert commit_on(made.repository, tip, FIFTH) == tip
    assert commit_on(made.repository, tip, date(2020, 1, 1)) is None


def test_a_commit_can_be_asked_for_from_its_own_day_on(made: TestRegister) -> None:
    first = made.register().head
    made.later(5).change(ID, good_record(title="Another title"))
    tip = made.register().head
    check_day(made.repository, tip, FIFTH)
    with pytest.raises(UsageProblem, match="landed on 2026-03-07, after 2026-03-06") as raised:
        check_day(made.repository, tip, FIFTH - timedelta(days=1))
    assert first in raised.value.hint
