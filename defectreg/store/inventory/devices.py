"""What a snapshot says of some of its Devices, by their ids."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from defectreg.register.errors import CannotRun
from defectreg.register.inventory.changes import JUDGED
from defectreg.register.inventory.device import InventoryDevice
from defectreg.store.tables.duck import opened

_MEMORY = "1GB"
_ALIKE = f"""
SELECT {", ".join(f"devices.{name}" for name in JUDGED)}, list(asked.place) AS places
FROM asked JOIN read_parquet($file) AS devices USING (device_id)
GROUP BY ALL
"""  # noqa: S608 - names of our own columns
_ONE = "SELECT * FROM read_parquet($file) WHERE device_id = $device_id LIMIT 1"


def find_alike(file: Path, device_ids: Sequence[str]) -> Sequence[InventoryDevice | None]:
    """What ``devices.parquet`` says of each of these Devices, in their order; None where nothing.

    Only what the rule looks at (``JUDGED``), and without the Device's id: Devices of which the
    same is said are one and the same value, however many there are.
    """
    import pyarrow as pa

    asked = pa.table({"place": range(len(device_ids)), "device_id": device_ids})
    found: list[InventoryDevice | None] = [None] * len(device_ids)
    with _engine(file) as engine:
        engine.register("asked", asked)
        for batch in engine.sql(_ALIKE, params={"file": str(file)}).to_arrow_reader():
            for said in batch.to_pylist():
                places = said.pop("places")
                device = InventoryDevice("", **said)
                for place in places:
                    found[place] = device
    return found


def find_device(file: Path, device_id: str) -> InventoryDevice | None:
    """All that ``devices.parquet`` says of a Device; None where it does not have it."""
    with _engine(file) as engine:
        found = engine.sql(_ONE, params={"file": str(file), "device_id": device_id})
        rows = found.to_arrow_table().to_pylist()
        return InventoryDevice(**rows[0]) if rows else None


@contextmanager
def _engine(file: Path) -> Iterator[Any]:
    """DuckDB, which may read that one file and nothing else."""
    import duckdb

    with (
        tempfile.TemporaryDirectory(prefix="defectreg-") as folder,
        opened(_MEMORY, Path(folder), [file]) as engine,
    ):
        try:
            yield engine
        except duckdb.Error as error:
            raise CannotRun(
                f"{file} cannot be read: {type(error).__name__}",
                "`defectreg inventory load` makes a new snapshot",
            ) from error
