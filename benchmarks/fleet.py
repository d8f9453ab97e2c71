"""A seeded generator of invented fleets: what an inventory's snapshot holds, of any size.

``python -m benchmarks.fleet DIR [--devices N] [--seed S]`` makes DIR an inventory whose snapshot
holds the tables ``devices``, ``asn``, ``cpl`` and ``products``. Same seed, number and version of
DuckDB, same rows in the same order. ``benchmarks.fleet_files`` writes a fleet as others send it.

A premises has a Communications Hub (CHF and GPF), an electricity meter, four times in five a gas
meter and three times in five a PPMID. Some ESMEs are recorded wrongly, each in one of the ways
that ``recordings`` tells, so that every outcome of ``inventory diff`` has Devices.
"""

from __future__ import annotations

import argparse
import datetime
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defectreg.store.inventory.places import locked, open_inventory
from defectreg.store.inventory.snapshot import Snapshot, drafting, find_current, publish

if TYPE_CHECKING:
    import duckdb

DEVICES_A_PREMISES = 4.4
DRAWS = 1000
"""Chances are counted in thousandths."""
VARIANTS = (
    *("A", "B", "C", "AD", "BD", "CD", "ADE", "BDE", "CDE", "ADF", "BDF", "CDF", "ADEF"),
    *("BDEF", "CDEF", "ADG", "ADEG", "AF", "BF", "CF", "AEF", "BEF", "CEF", "AG", "AEG"),
)
OLDER = VARIANTS[:9]
SUPPLIERS = tuple(f"90-B3-D5-1F-30-01-00-{number:02X}" for number in range(8))
REGIONS = {"North": 300, "Central": 270, "South": 300, "4G North": 30, "4G Central": 40,
           "4G South": 30, "SMETS1": 20, "Unknown": 10}  # fmt: skip
STATUSES = {"Commissioned": 860, "InstalledNotCommissioned": 40, "Whitelisted": 30, "Pending": 30,
            "Decommissioned": 20, "Withdrawn": 8, "Suspended": 6, "Recovery": 3,
            "Recovered": 3}  # fmt: skip
CPL_STATUSES = {"Active": 880, "Expired": 60, "Withdrawn": 40, "Cancelled": 20}
MODELS = {"ESME": 120, "CHF": 24, "GSME": 60, "PPMID": 30}
"""How many of each there are."""
_SMETS = {"CHF": "CHTS V1.4", "GPF": "CHTS V1.4"}

TABLES = ("devices", "asn", "cpl", "products")
MADE = datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Product:
    """A model in one firmware; ``variant`` is what an ESME then is, else ''."""

    device_type: str
    manufacturer: str
    model: str
    firmware: str
    smets_version: str
    variant: str
    cpl_status: str
    """'' where it is not on the list."""


@dataclass(frozen=True)
class Mapped:
    """A line of the product map: firmware as a pattern, and the versions it stands for."""

    manufacturer: str
    model: str
    firmware: str
    lowest: str
    highest: str
    variant: str


