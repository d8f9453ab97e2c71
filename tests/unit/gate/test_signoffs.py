"""A sign-off before its signature: its text, and the file that it will be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from defectreg.gate.signoffs import branch_of, paths_of, sign_off
from defectreg.gate.wishes import Decision, Wish, wished
from defectreg.register.record import statements_folder
from defectreg.register.yamltext import dump, load
from defectreg.store.requests import Target
from tests import registers
from tests.registers import ID, good_record, make_register, sha256
from tests.unit.gate.reviews import (
    ACCEPT,
    CAUSE,
    DAY,
    PATH,
    READING,
    RECORD,
    REPORT,
    decided,
    landed_and_accepted,
    occasion,
    reviewed,
    said,
)

FOLDER = statements_folder(ID)
NEW = {**RECORD, **said(REPORT)}


def text_of(
    new: dict[str, bytes],
    landed: dict[str, bytes] | None = None,
    by: str = "dcc",
    wish: Wish = ACCEPT,
) -> dict[str, Any]:
    found, target = reviewed(new, landed)
    here = occasion(target, by)
    return load(sign_off(wished(found, wish, here), here)).data


def test_an_accept_says_what_was_read_and_answers_three_questions() -> None:
    assert text_of(NEW) == {
        "of": ID,
        "kind": "sign-off",
        "by": "dcc",
        "date": "2026-03-02",
        "decision": "accept",
        "role": "validator",
        "data-correct": "true",
        "fixes-checked": "true",
        "presentation-consistent": "true",
        "read": READING,
    }


def test_no_other_decision_answers_them() -> None:
    said_so = text_of(NEW, wish=Wish("return", says="Which region is it?"))
    assert said_so["says"] == "Which region is it?"
    assert "data-correct" not in said_so


def test_a_withdrawal_bears_its_code_and_the_other_record() -> None:
    wish = Wish("withdraw", code="duplicate-of", other="DR-AAAA-BBBB", says="As told.")
    made = text_of({}, landed_and_accepted(), wish=wish)
    assert (made["code"], made["other"], made["says"]) == (
        "duplicate-of", "DR-AAAA-BBBB", "As told.",
    )  # fmt: skip
    assert "replaces" not in made


def test_of_a_changed_record_an_accept_names_the_bytes_that_stood_before() -> None:
    changed = {PATH: dump(good_record(frequency="daily")).encode()}
    assert text_of(changed, landed_and_accepted())["replaces"] == sha256(RECORD[PATH])


def test_of_a_statement_alone_it_replaces_nothing() -> None:
    assert "replaces" not in text_of(said(CAUSE), landed_and_accepted())


def test_an_accept_supersedes_the_return_of_the_same_day_that_would_outweigh_it() -> None:
    returned = said(registers.sign_off("return", read=READING, says="See the title."))
    ((path, _),) = returned.items()
    assert text_of({**NEW, **returned})["supersedes"] == path.rpartition("/")[2]


def test_what_another_party_decided_is_not_superseded() -> None:
    returned = registers.sign_off("return", "supplier-two", read=READING, says="See the title.")
    assert "supersedes" not in text_of({**NEW, **said(returned)})


def test_coming_back_on_the_day_of_the_withdrawal_is_said_in_other_bytes_than_before() -> None:
    gone = said(registers.sign_off("withdraw", read=READING, code="not-a-defect"), number=2)
    ((path, _),) = gone.items()
    made = text_of({}, {**landed_and_accepted(), **gone})
    assert made["supersedes"] == path.rpartition("/")[2]


def here_and_there(tmp_path: Path) -> tuple[Decision, Decision, Target]:
    """Decisions of one request of a record that stands there, in a register of its own."""
    made = make_register(tmp_path / "register", [good_record()], signs=False, day=DAY)
    register = made.register()
    target = Target(register, register.head, register.grounds)
    of_request = decided(NEW)
    request = replace(of_request.review.request, commit=register.head, landed={
        f"{FOLDER}/2026-03-02-sign-off-dcc.yaml": b""})  # fmt: skip
    again = replace(of_request, review=replace(of_request.review, request=request))
    return again, decided({}, landed_and_accepted()), target


def test_a_name_that_is_taken_gets_the_next_number(tmp_path: Path) -> None:
    asked, _, target = here_and_there(tmp_path)
    here = occasion(target)
    second, third = (f"{FOLDER}/2026-03-02-sign-off-dcc-{number}.yaml" for number in (2, 3))
    assert paths_of([asked], here) == [second]
    assert paths_of([asked, asked], here) == [second, third]


def test_a_name_that_is_taken_on_another_request_of_the_record_is_taken(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()], signs=False, day=DAY)
    made.say(ID, registers.sign_off("hold", role="security"), ref=f"refs/heads/submit/{ID}-dcc")
    register = made.register()
    found = decided(said(CAUSE), landed_and_accepted())
    request = replace(found.review.request, commit=register.head)
    asked = replace(found, review=replace(found.review, request=request))
    here = occasion(Target(register, register.head, register.grounds))
    assert paths_of([asked], here) == [f"{FOLDER}/2026-03-02-sign-off-dcc-3.yaml"]


def test_what_has_landed_is_decided_on_a_new_branch_and_a_request_on_its_own(
    tmp_path: Path,
) -> None:
    asked, of_landed, target = here_and_there(tmp_path)
    here = occasion(target)
    assert branch_of(asked.review.request, here) == f"refs/heads/submit/{ID}"
    assert branch_of(of_landed.review.request, here) == f"refs/heads/submit/{ID}-dcc"
    fetched = replace(asked.review.request, ref=f"refs/remotes/origin/submit/{ID}")
    assert branch_of(fetched, here) == f"refs/heads/submit/{ID}"
