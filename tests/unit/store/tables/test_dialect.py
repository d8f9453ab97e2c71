"""SQL files of DuckDB, as Spark takes them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot

from defectreg.store.tables.dialect import steps_for_spark
from tests.conftest import REPOSITORY

FILES = sorted((REPOSITORY / "defectreg").rglob("*.sql"))


def test_there_are_files() -> None:
    assert any(path.name == "diff.sql" for path in FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_becomes_steps_that_spark_can_parse(path: Path) -> None:
    steps = list(steps_for_spark(path.read_text("utf-8")))
    assert steps
    assert all(step.name for step in steps[:-1])
    for step in steps:
        assert not re.search(r"\$[a-z]", step.query)
        sqlglot.parse_one(step.query, read="spark")


def test_a_table_is_kept_and_a_view_is_not() -> None:
    sql = "CREATE TEMP TABLE a AS SELECT 1 AS x; CREATE TEMP VIEW b AS SELECT x FROM a; SELECT 1"
    found = [(step.name, step.is_kept) for step in steps_for_spark(sql)]
    assert found == [("a", True), ("b", False), ("", False)]


@pytest.mark.parametrize(
    ("duckdb", "spark"),
    [
        ("SELECT regexp_matches(a, '^x$') FROM t", "SELECT a RLIKE '^x$' FROM t"),
        ("SELECT a FROM t WHERE a = $name", "SELECT a FROM t WHERE a = :name"),
        ("SELECT TRY_CAST(a AS INTEGER) FROM t", "SELECT TRY_CAST(a AS INT) FROM t"),
    ],
)
def test_what_the_two_write_otherwise_is_rewritten(duckdb: str, spark: str) -> None:
    assert [step.query for step in steps_for_spark(duckdb)] == [spark]


@pytest.mark.parametrize(
    "sql", ["DROP TABLE devices", "INSERT INTO a SELECT 1", "SET x = 1", "CREATE TABLE a (x INT)"]
)
def test_what_both_could_not_run_is_refused(sql: str) -> None:
    with pytest.raises(ValueError, match="is no query, temporary table or view"):
        list(steps_for_spark(sql))
