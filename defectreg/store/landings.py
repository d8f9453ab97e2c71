"""When each file landed: the first-parent step that added it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

from defectreg.register.checking import read_record, read_statement
from defectreg.register.errors import CannotRun
from defectreg.register.grounds import POLICY_FILE, Grounds, read_grounds
from defectreg.register.policy import Policy
from defectreg.register.record import Record, record_path
from defectreg.register.standing import Landed, Landing, Standing
from defectreg.register.statement import Statement
from defectreg.store.git import GitError, Repository, Step
from defectreg.store.sources import CommitSource

_POLICY = frozenset({POLICY_FILE, "schema/policy.schema.json"})
"""What says who validates: the switch, and its default."""
_RECORDS = "records/"

_Switches: TypeAlias = tuple[str, str]
"""``who_validates`` and ``dcc_reports_validated_by``."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A commit up to which a history was walked, and all that the landings after it follow from."""

    commit: str
    next_step: int
    """The number of the step after it."""
    switches: _Switches
    """Those in force after its step."""
    given: _Switches | None
    """Those that were taken to be in force before the first step; None where that says them."""
    cut: str
    """Where the history was cut in the clone: ids of commits, empty where it was whole."""

    @property
    def text(self) -> str:
        """All of it in one line, which `parse` reads."""
        return json.dumps([self.commit, self.next_step, self.switches, self.given, self.cut])

    @classmethod
    def parse(cls, text: str) -> Reached | None:
        """What `text` wrote; None where it is none."""
        try:
            commit, next_step, switches, given, cut = json.loads(text)
            told = None if given is None else _switches(given)
            return cls(str(commit), int(next_step), _switches(switches), told, str(cut))
        except (ValueError, TypeError):
            return None


@dataclass(frozen=True)
class Landings:
    """The landing of every file under ``records/``, by path, as of one commit."""

    by_path: Mapping[str, Landing]
    next_step: int
    reached: Reached | None = None
    """From where `landings_since` goes on; None where no history was walked."""

    @classmethod
    def of(cls, repository: Repository, commit: str, grounds: Grounds) -> Landings:
        """The landings of a commit's first-parent history.

        A path that was removed and added again landed with the later step. Where history is cut,
        the oldest commit at hand counts as the step that added all it holds.
        """
        by_path: dict[str, Landing] = {}
        cut, given = repository.cut, _switches_of(grounds.policy)
        walk = _Walk(repository, 0, given)
        for step in repository.steps(commit):
            landing = walk.take(step)
            for path in step.removed:
                by_path.pop(path, None)
            by_path.update((path, landing) for path in step.added if path.startswith(_RECORDS))
        needed = None if walk.is_told else given
        reached = Reached(commit, walk.next_step, walk.switches, needed, cut)
        return cls(by_path, walk.next_step, reached)

    def of_path(self, path: str) -> Landing | None:
        """The landing of a file; None where it has not landed."""
        return self.by_path.get(path)

    def assumed(self, grounds: Grounds, day: datetime.date) -> Landing:
        """The landing that what has not landed yet would have, if it did on this day."""
        policy = grounds.policy
        return Landing(self.next_step, day, policy.who_validates, policy.dcc_reports_validated_by)


@dataclass(frozen=True, slots=True)
class LandingsSince:
    """How the landings of a commit differ from those of one that was reached before."""

    landed: Mapping[str, Landing]
    """Of each file under ``records/`` that was added since and is there, by path."""
    gone: frozenset[str]
    """Paths under ``records/`` at which nothing is any more."""
    reached: Reached


def landings_since(
    repository: Repository, known: Reached, commit: str, grounds: Grounds
) -> LandingsSince | None:
    """What `Landings.of` says of a commit otherwise than of one that was reached; only the steps
    that lie between them are walked, back to where both histories part and on from there.

    Every path that is in neither ``landed`` nor ``gone`` has the landing that it had. None where
    that cannot be told without the whole history: the two have no first-parent history in common,
    a step that is taken back removed a file or changed the policy, the history is cut elsewhere
    than it was, or one of the commits is not here.
    """
    if known.cut != repository.cut or known.given not in (None, _switches_of(grounds.policy)):
        return None
    try:
        base = repository.merge_base(known.commit, commit)
        gone_back = _between(repository, base, known.commit)
        came = _between(repository, base, commit)
    except GitError:
        return None
    if base is None or gone_back is None or came is None:
        return None
    left = _taken_back(known, base, gone_back)
    return left and _went_on(repository, left, commit, came)


def _between(repository: Repository, older: str | None, newer: str) -> list[Step] | None:
    """The steps after one commit up to another; None where it is not on that one's line."""
    if older is None or older == newer:
        return None if older is None else []
    steps = list(repository.steps(newer, since=older))
    return steps if steps and steps[0].parent == older else None


