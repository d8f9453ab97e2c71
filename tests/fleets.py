"""Small invented fleets with a product map, a Central Products List and ASN lines, for tests."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from defectreg.inventory.differing import Difference, answered, tables_of
from defectreg.store.inventory.places import Inventory
from defectreg.store.inventory.snapshot import (
    ASN,
    CPL,
    DEVICES,
    PRODUCTS,
    Snapshot,
    arrow_of,
    write_snapshot,
)
from defectreg.store.tables.duck import DuckEngine
from tests.journals import AS_OF, esme

Said = Mapping[str, str | int | None]


def entry(variant: str = "AD", lowest: str = "00010000", highest: str = "0001FFFF",
          **said: str) -> dict[str, str]:  # fmt: skip
    """A line of the product map, of the model that ``esme`` has."""
    return {"manufacturer": "FF01", "model": "00010100", "firmware": f"{lowest}..{highest}",
            "lowest": lowest, "highest": highest, "esme_variant": variant,
            "source": "a letter", **said}  # fmt: skip


def listed(firmware: str = "00010203", **said: str) -> dict[str, str]:
    """A line of the Central Products List."""
    return {"device_type": "ESME", "manufacturer": "FF01", "model": "00010100",
            "firmware": firmware, "cpl_status": "Active", "smets_version": "5.0",
            **said}  # fmt: skip


def shipped(device_id: str, variant: str, **said: str | int) -> dict[str, str | int | None]:
    """A line of an ASN."""
    return {"asn_id": "ASN-1", "line": 2, "device_id": device_id, "device_type": "ESME",
            "manufacturer": "FF01", "model": "00010100", "firmware": "00010203",
            "esme_variant": variant, "ship_date": "2025-01-01", **said}  # fmt: skip


def load_fleet(
    folder: Path,
    devices: Iterable[Said],
    products: Iterable[Said] = (entry(),),
    cpl: Iterable[Said] | None = None,
    asn: Iterable[Said] | None = None,
) -> Snapshot:
    """Make these the newest snapshot; None: such a list was never loaded."""
    given = {DEVICES: devices, PRODUCTS: products, CPL: cpl, ASN: asn}
    tables = {name: [arrow_of(name, rows)] for name, rows in given.items() if rows is not None}
    now = datetime.datetime.fromisoformat(f"{AS_OF}T12:00:00+00:00")
    return write_snapshot(Inventory(folder), tables, AS_OF, now)


@contextmanager
def asked(snapshot: Snapshot, proposed: Iterable[tuple[str, str]] = ()) -> Iterator[Difference]:
    """The answer of ``diff`` of a snapshot."""
    with answered(DuckEngine(), tables_of(snapshot, proposed)) as result:
        yield Difference(snapshot, result)


def judgement(folder: Path, *, cpl: Iterable[Said] | None = None, asn: Iterable[Said] | None = None,
              products: Iterable[Said] = (entry(),), proposed: Iterable[tuple[str, str]] = (),
              **said: str) -> dict[str, str]:  # fmt: skip
    """What is found of the good ESME with something changed; empty where it agrees."""
    from defectreg.inventory.differing import FOUND

    snapshot = load_fleet(folder, [esme(1, **said)], products, cpl, asn)
    with asked(snapshot, proposed) as difference:
        rows = [dict(zip(FOUND, row, strict=True)) for row in difference.found()]
        assert len(rows) == difference.summary.devices - difference.summary.of("agrees")
    return rows[0] if rows else {}
