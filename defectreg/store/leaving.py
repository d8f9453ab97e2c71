"""What the last publication had and the next one has not, and for what reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from defectreg.register.errors import CannotRun
from defectreg.register.public import PublicRegister
from defectreg.register.stage import facts_of, stage_of
from defectreg.register.standing import Standing
from defectreg.store.checksums import SUMS, names_of, remarks_in
from defectreg.store.landings import Landings, standings_among
from defectreg.store.releasing import trusted_grounds
from defectreg.store.sources import CommitSource

RECLASSIFIED = "reclassified"
"""The reason of an entry that its audience may no longer read."""
MOST_LEAVING = 10
"""Of a hundred entries so many may leave without being asked about."""
_ENTRY = re.compile(r"records/(DR-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\.json")
_CHECKED = re.compile(rf"{_ENTRY.pattern}|sums/[^/]+\.txt")
"""The files that a folder and its lists have both, or neither."""
_LISTED = re.compile(r"(?:# [^\n]*|[0-9a-f]{64}  [^\n]+)\n")


@dataclass(frozen=True, slots=True)
class Previous:
    """What a folder shows that holds the last publication."""

    folder: Path
    record_ids: frozenset[str]

    @classmethod
    def of(cls, folder: Path, mark: str) -> Previous:
        """Raises CannotRun where the folder holds no publication, or its lists and it are not of
        one another: an entry that a shortened list does not name would leave for no reason."""
        sums = folder / SUMS
        text = sums.read_text("utf-8", "replace") if sums.is_file() else ""
        if remarks_in(text)[:1] != [mark]:
            raise CannotRun(
                f"{str(folder)!a} holds no publication", "--previous takes the folder of the last"
            )
        _check_whole(SUMS, text)
        named = {name for name in names_of(folder, text) if _CHECKED.fullmatch(name)}
        _check_same(named, {name for name in _held(folder) if _CHECKED.fullmatch(name)})
        found = map(_ENTRY.fullmatch, named)
        return cls(folder, frozenset(match[1] for match in found if match))


@dataclass(frozen=True, slots=True)
class Leaving:
    """An entry that is shown no longer; ``reason`` is its stage or RECLASSIFIED, empty for none."""

    record_id: str
    reason: str


def leaving(
    previous: Previous, register: PublicRegister, source: CommitSource
) -> tuple[Leaving, ...]:
    """The entries of the last publication that this one does not have, by their ids.

    What cannot be judged, or is gone from the commit, leaves for no reason.
    """
    shown = {record.id for record in register.records}
    missing = sorted(previous.record_ids - shown)
    reasons = dict(_reasons(missing, source, register)) if missing else {}
    return tuple(Leaving(record_id, reasons.get(record_id, "")) for record_id in missing)


def check_leaving(leaves: Collection[Leaving], previous: Previous, *, is_confirmed: bool) -> None:
    """Raises CannotRun where an entry leaves for no reason, or many leave and nobody said so."""
    nameless = [each.record_id for each in leaves if not each.reason]
    if nameless:
        raise CannotRun(
            f"entries of the last publication are missing for no reason: {', '.join(nameless)}",
            "a record is withdrawn, held or reclassified, and never removed: "
            "bring back its file from the history",
        )
    number = len(previous.record_ids)
    if len(leaves) * 100 > number * MOST_LEAVING and not is_confirmed:
        raise CannotRun(
            f"{len(leaves)} of {number} entries of the last publication are to leave",
            "--confirm says that this is meant",
        )


def _check_whole(name: str, text: str) -> None:
    """Raises CannotRun where a list ends, or was cut, in the middle of a line."""
    if any(not _LISTED.fullmatch(line) for line in text.splitlines(keepends=True)):
        raise _damaged(f"{name} is not whole")


def _check_same(named: Set[str], held: Set[str]) -> None:
    if unnamed := sorted(held - named):
        raise _damaged(f"{SUMS} does not name {unnamed[0]!a:.80}, which stands there")
    if missing := sorted(named - held):
        raise _damaged(f"{missing[0]} is missing, which {SUMS} names")


def _damaged(sentence: str) -> CannotRun:
    return CannotRun(
        f"the last publication is damaged: {sentence}",
        "take another copy of it: --previous takes the whole folder",
    )


def _held(folder: Path) -> Iterator[str]:
    """The files of entries and the lists that stand in a folder, by their names in lists."""
    for part in ("records", "sums"):
        if (folder / part).is_dir():
            yield from (f"{part}/{file.name}" for file in (folder / part).iterdir())


def _reasons(
    record_ids: Collection[str], source: CommitSource, register: PublicRegister
) -> Iterator[tuple[str, str]]:
    grounds = trusted_grounds(source)
    paths = source.record_files
    landings = Landings.of(source.repository, source.commit, grounds)
    there = [record_id for record_id in record_ids if record_id in paths]
    for record_id, standing in standings_among(there, source, paths, landings, grounds):
        if standing is not None:
            yield record_id, _reason(standing, register)


def _reason(standing: Standing, register: PublicRegister) -> str:
    facts = facts_of(standing, register.policy, register.audience, register.day)
    stage = stage_of(facts).name
    if stage not in ("recorded", "published"):
        return stage
    if facts.is_above_audience:
        return RECLASSIFIED
    return stage if stage == "recorded" else ""
