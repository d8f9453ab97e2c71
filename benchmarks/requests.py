"""Requests and histories on generated registers: new records, accepted as they come in."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from benchmarks.registers import PEOPLE, SUPPLIERS, Generated, Generator, signed
from benchmarks.signing import Signer
from defectreg.store import git
from defectreg.store.git import Repository

_FIRST = datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.UTC)
_SEED = 2


def request(folder: Path, records: int) -> str:
    """A branch with so many new records, each with three statements each; made once."""
    repository = Repository.find(folder)
    name = f"submit/three-said-of-each-of-{records}"
    if not repository.refs(f"refs/heads/{name}"):
        files: dict[str, bytes | None] = {}
        for some in _accepted(records, _SEED):
            files.update(some)
        _commit(repository, f"refs/heads/{name}", repository.resolve("main"), files, 0)
    return name


def history(folder: Path, steps: int) -> str:
    """A branch on which so many requests of one record each have landed, one step each; once."""
    repository = Repository.find(folder)
    name = f"history-of-{steps}"
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
    """With three statements: its first report, its first cause or else another Party's report, and
    an accept of what needs one."""
    first = {said["kind"]: said for said in reversed(case.said)}
    report, accept = first["report"], first["sign-off"]
    other = next(slug for slug in SUPPLIERS if slug != report["by"])
    said = [report, first.get("cause", {**report, "by": other}), accept]
    accept["date"] = max(each["date"] for each in said)
    return Generated(case.record, said)
