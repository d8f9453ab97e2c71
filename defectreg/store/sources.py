"""Where a register's files are read from: a commit, or the work tree."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from defectreg.register.findings import Finding
from defectreg.register.grounds import LARGEST_CATALOGUE, Grounds, is_ground, read_grounds
from defectreg.register.record import record_path, statements_folder
from defectreg.store.files import FileProblem, read_bounded
from defectreg.store.git import Repository, blob_id

FOLDERS = ("records", "policy", "catalogue", "schema", "templates", "bulletins")
"""The folders of which a register is made."""
LARGEST_RECORD = 64 * 1024 + 1
"""One byte more than a record may have, so that one that is too long is seen to be."""


@dataclass(frozen=True)
class CommitSource:
    """The register as a commit has it."""

    repository: Repository
    commit: str

    @cached_property
    def _listing(self) -> dict[str, str]:
        return self.repository.listing(self.commit, *FOLDERS)

    def blobs(self) -> dict[str, str]:
        """The git blob id of every file, by path."""
        return self._listing

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

    def blobs(self) -> dict[str, str]:
        """The git blob id of every file, by path; files that cannot be read are left out."""
        return {path: blob_id(data) for path, data in self.read_many(self.paths())}

    def paths(self, *folders: str) -> list[str]:
        """The files below these folders (all of the register's without any), sorted."""
        return sorted(path for folder in folders or FOLDERS for path in self._below(folder))

    def _below(self, folder: str) -> Iterator[str]:
        """Every file below a folder; links are files, whatever they lead to."""
        try:
            entries = os.scandir(f"{self.root}/{folder}")
        except OSError:
            return
        with entries:
            for entry in entries:
                path = f"{folder.rstrip('/')}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    yield from self._below(path)
                else:
                    yield path

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


def grounds_of(source: CommitSource | WorkTreeSource) -> tuple[Grounds, list[Finding]]:
    """What a commit or work tree is judged by, and what is wrong in it.

    Raises CannotRun where its policy or a schema is missing or not valid.
    """
    files = source.below("policy", "catalogue", "schema")
    return read_grounds({path: data for path, data in files.items() if is_ground(path)})


def case_files(source: CommitSource | WorkTreeSource, record_id: str) -> dict[str, bytes]:
    """A record's file and its statements' files; empty where the record is not there."""
    files = source.below(record_path(record_id), statements_folder(record_id))
    return {path: data for path, data in files.items() if path.endswith(".yaml")}
