"""Spark adds up alerts as DuckDB does: the same rows, by a digest of them sorted."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from defectreg.register.devices import REGIONS
from defectreg.store.alerts.asking import open_kept
from defectreg.store.alerts.keeping import exposure_file, numbers_file
from defectreg.store.alerts.workbench import RAW
from defectreg.store.inventory.places import open_inventory
from defectreg.store.tables.engine import Row, Table, Value, many, open_engine, read_sql
from tests.alerts import BAD_HUB, GOOD_HUB, Sent, Stay, keep, window
from tests.loading_alerts import device, inventory_of, load, row
from tests.loading_alerts import snapshot as write
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
        return digest_of(result.rows(), 3)


def digest_of(rows: Iterable[Row], more_than: int) -> str:
    lines = sorted(map(repr, map(tuple, rows)))
    assert len(lines) > more_than
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


def logged(number: int) -> tuple[str, ...]:
    """A row of a log, of which there is something to say."""
    chosen = random.Random(number)
    return (
        str(number),
        chosen.choice(("", " ", "'")) + chosen.choice((device(number % 9), "no Device")),
        chosen.choice(("8F1E", "8f1e", "0x8F35", "n12", "")),
        chosen.choice(("2026-06-02T08:00:00Z", "3/6/2026 9:30", "2026-02-30", "2099-01-01", "")),
        chosen.choice(("", "north", "South", "Mars")),
        chosen.choice(("", "3", "'7", "-1", "4294967296")),
    )


def asked_in_turn(engine: str, tables: Mapping[str, Table]) -> Iterator[str]:
    """The digest of what each file of a load answers."""
    premises, exposure, gather, place, doubt, cover = (
        read_sql("defectreg.alerts", f"{name}.sql")
        for name in ("premises", "exposure", "gather", "place", "doubt", "cover")
    )
    with open_engine(engine).run(premises, tables) as result:
        yield digest_of(result.rows(), 9)
        stays = "CREATE OR REPLACE TEMP VIEW before AS SELECT * FROM stays;\n"
        told = result.ask(stays + exposure, {"as_of": "2026-06-20"})
        yield digest_of(told.rows(), 5)
        yield digest_of(result.ask(gather + place + "SELECT * FROM said").rows(), 20)
        [[uncovered]] = result.ask(doubt + cover, {"first": "2026-06-02"}).rows()
        assert uncovered
        yield str(uncovered)


def test_load_places_and_adds_up_the_same(cluster: Cluster, tmp_path: Path) -> None:
    inventory = inventory_of(
        tmp_path, *(row(number, kind) for number in range(6) for kind in ("CHF", "ESME"))
    )
    old = load(inventory).snapshot
    changed = [row(number, kind, premises=number and 6 - number, firmware="00010002",
                   firmware_since="2026-06-03", region="South")
               for number in range(8) for kind in ("CHF", "ESME")]  # fmt: skip
    new = write(inventory, [*changed, row(8, premises=None)], "2026-06-20")
    load(inventory)
    kinds = (("ESME", "FF01"), ("CHF", "FF02"))
    names = ("device_type", "manufacturer", "model", "firmware", "text")
    tables: dict[str, Table] = {
        "devices": inventory.folder / "snapshots" / new / "devices.parquet",
        "before": numbers_file(inventory, old),
        "stays": exposure_file(inventory, old),
        "numbers": numbers_file(inventory, new),
        "exposure": exposure_file(inventory, new),
        "texts": many([[*kind, "00010100", "00010002", kind[0]] for kind in kinds], *names),
        "raw": many(map(logged, range(400)), "place", *RAW),
        "limits": many([["2010-01-01", "2026-11-23"]], "earliest", "latest"),
        "regions": many([[region.upper()] for region in REGIONS], "text"),
    }
    here = list(asked_in_turn("duckdb", tables))
    assert list(asked_in_turn(cluster.master, tables)) == here
