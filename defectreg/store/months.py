"""The signed months: what a publisher pointed at, less what has been taken back since."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.grounds import Grounds
from defectreg.register.public import SHOWN_KINDS, PublicRecord
from defectreg.register.release import Release
from defectreg.register.standing import Standing
from defectreg.register.statement import Statement, record_of
from defectreg.store.git import Repository
from defectreg.store.judging import awaits_manufacturer, shown_earlier, shown_now
from defectreg.store.kept import KeptRecords
from defectreg.store.landings import Landings, standings_among
from defectreg.store.releasing import (
    Released,
    earlier_texts,
    linked,
    register_of,
    release_of,
    released,
    trusted_grounds,
)
from defectreg.store.sources import CommitSource

FOLDER = "bulletins"
_PATH = re.compile(r"bulletins/(20[0-9]{2}-[01][0-9])\.yaml")
GROUNDS = ("policy", "schema", "catalogue")
"""What decides of entries without any of their files moving."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a month shows: a commit, as of a day, for an audience. ``by`` is empty for a draft."""

    month: str
    by: str
    day: datetime.date
    commit: str
    audience: str

    @property
    def data(self) -> dict[str, str]:
        """As its file has it, but for the signature."""
        return {
            "month": self.month,
            "by": self.by,
            "date": self.day.isoformat(),
            "commit": self.commit,
            "audience": self.audience,
        }

    @property
    def path(self) -> str:
        """Where its file stands."""
        return f"{FOLDER}/{self.month}.yaml"


def pointers_of(source: CommitSource, grounds: Grounds) -> tuple[Pointer, ...]:
    """The pointers that a commit has, by month; without those of a key that is now distrusted.

    Raises CannotRun for one that cannot be read.
    """
    found = sorted(source.below(FOLDER).items())
    return tuple(
        pointer
        for path, data in found
        if _PATH.fullmatch(path) and (pointer := _pointer(path, data, grounds)) is not None
    )


def shown_commit(repository: Repository, pointer: Pointer) -> CommitSource:
    """The register as the pointer's commit has it. Raises CannotRun where that is not at hand."""
    if repository.resolve(pointer.commit) != pointer.commit:
        raise CannotRun(
            f"the commit of the bulletin of {pointer.month} is not here: {pointer.commit}",
            "git fetch --unshallow brings what this clone lacks of the history",
        )
    return CommitSource(repository, pointer.commit)


def pointer_to(month: str, pointers: Iterable[Pointer]) -> Pointer:
    """The pointer of a month. Raises UsageProblem where it is not signed."""
    found = next((pointer for pointer in pointers if pointer.month == month), None)
    if found is None:
        raise UsageProblem(
            f"no bulletin of {month!a:.20} has landed",
            f"`defectreg bulletin {month if _is_month(month) else 'MONTH'} --sign` makes it",
        )
    return found


def before(month: str, pointers: Iterable[Pointer]) -> Pointer | None:
    """The last pointer of an earlier month."""
    return max(
        (pointer for pointer in pointers if pointer.month < month),
        key=lambda pointer: pointer.month,
        default=None,
    )


def _is_month(text: str) -> bool:
    return _PATH.fullmatch(f"{FOLDER}/{text}.yaml") is not None


def _pointer(path: str, source: bytes, grounds: Grounds) -> Pointer | None:
    data, findings = grounds.held("bulletin", path, source)
    if data is None:
        raise CannotRun(
            f"{path}: {findings[0].sentence}", "the publisher signs that month anew, as it should"
        )
    if Statement(path, data, "").signer in grounds.parties.distrusted:
        return None
    return _as_pointer(data)


def _as_pointer(data: Mapping[str, Any]) -> Pointer:
    day = datetime.date.fromisoformat(data["date"])
    return Pointer(data["month"], data["by"], day, data["commit"], data["audience"])


def released_month(
    source: CommitSource,
    pointer: Pointer,
    done: Callable[[int], None] = lambda records: None,
) -> Released:
    """What a month lets out: what its pointer shows, less what a later commit took back.

    ``source`` is the commit that publishes it. What was withdrawn since is a tombstone; what is
    held, reclassified or gone is not there; a statement that no longer stands is taken out.
    """
    then = shown_commit(source.repository, pointer)
    result = released(then, pointer.audience, pointer.day, done)
    if then.commit == source.commit:
        return result
    later = _Later.of(then, source, pointer)
    records = result.register.records
    moved = moved_ids(source.repository, then.commit, source.commit)
    touched = [record.id for record in records if moved is None or record.id in moved]
    standing = (record for record in records if moved is not None and record.id not in moved)
    unjudged: list[str] = []
    left = (record for record in later.left_of(touched, unjudged) if record is not None)
    records = linked(KeptRecords.of(chain(standing, left)))
    schema = later.later_grounds.schemas["policy"]
    # How things are shown is said by the commit that shows them.
    register = register_of(source, later.now, schema, records)
    return replace(result, register=register, left_out=(*result.left_out, *unjudged))


