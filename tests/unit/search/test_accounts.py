from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from defectreg.register.record import Record
from defectreg.register.stage import Stage
from defectreg.register.standing import Landed, Landing, Standing
from defectreg.register.statement import Statement
from defectreg.search.accounts import Account, account_json, account_of, stage_words
from defectreg.search.lives import Change, Life, Waiting, event_json, events_of
from tests.registers import ID, good_record, grounds, sign_off, statement

DAY = date(2026, 3, 2)
RECORD_SHA = "a" * 64
PUBLISHED = Stage("published")


def said(step: int, data: dict[str, Any]) -> Landed:
    """A statement that landed with a step; its SHA-256 is the step's number."""
    data = {"of": ID, "date": DAY.isoformat(), **data}
    file = f"2026-03-02-{data['kind']}-{data['by']}-{step}.yaml"
    return Landed(Statement(file, data, f"{step:064}"), Landing(step, DAY, "dcc", "self"))


def decided(step: int, decision: str, of: str, **keys: Any) -> Landed:
    return said(step, sign_off(decision, read=[f"{of}  file.yaml"], **keys))


def life(*landed: Landed, waiting: tuple[Waiting, ...] = (), ref: str = "HEAD") -> Life:
    record = Record(good_record(), RECORD_SHA)
    return Life(Standing(record, landed, grounds().parties), waiting, ref, "0" * 40, grounds())


FIX = said(2, statement("fix", "supplier-two", says="Take 00030005.", firmware="00030005"))
CAUSE = said(3, statement("cause", "supplier-one", says="A counter.", cause="suspected"))
RESPONSE = said(4, statement("response", "maker-one", position="disputed", says="Not ours."))


def headings(account: Account) -> list[str]:
    return [part.heading for part in account.parts]


def about(account: Account, heading: str) -> list[str]:
    return [
        paragraph.about
        for part in account.parts
        if part.heading == heading
        for paragraph in part.paragraphs
    ]


def test_fixes_stand_before_the_affected_combinations_and_the_behaviour() -> None:
    account = account_of(life(CAUSE, FIX, RESPONSE), PUBLISHED, ())
    shown = headings(account)
    assert shown[0] == "Fixes"
    assert shown.index("Affected") < shown.index("Observed behaviour") < shown.index("Cause")


def test_affected_combinations_stand_in_the_notation_and_in_words() -> None:
    (words,) = about(account_of(life(), PUBLISHED, ()), "Affected")
    assert words == (
        "CHF model 00020001, any firmware with ESME model 00010100, "
        "firmware 0001*,00030000..00030004; North"
    )


@pytest.mark.parametrize(
    ("landed", "state"),
    [
        ((FIX,), "awaiting acceptance"),
        ((FIX, decided(5, "accept", FIX.statement.sha256)), "counts"),
        ((FIX, decided(5, "return", FIX.statement.sha256)), "returned"),
        (
            (
                FIX,
                decided(5, "accept", FIX.statement.sha256),
                decided(6, "withdraw", FIX.statement.sha256),
            ),
            "withdrawn since",
        ),
    ],
)
def test_each_statement_says_what_became_of_it(landed: tuple[Landed, ...], state: str) -> None:
    (line,) = about(account_of(life(*landed), PUBLISHED, ()), "Fixes")
    assert state in line
    assert "supplier-two" in line
    assert FIX.statement.file in line


def test_a_statement_that_its_own_party_replaced_is_called_superseded() -> None:
    newer = statement("fix", "supplier-two", says="Take 6.", supersedes=FIX.statement.file)
    later = said(7, newer)
    accepts = [decided(8, "accept", item.statement.sha256) for item in (FIX, later)]
    states = about(account_of(life(FIX, later, *accepts), PUBLISHED, ()), "Fixes")
    assert ["superseded" in line for line in states] == [True, False]


def test_what_stands_on_a_request_is_called_not_landed_and_where() -> None:
    waiting = Waiting(FIX.statement, f"refs/remotes/origin/submit/{ID}")
    account = account_of(life(waiting=(waiting,), ref=waiting.ref), Stage("reported"), ())
    assert "not landed, on origin/submit/" in about(account, "Fixes")[0]
    assert ("Stands on", f"origin/submit/{ID}; it has not landed") in account.facts
    event = events_of(life(waiting=(waiting,)))[-1]
    assert (event.landed, event.ref, event.key) == (None, f"origin/submit/{ID}", "unsigned")


def test_of_a_withdrawn_record_only_the_tombstone_and_the_responses_are_left() -> None:
    withdrawal = decided(9, "withdraw", RECORD_SHA, code="superseded", other="DR-0000-0001")
    tombstone = life(FIX, CAUSE, RESPONSE, withdrawal)
    account = account_of(tombstone, Stage("withdrawn"), ("superseded",))
    shown = account_json(tombstone, Stage("withdrawn"), (), {})
    assert headings(account) == ["Manufacturers' responses"]
    assert account.title == "Withdrawn entry"
    assert ("Reason", "superseded DR-0000-0001") in account.facts
    assert "billing" not in f"{account}{shown}"
    assert shown["record"] is None
    assert [item["data"]["kind"] for item in shown["statements"]] == ["response"]


def test_a_sign_off_is_one_line_without_hashes() -> None:
    accept = decided(5, "accept", FIX.statement.sha256)
    (part,) = (
        part
        for part in account_of(life(FIX, accept), PUBLISHED, ()).parts
        if part.heading == "Decisions, notices and consents"
    )
    (line,) = part.paragraphs
    words = "accept of file.yaml · dcc as validator · counts, landed 2026-03-02"
    assert (line.text, line.about) == (words, "")


def test_a_change_stands_before_what_landed_with_it() -> None:
    events = events_of(life(FIX, RESPONSE), [Change(4, DAY, ("title",)), Change(9, DAY, ())])
    assert [event.kind for event in events] == ["fix", "change", "response", "change"]
    assert event_json(events[1])["fields"] == ["title"]


def test_a_stage_says_what_it_waits_for_whom_and_until_when() -> None:
    assert stage_words(PUBLISHED) == "published"
    stage = Stage("in-reply", "response", ("maker-one",), date(2026, 3, 16))
    assert stage_words(stage) == "in-reply: waits for response (maker-one) until 2026-03-16"


def test_json_holds_each_statement_with_its_state_and_without_its_signature() -> None:
    signed = said(2, {**statement("report", "supplier-one"), "signature": "x"})
    shown = account_json(life(signed), PUBLISHED, ("fix",), {"commit": "0"})
    (item,) = shown["statements"]
    assert (item["state"], item["landed"]) == ("counts", "2026-03-02")
    assert "signature" not in item["data"]
    assert shown["record"]["title"] == good_record()["title"]
    assert shown["meta"]["disclaimer"].startswith("No recommendations")
