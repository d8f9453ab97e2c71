"""An import as it was asked for: planned, or taken back from a plan, and entered or only shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from defectreg.cli.output import progress
from defectreg.cli.today import today
from defectreg.intake.decisions import Decision, read_decisions
from defectreg.intake.importing import carry_out
from defectreg.intake.planning import Asked, Import, opened, plan_of
from defectreg.intake.plans import Plan, plan_text, read_plan
from defectreg.intake.receipts import Receipt
from defectreg.register.errors import UsageProblem
from defectreg.register.parties import CATEGORY_WORDS
from defectreg.store.files import write_atomically
from defectreg.store.identity import identify
from defectreg.store.intake.outside import PRIVATE
from defectreg.store.inventory.places import repository_around
from defectreg.store.places import open_register


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: where a plan is to be written or read, and whether to enter it."""

    asked: Asked
    plan: Path | None
    apply: Path | None
    write: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: the plan, where it was written, and the receipt of what was entered."""

    job: Import
    plan: Plan
    written: Path | None
    receipt: Receipt | None


def run(wanted: Wanted, party: str | None, key: str | None, when: datetime) -> Outcome:
    """Do what was asked for. Raises CannotRun, UsageProblem, Refused."""
    _check(wanted)
    register = open_register(Path())
    identity = identify(register, party, key)
    with opened(register, identity, wanted.asked, today(when)) as job:
        decisions = read_decisions(wanted.asked.decisions)
        plan = read_plan(wanted.apply) if wanted.apply else _planned(job, decisions)
        if wanted.plan:
            write_atomically(wanted.plan, plan_text(plan).encode(), PRIVATE)
        return Outcome(job, plan, wanted.plan, _entered(job, plan, wanted, decisions, when))


def _planned(job: Import, decisions: Sequence[Decision]) -> Plan:
    with progress("Comparing", len(job.admitted.reported)) as done:
        return plan_of(job, decisions, done)


def _entered(
    job: Import, plan: Plan, wanted: Wanted, decisions: Sequence[Decision], when: datetime
) -> Receipt | None:
    if not (wanted.apply or wanted.write):
        return None
    return carry_out(job, plan, decisions, when)


def _check(wanted: Wanted) -> None:
    """Raises UsageProblem for what cannot be asked for together, or would be lost or seen."""
    if sum(map(bool, (wanted.plan, wanted.apply, wanted.write))) > 1:
        raise UsageProblem("--plan, --apply and --write cannot go together", "choose one of them")
    told_by = wanted.asked.told_by
    if told_by and told_by not in CATEGORY_WORDS:
        raise UsageProblem(
            f"{told_by!a:.40} is no category of Parties", f"one of {', '.join(CATEGORY_WORDS)}"
        )
    for path in (wanted.plan, wanted.asked.decisions):
        _check_outside(path)
    if wanted.plan is not None and wanted.plan.exists():
        raise UsageProblem(f"{wanted.plan} is there already", "give --plan another name")


def _check_outside(path: Path | None) -> None:
    """What was told stays outside git."""
    repository = repository_around(path.absolute().parent.resolve()) if path is not None else None
    if repository is not None:
        raise UsageProblem(
            f"{path} would lie in the git repository {repository}",
            "it holds what was told: name a file in a folder of no repository",
        )
