"""What the tables are to show, and the reading of the files that it has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property

from defectreg.register.grounds import Grounds
from defectreg.register.record import id_of_path
from defectreg.register.statement import record_of
from defectreg.store.git import blob_id
from defectreg.store.index import tables
from defectreg.store.index.tables import FileRow
from defectreg.store.places import Register
from defectreg.store.program import holidays, program

RECORDS = "records"


@dataclass(frozen=True)
class View:
    """What the tables are to show: HEAD, or HEAD with what git says differs in the work tree."""

    register: Register
    grounds: Grounds
    is_worktree: bool

    @property
    def name(self) -> str:
        """The name of its file."""
        return "worktree" if self.is_worktree else "head"

    @cached_property
    def changed(self) -> Mapping[str, bytes | None]:
        """Files of the work tree that differ from HEAD's; None where one is gone."""
        if not self.is_worktree:
            return {}
        paths = [change.path for change in self.register.repository.changed(RECORDS)]
        there = dict(self.register.worktree_source.read_many(paths))
        return {path: there.get(path) for path in paths}

    @cached_property
    def changed_blobs(self) -> dict[str, str | None]:
        """The blobs of those files, by path; None where one is gone."""
        return {
            path: None if data is None else blob_id(data)
            for path, data in sorted(self.changed.items())
        }

    @cached_property
    def made_of(self) -> dict[str, str]:
        """What decides the content of the tables: where it is the same, so are they.

        ``commit`` and ``changed`` also say from where the tables are to be brought on.
        """
        register, policy = self.register, self.grounds.policy
        switches = [policy.who_validates, policy.dcc_reports_validated_by]
        return {
            "format": _digest([tables.FORMAT, program(), *self._schemas]),
            "commit": register.head,
            "changed": json.dumps(self.changed_blobs),
            "landings": _digest([register.head, register.repository.cut, switches]),
            "distrusted": _digest(sorted(self.grounds.parties.distrusted)),
        }

    @cached_property
    def stages_made_of(self) -> str:
        """What decides the stages of a record, beside what is said of it."""
        parties = [
            (party.slug, party.category, sorted(party.manufacturer_ids))
            for party in self.grounds.parties
        ]
        return _digest([asdict(self.grounds.policy), sorted(parties), holidays()])

    @property
    def _schemas(self) -> Iterator[object]:
        return (dict(self.grounds.schemas[name].document) for name in ("record", "statement"))

    def blobs(self) -> dict[str, str]:
        """The blob of every file that may be a record's or a statement's, by path."""
        register = self.register
        found: dict[str, str | None] = {}
        found |= register.repository.listing(register.head, RECORDS)
        found |= self.changed_blobs
        return {path: blob for path, blob in found.items() if blob and record_of(path)}

    def read(self, paths: Mapping[str, str]) -> Iterator[tuple[str, str, bytes]]:
        """Path, blob and bytes of these files."""
        in_git = {path: blob for path, blob in paths.items() if path not in self.changed}
        found = self.register.repository.blobs(in_git.values())
        for path, (blob, data) in zip(in_git, found, strict=True):
            yield path, blob, data
        for path in paths.keys() & self.changed.keys():
            changed = self.changed[path]
            if changed is not None:
                yield path, paths[path], changed


def read_row(view: View, path: str, blob: str, data: bytes) -> FileRow:
    """A file as the tables have it, its landing apart."""
    from defectreg.register.checking import read_record, read_statement

    is_record = id_of_path(path) is not None
    reads = read_record if is_record else read_statement
    read, _ = reads(path, data, view.grounds)
    if read is None:
        return FileRow(path, blob, record_of(path) or "", is_record, None, None, None)
    said = read.value
    return FileRow(path, blob, record_of(path) or "", is_record, said.sha256, said.data, None)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
