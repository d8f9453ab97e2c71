"""What a person asked to be judged: everything, paths of the work tree, or records by their ids."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from defectreg.gate.additions import judge_request
from defectreg.gate.cases import sort_files
from defectreg.gate.remembering import validate_work_tree
from defectreg.gate.validating import ALL, Asked, Begin, Verdict, judged_grounds, validate
from defectreg.register.errors import UsageProblem
from defectreg.register.findings import Finding
from defectreg.register.record import (
    id_beginning,
    id_of_path,
    record_path,
    statements_folder,
)
from defectreg.store.places import HEAD, Register, find_record
from defectreg.store.requests import (
    LANDED,
    Request,
    Target,
    request_tips,
    requests_at,
    target_of,
)
from defectreg.store.sources import CommitSource, case_files


def validate_asked(
    register: Register, typed: Sequence[str], begin: Begin, *, remembers: bool = True
) -> Verdict:
    """The verdict on the work tree, or on the paths and ids that were typed.

    A record asked for by its id is judged as it was committed, by the rules of the branch on which
    requests land: as it has landed, and as each request would leave it. Where everything is asked
    for and it ``remembers``, only what moved is judged. Raises UsageProblem for a path that is not
    there or not in the register.
    """
    if not typed:
        return _of_work_tree(register, ALL, begin, remembers=remembers)
    places = tuple(_place(register.repository.root, each) for each in typed if _is_path(each))
    findings: set[Finding] = set()
    records = 0
    if places:
        verdict = _of_work_tree(register, Asked(places), begin, remembers=remembers)
        records += verdict.records
        findings.update(verdict.findings)
    for record_id in dict.fromkeys(_found(register, each) for each in typed if not _is_path(each)):
        records += 1
        if register.repository.changed(*_own(record_id)):
            findings.update(_of_work_tree(register, Asked.record(record_id), begin).findings)
        if _stands(register, record_id):
            findings.update(_of_records(register, [record_id]))
    return Verdict(records, tuple(sorted(findings)))


def _own(record_id: str) -> tuple[str, str]:
    return record_path(record_id), statements_folder(record_id)


def _found(register: Register, typed: str) -> str:
    """The id that was meant: of a record that stands somewhere, else of one in the work tree."""
    try:
        return find_record(register, typed).record_id
    except UsageProblem:
        beginning = id_beginning(typed)
        here = {
            found
            for change in register.repository.changed("records")
            if (found := id_of_path(change.path)) and beginning and found.startswith(beginning)
        }
        if len(here) != 1:
            raise
        return here.pop()


def _stands(register: Register, record_id: str) -> bool:
    try:
        return bool(find_record(register, record_id))
    except UsageProblem:
        return False


def _of_work_tree(
    register: Register, asked: Asked, begin: Begin, *, remembers: bool = False
) -> Verdict:
    if remembers and asked.is_everything:
        return validate_work_tree(register, begin)
    landed = register.repository.listing(register.target.commit, *asked.folders)
    return validate(register.worktree_source, asked, landed, begin)


def _of_records(register: Register, record_ids: Iterable[str]) -> Iterator[Finding]:
    target = target_of(register)
    yield from judged_grounds(target.source)[1]
    for record_id in dict.fromkeys(record_ids):
        for request in _versions(target, record_id):
            yield from judge_request(request, target.grounds).findings


def _versions(target: Target, record_id: str) -> Iterator[Request]:
    """A record as it has landed, and as each branch would leave it that has other files of it."""
    repository = target.register.repository
    own = (record_path(record_id), f"{statements_folder(record_id)}/")
    landed = repository.listing(target.commit, *own)
    if own[0] in landed:
        odd = sort_files(landed, target.grounds.policy).odd
        files = case_files(target.source, record_id)
        yield Request(record_id, LANDED, target.commit, {}, files, odd=odd)
    known = {target.commit}
    for ref, commit in ((HEAD, target.register.head), *request_tips(target.register)):
        if commit not in known and repository.listing(commit, *own) != landed:
            known.add(commit)
            yield from _brought(target, record_id, ref, commit)


def _brought(target: Target, record_id: str, ref: str, commit: str) -> Iterator[Request]:
    """What a branch brings of a record; of one that is cut off from the target, what differs."""
    repository = target.register.repository
    if repository.merge_base(target.commit, commit) is not None:
        brought = requests_at(target, ref, commit)
        yield from (request for request in brought if request.record_id == record_id)
        return
    landed = case_files(target.source, record_id)
    there = case_files(CommitSource(repository, commit), record_id)
    new = {path: data for path, data in there.items() if landed.get(path) != data}
    yield Request(record_id, ref, commit, new, landed)


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
