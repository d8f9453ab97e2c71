"""What came in and waits for a first decision, in groups and questions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from defectreg.gate.new_records import Arrivals, Group, arrivals, awaiting, proven, questions
from defectreg.register.record import record_path
from defectreg.register.yamltext import dump
from defectreg.store.requests import target_of
from tests.registers import TestRegister, good_record, make_register, sign_off, statement

FIRST, SECOND, THIRD = "DR-3333-0000", "DR-2222-0000", "DR-1111-0000"
IMPORT = "refs/heads/submit/import"
OTHER = {
    "title": "Hub loses its clock after a power outage",
    "affected": ["CHF:FF02/00020001"],
    "behaviour": "After an outage the clock of the Hub stands at the first of January.",
    "alerts": None,
}


def silent(total: int) -> AbstractContextManager[Callable[[int], None]]:
    return nullcontext(lambda done: None)


def came(made: TestRegister, *, proves: bool = False) -> Arrivals:
    return arrivals(target_of(made.register()), made.today, silent, proves=proves)


def ids(groups: tuple[Group, ...]) -> list[list[str]]:
    return [[one.id for one in group] for group in groups]


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    """Three new records on one request, reported on three days; the first and third are alike."""
    made = make_register(tmp_path / "register", signs=False)
    for record_id, text in ((FIRST, {}), (SECOND, OTHER), (THIRD, {})):
        made.later().add(good_record(id=record_id, **text), accept=False, ref=IMPORT)
    return made


def test_alike_ones_are_together_under_the_one_reported_first(made: TestRegister) -> None:
    assert ids(came(made).groups) == [[FIRST, THIRD], [SECOND]]


def test_what_has_landed_or_is_decided_is_not_new(made: TestRegister) -> None:
    made.add(good_record(id="DR-9999-0000"))
    made.say(FIRST, sign_off("return", says="Which region is it?"), ref=IMPORT)
    made.say(SECOND, sign_off("accept"), ref=IMPORT)
    assert ids(came(made).groups) == [[THIRD]]


def test_another_text_of_a_landed_record_is_not_new(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()], signs=False)
    made.change("DR-7K3Q-X4MB", good_record(frequency="daily"), accept=False, ref=IMPORT)
    assert came(made) == Arrivals(())


def test_what_was_withdrawn_before_it_landed_is_told_apart(made: TestRegister) -> None:
    made.say(THIRD, sign_off("withdraw", code="duplicate-of", other=FIRST), ref=IMPORT)
    found = came(made)
    assert ids(found.groups) == [[FIRST], [SECOND]]
    assert [review.request.record_id for review in found.taken_back] == [THIRD]


def test_what_cannot_be_read_is_told_apart(made: TestRegister) -> None:
    text = dump(good_record(id=THIRD)).replace("certainty: suspected", "certainty: sure")
    made.commit({record_path(THIRD): text.encode()}, IMPORT)
    found = came(made)
    assert ids(found.groups) == [[FIRST], [SECOND]]
    assert [review.request.record_id for review in found.unreadable] == [THIRD]


def test_a_signature_is_checked_before_it_is_asked_about(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    report = statement("report", "supplier-one", says="We see this.")
    made.add(good_record(id=FIRST), report, accept=False, ref=IMPORT)
    tip = made.repository.refs(IMPORT)[IMPORT]
    (path,) = (path for path in made.repository.listing(tip, "records") if "-report-" in path)
    forged = made.read(path, IMPORT).replace(b"We see this.", b"We see that.")
    made.commit({path: forged}, IMPORT)
    target = target_of(made.register())
    ((one,),) = came(made).groups
    assert "R096" not in {finding.code for finding in one.review.errors}
    ((judged,),) = proven(((one,),), target, made.today)
    assert judged.is_proven
    assert "R096" in {finding.code for finding in judged.review.errors}
    assert came(made, proves=True).groups[0][0].review.errors == judged.review.errors


def test_a_question_holds_whole_groups_and_never_more_than_it_may(made: TestRegister) -> None:
    groups = came(made).groups
    sizes = {most: [[len(group) for group in asked] for asked in questions(groups, most)]
             for most in (1, 2, 3, 9)}  # fmt: skip
    assert sizes == {1: [[1], [1], [1]], 2: [[2], [1]], 3: [[2, 1]], 9: [[2, 1]]}


def test_only_what_awaits_one_of_their_roles_is_for_a_person(made: TestRegister) -> None:
    groups = came(made).groups
    assert awaiting(groups, {"validator"}) == list(groups)
    assert awaiting(groups, {"manufacturer", "publisher"}) == []
