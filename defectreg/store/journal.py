"""What a run does to a folder, noted so that whoever comes next can finish or undo it.

The journal lies beside the manifest, in the clone's own folder: no commit brings one, so what it
says this program wrote.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from defectreg.store.checksums import SUMS
from defectreg.store.files import FileProblem
from defectreg.store.publishing import aside_of, bears_mark, fresh_beside, names_below, path_below

_FRESH = re.compile(r"\.([^/]+)\.[0-9a-f]{12}\.next")


@dataclass(frozen=True, slots=True)
class _Note:
    target: str
    fresh: str
    """The name of the folder beside the target, in which files are made."""
    came: Sequence[str] = ()
    gone: Sequence[str] = ()
    lists: Sequence[str] = ()
    """SHA-256 of the first list of checksums, before and after the files are moved."""


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of one folder, whose links are resolved; there is a file while it is written."""

    file: Path
    target: Path

    @contextmanager
    def fresh(self) -> Iterator[Path]:
        """A new folder beside the target. It goes at the end, unless files are yet to be moved."""
        fresh = fresh_beside(self.target)
        with suppress(OSError):  # where nothing can be noted, a killed run leaves the folder
            self._write(_Note(str(self.target), fresh.name))
        try:
            fresh.mkdir()
            yield fresh
        finally:
            note = self._read()
            if note is None or not note.lists:
                self._end(fresh)

    def moved_in(self, fresh: Path, gone: Sequence[str]) -> int:
        """Move all files of a fresh folder into the target, and remove others.

        Returns how many came. The checksums come last: until then they are those of the old
        edition.
        """
        came = sorted(names_below(fresh), key=lambda name: (name == SUMS, name))
        if came or gone:
            lists = [_digest(folder / SUMS) for folder in (self.target, fresh)]
            note = _Note(str(self.target), fresh.name, came, gone, lists)
            self._check(note)
            self._write(note)
            self._follow(note)
        return len(came)

    def finish(self, mark: str) -> None:
        """Finish or undo what a killed run began; nothing where none did.

        Files are moved only into a publication whose checksums are those that the run left.
        """
        note = self._read()
        if note is None:
            self._draft.unlink(missing_ok=True)
            return
        if self._is_as_left(note, mark):
            self._check(note)
            self._follow(note)
        self._end(self.target.with_name(note.fresh))

    def _is_as_left(self, note: _Note, mark: str) -> bool:
        return bears_mark(self.target, mark) and _digest(self.target / SUMS) in note.lists

    def _check(self, note: _Note) -> None:
        """Raises FileProblem where a link stands on the way to a place."""
        fresh = self.target.with_name(note.fresh)
        for folder, names in ((fresh, note.came), (self.target, (*note.came, *note.gone))):
            for parent in {path_below(folder, name).parent for name in names}:
                if not parent.resolve().is_relative_to(folder):
                    raise FileProblem(
                        f"{str(parent)!a} leads out of the publication", "remove the link"
                    )

    def _follow(self, note: _Note) -> None:
        fresh = self.target.with_name(note.fresh)
        for name in note.came:
            source, place = path_below(fresh, name), path_below(self.target, name)
            if not os.path.lexists(source):  # moved before the run was killed
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            source.replace(place)
        for name in note.gone:
            place = path_below(self.target, name)
            place.unlink(missing_ok=True)
            with suppress(OSError):  # others stand there
                place.parent.rmdir()
        self._write(_Note(note.target, note.fresh))

    def _end(self, fresh: Path) -> None:
        aside = aside_of(fresh)
        if aside.is_dir() and not self.target.exists():
            aside.replace(self.target)
        for folder in (fresh, aside):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (self._draft, self.file):
            file.unlink(missing_ok=True)

    @property
    def _draft(self) -> Path:
        return self.file.with_suffix(".draft")

    def _write(self, note: _Note) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self._draft.write_text(json.dumps(asdict(note)), "utf-8")
        self._draft.replace(self.file)

    def _read(self) -> _Note | None:
        try:
            note = _read_note(json.loads(self.file.read_bytes()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise self._unreadable() from error
        name = _FRESH.fullmatch(note.fresh)
        if note.target != str(self.target) or not name or name[1] != self.target.name:
            raise self._unreadable()
        return note

    def _unreadable(self) -> FileProblem:
        return FileProblem(
            f"what a run noted in {self.file} cannot be read",
            f"delete it, and look through {self.target}",
        )


def _read_note(read: Any) -> _Note:
    """Raises LookupError, TypeError or AttributeError for what is no note."""
    lists: list[Any] = [read.get(name, []) for name in ("came", "gone", "lists")]
    texts = [read["target"], read["fresh"], *chain.from_iterable(lists)]
    if not all(isinstance(each, list) for each in lists):
        raise TypeError
    if not all(isinstance(text, str) and "\0" not in text for text in texts):
        raise TypeError
    return _Note(**read)


def _digest(file: Path) -> str:
    """Empty for what is not there."""
    return sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
