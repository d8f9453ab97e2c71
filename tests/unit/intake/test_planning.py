"""From a file of reports to a plan, and from a plan to what it enters."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from defectreg.intake.entries import Refused
from defectreg.intake.importing import carry_out, receipt_place
from defectreg.intake.planning import Asked, Import, opened, plan_of
from defectreg.intake.plans import Plan
from defectreg.register.errors import UsageProblem
from defectreg.store.identity import Identity
from defectreg.store.intake.under_way import finish
from tests.registers import FIRST_DAY, TestRegister, good_record, key_of, make_register

CLOCK = "Hub CHF:FF02/00020004 loses its clock each night at two and has it back in the morning."
BLACK = "Display beside CHF:FF02/00020002 stays black after a power outage of some minutes."
WHEN = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEYED = Identity("dcc", None, key_of("dcc"))


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", [good_record()])


@contextmanager
def imported(made: TestRegister, *texts: str, **asked: Any) -> Iterator[tuple[Import, Plan]]:
    """An import of these texts, and its plan."""
    file = made.folder.parent / "week.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        rows = [(f"INC{place}", text) for place, text in enumerate(texts)]
        csv.writer(stream).writerows([("Incident", "Text"), *rows])
    wanted = Asked(file, **{"source": "service-desk", "told_by": "small-supplier", **asked})
    with opened(made.register(), KEYED, wanted, FIRST_DAY) as job:
        yield job, plan_of(job, ())


def test_every_row_is_in_one_group(made: TestRegister) -> None:
    texts = (CLOCK, BLACK, CLOCK, "short", "No Device is named in this text of some length.")
    with imported(made, *texts) as (_, plan):
        assert sorted(line for group in plan.groups for line in group.lines) == [2, 3, 4, 5, 6]
        assert [(group.lines, group.outcome) for group in plan.groups][:2] == [
            ((2, 4), "new"),
            ((3,), "new"),
        ]


def test_a_record_that_may_not_stand_is_skipped_with_the_code_that_says_why(
    made: TestRegister,
) -> None:
    made.policy(firmware="required")
    with imported(made, CLOCK) as (_, plan):
        [group] = plan.groups
        assert (group.outcome, group.why.partition(":")[0]) == (
            "skipped",
            "it may not stand as it is",
        )
        assert "R026" in group.why
        assert group.says["affected"] == ["CHF:FF02/00020004"]


def test_what_is_entered_is_what_the_receipt_says(made: TestRegister) -> None:
    with imported(made, CLOCK, CLOCK, BLACK) as (job, plan):
        receipt = carry_out(job, plan, (), WHEN)
        told = json.loads(receipt_place(job, receipt).read_text())
    assert (receipt.new, receipt.reports, receipt.rows) == (2, 2, 3)
    assert told["commits"] == dict(receipt.commits)
    [branch] = receipt.commits
    assert made.repository.refs()[f"refs/heads/{branch}"] == receipt.commits[branch]
    assert finish(made.register(), job.outside) is False


def test_a_group_changed_to_new_says_what_its_rows_say(made: TestRegister) -> None:
    with imported(made, CLOCK) as (job, plan):
        [group] = plan.groups
        bare = replace(plan, groups=(replace(group, says={}),))
        receipt = carry_out(job, bare, (), WHEN)
    [branch] = receipt.commits
    [entered] = receipt.entered
    record = made.read(f"records/{entered.record_id[3:5]}/{entered.record_id}.yaml",
                       f"refs/heads/{branch}")  # fmt: skip
    assert b"origin: service-desk" in record


def test_a_row_that_names_no_device_comes_in_once_a_person_names_one(made: TestRegister) -> None:
    with imported(made, "The display stays black after a power outage of some minutes.") as (
        job,
        plan,
    ):
        [group] = plan.groups
        assert group.outcome == "skipped"
        assert "affected" not in group.says
        named = {**group.says, "affected": ["CHF:FF02/00020002"]}
        receipt = carry_out(
            job, replace(plan, groups=(replace(group, outcome="new", says=named),)), (), WHEN
        )
    assert (receipt.new, receipt.rows) == (1, 1)


def test_one_wrong_record_keeps_all_of_it_out(made: TestRegister) -> None:
    with imported(made, CLOCK, BLACK) as (job, plan):
        first, second = plan.groups
        wrong = replace(second, says={**second.says, "title": "The faulty display stays black"})
        before = made.repository.refs()
        with pytest.raises(Refused) as refused:
            carry_out(job, replace(plan, groups=(first, wrong)), (), WHEN)
        assert [(group.lines, finding.code) for group, finding in refused.value.findings] == [
            ((3,), "R040")
        ]
        assert not job.outside.incidents.exists()
    assert made.repository.refs() == before


def test_what_the_policy_keeps_out_comes_in_by_no_plan(made: TestRegister) -> None:
    with imported(made, CLOCK) as (job, plan):
        [group] = plan.groups
        meter = replace(group, says={**group.says, "affected": ["ESME:FF01/00010100"]})
        with pytest.raises(UsageProblem, match="only Communications Hubs"):
            carry_out(job, replace(plan, groups=(meter,)), (), WHEN)


def test_a_row_that_was_left_out_comes_in_by_no_plan(made: TestRegister) -> None:
    with imported(made, CLOCK, f"{BLACK} SW1A 1AA") as (job, plan):
        whole = replace(plan.groups[0], lines=(2, 3))
        with pytest.raises(UsageProblem, match="line 3 cannot come in: its Text holds"):
            carry_out(job, replace(plan, groups=(whole,)), (), WHEN)
        beyond = (replace(plan.groups[0], lines=(2, 9)), *plan.groups[1:])
        with pytest.raises(UsageProblem, match="line 9 cannot come in: the file has no such row"):
            carry_out(job, replace(plan, groups=beyond), (), WHEN)
        with pytest.raises(UsageProblem, match="of every row, so not of line 3"):
            carry_out(job, replace(plan, groups=plan.groups[:1]), (), WHEN)


def test_a_plan_holds_only_as_it_was_made(made: TestRegister) -> None:
    with imported(made, CLOCK) as (job, plan):
        with pytest.raises(UsageProblem, match="another --source, --told-by or --mask"):
            carry_out(job, replace(plan, is_masked=True), (), WHEN)
        with pytest.raises(UsageProblem, match="its bytes are others"):
            carry_out(job, replace(plan, sha256="0" * 64), (), WHEN)


def test_an_export_is_taken_for_nothing_else(made: TestRegister) -> None:
    file = made.folder.parent / "export.csv"
    file.write_text("id,title,affected,behaviour,disclaimer\n")
    wanted = Asked(file, source="party")
    with (
        pytest.raises(UsageProblem, match="is an export of a register"),
        opened(made.register(), KEYED, wanted, FIRST_DAY),
    ):
        pass
