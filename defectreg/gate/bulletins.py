"""A request that brings a month's pointer: one file, signed by a publisher."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from defectreg.gate.signers import Signed, read_signed
from defectreg.register.findings import Finding
from defectreg.register.grounds import Grounds
from defectreg.store.git import Move, Repository

_PATH = re.compile(r"bulletins/(20[0-9]{2}-[01][0-9])\.yaml")


def check_bulletin(
    moves: Sequence[Move],
    blobs: Mapping[str, bytes],
    grounds: Grounds,
    day: datetime.date,
    repository: Repository,
    target: str,
) -> Iterator[Finding]:
    """Everything that stands against a month's pointer; a corrected one takes its place."""
    for move in moves:
        if len(moves) > 1 or move.after is None or not _PATH.fullmatch(move.path):
            sentence = "a request brings one bulletin, bulletins/<month>.yaml, and takes none away"
            yield _refused(move.path, sentence, "a corrected month takes its place")
            continue
        source = blobs[move.after.blob]
        signed, findings = read_signed(move.path, source, "bulletin", grounds, day)
        yield from findings
        if signed is not None:
            yield from _wrong(signed, repository, target)
            if move.before is not None:
                before, _ = grounds.held("bulletin", move.path, blobs[move.before.blob])
                yield from _goes_back(signed, before or {}, repository)


def _goes_back(
    signed: Signed, before: Mapping[str, Any], repository: Repository
) -> Iterator[Finding]:
    """Else anyone could put back the pointer that was corrected: its signature still holds."""
    commit = repository.resolve(before.get("commit", ""))
    is_later = commit is not None and repository.is_ancestor(commit, signed.data["commit"])
    if not is_later or signed.data["date"] < before["date"]:
        sentence = "it names an earlier commit or date than the one whose place it takes"
        yield _refused(signed.path, sentence, "a month is corrected forward: name a later commit")


def _refused(path: str, sentence: str, hint: str = "") -> Finding:
    return Finding(path, 1, 1, "G025", "error", sentence, hint)


def _wrong(signed: Signed, repository: Repository, target: str) -> Iterator[Finding]:
    data, path = signed.data, signed.path
    if path != f"bulletins/{data['month']}.yaml":
        yield _refused(path, "its name is not that of its month")
    if signed.who is not None and "publisher" not in signed.who.person.roles:
        yield _refused(path, "the person who signed has not the role publisher")
    commit = repository.resolve(data["commit"])
    if commit is None or commit != data["commit"] or not repository.is_ancestor(commit, target):
        sentence = "the commit that it names is not in the history of the branch it lands on"
        yield _refused(path, sentence, "name one that has landed")
