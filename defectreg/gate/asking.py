"""What a person asked to be judged: everything, paths of the work tree, or records by their ids."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from defectreg.gate.validating import ALL, Asked, Step, Verdict, validate
from defectreg.register.errors import UsageProblem
from defectreg.register.record import record_path, statements_folder
from defectreg.store.places import Register, find_record
from defectreg.store.sources import CommitSource

Begin = Callable[[int], Step]


def validate_asked(register: Register, typed: Sequence[str], begin: Begin) -> Verdict:
    """The verdict on the work tree, or on the paths and ids that were typed.

    A record asked for by its id is judged as it was committed: in HEAD, and on each request that
    adds to it. Raises UsageProblem for a path that is not there or not in the register.
    """
    if not typed:
        landed = frozenset(register.head_source.blobs().values())
        return validate(register.worktree_source, ALL, landed, begin)
    places = tuple(_place(register.repository.root, each) for each in typed if _is_path(each))
    verdicts = [validate(register.worktree_source, Asked(places), begin=begin)] if places else []
    for each in typed:
        if not _is_path(each):
            verdicts.extend(_of_record(register, each))
    return _together(verdicts)


def _together(verdicts: Sequence[Verdict]) -> Verdict:
    findings = {finding for verdict in verdicts for finding in verdict.findings}
    return Verdict(sum(verdict.records for verdict in verdicts), tuple(sorted(findings)))


def _of_record(register: Register, typed: str) -> Iterator[Verdict]:
    place = find_record(register, typed)
    records = 1
    for commit in _commits(register, place.record_id, place.commit):
        source = CommitSource(register.repository, commit)
        yield Verdict(records, validate(source, Asked.record(place.record_id)).findings)
        records = 0  # the same record again, with more said about it


def _commits(register: Register, record_id: str, first: str) -> Iterator[str]:
    """The first commit, and the tip of each request that has files of the record it has not."""
    own = (record_path(record_id), f"{statements_folder(record_id)}/")
    known = set(register.repository.listing(first, *own).items())
    yield first
    for commit in dict.fromkeys(register.requests().values()):
        files = set(register.repository.listing(commit, *own).items())
        if commit != first and not files <= known:
            known |= files
            yield commit


def _is_path(typed: str) -> bool:
    return "/" in typed or typed.endswith((".yaml", ".yml")) or os.path.lexists(typed)


def _place(root: Path, typed: str) -> str:
    """Where a path stands in the register; a folder ends in ``/``, the register's own is empty."""
    path = Path(typed).absolute()
    # Only its folder is resolved: a symbolic link is judged as what it is, not what it leads to.
    path = path.resolve() if path.name in ("", "..") else path.parent.resolve() / path.name
    if not os.path.lexists(path):
        raise UsageProblem(f"there is no file {typed}", "an id is typed as DR-7K3Q-X4MB")
    top = root.resolve()
    if not path.is_relative_to(top):
        raise UsageProblem(
            f"{typed} is outside this register", "go into its register, or ask with -C DIR"
        )
    place = path.relative_to(top).as_posix()
    is_folder = path.is_dir() and not path.is_symlink()
    return f"{place}/".removeprefix("./") if is_folder else place
