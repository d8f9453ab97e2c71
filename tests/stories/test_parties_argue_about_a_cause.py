"""Parties argue about a cause: it is accepted, challenged, and superseded by who named it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.registers import ID, good_record, make_register
from tests.stories.together import Person, assert_proven


def states(shown: dict[str, Any], kind: str) -> list[str]:
    """The states of the statements of a kind, by day and name."""
    return [said["state"] for said in shown["statements"] if said["data"]["kind"] == kind]


def test_a_cause_is_accepted_challenged_and_superseded(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    author, other = Person(made.folder, "supplier-two"), Person(made.folder, "supplier-one")
    validator = Person(made.folder, "dcc")
    author.says("cause", ID, "The clock drifts.", "--cause", "suspected")
    assert "2 files" in validator.accepts_and_lands()
    shown = validator.sees()
    assert states(shown, "cause") == ["counts"]
    assert shown["marks"] == ["cause-suspected"]
    other.says("challenge", ID, "It is seen where the clock is right.", "--about", "cause")
    assert "2 files" in validator.accepts_and_lands()
    assert set(validator.sees()["marks"]) == {"cause-suspected", "disputed"}
    author.says("cause", ID, "A counter overflows.", "--cause", "identified",
                "--supersedes", "cause")  # fmt: skip
    assert "2 files" in validator.accepts_and_lands()
    shown = validator.sees()
    assert sorted(states(shown, "cause")) == ["counts", "superseded"]
    assert "cause-identified" in shown["marks"]
    assert "cause-suspected" not in shown["marks"]
    assert_proven(made.folder)
