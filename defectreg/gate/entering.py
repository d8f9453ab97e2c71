"""A request of records and statements, record by record."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from defectreg.gate.cases import record_of
from defectreg.gate.proving import Proof, proofs, prove
from defectreg.gate.sound import sound_files
from defectreg.register.checking import check_case
from defectreg.register.entrance import (
    OF_EVERY_STEP,
    OF_WHAT_STANDS,
    SETTLED_BY_ACCEPT,
    Entrance,
    Refused,
    check_entrance,
)
from defectreg.register.findings import Finding
from defectreg.register.grounds import Grounds
from defectreg.register.record import Record, id_of_path
from defectreg.register.rules.case import Case
from defectreg.register.statement import Statement
from defectreg.store.git import Move, Repository

_AT_ONCE = 2000
"""Paths that one call of git is asked for."""


@dataclass(frozen=True)
class DataChange:
    """What a request moves below ``records/``; ``blobs`` holds the bytes of all of it, by id."""

    moves: Sequence[Move]
    blobs: Mapping[str, bytes]
    grounds: Grounds
    day: datetime.date
    asks_content: bool


@dataclass(frozen=True)
class Coming:
    """One record's files as a step leaves them, by path, and what of them it brings."""

    path: str
    landed: dict[str, bytes]
    new: dict[str, bytes]
    day: datetime.date
    asks_content: bool = True
    is_whole: bool = False
    files: dict[str, bytes] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", {**self.landed, **self.new})

    @property
    def folder(self) -> str:
        """Where its statements stand."""
        return self.path.removesuffix(".yaml")

    @property
    def unchanged(self) -> frozenset[str]:
        """The paths of what has landed as it is."""
        if self.is_whole:
            return frozenset(self.files)
        return frozenset(self.landed.keys() - self.new.keys())


def check_data(
    change: DataChange, repository: Repository, before: str
) -> tuple[list[str], list[Finding]]:
    """The ids of the records that a request is of, and everything that stands against it."""
    moved: dict[str, dict[str, bytes]] = {}
    for move in change.moves:
        record = record_of(move.path)
        if record and move.after:
            moved.setdefault(record, {})[move.path] = change.blobs[move.after.blob]
    known = {move.path for move in change.moves if move.path in moved and move.before is None}
    landed = _landed(repository, before, [path for path in moved if path not in known])
    stands = {path for files in landed.values() for path in files}
    stands |= {path for some in _some(sorted(known)) for path in repository.listing(before, *some)}
    findings = list(_check_once(change.moves, stands))
    to_prove: list[Proof] = []
    for path, new in moved.items():
        coming = Coming(path, landed.get(path, {}), new, change.day, change.asks_content)
        found, signed = check_coming(coming, change.grounds)
        findings += found
        to_prove += signed
    findings += prove(to_prove, change.grounds)
    return [record_id for path in moved if (record_id := id_of_path(path))], findings


def _check_once(moves: Sequence[Move], stands: Collection[str]) -> Iterator[Finding]:
    """That nothing is added where something stands: a folder may be made to name a file twice."""
    for move in moves:
        if move.before is None and move.path in stands:
            sentence = "it stands there already, and the request's folder names it twice"
            yield Finding(move.path, 1, 1, "G001", "error", sentence, "git fsck says how")


def check_coming(coming: Coming, grounds: Grounds) -> tuple[list[Finding], list[Proof]]:
    """What stands against what a step brings to one record, and the signatures to be proven."""
    checked = check_case(coming.path, coming.files, grounds, coming.unchanged)
    findings = [finding for finding in checked.findings if _is_asked(finding, coming)]
    new = tuple(
        item
        for item in checked.statements
        if coming.is_whole or f"{coming.folder}/{item.file}" in coming.new
    )
    if checked.record is not None:
        entrance = _entrance(checked.record, checked.statements, new, coming, grounds)
        refused = [_finding(each, coming) for each in check_entrance(entrance)]
        said = {(each.file, each.code, each.sentence) for each in refused}
        findings = [each for each in findings
                    if (each.file, each.code, each.sentence) not in said] + refused  # fmt: skip
    return findings, list(proofs(new, coming.files, coming.folder))


def _is_asked(finding: Finding, coming: Coming) -> bool:
    """Content rules are asked of what a request brings; of history those that never change."""
    if finding.code in SETTLED_BY_ACCEPT:
        return False
    if finding.file not in coming.new and finding.code[0] == "R":
        return finding.code in OF_WHAT_STANDS
    return coming.asks_content or finding.code[0] in "YS" or finding.code in OF_EVERY_STEP


def _entrance(
    record: Record,
    statements: tuple[Statement, ...],
    new: tuple[Statement, ...],
    coming: Coming,
    grounds: Grounds,
) -> Entrance:
    landed = frozenset(item.sha256 for item in statements if item not in new)
    before = coming.landed.get(coming.path)
    return Entrance(
        case=Case(record, statements, grounds, landed),
        new=new,
        brings_record=coming.path in coming.new,
        before=hashlib.sha256(before).hexdigest() if before is not None else None,
        day=coming.day,
        is_whole=coming.is_whole,
    )


def _finding(refused: Refused, coming: Coming) -> Finding:
    path = f"{coming.folder}/{refused.statement.file}" if refused.statement else coming.path
    line = _line_of(coming.files[path], refused.key)
    return Finding(path, line, 1, refused.code, refused.severity, refused.sentence, refused.hint)


def _line_of(source: bytes, key: str) -> int:
    """The line at which a key of the top stands; 1 without one."""
    lines = source.split(b"\n")
    return next(
        (
            number
            for number, line in enumerate(lines, 1)
            if key and line.startswith(f"{key}:".encode())
        ),
        1,
    )


def _landed(
    repository: Repository, before: str, records: Sequence[str]
) -> dict[str, dict[str, bytes]]:
    """By the paths of these records: their files as they stood, each with its bytes."""
    blob_of: dict[str, str] = {}
    for some in _some(records):
        folders = [place for path in some for place in (path, path.removesuffix(".yaml"))]
        blob_of.update(repository.listing(before, *folders))
    cases: dict[str, dict[str, bytes]] = {}
    for path, data in sound_files(repository, blob_of):
        record = record_of(path)
        if record:
            cases.setdefault(record, {})[path] = data
    return cases


def _some(paths: Sequence[str]) -> Iterable[Sequence[str]]:
    return (paths[at : at + _AT_ONCE] for at in range(0, len(paths), _AT_ONCE))
