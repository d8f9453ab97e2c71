"""What merging two records is: one is withdrawn, and its reports are told of the other."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from defectreg.gate.merging import (
    by_what_stays,
    carried,
    carried_by,
    merge,
    merged_before,
    objection_to_stay,
    reporters,
)
from defectreg.gate.reviewing import Review, reviews_of
from defectreg.gate.wishes import Occasion
from defectreg.register.mandates import Objection
from defectreg.register.yamltext import load
from defectreg.store.identity import Identity
from defectreg.store.requests import target_of
from tests.registers import (
    TestRegister,
    good_record,
    key_of,
    make_register,
    public_key,
    sign_off,
    statement,
)

STAYS, GONE, TOO = "DR-1111-0000", "DR-2222-0000", "DR-3333-0000"
IMPORT = "refs/heads/submit/import"


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    made = make_register(tmp_path / "register", signs=False)
    made.add(good_record(id=STAYS))
    return made.later()


def received(**keys: Any) -> dict[str, Any]:
    told = {"received": "incident", "told_by": "large-supplier", "says": "Told.", **keys}
    return statement("report", "dcc", **told)


def occasion(made: TestRegister) -> Occasion:
    target = target_of(made.register())
    held = target.grounds.parties.holder(public_key("dcc-second").fingerprint)
    assert held is not None
    identity = Identity("dcc", held[1], key_of("dcc-second"))
    return Occasion(identity, target, datetime.combine(made.today, time(12), UTC), made.today)


def review_of(made: TestRegister, record_id: str) -> Review:
    (found,) = reviews_of(target_of(made.register()), [record_id], made.today)
    return found


def told(made: TestRegister, *merged: str) -> list[dict[str, Any]]:
    """The reports that are told of the one that stays."""
    reviews = [review_of(made, each) for each in merged]
    return [dict(load(one.text).data) for one in carried({STAYS: reviews}, occasion(made))]


def waits(made: TestRegister, record_id: str, *reports: dict[str, Any]) -> None:
    made.add(good_record(id=record_id), *(reports or (received(),)), accept=False, ref=IMPORT)


def test_it_is_withdrawn_as_a_duplicate_of_the_other(made: TestRegister) -> None:
    waits(made, GONE)
    decision = merge(review_of(made, GONE), STAYS, occasion(made))
    assert (decision.wish.decision, decision.wish.code, decision.wish.other, decision.role) == (
        "withdraw", "duplicate-of", STAYS, "validator",
    )  # fmt: skip


def test_what_the_same_party_received_is_told_as_one_report(made: TestRegister) -> None:
    waits(made, GONE, received(stands_for=4, since="2026-02-03", devices="2-9"))
    waits(made, TOO, received(stands_for=3, since="2026-02-01", devices="10-99", says="Too."))
    (report,) = told(made, GONE, TOO)
    assert report["of"] == STAYS
    assert report["by"] == "dcc"
    assert report["stands-for"] == "7"
    assert report["since"] == "2026-02-01"
    assert report["devices"] == "10-99"
    assert (report["received"], report["told-by"]) == ("incident", "large-supplier")
    day = made.today.isoformat()
    first = f"{GONE} on {day}, {TOO} on {day}"
    assert report["says"] == f"Told first of {first}.\nTold.\nToo.\n"


def test_what_others_told_or_elsewhere_is_a_report_of_its_own(made: TestRegister) -> None:
    waits(made, GONE, received(region="North"))
    waits(made, TOO, received(region="South"))
    assert [report["region"] for report in told(made, GONE, TOO)] == ["North", "South"]


def test_what_it_saw_until_is_told_only_where_all_of_it_ended(made: TestRegister) -> None:
    waits(made, GONE, received(until="2026-02-03"))
    assert told(made, GONE)[0]["until"] == "2026-02-03"
    waits(made, TOO)
    assert "until" not in told(made, GONE, TOO)[0]


def test_what_another_party_said_is_that_partys_to_say(made: TestRegister) -> None:
    waits(made, GONE, statement("report", "supplier-one", says="We see this."))
    assert told(made, GONE) == []
    assert reporters(review_of(made, GONE), "dcc") == ["supplier-one"]


def test_what_was_given_in_confidence_is_told_nowhere_else(made: TestRegister) -> None:
    waits(made, GONE, received(given_in_confidence=True))
    assert told(made, GONE) == []


def test_what_was_told_is_not_told_again(made: TestRegister) -> None:
    waits(made, GONE)
    (report,) = told(made, GONE)
    made.say(STAYS, {**report, "key": "dcc-second"})
    assert told(made, GONE) == []


def test_what_is_reported_of_it_after_it_was_merged_is_told_too(made: TestRegister) -> None:
    waits(made, GONE)
    (report,) = told(made, GONE)
    made.say(STAYS, {**report, "key": "dcc-second"})
    made.say(GONE, received(says="Once more."), ref=IMPORT)
    (later,) = told(made, GONE)
    assert later["says"] == f"Told first of {GONE} on {made.today} (2).\nOnce more.\n"
    made.say(STAYS, {**later, "key": "dcc-second"})
    assert told(made, GONE) == []


def test_which_party_told_it_is_not_in_the_text(made: TestRegister) -> None:
    waits(made, GONE)
    assert "dcc" not in told(made, GONE)[0]["says"]


def test_nothing_is_told_of_what_has_not_landed(made: TestRegister) -> None:
    waits(made, GONE)
    waits(made, TOO)
    one = merge(review_of(made, GONE), TOO, occasion(made))
    assert carried_by([one], occasion(made)) == []


def test_what_was_merged_into_what_was_merged_goes_to_the_last(made: TestRegister) -> None:
    waits(made, GONE)
    waits(made, TOO)
    made.say(GONE, sign_off("withdraw", code="duplicate-of", other=TOO), ref=IMPORT)
    made.say(TOO, sign_off("withdraw", code="duplicate-of", other=STAYS), ref=IMPORT)
    taken_back = [review_of(made, GONE), review_of(made, TOO)]
    stays = by_what_stays(merged_before(taken_back))
    found = {each: [one.request.record_id for one in merged] for each, merged in stays.items()}
    assert found == {STAYS: [GONE, TOO]}


def test_two_that_were_merged_into_each_other_end_the_search(made: TestRegister) -> None:
    waits(made, GONE)
    waits(made, TOO)
    pairs = [(review_of(made, GONE), TOO), (review_of(made, TOO), GONE)]
    assert sum(map(len, by_what_stays(pairs).values())) == 2


def test_another_reason_than_a_duplicate_is_no_merge(made: TestRegister) -> None:
    waits(made, GONE)
    made.say(GONE, sign_off("withdraw", code="reported-in-error"), ref=IMPORT)
    assert merged_before([review_of(made, GONE)]) == []


def test_nothing_is_merged_into_what_is_withdrawn(made: TestRegister) -> None:
    waits(made, GONE)
    for stays in (STAYS, GONE):
        assert objection_to_stay(stays, (), occasion(made)) is None
    made.say(STAYS, sign_off("withdraw", code="not-a-defect"))
    made.say(GONE, sign_off("withdraw", code="duplicate-of", other=TOO), ref=IMPORT)
    landed = objection_to_stay(STAYS, (), occasion(made))
    waiting = objection_to_stay(GONE, [review_of(made, GONE)], occasion(made))
    assert (landed, waiting) == (
        Objection(f"{STAYS} is withdrawn", "name a record that stays"),
        Objection(f"{GONE} is withdrawn", f"it was merged into {TOO}"),
    )


def test_nothing_is_told_of_what_was_withdrawn_after_it_landed(made: TestRegister) -> None:
    waits(made, GONE)
    assert len(told(made, GONE)) == 1
    made.say(STAYS, sign_off("withdraw", code="not-a-defect"))
    assert told(made, GONE) == []
