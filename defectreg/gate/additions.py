"""A request judged by its target's rules: it adds, and what has landed stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
    return judge_requests([request], grounds)[0]


def judge_requests(
    requests: Sequence[Request], grounds: Grounds, *, proves: bool = True
) -> list[Judged]:
    """As :func:`judge_request`, of several: their signatures are checked together.

    Where it does not prove, no signature is checked: enough for a list, never for a decision.
    """
    read = [_read(request, grounds) for request in requests]
    if not proves:
        return [replace(judged, findings=tuple(sorted(judged.findings))) for _, judged in read]
    unproven = _unproven([(request, judged.new) for request, judged in read], grounds)
    return [
        replace(judged, findings=tuple(sorted({*judged.findings, *unproven.get(at, ())})))
        for at, (_, judged) in enumerate(read)
    ]


def _read(request: Request, grounds: Grounds) -> tuple[Request, Judged]:
    """What a request brings, its signatures not checked yet."""
    landed = request.landed.keys() - request.new.keys()
    checked = check_case(request.record_path, request.case, grounds, landed)
    folder = statements_folder(request.record_id)
    new = tuple(item for item in checked.statements if f"{folder}/{item.file}" in request.new)
    return request, Judged(checked.record, new, (*checked.findings, *_moved(request)))


def _unproven(
    asked: Sequence[tuple[Request, Sequence[Statement]]], grounds: Grounds
) -> dict[int, list[Finding]]:
    """The place of a request → its statements whose signature is not over their bytes.

    Two requests may bring other bytes at the same path: those of one record are asked in turn.
    """
    rounds: list[dict[str, int]] = []
    for at, (request, _) in enumerate(asked):
        if all(request.record_id in places for places in rounds):
            rounds.append({})
        next(places for places in rounds if request.record_id not in places)[request.record_id] = at
    found: dict[int, list[Finding]] = {}
    for places in rounds:
        to_prove = (
            proof
            for at in places.values()
            for request, new in [asked[at]]
            for proof in proofs(new, request.new, statements_folder(request.record_id))
        )
        for finding in prove(to_prove, grounds):
            record_id = finding.file.split("/")[2]
            found.setdefault(places[record_id], []).append(finding)
    return found


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
    if request.is_overtaken:
        yield overtaken(request)
    yield from map(odd_finding, request.odd)


def overtaken(request: Request) -> Finding:
    """That a request would undo what has landed of the record since it began."""
    return Finding(
        request.record_path, 1, 1, "G008", "error",
        f"another text of it has landed since {request.branch} began, which this one would undo",
        "git merge main into the request; then the text is accepted anew",
    )  # fmt: skip
