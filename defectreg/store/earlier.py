"""What stood earlier: a record and what was said of it, as each step of the history left it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from defectreg.register.grounds import Grounds
from defectreg.register.record import id_of_path
from defectreg.register.standing import Standing
from defectreg.register.statement import place_of_statement
from defectreg.store.git import Repository
from defectreg.store.landings import Landings, standing_of
from defectreg.store.sources import CommitSource, case_files


def steps_of(
    repository: Repository, tip: str, record_ids: Collection[str]
) -> dict[str, list[str]]:
    """The commits of the first-parent history that moved each of these records, newest first."""
    moved: dict[str, list[str]] = {record_id: [] for record_id in record_ids}
    for step in repository.steps(tip):
        for record_id in {_record_of(path) for path in (*step.added, *step.changed)}:
            if record_id in moved:
                moved[record_id].insert(0, step.commit)
    return moved


def standings_at(
    repository: Repository,
    commits: Collection[str],
    record_id: str,
    landings: Landings,
    grounds: Grounds,
) -> Iterator[Standing]:
    """The record with what was said of it as each of these commits has it.

    Judged by the grounds given: a switch of the policy is that of the commit asked about.
    """
    for commit in commits:
        files = case_files(CommitSource(repository, commit), record_id)
        standing = standing_of(record_id, files, landings, grounds)
        if standing is not None:
            yield standing


def _record_of(path: str) -> str | None:
    place = place_of_statement(path)
    return place[0] if place else id_of_path(path)
