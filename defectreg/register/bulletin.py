"""What changed of an entry from one publication to the next, and what a bulletin says of it now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from defectreg.register.public import (
    CHANGES,
    SHOWN_KINDS,
    PublicChange,
    PublicRecord,
    PublicStatement,
)

_FIXES = frozenset({"fix", "fixed"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What an entry said in an earlier publication: enough to see what changed, and little."""

    is_withdrawn: bool
    claim: bytes
    fix_marks: frozenset[str]
    standing: Mapping[bytes, str]
    """The statements that stood, each with its kind, by a digest of what it says."""

    @classmethod
    def of(cls, record: PublicRecord) -> Seen:
        """What is kept of an entry."""
        return cls(
            is_withdrawn=record.withdrawal is not None,
            claim=_digest(record.kind, record.values),
            fix_marks=_FIXES.intersection(record.marks),
            standing={_digest_of(said): said.kind for said in _standing(record)},
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What changed of one entry: one of CHANGES; ``said`` are the kinds of what was said."""

    what: str
    id: str
    said: tuple[str, ...] = ()


def changes_of(before: Seen | None, record: PublicRecord) -> Iterator[Change]:
    """What changed of an entry since it was seen; None where it was not shown before."""
    now = Seen.of(record)
    if now.is_withdrawn:
        if before is None or not before.is_withdrawn:
            yield Change("withdrawn", record.id)
        return
    if before is None:
        yield Change("added", record.id)
        return
    new = {kind for digest, kind in now.standing.items() if digest not in before.standing}
    has_fix = "fix" in new or not now.fix_marks <= before.fix_marks
    is_corrected = (
        before.is_withdrawn
        or now.claim != before.claim
        or not before.standing.keys() <= now.standing.keys()
    )
    if has_fix:
        yield Change("fix", record.id)
    if is_corrected:
        yield Change("corrected", record.id)
    if new and not has_fix and not is_corrected:
        yield Change("said", record.id, tuple(kind for kind in SHOWN_KINDS if kind in new))


def told_now(
    changes: Iterable[Change], find: Callable[[str], PublicRecord | None]
) -> tuple[tuple[PublicChange, ...], tuple[PublicChange, ...]]:
    """What was corrected since, and what still holds, of changes that a bulletin tells.

    ``find`` gives an entry as it may be shown now, or None: of that one nothing is told.
    """
    corrections: dict[str, PublicChange] = {}
    standing: list[PublicChange] = []
    for change in changes:
        record = find(change.id)
        if record is None:
            continue
        correction = _correction(change, record)
        if correction:
            corrections[change.id] = _told(correction, record)
        else:
            standing.append(_told(change.what, record, change.said))
    standing.sort(key=lambda change: (CHANGES.index(change.what), change.id))
    return tuple(corrections[each] for each in sorted(corrections)), tuple(standing)


def _correction(change: Change, record: PublicRecord) -> str:
    """What is no longer as the change tells; empty where it still is."""
    if record.withdrawal is not None:
        return "" if change.what == "withdrawn" else "since-withdrawn"
    if change.what == "fix" and not _FIXES.intersection(record.marks):
        return "fix-gone"
    return ""


def _told(what: str, record: PublicRecord, said: tuple[str, ...] = ()) -> PublicChange:
    kinds = {statement.kind for statement in record.statements}
    return PublicChange(
        what=what,
        id=record.id,
        title=record.title,
        kind_words=record.kind_words,
        marks=record.marks,
        affected=tuple(combination.text for combination in record.affected),
        fixes=tuple(_fixes(record)),
        said=tuple(kind for kind in said if kind in kinds),
        withdrawal=record.withdrawal,
    )


def _fixes(record: PublicRecord) -> Iterator[str]:
    for said in _standing(record):
        if said.kind == "fix":
            words = f"{said.values.get('device', '')} {said.values.get('firmware', '')}".strip()
            if words:
                yield words


def _standing(record: PublicRecord) -> Iterator[PublicStatement]:
    return (said for said in record.statements if not said.is_superseded)


def _digest_of(said: PublicStatement) -> bytes:
    """Without its key, which moves when another statement is withdrawn."""
    return _digest(said.kind, said.whose, said.day, said.values)


def _digest(*values: object) -> bytes:
    text = json.dumps(values, sort_keys=True, default=str)  # whatever the order of a file's keys
    return hashlib.sha256(text.encode()).digest()
