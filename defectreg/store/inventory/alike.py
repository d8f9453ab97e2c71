"""What of the Devices of a snapshot is alike, counted once for every scan that follows.

Two tables beside ``devices``, which say nothing that it does not say: ``kinds`` (kinds.sql) and
``groups`` (groups.sql).
"""

from __future__ import annotations

from collections.abc import Iterator
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
_PACKAGE = "defectreg.store.inventory"


@dataclass(frozen=True, slots=True)
class Alike:
    """Where the two tables of some Devices stand; None where nobody wrote them."""

    devices: Path
    kinds: Path | None = None
    groups: Path | None = None

    @contextmanager
    def files(self) -> Iterator[tuple[Path, Path]]:
        """Kinds and groups, written for the moment where they are not there yet."""
        if self.kinds and self.groups:
            yield self.kinds, self.groups
            return
        with TemporaryDirectory(prefix="defectreg-") as folder:
            write_alike(self.devices, Path(folder))
            yield file_in(Path(folder), KINDS), file_in(Path(folder), GROUPS)


def file_in(folder: Path, table: str) -> Path:
    """The file of a table in a folder."""
    return folder / f"{table}.parquet"


def write_alike(devices: Path, folder: Path) -> dict[str, int]:
    """Write both tables of a file of Devices into a folder; gives the number of rows of each.

    Raises CannotRun where it has other columns, or where memory or disc does not suffice.
    """
    kinds, groups = (file_in(folder, name) for name in ALIKE)
    sql = {name: read_sql(_PACKAGE, f"{name}.sql") for name in ALIKE}
    tables = {"devices": devices}
    return {
        KINDS: write_answer(sql[KINDS], tables, kinds),
        GROUPS: write_answer(
            sql[GROUPS], {**tables, KINDS: kinds}, groups, {"most": MOST_IN_PREMISES}
        ),
    }
