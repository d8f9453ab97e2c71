"""A month's pointer before it lands: what may be drafted, and what takes another's place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from defectreg.register.errors import UsageProblem
from defectreg.register.yamltext import load
from defectreg.store.identity import Identity
from defectreg.store.months import Pointer
from defectreg.store.signing_months import (
    check_forward,
    check_month,
    draft,
    propose_month,
    publisher,
)
from tests.registers import MAIN, TestRegister, good_record, key_of, make_register

DAY = date(2026, 10, 31)


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", [good_record()], signs=False)


def secas(made: TestRegister) -> Identity:
    return publisher(made.register(), "2026-10", None, str(key_of("secas")))


@pytest.mark.parametrize("month", ["2026-00", "2026-13", "1999-10", "2026-1", "2026-10-01", ""])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(UsageProblem, match="is no month"):
        check_month(month, DAY)


def test_a_month_may_be_signed_from_its_first_day_and_not_before() -> None:
    check_month("2026-10", date(2026, 10, 1))
    check_month("2026-10", date(2027, 1, 1))
    with pytest.raises(UsageProblem, match="has not begun"):
        check_month("2026-10", date(2026, 9, 30))


def test_a_draft_names_the_tip_or_a_commit_that_landed(made: TestRegister) -> None:
    first = made.repository.refs(MAIN)[MAIN]
    made.later().add(good_record(id="DR-2222-2222"))
    tip = made.repository.refs(MAIN)[MAIN]
    register = made.register()
    assert draft(register, "2026-10", None, DAY, "green").commit == tip
    assert draft(register, "2026-10", first[:12], DAY, "green").commit == first


def test_what_stands_on_a_request_alone_is_not_drafted(made: TestRegister) -> None:
    made.add(good_record(id="DR-2222-2222"), ref="refs/heads/submit/DR-2222-2222")
    with pytest.raises(UsageProblem, match="no commit that has landed"):
        draft(made.register(), "2026-10", "submit/DR-2222-2222", DAY, "green")


def test_a_pointer_takes_the_place_of_one_for_an_earlier_commit_or_day(made: TestRegister) -> None:
    older = made.repository.refs(MAIN)[MAIN]
    made.later().add(good_record(id="DR-2222-2222"))
    newer = made.repository.refs(MAIN)[MAIN]
    landed = Pointer("2026-10", "secas", DAY, newer, "green")
    check_forward(made.repository, None, landed)
    check_forward(made.repository, replace(landed, commit=older), replace(landed, by=""))
    check_forward(made.repository, landed, replace(landed, by="", day=date(2026, 11, 1)))
    for back in (replace(landed, commit=older), replace(landed, day=date(2026, 10, 30))):
        with pytest.raises(UsageProblem, match="for a later commit or day"):
            check_forward(made.repository, landed, back)
    with pytest.raises(UsageProblem, match="shows just this"):
        check_forward(made.repository, landed, replace(landed, by=""))


def test_what_is_proposed_is_one_signed_file_on_a_branch_of_its_own(made: TestRegister) -> None:
    register = made.register()
    pointer = draft(register, "2026-10", None, DAY, "green")
    proposed = propose_month(register, pointer, secas(made), datetime(2026, 10, 31, tzinfo=UTC))
    assert proposed.branch == "submit/bulletin-2026-10"
    moves = made.repository.moved(register.head, proposed.commit)
    assert [move.path for move in moves] == ["bulletins/2026-10.yaml"]
    source = made.repository.read(proposed.commit, proposed.path)
    assert source is not None
    data = load(source).data
    assert isinstance(data, dict)
    assert str(data.pop("signature")).startswith("-----BEGIN SSH SIGNATURE-----")
    assert data == {**pointer.data, "by": "secas"}
    again = propose_month(register, pointer, secas(made), datetime(2026, 10, 31, tzinfo=UTC))
    assert again.branch == "submit/bulletin-2026-10-2"


def test_only_a_publisher_signs(made: TestRegister) -> None:
    with pytest.raises(UsageProblem, match="not that of a publisher, but of dcc"):
        publisher(made.register(), "2026-10", None, str(key_of("dcc")))
