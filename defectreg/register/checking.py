"""Files judged: what is wrong in a record, in what is said about it, and in both together."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from defectreg.register.findings import Finding, Problem
from defectreg.register.grounds import Grounds, finding_of
from defectreg.register.notated import check_named
from defectreg.register.record import Record, check_notation, id_of_path
from defectreg.register.remarks import check_remarks
from defectreg.register.rules.every import NEVER_STORED, RECORD_RULES, STATEMENT_RULES
from defectreg.register.rules.registry import Case, Rule
from defectreg.register.rules.texts import discreet_finding
from defectreg.register.schema import SCHEMA_CODES
from defectreg.register.statement import (
    Statement,
    ends_with_signature,
    name_fits,
    place_of_statement,
)
from defectreg.register.yamltext import Document, YamlError, load

Said = TypeVar("Said", Record, Statement)


@dataclass(frozen=True, slots=True)
class Read(Generic[Said]):
    """A file that could be read: its document, and the value it says."""

    path: str
    document: Document
    value: Said


@dataclass(frozen=True, slots=True)
class Checked:
    """The case that files say, as far as they could be read, and every finding in them."""

    record: Record | None
    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...]


def read_record(
    path: str, source: bytes, grounds: Grounds
) -> tuple[Read[Record] | None, list[Finding]]:
    """The record that a file says, or what keeps it from being one."""
    document, data, findings = _held(path, source, grounds, "record")
    if document is None or data is None:
        return None, findings
    problems = list(check_notation(data))
    if problems:
        return None, [discreet_finding(path, document, "R001", problem) for problem in problems]
    if data["id"] != id_of_path(path):
        problem = Problem(
            ("id",),
            "the id is not the one that the file's place says",
            "correct the id, or the file's name and folder",
        )
        return None, [discreet_finding(path, document, "R002", problem)]
    return Read(path, document, Record(data, _sha256(source))), []


def read_statement(
    path: str, source: bytes, grounds: Grounds
) -> tuple[Read[Statement] | None, list[Finding]]:
    """The statement that a file says, or what keeps it from being one."""
    document, data, findings = _held(path, source, grounds, "statement")
    if document is None or data is None:
        return None, findings
    place = place_of_statement(path)
    problem = _misplaced(place, data)
    if place is None or problem:
        problem = problem or Problem((), "the file stands where no statement may")
        return None, [discreet_finding(path, document, "R003", problem)]
    problems = [("R071", problem) for problem in check_named(data)]
    if "signature" in data and not ends_with_signature(source, data["signature"]):
        sentence = "the signature is not the last thing in the file, written as `key sign` does"
        hint = "take it out, and sign what then stands there: `defectreg key sign ID`"
        problems.append(("R005", Problem(("signature",), sentence, hint)))
    if problems:
        return None, [discreet_finding(path, document, *problem) for problem in problems]
    return Read(path, document, Statement(place[1], data, _sha256(source))), []


def check_case(
    path: str, files: Mapping[str, bytes], grounds: Grounds, landed: Collection[str] = ()
) -> Checked:
    """Everything wrong in one record's file at ``path`` and its statements' files.

    ``files`` maps paths to bytes and may lack the record's: then its statements say so. ``landed``
    are the paths of those that stand on the target as they are; what it does not name is judged as
    new.
    """
    findings: list[Finding] = []
    record: Read[Record] | None = None
    statements: list[Read[Statement]] = []
    for file, source in sorted(files.items()):
        if file == path:
            record, found = read_record(file, source, grounds)
        else:
            statement, found = read_statement(file, source, grounds)
            statements.extend([statement] if statement else [])
        findings.extend(found)
    if path not in files:
        findings.extend(map(_orphaned, sorted(files)))
    if record is not None:
        findings.extend(_rules(record, statements, grounds, landed))
        findings.extend(check_remarks(record.path, record.document))
    for read in statements:
        findings.extend(check_remarks(read.path, read.document))
    said = tuple(read.value for read in statements)
    return Checked(record.value if record else None, said, tuple(sorted(findings)))


def _orphaned(file: str) -> Finding:
    sentence = "a statement of a record that is not there"
    hint = "add the record, or move the statement to the record it is said of"
    return Finding(file, 1, 1, "R004", "error", sentence, hint)


def _rules(
    record: Read[Record],
    statements: list[Read[Statement]],
    grounds: Grounds,
    landed: Collection[str],
) -> Iterator[Finding]:
    stood = frozenset(read.value.sha256 for read in statements if read.path in landed)
    case = Case(record.value, tuple(read.value for read in statements), grounds, stood)
    yield from _asked(RECORD_RULES, record, case)
    for read in statements:
        is_landed = case.is_landed(read.value)
        yield from _asked(STATEMENT_RULES[read.value.kind], read, case, is_landed=is_landed)


def _asked(
    rules: tuple[Rule, ...], read: Read[Said], case: Case, *, is_landed: bool = False
) -> Iterator[Finding]:
    # The detectors' rules only repeat what was sighted, which is nearly always nothing.
    for rule in (*rules, *NEVER_STORED) if case.is_anything_sighted else rules:
        for problem in rule.function(read.value, case):
            severity = rule.landed if is_landed else rule.severity
            advised = problem if problem.hint else _advised(problem, rule.page.hint)
            yield discreet_finding(read.path, read.document, rule.code, advised, severity)


def _held(
    path: str, source: bytes, grounds: Grounds, schema: str
) -> tuple[Document | None, dict[str, Any] | None, list[Finding]]:
    """Document and data of a file that holds against a schema, else the findings."""
    try:
        document = load(source)
    except YamlError as error:
        return None, None, [finding_of(path, error)]
    validator = grounds.validators[schema]
    data = validator.schema.coerced(document.data)
    if validator.holds(data):
        return document, data, []
    return (
        None,
        None,
        [
            discreet_finding(path, document, code, _advised(problem, SCHEMA_CODES[code][1]))
            for code, problem in validator.problems(data)
        ],
    )


def _advised(problem: Problem, hint: str) -> Problem:
    """A problem with a hint: its own, or the one that every problem of its code has."""
    return problem if problem.hint else replace(problem, hint=hint.removesuffix("."))


def _misplaced(place: tuple[str, str] | None, data: Mapping[str, Any]) -> Problem | None:
    if place is None:
        return None
    record_id, file = place
    if data["of"] != record_id:
        return Problem(
            ("of",),
            "it is said of another record than the folder it stands in",
            "correct `of`, or move the file to the folder of the record that it is said of",
        )
    if not name_fits(file, data):
        return Problem(
            ("date",),
            "the file's name does not say its date, kind and Party",
            "name it <date>-<kind>-<party>.yaml, with -2, -3 … for further ones of a day",
        )
    return None


def _sha256(source: bytes) -> str:
    return hashlib.sha256(source).hexdigest()
