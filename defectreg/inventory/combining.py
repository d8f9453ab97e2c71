"""Combination: what is installed with a Device, in the notation, without anybody's Device ID."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from defectreg.inventory.portfolio.groups import is_gone, region_of
from defectreg.inventory.portfolio.reading import Reading, given_of, read_device
from defectreg.register.devices import OTHER_HALF, REGIONS, Combination
from defectreg.register.errors import CannotRun
from defectreg.store.inventory.alike import MOST_IN_PREMISES
from defectreg.store.inventory.places import Inventory
from defectreg.store.inventory.snapshot import DEVICES, open_current
from defectreg.store.tables.engine import DUCKDB, Value, open_engine, read_sql

_UNKNOWN = "Unknown"
_GIVEN = ("device_type", "manufacturer", "model", "firmware")


@dataclass(frozen=True, slots=True)
class Installed:
    """The Devices of a premises, or a Device of which the premises is not known."""

    combination: Combination | None
    """None where of no Device manufacturer and model can be read."""
    problems: tuple[tuple[str, str], ...]
    """Device Types of which something cannot be read, each with what: a sentence."""
    has_hub: bool
    """Whether it has a Communications Hub."""


def combinations_with(inventory: Inventory, device_id: str) -> list[Installed]:
    """What is installed with a Device: each premises where the snapshot has it, alike ones once.

    ``device_id`` in upper case. Empty where the snapshot does not have it. Raises CannotRun.
    """
    devices = open_current(inventory).table(DEVICES)
    sql = read_sql("defectreg.inventory", "combination.sql")
    parameters: dict[str, Value] = {"device_id": device_id, "most": MOST_IN_PREMISES + 1}
    with open_engine(DUCKDB).run(sql, {"devices": devices}, parameters) as found:
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows()]
    return list(dict.fromkeys(_installed(rows)))


def _installed(rows: Iterable[Mapping[str, Value]]) -> Iterator[Installed]:
    for _, group in groupby(rows, key=lambda row: row["place"]):
        there = list(group)
        if len(there) > MOST_IN_PREMISES:
            raise CannotRun(
                f"more than {MOST_IN_PREMISES} Devices are said to be of one premises with it",
                "load the extract again, with another column that says what is of one premises",
            )
        there = [row for row in there if not is_gone(str(row["device_status"]))]
        if there:
            yield _of_rows(there)


def _of_rows(rows: Sequence[Mapping[str, Value]]) -> Installed:
    readings = [read_device(given_of(*(str(row[name]) for name in _GIVEN))) for row in rows]
    devices = tuple(_one_of_each_hub(readings))
    regions = {region for row in rows for region in region_of(str(row["region"]))} - {_UNKNOWN}
    where = tuple(sorted(regions, key=REGIONS.index))
    problems = tuple((each.given.type, "; ".join(each.problems)) for each in readings
                     if each.problems)  # fmt: skip
    return Installed(
        Combination(tuple(each.device for each in devices if each.device), where)
        if devices
        else None,
        problems,
        any(each.is_hub for each in devices),
    )


def _one_of_each_hub(readings: Sequence[Reading]) -> Iterator[Reading]:
    """Those that can be read; of a Communications Hub whose halves are alike, the CHF."""
    hubs = {str(each.device).partition(":")[2] for each in readings if each.given.type == "CHF"}
    for each in readings:
        is_other_half = each.given.type in OTHER_HALF and each.given.type != "CHF"
        if each.device is None:
            continue
        if not is_other_half or str(each.device).partition(":")[2] not in hubs:
            yield each
