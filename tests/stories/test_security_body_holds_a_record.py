"""The security body holds a record, before it lands and after; nobody else sets it free."""

from __future__ import annotations

from pathlib import Path

from tests.registers import ID, MAIN, good_record, make_register
from tests.stories.together import Person, assert_proven, published

REF = f"refs/heads/submit/{ID}"


def test_what_is_held_lands_once_the_security_body_lifts_it(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.add(good_record(), ref=REF)
    security, validator = Person(made.folder, "ssc"), Person(made.folder, "dcc")
    before = made.repository.refs(MAIN)
    security.does("review", ID, "--hold", "--says", "It may concern keys.")
    refused = validator.is_refused("land", ID)
    assert "awaited[G017]" in refused
    assert "the security body holds it" in refused
    assert made.repository.refs(MAIN) == before
    assert "has not the role security" in validator.is_refused("review", ID, "--lift")
    assert [wait["whom"] for wait in security.waits("--mine")] == ["security body"]
    security.does("review", ID, "--lift", "--says", "It concerns no keys.")
    assert "Landed on main: 1 record, 5 files." in validator.does("land", ID)
    assert validator.sees_stage() == "published"
    assert_proven(made.folder)


def test_what_is_published_is_held_and_set_free_by_the_security_body(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    security, validator = Person(made.folder, "ssc"), Person(made.folder, "dcc")
    security.does("review", ID, "--hold", "--says", "It may concern keys.")
    security.does("land", ID)
    assert validator.sees_stage() == "held"
    assert published(validator) is None
    security.does("review", ID, "--lift", "--says", "It concerns no keys.")
    security.does("land", ID)
    assert published(validator) is not None
    assert_proven(made.folder)
