"""What a commit lets out: every record judged, and only what the audience may see."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.register.policy import Policy
from defectreg.register.record import statements_folder
from defectreg.store.releasing import Released, public_switches, record_ids, released
from tests.registers import ID, TestRegister, good_record, make_register, sign_off, statement
from tests.unit.register.cases import schema

DAY = datetime.date(2026, 12, 1)
OTHER = "DR-2222-2222"


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", [good_record()], signs=False)


def ask(made: TestRegister, audience: str | None = None) -> Released:
    return released(made.register().head_source, audience, DAY)


def test_an_accepted_record_is_let_out_and_counted(made: TestRegister) -> None:
    result = ask(made)
    assert [record.id for record in result.register.records] == [ID]
    assert {stage: number for stage, number in result.stages.items() if number} == {"published": 1}
    assert result.left_out == ()
    assert result.register.commit == made.register().head
    assert result.register.day == DAY


def test_the_policy_says_for_whom_where_nobody_else_does(made: TestRegister) -> None:
    assert ask(made).register.audience == "green"
    assert ask(made, "clear").register.audience == "clear"


def test_a_record_above_the_audience_is_counted_and_kept(made: TestRegister) -> None:
    result = ask(made, "clear")
    assert result.register.records == ()
    assert result.stages["recorded"] == 1


def test_records_come_by_id_each_told_of_once(made: TestRegister) -> None:
    made.add(good_record(id=OTHER))
    told: list[int] = []
    result = released(made.register().head_source, None, DAY, told.append)
    assert [record.id for record in result.register.records] == [OTHER, ID]
    assert told == [1, 1]
    assert record_ids(made.register().head_source) == [OTHER, ID]


@pytest.mark.parametrize("name", ["2026-03-05-sign-off-ssc.yaml", "odd.yaml"])
def test_a_record_with_a_statement_that_cannot_be_read_is_left_out(
    made: TestRegister, name: str
) -> None:
    made.commit({f"{statements_folder(ID)}/{name}": b"kind: [hold"})
    result = ask(made)
    assert result.register.records == ()
    assert result.left_out == (ID,)


def test_a_record_that_cannot_be_read_is_left_out_and_others_are_not(made: TestRegister) -> None:
    made.add(good_record(id=OTHER))
    made.commit({"records/7K/DR-7K3Q-X4MB.yaml": b"id: ["})
    result = ask(made)
    assert [record.id for record in result.register.records] == [OTHER]
    assert result.left_out == (ID,)


def test_nothing_is_let_out_by_rules_that_cannot_be_read(made: TestRegister) -> None:
    made.commit({"policy/parties/maker-one.yaml": b"name: ["})
    with pytest.raises(CannotRun, match=r"policy/parties/maker-one\.yaml:1"):
        ask(made)


def test_a_related_record_is_named_only_where_it_is_let_out_itself(made: TestRegister) -> None:
    made.add(good_record(id=OTHER, related=[ID, "DR-3333-3333"]))
    made.add(good_record(id="DR-3333-3333"), accept=False)
    other, _ = ask(made).register.records
    assert other.values["related"] == [ID]
    made.change(OTHER, good_record(id=OTHER, related=["DR-3333-3333"]))
    other, _ = ask(made).register.records
    assert "related" not in other.values


def test_a_tombstone_names_the_other_record_only_where_it_is_let_out(made: TestRegister) -> None:
    made.add(good_record(id=OTHER), accept=False)
    made.say(ID, sign_off("withdraw", code="superseded", other=OTHER))
    (gone,) = ask(made).register.records
    assert gone.withdrawal is not None
    assert gone.withdrawal.other == ""
    made.say(OTHER, sign_off("accept"))
    _, gone = ask(made).register.records
    assert gone.withdrawal is not None
    assert gone.withdrawal.other == OTHER


def test_a_withdrawn_record_that_the_audience_might_not_read_leaves_no_tombstone(
    made: TestRegister,
) -> None:
    made.say(ID, sign_off("withdraw", code="reported-in-error"))
    assert len(ask(made).register.records) == 1
    assert ask(made, "clear").register.records == ()


def test_a_tombstone_keeps_the_response_but_not_of_what_was_held(made: TestRegister) -> None:
    made.say(ID, statement("response", "maker-one", position="disputed", says="Not so."))
    made.say(ID, sign_off("withdraw", code="reported-in-error"))
    (gone,) = ask(made).register.records
    assert [said.kind for said in gone.statements] == ["response"]
    assert gone.marks == ()
    assert gone.timeline == ()
    made.say(ID, sign_off("hold", by="ssc", role="security"))
    (gone,) = ask(made).register.records
    assert gone.statements == ()


def test_the_fields_are_those_of_the_registers_schema_that_the_audience_may_read(
    made: TestRegister,
) -> None:
    green = {field.path for field in ask(made).register.fields}
    clear = {field.path for field in ask(made, "clear").register.fields}
    assert ("incident",) not in green
    assert green - clear >= {("evidence", "devices"), ("security",)}
    impact = next(
        field for field in ask(made).register.fields if field.path == ("impact", "consumers")
    )
    assert (impact.column, impact.default, impact.is_coded) == ("impact-consumers", "none", True)


def test_alert_codes_come_with_the_words_of_the_catalogue_and_none_without(
    made: TestRegister,
) -> None:
    codes = 'source: invented\nalert_codes:\n  - code: "8F1E"\n    words: said\n  - code: N53\n'
    codes += '  - code: "8F20"\n    words: radio of a faulty meter\n'
    made.commit({"catalogue/alert_codes.yaml": codes.encode()})
    assert ask(made).register.alerts == (("8F1E", "said"),)


def test_switches_are_said_in_words_with_who_decided() -> None:
    decided = {"audience": {"by": "SEC Panel", "date": "2026-01-02", "reference": "paper 7"}}
    data = {"name": "example", "decided": decided, "small-cell": 9, "who-reports": ["dcc"]}
    made = Policy.parse(data, schema("policy"))
    said = {switch.key: switch for switch in public_switches(made, schema("policy"))}
    assert said["audience"].words == "the SEC Parties"
    assert said["audience"].decided == "SEC Panel, 2026-01-02, paper 7"
    decided = {"audience": {"by": "P. Kapoor", "date": "2026-01-02", "reference": "paper 7"}}
    made = Policy.parse({**data, "decided": decided}, schema("policy"))
    said = {switch.key: switch for switch in public_switches(made, schema("policy"))}
    assert said["audience"].decided == "2026-01-02, paper 7"
    assert said["reply-window"].words == "10"
    assert said["who-reports"].words == "dcc"
    assert said["who-reports"].decided == "set, with no decision recorded"
    assert said["small-cell"].decided == "set, with no decision recorded"
    assert said["superfluous-alerts"].decided == said["words"].decided == ""
    assert said["silence"].decided == ""
