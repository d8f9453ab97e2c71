"""A request that brings a month's pointer: one file, signed by a publisher."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence

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
            yield Finding(
                move.path,
                1,
                1,
                "G025",
                "error",
                sentence,
                "a corrected month takes its place",
            )
            continue
        source = blobs[move.after.blob]
        signed, findings = read_signed(move.path, source, "bulletin", grounds, day)
        yield from findings
        if signed is not None:
            yield from _wrong(signed, repository, target)


def _wrong(signed: Signed, repository: Repository, target: str) -> Iterator[Finding]:
    data, path = signed.data, signed.path
    if path != f"bulletins/{data['month']}.yaml":
        yield Finding(path, 1, 1, "G025", "error", "its name is not that of its month")
    if signed.who is not None and "publisher" not in signed.who.person.roles:
        sentence = "the person who signed has not the role publisher"
        yield Finding(path, 1, 1, "G025", "error", sentence)
    commit = repository.resolve(data["commit"])
    if commit is None or commit != data["commit"] or not repository.is_ancestor(commit, target):
        sentence = "the commit that it names is not in the history of the branch it lands on"
        yield Finding(path, 1, 1, "G025", "error", sentence, "name one that has landed")
