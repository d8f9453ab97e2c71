"""Spark answers what DuckDB answers: the same rows, by a digest of them sorted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from benchmarks.fleet import make_inventory
from defectreg.inventory.differing import answered, tables_of
from defectreg.register.errors import CannotRun
from defectreg.store.inventory.snapshot import Snapshot
from defectreg.store.tables.engine import Engine, Row, open_engine
from tests.journals import device_id, inventory
from tests.spark.cluster import Cluster

DEVICES = 10_000


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return make_inventory(tmp_path_factory.mktemp("fleet"), DEVICES)


@pytest.fixture(autouse=True)
def environment(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in cluster.environment.items():
        monkeypatch.setenv(name, value)


def digest(rows: Iterable[Row]) -> tuple[int, str]:
    """How many rows there are, and what is left of them in whatever order they came."""
    lines = sorted(json.dumps(row) for row in rows)
    return len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()


def answers(engine: Engine, snapshot: Snapshot) -> Iterator[tuple[int, str]]:
    """The digest of the summary, and of the Devices that do not agree."""
    proposed = [(device_id(1), "AD"), ("00-DB-12-01-3C-6E-F3-63", "AD")]
    with answered(engine, tables_of(snapshot, proposed)) as result:
        yield digest(result.rows())
        yield digest(result.ask("SELECT * FROM found").rows())


def test_diff_finds_the_same(cluster: Cluster, snapshot: Snapshot) -> None:
    here = list(answers(open_engine("duckdb"), snapshot))
    assert all(number > 50 for number, _ in here)
    assert list(answers(open_engine(cluster.master), snapshot)) == here


def test_the_program_says_the_same(cluster: Cluster, snapshot: Snapshot) -> None:
    folder = snapshot.folder.parent.parent
    here = inventory(folder, "diff", "--json")
    there = inventory(folder, "diff", "--json", "--engine", cluster.master)
    assert (there.code, there.out) == (here.code, here.out)
    assert json.loads(there.out)["outcomes"]["differs"]["devices"] > 0


def test_a_table_that_a_worker_cannot_read_is_a_sentence(cluster: Cluster, tmp_path: Path) -> None:
    engine = open_engine(cluster.master)
    with (
        pytest.raises(CannotRun, match="Spark stopped"),
        engine.run("SELECT * FROM n", {"n": tmp_path / "none.parquet"}),
    ):
        pass
