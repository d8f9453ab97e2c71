"""What of the Devices of a snapshot is alike, counted once for every scan that follows.

Two tables beside ``devices``, which say nothing that it does not say: ``kinds`` (kinds.sql) and
``groups`` (groups.sql).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from defectreg.store.tables.duck import write_answer
from defectreg.store.tables.engine import read_sql

KINDS, GROUPS = "kinds", "groups"
ALIKE = (KINDS, GROUPS)
MOST_IN_PREMISES = 64
"""Devices of one premises; where there are more, what groups them says nothing of premises."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Where the two tables of some Devices stand; None where nobody wrote them."""

    devices: Path
    kinds: Path | None = None
    groups: Path | None = None

    @contextmanager
    def kinds_file(self) -> Iterator[Path]:
        """The kinds, written for the moment where they are not there yet."""
        if self.kinds:
            yield self.kinds
            return
        with TemporaryDirectory(prefix="defectreg-") as folder:
            _write(KINDS, Path(folder), {"devices": self.devices})
            yield file_in(Path(folder), KINDS)

    @contextmanager
    def groups_file(self) -> Iterator[Path]:
        """The groups, written for the moment where they are not there yet."""
        if self.groups:
            yield self.groups
            return
        with TemporaryDirectory(prefix="defectreg-") as folder:
            write_alike(self.devices, Path(folder))
            yield file_in(Path(folder), GROUPS)


def file_in(folder: Path, table: str) -> Path:
    """The file of a table in a folder."""
    return folder / f"{table}.parquet"


def write_alike(devices: Path, folder: Path) -> dict[str, int]:
    """Write both tables of a file of Devices into a folder; gives the number of rows of each.

    Raises CannotRun where it has other columns, or where memory or disc does not suffice.
    """
    tables = {"devices": devices}
    kinds = _write(KINDS, folder, tables)
    tables[KINDS] = file_in(folder, KINDS)
    return {KINDS: kinds, GROUPS: _write(GROUPS, folder, tables)}


def _write(name: str, folder: Path, tables: Mapping[str, Path]) -> int:
    sql = read_sql("defectreg.store.inventory", f"{name}.sql")
    return write_answer(sql, tables, file_in(folder, name), {"most": MOST_IN_PREMISES})
