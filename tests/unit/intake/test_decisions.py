"""Decisions about rows, and the rows for which they hold next week."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from defectreg.intake.decisions import (
    decisions_text,
    read_decisions,
    remembered,
    with_decisions,
)
from defectreg.intake.reports import Group, Reported
from defectreg.register.errors import UsageProblem

DAY = datetime.date(2026, 11, 22)
ID = "DR-7K3Q-X4MB"
ROW = Reported(
    2, "INC1", "The Hub loses its clock each night at two and has it back in the morning.",
    fields={"affected": ["CHF:FF02/00020001"], "alerts": ["8F1E"]},
)  # fmt: skip
LIKE = replace(
    ROW, text="Each night at two the Hub loses its clock; in the morning it has it back."
)
OTHER = replace(ROW, text="A display stays black after an outage and shows no balance at all.")
DECISION = remembered([ROW], "existing", ID, DAY, "seen before")


def group(row: Reported, outcome: str = "likely-duplicate") -> Group:
    return Group((row,), outcome, "DR-0000-0001", "a record is like it", 0.5)


def outcome(one: Group, *, stands: bool = True) -> tuple[str, str, str]:
    [(decided, sentence)] = with_decisions([one], [DECISION], lambda record_id: stands)
    return decided.outcome, decided.record_id, sentence


def test_rows_like_those_decided_on_are_decided_the_same() -> None:
    said = "as decided on 2026-11-22 of rows like these"
    assert outcome(group(LIKE)) == ("existing", ID, said)
    assert outcome(group(LIKE, "new")) == ("existing", ID, said)


@pytest.mark.parametrize(
    "one",
    [
        group(OTHER),
        group(replace(LIKE, fields={**ROW.fields, "alerts": ["N13"]})),
        group(replace(LIKE, fields={**ROW.fields, "affected": ["CHF:FF02/00020002"]})),
        group(replace(LIKE, fields={"alerts": ["8F1E"]})),
        group(LIKE, "existing"),
        group(LIKE, "skipped"),
    ],
)
def test_other_rows_are_left_as_they_were(one: Group) -> None:
    assert outcome(one) == (one.outcome, one.record_id, "")


def test_a_record_that_no_longer_stands_decides_nothing() -> None:
    assert outcome(group(LIKE), stands=False)[0] == "likely-duplicate"


def test_of_a_new_record_rows_like_its_own_are_reports_on_it() -> None:
    assert remembered([ROW], "new", ID, DAY, "").outcome == "existing"


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yaml"
    skipped = remembered([OTHER], "skipped", "", DAY, "it is a supplier's process")
    path.write_text(decisions_text([DECISION, skipped]))
    assert read_decisions(path) == (DECISION, skipped)
    assert read_decisions(None) == read_decisions(tmp_path / "none.yaml") == ()


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("outcome: existing", "outcome: new", "a decision is existing or skipped"),
        (f"record: {ID}", "record: DR-7K3Q", "on which record is not said"),
        ("day: 2026-11-22", "day: then", "a decision has a day"),
        ("- CHF:FF02/00020001", "- a Hub", "a decision has a day, and combinations"),
    ],
)
def test_a_decision_that_says_it_wrong_is_told_by_its_place(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    path = tmp_path / "decisions.yaml"
    path.write_text(decisions_text([DECISION]).replace(before, after))
    with pytest.raises(UsageProblem, match=r"decisions\.yaml:\d+:\d+: ") as refused:
        read_decisions(path)
    assert sentence in refused.value.sentence
