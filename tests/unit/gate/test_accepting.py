from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from defectreg.gate.accepting import Accepting, sign_off, sign_off_paths
from defectreg.gate.reviewing import Decision, Review
from defectreg.intake.starting import Founder, plan
from defectreg.register.record import Record, record_path
from defectreg.register.yamltext import load
from defectreg.store.git import Repository
from defectreg.store.identity import Identity
from defectreg.store.places import Register
from defectreg.store.requests import Request, Target
from tests.registers import ID, good_record, key_of, make_register, public_key, sha256

PATH = record_path(ID)
FOLDER = f"records/7K/{ID}"


@pytest.fixture(scope="module")
def accepting() -> Accepting:
    grounds = plan("example", [Founder("dcc", "dcc", ("validator",), public_key("dcc"))]).grounds
    nowhere = Register(Repository(Path("/"), Path("/"), Path("/"), bare=True), "0" * 40)
    person = grounds.parties.by_slug["dcc"].people[0]
    return Accepting(
        Identity("dcc", person, key_of("dcc")),
        Target(nowhere, "0" * 40, grounds),
        datetime(2026, 3, 2, 12, tzinfo=UTC),
        date(2026, 3, 2),
    )


def decision(new: dict[str, bytes], landed: dict[str, bytes] | None = None) -> Decision:
    request = Request(ID, f"refs/heads/submit/{ID}", "1" * 40, new, landed or {})
    record = Record(good_record(), sha256(b"new"))
    review = Review(request, record, (), None, (), frozenset({"validator"}))
    return Decision(review, "validator", record, (), (), ())


def test_an_accept_says_what_was_read_and_answers_three_questions(accepting: Accepting) -> None:
    assert load(sign_off(decision({PATH: b"new"}), accepting).encode()).data == {
        "of": ID,
        "kind": "sign-off",
        "by": "dcc",
        "date": "2026-03-02",
        "decision": "accept",
        "role": "validator",
        "data-correct": "true",
        "fixes-checked": "true",
        "presentation-consistent": "true",
        "read": [f"{sha256(b'new')}  {ID}.yaml"],
    }


def test_of_a_changed_record_it_names_the_bytes_that_stood_before(accepting: Accepting) -> None:
    text = sign_off(decision({PATH: b"new"}, {PATH: b"old"}), accepting)
    assert load(text.encode()).data["replaces"] == sha256(b"old")


def test_of_a_statement_alone_it_replaces_nothing(accepting: Accepting) -> None:
    only = replace(decision({f"{FOLDER}/cause.yaml": b"new"}, {PATH: b"old"}), record=None)
    assert "replaces" not in load(sign_off(only, accepting).encode()).data


def test_a_name_that_is_taken_on_the_target_gets_the_next_number(
    accepting: Accepting, tmp_path: Path
) -> None:
    made = make_register(tmp_path / "register", [good_record()], signs=False, day=accepting.day)
    register = made.register()
    here = replace(accepting, target=Target(register, register.head, accepting.target.grounds))
    request = replace(decision({PATH: b"new"}).review.request, commit=register.head)
    asked = replace(decision({PATH: b"new"}), review=Review(
        request, None, (), None, (), frozenset()))  # fmt: skip
    second, third = (f"{FOLDER}/2026-03-02-sign-off-dcc-{number}.yaml" for number in (2, 3))
    assert sign_off_paths([asked], here) == [second]
    assert sign_off_paths([asked, asked], here) == [second, third]
