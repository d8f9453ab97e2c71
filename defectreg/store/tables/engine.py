"""Who answers a SQL file: DuckDB in this process, or a Spark cluster, with the same rows.

A file is written for DuckDB: steps that make temporary tables and views, and at the end the query
that answers. Nothing else is in reach of it than the tables that are given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Protocol, TypeAlias

from defectreg.register.errors import UsageProblem

Value: TypeAlias = str | int | float | bool | None
Row: TypeAlias = tuple[Value, ...]
Parameter: TypeAlias = Value | list[str]

DUCKDB = "duckdb"
MEMORY = "2GB"
"""What DuckDB may take of memory; what needs more goes to the temporary folder."""
_SPARK = re.compile(r"spark://[A-Za-z0-9._-]+:[0-9]{1,5}(,[A-Za-z0-9._-]+:[0-9]{1,5})*")


@dataclass(frozen=True, slots=True)
class Rows:
    """A small table that stands in no file; all its columns are text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


Table: TypeAlias = Path | Rows
"""A Parquet file, or a small table."""


class Result(Protocol):
    """The rows that answer, in their order; to be read once."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""

    def rows(self) -> Iterator[Row]:
        """The rows, fetched as they are asked for. Raises CannotRun where that fails."""

    def ask(self, query: str, parameters: Mapping[str, Parameter] | None = None) -> Result:
        """Another question, of the tables given and of those that the file made."""


class Engine(Protocol):
    """Answers SQL files."""

    def run(
        self,
        sql: str,
        tables: Mapping[str, Table],
        parameters: Mapping[str, Parameter] | None = None,
    ) -> AbstractContextManager[Result]:
        """Run the statements of ``sql`` over ``tables`` by their names; ``$name`` is a parameter.

        What the statements made, and all that the engine holds, is gone at the end of the ``with``.
        Raises CannotRun where a table cannot be read, or where memory or disc does not suffice.
        """


def open_engine(name: str, memory: str = MEMORY) -> Engine:
    """The engine that a person named: ``duckdb`` with so much memory, or ``spark://HOST:PORT``.

    Raises UsageProblem for another name, and CannotRun where what Spark needs is not installed.
    """
    if name == DUCKDB:
        from defectreg.store.tables.duck import DuckEngine

        return DuckEngine(memory)
    if _SPARK.fullmatch(name):
        from defectreg.store.tables.spark import SparkEngine

        return SparkEngine(name)
    raise UsageProblem(
        f"{name!a:.80} is no engine", "it is duckdb, or spark://HOST:PORT of a Spark master"
    )


def read_sql(package: str, name: str) -> str:
    """The text of a SQL file that stands beside the modules of a package."""
    return files(package).joinpath(name).read_text("utf-8")


def many(rows: Iterable[Iterable[str]], *columns: str) -> Rows:
    """A small table of these columns."""
    return Rows(columns, tuple(tuple(row) for row in rows))
