"""The bytes of a log of alerts: their digest, and how many lines they are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from defectreg.store.inventory.sources import pieces_of

_ENDS = b"\r\n"


@dataclass(frozen=True, slots=True)
class Bytes:
    """What tells a file from another; ``lines`` with text, the last of them closed or not."""

    sha256: str
    lines: int


def bytes_of(path: Path) -> Bytes:
    """A file's digest and lines; blank ones at its end are not counted."""
    digest, ends, waiting = hashlib.sha256(), 0, 0
    for piece in pieces_of(path):
        digest.update(piece)
        text = piece.rstrip(_ENDS)
        if text:
            ends, waiting = ends + waiting + text.count(b"\n"), 0
        waiting += piece.count(b"\n", len(text))
    return Bytes(digest.hexdigest(), ends + 1)
