from __future__ import annotations

import pytest

from defectreg.intake.candidates import (
    Candidate,
    Unwritable,
    flat,
    judged,
    kept_text,
    nested,
    new_issue,
    new_statement,
    ordered,
    without_empty,
    written,
)
from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import dump, load
from tests.registers import ID, good_record, sha256, sign_off, statement
from tests.unit.intake.grounds_for_tests import grounds, schema

NAME = "2026-03-02-report-supplier-one.yaml"
REPORT = {"of": ID, "date": "2026-03-02", **statement("report", "supplier-one")}


def typed() -> dict[str, object]:
    return {key: value for key, value in good_record().items() if key != "id"}


def test_a_new_issue_is_a_record_and_its_report() -> None:
    candidate = new_issue(ID, typed(), REPORT, NAME, grounds())
    assert list(candidate.files) == [record_path(ID), f"{statements_folder(ID)}/{NAME}"]
    assert judged(candidate, {}, grounds()).errors == ()


def test_a_record_is_written_with_its_keys_in_the_order_of_the_schema() -> None:
    backwards = dict(reversed(typed().items()))
    candidate = new_issue(ID, backwards, REPORT, NAME, grounds())
    keys = list(load(candidate.files[record_path(ID)]).data)
    assert keys == [key for key in schema("record").order if key in keys]


def test_the_class_of_the_policy_is_written_only_where_it_is_not_the_default() -> None:
    green = new_issue(ID, typed(), REPORT, NAME, grounds())
    clear = new_issue(ID, typed(), REPORT, NAME, grounds(added_classification="clear"))
    assert b"classification" not in green.files[record_path(ID)]
    assert load(clear.files[record_path(ID)]).data["classification"] == "clear"


def test_what_is_added_where_only_clear_may_stand_is_clear() -> None:
    judged_by = grounds(ceiling="clear")
    candidate = new_issue(ID, typed(), REPORT, NAME, judged_by)
    assert load(candidate.files[record_path(ID)]).data["classification"] == "clear"
    assert judged(candidate, {}, judged_by).errors == ()
    said = statement("cause", "supplier-one", of=ID, date="2026-03-02", cause="suspected",
                     says="The Hub answers late.")  # fmt: skip
    name = "2026-03-02-cause-supplier-one.yaml"
    cause = new_statement(ID, name, said, judged_by)
    assert judged(cause, candidate.files, judged_by).errors == ()


def test_a_withdrawal_of_the_bytes_before_does_not_refuse_a_change() -> None:
    source = dump(good_record()).encode()
    said = sign_off("withdraw", code="not-a-defect", of=ID, date="2026-03-03",
                    read=[f"{sha256(source)}  {ID}.yaml"])  # fmt: skip
    standing = {
        record_path(ID): source,
        f"{statements_folder(ID)}/{NAME}": dump(REPORT).encode(),
        f"{statements_folder(ID)}/2026-03-03-sign-off-dcc.yaml": dump(said).encode(),
    }
    changed = dump(good_record(title="Meter sends no billing alerts")).encode()
    errors = judged(Candidate(ID, {record_path(ID): changed}), standing, grounds()).errors
    assert [finding.code for finding in errors] == []


def test_a_class_that_was_typed_is_the_one_that_is_written() -> None:
    said = {**typed(), "classification": "green"}
    candidate = new_issue(ID, said, REPORT, NAME, grounds(added_classification="clear"))
    assert load(candidate.files[record_path(ID)]).data["classification"] == "green"


def test_what_was_wrong_already_does_not_speak_against_a_new_statement() -> None:
    folder = statements_folder(ID)
    broken = {**statement("cause", "supplier-one", says="It is so."), "of": ID}
    standing = {
        record_path(ID): dump(good_record()).encode(),
        f"{folder}/{NAME}": dump(REPORT).encode(),
        f"{folder}/2026-03-02-cause-supplier-one.yaml": dump(
            {**broken, "date": "2026-03-02"}
        ).encode(),
    }
    said = {**REPORT, "date": "2026-03-03"}
    fine = new_statement(ID, NAME.replace("02-r", "03-r"), said, grounds())
    assert judged(fine, standing, grounds()).errors == ()
    assert judged(Candidate(ID, standing), {}, grounds()).errors != ()


def test_a_change_that_breaks_a_statement_beside_it_is_refused() -> None:
    folder = statements_folder(ID)
    fix = statement("fix", "supplier-one", says="Update it.", device="CHF", firmware="00020003")
    standing = {
        record_path(ID): dump(good_record()).encode(),
        f"{folder}/{NAME}": dump(REPORT).encode(),
        f"{folder}/2026-03-02-fix-supplier-one.yaml": dump(
            {"of": ID, "date": "2026-03-02", **fix}
        ).encode(),
    }
    assert judged(Candidate(ID, {}), standing, grounds()).errors == ()
    changed = dump(good_record(affected=["ESME:FF03/00010100"])).encode()
    errors = judged(Candidate(ID, {record_path(ID): changed}), standing, grounds()).errors
    assert {finding.code for finding in errors} == {"R070"}


def test_a_register_that_asks_for_a_fix_lets_the_fix_follow() -> None:
    judgement = judged(
        new_issue(ID, typed(), REPORT, NAME, grounds()), {}, grounds(record_without_fix="refuse")
    )
    assert judgement.errors == ()
    assert [finding.code for finding in judgement.remarks] == ["R031"]


def test_what_no_file_may_hold_is_a_finding_and_no_file() -> None:
    with pytest.raises(Unwritable) as refused:
        written("records/x", {"title": "A \x1b title"}, schema("record"))
    assert refused.value.finding.code.startswith("Y")


def test_keys_that_the_schema_does_not_know_come_last_and_stay() -> None:
    data = {"colour": "red", "impact": {"parties": "low", "consumers": "high"}, "title": "A title"}
    assert list(ordered(data, schema("record").document, schema("record"))) == [
        "title",
        "impact",
        "colour",
    ]
    inner = ordered(data, schema("record").document, schema("record"))["impact"]
    assert list(inner) == ["consumers", "parties"]


def test_flat_and_nested_are_each_others_opposite() -> None:
    data = {"title": "A title", "impact": {"parties": "low", "consumers": "high"}}
    assert nested(flat(data)) == data


def test_a_value_and_a_mapping_under_one_key_do_not_stop_the_program() -> None:
    assert nested({"impact": "high", "impact.parties": "low"}) == {"impact": {"parties": "low"}}


def test_what_was_left_empty_in_a_form_is_not_there() -> None:
    form = {"title": "", "affected": ["", "x"], "alerts": [""], "impact": {"parties": " "}}
    assert without_empty(form) == {"affected": ["x"]}


def test_what_cannot_be_written_is_kept_all_the_same() -> None:
    assert load(kept_text({"title": "plain"}).encode()).data == {"title": "plain"}
    assert "u001b" in kept_text({"title": "\x1b[2J"})
