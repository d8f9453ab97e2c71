"""The lines of an ASN beside the tables of a snapshot, for as long as somebody asks about them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from defectreg.register.errors import CannotRun
from defectreg.store.inventory.snapshot import COLUMNS as COLUMNS_OF
from defectreg.store.inventory.snapshot import Snapshot
from defectreg.store.tables.engine import Rows, Table

LINES = "lines"
COLUMNS = (
    *("number", "line", "reject", "device_id", "device_type", "manufacturer", "model"),
    *("firmware", "smets_version", "esme_variant"),
)
"""Of the table ``lines``: its place from 1, the line of the file, why it cannot be read ('' where
it can), and what it says, each as its text."""
StagedLine: TypeAlias = tuple[int, int, str, str, str, str, str, str, str, str]
"""A row of these columns."""
_NUMBERS = frozenset(("number", "line"))
_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Staged:
    """The lines and the tables of the snapshot, by their names."""

    tables: Mapping[str, Table]
    lines: int


@contextmanager
def staged(lines: Iterable[StagedLine], snapshot: Snapshot | None) -> Iterator[Staged]:
    """Keep lines aside in a folder that only this user can read, and that is gone at the end.

    They are taken in pieces, so memory does not grow with them. A table that was never loaded is
    empty. Raises CannotRun where there is no room.
    """
    with tempfile.TemporaryDirectory(prefix="defectreg-asn-") as folder:
        file = Path(folder) / "lines.parquet"
        try:
            number = _write(file, lines)
        except OSError as error:
            raise CannotRun(
                f"the lines cannot be kept aside: {error.strerror or error}",
                "TMPDIR names another folder for them",
            ) from error
        known = {name: Rows(columns) for name, columns in COLUMNS_OF.items()}
        yield Staged({**known, **(snapshot.tables if snapshot else {}), LINES: file}, number)


def _write(file: Path, lines: Iterable[StagedLine]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    schema = pa.schema(
        [(name, pa.int64() if name in _NUMBERS else pa.string()) for name in COLUMNS]
    )
    written, coming = 0, iter(lines)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while piece := list(islice(coming, _AT_ONCE)):
            columns: list[Any] = [list(column) for column in zip(*piece, strict=True)]
            writer.write_table(pa.table(columns, schema=schema))
            written += len(piece)
    return written
