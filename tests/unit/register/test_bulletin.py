"""What changed of an entry from one publication to the next, and what a bulletin says of it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from defectreg.register.bulletin import Change, Seen, changes_of, told_now
from defectreg.register.public import PublicRecord, PublicStatement, PublicWithdrawal

DAY = datetime.date(2026, 3, 9)
ID = "DR-7K3Q-X4MB"


def said(kind: str, key: str = "", **values: Any) -> PublicStatement:
    return PublicStatement(
        key or f"{kind}-1", kind, "Large Supplier", (), DAY, "", False, False, values
    )


def entry(*statements: PublicStatement, **changes: Any) -> PublicRecord:
    record = PublicRecord(
        id=ID, first_day=DAY, last_day=DAY, kind="defect", kind_words="Possible defect",
        affected=(), marks=("cause-unknown",), values={"title": "A title", "behaviour": "So."},
        statements=statements, timeline=(), reporters=(), is_provided_by_manufacturer=False,
        is_validated_by_its_reporter=False, untold=(), withdrawal=None,
    )  # fmt: skip
    return replace(record, **changes)


def tombstone() -> PublicRecord:
    return entry(values={}, marks=(), withdrawal=PublicWithdrawal(DAY, "not-a-defect", ""))


def whats(before: PublicRecord | None, now: PublicRecord) -> list[str]:
    seen = None if before is None else Seen.of(before)
    return [change.what for change in changes_of(seen, now)]


FIX = said("fix", device="ESME", firmware="00030005")
CAUSE = said("cause", cause="suspected")


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param(None, entry(), ["added"], id="new"),
        pytest.param(None, entry(FIX, marks=("fix",)), ["added"], id="new, with a fix"),
        pytest.param(None, tombstone(), ["withdrawn"], id="withdrawn before anybody saw it"),
        pytest.param(entry(), entry(), [], id="as it was"),
        pytest.param(entry(), tombstone(), ["withdrawn"], id="withdrawn"),
        pytest.param(tombstone(), tombstone(), [], id="withdrawn before"),
        pytest.param(tombstone(), entry(), ["corrected"], id="back again"),
        pytest.param(entry(), entry(FIX, marks=("fix",)), ["fix"], id="a fix"),
        pytest.param(
            entry(FIX, marks=("fix",)), entry(FIX, marks=("fixed", "fix")), ["fix"], id="confirmed"
        ),
        pytest.param(
            entry(), entry(values={"title": "Another"}), ["corrected"], id="another text"
        ),
        pytest.param(
            entry(),
            entry(FIX, marks=("fix",), values={"title": "Another"}),
            ["fix", "corrected"],
            id="a fix and another text",
        ),
        pytest.param(entry(CAUSE), entry(), ["corrected"], id="a statement taken back"),
        pytest.param(
            entry(CAUSE), entry(replace(CAUSE, is_superseded=True)), ["corrected"], id="replaced"
        ),
        pytest.param(entry(), entry(CAUSE), ["said"], id="something said"),
    ],
)  # fmt: skip
def test_what_changed_is_told_in_one_word(
    before: PublicRecord | None, now: PublicRecord, expected: list[str]
) -> None:
    assert whats(before, now) == expected


def test_the_order_of_keys_and_the_names_of_statements_are_no_change() -> None:
    before = entry(CAUSE, values={"title": "A title", "behaviour": "So."})
    now = entry(replace(CAUSE, key="cause-2"), values={"behaviour": "So.", "title": "A title"})
    assert whats(before, now) == []


def test_what_was_said_is_named_by_kinds_in_their_own_order() -> None:
    [change] = changes_of(Seen.of(entry()), entry(said("response"), CAUSE, said("report")))
    assert change.said == ("report", "cause", "response")


def test_a_change_of_what_is_not_shown_now_is_not_told() -> None:
    assert told_now([Change("added", ID)], lambda record_id: None) == ((), ())


@pytest.mark.parametrize("what", ["fix", "added", "corrected", "said"])
def test_what_was_withdrawn_since_is_a_correction_told_once(what: str) -> None:
    corrections, standing = told_now([Change(what, ID), Change("added", ID)], {ID: tombstone()}.get)
    assert [change.what for change in corrections] == ["since-withdrawn"]
    assert corrections[0].title == "Withdrawn entry"
    assert standing == ()


def test_a_withdrawal_that_the_month_told_is_no_correction() -> None:
    corrections, [change] = told_now([Change("withdrawn", ID)], {ID: tombstone()}.get)
    assert (corrections, change.what) == ((), "withdrawn")


def test_a_fix_that_no_longer_stands_is_a_correction_and_one_that_stands_is_named() -> None:
    corrections, standing = told_now([Change("fix", ID)], {ID: entry()}.get)
    assert ([change.what for change in corrections], standing) == (["fix-gone"], ())
    _, [change] = told_now([Change("fix", ID)], {ID: entry(FIX, marks=("fix",))}.get)
    assert change.fixes == ("ESME 00030005",)


def test_a_kind_of_statement_that_is_shown_no_more_is_not_named() -> None:
    change = Change("said", ID, ("cause", "response"))
    _, [told] = told_now([change], {ID: entry(CAUSE)}.get)
    assert told.said == ("cause",)


def test_changes_stand_in_the_order_of_their_kinds_and_then_of_ids() -> None:
    other = "DR-2222-2222"
    shown = {ID: entry(FIX, marks=("fix",)), other: entry(id=other)}
    given = [Change("added", ID), Change("added", other), Change("fix", ID)]
    _, standing = told_now(given, shown.get)
    found = [(change.what, change.id) for change in standing]
    assert found == [("fix", ID), ("added", other), ("added", ID)]
