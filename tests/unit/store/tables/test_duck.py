"""DuckDB answers a SQL file over the tables it is given, and reaches nothing else."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.store.tables.duck import DuckEngine
from defectreg.store.tables.engine import Rows, many, open_engine

NUMBERS = many([("1", "one"), ("2", "two")], "number", "word")


def numbers(folder: Path, name: str = "numbers.parquet") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.table({"number": ["1", "2"], "word": ["one", "two"]}), folder / name)
    return folder / name


def test_a_file_of_steps_ends_with_its_answer(tmp_path: Path) -> None:
    sql = """
    -- a step
    CREATE TEMPORARY TABLE later AS SELECT * FROM numbers WHERE number > '1';
    SELECT word, count(*) AS times FROM later GROUP BY word;
    """
    with DuckEngine().run(sql, {"numbers": numbers(tmp_path)}) as result:
        assert result.columns == ("word", "times")
        assert list(result.rows()) == [("two", 1)]
        again = result.ask("SELECT number FROM later WHERE word = $word", {"word": "two"})
        assert (again.columns, list(again.rows())) == (("number",), [("2",)])


def test_parameters_go_to_the_statements_that_name_them() -> None:
    sql = "CREATE TEMPORARY TABLE a AS SELECT $one AS x; SELECT x || $two AS y FROM a"
    with DuckEngine().run(sql, {}, {"one": "'; DROP", "two": "--", "unused": "z"}) as result:
        assert list(result.rows()) == [("'; DROP--",)]


def test_a_small_table_stands_in_no_file() -> None:
    with DuckEngine().run("SELECT * FROM numbers", {"numbers": NUMBERS}) as result:
        assert (result.columns, list(result.rows())) == (NUMBERS.columns, list(NUMBERS.rows))


def test_a_small_table_may_be_empty() -> None:
    tables = {"nothing": Rows(("a", "b"))}
    with DuckEngine().run("SELECT a || 'x', b FROM nothing", tables) as result:
        assert list(result.rows()) == []


def test_many_rows_come_all(tmp_path: Path) -> None:
    with DuckEngine().run("SELECT range AS n FROM range(20000)", {}) as result:
        assert [row[0] for row in result.rows()] == list(range(20_000))


@pytest.mark.parametrize("folder", ["a*b", "what?", "[ab]", "it's", "a {b}"])
def test_signs_in_a_path_are_letters(tmp_path: Path, folder: str) -> None:
    with DuckEngine().run("SELECT * FROM n", {"n": numbers(tmp_path / folder)}) as result:
        assert len(list(result.rows())) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_parquet('{other}')",
        "COPY (SELECT 1) TO '{folder}/written.csv'",
        "ATTACH '{folder}/new.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '20GB'",
        "SELECT * FROM read_text('/etc/hostname')",
    ],
)
def test_nothing_else_is_in_reach(tmp_path: Path, statement: str) -> None:
    given, other = numbers(tmp_path / "given"), numbers(tmp_path / "other")
    sql = statement.format(other=other, folder=tmp_path)
    with pytest.raises(CannotRun), DuckEngine().run(sql, {"numbers": given}) as result:
        list(result.rows())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["given", "other"]
    with DuckEngine().run("SELECT count(*) FROM numbers", {"numbers": given}) as result:
        assert list(result.rows()) == [(2,)]


def test_a_table_that_is_no_parquet_is_a_sentence_without_its_bytes(tmp_path: Path) -> None:
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"00-DB-12-34-56-78-90-A1" * 10)
    with pytest.raises(CannotRun) as stopped, DuckEngine().run("SELECT 1", {"broken": broken}):
        pass
    assert "00-DB" not in stopped.value.sentence + stopped.value.hint


def test_a_column_that_is_missing_is_a_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(CannotRun, match="has not the columns"),
        DuckEngine().run("SELECT nothing FROM numbers", {"numbers": numbers(tmp_path)}),
    ):
        pass


def test_what_does_not_fit_into_memory_goes_to_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sql = "SELECT md5(range::VARCHAR) AS d FROM range(1500000) ORDER BY d LIMIT 3 OFFSET 1400000"
    with DuckEngine(memory="60MB").run(sql, {}) as result:
        assert len(list(result.rows())) == 3
    assert list(tmp_path.iterdir()) == []


def test_the_engine_is_named() -> None:
    assert open_engine("duckdb") == DuckEngine()


@pytest.mark.parametrize("name", ["", "DuckDB", "spark://", "spark://host", "local[2]",
                                  "spark://host:1;x", "spark://h:7077 --conf x=y"])  # fmt: skip
def test_another_engine_is_a_wrong_call(name: str) -> None:
    with pytest.raises(UsageProblem):
        open_engine(name)
