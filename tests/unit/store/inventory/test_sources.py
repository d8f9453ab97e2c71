"""Files that are loaded are found, and read in pieces."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.store.inventory.places import Inventory
from defectreg.store.inventory.sources import files_of, head_of, open_parquet, pieces_of, whole_of


def test_folders_stand_for_their_files_each_once(tmp_path: Path) -> None:
    for name in ("b.csv", "a/c.csv", ".hidden", ".git/config", "a/.x", "own/x.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    inventory = Inventory(tmp_path / "own")
    assert files_of([tmp_path / "b.csv", tmp_path], inventory) == [
        tmp_path / "b.csv",
        tmp_path / "a/c.csv",
    ]


def test_what_is_not_there_is_asked_for(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(UsageProblem):
            files_of([path], Inventory(tmp_path))


def test_pieces_are_the_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(os.urandom(3_000_000))
    assert b"".join(pieces_of(file)) == file.read_bytes() == whole_of(file, 3_000_000)
    assert head_of(file) == file.read_bytes()[:4096]
    with pytest.raises(CannotRun, match="more than 2,999,999 bytes"):
        whole_of(file, 2_999_999)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "absent", Path("/dev/zero")):
        with pytest.raises(CannotRun):
            head_of(path)


def test_parquet_columns_are_texts(tmp_path: Path) -> None:
    file = tmp_path / "file.parquet"
    table = pa.table(
        {
            "text": pa.array(["a", None, "a"]).dictionary_encode(),
            "number": [20120, None, 1],
            "day": pa.array([0, None, 1], pa.date32()),
            "nested": [[1], [], None],
            "MPAN": ["secret"] * 3,
        }
    )
    parquet.write_table(table, file)
    opened = open_parquet(file)
    assert (opened.rows, opened.nested) == (3, frozenset(("nested",)))
    (batch,) = opened.batches(["text", "number", "day"])
    assert batch == {
        "text": ["a", "", "a"],
        "number": ["20120", "", "1"],
        "day": ["1970-01-01", "", "1970-01-02"],
    }
