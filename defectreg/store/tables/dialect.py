"""SQL files, written for DuckDB, as Spark takes them: each statement taken apart by SQLGlot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot.expressions import Query


@dataclass(frozen=True, slots=True)
class Step:
    """A query as Spark writes it, its parameters ``:name``.

    ``name`` is that of the table or view that it makes, '' where it answers. ``is_kept`` is whether
    the rows are to be kept, as of a table, or asked for anew, as of a view.
    """

    query: str
    name: str = ""
    is_kept: bool = False


def steps_for_spark(sql: str) -> Iterator[Step]:
    """The statements of a SQL file in their order.

    Raises ValueError for a statement that neither makes a temporary table or view nor asks: such a
    file cannot run on both engines.
    """
    import sqlglot
    from sqlglot import exp

    for statement in sqlglot.parse(sql, read="duckdb"):
        if isinstance(statement, exp.Query):
            yield Step(_spark(statement))
        elif isinstance(statement, exp.Create) and isinstance(statement.expression, exp.Query):
            kept = statement.kind == "TABLE"
            yield Step(_spark(statement.expression), statement.this.name, is_kept=kept)
        elif statement is not None:
            raise ValueError(f"{type(statement).__name__} is no query, temporary table or view")


def _spark(query: Query) -> str:
    return query.sql(dialect="spark", comments=False)
