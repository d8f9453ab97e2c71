"""The same work without this program: DuckDB, SQLite and expat alone, each in a few lines.

``python benchmarks/bare.py diff|scan|insert|expat FILE…``. As a program of its own, so that start,
time and memory are told as those of ``defectreg`` are.
"""

from __future__ import annotations

import csv
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

PIECE = 1 << 20

DIFF = """
WITH esme AS (
    SELECT * FROM read_parquet($devices)
    WHERE device_type = 'ESME'
        AND device_status IN ('Commissioned', 'InstalledNotCommissioned', 'Whitelisted')
)
SELECT
    esme.device_status, esme.manufacturer, esme.model, esme.firmware, esme.region, esme.supplier,
    esme.esme_variant AS recorded, products.esme_variant AS implied,
    CASE
        WHEN NOT regexp_matches(esme.firmware, '^[0-9A-Fa-f]{8}$')
            OR NOT regexp_matches(esme.model, '^[0-9A-Fa-f]{8}$')
            OR esme.esme_variant = '' THEN 'cannot be judged'
        WHEN products.esme_variant IS NULL THEN 'no entry in the product map'
        WHEN cpl.model IS NULL THEN 'not on the list'
        WHEN esme.base_letter NOT IN ('', esme.esme_variant[1]) THEN 'base letter differs'
        WHEN esme.esme_variant = products.esme_variant THEN 'agrees'
        WHEN esme.region = 'SMETS1' THEN 'not correctable'
        ELSE 'disagrees'
    END AS outcome,
    contains(products.esme_variant, 'D') AND NOT contains(esme.esme_variant, 'D') AS lacks_control,
    contains(products.esme_variant, 'E') AND NOT contains(esme.esme_variant, 'E') AS lacks_boost,
    count(*) AS devices
FROM esme
LEFT JOIN read_parquet($products) products
    ON upper(products.manufacturer) = upper(esme.manufacturer)
    AND upper(products.model) = upper(esme.model)
    AND upper(esme.firmware) BETWEEN products.lowest AND products.highest
LEFT JOIN read_parquet($cpl) cpl
    ON upper(cpl.manufacturer) = upper(esme.manufacturer)
    AND upper(cpl.model) = upper(esme.model) AND upper(cpl.firmware) = upper(esme.firmware)
GROUP BY ALL
ORDER BY devices DESC
"""
"""The question of ``inventory diff``, as one would type it: Device by Device, then counted."""

SCAN = """
WITH device AS (
    SELECT premises, device_type, upper(manufacturer) AS manufacturer, upper(model) AS model,
        upper(firmware) AS firmware, region
    FROM read_parquet($devices)
),
hub AS (SELECT * FROM device WHERE device_type = 'CHF'),
known AS (
    SELECT entries.record, device.manufacturer, device.model, device.firmware,
        hub.manufacturer AS hub_manufacturer, hub.model AS hub_model, hub.firmware AS hub_firmware,
        device.region, device.premises
    FROM read_parquet($entries) entries
    JOIN device
        ON device.device_type = entries.device_type
        AND device.manufacturer = entries.manufacturer AND device.model = entries.model
        AND device.firmware BETWEEN entries.lowest AND entries.highest
        AND entries.region IN ('', device.region)
    LEFT JOIN hub ON hub.premises = device.premises
    WHERE entries.hub_model = ''
        OR (hub.manufacturer = entries.hub_manufacturer AND hub.model = entries.hub_model)
)
SELECT record, manufacturer, model, firmware, hub_manufacturer, hub_model, hub_firmware, region,
    count(DISTINCT premises) AS premises
FROM known
GROUP BY ALL
ORDER BY record, premises DESC
"""
"""The question of ``scan``: entries against Devices, with the Communications Hub of each."""


def ask(sql: str, **tables: str) -> int:
    """The rows of an answer, read to the end."""
    import duckdb

    with duckdb.connect() as database:
        answer = database.execute(sql, tables)
        return sum(len(rows) for rows in iter(lambda: answer.fetchmany(10_000), []))


def insert(rows: Path, database: Path) -> int:
    """The rows of a CSV file into a table, in one transaction that is on the disc at the end.

    With the indexes of a journal: one request is one row, and a Device's are found.
    """
    with rows.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        columns = next(reader)
        connection = sqlite3.connect(database, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"CREATE TABLE request ({', '.join(columns)})")
            connection.execute("CREATE UNIQUE INDEX by_id ON request (request_id)")
            connection.execute("CREATE INDEX by_device ON request (device_id)")
            connection.execute("BEGIN IMMEDIATE")
            places = ", ".join("?" * len(columns))
            done = connection.executemany(f"INSERT INTO request VALUES ({places})", reader)
            connection.execute("COMMIT")
            return done.rowcount
        finally:
            connection.close()


def parse(file: Path) -> int:
    """A document by expat, with handlers of elements and text that do nothing but count."""
    counted = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal counted
        counted += 1

    parser = expat.ParserCreate("UTF-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: None
    parser.CharacterDataHandler = lambda text: None
    for piece in _pieces(file):
        parser.Parse(piece, False)
    parser.Parse(b"", True)
    return counted


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(PIECE):
            yield piece


def main() -> None:
    """Does what is named, and says how many rows or elements there were."""
    work, *files = sys.argv[1:]
    if work == "diff":
        print(ask(DIFF, devices=files[0], products=files[1], cpl=files[2]))
    elif work == "scan":
        print(ask(SCAN, devices=files[0], entries=files[1]))
    elif work == "insert":
        print(insert(Path(files[0]), Path(files[1])))
    else:
        print(parse(Path(files[0])))


if __name__ == "__main__":
    main()
