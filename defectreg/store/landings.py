"""When each file landed: the first-parent step that added it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from defectreg.register.checking import read_record, read_statement
from defectreg.register.errors import CannotRun
from defectreg.register.grounds import POLICY_FILE, Grounds, read_grounds
from defectreg.register.record import Record, record_path
from defectreg.register.standing import Landed, Landing, Standing
from defectreg.register.statement import Statement
from defectreg.store.git import Repository, Step
from defectreg.store.sources import CommitSource

_POLICY = frozenset({POLICY_FILE, "schema/policy.schema.json"})
"""What says who validates: the switch, and its default."""


@dataclass(frozen=True)
class Landings:
    """The landing of every file under ``records/``, by path, as of one commit."""

    by_path: Mapping[str, Landing]
    next_step: int

    @classmethod
    def of(cls, repository: Repository, commit: str, grounds: Grounds) -> Landings:
        """The landings of a commit's first-parent history.

        A path that was removed and added again landed with the later step. Where history is cut,
        the oldest commit at hand counts as the step that added all it holds.
        """
        by_path: dict[str, Landing] = {}
        who = (grounds.policy.who_validates, grounds.policy.dcc_reports_validated_by)
        number = -1
        for number, step in enumerate(repository.steps(commit)):
            if not _POLICY.isdisjoint((*step.added, *step.changed)):
                who = _who_validates(repository, step, who)
            landing = Landing(number, step.day, *who)
            for path in step.added:
                if path.startswith("records/"):
                    by_path[path] = landing
        return cls(by_path, number + 1)

    def of_path(self, path: str) -> Landing | None:
        """The landing of a file; None where it has not landed."""
        return self.by_path.get(path)

    def assumed(self, grounds: Grounds, day: datetime.date) -> Landing:
        """The landing that what has not landed yet would have, if it did on this day."""
        policy = grounds.policy
        return Landing(self.next_step, day, policy.who_validates, policy.dcc_reports_validated_by)


def _who_validates(repository: Repository, step: Step, before: tuple[str, str]) -> tuple[str, str]:
    """The two switches that say whose accept counts, as of one step; unreadable: as before."""
    listing = repository.listing(step.commit, "policy/register.yaml", "schema")
    files = dict(zip(listing, (data for _, data in repository.blobs(listing.values())),
                     strict=True))  # fmt: skip
    try:
        policy = read_grounds(files)[0].policy
    except CannotRun:
        return before
    return policy.who_validates, policy.dcc_reports_validated_by


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
