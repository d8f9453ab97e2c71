"""Kept alerts for tests: premises with combinations, and what they sent on which day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from defectreg.store.inventory.places import open_inventory
from defectreg.store.inventory.snapshot import arrow_of, write_snapshot
from defectreg.store.tables.duck import DuckEngine
from defectreg.store.tables.engine import Row, Table, Value, read_sql

START = datetime.date(2026, 6, 1)
NOW = datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC)
GOOD_HUB = "CHF:FF02/00020001@00020001"
BAD_HUB = "CHF:FF02/00020001@00020002"
METERS = tuple(f"ESME:FF01/0001010{number}@00010001" for number in range(4))
EXPOSURE = ("premises", "region", "esme", "gsme", "hub", "esme_hub", "combination",
            "first_day", "last_day")  # fmt: skip


@dataclass(frozen=True)
class Stay:
    """A premises with a combination, from one day to another, counted from START."""

    premises: int
    hub: str = GOOD_HUB
    esme: str = METERS[0]
    gsme: str = ""
    first: int = 0
    last: int = 27
    region: str = "North"

    def row(self) -> tuple[object, ...]:
        both = f"{self.hub} + {self.esme}" if self.hub and self.esme else ""
        whole = " + ".join(sorted(filter(None, (self.hub, self.esme, self.gsme))))
        return (self.premises, self.region, self.esme, self.gsme, self.hub, both, whole,
                day(self.first), day(self.last))  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """What a premises sent of a code on a day."""

    premises: int
    alerts: int = 1
    day: int = 0
    code: str = "8F1E"


def day(number: int) -> datetime.date:
    return START + datetime.timedelta(number)


def fleet(share: Mapping[str, int], each: int = 100) -> tuple[list[Stay], list[Sent]]:
    """Premises of both Hubs with each meter: of a hundred with a Hub so many send one alert.

    On each of the 28 days a premises with the good Hub and another code alerts, so that every day
    was loaded.
    """
    stays: list[Stay] = []
    sent: list[Sent] = []
    for hub in (GOOD_HUB, BAD_HUB):
        for esme in METERS:
            for number in range(each):
                premises = len(stays)
                stays.append(Stay(premises, hub, esme))
                if number * 100 // each < share.get(hub, 0):
                    sent.append(Sent(premises, 1 + number % 3, number % 28))
    return stays, [*sent, *(Sent(0, 1, number, "8F35") for number in range(28))]


def keep(folder: Path, stays: Iterable[Stay], sent: Iterable[Sent]) -> Path:
    """An inventory folder with a snapshot, its exposure, and these alerts."""
    import pyarrow
    import pyarrow.parquet

    inventory = open_inventory(folder, {})
    snapshot = write_snapshot(
        inventory, {"devices": [arrow_of("devices", [])]}, "2026-08-31", NOW, ["test"]
    )
    exposure = folder / "alerts" / "exposure"
    exposure.mkdir(parents=True)
    columns = list(zip(*(stay.row() for stay in stays), strict=True))
    table = pyarrow.table([pyarrow.array(column) for column in columns], names=list(EXPOSURE))
    pyarrow.parquet.write_table(table, exposure / f"{snapshot.id}.parquet")
    for number, of_day in _by_day(sent):
        partition = folder / "alerts" / f"day={day(number).isoformat()}"
        partition.mkdir()
        names = ["premises", "device_type", "alert_code", "alerts"]
        rows = [(each.premises, "ESME", each.code, each.alerts) for each in of_day]
        arrays = [pyarrow.array(column) for column in zip(*rows, strict=True)]
        pyarrow.parquet.write_table(pyarrow.table(arrays, names=names), partition / "1.parquet")
    return folder


def _by_day(sent: Iterable[Sent]) -> Iterator[tuple[int, Sequence[Sent]]]:
    days: dict[int, list[Sent]] = {}
    for each in sent:
        days.setdefault(each.day, []).append(each)
    yield from sorted(days.items())


def answer(
    file: str,
    folder: Path,
    parameters: Mapping[str, Value],
    more: Mapping[str, Table] | None = None,
) -> list[Row]:
    """The rows with which a SQL file answers of an inventory folder, on DuckDB."""
    from defectreg.store.alerts.asking import open_kept

    kept = open_kept(open_inventory(folder, {}), None, None, 90)
    sql = kept.views + read_sql("defectreg.alerts", file)
    with DuckEngine().run(sql, {**kept.tables, **(more or {})}, parameters) as result:
        return list(result.rows())


def window() -> dict[str, Value]:
    """The parameters of ``correlate.sql`` for all days."""
    return {"since": START.isoformat(), "until": day(89).isoformat()}
