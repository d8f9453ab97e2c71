"""Rows on their way into a snapshot: kept aside until every file ended well, then written once.

What compares all rows with each other, a Device that came twice and the numbering of premises, is
asked of DuckDB, which takes to the disc what is more than its memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from errno import ENOSPC
from pathlib import Path
from types import TracebackType
from typing import Any

from defectreg.store.inventory.snapshot import (
    ASN,
    COLUMNS,
    DEVICES,
    Draft,
    schema_of,
    write_table,
)
from defectreg.store.tables.duck import opened

_ROWS = 1 << 16
_MEMORY = "256MB"
_PLACE, _FILE, _LINE, _GROUP = "arrival", "file", "file_line", "grouped"
_EARLIER = -1
"""Stands for the file of rows that were loaded before."""
_KEYS = {DEVICES: ("device_id",), ASN: ("asn_id", "device_id")}
"""Of which columns a table has no two rows alike; of others it may."""


@dataclass(frozen=True, slots=True)
class Again:
    """A row that came before: by which file (its number, from 0) and line, and where first."""

    file: int
    line: int
    first_file: int
    first_line: int


class Arrivals:
    """The rows of one table, in the order in which they come."""

    def __init__(self, draft: Draft, table: str) -> None:
        import pyarrow as pa
        import pyarrow.parquet as parquet

        self._draft = draft
        self._table = table
        self._aside = draft.folder / f"{table}.arrived"
        self._names = [name for name in COLUMNS[table] if name != "premises"]
        own = [(name, pa.int64()) for name in (_PLACE, _FILE, _LINE, _GROUP)]
        fields = [schema_of(table).field(name) for name in self._names]
        self._schema = pa.schema([*map(pa.field, *zip(*own, strict=True)), *fields])
        self._writer = parquet.ParquetWriter(self._aside, self._schema, compression="lz4")
        self.rows = 0

    def __enter__(self) -> Arrivals:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()

    def add(
        self,
        file: int,
        lines: Sequence[int],
        columns: Mapping[str, Sequence[str]],
        groups: Sequence[int | None] | None = None,
    ) -> None:
        """Add rows of a file; columns that are not given are ''.

        ``groups``: rows with the same number are of one premises, None of none.
        """
        import pyarrow as pa

        count = len(lines)
        places = range(self.rows, self.rows + count)
        own = {_PLACE: places, _FILE: [file] * count, _LINE: lines, _GROUP: groups}
        blank = [""] * count
        values = {name: columns.get(name, blank) for name in self._names}
        if "line" in values:
            values["line"] = lines  # type: ignore[assignment]
        arrays = [
            pa.nulls(count, field.type) if given is None else pa.array(given, field.type)
            for field, given in zip(self._schema, (*own.values(), *values.values()), strict=True)
        ]
        self._writer.write_table(pa.table(arrays, schema=self._schema))
        self.rows += count

    def carry(self, file: Path, column: str, without: Collection[str]) -> None:
        """Add the rows of an earlier snapshot's table, but those whose column is one of these."""
        import pyarrow as pa
        import pyarrow.compute as compute
        import pyarrow.parquet as parquet

        gone = pa.array(sorted(without), pa.string())
        with parquet.ParquetFile(file) as opened:
            for batch in opened.iter_batches(_ROWS):
                kept = batch.filter(compute.invert(compute.is_in(batch[column], gone)))
                columns = {name: kept[name].to_pylist() for name in self._names if name != "line"}
                self.add(_EARLIER, kept["line"].to_pylist(), columns)

    def settle(self, again: Callable[[Again], None]) -> None:
        """Write the table of the draft; ``again`` is told of rows that are left out of it.

        No row can be added any more.
        """
        self._writer.close()
        write_table(self._draft, self._table, self._kept(again))
        self._aside.unlink()

    def _kept(self, again: Callable[[Again], None]) -> Iterator[Any]:
        import pyarrow as pa
        import pyarrow.parquet as parquet

        with (
            parquet.ParquetFile(self._aside) as file,
            _compared(self._aside, self._draft.folder, _KEYS.get(self._table, ())) as found,
        ):
            for batch in file.iter_batches(_ROWS):
                verdicts = found.take(batch.num_rows)
                for row in verdicts.filter(verdicts["first_line"].is_valid()).to_pylist():
                    again(Again(**{name: row[name] for name in Again.__slots__}))
                rows = pa.table(batch).append_column("premises", verdicts["premises"])
                yield rows.filter(verdicts["first_line"].is_null())


class _Taker:
    """Rows of a stream of Arrow batches, as many at a time as are asked for."""

    def __init__(self, batches: Iterator[Any]) -> None:
        self._batches = batches
        self._waiting: list[Any] = []

    def take(self, count: int) -> Any:
        """The next rows, as a table."""
        import pyarrow as pa

        taken = []
        while count:
            batch = self._waiting.pop() if self._waiting else next(self._batches)
            taken.append(batch.slice(0, count))
            if batch.num_rows > count:
                self._waiting.append(batch.slice(count))
            count -= taken[-1].num_rows
        return pa.Table.from_batches(taken)


@contextmanager
def _compared(rows: Path, folder: Path, keys: Sequence[str]) -> Iterator[_Taker]:
    """For each row, in order: its premises, and where it came first, null where it is the first."""
    import duckdb

    try:
        with opened(_MEMORY, folder / "overflow", [rows]) as connection:
            connection.read_parquet(str(rows)).create_view("arrived")
            for step in _STEPS:
                connection.execute(step.format(keys=", ".join(keys or (_PLACE,))))
            yield _Taker(iter(connection.sql(_ANSWER).to_arrow_reader(_ROWS)))
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise OSError(ENOSPC, "the disc is full, or cannot be written") from error


_STEPS = (
    # Two rows alike have one hash: what has no equal is done with before any text is compared.
    """
    CREATE TEMPORARY TABLE alike AS
    SELECT hash({keys}) AS hashed FROM arrived GROUP BY hash({keys}) HAVING count(*) > 1
    """,
    """
    CREATE TEMPORARY TABLE repeated AS
    SELECT * FROM (
        SELECT
            arrival,
            first_value(arrival) OVER same AS first,
            first_value(file) OVER same AS first_file,
            first_value(file_line) OVER same AS first_line
        FROM arrived
        WHERE hash({keys}) IN (SELECT hashed FROM alike)
        WINDOW same AS (PARTITION BY {keys} ORDER BY arrival)
    )
    WHERE first < arrival
    """,
    """
    CREATE TEMPORARY TABLE premises AS
    SELECT grouped, row_number() OVER (ORDER BY min(arrival)) AS premises
    FROM arrived ANTI JOIN repeated USING (arrival)
    WHERE grouped IS NOT NULL
    GROUP BY grouped
    """,
)
_ANSWER = """
SELECT
    premises.premises, arrived.file, arrived.file_line AS line,
    repeated.first_file, repeated.first_line
FROM arrived
LEFT JOIN premises USING (grouped)
LEFT JOIN repeated USING (arrival)
ORDER BY arrived.arrival
"""
