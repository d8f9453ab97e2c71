"""An engineer corrects a typo in a record that has landed: one change, one accept, one step."""

from __future__ import annotations

from pathlib import Path

from defectreg.register.record import record_path
from defectreg.register.yamltext import load
from tests.registers import ID, good_record, make_register, sha256, statement
from tests.stories.together import Person, assert_proven, names

TITLE = "Meter stops sending billing alerts after a Hub firmware update"


def test_a_typo_takes_one_accept_that_says_what_it_replaces(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    cause = statement("cause", "supplier-two", cause="suspected", says="The clock drifts.")
    made.later().say(ID, cause, accept=True)
    before, stood = names(made), made.read(record_path(ID))
    engineer, validator = Person(made.folder, "supplier-one"), Person(made.folder, "dcc")
    engineer.does("edit", ID, f"title={TITLE}")
    branch = f"submit/{ID}-supplier-one"
    assert "awaited[G011]" in engineer.is_refused("gate", branch)
    (wait,) = validator.waits("--mine")
    assert (wait["request"], wait["waits_for"]) == (branch, "accept")
    validator.does("review", ID, "--accept", "--yes")
    assert "Landed on main: 1 record, 2 files." in validator.does("land", ID)
    (accept,) = set(names(made)) - set(before)
    said = load((made.folder / f"records/7K/{ID}/{accept}").read_bytes()).data
    assert said["replaces"] == sha256(stood)
    assert said["read"] == [f"{sha256(made.read(record_path(ID)))}  {ID}.yaml"]
    shown = validator.sees()
    assert (shown["record"]["title"], shown["stage"]["name"]) == (TITLE, "published")
    assert "cause-suspected" in shown["marks"]
    assert_proven(made.folder)
