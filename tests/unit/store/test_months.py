"""The signed months: what a publisher pointed at, less what has been taken back since."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import dump
from defectreg.store.months import Pointer, before, pointer_to, pointers_of, released_month
from defectreg.store.releasing import trusted_grounds
from defectreg.store.sources import CommitSource
from tests.registers import ID, TestRegister, good_record, make_register, sign_off, statement

MONTH_END = date(2026, 3, 31)
MAKERS = "ESME:FF01/00010100@0001* in North"


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", [good_record()], signs=False)


def source(made: TestRegister) -> CommitSource:
    return made.register().head_source


def points(made: TestRegister, month: str = "2026-03", day: date = MONTH_END) -> Pointer:
    """Commit a pointer to the register as it stands."""
    pointer = Pointer(month, "secas", day, source(made).commit, "green")
    made.commit({pointer.path: dump(pointer.data).encode()})
    return pointer


def pointers(made: TestRegister) -> tuple[Pointer, ...]:
    return pointers_of(source(made), trusted_grounds(source(made)))


def test_pointers_are_read_in_the_order_of_their_months(made: TestRegister) -> None:
    later = points(made, "2026-04", date(2026, 4, 30))
    first = points(made)
    assert pointers(made) == (first, later)
    assert pointer_to("2026-04", pointers(made)) == later
    assert before("2026-04", pointers(made)) == first
    assert before("2026-03", pointers(made)) is None


def test_a_month_that_nobody_signed_is_a_matter_of_usage(made: TestRegister) -> None:
    with pytest.raises(UsageProblem, match="no bulletin of '2026-05' has landed"):
        pointer_to("2026-05", pointers(made))


def test_a_pointer_that_cannot_be_read_stops_the_run(made: TestRegister) -> None:
    made.commit({"bulletins/2026-03.yaml": b"month: 2026-03\n"})
    with pytest.raises(CannotRun, match=r"bulletins/2026-03\.yaml"):
        pointers(made)


def test_what_is_no_pointer_in_the_folder_is_passed_over(made: TestRegister) -> None:
    made.commit({"bulletins/notes.yaml": b"month: 2026-03\n"})
    assert pointers(made) == ()


def test_a_commit_that_is_not_here_stops_the_run(made: TestRegister) -> None:
    pointer = Pointer("2026-03", "secas", MONTH_END, "a" * 40, "green")
    with pytest.raises(CannotRun, match="is not here"):
        released_month(source(made), pointer)


def test_a_record_that_can_no_longer_be_judged_is_left_out_and_named(made: TestRegister) -> None:
    pointer = points(made)
    assert released_month(source(made), pointer).left_out == ()
    made.commit({record_path(ID): b"id: nonsense\n"})
    result = released_month(source(made), pointer)
    assert (result.left_out, list(result.register.records)) == ((ID,), [])


def test_the_register_names_the_commit_that_publishes_and_the_day_that_was_signed(
    made: TestRegister,
) -> None:
    pointer = points(made)
    register = released_month(source(made), pointer).register
    assert register.commit == source(made).commit != pointer.commit
    assert (register.day, register.audience) == (MONTH_END, "green")


def test_a_month_is_shown_as_the_policy_says_now(made: TestRegister) -> None:
    pointer = points(made)
    (before_it,) = released_month(source(made), pointer).register.records
    made.policy(manufacturer_shown="hidden", search_level="dmc", title="Anew")
    register = released_month(source(made), pointer).register
    (record,) = register.records
    assert "FF03" in before_it.affected[0].text
    assert "FF03" not in record.affected[0].text
    assert (register.title, register.policy.search_level) == ("Anew", "dmc")


def test_a_raised_threshold_takes_nothing_out_of_a_month(made: TestRegister) -> None:
    pointer = points(made)
    made.policy(certainty_threshold="confirmed")
    assert [record.id for record in released_month(source(made), pointer).register.records] == [ID]


def test_of_an_earlier_text_shown_while_a_manufacturer_answers_what_was_lost_is_gone(
    made: TestRegister,
) -> None:
    [cause, _] = made.later().say(
        ID, statement("cause", "supplier-two", cause="suspected", says="It is the tariff."),
        accept=True,
    )  # fmt: skip
    made.later().change(ID, good_record(title="Another title", affected=[MAKERS]))
    pointer = points(made)
    [shown] = released_month(source(made), pointer).register.records
    assert shown.title == good_record()["title"]
    assert "cause" in {said.kind for said in shown.statements}
    data = made.read(f"{statements_folder(ID)}/{cause}".replace("//", "/"))
    read = [f"{hashlib.sha256(data).hexdigest()}  {cause}"]
    made.later().say(ID, sign_off("withdraw", code="reported-in-error", read=read))
    [shown] = released_month(source(made), pointer).register.records
    assert shown.title == good_record()["title"]
    assert "cause" not in {said.kind for said in shown.statements}


def test_a_withdrawal_that_was_ended_since_leaves_the_tombstone_that_was_signed(
    made: TestRegister,
) -> None:
    made.later().say(ID, sign_off("withdraw", code="not-a-defect"))
    pointer = points(made)
    made.later().say(ID, sign_off("accept"))
    [shown] = released_month(source(made), pointer).register.records
    assert shown.withdrawal is not None
