from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from defectreg.intake.candidates import Unwritable
from defectreg.intake.proposals import (
    Desk,
    commit,
    issue,
    refusal_of,
    signed_proposal,
    statement,
    unread,
)
from defectreg.register.errors import UsageProblem
from defectreg.register.yamltext import YamlError, load
from defectreg.store.identity import Identity
from tests.registers import ID, TestRegister, good_record, key_of, make_register

SUMMER_NIGHT = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
TYPED = {
    "title": "Meter forgets its tariff after a power outage",
    "affected": ["ESME:FF03/00010100"],
    "behaviour": "After a power outage the meter charges by its first tariff.",
    "impact.consumers": "high",
}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    folder = tmp_path_factory.mktemp("proposals") / "register"
    return make_register(folder, [good_record()], signs=False)


def desk(register: TestRegister, key: Path | None = None) -> Desk:
    return Desk.for_new(
        register.register(), Identity("supplier-one", None, key), SUMMER_NIGHT, "DR-0000-0001"
    )


def test_a_statement_bears_the_calendar_day_of_london(register: TestRegister) -> None:
    proposal = issue(desk(register), TYPED, {})
    assert any("/2026-07-01-report-supplier-one.yaml" in path for path in proposal.candidate.files)


def test_a_good_issue_is_not_refused(register: TestRegister) -> None:
    assert refusal_of(issue(desk(register), TYPED, {"devices": "2-9"})) is None


def test_a_finding_is_told_by_the_field_it_is_about(register: TestRegister) -> None:
    wrong = {**TYPED, "title": "No", "impact.consumers": "huge"}
    refusal = refusal_of(issue(desk(register), wrong, {"devices": "many"}))
    assert refusal is not None
    assert {field for field, _ in refusal.findings} == {"title", "impact", "report: devices"}


def test_what_is_missing_is_told_of_the_whole(register: TestRegister) -> None:
    lacking = {key: value for key, value in TYPED.items() if key != "title"}
    refusal = refusal_of(issue(desk(register), lacking, {}))
    assert refusal is not None
    assert [(field, finding.code) for field, finding in refusal.findings] == [("", "S002")]


def test_a_reason_not_to_take_it_refuses_too(register: TestRegister) -> None:
    refusal = refusal_of(issue(desk(register), {**TYPED, "classification": "red"}, {}))
    assert refusal is not None
    assert refusal.notes != ()


@pytest.mark.parametrize("key", ["of", "kind", "by", "date", "signature"])
def test_the_envelope_of_a_statement_is_not_typed(register: TestRegister, key: str) -> None:
    with pytest.raises(UsageProblem):
        statement(desk(register), "report", {key: "x"})


def test_with_a_key_every_statement_is_signed_and_without_none(register: TestRegister) -> None:
    unsigned = issue(desk(register), TYPED, {})
    assert signed_proposal(unsigned) is unsigned
    assert len(unsigned.unsigned) == 1
    signed = signed_proposal(issue(desk(register, key_of("supplier-one")), TYPED, {}))
    assert (signed.unsigned, refusal_of(signed)) == ((), None)


def test_a_signer_without_the_role_is_refused_once_it_is_signed(register: TestRegister) -> None:
    signed = signed_proposal(issue(desk(register, key_of("supplier-two")), TYPED, {}))
    refusal = refusal_of(signed)
    assert refusal is not None
    assert [finding.code for _, finding in refusal.findings] == ["R093"]


def test_what_is_committed_is_what_was_judged(register: TestRegister) -> None:
    proposal = issue(desk(register), TYPED, {})
    tip = commit(proposal)
    for path, data in proposal.candidate.files.items():
        assert register.repository.read(tip, path) == data


def test_what_stands_already_is_what_a_statement_is_judged_with(register: TestRegister) -> None:
    speaker = Identity("supplier-two", None, None)
    at = Desk.for_record(register.register(), speaker, SUMMER_NIGHT, "7k3q")
    assert at.path in at.standing
    said = statement(at, "challenge", {"says": "We do not see it.", "about": "behaviour"})
    assert (at.record_id, refusal_of(said)) == (ID, None)


def test_a_text_that_cannot_be_read_is_refused_with_its_finding(register: TestRegister) -> None:
    with pytest.raises(YamlError) as broken:
        load(b"a: &x 1\n")
    with pytest.raises(Unwritable) as odd:
        issue(desk(register), {**TYPED, "title": "A \x1b title"}, {})
    for error in (broken.value, odd.value):
        ((field, finding),) = unread(error).findings
        assert (field, finding.code[0]) == ("", "Y")