def _taken_back(known: Reached, commit: str, steps: Sequence[Step]) -> LandingsSince | None:
    """What is left of a history whose last steps are not in it any more."""
    gone: set[str] = set()
    for step in steps:
        if not _POLICY.isdisjoint((*step.added, *step.changed)):
            return None
        if any(map(_is_of_records, step.removed)):
            return None
        gone.update(filter(_is_of_records, step.added))
    reached = replace(known, commit=commit, next_step=known.next_step - len(steps))
    return LandingsSince({}, frozenset(gone), reached)


def _went_on(
    repository: Repository, left: LandingsSince, commit: str, steps: Iterable[Step]
) -> LandingsSince:
    """What comes of the steps that follow on what is left."""
    known = left.reached
    walk = _Walk(repository, known.next_step, known.switches)
    landed: dict[str, Landing] = {}
    gone = set(left.gone)
    for step in steps:
        landing = walk.take(step)
        for path in filter(_is_of_records, step.removed):
            landed.pop(path, None)
            gone.add(path)
        for path in filter(_is_of_records, step.added):
            landed[path] = landing
            gone.discard(path)
    reached = replace(known, commit=commit, next_step=walk.next_step, switches=walk.switches)
    return LandingsSince(landed, frozenset(gone), reached)


class _Walk:
    """A walk along the history, step by step: the landing of what each of them adds."""

    def __init__(self, repository: Repository, next_step: int, switches: _Switches) -> None:
        self.next_step = next_step
        self.switches = switches
        self.is_told = False
        """Whether the step with the number 0 said who validates."""
        self._repository = repository

    def take(self, step: Step) -> Landing:
        """Go on by one step; the switches are those that it leaves."""
        if not _POLICY.isdisjoint((*step.added, *step.changed)):
            told = _told_by(self._repository, step)
            self.switches = told or self.switches
            self.is_told = self.is_told or (self.next_step == 0 and told is not None)
        self.next_step += 1
        return Landing(self.next_step - 1, step.day, *self.switches)


def _told_by(repository: Repository, step: Step) -> _Switches | None:
    """The two switches that say whose accept counts, as of one step; None where unreadable."""
    listing = repository.listing(step.commit, "policy/register.yaml", "schema")
    files = dict(zip(listing, (data for _, data in repository.blobs(listing.values())),
                     strict=True))  # fmt: skip
    try:
        return _switches_of(read_grounds(files)[0].policy)
    except CannotRun:
        return None


def _switches_of(policy: Policy) -> _Switches:
    return policy.who_validates, policy.dcc_reports_validated_by


def _switches(values: Sequence[str]) -> _Switches:
    who_validates, dcc_reports_validated_by = values
    return who_validates, dcc_reports_validated_by


def _is_of_records(path: str) -> bool:
    return path.startswith(_RECORDS)


def standing_of(
    record_id: str,
    files: Mapping[str, bytes],
    landings: Landings,
    grounds: Grounds,
    assume_landed: datetime.date | None = None,
) -> Standing | None:
    """A record and what is said about it that landed; None where it cannot be read.

    With ``assume_landed`` what has not landed yet is taken to land on that day.
    """
    path = record_path(record_id)
    if path not in files:
        return None
    read, _ = read_record(path, files[path], grounds)
    if read is None or not isinstance(read.value, Record):
        return None
    landed = []
    for file in sorted(files):
        landing = landings.of_path(file)
        if landing is None and assume_landed is not None:
            landing = landings.assumed(grounds, assume_landed)
        if file == path or landing is None:
            continue
        statement, _ = read_statement(file, files[file], grounds)
        if statement is not None and isinstance(statement.value, Statement):
            landed.append(Landed(statement.value, landing))
    return Standing(read.value, tuple(landed), grounds.parties)


def standings(source: CommitSource, grounds: Grounds) -> Iterator[tuple[str, Standing | None]]:
    """Each record, sorted by id, with all that is said of it; None where any is unreadable."""
    landings = Landings.of(source.repository, source.commit, grounds)
    paths = source.record_files
    return standings_among(sorted(paths), source, paths, landings, grounds)


def standings_among(
    record_ids: Sequence[str],
    source: CommitSource,
    paths: Mapping[str, Sequence[str]],
    landings: Landings,
    grounds: Grounds,
) -> Iterator[tuple[str, Standing | None]]:
    """Some of the records, with all that is said of each; None where any of it is unreadable.

    A hold or a withdrawal that cannot be read would otherwise let out what it was to keep.
    ``paths`` are those of `CommitSource.record_files`.
    """
    owner = {path: record_id for record_id in record_ids for path in paths[record_id]}
    for record_id, files in groupby(source.read_many(owner), key=lambda file: owner[file[0]]):
        standing = standing_of(record_id, dict(files), landings, grounds)
        is_whole = standing is not None and len(standing.landed) == len(paths[record_id]) - 1
        yield record_id, standing if is_whole else None
