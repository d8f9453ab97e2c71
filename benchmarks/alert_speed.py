"""How long ``alerts correlate`` takes beside the same question as bare DuckDB SQL, and its memory.

``python -m benchmarks.alert_speed [--premises N] [--alerts MILLIONS]`` makes kept alerts of 30 days
in a temporary folder, one row a premises, code and day; then asks both, each in its own process.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.measuring import in_own_process

DAYS = 30
CODES = 20
_EXPOSURE = """
SELECT
    premises, region, esme, gsme, hub,
    concat(hub, ' + ', esme) AS esme_hub,
    concat(hub, ' + ', esme, CASE WHEN gsme = '' THEN '' ELSE ' + ' END, gsme) AS combination,
    first_day, last_day
FROM (
    SELECT
        premises,
        ['North', 'Central', 'South'][1 + CAST(hash(premises, 1) % 3 AS INTEGER)] AS region,
        'ESME:FF01/' || lpad(CAST(hash(premises, 2) % 100 AS VARCHAR), 8, '0') || '@00010001'
            AS esme,
        CASE WHEN hash(premises, 3) % 5 = 0 THEN '' ELSE
            'GSME:FF03/' || lpad(CAST(hash(premises, 4) % 12 AS VARCHAR), 8, '0') || '@00010001'
        END AS gsme,
        'CHF:FF02/' || lpad(CAST(hash(premises, 5) % 6 AS VARCHAR), 8, '0') || '@0001000'
            || part AS hub,
        CASE part WHEN 1 THEN DATE '2026-06-01' ELSE DATE '2026-06-01' + days END AS first_day,
        CASE WHEN part = 1 AND days < 30 THEN DATE '2026-06-01' + days - 1
            ELSE DATE '2026-06-30' END AS last_day
    FROM (
        SELECT
            range AS premises, part,
            CASE WHEN hash(range, 6) % 10 = 0 THEN 5 + CAST(hash(range, 7) % 20 AS INTEGER)
                ELSE 30 END AS days
        FROM range({premises}), (VALUES (1), (2)) AS parts(part)
    ) WHERE part = 1 OR days < 30
)
"""
_ALERTS = """
SELECT
    CAST(hash(range, {day}, 1) % {premises} AS BIGINT) AS premises, 'ESME' AS device_type,
    '8F' || lpad(CAST(hash(range, {day}, 2) % {codes} AS VARCHAR), 2, '0') AS alert_code,
    CAST(1 + hash(range, {day}, 3) % 3 AS BIGINT) AS alerts
FROM range({rows})
"""
_BARE = """
CREATE TABLE said AS
SELECT
    a.premises, region, alert_code, esme, gsme, hub, esme_hub, combination,
    CAST(sum(alerts) AS BIGINT) AS alerts, min(day) AS first_day, max(day) AS last_day
FROM read_parquet($alerts, hive_partitioning = true) AS a
JOIN exposure AS e ON e.premises = a.premises AND a.day BETWEEN e.first_day AND e.last_day
GROUP BY ALL;
CREATE TABLE exposed AS
SELECT region, esme, gsme, hub, esme_hub, combination, count(DISTINCT premises) AS premises,
    sum(date_diff('day', first_day, last_day) + 1) AS days
FROM exposure
GROUP BY GROUPING SETS ((region), (region, esme), (region, gsme), (region, hub),
    (region, esme_hub), (region, esme, gsme, hub, esme_hub, combination));
SELECT region, alert_code, esme, gsme, hub, esme_hub, combination,
    count(DISTINCT premises), sum(alerts), sum(alerts * alerts), min(first_day), max(last_day)
FROM said
GROUP BY GROUPING SETS ((region, alert_code), (region, alert_code, esme),
    (region, alert_code, gsme), (region, alert_code, hub), (region, alert_code, esme_hub),
    (region, alert_code, esme, gsme, hub, esme_hub, combination))
"""


def make(folder: Path, premises: int, rows: int) -> None:
    """Kept alerts and exposure in an inventory's folder, with an empty snapshot."""
    import datetime

    import duckdb

    from defectreg.store.inventory.places import open_inventory
    from defectreg.store.inventory.snapshot import arrow_of, write_snapshot

    now = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)
    tables = {"devices": [arrow_of("devices", [])]}
    snapshot = write_snapshot(open_inventory(folder, {}), tables, "2026-07-01", now, ["made"])
    (folder / "alerts" / "exposure").mkdir(parents=True)
    with duckdb.connect() as database:
        file = folder / "alerts" / "exposure" / f"{snapshot.id}.parquet"
        database.execute(f"COPY ({_EXPOSURE.format(premises=premises)}) TO '{file}'")
        for day in range(1, DAYS + 1):
            partition = folder / "alerts" / f"day=2026-06-{day:02}"
            partition.mkdir()
            query = _ALERTS.format(day=day, premises=premises, codes=CODES, rows=rows // DAYS)
            database.execute(f"COPY ({query}) TO '{partition / '1.parquet'}'")


def ours(folder: Path) -> int:
    """What the command does, without printing."""
    from defectreg.alerts.correlating import MEMORY, correlate, read_areas
    from defectreg.store.alerts.asking import open_kept
    from defectreg.store.inventory.places import open_inventory
    from defectreg.store.tables.engine import open_engine, read_sql

    kept = open_kept(open_inventory(folder, {}), None, None, DAYS)
    window = {"since": kept.days[0].isoformat(), "until": kept.days[-1].isoformat()}
    sql = kept.views + read_sql("defectreg.alerts", "correlate.sql")
    with open_engine("duckdb", MEMORY).run(sql, kept.tables, window) as answer:
        areas = read_areas(answer.rows())
    print(f"    SQL after {time.process_time():.1f} s of processors", flush=True)
    return len(correlate(areas, len(kept.days), 5).results)


def bare(folder: Path) -> int:
    """The same question, written down as one would."""
    import duckdb

    with duckdb.connect() as database:
        exposure = next((folder / "alerts" / "exposure").glob("*.parquet"))
        database.execute("SET memory_limit = '6GB'")
        database.execute(f"SET temp_directory = '{folder}/spill'")
        database.execute(f"CREATE VIEW exposure AS SELECT * FROM read_parquet('{exposure}')")
        for statement in database.extract_statements(_BARE):
            wanted = {"alerts": f"{folder}/alerts/day=*/*.parquet"}
            database.execute(statement, {name: wanted[name] for name in statement.named_parameters})
        return len(database.fetchall())


def measured(name: str, folder: Path) -> float:
    """Run one of both in a process of its own; its processor time."""
    asked = {"ours": ours, "bare": bare}[name]
    return in_own_process(name, lambda: print(f"    {asked(folder)} rows", flush=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--premises", type=int, default=1_000_000)
    parser.add_argument("--alerts", type=float, default=100.0, help="rows kept, in millions")
    parser.add_argument("--folder", type=Path, help="where to make them; kept afterwards")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="alerts-") as made:
        folder = asked.folder or Path(made)
        if not (folder / "alerts").exists():
            make(folder, asked.premises, int(asked.alerts * 1e6))
        print(f"ratio {measured('ours', folder) / measured('bare', folder):.2f}")


if __name__ == "__main__":
    main()
