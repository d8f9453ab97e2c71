"""A portfolio of a snapshot: what is alike was counted when it was loaded."""

from __future__ import annotations

from collections.abc import Iterator

from defectreg.inventory.portfolio.groups import Group, Hub, Kinds, Portfolio, region_of
from defectreg.inventory.portfolio.reading import given_of
from defectreg.store.inventory.alike import GROUPS, KINDS, Alike
from defectreg.store.tables.engine import DUCKDB, Row, Rows, open_engine, read_sql

_COLUMNS = ("place", "hub", "matters")
_KINDS = """
SELECT device_type, manufacturer, model, firmware, devices, gone FROM kinds ORDER BY place
"""


class SnapshotGroups:
    """The groups of a snapshot's Devices, asked for once it is known which kinds matter."""

    def __init__(self, alike: Alike, kinds: Kinds) -> None:
        self.devices = 0
        self.gone = 0
        self.regrouped = 0
        """Known once the groups were asked for."""
        self._alike, self._kinds = alike, kinds
        self._places: list[int] = []
        """By the place of a kind in the snapshot, its place among all kinds."""
        with (
            alike.kinds_file() as listed,
            open_engine(DUCKDB).run(_KINDS, {KINDS: listed}) as found,
        ):
            for row in found.rows():
                self._note(row)

    def portfolio(self, name: str) -> Portfolio:
        """What it says is installed."""
        return Portfolio(name, "", self.groups, self.devices, self.gone, lambda: self.regrouped)

    def groups(self, matters: frozenset[int]) -> Iterator[tuple[Group, int]]:
        """The groups, of kinds that matter; the others are left out of them."""
        self.regrouped = 0
        told, sql = self._table(matters), read_sql("defectreg.inventory.portfolio", "groups.sql")
        with (
            self._alike.groups_file() as groups,
            open_engine(DUCKDB).run(sql, {GROUPS: groups, KINDS: told}) as found,
        ):
            for places, region, hub, is_premises, number, regrouped in found.rows():
                self.regrouped += int(regrouped or 0)
                kinds = tuple(sorted(self._places[int(place)] for place in str(places).split()))
                group = Group(kinds, region_of(str(region)), Hub(int(hub or 0)), bool(is_premises))
                yield group, int(number or 0)

    def _note(self, row: Row) -> None:
        *texts, devices, gone = row
        place = self._kinds.place(given_of(*map(str, texts)))
        self._places.append(place)
        installed = int(devices or 0) - int(gone or 0)
        self._kinds.installed[place] += installed
        self.devices += installed
        self.gone += int(gone or 0)

    def _table(self, matters: frozenset[int]) -> Rows:
        rows = tuple(
            (str(number), str(int(self._kinds.hub_of(place))), "yes" if place in matters else "no")
            for number, place in enumerate(self._places)
        )
        return Rows(_COLUMNS, rows)
