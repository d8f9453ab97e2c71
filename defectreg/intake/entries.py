"""What a plan would enter on each record: a new record, or further reports on one that stands."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from defectreg.intake.admitting import Terms, not_of_the_history
from defectreg.intake.candidates import Candidate, Unwritable, nested, new_statement
from defectreg.intake.drafting import record_of, reports_of, strictest
from defectreg.intake.planning import Import, new_record, said_of
from defectreg.intake.plans import Plan, Planned
from defectreg.intake.report_columns import PARTY
from defectreg.intake.reports import EXISTING, NEW, Reported
from defectreg.register.checking import read_statement
from defectreg.register.classification import may_read
from defectreg.register.devices import NotationError
from defectreg.register.errors import UsageProblem
from defectreg.register.findings import Finding
from defectreg.register.record import new_id, record_path
from defectreg.register.statement import place_of_statement
from defectreg.store.proposals import Base, base_of, free_branch, free_names
from defectreg.store.sources import case_files

_ENVELOPE = frozenset({"of", "kind", "by", "date", "signature"})
_KEPT_OUT = frozenset({"id", "certainty"})
"""Keys of a record that an import does not say: they are made, and decided, here."""


class Refused(UsageProblem):
    """What a plan says may not stand: findings, each with the group that it is about."""

    def __init__(self, findings: Sequence[tuple[Planned, Finding]]) -> None:
        super().__init__("nothing was written: what the plan says may not stand as it is")
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be entered on one record: its groups, their rows, where, and the files."""

    groups: tuple[Planned, ...]
    rows: tuple[Reported, ...]
    base: Base
    candidate: Candidate
    standing: Mapping[str, bytes]

    @property
    def is_new(self) -> bool:
        return record_path(self.candidate.record_id) in self.candidate.files


def new_entries(job: Import, plan: Plan) -> Iterator[Entry]:
    groups = plan.of(NEW)
    ref = free_branch(job.register.repository, f"submit/import-{job.terms.today.isoformat()}")
    base = Base(ref, job.register.target.commit, job.register.repository)
    for record_id, group in zip(_fresh_ids(job, len(groups)), groups, strict=True):
        rows = _rows(job, [group])
        says = _says(job, group, rows)
        try:
            made = new_record(record_id, says, reports_of(rows, job.terms), job.terms)
        except Unwritable as error:
            raise Refused([(group, error.finding)]) from error
        yield Entry((group,), rows, base, made, {})


def _says(job: Import, group: Planned, rows: Sequence[Reported]) -> dict[str, Any]:
    """What a new record says: as the plan has it, by what an import may say."""
    schema = job.terms.grounds.schemas["record"]
    says = dict(group.says or nested(record_of(rows, job.terms)))
    for key in _KEPT_OUT & says.keys():
        raise group.wrong("says", f"an import says no {key}", "take it out: it is made, or decided")
    coerced: dict[str, Any] = schema.coerced(says)
    if job.terms.source != PARTY:
        coerced["origin"] = job.terms.source
    _check_history(job, group, coerced)
    classification = str(coerced.get("classification", schema.default("classification")))
    if not may_read(classification, strictest(rows)):
        raise group.wrong("says", f"it was classified {strictest(rows)}, and is not lowered here")
    return coerced


def _check_history(job: Import, group: Planned, says: Mapping[str, Any]) -> None:
    try:
        why = not_of_the_history(says, job.terms)
    except (NotationError, TypeError):
        return  # the schema and its notation are asked of the whole record
    if why:
        raise group.wrong("says", why)


def further_entries(job: Import, plan: Plan) -> Iterator[Entry]:
    """Reports on records that stand: landed ones on the import's branch, others on their own."""
    by_record: dict[str, list[Planned]] = {}
    for group in plan.of(EXISTING):
        by_record.setdefault(group.record_id, []).append(group)
    repository, target = job.register.repository, job.register.target.commit
    paths = [record_path(record_id) for record_id in by_record]
    landed = repository.listing(target, *paths) if paths else {}
    ref = free_branch(repository, f"submit/import-{job.terms.today.isoformat()}")
    for record_id, groups in by_record.items():
        base = Base(ref, target, repository)
        if record_path(record_id) not in landed:
            base = _waiting(job, groups[0])
        yield _further(job, record_id, groups, base)


def _waiting(job: Import, group: Planned) -> Base:
    """The head of the request on which a record stands that has not landed."""
    try:
        _, base = base_of(job.register, group.record_id, job.terms.party)
    except UsageProblem as error:
        raise group.wrong("record", error.sentence, error.hint) from error
    return base


def _further(job: Import, record_id: str, groups: Sequence[Planned], base: Base) -> Entry:
    rows, terms = _rows(job, groups), job.terms
    standing = case_files(base.source, record_id)
    reports = reports_of(rows, terms, _reported_today(standing, terms))
    names = free_names(job.register, base, record_id, terms.today, "report", terms.party)
    files: dict[str, bytes] = {}
    for name, report in zip(islice(names, len(reports)), reports, strict=True):
        made = new_statement(record_id, name, said_of(record_id, report, terms), terms.grounds)
        files.update(made.files)
    return Entry(tuple(groups), rows, base, Candidate(record_id, files), standing)


def _reported_today(standing: Mapping[str, bytes], terms: Terms) -> Iterator[dict[str, Any]]:
    """What this Party reported of a record today already, without envelope and signature."""
    for path, data in standing.items():
        read, _ = (
            read_statement(path, data, terms.grounds) if place_of_statement(path) else (None, ())
        )
        if read is not None and (read.value.by, read.value.date) == (terms.party, terms.today):
            yield {key: value for key, value in read.value.data.items() if key not in _ENVELOPE}


def _rows(job: Import, groups: Sequence[Planned]) -> tuple[Reported, ...]:
    """The rows of groups. Raises UsageProblem for a line that may not come in."""
    admitted = {row.line: row for row in job.admitted.reported}
    why = {row.line: row.why for row in job.admitted.left}
    for group in groups:
        for line in group.lines:
            if line not in admitted:
                reason = why.get(line, "the file has no such row")
                raise group.wrong("lines", f"line {line} cannot come in: {reason}")
    return tuple(admitted[line] for group in groups for line in group.lines)


def _fresh_ids(job: Import, number: int) -> list[str]:
    """So many ids that no record has: on the target, in HEAD, or on a request."""
    register = job.register
    commits = {register.target.commit, register.head, *register.requests().values()}
    ids: dict[str, None] = {}
    while len(ids) < number:
        drawn = {new_id(secrets.randbits(40)) for _ in range(number - len(ids))}
        paths = {record_path(each): each for each in sorted(drawn)}
        for commit in commits:
            for path in register.repository.listing(commit, *paths):
                del paths[path]
            if not paths:
                break
        ids.update(dict.fromkeys(paths.values()))
    return list(ids)
