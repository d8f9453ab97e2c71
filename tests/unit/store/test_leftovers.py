from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.register.record import record_path, statements_folder
from defectreg.store.leftovers import is_stale, left_behind
from tests.registers import ID, MAIN, TestRegister, good_record, make_register, sign_off, statement

REF = f"refs/heads/submit/{ID}"
REPORT = f"{statements_folder(ID)}/2026-03-02-report-supplier-one.yaml"
CAUSE = statement("cause", "supplier-two", cause="suspected", says="The clock drifts.")


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", signs=False)


def left(made: TestRegister) -> list[str]:
    refs = made.repository.refs(REF, MAIN)
    return left_behind(made.repository, refs[REF], refs[MAIN])


def test_all_of_a_request_is_left_before_it_lands(made: TestRegister) -> None:
    made.add(good_record(), accept=False, ref=REF)
    assert left(made) == sorted([REPORT, record_path(ID)])


def test_nothing_is_left_of_what_landed_as_it_is(made: TestRegister) -> None:
    made.add(good_record(), ref=REF)
    made.add(good_record())
    assert left(made) == []


def test_nothing_is_left_of_what_landed_under_another_number(made: TestRegister) -> None:
    made.add(good_record())
    made.say(ID, CAUSE, ref=REF)
    made.say(ID, {**CAUSE, "says": "A counter overflows."})
    made.say(ID, CAUSE)
    assert left(made) == []


def test_a_text_that_landed_and_was_changed_since_is_not_left(made: TestRegister) -> None:
    made.add(good_record(), ref=REF)
    made.add(good_record())
    made.change(ID, good_record(frequency="daily"))
    assert left(made) == []


def test_a_text_that_never_landed_is_left(made: TestRegister) -> None:
    made.add(good_record())
    made.change(ID, good_record(frequency="weekly"), accept=False, ref=REF)
    made.change(ID, good_record(frequency="daily"))
    assert left(made) == [record_path(ID)]


def test_a_sign_off_of_bytes_that_are_nowhere_is_not_left(made: TestRegister) -> None:
    made.add(good_record(), ref=REF)
    made.change(ID, good_record(frequency="daily"), ref=REF)
    made.add(good_record(frequency="daily"))
    assert left(made) == []


def test_a_file_elsewhere_is_left(made: TestRegister) -> None:
    made.commit({"notes.txt": b"Read me.\n"}, REF)
    assert left(made) == ["notes.txt"]


def test_a_return_of_an_earlier_text_is_history_and_not_stale(made: TestRegister) -> None:
    made.add(good_record(), accept=False, ref=REF)
    made.say(ID, sign_off("return", says="Which region?"), ref=REF)
    made.say(ID, sign_off("accept"), ref=REF)
    folder = f"{statements_folder(ID)}/2026-03-02-sign-off-dcc"
    assert not is_stale(f"{folder}.yaml", made.read(f"{folder}.yaml", REF), {"0" * 64})
    assert is_stale(f"{folder}-2.yaml", made.read(f"{folder}-2.yaml", REF), {"0" * 64})
    assert not is_stale(f"{folder}.yaml", b"decision: [accept", {"0" * 64})
