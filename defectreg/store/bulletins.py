"""The bulletins of the signed months: what each brought since the one before it."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from defectreg.register.bulletin import Change, Seen, changes_of, told_now
from defectreg.register.classification import may_read
from defectreg.register.errors import CannotRun
from defectreg.register.grounds import Grounds
from defectreg.register.policy import Policy
from defectreg.register.public import CHANGES, PublicBulletin, PublicRecord, PublicRegister
from defectreg.register.release import Release
from defectreg.register.standing import Standing
from defectreg.register.statement import record_of
from defectreg.store.files import FileProblem, write_atomically
from defectreg.store.git import Repository
from defectreg.store.judging import awaits_manufacturer, shown_earlier, shown_now
from defectreg.store.kept import KeptRecords
from defectreg.store.months import (
    Pointer,
    dressed_as,
    moved_ids,
    pointer_to,
    pointers_of,
    released_month,
    shown_commit,
    standings_of,
)
from defectreg.store.program import program
from defectreg.store.releasing import (
    Released,
    earlier_texts,
    record_ids,
    register_of,
    release_of,
    released,
    trusted_grounds,
)
from defectreg.store.sources import CommitSource

_PROGRAM = ("register", "store")
"""The folders of the program that decide what changed."""
_SLACK = datetime.timedelta(days=30)
"""More than the days of a reply window that are no working days, beyond twice its length."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be published: a signed month, what the policy's cadence says, or a commit as it
    is on a day (for ``audience``, None being the policy's)."""

    month: str | None
    is_scheduled: bool
    audience: str | None
    day: datetime.date


def publication(
    source: CommitSource, asked: Asked, done: Callable[[int], None] = lambda records: None
) -> Released:
    """What is published by a commit, with the bulletins of its signed months.

    Raises UsageProblem for a month that nobody signed, and CannotRun where what it shows cannot be
    read, or where the policy's audience may not read what CI is to publish.
    """
    grounds = trusted_grounds(source)
    pointers = pointers_of(source, grounds)
    is_monthly = asked.is_scheduled and grounds.policy.cadence == "monthly"
    if is_monthly and not pointers:
        return _nothing_yet(source, grounds, asked)
    month = pointers[-1].month if is_monthly else asked.month
    if month is None:
        result = released(source, asked.audience, asked.day, done)
    else:
        pointer = pointer_to(month, pointers)
        if is_monthly:
            _check_audience(pointer, grounds.policy)
        result = released_month(source, pointer, done)
        pointers = tuple(each for each in pointers if each.month <= month)
    return replace(result, register=with_bulletins(result.register, source.repository, pointers))


def _nothing_yet(source: CommitSource, grounds: Grounds, asked: Asked) -> Released:
    """Before the first signed month: the pages, with no entry."""
    release = release_of(grounds, grounds.policy, asked.audience, asked.day)
    return Released(register_of(source, release, grounds.schemas["policy"], ()), {}, ())


def _check_audience(pointer: Pointer, policy: Policy) -> None:
    """Who may open the place to which CI publishes is whom the policy says, and no fewer."""
    if not may_read(policy.audience, pointer.audience):
        raise CannotRun(
            f"the bulletin of {pointer.month} is signed for {pointer.audience}, and the policy "
            f"publishes for {policy.audience}",
            f"`defectreg bulletin {pointer.month} --sign` signs it anew",
        )


def with_bulletins(
    register: PublicRegister, repository: Repository, pointers: Sequence[Pointer]
) -> PublicRegister:
    """The register with the bulletins of months, given in their order.

    What changed is told for the register's audience, of entries that the register shows, in the
    words that it shows.
    """
    if not pointers:
        return replace(register, bulletins=())
    dress = _dress(register, repository)
    told = [
        (older, pointer, _remembered(repository, older, pointer, dress))
        for older, pointer in pairwise((None, *pointers))
        if pointer is not None
    ]
    return _with(register, told)


def with_bulletin(
    register: PublicRegister, repository: Repository, older: Pointer | None, pointer: Pointer
) -> PublicRegister:
    """The register with the bulletin of one month alone, which may be a draft."""
    changes = _changes(repository, older, pointer, _dress(register, repository))
    return _with(register, [(older, pointer, changes)])


def _dress(register: PublicRegister, repository: Repository) -> Release:
    """How the commit that is published shows things: as such they are told apart, then and now."""
    grounds = trusted_grounds(CommitSource(repository, register.commit))
    return release_of(grounds, grounds.policy, register.audience, register.day)


def _with(
    register: PublicRegister, told: Sequence[tuple[Pointer | None, Pointer, list[Change]]]
) -> PublicRegister:
    find = KeptRecords.of(register.records).find
    made = [_bulletin(older, pointer, changes, find) for older, pointer, changes in told]
    return replace(register, bulletins=tuple(reversed(made)))


def _bulletin(
    older: Pointer | None,
    pointer: Pointer,
    changes: Iterable[Change],
    find: Callable[[str], PublicRecord | None],
) -> PublicBulletin:
    corrections, standing = told_now(changes, find)
    return PublicBulletin(
        month=pointer.month,
        day=pointer.day,
        commit=pointer.commit,
        since=older.day if older else None,
        is_signed=bool(pointer.by),
        corrections=corrections,
        changes=standing,
    )


def _remembered(
    repository: Repository, older: Pointer | None, pointer: Pointer, dress: Release
) -> list[Change]:
    """As :func:`_changes`, from this clone's memory where it was asked before.

    Two pointers name commits and days, so what changed between them never does, in one dress.
    """
    about = [program(_PROGRAM), _looks(dress), older and older.data, pointer.data]
    name = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()
    place = repository.common_dir / "defectreg" / "bulletins" / f"{name}.json"
    with suppress(OSError, ValueError, TypeError):
        return [_kept(row) for row in json.loads(_read(place))]
    changes = _changes(repository, older, pointer, dress)
    with suppress(FileProblem):  # the next run works it out again
        write_atomically(place, json.dumps([_to_keep(each) for each in changes]).encode())
    return changes


def _to_keep(change: Change) -> list[object]:
    return [
        change.what, change.id, change.said, change.fixes, change.marks, change.claim,
        change.is_possible,
    ]  # fmt: skip


def _kept(row: list[Any]) -> Change:
    """A change as it is remembered. Raises ValueError or TypeError for what this program did not
    write."""
    what, record_id, said, fixes, marks, claim, is_possible = row
    if what not in CHANGES:
        raise ValueError(f"{what!a} is no change")
    return Change(what, record_id, tuple(said), tuple(fixes), tuple(marks), claim, is_possible)


def _looks(dress: Release) -> list[object]:
    """All by which a release shows the same thing in another way."""
    policy = dress.policy
    return [
        dress.audience,
        [policy.manufacturer_shown, policy.reporter_shown, policy.small_cell],
        dict(dress.catalogue.manufacturers) if policy.manufacturer_shown == "name" else None,
        dress.record_schema.document,
        dress.statement_schema.document,
    ]


def _read(place: Path) -> bytes:
    return place.read_bytes() if place.is_file() else b""


def _changes(
    repository: Repository, older: Pointer | None, pointer: Pointer, dress: Release
) -> list[Change]:
    """What changed for an audience from one pointer to the next, or since the beginning."""
    now = shown_commit(repository, pointer)
    grounds = trusted_grounds(now)
    release = release_of(grounds, grounds.policy, dress.audience, pointer.day)
    release = dressed_as(dress, release)
    ids = _candidates(repository, older, pointer, grounds.policy.reply_window)
    seen = {} if older is None else _seen(repository, older, release, ids)
    return [
        change
        for record in _shown(now, release, grounds, ids)
        for change in changes_of(seen.get(record.id), record)
    ]


def _seen(
    repository: Repository, pointer: Pointer, later: Release, ids: frozenset[str] | None
) -> dict[str, Seen]:
    """What a pointer showed of these records, in the dress of a later release."""
    source = shown_commit(repository, pointer)
    grounds = trusted_grounds(source)
    release = release_of(grounds, grounds.policy, later.audience, pointer.day)
    dressed = dressed_as(later, release)
    return {record.id: Seen.of(record) for record in _shown(source, dressed, grounds, ids)}


def _candidates(
    repository: Repository, older: Pointer | None, pointer: Pointer, window: int
) -> frozenset[str] | None:
    """The records that can differ between two pointers; None for all of them.

    Where no file moved, only the end of a manufacturer's time to reply lets something out: its
    notice landed so many working days (``window``) before the earlier day at the earliest.
    """
    if older is None:
        return None
    moved = moved_ids(repository, older.commit, pointer.commit)
    if moved is None:
        return None
    first = older.day - 2 * datetime.timedelta(days=window) - _SLACK
    waiting = {
        record_of(path)
        for step in repository.steps(pointer.commit)
        if step.day >= first
        for path in (*step.added, *step.changed)
    }
    return moved | frozenset(found for found in waiting if found is not None)


def _shown(
    source: CommitSource, release: Release, grounds: Grounds, ids: frozenset[str] | None
) -> Iterator[PublicRecord]:
    """The entries among these records, or among all, that are let out."""
    waiting: dict[str, Standing] = {}
    for record_id, standing in standings_of(source, _asked(source, ids), grounds):
        if standing is None:
            continue
        stage, shown = shown_now(standing, release)
        if awaits_manufacturer(stage):
            waiting[record_id] = standing
        elif shown is not None:
            yield shown
    for _, texts in earlier_texts(source, waiting, grounds):
        shown = shown_earlier(texts, release)
        if shown is not None:
            yield shown


def _asked(source: CommitSource, ids: frozenset[str] | None) -> list[str]:
    known = record_ids(source)
    return known if ids is None else [record_id for record_id in known if record_id in ids]
