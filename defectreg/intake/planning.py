"""From a file of reports to the plan of what becomes of each of its rows; nothing is written."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from defectreg.intake.admitting import Admitted, Left, Terms, admit
from defectreg.intake.candidates import (
    Candidate,
    Unwritable,
    judged,
    nested,
    new_issue,
    new_statement,
)
from defectreg.intake.decisions import Decision, with_decisions
from defectreg.intake.drafting import record_of, reports_of
from defectreg.intake.forms import record_fields
from defectreg.intake.grouping import Standing, grouped
from defectreg.intake.incidents import read_filed
from defectreg.intake.neighbours import Neighbours, neighbours
from defectreg.intake.plans import Plan, Planned
from defectreg.intake.report_columns import ANOTHER_REGISTER, PARTY, personal_names
from defectreg.intake.report_files import ReportFile, read_report_file, read_report_map
from defectreg.intake.reports import EXISTING, LIKELY_DUPLICATE, NEW, SKIPPED, Group, Reported
from defectreg.register.errors import UsageProblem
from defectreg.register.findings import Finding
from defectreg.register.grounds import Grounds
from defectreg.register.statement import statement_name
from defectreg.store.identity import Identity
from defectreg.store.intake.outside import Outside, alone_at, open_outside
from defectreg.store.intake.under_way import finish
from defectreg.store.places import Register
from defectreg.store.sources import CommitSource, grounds_of

_ANY_ID = "DR-0000-0000"
"""Stands for the id of a record that is not made yet."""
_OTHER_LINE = re.compile(r"line [1-9][0-9]*$", re.ASCII)
_MOST_SHOWN_ROWS, _MOST_FOUND = 3, 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What is imported and how: ``source`` and ``told_by`` are empty where nobody typed them."""

    file: Path
    columns: Path | None = None
    source: str = ""
    told_by: str = ""
    is_masked: bool = False
    decisions: Path | None = None


@dataclass(frozen=True)
class Import:
    """A file of reports that was read, and by what it is imported."""

    register: Register
    identity: Identity
    asked: Asked
    outside: Outside
    file: ReportFile
    terms: Terms
    admitted: Admitted
    is_finished: bool
    """Whether an earlier run, that was killed, was finished first."""

    @property
    def personal(self) -> list[str]:
        """Names of columns that stay outside and promise personal data."""
        return personal_names(self.file.left)


@contextmanager
def opened(
    register: Register,
    identity: Identity,
    asked: Asked,
    today: datetime.date,
) -> Iterator[Import]:
    """Read a file while no other run imports beside its column map.

    What a killed run began is finished or undone first. Raises UsageProblem, CannotRun.
    """
    outside = open_outside(asked.columns, asked.file)
    with alone_at(outside):
        is_finished = finish(register, outside)
        grounds = target_grounds(register)
        fields = record_fields(grounds.schemas["record"])
        columns = read_report_map(asked.columns, fields)
        file = read_report_file(asked.file, columns, fields)
        exported = ANOTHER_REGISTER if file.is_export else PARTY
        terms = Terms(
            grounds,
            identity.party,
            asked.source or columns.source or exported,
            today,
            asked.told_by or columns.told_by,
            asked.is_masked,
            read_filed(outside),
        )
        if file.is_export and terms.source != ANOTHER_REGISTER:
            raise UsageProblem(
                f"{asked.file} is an export of a register",
                f"leave --source out, or say --source {ANOTHER_REGISTER}",
            )
        admitted = admit(file.rows, terms)
        yield Import(register, identity, asked, outside, file, terms, admitted, is_finished)


def plan_of(
    job: Import, decisions: Sequence[Decision], done: Callable[[int], None] = lambda rows: None
) -> Plan:
    """What becomes of every row, as the program proposes it; ``done`` is told of rows compared."""
    with neighbours(job.register) as near:
        groups = grouped(job.admitted.reported, Standing(near.similar, near.record), done)
        asked = (_unless_returned(group, near.waiting.returned) for group in groups)
        decided = with_decisions(asked, decisions, near.stands)
        planned = [_planned(group, sentence, job, near) for group, sentence in decided]
    return Plan(
        job.file.sha256,
        job.terms.source,
        job.terms.today,
        (*planned, *_left(job.admitted.left)),
        job.terms.told_by,
        job.terms.is_masked,
    )


