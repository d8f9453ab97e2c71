"""What stood earlier: a record as steps of the history left it, with what was said by then."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from defectreg.register.checking import read_record
from defectreg.register.grounds import Grounds
from defectreg.register.record import Record, record_path
from defectreg.register.standing import Landed, Standing
from defectreg.register.statement import record_of
from defectreg.store.git import Repository


def steps_of(
    repository: Repository, tip: str, record_ids: Collection[str]
) -> dict[str, list[tuple[int, str]]]:
    """For each of these records the steps that moved it, newest first: place in the history, from
    0, and commit."""
    moved: dict[str, list[tuple[int, str]]] = {record_id: [] for record_id in record_ids}
    for number, step in enumerate(repository.steps(tip)):
        for record_id in {record_of(path) for path in (*step.added, *step.changed)}:
            if record_id in moved:
                moved[record_id].insert(0, (number, step.commit))
    return moved


def earlier(
    repository: Repository, steps: Sequence[tuple[int, str]], now: Standing, grounds: Grounds
) -> Iterator[Standing]:
    """The record as each of these steps left it, with what had been said by then.

    What was taken back or returned since stays so, and the grounds are those given: a switch of
    the policy is that of the commit asked about.
    """
    path = record_path(now.record.id)
    for number, commit in steps:
        read = read_record(path, repository.read(commit, path) or b"", grounds)[0]
        if read is not None and isinstance(read.value, Record):
            landed = tuple(item for item in now.landed if _had_effect(item, number))
            yield Standing(read.value, landed, now.parties)


def _had_effect(item: Landed, step: int) -> bool:
    """Nobody can delay a response, and what keeps something back is kept."""
    statement = item.statement
    return (
        item.landing.step <= step
        or statement.kind in ("response", "consent")
        or statement.text("decision") in ("withdraw", "return", "hold")
    )
