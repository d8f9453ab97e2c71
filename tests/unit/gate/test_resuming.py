"""Answers that were not signed: kept for one person, and taken up where they still hold."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from defectreg.gate.new_records import awaiting
from defectreg.gate.resuming import Desk, taken_up
from tests.registers import TestRegister, good_record, sign_off
from tests.unit.gate.test_sitting import IMPORT, LANDED, ONE, TWO, answers, made, sits

__all__ = ["made"]


def test_each_kind_of_answer_is_taken_up_as_it_was(made: TestRegister) -> None:
    sitting, (one, two) = sits(made)
    sitting.give_back([one], "Which region is it?")
    sitting.merge([two], LANDED)
    desk = Desk.of(sitting.occasion)
    desk.keep(sitting)
    assert stat.S_IMODE(desk.file.stat().st_mode) == 0o600
    again, (one, two) = sits(made)
    held, lost = taken_up(desk.answers(), [(one,), (two,)], again)
    assert [each.id for each in held] == [ONE, TWO]
    assert lost == []
    assert [each.wish for each in again.decisions] == [each.wish for each in sitting.decisions]


def test_what_is_another_text_now_or_was_decided_is_lost(made: TestRegister) -> None:
    sitting, records = sits(made)
    sitting.accept(records)
    desk = Desk.of(sitting.occasion)
    desk.keep(sitting)
    made.change(ONE, good_record(id=ONE, title="Another title of it"), accept=False, ref=IMPORT)
    made.say(TWO, sign_off("return", by="dcc", key="dcc-second", says="Where?"), ref=IMPORT)
    again, records = sits(made)
    groups = awaiting([(one,) for one in records], {"validator"})
    held, lost = taken_up(desk.answers(), groups, again)
    assert (held, [each.record_id for each in lost]) == ([], [ONE, TWO])
    assert answers(again) == {}


def test_answers_are_those_of_one_person(made: TestRegister) -> None:
    mine, _ = sits(made)
    other, _ = sits(made, "dcc-second")
    assert Desk.of(mine.occasion).file != Desk.of(other.occasion).file


def test_no_answers_leave_no_file(made: TestRegister) -> None:
    sitting, (one, _) = sits(made)
    desk = Desk.of(sitting.occasion)
    desk.keep(sitting)
    assert not desk.file.exists()
    sitting.accept([one])
    desk.keep(sitting)
    assert len(desk.answers()) == 1
    sitting.take_back([one])
    desk.keep(sitting)
    assert not desk.file.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: "",
        lambda kept: "[" * 100_000,
        lambda kept: json.dumps([]),
        lambda kept: json.dumps({**kept, "format": 2}),
        lambda kept: json.dumps({**kept, "answers": [{}]}),
        lambda kept: json.dumps({**kept, "answers": [{**kept["answers"][0], "decision": "hold"}]}),
        lambda kept: json.dumps({**kept, "answers": [{**kept["answers"][0], "says": 1}]}),
    ],
)
def test_a_file_that_is_none_of_these_has_no_answers(
    made: TestRegister, tmp_path: Path, change: object
) -> None:
    sitting, (one, _) = sits(made)
    sitting.accept([one])
    desk = replace(Desk.of(sitting.occasion), file=tmp_path / "answers.json")
    desk.keep(sitting)
    assert len(desk.answers()) == 1
    assert callable(change)
    desk.file.write_text(change(json.loads(desk.file.read_text())))
    assert desk.answers() == []
