"""What git would commit now, judged before it does: each record that is staged, with its case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from defectreg.gate.additions import judge_request
from defectreg.gate.cases import odd_finding, record_of, sort_files
from defectreg.gate.trees import check_entries, check_landed_stays
from defectreg.gate.validating import Verdict
from defectreg.register.errors import UsageProblem
from defectreg.register.findings import Finding
from defectreg.register.ground_checks import check_ground_files
from defectreg.register.grounds import Grounds, check_catalogue, is_ground
from defectreg.register.record import id_of_path
from defectreg.store.git import Move, blob_id
from defectreg.store.places import Register
from defectreg.store.requests import LANDED, Request
from defectreg.store.sources import IndexSource, grounds_of

_AT_ONCE = 500
"""Records whose places git is given at once."""


def validate_staged(register: Register) -> Verdict:
    """Judges every record of which something is staged, whole as the index has it.

    By the index's own policy, Parties, schema and catalogue, which are judged too. What has landed
    is neither changed nor taken away. Raises CannotRun where the policy or a schema is broken, and
    where a merge is open.
    """
    repository = register.repository
    if repository.bare:
        raise UsageProblem("a bare repository stages nothing", "go into a clone")
    source = IndexSource.of(repository, register.head)
    grounds, findings = _judged_grounds(source)
    moves = [move for move in source.moves if grounds.policy.is_register_path(move.path)]
    brought = {move.path for move in moves if move.after is not None}
    staged = sort_files((move.path for move in moves), grounds.policy)
    findings.extend(odd_finding(path) for path in staged.odd if path in brought)
    findings.extend(check_entries(moves))
    records = list(staged.cases)
    judged = 0
    for first in range(0, len(records), _AT_ONCE):
        some = records[first : first + _AT_ONCE]
        places = [place for record in some for place in (record, _folder(record))]
        landed = repository.listing(register.target.commit, *places)
        findings.extend(check_landed_stays([move for move in moves if _moves(move, landed)]))
        for request in _requests(source, places, landed):
            judged += 1
            findings.extend(judge_request(request, grounds).findings)
    return Verdict(judged, tuple(sorted(set(findings))))


def _moves(move: Move, landed: Mapping[str, str]) -> bool:
    """Whether something is done to what stands on the target."""
    return move.before is not None and landed.get(move.path) == move.before.blob


def _judged_grounds(source: IndexSource) -> tuple[Grounds, list[Finding]]:
    """What everything is judged by, and what is wrong in it."""
    grounds, findings = grounds_of(source)
    files = source.below("policy", "catalogue", "schema")
    texts = {
        path: data for path, data in files.items() if is_ground(path) and path.endswith(".yaml")
    }
    odd = sort_files((path for path in files if path.startswith("policy/")), grounds.policy).odd
    findings += [*check_catalogue(grounds), *check_ground_files(texts, grounds)]
    return grounds, [*findings, *map(odd_finding, odd)]


def _folder(record: str) -> str:
    return record.removesuffix(".yaml")


def _requests(
    source: IndexSource, places: Iterable[str], landed: Mapping[str, str]
) -> Iterator[Request]:
    """Each record that stands in some places, as a request would bring it."""
    cases: dict[str, dict[str, bytes]] = {}
    for path, data in source.below(*places).items():
        record = record_of(path)
        if record is not None:
            cases.setdefault(record, {})[path] = data
    for record, files in cases.items():
        new = {path: data for path, data in files.items() if landed.get(path) != blob_id(data)}
        old = {path: data for path, data in files.items() if path not in new}
        yield Request(id_of_path(record) or "", LANDED, source.commit, new, old)
