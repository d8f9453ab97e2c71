"""Spark adds up alerts as DuckDB does: the same rows, by a digest of them sorted."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from defectreg.store.alerts.asking import open_kept
from defectreg.store.inventory.places import open_inventory
from defectreg.store.tables.engine import Value, many, open_engine, read_sql
from tests.alerts import BAD_HUB, GOOD_HUB, Sent, Stay, keep, window
from tests.spark.cluster import Cluster

MODEL = "ESME:FF01/00010100"
OLD, NEW = f"{MODEL}@00010001", f"{MODEL}@00010002"
DAYS = 20


@pytest.fixture(autouse=True)
def environment(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in cluster.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Premises in two regions, of which half change their firmware; storms among them."""
    chosen = random.Random(3)
    stays: list[Stay] = []
    for number in range(300):
        hub, region = chosen.choice((GOOD_HUB, BAD_HUB)), chosen.choice(("North", "South"))
        change = chosen.randrange(8, 12) if number % 2 else DAYS
        stays.append(Stay(number, hub, OLD, last=change - 1, region=region))
        if change < DAYS:
            stays.append(Stay(number, hub, NEW, first=change, last=DAYS - 1, region=region))
    sent = [
        Sent(number, chosen.choice((1, 2, 500)), day, chosen.choice(("8F1E", "8F35")))
        for number in range(300)
        for day in range(DAYS)
        if chosen.random() < 0.1
    ]
    return keep(tmp_path / "i", stays, sent)


def digest(engine: str, file: str, folder: Path, parameters: Mapping[str, Value]) -> str:
    kept = open_kept(open_inventory(folder, {}), None, None, 90)
    tables = {**kept.tables, "codes": many([["8F1E"]], "code")}
    sql = kept.views + read_sql("defectreg.alerts", file)
    with open_engine(engine).run(sql, tables, parameters) as result:
        lines = sorted(map(repr, map(tuple, result.rows())))
    assert len(lines) > 3
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_correlate_adds_up_the_same(cluster: Cluster, folder: Path) -> None:
    here = digest("duckdb", "correlate.sql", folder, window())
    assert digest(cluster.master, "correlate.sql", folder, window()) == here


def test_effect_adds_up_the_same(cluster: Cluster, folder: Path) -> None:
    asked: Mapping[str, Value] = {
        "device": "ESME", "product": MODEL, "took": NEW, "days": DAYS, "least": 7
    }  # fmt: skip
    here = digest("duckdb", "effect.sql", folder, asked)
    assert digest(cluster.master, "effect.sql", folder, asked) == here
