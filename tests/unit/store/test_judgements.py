"""What came of records is kept with all that it was made of, and judged again where it moved."""

from __future__ import annotations

import datetime
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.register.record import record_path, statements_folder
from defectreg.register.standing import Landing
from defectreg.store.index import keeping, open_index
from defectreg.store.judgements import Judged, Judgements, on_days
from defectreg.store.releasing import Released, released
from tests.registers import (
    ID,
    MAIN,
    TestRegister,
    good_record,
    make_register,
    sign_off,
    statement,
)

DAY = datetime.date(2026, 3, 10)
OTHER = "DR-2222-2222"
OUTCOME = Judged(ID, "published", b"shown", is_linked=True, days=(DAY, DAY))


LANDED = {record_path(ID): Landing(3, DAY, "policy", "self")}
STATE = {"rules": "these", "reached": "that"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    kept = Judgements(tmp_path / "own" / "judged.sqlite")
    kept.note(ID, b"made of this", LANDED, OUTCOME)
    kept.write(STATE)
    return tmp_path / "own" / "judged.sqlite"


def test_what_was_noted_is_found_on_the_days_on_which_it_holds(file: Path) -> None:
    kept = Judgements(file)
    assert kept.find(ID, DAY, b"made of this") == OUTCOME
    assert kept.find(ID, DAY + datetime.timedelta(days=1), b"made of this") is None
    assert kept.find(ID, DAY - datetime.timedelta(days=1), b"made of this") is None


def test_how_files_landed_and_what_all_was_made_of_are_kept(file: Path) -> None:
    kept = Judgements(file)
    assert kept.landings([ID, OTHER]) == LANDED
    assert kept.state == STATE
    assert [*kept.names()] == [ID]


def test_what_was_made_of_something_else_is_not_found(file: Path) -> None:
    assert Judgements(file).find(ID, DAY, b"made of that") is None


def test_what_is_not_asked_for_is_forgotten(file: Path) -> None:
    other = Judgements(file)
    other.write(STATE)
    assert Judgements(file).find(ID, DAY, b"made of this") is None


def test_of_two_runs_at_once_the_second_keeps_nothing(file: Path) -> None:
    first, second = Judgements(file), Judgements(file)
    first.note(OTHER, b"made of this", {}, OUTCOME)
    first.write({**STATE, "reached": "another"})
    second.note(OTHER, b"made of that", {}, OUTCOME)
    second.write({**STATE, "reached": "a third"})
    kept = Judgements(file)
    assert kept.state["reached"] == "another"
    assert kept.find(OTHER, DAY, b"made of this") is not None
    assert kept.find(OTHER, DAY, b"made of that") is None


def test_where_a_row_is_missing_nothing_is_known(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM judged")
    keeping.seal(file)
    assert Judgements(file).state == {}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE judged SET shown = X'00'",
        "UPDATE judged SET shown = NULL",
        "UPDATE judged SET stage = 'held'",
        "UPDATE judged SET is_linked = 0",
        "UPDATE judged SET until = until + 1",
        "UPDATE judged SET since = 'no day'",
        "UPDATE judged SET name = 'DR-2222-2222'",
        "PRAGMA user_version = 0",
        "DROP TABLE judged",
    ],
)
def test_what_was_damaged_is_not_found_and_kept_anew(file: Path, damage: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(damage)
    kept = Judgements(file)
    assert kept.find(ID, DAY, b"made of this") is None
    kept.note(ID, b"made of this", LANDED, OUTCOME)
    kept.write(STATE)
    assert Judgements(file).find(ID, DAY, b"made of this") == OUTCOME


def test_a_file_that_is_none_is_replaced(file: Path) -> None:
    file.write_bytes(b"no database at all" * 1000)
    kept = Judgements(file)
    assert kept.find(ID, DAY, b"made of this") is None
    kept.note(ID, b"made of this", LANDED, OUTCOME)
    kept.write(STATE)
    assert Judgements(file).find(ID, DAY, b"made of this") == OUTCOME


def test_where_nothing_can_be_kept_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("a file")
    kept = Judgements(tmp_path / "own" / "judged.sqlite")
    kept.note(ID, b"made of this", LANDED, OUTCOME)
    kept.write(STATE)
    assert (tmp_path / "own").read_text() == "a file"


@pytest.mark.parametrize(
    ("day", "days"),
    [
        (DAY, (datetime.date.min, DAY)),
        (datetime.date(2026, 3, 11), (datetime.date(2026, 3, 11), datetime.date(2026, 3, 20))),
        (datetime.date(2026, 3, 20), (datetime.date(2026, 3, 11), datetime.date(2026, 3, 20))),
        (datetime.date(2026, 3, 21), (datetime.date(2026, 3, 21), datetime.date.max)),
    ],
)
def test_an_outcome_holds_between_the_ends_of_two_windows(
    day: datetime.date, days: tuple[datetime.date, datetime.date]
) -> None:
    ends = (datetime.date(2026, 3, 20), DAY)
    assert on_days(Judged(ID, "in-reply", None), ends, day).days == days


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    made = make_register(tmp_path / "register", [good_record()], signs=False)
    made.add(good_record(id=OTHER))
    return made


def ask(made: TestRegister, audience: str = "green", day: datetime.date = DAY) -> Released:
    """What is let out, seen to be the same as without a memory."""
    source = made.register().head_source
    remembered = released(source, audience, day)
    assert remembered == released(source, audience, day, is_remembered=False)
    return remembered


def kept_file(made: TestRegister, audience: str = "green") -> Path:
    return made.register().own_folder / f"judged-{audience}.sqlite"


def without_its_bytes(made: TestRegister, path: str) -> None:
    """Take from git the bytes of a file that HEAD has: who reads them fails."""
    blob = made.register().head_source.blobs()[path]
    place = made.register().repository.common_dir / "objects" / blob[:2] / blob[2:]
    place.unlink()


def test_what_was_judged_is_not_read_again(made: TestRegister) -> None:
    source = made.register().head_source
    first = released(source, "green", DAY)
    without_its_bytes(made, record_path(ID))
    assert released(source, "green", DAY) == first
    with pytest.raises(CannotRun):
        released(source, "green", DAY, is_remembered=False)


def test_of_a_later_commit_only_what_moved_is_read_and_listed(made: TestRegister) -> None:
    ask(made)
    made.say(ID, sign_off("hold", by="ssc", role="security"))
    without_its_bytes(made, record_path(OTHER))
    result = released(made.register().head_source, "green", DAY)
    assert (result.stages["published"], result.stages["held"]) == (1, 1)


def test_what_was_said_before_its_record_came_counts(made: TestRegister) -> None:
    third = "DR-3333-3333"
    made.say(ID, statement("report", "supplier-one", says="It is seen here."))
    said = max(each for each in made.register().head_source.record_files[ID] if "-report-" in each)
    moved = said.replace(statements_folder(ID), statements_folder(third))
    made.commit({moved: made.read(said).replace(ID.encode(), third.encode())})
    ask(made)
    made.add(good_record(id=third))
    assert sum(ask(made).stages.values()) == 3


def test_a_history_that_is_taken_back_is_judged_as_it_is_now(made: TestRegister) -> None:
    first = made.register().head
    made.say(ID, sign_off("hold", by="ssc", role="security"))
    assert ask(made).stages["held"] == 1
    subprocess.run(["git", "update-ref", MAIN, first], cwd=made.folder, check=True)
    assert ask(made).stages["held"] == 0


def test_what_the_index_has_read_is_not_read_again(made: TestRegister) -> None:
    source = made.register().head_source
    first = released(source, "green", DAY, is_remembered=False)
    open_index(made.register()).close()
    without_its_bytes(made, record_path(ID))
    assert released(source, "green", DAY) == first


def test_an_index_of_another_commit_tells_of_what_did_not_move(made: TestRegister) -> None:
    open_index(made.register()).close()
    path = record_path(ID)
    made.commit({path: made.read(path) + b"expected: Another reading.\n"})
    without_its_bytes(made, record_path(OTHER))
    result = released(made.register().head_source, "green", DAY)
    assert (result.stages["published"], result.stages["reported"]) == (1, 1)


def test_a_damaged_index_is_done_without(made: TestRegister) -> None:
    open_index(made.register()).close()
    file = made.register().own_folder / "head.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE files SET data = replace(data, 'suspected', 'confirmed')")
    assert ask(made).stages["published"] == 2


