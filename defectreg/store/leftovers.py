"""What a request's branch still has that the main branch lacks: while there is any, it stays."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from defectreg.register.record import record_path
from defectreg.register.statement import place_of_statement, record_of
from defectreg.register.yamltext import YamlError, load
from defectreg.store.git import Move, Repository
from defectreg.store.requests import cases_of, is_history
from defectreg.store.sources import CommitSource


def left_behind(repository: Repository, commit: str, main: str) -> list[str]:
    """The paths of what a branch has at its tip and ``main`` lacks, sorted; empty: it may go.

    A record is there with its own or a later text, what is said of it under whatever number.
    Sign-offs that read what is nowhere any more need not be there: nothing follows from them.
    """
    base = repository.merge_base(main, commit)
    if base == commit:
        return []
    moved = repository.moved(base, commit) if base else repository.moved(main, commit)
    differing = {move.path for move in repository.moved(commit, main)}
    absent = [move for move in moved if move.path in differing]
    ids = {move.path: record_of(move.path) or "" for move in absent}
    cases = cases_of(CommitSource(repository, main), sorted({one for one in ids.values() if one}))
    data = _bytes(repository, absent)
    return sorted(
        path for path, one in ids.items() if not _is_there(path, data.get(path), cases.get(one))
    )


def is_stale(path: str, source: bytes, known: Iterable[str]) -> bool:
    """Whether a file is a sign-off that frees, accepts or withdraws bytes that are not known.

    ``known`` are SHA-256. A return or hold of an earlier text is a part of its history.
    """
    decision, read, _ = _signed_off(path, source)
    return decision in ("accept", "lift", "withdraw") and not read <= set(known)


def replaces_another(
    path: str, source: bytes, new: Mapping[str, bytes], landed: Mapping[str, bytes]
) -> bool:
    """Whether a file accepts the record's new text in the place of another than stands there now.

    ``new`` and ``landed`` are the record's files by path, as a request brings them and as they
    stand. Somebody changed the record meanwhile: the text is accepted anew, or not at all.
    """
    place = place_of_statement(path)
    record = record_path(place[0]) if place else ""
    if record not in new:
        return False
    decision, read, replaces = _signed_off(path, source)
    before = hashlib.sha256(landed[record]).hexdigest() if record in landed else ""
    is_of_record = hashlib.sha256(new[record]).hexdigest() in read
    return decision == "accept" and is_of_record and replaces != before


def is_accepted(text: bytes, said: Iterable[tuple[str, bytes]]) -> bool:
    """Whether among files, each with its path, an accept reads this text and no return does.

    It is asked of requests, where a signature is not proved yet: whoever decides by it has the step
    judged.
    """
    sha256 = hashlib.sha256(text).hexdigest()
    decided = (_signed_off(path, data) for path, data in said)
    decisions = {decision for decision, read, _ in decided if sha256 in read}
    return "accept" in decisions and "return" not in decisions


def _signed_off(path: str, source: bytes) -> tuple[str, set[str], str]:
    """Of a sign-off its decision, the SHA-256 that it read, and the one that it replaces."""
    if "-sign-off-" not in path:
        return "", set(), ""
    try:
        data = load(source).data
    except YamlError:
        return "", set(), ""
    read = data.get("read")
    lines = read if isinstance(read, list) else []
    shas = {str(line)[:64] for line in lines}
    return str(data.get("decision", "")), shas, str(data.get("replaces", ""))


def _bytes(repository: Repository, moves: Iterable[Move]) -> dict[str, bytes]:
    """The bytes of what a branch has, by path; without what it took away."""
    blobs = {
        move.path: move.after.blob
        for move in moves
        if move.after is not None and not move.after.mode.startswith("16")
    }
    found = repository.blobs(blobs.values())
    return {path: data for path, (_, data) in zip(blobs, found, strict=True)}


def _is_there(path: str, data: bytes | None, case: Mapping[str, bytes] | None) -> bool:
    if data is None or not case:
        return False
    place = place_of_statement(path)
    if place is None:
        return is_history(data, case)
    if any(data == landed for other, landed in case.items() if other != record_path(place[0])):
        return True
    known = {hashlib.sha256(landed).hexdigest() for landed in case.values()}
    return is_stale(path, data, known)
