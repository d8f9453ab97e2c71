"""What changed of an entry from one publication to the next, and what a bulletin says of it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from defectreg.register.bulletin import Change, Seen, changes_of, told_now
from defectreg.register.public import (
    PublicChange,
    PublicCombination,
    PublicRecord,
    PublicStatement,
    PublicWithdrawal,
)

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


def told(
    before: PublicRecord | None, then: PublicRecord, now: PublicRecord
) -> tuple[list[str], list[PublicChange]]:
    """The corrections, and what is told now, of the month in which ``before`` became ``then``."""
    changes = list(changes_of(None if before is None else Seen.of(before), then))
    corrections, standing = told_now(changes, {ID: now}.get)
    return [change.what for change in corrections], list(standing)


FIX = said("fix", device="ESME", firmware="00030005")
LATER_FIX = said("fix", "fix-2", device="CHF", firmware="00020009")
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
        pytest.param(
            entry(CAUSE, CAUSE), entry(CAUSE, CAUSE, CAUSE), ["said"], id="the same said again"
        ),
        pytest.param(entry(FIX, marks=("fix",)), entry(), ["fix-lost"], id="no fix any more"),
        pytest.param(
            entry(FIX, CAUSE, marks=("fix",)), entry(), ["fix-lost", "corrected"],
            id="neither fix nor cause any more",
        ),
        pytest.param(
            entry(FIX, marks=("fix",)), entry(LATER_FIX, marks=("fix",)), ["fix", "corrected"],
            id="another fix",
        ),
        pytest.param(
            entry(FIX, marks=("fix",)), tombstone(), ["withdrawn"], id="withdrawn with its fix"
        ),
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


def test_a_party_of_another_category_is_no_change() -> None:
    assert whats(entry(CAUSE), entry(replace(CAUSE, whose="Small Supplier"))) == []


def test_what_was_said_is_named_by_kinds_in_their_own_order() -> None:
    now = entry(said("response"), CAUSE, said("report"))
    _, [change] = told(entry(), now, now)
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
    then = entry(FIX, marks=("fix",))
    assert told(entry(), then, entry()) == (["fix-gone"], [])
    _, [change] = told(entry(), then, then)
    assert change.fixes == ("ESME 00030005",)


def test_a_fix_that_came_later_is_not_told_of_an_earlier_month() -> None:
    now = entry(FIX, LATER_FIX, marks=("fixed", "fix"))
    _, [change] = told(None, entry(marks=("cause-unknown",)), now)
    assert (change.what, change.fixes, change.marks) == ("added", (), ())
    _, [change] = told(entry(), entry(FIX, marks=("fix",)), now)
    assert (change.fixes, change.marks) == (("ESME 00030005",), ("fix",))


def test_another_fix_does_not_stand_in_for_the_one_that_a_month_told() -> None:
    then, now = entry(FIX, marks=("fix",)), entry(LATER_FIX, marks=("fix",))
    corrections, standing = told(entry(), then, now)
    assert (corrections, standing) == (["fix-gone"], [])


@pytest.mark.parametrize("before", [None, entry(FIX, marks=("fix",))], ids=["added", "said"])
def test_an_entry_that_had_a_fix_in_a_month_and_has_none_now_is_a_correction_of_it(
    before: PublicRecord | None,
) -> None:
    corrections, [change] = told(before, entry(FIX, CAUSE, marks=("fix",)), entry(CAUSE))
    assert corrections == ["fix-gone"]
    assert change.what == ("said" if before else "added")
    assert (change.fixes, change.marks) == ((), ())


def test_a_fix_that_was_lost_in_a_month_and_came_back_is_not_told_of_it() -> None:
    had = entry(FIX, marks=("fix",))
    corrections, [change] = told(had, entry(), had)
    assert (corrections, change.what, change.fixes) == ([], "fix-lost", ())


def test_a_possible_defect_of_then_is_not_told_as_one_that_was_confirmed_since() -> None:
    confirmed = entry(kind_words="Defect", values={"title": "A title", "certainty": "confirmed"})
    for then, words in ((entry(), "Possible defect"), (confirmed, "Defect")):
        _, [change] = told(None, then, confirmed)
        assert change.kind_words == words
    _, [change] = told(None, confirmed, entry())
    assert change.kind_words == "Possible defect"


def test_a_dispute_is_told_however_late_it_came() -> None:
    _, [change] = told(None, entry(), entry(marks=("cause-unknown", "disputed")))
    assert change.marks == ("cause-unknown", "disputed")


def test_a_text_that_is_another_now_is_said_to_be_and_what_it_affects_now_is_not_told() -> None:
    affected = (PublicCombination((), (), "ESME:FF01/00010100"),)
    then = entry(affected=affected)
    now = entry(affected=affected, values={"title": "Another title"})
    _, [same] = told(None, then, then)
    assert (same.is_changed_since, same.affected) == (False, ("ESME:FF01/00010100",))
    _, [change] = told(None, then, now)
    assert (change.title, change.is_changed_since, change.affected) == ("Another title", True, ())


def test_of_an_entry_that_came_back_a_month_tells_only_that_it_was_withdrawn() -> None:
    corrections, [change] = told(entry(), tombstone(), entry(FIX, marks=("fix",)))
    assert (corrections, change.what, change.title) == ([], "withdrawn", "Withdrawn entry")
    assert (change.marks, change.affected, change.fixes) == ((), (), ())


def test_a_statement_that_is_shown_no_more_is_not_named() -> None:
    then = entry(CAUSE, said("response"))
    _, [change] = told(entry(), then, entry(CAUSE))
    assert change.said == ("cause",)


def test_changes_stand_in_the_order_of_their_kinds_and_then_of_ids() -> None:
    other = "DR-2222-2222"
    shown = {ID: entry(FIX, marks=("fix",)), other: entry(id=other)}
    given = [Change("added", ID), Change("added", other), Change("fix", ID)]
    _, standing = told_now(given, shown.get)
    found = [(change.what, change.id) for change in standing]
    assert found == [("fix", ID), ("added", other), ("added", ID)]
