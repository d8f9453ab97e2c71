"""Where a register's files are read from: a commit, or the work tree."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import ClassVar

from defectreg.register.errors import CannotRun
from defectreg.register.findings import Finding
from defectreg.register.grounds import (
    LARGEST_CATALOGUE,
    POLICY_FILE,
    SCHEMAS,
    Grounds,
    is_ground,
    read_grounds,
)
from defectreg.register.record import id_of_path, record_path, statements_folder
from defectreg.register.statement import place_of_statement
from defectreg.store.files import FileProblem, read_bounded
from defectreg.store.git import Move, Repository, blob_id
from defectreg.store.threads import in_parts

FOLDERS = ("records", "policy", "catalogue", "schema", "templates", "bulletins")
"""The folders of which a register is made."""
LARGEST_RECORD = 64 * 1024 + 1
"""One byte more than a record may have, so that one that is too long is seen to be."""
GITS_OWN = ".git"
"""The name of what git keeps for itself, and takes into no commit."""
_REGULAR = ("100644", "100755")


@dataclass(frozen=True)
class CommitSource:
    """The register as a commit has it."""

    repository: Repository
    commit: str
    only: tuple[str, ...] = FOLDERS
    """The folders and files of which it has any: all of the register's, or some records'."""

    @cached_property
    def _listing(self) -> dict[str, str]:
        # Without a name git would list everything.
        return self.repository.listing(self.commit, *self.only) if self.only else {}

    def narrowed(self, record_ids: Iterable[str]) -> CommitSource:
        """The same commit with the files of some records alone."""
        places = ((record_path(each), statements_folder(each)) for each in record_ids)
        return replace(self, only=tuple(chain.from_iterable(places)))

    def blobs(self) -> dict[str, str]:
        """The git blob id of every file, by path."""
        return self._listing

    @cached_property
    def record_files(self) -> dict[str, list[str]]:
        """The paths of each record and of what is said of it; folders without a record are
        nobody's."""
        paths: dict[str, list[str]] = {}
        said: dict[str, list[str]] = {}
        for path in sorted(self._listing):
            record_id, place = id_of_path(path), place_of_statement(path)
            if record_id is not None:
                paths[record_id] = [path]
            elif place is not None:
                said.setdefault(place[0], []).append(path)
        for record_id in paths:
            paths[record_id] += said.get(record_id, [])
        return paths

    def read(self, path: str) -> bytes | None:
        """The bytes of a regular file; None where there is none."""
        return self.repository.read(self.commit, path)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The files that are there, with their bytes, in the order asked; one git process."""
        known = [path for path in paths if path in self._listing]
        found = self.repository.blobs(self._listing[path] for path in known)
        for path, (_, data) in zip(known, found, strict=True):
            yield path, data

    def below(self, *folders: str) -> dict[str, bytes]:
        """The files of some folders or paths with their bytes, without listing all others."""
        listing = self.repository.listing(self.commit, *folders)
        found = self.repository.blobs(listing.values())
        return {path: data for path, (_, data) in zip(listing, found, strict=True)}


@dataclass(frozen=True)
class WorkTreeSource:
    """The register as its files stand in a folder."""

    root: Path
    restoring: ClassVar[str] = "git restore"
    """Brings back what HEAD has of a file."""

    def blobs(self) -> dict[str, str]:
        """The git blob id of every file, by path; files that cannot be read are left out."""
        return {path: blob_id(data) for path, data in self.read_many(self.paths())}

    def paths(self, *folders: str) -> list[str]:
        """The files below these folders (all of the register's without any), sorted."""
        found: list[str] = []
        inner: list[str] = []
        for folder in folders or FOLDERS:
            self._list(folder.rstrip("/"), found, inner)
        return sorted(chain(found, *in_parts(self._below, inner)))

    def _below(self, folders: Sequence[str]) -> list[str]:
        """Every file below some folders; links are files, whatever they lead to."""
        found: list[str] = []
        waiting = [*folders]
        while waiting:
            self._list(waiting.pop(), found, waiting)
        return found

    def _list(self, folder: str, files: list[str], folders: list[str]) -> None:
        """Adds what stands in a folder to the files and to the folders."""
        try:
            entries = os.scandir(f"{self.root}/{folder}")
        except OSError:
            return
        with entries:
            for entry in entries:
                if entry.name != GITS_OWN:
                    is_folder = entry.is_dir(follow_symlinks=False)
                    (folders if is_folder else files).append(f"{folder}/{entry.name}")

    def read(self, path: str) -> bytes | None:
        """The bytes of a regular file, up to what its kind may have; None where there is none.

        Raises FileProblem for what is there and no regular file.
        """
        place = f"{self.root}/{path}"
        try:
            return read_bounded(
                place, LARGEST_RECORD if path.startswith("records/") else LARGEST_CATALOGUE
            )
        except FileProblem:
            if os.path.lexists(place):
                raise
            return None

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The files that are there and can be read, with their bytes."""
        for path in paths:
            try:
                data = self.read(path)
            except FileProblem:
                continue
            if data is not None:
                yield path, data

    def below(self, *folders: str) -> dict[str, bytes]:
        """The files of some folders or paths with their bytes."""
        paths = [
            path
            for folder in folders
            for path in ([folder] if (self.root / folder).is_file() else self.paths(folder))
        ]
        return dict(self.read_many(paths))


@dataclass(frozen=True)
class IndexSource:
    """The register as git would commit it now: HEAD, and what is staged."""

    repository: Repository
    commit: str
    moves: tuple[Move, ...]
    """What is staged of the register's folders."""
    restoring: ClassVar[str] = "git restore --staged"

    @classmethod
    def of(cls, repository: Repository, head: str) -> IndexSource:
        """The index of a repository whose HEAD is that commit; raises GitError in a merge."""
        prefixes = tuple(f"{folder}/" for folder in FOLDERS)
        moves = (move for move in repository.staged() if move.path.startswith(prefixes))
        return cls(repository, head, tuple(moves))

    def blobs(self, *folders: str) -> dict[str, str]:
        """The git blob id of every regular file, by path; of some folders or paths, or of all."""
        asked = folders or FOLDERS
        found = self.repository.listing(self.commit, *asked)
        for move in self.moves:
            if not _is_below(move.path, frozenset(asked)):
                continue
            found.pop(move.path, None)
            if move.after is not None and move.after.mode in _REGULAR:
                found[move.path] = move.after.blob
        return found

    def paths(self, *folders: str) -> list[str]:
        """The files below these folders (all of the register's without any), sorted."""
        return sorted(self.blobs(*folders))

    def read(self, path: str) -> bytes | None:
        """The bytes of a regular file; None where there is none."""
        return self.below(path).get(path)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The files that are there, with their bytes."""
        yield from self.below(*paths).items()

    def below(self, *folders: str) -> dict[str, bytes]:
        """The files of some folders or paths with their bytes, without listing all others."""
        listing = self.blobs(*folders)
        found = self.repository.blobs(listing.values())
        return {path: data for path, (_, data) in zip(listing, found, strict=True)}


def _is_below(path: str, folders: frozenset[str]) -> bool:
    parts = path.split("/")
    return any("/".join(parts[:number]) in folders for number in range(1, len(parts) + 1))


def grounds_of(
    source: CommitSource | WorkTreeSource | IndexSource,
) -> tuple[Grounds, list[Finding]]:
    """What a commit or work tree is judged by, and what is wrong in it.

    Raises CannotRun where its policy or a schema is missing or not valid.
    """
    files = source.below("policy", "catalogue", "schema")
    if not isinstance(source, CommitSource):
        _check_there(files, source.restoring)
    return read_grounds({path: data for path, data in files.items() if is_ground(path)})


def _check_there(files: Mapping[str, bytes], restoring: str) -> None:
    needed = (POLICY_FILE, *(f"schema/{name}.schema.json" for name in SCHEMAS))
    for path in needed:
        if path not in files:
            raise CannotRun(f"{path} is missing", f"`{restoring} {path}` brings it back")


def case_files(
    source: CommitSource | WorkTreeSource | IndexSource, record_id: str
) -> dict[str, bytes]:
    """A record's file and its statements' files; empty where the record is not there."""
    files = source.below(record_path(record_id), statements_folder(record_id))
    return {path: data for path, data in files.items() if path.endswith(".yaml")}
