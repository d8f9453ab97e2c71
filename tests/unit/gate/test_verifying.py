from __future__ import annotations

from dataclasses import replace

import pytest

from defectreg.gate.judging import Judgement
from defectreg.gate.verifying import (
    Verification,
    Verified,
    check_tip,
    steps_to_verify,
    verify_steps,
)
from defectreg.register.errors import CannotRun
from defectreg.register.findings import Finding
from tests.registers import FIRST_DAY, MAIN, TestRegister, good_record, make_register

WRONG = Finding("a", 1, 1, "G001", "error", "it is wrong")
STEP = Verified("1" * 40, FIRST_DAY, Judgement("data", (), (WRONG,)))
LET_STAND = replace(STEP, acknowledged="By mistake.")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    return make_register(tmp_path_factory.mktemp("verifying") / "register", [good_record()])


def test_a_refused_step_says_which_it_is() -> None:
    (finding,) = STEP.findings
    assert (finding.sentence, finding.severity) == ("step 111111111111: it is wrong", "error")
    assert not Verification("r", "t", (STEP,), ()).stands


def test_an_acknowledged_step_stands_with_a_warning() -> None:
    (finding,) = LET_STAND.findings
    assert finding.severity == "warning"
    assert finding.sentence.endswith("(acknowledged: By mistake.)")
    assert Verification("r", "t", (LET_STAND,), ()).stands


def test_what_stands_at_the_tip_counts_too() -> None:
    assert not Verification("r", "t", (), (WRONG,)).stands
    assert Verification("r", "t", (), (replace(WRONG, severity="warning"),)).stands


def test_a_history_is_verified_step_by_step(made: TestRegister) -> None:
    tip = made.repository.refs(MAIN)[MAIN]
    steps = steps_to_verify(made.repository, tip, None)
    verified = list(verify_steps(made.repository, tip, steps))
    assert [step.judgement.kind for step in verified] == ["root", "data"]
    assert all(step.stands for step in verified)
    assert list(check_tip(made.repository, tip, verified, whole=True)) == []
    assert steps_to_verify(made.repository, tip, tip) == []


def test_since_is_a_step_of_the_history(made: TestRegister) -> None:
    tip = made.repository.refs(MAIN)[MAIN]
    beside = made.commit({"README.md": b"# x\n"}, "refs/heads/submit/readme")
    with pytest.raises(CannotRun, match="no step of this history"):
        steps_to_verify(made.repository, tip, beside)
