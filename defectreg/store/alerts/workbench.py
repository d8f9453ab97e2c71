"""DuckDB for a load of alerts: over the files that are loaded, and a folder for what is made."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from defectreg.register.errors import CannotRun
from defectreg.store.tables.duck import opened
from defectreg.store.tables.engine import MEMORY, Parameter, Row, Rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RAW = ("device_id", "alert_code", "time", "region", "alerts")
"""The columns of a log, beside the place of its row."""
_AT_ONCE = 1 << 14


@dataclass(frozen=True, slots=True)
class Workbench:
    """A database for as long as a load takes, and its folder, which is gone at the end."""

    database: DuckDBPyConnection
    folder: Path

    def run(self, sql: str, parameters: Mapping[str, Parameter] | None = None) -> None:
        """Run statements, each with the parameters that it names."""
        for statement in self.database.extract_statements(sql):
            wanted = {name: (parameters or {})[name] for name in statement.named_parameters}
            self.database.execute(statement, wanted)

    def rows(self, sql: str, parameters: Mapping[str, Parameter] | None = None) -> Iterator[Row]:
        """The rows with which the last of some statements answers; to be read before the next."""
        self.run(sql, parameters)
        while rows := self.database.fetchmany(_AT_ONCE):
            yield from rows

    def number(self, sql: str) -> int:
        """The one number with which a query answers."""
        [[number]] = self.rows(sql)
        if not isinstance(number, int):
            raise TypeError("the query answers with a whole number")
        return number

    def view(self, name: str, files: Sequence[Path]) -> None:
        """Parquet files as a view."""
        paths = ", ".join(map(_text, files))
        table = f"read_parquet([{paths}], hive_partitioning = false)"
        self._say(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM {table}")

    def nothing(self, name: str, columns: Mapping[str, str]) -> None:
        """A view without rows, of columns and their types."""
        made = ", ".join(f"CAST(NULL AS {kind}) AS {column}" for column, kind in columns.items())
        self._say(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM (SELECT {made}) LIMIT 0")

    def empty(self, name: str, columns: Mapping[str, str]) -> None:
        """A table without rows yet, of columns and their types."""
        made = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        self._say(f"CREATE TEMP TABLE {name} ({made})")

    def fill(self, name: str, table: Rows) -> None:
        """A small table of texts."""
        import pyarrow

        columns = list(zip(*table.rows, strict=True)) or [() for _ in table.columns]
        arrays = [pyarrow.array(column, pyarrow.string()) for column in columns]
        self._say(f"DROP TABLE IF EXISTS {name}")
        self.database.from_arrow(pyarrow.table(arrays, names=list(table.columns))).create(name)

    def read_parquet_log(self, path: Path, texts: Mapping[str, str], places: bool) -> None:
        """A Parquet file as ``raw``, by the SQL of its columns; ``places``: with their rows."""
        self._raw(f"read_parquet({_text(self._within_reach(path))})", texts, places, 0)

    def read_csv_log(
        self, path: Path, width: int, separator: str, texts: Mapping[str, str], places: bool
    ) -> None:
        """A CSV file as ``raw``; ``places``: with their lines, which counts them one by one."""
        columns = ", ".join(f"'{column_name(place)}': 'VARCHAR'" for place in range(width))
        table = (
            f"read_csv({_text(self._within_reach(path))}, auto_detect = false, header = true, "
            f"delim = {_text(separator)}, quote = '\"', escape = '\"', null_padding = false, "
            f"columns = {{{columns}}})"
        )
        self._raw(table, texts, places, 1)

    def read_staged(self, rows: Iterable[tuple[int, *tuple[str, ...]]]) -> None:
        """Rows that were read one by one, place first, as ``raw``; kept aside as they come."""
        import pyarrow
        from pyarrow import parquet

        file = self.folder / f"staged-{os.urandom(4).hex()}.parquet"
        fields = [("place", pyarrow.int64()), *((name, pyarrow.string()) for name in RAW)]
        schema = pyarrow.schema(fields)
        coming = iter(rows)
        with parquet.ParquetWriter(file, schema, compression="lz4") as writer:
            while piece := list(islice(coming, _AT_ONCE)):
                arrays = [
                    pyarrow.array(column, each.type)
                    for column, each in zip(zip(*piece, strict=True), schema, strict=True)
                ]
                writer.write_table(pyarrow.table(arrays, schema=schema))
        self.view("raw", [file])

    def keep(self, query: str, name: str) -> Path:
        """Write what a query answers into a Parquet file of the folder."""
        file = self.folder / name
        self._say(f"COPY ({query}) TO {_text(file)} (FORMAT parquet, COMPRESSION zstd)")
        file.chmod(0o600)
        return file

    def keep_answer(self, sql: str, name: str, parameters: Mapping[str, Parameter]) -> Path:
        """Run statements, and write what the last of them, without parameters, answers."""
        *steps, last = self.database.extract_statements(sql)
        for step in steps:
            self.run(step.query, parameters)
        return self.keep(last.query.rstrip().rstrip(";"), name)

    def is_read(self, sql: str) -> bool:
        """Run statements; False where what is read for them is not what it was said to be."""
        import duckdb

        try:
            self.run(sql)
        except duckdb.InvalidInputException:
            return False
        return True

    def keep_sides(self, is_kept: bool) -> None:
        """Whether a join holds the table that it names last in memory, or the one that seems
        smaller.
        """
        held = "build_side_probe_side" if is_kept else ""
        self._say(f"SET disabled_optimizers = '{held}'")

    def _raw(self, table: str, texts: Mapping[str, str], places: bool, before: int) -> None:
        place = f"row_number() OVER () + {before}" if places else "0"
        columns = ", ".join(f"{texts.get(name, _NOTHING)} AS {name}" for name in RAW)
        made = f"SELECT {place} AS place, {columns} FROM {table}"  # noqa: S608 - quoted above
        self._say(f"CREATE OR REPLACE TEMP VIEW raw AS {made}")

    def _within_reach(self, path: Path) -> Path:
        """The file under a name of the folder, in which nothing is a pattern."""
        link = self.folder / f"log-{os.urandom(6).hex()}"
        link.symlink_to(path.resolve())
        return link

    def _say(self, sql: str) -> None:
        self.database.execute(sql)


_NOTHING = "''"


def column_name(place: int) -> str:
    """What a column of a CSV file is called in SQL, by its place."""
    return f"column{place}"


def quoted(name: str) -> str:
    """A column's own name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def constant(text: str) -> str:
    """A text in SQL."""
    return _text(text)


@contextmanager
def workbench(folder: Path, kept: Path, files: Iterable[Path]) -> Iterator[Workbench]:
    """A database that reaches these files and what is in ``kept``, and nothing else.

    ``folder``, which is in it, is where it makes files.

    Raises CannotRun where memory or disc do not suffice, or a file cannot be read.
    """
    import duckdb

    overflow = folder / "overflow"
    try:
        within = [path.resolve() for path in files]
        with opened(MEMORY, overflow, within, [kept]) as database:
            yield Workbench(database, folder)
    except (duckdb.OutOfMemoryException, OSError) as error:
        raise CannotRun(
            "there is not enough room in memory, or on the disc of the inventory",
            "nothing was loaded, and what was there before is as it was",
        ) from error
    except (
        duckdb.ConversionException,
        duckdb.InvalidInputException,
        duckdb.IOException,
        duckdb.PermissionException,
    ) as error:
        raise CannotRun(
            f"a file cannot be read, or the disc of the inventory is full ({type(error).__name__})",
            "nothing was loaded, and what was there before is as it was",
        ) from error
    finally:
        shutil.rmtree(overflow, ignore_errors=True)


def _text(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"
