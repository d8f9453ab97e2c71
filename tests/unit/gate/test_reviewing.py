"""What a request brings, judged by the rules of its target."""

from __future__ import annotations

from defectreg.register.record import statements_folder
from tests.registers import ID, sign_off, statement
from tests.unit.gate.reviews import (
    CAUSE,
    PATH,
    READING,
    RECORD,
    REPORT,
    decided,
    landed_and_accepted,
    refusals,
    reviewed,
    said,
)


def test_a_new_record_and_its_cause_await_an_accept() -> None:
    found, _ = reviewed({**RECORD, **said(REPORT), **said(CAUSE)})
    assert found.awaits == [f"{ID}.yaml", "2026-03-02-cause-supplier-one.yaml"]
    assert found.brings_record
    assert not found.record_has_landed


def test_what_has_landed_and_is_accepted_awaits_nothing() -> None:
    found, _ = reviewed({}, landed_and_accepted())
    assert (found.awaits, found.is_landed, found.awaits_record("validator")) == ([], True, False)


def test_a_withdrawn_record_awaits_nothing_and_yet_an_accept_would_bring_it_back() -> None:
    gone = said(sign_off("withdraw", read=READING, code="not-a-defect"), number=2)
    found, _ = reviewed({}, {**landed_and_accepted(), **gone})
    assert (found.awaits, found.awaits_record("validator")) == ([], True)


def test_a_statement_is_found_by_the_name_of_its_file() -> None:
    found, _ = reviewed({}, landed_and_accepted())
    report = found.said("2026-03-02-report-supplier-one.yaml")
    assert report is not None
    assert report.kind == "report"
    assert found.said("2026-03-02-report-supplier-two.yaml") is None


def test_a_statement_that_has_landed_is_not_changed() -> None:
    other = said(statement("report", "supplier-one", says="We see it no more."))
    decision = decided({**other, **said(CAUSE)}, landed_and_accepted())
    assert refusals(decision) == "G001: the request changes a statement that has landed"
    (finding,) = decision.review.errors
    assert finding.file in other


def test_a_further_statement_of_a_day_changes_none() -> None:
    other = said(statement("report", "supplier-one", says="We see it no more."), number=2)
    assert refusals(decided({**other, **said(CAUSE)}, landed_and_accepted())) == ""


def test_nothing_that_has_landed_is_taken_away() -> None:
    landed = landed_and_accepted()
    for path in landed:
        decision = decided(said(CAUSE), landed, removed=(path,))
        assert refusals(decision) == "G001: the request takes away what has landed"
        assert [finding.file for finding in decision.review.errors] == [path]


def test_a_request_that_only_takes_away_awaits_no_sign_off() -> None:
    landed = {**landed_and_accepted(), **said(CAUSE)}
    found, _ = reviewed({}, landed, removed=(PATH,))
    assert found.awaits == []
    assert [finding.code for finding in found.errors] == ["G001"]


def test_nothing_but_records_and_statements_comes_below_records() -> None:
    odd = f"{statements_folder(ID)}/notes.txt"
    decision = decided(said(CAUSE), landed_and_accepted(), odd=(odd,))
    assert "S011" in refusals(decision)
    assert [finding.file for finding in decision.review.errors] == [odd]
