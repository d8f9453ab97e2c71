from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from defectreg.gate.judging import judge
from defectreg.gate.policy_signing import plan_sign_off, proposal_of, sign_change
from defectreg.register.errors import UsageProblem
from defectreg.register.yamltext import load
from defectreg.store.identity import Identity, identify
from tests.registers import MAIN, TestRegister, ground_files, key_of, make_register, sha256

BRANCH = "refs/heads/submit/change"
POLICY = "policy/register.yaml"
CHANGED = b"name: for-tests\nreply-window: 5\n"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    made = make_register(tmp_path_factory.mktemp("signing") / "register")
    made.commit({POLICY: CHANGED}, BRANCH)
    return made


def tips(made: TestRegister) -> tuple[str, str]:
    refs = made.repository.refs(BRANCH, MAIN)
    return refs[BRANCH], refs[MAIN]


def identity(made: TestRegister, person: str) -> Identity:
    return identify(made.register(), None, str(key_of(person)))


def test_a_sign_off_lists_what_the_request_changes(made: TestRegister) -> None:
    planned = plan_sign_off(
        made.repository, *tips(made), identity(made, "secas"), made.today, "Paper 7."
    )
    assert planned.path == "policy/statements/2026-03-02-sign-off-secas.yaml"
    assert load(planned.text.encode()).data == {
        "kind": "sign-off",
        "by": "secas",
        "date": "2026-03-02",
        "role": "administrator",
        "says": "Paper 7.",
        "before": [f"{sha256(ground_files()[POLICY])}  {POLICY}"],
        "after": [f"{sha256(CHANGED)}  {POLICY}"],
    }


def test_two_sign_and_what_lists_other_bytes_is_taken_out(made: TestRegister) -> None:
    def sign(person: str) -> tuple[str, ...]:
        who = identity(made, person)
        planned = plan_sign_off(made.repository, *tips(made), who, made.today)
        sign_change(made.repository, BRANCH, tips(made)[0], planned, who, NOW)
        return planned.replaced

    assert (sign("secas"), sign("dcc-second")) == ((), ())
    head, target = tips(made)
    assert judge(made.repository, target, head, made.today).passes
    made.commit({POLICY: CHANGED.replace(b"5", b"6")}, BRANCH)
    assert sign("secas") == ("policy/statements/2026-03-02-sign-off-secas.yaml",)
    sign("dcc-second")
    head, target = tips(made)
    assert judge(made.repository, target, head, made.today).passes


def test_who_has_not_the_role_signs_nothing(made: TestRegister) -> None:
    with pytest.raises(UsageProblem, match="role administrator"):
        plan_sign_off(made.repository, *tips(made), identity(made, "dcc"), made.today)


def test_a_request_that_changes_no_rule_is_not_signed_so(made: TestRegister) -> None:
    made.commit({"bulletins/2026-02.yaml": json.dumps({}).encode()}, BRANCH)
    with pytest.raises(UsageProblem, match="alone"):
        plan_sign_off(made.repository, *tips(made), identity(made, "secas"), made.today)


def signs(made: TestRegister, person: str) -> tuple[str, ...]:
    """Signs, and returns the Parties of which one has still to sign."""
    who = identity(made, person)
    planned = plan_sign_off(made.repository, *tips(made), who, made.today)
    sign_change(made.repository, BRANCH, tips(made)[0], planned, who, NOW)
    return planned.awaited


def test_after_a_sign_off_it_is_said_who_has_still_to_sign(made: TestRegister) -> None:
    assert signs(made, "secas") == ("dcc",)
    assert signs(made, "dcc-second") == ()


def test_a_party_that_has_signed_does_not_sign_again(made: TestRegister) -> None:
    signs(made, "secas")
    with pytest.raises(UsageProblem, match="secas has signed this change already") as refused:
        signs(made, "secas")
    assert refused.value.hint == "an administrator of another Party signs: dcc"
    signs(made, "dcc-second")
    with pytest.raises(UsageProblem) as refused:
        signs(made, "secas")
    assert refused.value.hint.startswith("nothing more is awaited")


def test_a_branch_that_is_not_there_is_no_proposal(made: TestRegister) -> None:
    assert proposal_of(made.register(), "submit/change", None).head == tips(made)[0]
    with pytest.raises(UsageProblem, match="'submit/other' is no branch"):
        proposal_of(made.register(), "submit/other", None)
    with pytest.raises(UsageProblem, match="'elsewhere' is no branch"):
        proposal_of(made.register(), "submit/change", "elsewhere")
