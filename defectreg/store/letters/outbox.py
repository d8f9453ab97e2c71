"""Letters as files: drafts to look at or to send by hand, and a copy of what was sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path

from defectreg.store.files import FileProblem, write_atomically
from defectreg.store.locking import alone_in
from defectreg.store.places import Register

_OURS = re.compile(r"[a-z]+-[a-z][a-z0-9-]*-[0-9a-f]{8}\.eml")


def folder_of(register: Register) -> Path:
    """Where a clone keeps its journal, its drafts and the letters it sent; no commit holds it."""
    return register.own_folder / "letters"


def write_drafts(folder: Path, drafts: Mapping[str, bytes], *, is_own: bool) -> list[Path]:
    """Write drafts; in the clone's own folder those of earlier runs go, which may tell what no
    longer stands."""
    _make(folder)
    if is_own:
        for path in folder.iterdir():
            if _OURS.fullmatch(path.name) and path.name not in drafts:
                path.unlink(missing_ok=True)
    for name, data in drafts.items():
        write_atomically(folder / name, data)
    return [folder / name for name in drafts]


def keep_sent(register: Register, name: str, data: bytes) -> None:
    """Keep the bytes of a letter that is about to be sent: a notice names their SHA-256."""
    folder = folder_of(register) / "sent"
    _make(folder)
    write_atomically(folder / f"{sha256(data).hexdigest()[:16]}-{name}", data)


def alone(folder: Path) -> AbstractContextManager[None]:
    """Hold a lock on the folder of letters: of two runs at once one sends."""
    _make(folder)
    return alone_in(folder, "another run is sending letters")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(f"{folder} cannot be made: {error.strerror}") from error
