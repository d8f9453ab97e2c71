"""What changed of an entry from one publication to the next, and what a bulletin says of it now."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from defectreg.register.public import (
    CHANGES,
    KIND_WORDS,
    SHOWN_KINDS,
    PublicChange,
    PublicRecord,
    PublicStatement,
)

_FIXES = frozenset({"fix", "fixed"})
_in_order = json.JSONEncoder(sort_keys=True, default=str).encode
"""Values as text, whatever the order of a file's keys."""
_KEPT = 16
"""Hexadecimal digits by which statements of one entry, and texts of one, are told apart."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What an entry said in an earlier publication: enough to see what changed, and little."""

    is_withdrawn: bool
    claim: str
    fix_marks: frozenset[str]
    standing: Mapping[str, str]
    """The statements that stood, each with its kind, by a digest of what it says."""

    @classmethod
    def of(cls, record: PublicRecord) -> Seen:
        """What is kept of an entry."""
        return cls(
            is_withdrawn=record.withdrawal is not None,
            claim=_claim(record),
            fix_marks=_FIXES.intersection(record.marks),
            standing={digest: said.kind for digest, said in _standing(record).items()},
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What changed of one entry, and what the bulletin may tell of it however late it is read.

    ``what`` is one of CHANGES. Of statements and of the text there are digests, which say of a
    later entry what of it stood already; the words are taken of the entry as it may be shown then.
    """

    what: str
    id: str
    said: tuple[str, ...] = ()
    """The statements that were new, where nothing else is told of the entry."""
    fixes: tuple[str, ...] = ()
    """The fixes that stood."""
    marks: tuple[str, ...] = ()
    claim: str = ""
    """The text; empty where none is told."""
    is_possible: bool = False
    """Whether it was shown as a possible defect."""


def changes_of(before: Seen | None, record: PublicRecord) -> Iterator[Change]:
    """What changed of an entry since it was seen; None where it was not shown before."""
    now = Seen.of(record)
    if now.is_withdrawn:
        if before is None or not before.is_withdrawn:
            yield Change("withdrawn", record.id)
        return
    told = Change(
        "added",
        record.id,
        fixes=tuple(digest for digest, kind in now.standing.items() if kind == "fix"),
        marks=record.marks,
        claim=now.claim,
        is_possible=record.kind_code == "possible-defect",
    )
    if before is None:
        yield told
        return
    new = {digest: kind for digest, kind in now.standing.items() if digest not in before.standing}
    has_fix = "fix" in new.values() or not now.fix_marks <= before.fix_marks
    is_corrected = _is_corrected(before, now)
    if _lost_its_fix(before, now):
        yield replace(told, what="fix-lost")
    elif has_fix:
        yield replace(told, what="fix")
    if is_corrected:
        yield replace(told, what="corrected")
    if new and not has_fix and not is_corrected:
        yield replace(told, what="said", said=tuple(new))


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
        told = _told(change, record)
        correction = _correction(change, record, told)
        if correction:
            corrections[change.id] = replace(told, what=correction, said=())
        if not correction or _stands_beside(change, correction):
            standing.append(told)
    standing.sort(key=lambda change: (CHANGES.index(change.what), change.id))
    return tuple(corrections[each] for each in sorted(corrections)), tuple(standing)


def _lost_its_fix(before: Seen, now: Seen) -> bool:
    return bool(before.fix_marks) and not before.is_withdrawn and not now.fix_marks


def _is_corrected(before: Seen, now: Seen) -> bool:
    """Whether it says something else of what it said, besides that it has no fix any more."""
    lost = {kind for digest, kind in before.standing.items() if digest not in now.standing}
    if _lost_its_fix(before, now):
        lost -= {"fix"}
    return before.is_withdrawn or now.claim != before.claim or bool(lost)


def _correction(change: Change, record: PublicRecord, told: PublicChange) -> str:
    """What is no longer as the change tells; empty where it still is."""
    if record.withdrawal is not None:
        return "" if change.what == "withdrawn" else "since-withdrawn"
    had_fix = bool(change.fixes) or bool(_FIXES.intersection(change.marks))
    return "fix-gone" if had_fix and not _FIXES.intersection(told.marks) else ""


def _stands_beside(change: Change, correction: str) -> bool:
    """Whether a change is told although something of it was corrected."""
    return correction == "fix-gone" and change.what != "fix"


def _told(change: Change, record: PublicRecord) -> PublicChange:
    """What may be told of it: nothing that it did not say then, and nothing that is gone since."""
    if record.withdrawal is None and change.what == "withdrawn":
        return _nothing_of(change)
    standing = _standing(record) if change.fixes or change.said else {}  # which takes its time
    fixes = [standing[digest] for digest in change.fixes if digest in standing]
    is_changed = bool(change.claim) and change.claim != _claim(record)
    kinds = {standing[digest].kind for digest in change.said if digest in standing}
    affected = () if is_changed else tuple(combination.text for combination in record.affected)
    return PublicChange(
        what=change.what,
        id=record.id,
        title=record.title,
        kind_words=_kind_words(change, record),
        marks=tuple(_marks(change, record, has_fix=bool(fixes) or not change.fixes)),
        affected=affected,
        fixes=tuple(words for fix in fixes if (words := _fix_words(fix))),
        said=tuple(kind for kind in SHOWN_KINDS if kind in kinds),
        withdrawal=record.withdrawal,
        is_changed_since=is_changed and record.withdrawal is None,
    )


def _nothing_of(change: Change) -> PublicChange:
    """Of an entry that came back since, what the month told: that it was withdrawn."""
    words = "Withdrawn entry"
    return PublicChange(change.what, change.id, words, words, (), (), (), (), None)


def _kind_words(change: Change, record: PublicRecord) -> str:
    """What was a possible defect then is none that was confirmed."""
    if change.is_possible and record.kind_words == KIND_WORDS["defect"]:
        return f"Possible {record.kind_words.lower()}"
    return record.kind_words


def _marks(change: Change, record: PublicRecord, *, has_fix: bool) -> Iterator[str]:
    """The marks of then that it still has; that it is disputed is told however late it came."""
    for mark in record.marks:
        is_of_then = mark in change.marks and (has_fix or mark not in _FIXES)
        if is_of_then or mark == "disputed" or record.withdrawal is not None:
            yield mark


def _fix_words(fix: PublicStatement) -> str:
    return f"{fix.values.get('device', '')} {fix.values.get('firmware', '')}".strip()


def _standing(record: PublicRecord) -> dict[str, PublicStatement]:
    """The statements that stand, by a digest of what they say; the same said again has another.

    Keys move when another statement is withdrawn, and the category of a Party may change.
    """
    found: dict[str, PublicStatement] = {}
    times: Counter[str] = Counter()
    for said in record.statements:
        if not said.is_superseded:
            digest = _digest(said.kind, said.day, said.values)
            times[digest] += 1
            found[f"{digest}-{times[digest]}" if times[digest] > 1 else digest] = said
    return found


def _claim(record: PublicRecord) -> str:
    return _digest(record.kind, record.values)


def _digest(*values: object) -> str:
    return hashlib.sha256(_in_order(values).encode()).hexdigest()[:_KEPT]
