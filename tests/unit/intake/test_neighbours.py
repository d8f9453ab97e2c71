"""Records like many reports in turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.intake.neighbours import neighbours
from defectreg.register.devices import parse_combination
from defectreg.register.similarity import likeness_of
from tests.registers import ID, TestRegister, good_record, make_register, sign_off

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
