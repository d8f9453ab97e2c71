"""DuckDB as the engine: in this process, of bounded memory, with nothing in reach but its tables.

It loads no extension, reads no file but those given, and writes only into a temporary folder of its
own, which is gone at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from defectreg.register.errors import CannotRun
from defectreg.store.tables.engine import MEMORY, Parameter, Row, Rows, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE = 8192
"""Rows that are fetched at once."""


@dataclass(frozen=True, slots=True)
class DuckEngine:
    """DuckDB; ``memory`` is what it may take, as DuckDB writes it."""

    memory: str = MEMORY

    @contextmanager
    def run(
        self,
        sql: str,
        tables: Mapping[str, Table],
        parameters: Mapping[str, Parameter] | None = None,
    ) -> Iterator[DuckResult]:
        """See :class:`~defectreg.store.tables.engine.Engine`."""
        with (
            TemporaryDirectory(prefix="defectreg-") as folder,
            _opened(self.memory, Path(folder), tables) as database,
        ):
            yield _last(database, sql, parameters or {})


def write_answer(
    sql: str,
    tables: Mapping[str, Table],
    file: Path,
    parameters: Mapping[str, Parameter] | None = None,
) -> int:
    """Write what the last statement of a SQL file answers as a Parquet file; gives its rows.

    What spills over goes beside it. The last statement names no parameter. Raises as ``run`` does.
    """
    with (
        TemporaryDirectory(prefix=".", dir=file.parent) as folder,
        _opened(MEMORY, Path(folder), tables, file.parent) as database,
    ):
        *steps, last = database.extract_statements(sql)
        for step in steps:
            _last(database, step.query, parameters or {})
        query, name = last.query.rstrip().rstrip(";"), str(file).replace("'", "''")
        _last(database, f"COPY ({query}) TO '{name}' (FORMAT parquet, COMPRESSION zstd)", {})
        [[rows]] = database.fetchall()
        return int(rows)


class DuckResult:
    """The answer of the last statement that was asked of a connection."""

    __slots__ = ("_database", "columns")

    def __init__(self, database: DuckDBPyConnection) -> None:
        self._database = database
        self.columns = tuple(column[0] for column in database.description or ())

    def rows(self) -> Iterator[Row]:
        """See :class:`~defectreg.store.tables.engine.Result`."""
        with _told():
            while rows := self._database.fetchmany(_AT_ONCE):
                yield from rows

    def ask(self, query: str, parameters: Mapping[str, Parameter] | None = None) -> DuckResult:
        """See :class:`~defectreg.store.tables.engine.Result`. What was not read yet is lost."""
        return _last(self._database, query, parameters or {})


@contextmanager
def opened(
    memory: str, folder: Path, files: Iterable[Path], folders: Iterable[Path] = ()
) -> Iterator[DuckDBPyConnection]:
    """DuckDB with nothing in reach but these files; what ``memory`` does not hold goes to a folder.

    In ``folders`` it reads and writes whatever it is told to. What it raises is its own.
    """
    import duckdb

    with duckdb.connect(":memory:") as database:
        database.execute("SET temp_directory = $folder", {"folder": str(folder)})
        database.execute("SET memory_limit = $memory", {"memory": memory})
        database.execute("SET autoinstall_known_extensions = false")
        database.execute("SET autoload_known_extensions = false")
        database.execute("SET allowed_paths = $paths", {"paths": [str(file) for file in files]})
        inside = [str(each) for each in folders]
        if inside:
            database.execute("SET allowed_directories = $folders", {"folders": inside})
        database.execute("SET enable_external_access = false")
        yield database


@contextmanager
def _opened(
    memory: str, folder: Path, tables: Mapping[str, Table], *folders: Path
) -> Iterator[DuckDBPyConnection]:
    files = [table for table in tables.values() if isinstance(table, Path)]
    with _told(), opened(memory, folder, files, folders) as database:
        for name, table in tables.items():
            if isinstance(table, Rows):
                _fill(database, name, table)
            else:
                database.read_parquet(str(table)).create_view(name)
        database.execute("SET lock_configuration = true")
        yield database


def _fill(database: DuckDBPyConnection, name: str, table: Rows) -> None:
    """A small table, column by column: row by row DuckDB takes a thousand a second."""
    columns = list(zip(*table.rows, strict=True)) or [() for _ in table.columns]
    given = {f"column_{place}": list(column) for place, column in enumerate(columns)}
    unnested = ", ".join(  # no name comes from outside the program
        f'unnest(${parameter}::VARCHAR[]) AS "{named}"'
        for parameter, named in zip(given, table.columns, strict=True)
    )
    database.execute(f'CREATE TABLE "{name}" AS SELECT {unnested}', given)


def _last(
    database: DuckDBPyConnection, sql: str, parameters: Mapping[str, Parameter]
) -> DuckResult:
    """Execute each statement, with the parameters it names; the answer is the last one's."""
    with _told():
        for statement in database.extract_statements(sql):
            wanted = {name: parameters[name] for name in statement.named_parameters}
            database.execute(statement, wanted)
    return DuckResult(database)


@contextmanager
def _told() -> Iterator[None]:
    """What stops DuckDB, as a sentence without the values that its own messages hold."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise CannotRun(
            "the question needs more room than there is in memory and in the temporary folder",
            "TMPDIR names another folder for what does not fit into memory",
        ) from error
    except (
        duckdb.BinderException,
        duckdb.ConversionException,
        duckdb.InvalidInputException,
        duckdb.IOException,
        duckdb.OutOfRangeException,
        duckdb.PermissionException,
    ) as error:
        raise CannotRun(
            "a table of the inventory cannot be read, or has not the columns it should",
            "`defectreg inventory load` makes a new snapshot, `defectreg alerts load --replace` "
            "days of alerts anew",
        ) from error
