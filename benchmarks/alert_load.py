"""How long ``alerts load`` takes beside the same as bare DuckDB SQL, its memory, and a day more.

``python -m benchmarks.alert_load [--premises N] [--alerts MILLIONS] [--folder DIR]`` makes an
inventory and logs of 30 days as CSV; loads the first 29 of them at once, then the last alone, then
that again; and has DuckDB make the files of the 29. Each runs in a process of its own.
"""

from __future__ import annotations

import argparse
import datetime
import tempfile
from pathlib import Path

from benchmarks.measuring import in_own_process

DAYS = 30
CODES = 20
_DEVICES = """
SELECT
    device_id, device_type, 'Commissioned' AS device_status, manufacturer, model,
    '' AS smets_version, firmware, '' AS firmware_status, '' AS cpl_status,
    '2025-01-01' AS date_commissioned, '' AS esme_variant, region, '' AS gbcs_version,
    '' AS han_variant, '' AS supplier, '' AS supplier_since, '' AS prenotified_by,
    '' AS base_letter, '' AS firmware_since, premises
FROM (
    SELECT
        premises, kind.device_type, kind.manufacturer,
        regexp_replace(printf('%016X', kind.number * 1000000000000 + premises),
            '(..)(..)(..)(..)(..)(..)(..)(..)', '\\1-\\2-\\3-\\4-\\5-\\6-\\7-\\8') AS device_id,
        lpad(CAST(hash(premises, kind.number) % kind.models AS VARCHAR), 8, '0') AS model,
        '0001000' || CAST(hash(premises, 8) % 3 AS VARCHAR) AS firmware,
        ['North', 'Central', 'South'][1 + CAST(hash(premises, 1) % 3 AS INTEGER)] AS region
    FROM (SELECT range + 1 AS premises FROM range({premises})) AS homes, (
        VALUES ('CHF', 'FF02', 1, 6), ('ESME', 'FF01', 2, 100), ('GSME', 'FF03', 3, 12)
    ) AS kind(device_type, manufacturer, number, models)
)
"""
_LOG = """
SELECT
    regexp_replace(printf('%016X', 2000000000000 + home),
        '(..)(..)(..)(..)(..)(..)(..)(..)', '\\1-\\2-\\3-\\4-\\5-\\6-\\7-\\8') AS "Device ID",
    '8F' || lpad(CAST(hash(range, {day}, 2) % {codes} AS VARCHAR), 2, '0') AS "Alert code",
    '2026-06-{day:02}T' || lpad(CAST(hash(range, 3) % 24 AS VARCHAR), 2, '0') || ':30:00Z' AS "Time"
FROM (
    SELECT range, CAST(1 + hash(range, {day}, 1) % {premises} AS BIGINT) AS home FROM range({rows})
)
"""
_BARE = """
CREATE TEMP TABLE said AS
SELECT
    logs.filename AS source, CAST("Time"[:10] AS DATE) AS day, premises, device_type,
    "Alert code" AS alert_code, CASE WHEN premises IS NULL THEN "Device ID" END AS device_id,
    count(*) AS alerts
FROM read_csv($logs, all_varchar = true, filename = true) AS logs
LEFT JOIN read_parquet($devices) AS devices ON devices.device_id = "Device ID"
GROUP BY ALL;

COPY (
    SELECT premises, device_type, alert_code, alerts, source, day
    FROM said
    WHERE premises IS NOT NULL
    ORDER BY day, alert_code, premises
) TO '{out}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (day));

COPY (SELECT device_id, sum(alerts) FROM said WHERE premises IS NULL GROUP BY ALL ORDER BY ALL)
TO '{out}-unplaced.csv';

COPY (SELECT alert_code, sum(alerts) FROM said GROUP BY ALL ORDER BY ALL) TO '{out}-codes.csv';

COPY (
    SELECT
        premises, min(region) FILTER (device_type = 'CHF') AS region, {texts},
        concat(hub, ' + ', esme) AS esme_hub, concat_ws(' + ', hub, esme, gsme) AS combination,
        max(CAST(date_commissioned AS DATE)) AS first_day, DATE '9999-12-31' AS last_day
    FROM read_parquet($devices)
    GROUP BY premises
    ORDER BY premises
) TO '{out}-exposure.parquet' (FORMAT parquet, COMPRESSION zstd);

COPY (SELECT device_id, device_type, premises, region FROM read_parquet($devices) ORDER BY premises)
TO '{out}-premises.parquet' (FORMAT parquet, COMPRESSION zstd)
"""
"""The same files as a load makes of logs in which nothing is wrong, and looks at nothing."""
_TEXTS = ", ".join(
    f"min(concat('{device}:', manufacturer, '/', model, '@', firmware)) "
    f"FILTER (device_type = '{device}') AS {name}"
    for device, name in (("ESME", "esme"), ("GSME", "gsme"), ("CHF", "hub"))
)


def make(folder: Path, premises: int, rows: int) -> None:
    """An inventory with a snapshot, and a log for each day."""
    import duckdb

    from defectreg.store.inventory.places import open_inventory
    from defectreg.store.inventory.snapshot import write_snapshot

    now = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)
    (folder / "logs").mkdir(parents=True)
    with duckdb.connect() as database:
        devices = database.sql(_DEVICES.format(premises=premises)).to_arrow_table()
        inventory = open_inventory(folder / "inventory", {})
        write_snapshot(inventory, {"devices": [devices]}, "2026-07-01", now, ["made"])
        for day in range(1, DAYS + 1):
            query = _LOG.format(day=day, premises=premises, codes=CODES, rows=rows // DAYS)
            file = folder / "logs" / f"{day:02}.csv"
            database.execute(f"COPY ({query}) TO '{file}' (FORMAT csv, HEADER)")


def loaded(folder: Path, logs: list[Path]) -> None:
    """What the command does, without printing."""
    from defectreg.alerts.loading import Asked, load_alerts
    from defectreg.store.inventory.places import open_inventory

    asked = Asked(datetime.date(2026, 7, 1))
    done = load_alerts(open_inventory(folder / "inventory", {}), logs, asked)
    print(f"    {sum(file.alerts for file in done.files):,} alerts", flush=True)


def bare(folder: Path, logs: list[Path]) -> None:
    """The same answers, written down as one would."""
    import duckdb

    with duckdb.connect() as database:
        database.execute("SET memory_limit = '6GB'")
        database.execute(f"SET temp_directory = '{folder}/spill'")
        devices = next((folder / "inventory" / "snapshots").glob("*/devices.parquet"))
        given = {"logs": list(map(str, logs)), "devices": str(devices)}
        sql = _BARE.format(out=folder / "bare", texts=_TEXTS)
        for statement in database.extract_statements(sql):
            wanted = {name: given[name] for name in statement.named_parameters}
            database.execute(statement, wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--premises", type=int, default=1_000_000)
    parser.add_argument("--alerts", type=float, default=100.0, help="rows of the logs, in millions")
    parser.add_argument("--folder", type=Path, help="where to make them; kept afterwards")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="alert-load-") as made:
        folder = asked.folder or Path(made)
        if not (folder / "logs").exists():
            in_own_process("made", lambda: make(folder, asked.premises, int(asked.alerts * 1e6)))
        *logs, last = sorted((folder / "logs").iterdir())
        ours = in_own_process("29 days", lambda: loaded(folder, logs))
        in_own_process("a day more", lambda: loaded(folder, [last]))
        in_own_process("the same again", lambda: loaded(folder, [last]))
        print(f"ratio {ours / in_own_process('bare', lambda: bare(folder, logs)):.2f}")


if __name__ == "__main__":
    main()
