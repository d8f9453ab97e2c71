from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.gate.judging import Bench, Judgement, judge
from defectreg.register.errors import CannotRun
from defectreg.register.findings import Finding
from tests.registers import MAIN, TestRegister, good_record, make_register

AWAITED = Finding("a", 1, 1, "G011", "awaited", "it is awaited")
WRONG = Finding("a", 1, 1, "G001", "error", "it is wrong")
WARNED = Finding("a", 1, 1, "R038", "warning", "it is odd")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    return make_register(tmp_path_factory.mktemp("judging") / "register", [good_record()])


def test_what_is_wrong_or_awaited_keeps_a_step_out_and_warnings_do_not() -> None:
    for finding, passes in ((AWAITED, False), (WRONG, False), (WARNED, True)):
        assert Judgement("data", (), (finding,)).passes is passes
    both = Judgement("data", (), (AWAITED, WRONG, WARNED))
    assert (both.errors, both.awaited) == ((WRONG,), (AWAITED,))


def test_where_nothing_moves_there_is_nothing_to_judge(made: TestRegister) -> None:
    tip = made.repository.refs(MAIN)[MAIN]
    assert judge(made.repository, tip, tip, made.today) == Judgement("nothing")


def test_the_rules_are_read_once_for_equal_rules(made: TestRegister) -> None:
    bench = Bench(made.repository)
    root, tip = made.repository.first_parents(made.repository.refs(MAIN)[MAIN])
    assert bench.grounds_at(root) is bench.grounds_at(tip)


def test_what_cannot_be_read_is_refused_and_nothing_is_raised(made: TestRegister) -> None:
    tip = made.repository.refs(MAIN)[MAIN]
    broken = made.commit({"policy/register.yaml": b"{"}, "refs/heads/submit/broken")
    for before, after in ((broken, tip), ("1" * 40, tip), (tip, "1" * 40), ("", tip)):
        judgement = judge(made.repository, before, after, made.today)
        assert [each.code for each in judgement.errors] == ["G009"]
    with pytest.raises(CannotRun):
        Bench(made.repository).grounds_at(broken)


def test_paths_that_are_no_part_of_the_register_are_let_be(tmp_path: Path) -> None:
    other = make_register(tmp_path / "register")
    other.policy(not_register=["src/"])
    tip = other.repository.refs(MAIN)[MAIN]
    code = other.commit({"src/x.py": b"x\n"}, "refs/heads/submit/code")
    assert judge(other.repository, tip, code, other.today) == Judgement("other")