def moved_ids(repository: Repository, older: str, newer: str) -> frozenset[str] | None:
    """The records of which two commits differ; None where what they are judged by does."""
    if repository.folders(older, *GROUNDS) != repository.folders(newer, *GROUNDS):
        return None
    ids = map(record_of, (move.path for move in repository.moved(older, newer)))
    return frozenset(found for found in ids if found is not None)


def standings_of(
    source: CommitSource, ids: Collection[str], grounds: Grounds
) -> Iterator[tuple[str, Standing | None]]:
    """How each of these records stands, in the order of ids; None where it cannot be judged."""
    landings = Landings.of(source.repository, source.commit, grounds)
    paths = source.record_files
    known = [record_id for record_id in sorted(ids) if record_id in paths]
    among = standings_among(known, source, paths, landings, grounds)
    for record_id in sorted(ids):
        yield next(among) if record_id in paths else (record_id, None)


def dressed_as(later: Release, release: Release) -> Release:
    """An earlier release that shows things as a later one does: another dress corrects nothing."""
    policy = replace(
        release.policy,
        manufacturer_shown=later.policy.manufacturer_shown,
        reporter_shown=later.policy.reporter_shown,
        small_cell=later.policy.small_cell,
    )
    return replace(
        release,
        policy=policy,
        catalogue=later.catalogue,
        record_schema=later.record_schema,
        statement_schema=later.statement_schema,
    )


@dataclass(frozen=True, slots=True)
class _Later:
    """What a later commit says of the entries of a month."""

    source: CommitSource
    """The commit that the month points at."""
    grounds: Grounds
    then: Release
    """By which the month is released; a schema that reclassified a field since goes for it too."""
    later: CommitSource
    later_grounds: Grounds
    now: Release

    @classmethod
    def of(cls, source: CommitSource, later: CommitSource, pointer: Pointer) -> _Later:
        grounds, later_grounds = trusted_grounds(source), trusted_grounds(later)
        now = release_of(later_grounds, later_grounds.policy, pointer.audience, pointer.day)
        then = release_of(grounds, grounds.policy, pointer.audience, pointer.day)
        then = dressed_as(now, then)
        return cls(source, grounds, then, later, later_grounds, now)

    def left_of(self, ids: Collection[str], unjudged: list[str]) -> Iterator[PublicRecord | None]:
        """What is left of each entry; None where nothing may be shown.

        To ``unjudged`` goes the id of each whose files cannot be judged now.
        """
        pairs = zip(
            standings_of(self.source, ids, self.grounds),
            standings_of(self.later, ids, self.later_grounds),
            strict=True,
        )
        waiting: dict[str, tuple[Standing, Standing]] = {}
        for (record_id, then), (_, now) in pairs:
            if then is None or now is None:
                unjudged.append(record_id)
            elif now.withdrawal is not None:
                yield shown_now(now, self.now)[1]
            elif not now.is_held and self._may_show(then, now):
                stage, shown = shown_now(self._without_lost(then, now), self.then)
                yield shown
                if awaits_manufacturer(stage):
                    waiting[record_id] = then, now
        yield from self._earlier(waiting)

    def _earlier(
        self, waiting: Mapping[str, tuple[Standing, Standing]]
    ) -> Iterator[PublicRecord | None]:
        """What was shown in place of texts that a manufacturer had to answer then."""
        stood = {record_id: then for record_id, (then, _) in waiting.items()}
        for record_id, texts in earlier_texts(self.source, stood, self.grounds):
            now = waiting[record_id][1]
            yield shown_earlier((self._without_lost(text, now) for text in texts), self.then)

    def _may_show(self, then: Standing, now: Standing) -> bool:
        """Whether the audience may still read both texts of the record: that of then, and now's."""
        return all(
            now.may_show(record, self.now.audience, self.now.policy)
            for record in (then.record, now.record)
        )

    def _without_lost(self, then: Standing, now: Standing) -> Standing:
        """As it stood, without what was withdrawn, distrusted or classified away since."""
        standing = {
            item.statement.sha256
            for item in (*now.counting, *now.superseded)
            if item.statement.kind not in SHOWN_KINDS
            or now.may_show(item.statement, self.now.audience, self.now.policy)
        }
        landed = tuple(item for item in then.landed if item.statement.sha256 in standing)
        return replace(then, landed=landed)
