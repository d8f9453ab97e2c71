"""A request judged by its target's rules: it adds, and what has landed stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from defectreg.gate.cases import odd_finding
from defectreg.gate.proving import proofs, prove
from defectreg.register.checking import check_case
from defectreg.register.findings import Finding
from defectreg.register.grounds import Grounds
from defectreg.register.record import Record, statements_folder
from defectreg.register.statement import Statement
from defectreg.store.requests import Request


@dataclass(frozen=True, slots=True)
class Judged:
    """What a request brings for one record, as far as it can be read, and all findings in it."""

    record: Record | None
    new: tuple[Statement, ...]
    """The statements that the request brings."""
    findings: tuple[Finding, ...]


def judge_request(request: Request, grounds: Grounds) -> Judged:
    """Judges a record as it would stand once the request has landed.

    ``grounds`` are the target's: a request that changes them is not judged by what it wants.
    """
    files, folder = request.case, statements_folder(request.record_id)
    landed = request.landed.keys() - request.new.keys()
    checked = check_case(request.record_path, files, grounds, landed)
    new = tuple(item for item in checked.statements if f"{folder}/{item.file}" in request.new)
    proven = prove(proofs(new, files, folder), grounds)
    findings = {*checked.findings, *proven, *_moved(request)}
    return Judged(checked.record, new, tuple(sorted(findings)))


def _moved(request: Request) -> Iterator[Finding]:
    """What has landed stays, and nothing else comes below ``records/``."""
    for path in sorted(request.new.keys() & request.landed.keys() - {request.record_path}):
        yield Finding(
            path, 1, 1, "G001", "error", "the request changes a statement that has landed",
            "say it anew in a file of its own; a name that is taken gets the next -2, -3 ...",
        )  # fmt: skip
    for path in request.removed:
        yield Finding(
            path, 1, 1, "G001", "error", "the request takes away what has landed",
            "put it back; a record, and each statement, is withdrawn by a sign-off",
        )  # fmt: skip
    yield from map(odd_finding, request.odd)
