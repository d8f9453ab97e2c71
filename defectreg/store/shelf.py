"""Values that take long to make, kept in the clone's own folder as JSON.

Each is a file: the SHA-256 of its text, then what it was made of and the value. What is damaged,
made of something else or by another program is done without and made anew.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from defectreg.register.errors import CannotRun
from defectreg.store.files import read_bounded, write_atomically
from defectreg.store.program import program

_LARGEST = 1 << 26
"""Bytes of a file, at most."""
WRONG = (ValueError, LookupError, TypeError, AttributeError, CannotRun)
"""What is raised where nothing was kept, or something that means nothing here."""


@dataclass(frozen=True)
class Shelf:
    """The folder, and what the values that lie in it must be made of."""

    folder: Path
    made_of: tuple[str, ...]

    def taken(self, name: str) -> Any:
        """What was kept under a name; raises one of WRONG where nothing was that can be taken."""
        seal, _, text = read_bounded(self._file(name), _LARGEST).partition(b"\n")
        if seal.decode("ascii") != _sha256(text):
            raise ValueError("the seal is broken")
        made_of, kept = json.loads(text)
        if made_of != self._made_of:
            raise ValueError("made of something else")
        return kept

    def keep(self, name: str, value: object) -> None:
        """Keep a value of JSON under a name, where the folder takes it."""
        text = json.dumps([self._made_of, value], ensure_ascii=False, separators=(",", ":"))
        data = text.encode()
        with suppress(CannotRun):
            write_atomically(self._file(name), _sha256(data).encode() + b"\n" + data)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    @cached_property
    def _made_of(self) -> list[str]:
        return [*self.made_of, _sha256(json.dumps(program()).encode())]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
