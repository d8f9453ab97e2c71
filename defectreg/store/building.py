"""A folder of pages, made in units by a few processes; of the next edition only what changed.

A first edition is made in a fresh folder that takes the place of the old one. Where a manifest
says what the files of the last one were made of, what has another key now is made beside them, and
file by file renamed into place under a journal, which the next run finishes if this one is killed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from defectreg.register.errors import CannotRun
from defectreg.store.files import FileProblem
from defectreg.store.journal import Journal
from defectreg.store.manifest import Manifest, Sums, Unit
from defectreg.store.processes import shared_out
from defectreg.store.publishing import alone, check_replaceable, path_below, place_of, swap

Make: TypeAlias = Callable[[Unit], Iterable[tuple[str, bytes]]]
"""Makes the files of a unit: paths from the top of the folder, and bytes."""
Last: TypeAlias = Callable[[Mapping[str, str]], Iterable[tuple[str, bytes]]]
"""Makes what is made last, of the SHA-256 of every other file by path."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_CHUNK = 64
"""Units that a process makes at a time; what has no key is made alone."""


@dataclass(frozen=True, slots=True)
class Built:
    """How many files a folder has now, and how many of them were written or replaced."""

    files: int
    written: int


@dataclass(frozen=True, slots=True)
class Edition:
    """What is to stand in a folder; ``mark`` is the first remark in its SUMS."""

    units: Sequence[Unit]
    make: Make
    last: Last
    mark: str


def build(
    target: Path,
    edition: Edition,
    manifest_file: Path,
    done: Callable[[int], None] = lambda units: None,
    processes: int | None = None,
) -> Built:
    """Bring a folder to an edition. Whoever looks while it is made sees the old one.

    ``done`` is told how many units were made or need not be. The manifest, and beside it the
    journal, must be where no commit brings files. Raises FileProblem where the folder holds
    anything but a publication, or where another run is writing it.
    """
    target = place_of(target)
    journal = Journal(manifest_file.with_suffix(".journal"), target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with alone(target.parent):
            journal.finish(edition.mark)
            manifest = Manifest.read(manifest_file, target)
            known = manifest.sums
            if not known:  # otherwise nothing stands there but what is known
                check_replaceable(target, edition.mark)
            building = _Building(target, journal, edition, known)
            return building.built(manifest, done, processes)
    except OSError as error:
        raise FileProblem(f"{target} cannot be written: {error.strerror}") from error


def counted(
    edition: Edition,
    done: Callable[[int], None] = lambda units: None,
    processes: int | None = None,
) -> Built:
    """Make every file, and write none."""

    def make(group: Sequence[Unit]) -> dict[str, str]:
        return {
            name: hashlib.sha256(data).hexdigest()
            for unit in group
            for name, data in edition.make(unit)
        }

    groups: list[list[Unit]] = list(_groups(edition.units))
    sums: dict[str, str] = {}
    for group, made in zip(groups, shared_out(make, groups, processes), strict=True):
        sums |= made
        done(len(group))
    return Built(len(sums) + sum(1 for _ in edition.last(sums)), 0)


@dataclass(frozen=True, slots=True)
class _Building:
    target: Path
    journal: Journal
    edition: Edition
    known: Mapping[str, str]
    """The SHA-256 of every file that stands in the folder as it is known; empty for none."""

    def built(
        self, manifest: Manifest, done: Callable[[int], None], processes: int | None
    ) -> Built:
        with self.journal.fresh() as fresh:
            units = self.edition.units
            missing = manifest.missing(units)
            done(len(units) - len(missing))
            made = self._made(fresh, missing, done, processes)
            sums = _all_sums(made, manifest.staying(units, missing))
            written = self._write(fresh, self.edition.last(sums), sums)
            number = self._taken_in(fresh, sums)
        manifest.write(self.target, units, made, written)
        return Built(len(sums), number)

    def _made(
        self,
        fresh: Path,
        units: Iterable[Unit],
        done: Callable[[int], None],
        processes: int | None,
    ) -> dict[str, Sums]:
        """Unit → its files' sums."""
        made: dict[str, Sums] = {}
        groups = list(_groups(units))

        def make(group: Sequence[Unit]) -> list[Sums]:
            return [self._make(fresh, unit) for unit in group]

        for group, came in zip(groups, shared_out(make, groups, processes), strict=True):
            made |= {unit.name: sums for unit, sums in zip(group, came, strict=True)}
            done(len(group))
        return made

    def _make(self, fresh: Path, unit: Unit) -> Sums:
        sums: dict[str, str] = {}
        self._write(fresh, self.edition.make(unit), sums)
        return sums

    def _write(self, fresh: Path, files: Iterable[tuple[str, bytes]], sums: dict[str, str]) -> Sums:
        """Write what does not stand in the folder already; notes all sums, and gives these."""
        made: dict[str, str] = {}
        for name, data in files:
            digest = hashlib.sha256(data).hexdigest()
            if name in sums:
                raise _made_twice(name)
            made[name] = sums[name] = digest
            if self.known.get(name) != digest:
                _write_new(path_below(fresh, name), data, name)
        return made

    def _taken_in(self, fresh: Path, sums: Sums) -> int:
        """Put what was made into its place; returns how many files that were."""
        if not self.known:
            swap(fresh, self.target)
            return len(sums)
        return self.journal.moved_in(fresh, sorted(self.known.keys() - sums.keys()))


def _all_sums(made: Mapping[str, Sums], everything: dict[str, str]) -> dict[str, str]:
    """All sums: those of what was made, with those that stay."""
    for sums in made.values():
        for name, digest in sums.items():
            if name in everything:
                raise _made_twice(name)
            everything[name] = digest
    return everything


def _write_new(path: Path, data: bytes, name: str) -> None:
    try:
        file = os.open(path, _NEW, 0o666)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, _NEW, 0o666)
    except FileExistsError as error:
        raise _made_twice(name) from error
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)


def _made_twice(name: str) -> CannotRun:
    return CannotRun(f"two parts of the publication make {name}")


def _groups(units: Iterable[Unit]) -> Iterator[list[Unit]]:
    group: list[Unit] = []
    for unit in units:
        if not unit.key:
            yield [unit]
            continue
        group.append(unit)
        if len(group) == _CHUNK:
            yield group
            group = []
    if group:
        yield group
