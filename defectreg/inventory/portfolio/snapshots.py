"""A portfolio of a snapshot: what is alike is counted where the rows are, by DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from defectreg.inventory.portfolio.groups import (
    MOST_IN_PREMISES,
    Group,
    Hub,
    Kinds,
    Portfolio,
    region_of,
)
from defectreg.inventory.portfolio.reading import given_of
from defectreg.store.tables.engine import DUCKDB, Row, Rows, Table, open_engine, read_sql

_PACKAGE = "defectreg.inventory.portfolio"
_COLUMNS = ("device_type", "manufacturer", "model", "firmware", "place", "hub", "matters")


class SnapshotGroups:
    """The groups of a snapshot's Devices, asked for once it is known which kinds matter."""

    def __init__(self, devices: Path, kinds: Kinds) -> None:
        self.devices = 0
        self.gone = 0
        self.regrouped = 0
        """Known once the groups were asked for."""
        self._devices, self._kinds = devices, kinds
        self._places: dict[tuple[str, ...], int] = {}
        sql = read_sql(_PACKAGE, "kinds.sql")
        with open_engine(DUCKDB).run(sql, {"devices": devices}) as found:
            for row in found.rows():
                self._note(row)

    def portfolio(self, name: str) -> Portfolio:
        """What it says is installed."""
        return Portfolio(name, "", self.groups, self.devices, self.gone, lambda: self.regrouped)

    def groups(self, matters: frozenset[int]) -> Iterator[tuple[Group, int]]:
        """The groups, of kinds that matter; the others are left out of them."""
        tables: dict[str, Table] = {"devices": self._devices, "kinds": self._table(matters)}
        sql = read_sql(_PACKAGE, "groups.sql")
        with open_engine(DUCKDB).run(sql, tables, {"most": MOST_IN_PREMISES}) as found:
            for places, region, hub, is_premises, number, regrouped in found.rows():
                self.regrouped += int(regrouped or 0)
                kinds = tuple(sorted(map(int, str(places).split())))
                where = region_of(str(region))
                yield (
                    Group(kinds, where, Hub(int(str(hub))), is_premises == "yes"),
                    int(number or 0),
                )

    def _note(self, row: Row) -> None:
        *texts, devices, gone = row
        given = tuple(map(str, texts))
        place = self._places[given] = self._kinds.place(given_of(*given))
        installed = int(devices or 0) - int(gone or 0)
        self._kinds.installed[place] += installed
        self.devices += installed
        self.gone += int(gone or 0)

    def _table(self, matters: frozenset[int]) -> Rows:
        rows = tuple(
            (*given, str(place), str(int(self._kinds.hub_of(place))),
             "yes" if place in matters else "no")
            for given, place in self._places.items()
        )  # fmt: skip
        return Rows(_COLUMNS, rows)
