"""An import as one step: its branches, and the files outside git that say what was filed.

What is to be written outside git is noted before the branches move. Whoever comes next after a
kill finds the note: where the branches moved, the files are written; where not, nothing was done.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from defectreg.store.files import FileProblem, read_bounded, write_atomically
from defectreg.store.git import Occasion, advance_each, blob_id, written
from defectreg.store.intake.outside import PRIVATE, Outside
from defectreg.store.places import Register

_LARGEST = 1 << 29


@dataclass(frozen=True, slots=True)
class Step:
    """A branch (``ref`` is its full name), the commit it stands on, and the files it gets."""

    ref: str
    base: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What a run notes before it moves branches."""

    commits: Mapping[str, str]
    """The new commit of each branch, by the branch's full name."""
    brought: str
    """The path of a file that the first of them brings."""
    blob: str
    """What it holds: signed, it is found wherever it landed since."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Files outside git, by path, as they are to be once the branches have moved."""


def commits_of(register: Register, steps: Sequence[Step], occasion: Occasion) -> dict[str, str]:
    """A commit for each step, on which no branch stands yet, by the branch's full name."""
    return {
        step.ref: written(register.repository, step.base, dict(step.files), occasion)
        for step in steps
    }


def perform(
    register: Register,
    outside: Outside,
    steps: Sequence[Step],
    commits: Mapping[str, str],
    texts: Mapping[Path, str],
    party: str,
) -> None:
    """Move the branches, all of them or none, and write the files outside git."""
    brought, data = next(iter(steps[0].files.items())) if steps else ("", b"")
    kept = {str(path): text for path, text in texts.items()}
    note = UnderWay(commits, brought, blob_id(data), kept)
    write_atomically(outside.under_way, json.dumps(asdict(note)).encode(), PRIVATE)
    moves = {step.ref: (step.base, commits[step.ref]) for step in steps}
    if moves:
        advance_each(register.repository, moves, party)
    _end(outside, note)


def finish(register: Register, outside: Outside) -> bool:
    """Finish or undo what a killed run began; whether it had got as far as to be finished."""
    note = _read(outside)
    if note is None:
        return False
    is_done = _has_moved(register, note)
    _end(outside, note if is_done else UnderWay({}, "", ""))
    return is_done


def _has_moved(register: Register, note: UnderWay) -> bool:
    """Whether the branches moved; they may have landed and gone since."""
    if not note.commits:
        return True
    repository = register.repository
    tips = {register.target.commit, register.head, *register.requests().values()}
    tips.update(repository.refs(*note.commits).values())
    listings = (repository.listing(tip, note.brought) for tip in tips)
    return any(listing.get(note.brought) == note.blob for listing in listings)


def _end(outside: Outside, note: UnderWay) -> None:
    for path, text in note.texts.items():
        write_atomically(Path(path), text.encode(), PRIVATE)
    outside.under_way.unlink(missing_ok=True)


def _read(outside: Outside) -> UnderWay | None:
    if not outside.under_way.exists():
        return None
    try:
        read: Any = json.loads(read_bounded(outside.under_way, _LARGEST))
        commits, texts = dict(read["commits"]), dict(read["texts"])
        return UnderWay(commits, str(read["brought"]), str(read["blob"]), texts)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise FileProblem(
            f"what a run noted in {outside.under_way} cannot be read",
            "delete it, and look whether its branch submit/import-… is there",
        ) from error
