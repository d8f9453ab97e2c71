from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from defectreg.gate.policy_signing import plan_sign_off, sign_change
from defectreg.gate.queueing import is_for
from defectreg.gate.waiting_changes import waits_of_change
from defectreg.register.waits import Wait
from defectreg.register.yamltext import dump
from defectreg.store.identity import identify
from defectreg.store.requests import target_of
from tests.registers import MAIN, TestRegister, good_record, grounds, key_of, make_register, sign

BRANCH = "refs/heads/submit/change"
POLICY = "policy/register.yaml"
SHORTER = {POLICY: b"name: for-tests\nreply-window: 5\n"}
ALERTS = "catalogue/alert_codes.yaml"
MONTH = "bulletins/2026-02.yaml"
PARTIES = grounds().parties.by_slug


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register")


def waits(made: TestRegister) -> list[Wait]:
    tip = made.repository.refs(BRANCH)[BRANCH]
    return list(waits_of_change(target_of(made.register()), BRANCH, tip, made.today))


def signs(made: TestRegister, person: str) -> None:
    who = identify(made.register(), None, str(key_of(person)))
    refs = made.repository.refs(BRANCH, MAIN)
    planned = plan_sign_off(made.repository, refs[BRANCH], refs[MAIN], who, made.today)
    now = datetime(made.today.year, made.today.month, made.today.day, 13, tzinfo=UTC)
    sign_change(made.repository, BRANCH, refs[BRANCH], planned, who, now)


def test_a_change_of_the_rules_waits_for_administrators_of_parties_that_have_not_signed(
    made: TestRegister,
) -> None:
    made.commit(SHORTER, BRANCH)
    (wait,) = waits(made)
    assert (wait.whom, wait.waits_for, wait.kind) == ("administrator", "sign-off", "policy")
    assert (wait.parties, wait.request) == (("dcc", "secas"), "submit/change")
    assert (wait.files, wait.since) == ((POLICY,), made.today)
    began = made.today
    made.later(2)
    signs(made, "secas")
    (wait,) = waits(made)
    assert (wait.parties, wait.since) == (("dcc",), began)
    policy = grounds().policy
    assert is_for(wait, PARTIES["dcc"], None, policy)
    assert not is_for(wait, PARTIES["secas"], None, policy), "its Party has signed"
    signs(made, "dcc-second")
    (wait,) = waits(made)
    assert (wait.whom, wait.waits_for, wait.since) == ("administrator", "landing", made.today)


def test_a_change_that_cannot_land_waits_for_those_who_signed_it(made: TestRegister) -> None:
    made.commit({"policy/parties/maker-one.yaml": b"name: Maker One\n"}, BRANCH)
    (wait,) = waits(made)
    assert (wait.whom, wait.waits_for) == ("author", "mending")
    assert wait.files == ("policy/parties/maker-one.yaml",)
    signs(made, "secas")
    assert [wait.whom for wait in waits(made)] == ["secas"]


def test_a_change_of_the_catalogue_waits_for_a_validator(made: TestRegister) -> None:
    alerts = made.read(ALERTS)
    made.commit({ALERTS: alerts + b"# Read again.\n"}, BRANCH)
    (wait,) = waits(made)
    assert (wait.whom, wait.waits_for, wait.kind) == ("validator", "sign-off", "catalogue")
    assert wait.parties == ("dcc",)
    signs(made, "dcc")
    (wait,) = waits(made)
    assert (wait.whom, wait.waits_for) == ("validator", "landing")


def test_a_bulletin_waits_for_a_publisher_until_it_is_signed(made: TestRegister) -> None:
    pointer = {
        "month": "2026-02",
        "by": "secas",
        "date": made.today.isoformat(),
        "commit": made.repository.refs(MAIN)[MAIN],
        "audience": "green",
    }
    made.commit({MONTH: dump(pointer).encode()}, BRANCH)
    (wait,) = waits(made)
    assert (wait.whom, wait.waits_for, wait.kind) == ("publisher", "signature", "bulletin")
    made.commit({MONTH: sign("secas", pointer)[0]}, BRANCH)
    (wait,) = waits(made)
    assert (wait.whom, wait.waits_for, wait.files) == ("publisher", "landing", (MONTH,))


def test_what_is_of_several_kinds_waits_for_its_author(made: TestRegister) -> None:
    made.commit({**SHORTER, MONTH: b"month: 2026-02\n"}, BRANCH)
    (wait,) = waits(made)
    assert (wait.whom, wait.waits_for, wait.kind) == ("author", "mending", "")


def test_what_brings_records_or_has_landed_is_not_told_here(made: TestRegister) -> None:
    made.add(good_record(), accept=False, ref=BRANCH)
    assert waits(made) == []
    made.commit(SHORTER)
    tip = made.repository.refs(MAIN)[MAIN]
    target = target_of(made.register())
    assert list(waits_of_change(target, BRANCH, tip, date(2026, 3, 9))) == []
