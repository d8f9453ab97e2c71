"""A plan carried out: all it says in one step, or nothing of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from defectreg.intake.candidates import judged
from defectreg.intake.decisions import Decision, decisions_text, remembered
from defectreg.intake.entries import Entry, Refused, further_entries, new_entries
from defectreg.intake.incidents import DECIDED_AGAINST, Filed, filed_text
from defectreg.intake.planning import Import
from defectreg.intake.plans import Plan, joined, lines_text
from defectreg.intake.receipts import Entered, Receipt, message_of, receipt_json
from defectreg.intake.reports import EXISTING, NEW, SKIPPED
from defectreg.register.errors import UsageProblem
from defectreg.register.statement import place_of_statement
from defectreg.store.git import Occasion
from defectreg.store.intake.under_way import Step, commits_of, perform
from defectreg.store.signing_statements import signed_all


def carry_out(job: Import, plan: Plan, decisions: Sequence[Decision], when: datetime) -> Receipt:
    """Enter what a plan says: new records and reports, signed, in one step.

    What is left to decide is not touched. Raises Refused, or UsageProblem, where something in it
    may not be; then nothing was written.
    """
    _check_same_file(job, plan)
    _check_every_row(job, plan)
    whole = joined(plan)
    entries = _signed(job, [*new_entries(job, whole), *further_entries(job, whole)])
    _check(job, entries)
    steps = _steps(entries)
    bare = Receipt(plan, job.terms.today, tuple(map(_entered, entries)), {})
    occasion = Occasion(message_of(bare), job.terms.party, when)
    commits = commits_of(job.register, steps, occasion)
    receipt = replace(
        bare, commits={ref.removeprefix("refs/heads/"): commit for ref, commit in commits.items()}
    )
    texts = _texts(job, receipt, entries, decisions)
    if texts:
        perform(job.register, job.outside, steps, commits, texts, job.terms.party)
    return receipt


def receipt_place(job: Import, receipt: Receipt) -> Path:
    """Where the receipt of what was entered lies."""
    return job.outside.receipt(receipt.day.isoformat(), next(iter(receipt.commits.values())))


def _check_same_file(job: Import, plan: Plan) -> None:
    if plan.sha256 != job.file.sha256:
        raise UsageProblem(
            f"the plan is not of {job.asked.file}: its bytes are others than those it was made of",
            "make it anew with --plan, or name the file that it was made of",
        )
    said = (plan.source, plan.told_by, plan.is_masked)
    if said != (job.terms.source, job.terms.told_by, job.terms.is_masked):
        raise UsageProblem(
            "the plan was made with another --source, --told-by or --mask",
            "type them as when it was made",
        )


def _check_every_row(job: Import, plan: Plan) -> None:
    said = {line for group in plan.groups for line in group.lines}
    lines = {row.line for row in job.admitted.reported} | {row.line for row in job.admitted.left}
    missing = lines_text(lines - said)
    if missing:
        raise UsageProblem(
            f"the plan does not say what becomes of every row, so not of line {missing:.60}",
            "say outcome: skipped of what is to stay out, or make the plan anew: it may be torn",
        )


def _signed(job: Import, entries: Sequence[Entry]) -> list[Entry]:
    """The entries with every report signed, in one signing act."""
    if not entries:
        return []
    if job.identity.key is None:
        raise UsageProblem(
            "the reports of an import are signed, and no key is named",
            "say --key FILE, or once: git config defectreg.key FILE",
        )
    paths = [path for each in entries for path in each.candidate.files if place_of_statement(path)]
    files = {path: data for each in entries for path, data in each.candidate.files.items()}
    signed = signed_all([files[path] for path in paths], job.identity.key,
                        job.terms.grounds.policy.namespace)  # fmt: skip
    files.update(zip(paths, signed, strict=True))
    return [
        replace(
            each,
            candidate=replace(
                each.candidate, files={path: files[path] for path in each.candidate.files}
            ),
        )
        for each in entries
    ]


def _check(job: Import, entries: Iterable[Entry]) -> None:
    """Raises Refused where something would be wrong in what is entered."""
    found = [
        (each.groups[0], finding)
        for each in entries
        for finding in judged(each.candidate, each.standing, job.terms.grounds).errors
    ]
    if found:
        raise Refused(found)


def _steps(entries: Iterable[Entry]) -> list[Step]:
    """A commit for each branch that gets files, in the order in which they come."""
    files: dict[tuple[str, str], dict[str, bytes]] = {}
    for each in entries:
        of = files.setdefault((each.base.ref, each.base.commit), {})
        of.update(each.candidate.files)
    return [Step(ref, commit, added) for (ref, commit), added in files.items()]


def _entered(entry: Entry) -> Entered:
    reports = sum(place_of_statement(path) is not None for path in entry.candidate.files)
    lines = tuple(sorted(row.line for row in entry.rows))
    branch = entry.base.branch
    return Entered(entry.candidate.record_id, entry.is_new, reports, lines, branch)


def _texts(
    job: Import, receipt: Receipt, entries: Sequence[Entry], decisions: Sequence[Decision]
) -> dict[Path, str]:
    """The files outside git that say what was done; none where nothing was."""
    filed = [*_filed(job, entries), *_decided_against(job, receipt.plan)]
    texts: dict[Path, str] = {}
    if filed:
        texts[job.outside.incidents] = filed_text(job.terms.filed, filed)
    if receipt.commits:
        text = json.dumps(receipt_json(receipt), indent=2, ensure_ascii=False)
        texts[receipt_place(job, receipt)] = f"{text}\n"
    further = [*_remembered(job, receipt.plan, entries)]
    if job.asked.decisions is not None and further:
        texts[job.asked.decisions.absolute()] = decisions_text([*decisions, *further])
    return texts


def _filed(job: Import, entries: Iterable[Entry]) -> Iterator[Filed]:
    day = job.terms.today.isoformat()
    for each in entries:
        for row in each.rows:
            yield Filed(row.reference, each.candidate.record_id, day)


def _decided_against(job: Import, plan: Plan) -> Iterator[Filed]:
    """The rows of which a person decided, now or earlier, that they are no report."""
    day = job.terms.today.isoformat()
    references = {row.line: row.reference for row in job.admitted.reported}
    for group in plan.of(SKIPPED):
        for line in group.lines if group.is_decided_by_hand or group.decided else ():
            if line in references:
                yield Filed(references[line], DECIDED_AGAINST, day)


def _remembered(job: Import, plan: Plan, entries: Iterable[Entry]) -> Iterator[Decision]:
    """What a person decided otherwise than it was proposed."""
    records = {row.line: entry.candidate.record_id for entry in entries for row in entry.rows}
    admitted = {row.line: row for row in job.admitted.reported}
    for group in plan.groups:
        rows = [admitted[line] for line in group.lines if line in admitted]
        if rows and group.is_decided_by_hand and (group.outcome in (NEW, EXISTING, SKIPPED)):
            record_id = records.get(group.lines[0], "")
            yield remembered(rows, group.outcome, record_id, job.terms.today, group.why)
