"""What a file is, and its rows as our columns: whatever the layout, personal columns left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from defectreg.inventory.reading_documents import read_asn_file, read_product_map, read_xml
from defectreg.inventory.reading_tables import (
    Asked,
    Table,
    read_csv_file,
    read_parquet_file,
    read_workbook,
)
from defectreg.store.inventory.sources import known_head_of

Reader: TypeAlias = Callable[[Path, Asked], Table]


def read_table(path: Path, asked: Asked) -> Table:
    """A file as a table; what it is, if nobody says so, is found out from what stands in it.

    Raises CannotRun for what is not whole or not read here, UsageProblem where it has to be said
    what the file is; and CannotRun while the batches are taken.
    """
    return _reader_of(path, known_head_of(path))(path, asked)


def _reader_of(path: Path, head: bytes) -> Reader:
    for sign, reader in _SIGNS:
        if head.startswith(sign):
            return reader
    if _first_line(head).startswith(b"H|"):
        return read_asn_file
    is_yaml = path.suffix.lower() in (".yaml", ".yml")
    return read_product_map if is_yaml or _first_line(head) == b"products:" else read_csv_file


def _first_line(head: bytes) -> bytes:
    """The first line that is no remark."""
    lines = (line.strip() for line in head.splitlines())
    return next((line for line in lines if line and not line.startswith(b"#")), b"")


_SIGNS: Sequence[tuple[bytes, Reader]] = (
    (b"PK\x03\x04", read_workbook),
    (b"PAR1", read_parquet_file),
    (b"<", read_xml),
)
