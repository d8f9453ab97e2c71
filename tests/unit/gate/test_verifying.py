from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from defectreg.gate.judging import Judgement
from defectreg.gate.verifying import (
    Verification,
    Verified,
    check_tip,
    steps_to_verify,
    verify_steps,
    verify_whole,
)
from defectreg.register.errors import CannotRun
from defectreg.register.findings import Finding
from tests.registers import FIRST_DAY, ID, MAIN, TestRegister, good_record, make_register

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


def findings(made: TestRegister, whole: bool = True) -> list[tuple[str, str]]:
    """Code and first words of what is found in the history, and then at its tip."""
    tip = made.repository.refs(MAIN)[MAIN]
    steps = steps_to_verify(made.repository, tip, None)
    verified = tuple(verify_steps(made.repository, tip, steps))
    standing = tuple(check_tip(made.repository, tip, verified, whole=whole))
    found = Verification("r", tip, verified, standing).findings
    return [(each.code, each.sentence.partition(":")[0]) for each in found]


@pytest.mark.parametrize("path", ["policy/register.yaml", "schema/record.schema.json"])
def test_a_step_that_takes_away_what_is_judged_by_is_refused(tmp_path: Path, path: str) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    there = made.read(path)
    broken = made.later().commit({path: None})
    step = f"step {broken[:12]}"
    at_tip = ("G009", "what stands at the tip can be judged by nothing")
    assert sorted(findings(made)) == sorted([("G020", step), ("G023", step), at_tip])
    whole = [found for *_, found in verify_whole(made.repository, broken)]
    assert [(each.code, each.file) for found in whole for each in found] == [("G009", "")]
    mended = made.later().commit({path: there})
    assert ("G009", f"step {mended[:12]}") in findings(made)
    assert at_tip not in findings(made)


def test_a_party_taken_away_is_a_refused_step_and_the_rest_is_judged(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    broken = made.later().commit({"policy/parties/supplier-two.yaml": None})
    assert findings(made) == [("G020", f"step {broken[:12]}")]


def test_a_fact_that_a_step_tells_is_not_told_of_the_tip_again(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    made.later().change(ID, good_record(title="Meter sends no alerts"), accept=False)
    made.commit({"records/notes.txt": b"Notes.\n"})
    assert [code for code, _ in findings(made)] == ["G011", "G003"]
    tip = made.repository.refs(MAIN)[MAIN]
    alone = {each.code for each in check_tip(made.repository, tip, (), whole=True)}
    assert alone == {"R013", "S011"}
