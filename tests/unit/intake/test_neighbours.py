"""Records like many reports in turn."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from defectreg.intake.alike import waiting_records
from defectreg.intake.neighbours import neighbours
from defectreg.register.devices import parse_combination
from defectreg.register.record import statements_folder
from defectreg.register.similarity import likeness_of
from tests.registers import (
    ID,
    TestRegister,
    good_record,
    make_register,
    sha256,
    sign_off,
    statement,
)

WAITING, OTHER = "DR-0000-0001", "DR-0000-0002"
BRANCH = "refs/heads/submit/one"
CLOCK = likeness_of(
    "The Hub loses its clock each night at two.", [parse_combination("CHF:FF02/00020002")]
)


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    """One record that landed, and two that wait on a request."""
    made = make_register(tmp_path / "register", [good_record()])
    clock = good_record(
        id=WAITING, title="Hub loses its clock at night", affected=["CHF:FF02/00020002"],
        behaviour="The Hub loses its clock each night at two.", alerts=None,
    )  # fmt: skip
    valve = good_record(
        id=OTHER, title="Valve stays shut", affected=["GSME:FF04/00040010"], alerts=None,
        behaviour="After a top-up the valve stays shut for hours.",
    )  # fmt: skip
    made.add(clock, accept=False, ref=BRANCH)
    made.add(valve, accept=False, ref=BRANCH)
    return made


def test_what_waits_and_what_landed_is_found_with_its_place(made: TestRegister) -> None:
    with neighbours(made.register()) as near:
        first, *others = near.similar(CLOCK)
        assert (first.id, first.branch) == (WAITING, "submit/one")
        assert first.likeness > max((one.likeness for one in others), default=0)
        assert near.titles[WAITING] == "Hub loses its clock at night"
        [landed, *_] = near.similar(likeness_of("billing alerts after a Hub update: 8F1E"))
        assert (landed.id, landed.branch) == (ID, "")


def test_something_may_be_reported_on_what_stands_alone(made: TestRegister) -> None:
    with neighbours(made.register()) as near:
        assert [near.stands(each) for each in (ID, WAITING, "DR-0000-0009")] == [True, True, False]
    made.say(ID, sign_off("withdraw", code="not-a-defect"))
    with neighbours(made.register()) as near:
        assert not near.stands(ID)


def test_what_landed_waits_no_more(made: TestRegister) -> None:
    made.commit({"records/00/DR-0000-0001.yaml": made.read("records/00/DR-0000-0001.yaml", BRANCH)})
    with neighbours(made.register()) as near:
        assert WAITING not in near.waiting.ids
        assert OTHER in near.waiting.ids


def waiting(made: TestRegister) -> dict[str, bool]:
    """The records that wait, and whether each was returned."""
    return {one.record.id: one.is_returned for one in waiting_records(made.register())}


def test_what_was_merged_away_on_its_request_waits_no_more(made: TestRegister) -> None:
    assert waiting(made) == {WAITING: False, OTHER: False}
    gone = sign_off("withdraw", code="duplicate-of", other=OTHER)
    made.say(WAITING, gone, ref=BRANCH)
    assert waiting(made) == {OTHER: False}
    with neighbours(made.register()) as near:
        assert not near.stands(WAITING)
        assert near.record(WAITING) is None
        assert WAITING not in {one.id for one in near.similar(CLOCK)}


def test_a_withdrawal_counts_on_whichever_branch_it_stands(made: TestRegister) -> None:
    tip = made.repository.refs(BRANCH)[BRANCH]
    review = "refs/heads/review/one"
    subprocess.run(["git", "-C", made.folder, "update-ref", review, tip], check=True)
    made.say(WAITING, sign_off("withdraw", code="duplicate-of", other=OTHER), ref=review)
    assert waiting(made) == {OTHER: False}


def test_a_record_of_which_one_report_was_withdrawn_waits_still(made: TestRegister) -> None:
    more = statement("report", "dcc", received="letter", told_by="large-supplier")
    (name,) = made.say(WAITING, more, ref=BRANCH)
    data = made.read(f"{statements_folder(WAITING)}/{name}", BRANCH)
    made.say(WAITING, sign_off("withdraw", code="reported-in-error",
                               read=[f"{sha256(data)}  {name}"]), ref=BRANCH)  # fmt: skip
    assert waiting(made) == {WAITING: False, OTHER: False}


def test_what_was_returned_waits_for_its_reporter_until_it_is_accepted(made: TestRegister) -> None:
    made.say(WAITING, sign_off("return", says="Which firmware is it?"), ref=BRANCH)
    assert waiting(made) == {WAITING: True, OTHER: False}
    made.later().say(WAITING, sign_off("accept"), ref=BRANCH)
    assert waiting(made) == {WAITING: False, OTHER: False}