def target_grounds(register: Register) -> Grounds:
    """What requests are judged by: the rules of the target."""
    target = register.target.commit
    if target == register.head:
        return register.grounds
    return grounds_of(CommitSource(register.repository, target))[0]


def said_of(record_id: str, report: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
    """A report with its envelope."""
    day = terms.today.isoformat()
    envelope = {"of": record_id, "kind": "report", "by": terms.party, "date": day}
    return envelope | nested(report)


def new_record(
    record_id: str, says: Mapping[str, Any], reports: Sequence[Mapping[str, Any]], terms: Terms
) -> Candidate:
    """A new record with its reports. Raises Unwritable."""
    names = [
        statement_name(terms.today, "report", terms.party, number)
        for number in range(1, len(reports) + 1)
    ]
    first, *others = [said_of(record_id, report, terms) for report in reports]
    made = new_issue(record_id, says, first, names[0], terms.grounds)
    further = (
        new_statement(record_id, name, said, terms.grounds).files
        for name, said in zip(names[1:], others, strict=True)
    )
    files = dict(made.files)
    for each in further:
        files.update(each)
    return replace(made, files=files)


def _unless_returned(group: Group, returned: Collection[str]) -> Group:
    """The group; where its record was returned to whoever reported it, left for a person."""
    if group.outcome != EXISTING or group.record_id not in returned:
        return group
    return replace(group, outcome=LIKELY_DUPLICATE, why="a record that was returned tells the same")


def _planned(group: Group, decided: str, job: Import, near: Neighbours) -> Planned:
    planned = Planned(
        tuple(sorted(row.line for row in group.rows)),
        group.outcome,
        group.record_id or _line_meant(group.why),
        group.why,
        group.likeness,
        near.titles.get(group.record_id, ""),
        decided,
        found=tuple(_found(group.rows)),
    )
    if group.outcome == EXISTING or decided:
        return planned
    values = record_of(group.rows, job.terms)
    if group.outcome == NEW and not values.get("affected"):
        return replace(planned, outcome=SKIPPED, why="no Device that the catalogue lists is named",
                       says=nested(values))  # fmt: skip
    errors = [] if group.outcome != NEW else _errors(nested(values), group.rows, job.terms)
    if errors:
        why = "; ".join(dict.fromkeys(f"{each.code}: {each.sentence}" for each in errors))
        planned = replace(planned, outcome=SKIPPED, why=f"it may not stand as it is: {why}")
    return replace(planned, says=nested(values))


def _line_meant(why: str) -> str:
    """Of rows that may tell the same as others of the file: the line of those."""
    match = _OTHER_LINE.search(why)
    return match[0] if match else ""


def _errors(says: Mapping[str, Any], rows: Sequence[Reported], terms: Terms) -> list[Finding]:
    """What would be wrong in a new record of these rows."""
    try:
        made = new_record(_ANY_ID, says, reports_of(rows, terms), terms)
    except Unwritable as error:
        return [error.finding]
    return list(judged(made, {}, terms.grounds).errors)


def _found(rows: Sequence[Reported]) -> Iterator[str]:
    """What was found where in the first texts; the codes found, never the texts."""
    told = (
        f"line {row.line}, characters {each.start + 1}-{each.end}: {each.field} {each.value}"
        for row in rows[:_MOST_SHOWN_ROWS]
        for each in row.found
    )
    for _, sentence in zip(range(_MOST_FOUND), told, strict=False):
        yield sentence


def _left(left: Iterable[Left]) -> Iterator[Planned]:
    """The rows that were not admitted, those with one reason together."""
    by_reason: dict[str, list[int]] = {}
    for row in left:
        by_reason.setdefault(row.why, []).append(row.line)
    for why, lines in by_reason.items():
        yield Planned(tuple(lines), SKIPPED, why=why)