def test_what_the_index_cannot_read_is_left_out(made: TestRegister) -> None:
    made.commit({f"{statements_folder(ID)}/2026-03-05-sign-off-ssc.yaml": b"kind: [hold"})
    open_index(made.register()).close()
    assert ask(made).left_out == (ID,)


def test_a_changed_record_is_judged_again(made: TestRegister) -> None:
    ask(made)
    path = record_path(ID)
    made.commit({path: made.read(path) + b"expected: Another reading.\n"})
    assert ask(made).stages["reported"] == 1


def test_a_statement_that_came_is_judged(made: TestRegister) -> None:
    ask(made)
    made.say(ID, sign_off("hold", by="ssc", role="security"))
    assert ask(made).stages["held"] == 1


def test_another_policy_audience_and_party_judge_anew(made: TestRegister) -> None:
    assert ask(made).stages["published"] == 2
    assert ask(made, "clear").stages["recorded"] == 2
    made.policy(certainty_threshold="confirmed")
    assert ask(made).stages["recorded"] == 2


def test_damaged_outcomes_are_judged_again(made: TestRegister) -> None:
    ask(made)
    with closing(sqlite3.connect(kept_file(made))) as connection, connection:
        connection.execute("UPDATE judged SET stage = 'held', shown = NULL")
    assert ask(made).stages["published"] == 2


def test_a_file_that_cannot_be_judged_is_left_out_also_when_remembered(made: TestRegister) -> None:
    made.commit({record_path(ID): b"id: ["})
    assert [ask(made).left_out for _ in range(2)] == [(ID,), (ID,)]
