"""Files judged: what is wrong in a record, in what is said about it, and in both together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from defectreg.register.demonstration import DEMONSTRATION_KEYS
from defectreg.register.detectors import KINDS
from defectreg.register.findings import DataPath, Finding, Problem
from defectreg.register.grounds import PARTIES_FOLDER, Grounds, finding_at, finding_of
from defectreg.register.record import Record, check_notation, id_of_path
from defectreg.register.rules.case import sightings
from defectreg.register.rules.every import NEVER_STORED, RECORD_RULES, STATEMENT_RULES
from defectreg.register.rules.registry import Case, Rule
from defectreg.register.rules.texts import CODE_OF_KIND
from defectreg.register.shapes import texts
from defectreg.register.statement import Statement, name_fits, place_of_statement
from defectreg.register.yamltext import Document, YamlError, load

_NO_TEXT = ("mailbox", "key")
"""Keys of a Party's file that hold an address or base64 by right."""
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
        return None, [finding_at(path, document, "R001", problem) for problem in problems]
    if data["id"] != id_of_path(path):
        problem = Problem(("id",), "the id is not the one that the file's place says")
        return None, [finding_at(path, document, "R002", problem)]
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
        return None, [finding_at(path, document, "R003", problem)]
    return Read(path, document, Statement(place[1], data, _sha256(source))), []


def check_case(path: str, files: Mapping[str, bytes], grounds: Grounds) -> Checked:
    """Everything wrong in one record's file at ``path`` and its statements' files.

    ``files`` maps paths to bytes and may lack the record's: then its statements say so.
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
        findings.extend(_rules(record, statements, grounds))
    said = tuple(read.value for read in statements)
    return Checked(record.value if record else None, said, tuple(sorted(findings)))


def _orphaned(file: str) -> Finding:
    sentence = "a statement of a record that is not there"
    hint = "add the record, or move the statement to the record it is said of"
    return Finding(file, 1, 1, "R004", "error", sentence, hint)


def check_party(path: str, source: bytes, grounds: Grounds) -> Iterator[Finding]:
    """What may not stand in a Party's file that its schema allows; its mailbox is excepted."""
    try:
        document = load(source)
    except YamlError:
        return  # `read_grounds` says so
    shape = grounds.shapes["party"]
    for place, text in (*texts(document.data, shape.prose), *texts(document.data, shape.named)):
        for kind in sightings(text) if place[-1] not in _NO_TEXT else ():
            problem = Problem(place, f"this looks like {KINDS[kind].name}", KINDS[kind].hint)
            yield finding_at(path, document, CODE_OF_KIND[kind], problem)
    for place, fingerprint in _keys(path, grounds):
        if fingerprint in DEMONSTRATION_KEYS and not grounds.policy.demonstration:
            problem = Problem(place, "this is a demonstration key, which anyone may have")
            yield finding_at(path, document, "R095", problem)


def _keys(path: str, grounds: Grounds) -> Iterator[tuple[DataPath, str]]:
    party = grounds.parties.get(path.removeprefix(PARTIES_FOLDER).removesuffix(".yaml"))
    for at, person in enumerate(party.people if party else ()):
        for number, key in enumerate(person.keys):
            yield ("people", at, "keys", number, "key"), key.public.fingerprint


def _rules(
    record: Read[Record], statements: list[Read[Statement]], grounds: Grounds
) -> Iterator[Finding]:
    case = Case(record.value, tuple(read.value for read in statements), grounds)
    yield from _asked(RECORD_RULES, record, case)
    for read in statements:
        yield from _asked(STATEMENT_RULES.get(read.value.kind, ()), read, case)


def _asked(rules: tuple[Rule, ...], read: Read[Said], case: Case) -> Iterator[Finding]:
    # The detectors' rules only repeat what was sighted, which is nearly always nothing.
    for rule in (*rules, *NEVER_STORED) if case.sighted(read.value) else rules:
        for problem in rule.function(read.value, case):
            yield finding_at(read.path, read.document, rule.code, problem, rule.severity)


def _held(
    path: str, source: bytes, grounds: Grounds, schema: str
) -> tuple[Document | None, dict[str, Any] | None, list[Finding]]:
    """Document and data of a file that holds against a schema, else the findings."""
    try:
        document = load(source)
    except YamlError as error:
        return None, None, [finding_of(path, error)]
    data = grounds.schemas[schema].coerced(document.data)
    problems = list(grounds.validators[schema].problems(data))
    if problems:
        return None, None, [finding_at(path, document, code, problem) for code, problem in problems]
    return document, data, []


def _misplaced(place: tuple[str, str] | None, data: Mapping[str, Any]) -> Problem | None:
    if place is None:
        return None
    record_id, file = place
    if data["of"] != record_id:
        return Problem(("of",), "it is said of another record than the folder it stands in")
    if not name_fits(file, data):
        return Problem(
            ("date",),
            "the file's name does not say its date, kind and Party",
            "name it <date>-<kind>-<party>.yaml, with -2, -3 … for further ones of a day",
        )
    return None


def _sha256(source: bytes) -> str:
    return hashlib.sha256(source).hexdigest()
