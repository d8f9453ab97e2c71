from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from defectreg.gate.queueing import is_for, queue
from defectreg.register.parties import Party
from defectreg.register.waits import Wait
from defectreg.store.requests import target_of
from tests.registers import (
    ID,
    TestRegister,
    good_record,
    grounds,
    make_register,
    sign_off,
    statement,
)

DAY = date(2026, 3, 20)
REF = f"refs/heads/submit/{ID}"
PARTIES = grounds().parties.by_slug
POLICY = grounds().policy
MAKER = ["ESME:FF01/00010100@0001*"]


@contextmanager
def uncounted(total: int) -> Iterator[Callable[[int], None]]:
    yield lambda done: None


def waits(made: TestRegister) -> list[Wait]:
    return queue(target_of(made.register()), DAY, uncounted)


def brief(found: list[Wait]) -> list[tuple[str, str]]:
    return [(wait.whom, wait.waits_for) for wait in found]


def may(whom: str, party: Party) -> bool:
    return is_for(Wait(DAY, whom, "lift"), party, None, POLICY)


@pytest.mark.parametrize(
    ("whom", "slug"),
    [
        ("validator", "dcc"),
        ("security body", "ssc"),
        ("publisher", "secas"),
        ("administrator", "secas"),
        ("maker-one", "maker-one"),
    ],
)
def test_what_waits_for_a_role_is_for_the_parties_whose_people_have_it(
    whom: str, slug: str
) -> None:
    assert may(whom, PARTIES[slug])
    assert not may(whom, PARTIES["supplier-one"])


def test_what_waits_for_any_party_is_nobodys_own() -> None:
    assert not any(may("any Party", party) for party in PARTIES.values())


def test_a_person_without_the_role_is_not_waited_for() -> None:
    dcc = PARTIES["dcc"]
    validator, both = dcc.people
    wait = Wait(DAY, "administrator", "files that can be read")
    assert is_for(wait, dcc, both, POLICY)
    assert not is_for(wait, dcc, validator, POLICY)


def test_under_both_a_manufacturers_people_are_waited_for_too(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.policy(who_validates="both")
    made.add(good_record(affected=MAKER), accept=False, ref=REF)
    assert brief(waits(made)) == [("maker-one", "accept"), ("validator", "accept")]


def test_a_change_without_a_word_of_anybodys_waits_for_its_author(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    made.change(ID, good_record(title="Faulty meter sends no alerts"), accept=False, ref=REF)
    assert brief(waits(made)) == [("author", "mending")]


def test_a_record_that_cannot_be_read_waits_without_a_title(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.add(good_record(kind="rumour"), accept=False, ref=REF)
    (wait,) = waits(made)
    assert (wait.whom, wait.waits_for, wait.title) == ("supplier-one", "mending", None)


def test_a_file_that_landed_and_cannot_be_read_waits_for_an_administrator(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()], signs=False)
    name = "2026-03-02-sign-off-ssc.yaml"
    made.commit({f"records/7K/{ID}/{name}": b"decision: hold\n"})
    (wait,) = waits(made)
    assert (wait.whom, wait.stage, wait.files) == ("administrator", "not-judged", (name,))


def test_lines_are_in_the_order_in_which_they_began(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    made.later(4).say(ID, statement("cause", "dcc", cause="suspected", says="It drifts."))
    made.later(-3).say(ID, statement("report", "supplier-two", says="Seen."), ref=REF)
    found = waits(made)
    assert brief(found) == [("validator", "landing"), ("validator", "accept")]
    assert [wait.since for wait in found] == [date(2026, 3, 3), date(2026, 3, 6)]
    assert found == sorted(found, key=lambda wait: wait.order)
    assert replace(found[0], since=DAY).order > found[1].order


def test_nobody_waits_for_what_was_withdrawn_before_it_landed(tmp_path: Path) -> None:
    made = make_register(tmp_path / "r")
    made.add(good_record(), accept=False, ref=REF)
    assert brief(waits(made)) == [("validator", "accept")]
    made.say(ID, sign_off("withdraw", code="reported-in-error"), ref=REF)
    assert waits(made) == []
