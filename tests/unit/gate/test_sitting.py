"""A validator's answers, before any of them is signed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from defectreg.gate.new_records import New, arrivals
from defectreg.gate.sitting import Sitting
from defectreg.gate.wishes import Decision, Occasion
from defectreg.store.identity import Identity
from defectreg.store.requests import target_of
from tests.registers import (
    TestRegister,
    good_record,
    key_of,
    make_register,
    public_key,
    sign_off,
    statement,
)

LANDED, ONE, TWO = "DR-9999-0000", "DR-1111-0000", "DR-2222-0000"
IMPORT = "refs/heads/submit/import"


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    """A register with one landed record, and two new ones of supplier-one on one request."""
    made = make_register(tmp_path / "register")
    made.add(good_record(id=LANDED))
    for record_id in (ONE, TWO):
        made.later().add(good_record(id=record_id), accept=False, ref=IMPORT)
    return made


def sits(made: TestRegister, person: str = "dcc") -> tuple[Sitting, list[New]]:
    """A sitting of a person, and what is new."""
    target = target_of(made.register())
    held = target.grounds.parties.holder(public_key(person).fingerprint)
    assert held is not None
    identity = Identity(held[0].slug, held[1], key_of(person))
    now = datetime.combine(made.today, time(12), UTC)
    came = arrivals(target, made.today, lambda total: nullcontext(lambda done: None))
    return Sitting(Occasion(identity, target, now, made.today)), list(came.records)


def answers(sitting: Sitting) -> dict[str, str]:
    return {each.review.request.record_id: each.wish.decision for each in sitting.decisions}


def sentences(refused: Sequence[Decision]) -> list[str]:
    return [refusal.sentence for each in refused for refusal in each.refusals]


def test_each_answer_is_of_its_record(made: TestRegister) -> None:
    sitting, (one, two) = sits(made)
    assert not sitting.accept([one])
    assert not sitting.give_back([two], "Which region is it?")
    assert answers(sitting) == {ONE: "accept", TWO: "return"}
    assert sitting.is_answered(one)


def test_an_answer_is_forgotten(made: TestRegister) -> None:
    sitting, (one, two) = sits(made)
    sitting.accept([one, two])
    sitting.take_back([one])
    assert answers(sitting) == {TWO: "accept"}
    assert not sitting.is_answered(one)


def test_who_has_no_right_to_it_answers_nothing(made: TestRegister) -> None:
    sitting, (one, _) = sits(made, "supplier-two")
    assert "has not the role validator" in sentences(sitting.accept([one]))[0]
    assert answers(sitting) == {}


def test_nothing_is_merged_into_what_was_answered_not_to_stay(made: TestRegister) -> None:
    sitting, (one, two) = sits(made)
    assert not sitting.merge([one], TWO)
    assert sentences(sitting.merge([two], ONE)) == [f"{ONE} is not to stay, as you answered"]
    assert answers(sitting) == {ONE: "withdraw"}


def test_nothing_is_merged_into_itself(made: TestRegister) -> None:
    sitting, (one, _) = sits(made)
    assert "R083" in sentences(sitting.merge([one], ONE))[0]


def test_of_one_record_on_two_requests_only_one_text_is_accepted(made: TestRegister) -> None:
    made.add(good_record(id=ONE, title="Meter stops sending billing alerts after a Hub change"),
             accept=False, ref="refs/heads/submit/other")  # fmt: skip
    sitting, records = sits(made)
    first, second = (one for one in records if one.id == ONE)
    assert not sitting.accept([first])
    assert "several requests change it" in sentences(sitting.accept([second]))[0]
    assert answers(sitting) == {ONE: "accept"}


def test_an_answer_holds_where_the_request_went_on_with_another_record(made: TestRegister) -> None:
    sitting, records = sits(made)
    sitting.accept(records)
    made.say(TWO, sign_off("return", says="Which region is it?"), ref=IMPORT)
    lost = sitting.renewed()
    assert sentences(lost) == ["what its request brings was changed meanwhile"]
    assert answers(sitting) == {ONE: "accept"}
    tip = made.repository.refs(IMPORT)[IMPORT]
    assert [each.review.request.commit for each in sitting.decisions] == [tip]


def test_what_was_said_since_is_not_signed_unread(made: TestRegister) -> None:
    sitting, (one, _) = sits(made)
    sitting.accept([one])
    cause = statement("cause", "supplier-two", cause="suspected", says="The clock drifts.")
    made.say(ONE, cause, ref=IMPORT)
    assert len(sitting.renewed()) == 1
    assert answers(sitting) == {}


def test_where_nothing_moved_the_answers_are_as_they_were(made: TestRegister) -> None:
    sitting, records = sits(made)
    sitting.accept(records)
    before = sitting.decisions
    assert sitting.renewed() == []
    assert sitting.decisions == before


def test_what_a_merge_tells_of_the_record_that_stays_is_known_before_it_is_signed(
    made: TestRegister,
) -> None:
    report = statement("report", "dcc", received="incident", told_by="small-supplier", says="Told.")
    made.add(good_record(id="DR-3333-0000"), report, accept=False, ref=IMPORT)
    sitting, records = sits(made, "dcc-second")
    (told,) = (one for one in records if one.id == "DR-3333-0000")
    sitting.merge([told], LANDED)
    (carried,) = sitting.carried()
    assert (carried.record_id, carried.merged) == (LANDED, ("DR-3333-0000",))
