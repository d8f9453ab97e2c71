"""Requests and histories on generated registers: new records, accepted as they come in."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from benchmarks.registers import PEOPLE, Generated, Generator, signed
from benchmarks.signing import Signer
from defectreg.store import git
from defectreg.store.git import Repository

_FIRST = datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.UTC)
_SEED = 2


def request(folder: Path, records: int) -> str:
    """A branch with so many new records, each with a report, a cause and an accept; made once."""
    repository = Repository.find(folder)
    name = f"submit/benchmark-{records}"
    if not repository.refs(f"refs/heads/{name}"):
        files: dict[str, bytes | None] = {}
        for some in _accepted(records, _SEED):
            files.update(some)
        _commit(repository, f"refs/heads/{name}", repository.resolve("main"), files, 0)
    return name


def history(folder: Path, steps: int) -> str:
    """A branch on which so many requests of one record each have landed, one step each; once."""
    repository = Repository.find(folder)
    name = f"history-{steps}"
    if not repository.refs(f"refs/heads/{name}"):
        parent = repository.resolve("main")
        for number, files in enumerate(_accepted(steps, _SEED + 1)):
            parent = _commit(repository, f"refs/heads/{name}", parent, files, number)
    return name


def _commit(
    repository: Repository,
    ref: str,
    parent: str | None,
    files: dict[str, bytes | None],
    minute: int,
) -> str:
    when = _FIRST + datetime.timedelta(minutes=minute)
    return git.commit(repository, ref, parent, files, git.Occasion("A request", "dcc", when))


def _accepted(records: int, seed: int) -> Iterator[dict[str, bytes | None]]:
    signers = {slug: Signer(slug) for slug in PEOPLE}
    for case in Generator(seed).cases(records):
        yield dict(signed(_as_requested(case), signers))


def _as_requested(case: Generated) -> Generated:
    """With its first report, its first cause if it has one, and an accept of both."""
    first = {kind: next((said for said in case.said if said["kind"] == kind), None)
             for kind in ("report", "cause", "sign-off")}  # fmt: skip
    said = [each for each in first.values() if each is not None]
    said[-1]["date"] = max(each["date"] for each in said)
    return Generated(case.record, said)
