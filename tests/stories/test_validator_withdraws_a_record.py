"""A validator withdraws a record: a tombstone stays, with the maker's word; an accept ends it."""

from __future__ import annotations

from pathlib import Path

from tests.registers import ID, good_record, make_register, statement
from tests.stories.together import MAKER, Person, assert_proven, published

BEHAVIOUR = good_record()["behaviour"]


def test_what_is_withdrawn_leaves_a_tombstone_and_comes_back_by_an_accept(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record(affected=list(MAKER))])
    told = {"affected": list(MAKER), "certainty": "suspected", "impact": "high"}
    made.say(ID, statement("notice", "secas", to="maker-one", delivered="e-mail", told=told))
    response = statement("response", "maker-one", position="disputed", says="We see none of it.")
    made.later().say(ID, response)
    validator = Person(made.folder, "dcc")
    assert validator.sees_stage() == "published"
    says = ("--says", "The alerts were lost on the way.")
    validator.does("review", ID, "--withdraw", "reported-in-error", *says)
    assert "1 record, 1 file." in validator.does("land", ID)
    shown = validator.sees()
    assert shown["stage"]["name"] == "withdrawn"
    assert shown["withdrawal"]["code"] == "reported-in-error"
    entry = published(validator)
    assert entry is not None
    assert (entry["stage"], entry["withdrawn"]["code"]) == ("withdrawn", "reported-in-error")
    tombstone = (made.folder / "public" / "records" / f"{ID}.html").read_text()
    assert "We see none of it." in tombstone
    assert [text for text in (str(entry), tombstone) if BEHAVIOUR in text] == []
    validator.accepts_and_lands()
    shown = validator.sees()
    assert (shown["stage"]["name"], shown["withdrawal"]) == ("published", None)
    assert_proven(made.folder)