class Catalogue:
    """The invented products, what the list and the product map say of them, and their shares."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.products: list[Product] = []
        self.map: list[Mapped] = []
        for device_type, number in MODELS.items():
            for name in self.random.sample(range(8 * 400), number):
                self._add(device_type, f"FF{name % 8 + 1:02X}", name // 8)

    def _add(self, device_type: str, manufacturer: str, number: int) -> None:
        """A model with its firmware in bands; in the next band the meter may do other things."""
        # The models and versions that the generated registers have records of.
        model = f"{number % 40:08X}" if device_type == "CHF" else f"{number:04X}0100"
        smets = _SMETS.get(device_type) or self.random.choice(["2.0", "4.2", "5.0"]).join(
            ["SMETS V", ""]
        )
        base = self._chosen({"A": 750, "B": 150, "C": 100})
        is_mapped = self.random.random() < 0.94
        for band in sorted(self.random.sample(range(9), self.random.choice([1, 2, 2, 3]))):
            variant = self._variant(base) if device_type == "ESME" else ""
            for version in sorted(self.random.sample(range(64), self.random.choice([1, 1, 2]))):
                status = "" if self.random.random() < 0.03 else self._chosen(CPL_STATUSES)
                firmware = f"{band:04X}{version:04X}"
                self.products.append(
                    Product(device_type, manufacturer, model, firmware, smets, variant, status)
                )
            if variant and is_mapped and self.random.random() < 0.98:
                self.map.append(self._line(manufacturer, model, band, variant))

    def _variant(self, base: str) -> str:
        likely = {code: 60 if code in OLDER else 6 for code in VARIANTS if code[0] == base}
        return self._chosen(likely)

    def _line(self, manufacturer: str, model: str, band: int, variant: str) -> Mapped:
        lowest, highest = f"{band:04X}0000", f"{band:04X}FFFF"
        firmware = self.random.choice([f"{band:04X}*", f"{lowest}..{highest}"])
        return Mapped(manufacturer, model, firmware, lowest, highest, variant)

    def _chosen(self, weights: dict[str, int]) -> str:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def draws(self) -> Iterator[tuple[str, int, Product]]:
        """For each Device Type and thousandth a product: some are common, most are rare."""
        for device_type in MODELS:
            found = [one for one in self.products if one.device_type == device_type]
            self.random.shuffle(found)
            weights = [1 / (place + 3) for place in range(len(found))]
            drawn = self.random.choices(found, weights, k=DRAWS)
            yield from ((device_type, draw, product) for draw, product in enumerate(drawn))


def recordings(variant: str) -> Iterator[str]:
    """What stands in the inventory for an ESME that is ``variant``, for each thousandth.

    64 in a thousand without load control, 24 without boost, 12 with load control and 8 with boost
    that it has not, 6 with another base letter, 5 without any variant, 10 as an older system
    writes it; where that is no variant or no other one, as it is.
    """
    base, functions = variant[0], set(variant[1:])
    wrong = [(64, base, functions - {"D"}), (24, base, functions - {"E"}),
             (12, base, functions | {"D"}), (8, base, functions | {"E"}),
             (6, "B" if base == "A" else "A", functions),
             (10, base, functions - {"F", "G"})]  # fmt: skip
    for times, letter, having in wrong:
        code = letter + "".join(sorted(having))
        yield from [code if code in VARIANTS else variant] * times
    yield from [""] * 5
    yield from [variant] * (DRAWS - sum(times for times, _, _ in wrong) - 5)


def write_tables(folder: Path, devices: int, seed: int = 1) -> dict[str, Path]:
    """The four tables of a fleet of about so many Devices, in this folder; their paths by name."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    made = Catalogue(seed)
    paths = {name: folder / f"{name}.parquet" for name in TABLES}
    premises = max(1, round(devices / DEVICES_A_PREMISES))
    with duckdb.connect() as database:
        # Joins as they are written, so that rows come in the order of premises at every size.
        database.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        _lists(database, made)
        for name, select in (
            ("devices", _DEVICES.format(seed=int(seed), slots=premises * 5)),
            ("asn", _ASN.format(seed=int(seed), devices=_quoted(paths["devices"]))),
            ("cpl", _CPL),
            ("products", _PRODUCTS),
        ):
            database.execute(f"COPY ({select}) TO {_quoted(paths[name])} (FORMAT parquet)")
    return paths


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _lists(database: duckdb.DuckDBPyConnection, made: Catalogue) -> None:
    """Small tables: what is drawn for a Device, and the lists themselves."""
    _fill(database, "product_map", "manufacturer model firmware lowest highest variant",
          [(m.manufacturer, m.model, m.firmware, m.lowest, m.highest, m.variant)
           for m in made.map])  # fmt: skip
    _fill(database, "product",
          "device_type draw manufacturer model firmware smets_version variant cpl_status",
          [(device_type, draw, p.manufacturer, p.model, p.firmware, p.smets_version, p.variant,
            p.cpl_status) for device_type, draw, p in made.draws()])  # fmt: skip
    _fill(database, "listed", "device_type manufacturer model firmware cpl_status smets_version",
          sorted({(p.device_type, p.manufacturer, p.model, p.firmware, p.cpl_status,
                   p.smets_version) for p in made.products if p.cpl_status}))  # fmt: skip
    _fill(database, "recording", "variant draw recorded",
          [("", draw, "") for draw in range(DRAWS)]
          + [(variant, draw, recorded) for variant in VARIANTS
             for draw, recorded in enumerate(recordings(variant))])  # fmt: skip
    for name, weights in (("region", REGIONS), ("status", STATUSES)):
        drawn = [word for word, times in weights.items() for _ in range(times)]
        _fill(database, name, f"draw {name}", list(enumerate(drawn)))


def _fill(
    database: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Sequence[tuple[object, ...]]
) -> None:
    import pyarrow as pa

    by_column = zip(*rows, strict=True)
    table = pa.table(dict(zip(columns.split(), map(list, by_column), strict=True)))
    database.register("filling", table)
    database.execute(f"CREATE TABLE {name} AS SELECT * FROM filling")
    database.unregister("filling")


