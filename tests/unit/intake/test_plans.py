"""The plan of an import as a file."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from defectreg.intake.plans import (
    Plan,
    Planned,
    joined,
    lines_text,
    parse_lines,
    plan_text,
    read_plan,
)
from defectreg.register.errors import UsageProblem

ID = "DR-7K3Q-X4MB"
SAYS = {"title": "Clock is lost", "affected": ["CHF:FF02/00020001"], "behaviour": "One\ntwo\n"}
NEW = Planned((2, 3, 7), "new", why="nothing is like it", found=("line 2: alerts 8F1E",), says=SAYS)
LIKELY = Planned((4,), "likely-duplicate", ID, "a record is like it", 0.5, "Clock", says=SAYS)
DAY = datetime.date(2026, 11, 22)
PLAN = Plan("a" * 64, "service-desk", DAY, (NEW, LIKELY), "small-supplier", True)


def written(folder: Path, text: str) -> Path:
    path = folder / "plan.yaml"
    path.write_text(text)
    return path


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    read = read_plan(written(tmp_path, plan_text(PLAN)))
    assert (read.sha256, read.source, read.day) == (PLAN.sha256, PLAN.source, PLAN.day)
    assert (read.told_by, read.is_masked) == (PLAN.told_by, PLAN.is_masked)
    first, second = read.groups
    assert second == replace(NEW, proposed="new")
    assert first == replace(LIKELY, likeness=0.0, proposed=f"likely-duplicate {ID}")
    assert not first.is_decided_by_hand


def test_what_is_to_be_decided_stands_first() -> None:
    text = plan_text(PLAN)
    assert text.index("likely-duplicate\n") < text.index("outcome: new\n")


def test_a_changed_outcome_is_a_decision_by_hand(tmp_path: Path) -> None:
    text = plan_text(PLAN).replace("outcome: likely-duplicate", "outcome: existing")
    existing = read_plan(written(tmp_path, text)).groups[0]
    assert (existing.outcome, existing.record_id) == ("existing", ID)
    assert existing.is_decided_by_hand


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("outcome: new\n", "outcome: maybe\n", ":28:10: this is no outcome"),
        ('lines: "4"', "lines: four", ":12:8: lines are written like 2-40, 55"),
        ('lines: "4"', 'lines: "9-4"', "the smaller first"),
        ('lines: "4"', 'lines: "3"', "line 3 stands in two groups"),
        ('lines: "4"', 'lines: 4, 4', "a line stands in it twice"),
        ('lines: "4"', 'lines: 10-900000000', "so many rows no file of reports has"),
        ('lines: "4"', 'lines: 10-16000, 20000-30000', "so many rows no file of reports has"),
        ('lines: "4"', 'lines: 10-16393', "so many rows no file of reports has"),
        ("outcome: likely-duplicate\nrecord: DR-7K3Q-X4MB", "outcome: existing\nrecord: DR-7K3Q",
         "on which record it is reported is not said"),
        ("title: Clock\n", "tittle: Clock\n", "a group has no key 'tittle'"),
        ("day: 2026-11-22", "day: today", "this is no plan of an import"),
        ("  behaviour: |", "  behaviour: &a |", "the anchor &a"),
    ],
)  # fmt: skip
def test_what_a_plan_says_wrong_is_told_by_its_place(
    tmp_path: Path, before: str, after: str, sentence: str
) -> None:
    text = plan_text(PLAN)
    assert before in text
    with pytest.raises(UsageProblem) as refused:
        read_plan(written(tmp_path, text.replace(before, after)))
    assert sentence in refused.value.sentence
    assert "plan.yaml:" in refused.value.sentence


def test_an_editor_that_ends_lines_its_own_way_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(plan_text(PLAN).replace("\n", "\r\n").encode())
    assert read_plan(path).groups[1].says == SAYS


def test_rows_may_be_reported_on_the_record_of_another_line() -> None:
    same = Planned((9,), "existing", "line 3")
    of_new, on_record = joined(
        replace(PLAN, groups=(NEW, replace(LIKELY, outcome="existing"), same))
    ).groups
    assert of_new.lines == (2, 3, 7, 9)
    assert on_record.lines == (4,)


@pytest.mark.parametrize("line", [9, 4, 40])
def test_a_line_that_is_on_no_record_is_none_to_be_reported_on(line: int) -> None:
    same = Planned((9,), "existing", f"line {line}")
    with pytest.raises(UsageProblem, match=f"line {line} is reported on no record here"):
        joined(replace(PLAN, groups=(NEW, LIKELY, same)))


def test_lines_are_said_in_short() -> None:
    assert lines_text([4, 2, 3, 9]) == "2-4, 9"
    assert parse_lines("2-4, 9") == (2, 3, 4, 9)


@pytest.mark.parametrize("text", ["", "2-", "a", "9-1", "2;3"])
def test_what_is_no_lines_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="lines are written"):
        parse_lines(text)
