"""DuckDB for a load: what it reaches, and what it does with files that are not what they seem."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.store.alerts.workbench import constant, quoted, workbench
from defectreg.store.tables.engine import many

TEXTS = {"device_id": "column0"}


def test_it_reaches_its_files_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    log, other = tmp_path / "log.csv", tmp_path / "other.csv"
    for file in (log, other):
        file.write_text("a\n1\n", "utf-8")
    with workbench(tmp_path / "kept", tmp_path / "kept", [log]) as bench:
        bench.read_csv_log(log, 1, ",", TEXTS, False)
        assert [row[1] for row in bench.rows("SELECT * FROM raw")] == ["1"]
    with (
        pytest.raises(CannotRun, match="cannot be read"),
        workbench(tmp_path / "kept", tmp_path / "kept", [log]) as bench,
    ):
        bench.read_csv_log(other, 1, ",", TEXTS, False)


def test_rows_are_placed_by_their_lines(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("a\nx\ny\n", "utf-8")
    with workbench(tmp_path, tmp_path, [log]) as bench:
        bench.read_csv_log(log, 1, ",", TEXTS, True)
        rows = [row[:2] for row in bench.rows("SELECT * FROM raw ORDER BY place")]
    assert rows == [(2, "x"), (3, "y")]


def test_a_file_that_is_not_as_it_was_said_to_be_is_not_read(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("a,b\nx\n", "utf-8")
    with workbench(tmp_path, tmp_path, [log]) as bench:
        bench.read_csv_log(log, 2, ",", TEXTS, False)
        assert not bench.is_read("CREATE TEMP TABLE said AS SELECT * FROM raw")
        bench.read_csv_log(log, 1, ";", TEXTS, False)
        assert bench.is_read("CREATE TEMP TABLE said AS SELECT * FROM raw")


def test_what_is_kept_is_readable_to_its_owner_alone(tmp_path: Path) -> None:
    with workbench(tmp_path, tmp_path, []) as bench:
        bench.fill("words", many([["it's"], ['"']], "text"))
        file = bench.keep("SELECT * FROM words", "kept.parquet")
        bench.view("again", [file])
        assert sorted(bench.rows("SELECT * FROM again")) == [('"',), ("it's",)]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_names_and_texts_are_quoted(tmp_path: Path) -> None:
    with workbench(tmp_path, tmp_path, []) as bench:
        name, text = quoted('a" b'), constant("' OR 1")
        assert list(bench.rows(f"SELECT {name} FROM (SELECT {text} AS {name})")) == [("' OR 1",)]