_DEVICES = """
WITH slot AS (
    SELECT range AS n, range // 5 AS p, range % 5 AS place,
           hash(range, {seed}, 1) AS luck, hash(range // 5, {seed}, 2) AS lot
    FROM range({slots})
),
present AS (
    SELECT *, ['CHF', 'GPF', 'ESME', 'GSME', 'PPMID'][place + 1] AS device_type
    FROM slot
    WHERE place <= 2 OR (place = 3 AND luck % 10 < 8) OR (place = 4 AND luck % 10 < 6)
),
drawn AS (
    SELECT present.*, product.* EXCLUDE (device_type, draw), region.region, status.status,
           recording.recorded, hash(luck, 3) AS chance, hash(luck, 4) AS second,
           printf('%016X', (219::BIGINT << 48) + (18::BIGINT << 40)
                  + ((n * 2654435761 + {seed}) % 1099511627776)) AS hex
    FROM present
    JOIN product ON product.draw = CASE WHEN place <= 1 THEN hash(lot, 5) ELSE luck // 64 END % 1000
        AND product.device_type = if(place = 1, 'CHF', present.device_type)
    JOIN region ON region.draw = lot % 1000
    JOIN status ON status.draw = CASE WHEN place <= 1 THEN 0 ELSE hash(luck, 6) END % 1000
    JOIN recording ON recording.variant = product.variant
        AND recording.draw = hash(luck, 7) % 1000
),
told AS (
    SELECT *, chance % 1000 AS odd,
           90 + (lot // 8192) % 2400 AS days_in, hash(lot, 8) % 100 AS change,
           (lot // 1024) % 8 AS owner
    FROM drawn
)
SELECT
    concat_ws('-', hex[1:2], hex[3:4], hex[5:6], hex[7:8], hex[9:10], hex[11:12], hex[13:14],
              hex[15:16]) AS device_id,
    device_type,
    status AS device_status,
    manufacturer,
    CASE WHEN place = 2 AND odd < 2 THEN ltrim(model, '0')
         WHEN place = 2 AND odd = 2 THEN '' ELSE model END AS model,
    if(region = 'SMETS1' AND place >= 2, 'SMETS V1.2', smets_version) AS smets_version,
    if(place = 2 AND odd BETWEEN 3 AND 7, '', firmware) AS firmware,
    if(cpl_status = '', '', 'Active') AS firmware_status,
    cpl_status,
    if(status = 'Commissioned' OR status[1:3] IN ('Dec', 'Sus', 'Rec'),
       strftime(DATE '2019-06-01' + days_in::INTEGER, '%Y-%m-%d'), '') AS date_commissioned,
    if(device_type = 'ESME', recorded, '') AS esme_variant,
    region,
    '4.2' AS gbcs_version,
    if(device_type = 'CHF', if(lot % 4 = 0, 'Dual Band', 'Single Band'), '') AS han_variant,
    if(odd BETWEEN 8 AND 12 OR status = 'Pending', '',
       '90-B3-D5-1F-30-01-00-0' || owner::VARCHAR) AS supplier,
    if(odd BETWEEN 8 AND 12 OR status = 'Pending', '',
       strftime(DATE '2019-06-01' + (days_in + change * 3)::INTEGER, '%Y-%m-%d'))
        AS supplier_since,
    '90-B3-D5-1F-30-01-00-0' || (if(change < 30, (owner + 1 + change % 7) % 8, owner))::VARCHAR
        AS prenotified_by,
    CASE WHEN place <> 2 OR second % 100 < 40 THEN ''
         WHEN second % 1000 = 999 THEN if(variant[1] = 'A', 'B', 'A')
         ELSE variant[1] END AS base_letter,
    if(second % 4 = 0, strftime(DATE '2023-01-01' + (second % 900)::INTEGER, '%Y-%m-%d'), '')
        AS firmware_since,
    p + 1 AS premises
FROM told
"""

_ASN = """
SELECT 'ASN-' || printf('%06d', (row_number() OVER () - 1) // 2000) AS asn_id,
       (row_number() OVER () - 1) % 2000 + 2 AS line,
       device_id, device_type, manufacturer, model, firmware, smets_version,
       CASE WHEN device_type <> 'ESME' OR hash(device_id, {seed}, 9) % 2 = 0
                 OR truth.variant IS NULL THEN esme_variant ELSE truth.variant END AS esme_variant,
       strftime(DATE '2019-01-01' + (((row_number() OVER () - 1) // 2000) % 2400)::INTEGER,
                '%Y-%m-%d') AS ship_date
FROM read_parquet({devices}) device
LEFT JOIN (SELECT DISTINCT manufacturer, model, firmware, variant FROM product
           WHERE device_type = 'ESME') truth USING (manufacturer, model, firmware)
WHERE device_type IN ('ESME', 'GSME')
"""

_CPL = "SELECT * FROM listed"

_PRODUCTS = """
SELECT manufacturer, model, firmware, lowest, highest, variant AS esme_variant,
       'invented for a benchmark' AS source
FROM product_map
"""


def make_inventory(folder: Path, devices: int, seed: int = 1) -> Snapshot:
    """An inventory in this folder with a snapshot of a fleet; made once, and then found."""
    inventory = open_inventory(folder)
    found = find_current(inventory)
    if found is not None:
        return found
    with locked(inventory), drafting(inventory) as draft:
        write_tables(draft.folder, devices, seed)
        draft.rows.update({name: rows_of(draft.file(name)) for name in TABLES})
        return publish(inventory, draft, f"{MADE:%Y-%m-%d}", MADE, ["invented"])


def rows_of(table: Path) -> int:
    """How many rows a Parquet file has."""
    import pyarrow.parquet as parquet

    return int(parquet.read_metadata(table).num_rows)


def main() -> None:
    """Makes an inventory, and says how many rows its tables have."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    snapshot = make_inventory(given.folder, given.devices, given.seed)
    for name, rows in snapshot.rows.items():
        print(f"{name}: {rows:,} rows, {snapshot.tables[name]}")


if __name__ == "__main__":
    main()
