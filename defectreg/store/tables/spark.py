"""Spark as the engine: the same SQL files on a cluster, for what outgrows a machine.

The workers read the Parquet files as they are, so that these must stand where all of them see them:
under the same path, or in object storage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defectreg.register.errors import CannotRun
from defectreg.store.tables.dialect import steps_for_spark
from defectreg.store.tables.engine import Parameter, Row, Rows, Table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_PATTERN_SIGNS = re.compile(r"([\[\]{}*?\\])")
"""What Hadoop takes for a pattern of paths."""
_INSTALL = "pip install 'defectreg[spark]', and Java 17 or newer"


@dataclass(frozen=True, slots=True)
class SparkEngine:
    """A Spark cluster by the address of its master, ``spark://HOST:PORT``.

    All else is set where Spark looks for it: ``spark-defaults.conf`` in ``$SPARK_CONF_DIR``.
    """

    master: str

    @contextmanager
    def run(
        self,
        sql: str,
        tables: Mapping[str, Table],
        parameters: Mapping[str, Parameter] | None = None,
    ) -> Iterator[SparkResult]:
        """See :class:`~defectreg.store.tables.engine.Engine`."""
        session = _session(self.master)
        try:
            with _told():
                for name, table in tables.items():
                    _frame(session, table).createOrReplaceTempView(name)
            yield _last(session, sql, parameters or {})
        finally:
            session.stop()


class SparkResult:
    """The answer of a query."""

    __slots__ = ("_frame", "_session", "columns")

    def __init__(self, session: SparkSession, frame: DataFrame) -> None:
        self._session, self._frame = session, frame
        self.columns = tuple(frame.columns)

    def rows(self) -> Iterator[Row]:
        """See :class:`~defectreg.store.tables.engine.Result`."""
        with _told():
            for row in self._frame.toLocalIterator():
                yield tuple(row)

    def ask(self, query: str, parameters: Mapping[str, Parameter] | None = None) -> SparkResult:
        """See :class:`~defectreg.store.tables.engine.Result`."""
        return _last(self._session, query, parameters or {})


def _session(master: str) -> SparkSession:
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise CannotRun("the engine Spark is not installed", _INSTALL) from error
    builder = (
        SparkSession.builder.master(master)
        .appName("defectreg")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.session.timeZone", "UTC")
    )
    try:
        session = builder.getOrCreate()
    except (PySparkException, Py4JError, OSError, RuntimeError) as error:
        raise CannotRun(
            "the Spark master cannot be reached, or Java is missing", _INSTALL
        ) from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def _frame(session: SparkSession, table: Table) -> DataFrame:
    if isinstance(table, Rows):
        schema = ", ".join(f"{column} STRING" for column in table.columns)
        return session.createDataFrame(list(table.rows), schema)
    return session.read.parquet(_address(table))


def _address(path: Path) -> str:
    return "file://" + _PATTERN_SIGNS.sub(r"\\\1", str(path.resolve()))


def _last(session: SparkSession, sql: str, parameters: Mapping[str, Parameter]) -> SparkResult:
    """Take each step. The cluster computes a table once and keeps its rows, without how they came
    about: a plan that holds the plans of all steps before it takes longer than the answer."""
    answer = None
    with _told():
        for step in steps_for_spark(sql):
            answer = session.sql(step.query, args=dict(parameters))
            if step.is_kept:
                answer = answer.localCheckpoint(eager=True)
            if step.name:
                answer.createOrReplaceTempView(step.name)
    if answer is None:
        raise ValueError("a SQL file without a statement")
    return SparkResult(session, answer)


@contextmanager
def _told() -> Iterator[None]:
    """What stops Spark, as a sentence; its own messages hold paths and values."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise CannotRun(
            "Spark stopped before it had answered",
            "its own log says why; can every worker read the tables of the snapshot?",
        ) from error
