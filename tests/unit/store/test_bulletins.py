"""The bulletins of the signed months: what each brought since the one before it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from defectreg.register.public import PublicBulletin
from defectreg.store.bulletins import Asked, publication
from tests.registers import (
    ID,
    TestRegister,
    good_record,
    make_register,
    sha256,
    sign_off,
    statement,
)
from tests.unit.store.test_months import points, source

SECOND = "DR-2222-2222"


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", [good_record()], signs=False)


def bulletins(made: TestRegister, audience: str | None = None) -> tuple[PublicBulletin, ...]:
    asked = Asked(None, False, audience, date(2026, 12, 1))
    return publication(source(made), asked).register.bulletins


def told(bulletin: PublicBulletin) -> list[tuple[str, str]]:
    return [(change.what, change.id) for change in bulletin.changes]


def test_the_newest_bulletin_comes_first_and_names_the_day_of_the_one_before(
    made: TestRegister,
) -> None:
    points(made)
    made.later(40).add(good_record(id=SECOND))
    points(made, "2026-04", date(2026, 4, 30))
    newest, first = bulletins(made)
    assert (newest.month, newest.since) == ("2026-04", date(2026, 3, 31))
    assert told(newest) == [("added", SECOND)]
    assert (first.month, first.since) == ("2026-03", None)
    assert told(first) == [("added", ID)]


def test_a_bulletin_tells_an_audience_nothing_of_what_it_may_not_see(made: TestRegister) -> None:
    made.policy(show_without_fix_to_world="show")
    made.change(ID, good_record(classification="clear"))
    points(made)
    made.later(40).say(
        ID, statement("fix", "maker-one", device="ESME", firmware="00030005"), accept=True
    )
    points(made, "2026-04", date(2026, 4, 30))
    assert told(bulletins(made, "green")[0]) == [("fix", ID)]
    newest, first = bulletins(made, "clear")
    assert (told(newest), told(first)) == ([], [("added", ID)])


def test_another_dress_of_the_policy_corrects_nothing(made: TestRegister) -> None:
    points(made)
    made.policy(manufacturer_shown="hidden")
    points(made, "2026-04", date(2026, 4, 30))
    assert told(bulletins(made)[0]) == []


FIX = {"device": "ESME:FF03/00010100", "firmware": "00030005"}


def test_an_earlier_month_does_not_tell_a_fix_that_came_later(made: TestRegister) -> None:
    points(made)
    made.later(40).say(ID, statement("fix", "maker-one", **FIX), accept=True)
    points(made, "2026-04", date(2026, 4, 30))
    newest, first = bulletins(made)
    assert (told(newest), told(first)) == ([("fix", ID)], [("added", ID)])
    assert newest.changes[0].fixes == ("ESME:FF03/00010100 00030005",)
    assert (first.changes[0].fixes, first.changes[0].marks) == ((), ("cause-unknown",))


@pytest.mark.parametrize("shown", ["hidden", "name"])
def test_a_month_tells_its_fix_in_another_dress_of_the_policy(
    made: TestRegister, shown: str
) -> None:
    made.say(ID, statement("fix", "maker-one", **FIX), accept=True)
    points(made)
    assert bulletins(made)[0].changes[0].fixes == ("ESME:FF03/00010100 00030005",)
    made.policy(manufacturer_shown=shown)
    [bulletin] = bulletins(made)
    assert (bulletin.corrections, told(bulletin)) == ((), [("added", ID)])
    [fix] = bulletin.changes[0].fixes
    assert fix.endswith(" 00030005")
    assert ("FF03" in fix) is (shown == "name")
    assert not bulletin.changes[0].is_changed_since


def test_an_entry_whose_fix_was_taken_back_after_a_month_without_news_is_told_in_the_next(
    made: TestRegister,
) -> None:
    [fix, _] = made.say(ID, statement("fix", "maker-one", **FIX), accept=True)
    points(made)
    points(made.later(40), "2026-04", date(2026, 4, 30))
    data = made.read(f"records/{ID[3:5]}/{ID}/{fix}")
    read = [f"{sha256(data)}  {fix}"]
    made.later(20).say(ID, sign_off("withdraw", code="reported-in-error", read=read))
    points(made, "2026-05", date(2026, 5, 31))
    newest, between, first = bulletins(made)
    assert (told(newest), told(between), told(first)) == (
        [("fix-lost", ID)], [], [("added", ID)],
    )  # fmt: skip
    assert [change.what for change in first.corrections] == ["fix-gone"]


def test_a_lowered_threshold_adds_what_it_lets_out(made: TestRegister) -> None:
    made.policy(impact_threshold="high")
    made.add(good_record(id=SECOND, impact={"consumers": "low"}))
    points(made)
    made.policy(impact_threshold="low")
    points(made, "2026-04", date(2026, 4, 30))
    assert told(bulletins(made)[0]) == [("added", SECOND)]


def test_a_month_comes_with_the_bulletins_up_to_its_own(made: TestRegister) -> None:
    points(made)
    points(made, "2026-04", date(2026, 4, 30))
    asked = Asked("2026-03", False, None, date(2026, 12, 1))
    register = publication(source(made), asked).register
    assert [bulletin.month for bulletin in register.bulletins] == ["2026-03"]


OF_AN_EARLIER_PROGRAM = f'[["added", "{ID}", []]]'.encode()
OF_NO_PROGRAM = f'[["renamed", "{ID}", [], [], [], "", false]]'.encode()


@pytest.mark.parametrize(
    "damage", [None, b"", b"[[1]]", b"\xff", OF_AN_EARLIER_PROGRAM, OF_NO_PROGRAM]
)
def test_what_a_clone_remembers_of_a_month_is_what_is_worked_out(
    made: TestRegister, damage: bytes | None
) -> None:
    points(made)
    first = bulletins(made)
    [kept] = (made.repository.common_dir / "defectreg" / "bulletins").iterdir()
    assert ID.encode() in kept.read_bytes()
    if damage is not None:
        kept.write_bytes(damage)
    assert bulletins(made) == first
    assert ID.encode() in kept.read_bytes()
