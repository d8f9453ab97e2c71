"""A record or statement that may come into being: its text, and what is wrong in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from defectreg.register.checking import Checked, check_case
from defectreg.register.classification import may_read
from defectreg.register.findings import Finding
from defectreg.register.grounds import Grounds
from defectreg.register.record import record_path, statements_folder
from defectreg.register.rules.classes import ENVELOPES
from defectreg.register.schema import Schema
from defectreg.register.yamltext import YamlError, dump

CAN_FOLLOW = frozenset({"R031"})
"""Errors that a later statement on the same request mends: the fix that a policy asks for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Files that may be added to a record's, or replaced: not judged yet, and nowhere written."""

    record_id: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What would be wrong if a candidate stood: errors refuse it, remarks are only told."""

    errors: tuple[Finding, ...]
    remarks: tuple[Finding, ...]
    checked: Checked


class Unwritable(ValueError):
    """Values that no file of a register may hold; ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.sentence)
        self.finding = finding


def new_issue(
    record_id: str,
    typed: Mapping[str, Any],
    report: Mapping[str, Any],
    report_name: str,
    grounds: Grounds,
) -> Candidate:
    """A new record and its report.

    ``typed`` maps the record's keys to values, ``report`` the statement's, envelope included.
    Raises Unwritable.
    """
    data = {"id": record_id, **typed}
    policy = grounds.policy
    added = policy.added_classification
    added = added if may_read(policy.ceiling, added) else policy.ceiling
    if "classification" not in data and added != grounds.schemas["record"].default(
        "classification"
    ):
        data["classification"] = added
    record = record_path(record_id)
    statement = f"{statements_folder(record_id)}/{report_name}"
    return Candidate(
        record_id,
        {
            record: written(record, data, grounds.schemas["record"]),
            statement: written(statement, report, grounds.schemas["statement"]),
        },
    )


def new_statement(
    record_id: str, name: str, data: Mapping[str, Any], grounds: Grounds
) -> Candidate:
    """One more statement on a record. Raises Unwritable.

    Where nothing above clear may stand, it is clear unless its author says otherwise.
    """
    path = f"{statements_folder(record_id)}/{name}"
    schema, ceiling = grounds.schemas["statement"], grounds.policy.ceiling
    is_above = not may_read(ceiling, str(schema.default("classification")))
    if is_above and data["kind"] not in ENVELOPES:
        data = {"classification": ceiling, **data}
    return Candidate(record_id, {path: written(path, data, schema)})


def judged(candidate: Candidate, standing: Mapping[str, bytes], grounds: Grounds) -> Judgement:
    """What would be wrong if the candidate joined the files that stand already.

    What was wrong before, in files that the candidate leaves alone, does not speak against it; nor
    does it that a decision which stands already was of other bytes.
    """
    path = record_path(candidate.record_id)
    stays = standing.keys() - candidate.files.keys()
    checked = check_case(path, {**standing, **candidate.files}, grounds, stays)
    before = set(check_case(path, standing, grounds, stays).findings) if standing else set()
    fresh = [
        finding
        for finding in checked.findings
        if finding.file in candidate.files or finding not in before
    ]
    return Judgement(
        tuple(finding for finding in fresh if _refuses(finding)),
        tuple(
            finding for finding in fresh if not _refuses(finding) and finding.severity != "awaited"
        ),
        checked,
    )


def _refuses(finding: Finding) -> bool:
    return finding.severity == "error" and finding.code not in CAN_FOLLOW


def written(path: str, data: Mapping[str, Any], schema: Schema) -> bytes:
    """The canonical text of a file's data, its keys in the schema's order. Raises Unwritable."""
    try:
        return dump(ordered(data, schema.document, schema)).encode()
    except ValueError as error:
        cause = error.__cause__
        if isinstance(cause, YamlError):
            code, hint = cause.code, cause.hint
        else:
            code, hint = "S009", "write plain text"
        raise Unwritable(Finding(path, 1, 1, code, "error", str(error), hint)) from error


def ordered(data: Mapping[str, Any], about: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """The same data with the keys of every mapping in the order of its schema, unknown ones last.

    ``about`` is the part of the schema that the data are of.
    """
    known = schema.resolve(about).get("properties", {})
    keys = [key for key in known if key in data] + [key for key in data if key not in known]
    return {
        key: ordered(data[key], known.get(key, {}), schema)
        if isinstance(data[key], Mapping)
        else data[key]
        for key in keys
    }


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Data of a file from values by dotted key."""
    data: dict[str, Any] = {}
    for key, value in values.items():
        *outer, last = key.split(".")
        inner = data
        for name in outer:
            if not isinstance(inner.get(name), dict):
                inner[name] = {}
            inner = inner[name]
        inner[last] = value
    return data


def flat(data: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Values by dotted key from data of a file."""
    values: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, Mapping):
            values |= flat(value, f"{prefix}{key}.")
        else:
            values[prefix + key] = value
    return values


def kept_text(data: Mapping[str, Any]) -> str:
    """What was typed as a text to keep; also where no file of a register may hold it."""
    try:
        return dump(data)
    except ValueError:
        return json.dumps(data, indent=2, ensure_ascii=True, default=str) + "\n"


def without_empty(data: Any) -> Any:
    """Data of a form without what was left empty."""
    if isinstance(data, dict):
        kept = {key: without_empty(value) for key, value in data.items()}
        return {key: value for key, value in kept.items() if not _is_empty(value)}
    if isinstance(data, list):
        return [item for item in map(without_empty, data) if not _is_empty(item)]
    return data


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, Iterable) and not value
