"""The files that are loaded into an inventory: found, opened, read in pieces."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.store.inventory.places import Inventory

_PIECE = 1 << 20
_HEAD = 4096
_ROWS = 1 << 14
"""Rows that are read at a time."""
_NOT_READ = (
    (b"\xd0\xcf\x11\xe0", "a workbook of the old kind, or encrypted"),
    (b"\x1f\x8b", "compressed"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "a database"),
)


def files_of(paths: Iterable[Path], inventory: Inventory) -> list[Path]:
    """The files that were named, and those in the folders that were, each once.

    Hidden files, and what is the inventory's own, are passed over in folders. Raises UsageProblem
    for what is not there, or an empty folder.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        inside = [
            each
            for each in sorted(path.rglob("*"))
            if each.is_file()
            and not _is_hidden(each.relative_to(path))
            and not each.resolve().is_relative_to(inventory.folder)
        ]
        if not inside:
            raise UsageProblem(f"there is no file in the folder {path}", "name files to load")
        found.update(dict.fromkeys(inside))
    for path in found:
        if not path.exists():
            raise UsageProblem(f"there is no file {path}", "name files to load, or folders of them")
    return list(found)


def head_of(path: Path) -> bytes:
    """The first 4,096 bytes of a file."""
    with _opened(path) as file:
        return _read(path, file, _HEAD)


def known_head_of(path: Path) -> bytes:
    """What a file begins with, after a byte order mark and blanks.

    Raises CannotRun for an empty file, and for one of a kind that is read nowhere.
    """
    head = head_of(path).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        raise CannotRun(f"{path} is empty", "export it again")
    for sign, name in _NOT_READ:
        if head.startswith(sign):
            raise CannotRun(f"{path} is {name}, which is not read here", "save it as CSV or XLSX")
    return head


def pieces_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, in pieces."""
    with _opened(path) as file:
        while piece := _read(path, file, _PIECE):
            yield piece


def whole_of(path: Path, most: int) -> bytes:
    """All bytes of a file; raises CannotRun for more than ``most``."""
    with _opened(path) as file:
        data = _read(path, file, most + 1)
    if len(data) > most:
        raise CannotRun(f"{path} has more than {most:,} bytes", "split it, or save it as CSV")
    return data


@dataclass(frozen=True, slots=True)
class ParquetTable:
    """A Parquet file: the names of its columns, and which of them hold no single values."""

    path: Path
    names: tuple[str, ...]
    nested: frozenset[str]
    rows: int

    def batches(self, names: Sequence[str]) -> Iterator[Mapping[str, list[str]]]:
        """Columns as texts, '' for null, some rows at a time; no others leave the disc."""
        import pyarrow.parquet as parquet

        try:
            with parquet.ParquetFile(self.path) as file:
                for batch in file.iter_batches(_ROWS, columns=list(names)):
                    yield {name: _texts(batch.column(name)) for name in names}
        except _arrow_errors() as error:
            raise _torn(self.path) from error


def open_parquet(path: Path) -> ParquetTable:
    """A Parquet file; raises CannotRun where it is torn."""
    import pyarrow.parquet as parquet
    import pyarrow.types as types

    try:
        with parquet.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except _arrow_errors() as error:
        raise _torn(path) from error
    nested = {each.name for each in schema if types.is_nested(each.type)}
    return ParquetTable(path, tuple(schema.names), frozenset(nested), rows)


def _texts(column: Any) -> list[str]:
    import pyarrow as pa

    texts = column.cast(pa.string()).fill_null("")
    return list(texts.to_pylist())


def _arrow_errors() -> tuple[type[Exception], ...]:
    import pyarrow as pa

    return (pa.ArrowException, OSError, ValueError, KeyError)


def _torn(path: Path) -> CannotRun:
    return CannotRun(
        f"{path} is torn, or a Parquet file of a kind that is not read here", "export it again"
    )


def _opened(path: Path) -> BinaryIO:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no file has such a name"
        raise CannotRun(f"{path} cannot be read: {why}") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise CannotRun(f"{path} is not a regular file")
    return os.fdopen(handle, "rb")


def _read(path: Path, file: BinaryIO, most: int) -> bytes:
    try:
        return file.read(most)
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}") from error


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
