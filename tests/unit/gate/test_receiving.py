from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from defectreg.gate.receiving import (
    LONGEST_INPUT,
    Answer,
    RefUpdate,
    judge_updates,
    read_updates,
    receive,
)
from defectreg.register.errors import CannotRun
from tests.registers import FIRST_DAY, MAIN, TestRegister, good_record, make_register

SUBMIT = "refs/heads/submit/DR-7K3Q-X4MB"
ZERO = "0" * 40
ONE = "1" * 40


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register")


def codes(made: TestRegister, stands: dict[str, str], *updates: RefUpdate) -> list[str]:
    day = FIRST_DAY + datetime.timedelta(days=3)
    return [found.code for found in judge_updates(made.repository, updates, stands, day)]


def test_a_line_is_a_move_and_zeros_are_nothing() -> None:
    given = f"{ZERO} {ONE} {MAIN}\n{ONE} {ZERO} {SUBMIT}\n".encode()
    assert read_updates(given) == (RefUpdate(None, ONE, MAIN), RefUpdate(ONE, None, SUBMIT))


@pytest.mark.parametrize(
    "given",
    [
        b"main\n",
        f"{ONE} {ONE}\n".encode(),
        f"{ONE} {ONE} {MAIN} more\n".encode(),
        f"{ONE[1:]} {ONE} {MAIN}\n".encode(),
        f"{ONE} {ONE} heads/main\n".encode(),
        f"{ONE} {ONE} refs/heads/\x1b[2J\n".encode(),
        b"\xff\xfe\n",
        f"{ONE} {ONE} {MAIN}\n\n".encode(),
        b" " * (LONGEST_INPUT + 1),
        b"",
        f"{ONE} {ZERO} {MAIN}\n{ONE} {ONE} {MAIN}\n".encode(),
    ],
)
def test_lines_that_git_does_not_write_are_refused(given: bytes) -> None:
    with pytest.raises(CannotRun):
        read_updates(given)


def test_what_cannot_be_judged_is_not_let_in(made: TestRegister, tmp_path: Path) -> None:
    tip = made.repository.refs()[MAIN]
    lines = f"{tip} {tip} {MAIN}\n".encode()
    nowhere = receive(tmp_path, lines, FIRST_DAY)
    assert not nowhere.is_let_in
    assert "is not in a git repository" in nowhere.reason
    missing = receive(made.folder, f"{tip} {ONE} {MAIN}\n".encode(), FIRST_DAY)
    assert not missing.is_let_in
    nothing = receive(made.folder, b"main\n", FIRST_DAY)
    assert (nothing.findings, nothing.is_let_in) == ((), False)


def test_a_fault_of_the_program_lets_nothing_in(made: TestRegister) -> None:
    tip = made.repository.refs()[MAIN]
    made.add(good_record(), accept=False, ref=SUBMIT)
    lines = f"{tip} {made.repository.refs()[SUBMIT]} {MAIN}\n".encode()
    no_day: datetime.date = None  # type: ignore[assignment]  # what no caller does
    answer = receive(made.folder, lines, no_day)
    assert not answer.is_let_in


def test_an_answer_without_findings_or_reason_lets_in() -> None:
    assert Answer().is_let_in
    assert not Answer(reason="the push was not judged").is_let_in


def test_a_branch_that_moved_meanwhile_is_not_moved_again(made: TestRegister) -> None:
    before = made.repository.refs()[MAIN]
    made.add(good_record())
    after = made.repository.refs()[MAIN]
    update = RefUpdate(before, after, MAIN)
    assert codes(made, {MAIN: after}, update) == ["G051"]
    assert codes(made, {}, update) == ["G051"]
    assert codes(made, {MAIN: before}, update) == []


def test_a_request_waits_for_a_main(made: TestRegister) -> None:
    tip = made.repository.refs()[MAIN]
    request = RefUpdate(None, tip, SUBMIT)
    assert codes(made, {}, request) == ["G050"]
    assert codes(made, {}, request, RefUpdate(None, tip, MAIN)) == []


def test_what_is_no_commit_stands_on_no_branch(made: TestRegister) -> None:
    tip = made.repository.refs()[MAIN]
    tree = made.repository.tree(tip)
    assert codes(made, {MAIN: tip}, RefUpdate(None, tree, SUBMIT)) == ["G050"]


def test_a_whole_register_is_taken_by_an_empty_repository(made: TestRegister) -> None:
    made.add(good_record())
    tip = made.repository.refs()[MAIN]
    assert codes(made, {}, RefUpdate(None, tip, MAIN)) == []
