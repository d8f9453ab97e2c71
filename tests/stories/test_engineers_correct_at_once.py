"""Two engineers correct one landed record at once: neither's correction undoes the other's."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.register.record import record_path
from tests.registers import ID, TestRegister, good_record, make_register
from tests.stories.together import Person, assert_proven, names

TITLE = "Meter sends no alert after a Hub update"
SECOND = f"submit/{ID}-supplier-two"


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    """A record of which one correction has landed, and another that began before it has not."""
    made = make_register(tmp_path / "register", [good_record()])
    made.later().change(ID, good_record(title=TITLE), ref=f"refs/heads/{SECOND}")
    Person(made.folder, "supplier-one").does("edit", ID, "frequency=daily")
    Person(made.folder, "dcc").does("review", f"submit/{ID}-supplier-one", "--accept", "--yes")
    merges(Person(made.folder, "dcc"), f"submit/{ID}-supplier-one")
    return made


def merges(person: Person, branch: str) -> None:
    person.gits("merge", "--quiet", "--no-ff", "--message", f"Land {branch}", branch)


def test_the_later_one_is_brought_together_with_what_landed_and_accepted_anew(
    made: TestRegister,
) -> None:
    validator = Person(made.folder, "dcc")
    validator.gits("branch", "--delete", f"submit/{ID}-supplier-one")
    (wait,) = validator.waits()
    assert (wait["request"], wait["waits_for"]) == (SECOND, "mending")
    for words in (("land", ID), ("review", ID, "--accept", "--yes")):
        refused = validator.is_refused(*words)
        assert f"another text of it has landed since {SECOND} began" in refused
        assert "git merge main into the request" in refused
    validator.gits("switch", "--quiet", SECOND)
    validator.gits("merge", "--quiet", "--message", "Merge main", "main")
    validator.gits("switch", "--quiet", "main")
    validator.does("review", ID, "--accept", "--yes")
    assert validator.does("gate", SECOND).startswith("It may land.")
    assert "Landed on main: 1 record, 2 files." in validator.does("land", ID)
    text = made.read(record_path(ID)).decode()
    assert (f"title: {TITLE}" in text, "frequency: daily" in text) == (True, True)
    assert_proven(made.folder)


def test_of_two_that_differ_none_is_accepted_until_one_is_named(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    Person(made.folder, "supplier-one").does("edit", ID, "frequency=daily")
    Person(made.folder, "supplier-two").does("edit", ID, "frequency=weekly")
    validator = Person(made.folder, "dcc")
    refused = validator.is_refused("review", ID, "--accept", "--yes")
    assert "several requests change it in different ways" in refused
    validator.does("review", f"submit/{ID}-supplier-one", "--accept", "--yes")
    validator.does("review", SECOND, "--accept", "--yes")
    merges(validator, f"submit/{ID}-supplier-one")
    validator.gits("switch", "--quiet", SECOND)
    validator.gits("merge", "--quiet", "--strategy-option", "ours", "--message", "Ours", "main")
    validator.gits("switch", "--quiet", "main")
    assert "error[G012]" in validator.is_refused("gate", SECOND)
    (wait,) = validator.waits()
    assert (wait["request"], wait["waits_for"]) == (SECOND, "accept")
    validator.accepts_and_lands()
    assert b"frequency: weekly" in made.read(record_path(ID))
    assert_proven(made.folder)


def test_who_accepts_a_new_text_does_not_accept_the_returned_one_besides(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    validator = Person(made.folder, "dcc")
    validator.does("review", ID, "--return", "Which region is it?")
    validator.does("land", ID)
    assert validator.sees_stage() == "returned"
    Person(made.folder, "supplier-one").does("edit", ID, "frequency=daily")
    before = names(made)
    assert f"submit/{ID}-dcc" not in validator.does("review", ID, "--accept", "--yes")
    assert "Landed on main: 1 record, 2 files." in validator.does("land", ID)
    assert len(names(made)) == len(before) + 1
    assert validator.sees_stage() == "published"
    assert_proven(made.folder)
