"""Tables of texts written as Parquet, piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import BinaryIO

_AT_ONCE = 50_000
"""Rows of a piece."""


def write_parquet(
    file: BinaryIO,
    names: Sequence[str],
    rows: Iterable[Sequence[str]],
    said: Mapping[str, str],
) -> None:
    """Write rows of text under their names; ``said`` stands in the file's own metadata."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(name, pyarrow.string()) for name in names], metadata=dict(said))
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for piece in _pieces(rows):
            arrays = [
                pyarrow.array(column, pyarrow.string()) for column in zip(*piece, strict=True)
            ]
            writer.write_table(pyarrow.table(arrays, schema=schema))


def _pieces(rows: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    left = iter(rows)
    while piece := list(islice(left, _AT_ONCE)):
        yield piece
