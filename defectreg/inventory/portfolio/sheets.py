"""A portfolio of the rows of a sheet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from defectreg.formats.columnmap import GROUPING
from defectreg.formats.spreadsheets import NumberCell
from defectreg.inventory.portfolio.groups import (
    Group,
    Kinds,
    Portfolio,
    agreed,
    counted,
    is_gone,
)
from defectreg.inventory.portfolio.layout import Columns, Layout, Slot, layout_of
from defectreg.inventory.portfolio.reading import Given, Reading
from defectreg.register.errors import CannotRun
from defectreg.store.inventory.alike import MOST_IN_PREMISES

_TOO_LONG = Reading(
    Given("", "", "", "", ("row",)),
    None,
    ("its row has more cells than the first line has names, so they may be displaced",),
)
_STEP = 10_000
_LONG = 200
"""Characters of the cells of a Device that are not worth remembering."""


@dataclass(slots=True)
class _Rows:
    """What the rows of a sheet say, as they are read."""

    layout: Layout
    kinds: Kinds
    premises: defaultdict[object, list[int]] = field(default_factory=lambda: defaultdict(list))
    regions: defaultdict[object, set[str]] = field(default_factory=lambda: defaultdict(set))
    alone: Counter[tuple[int, str]] = field(default_factory=Counter)
    gone: int = 0
    _seen: dict[tuple[str, ...], int | None] = field(default_factory=dict)
    """Cells of a Device to the place of its kind, None of no Device: a fleet has few that differ.
    """

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Note the Devices of a row."""
        layout = self.layout
        places = [self.kinds.add(_TOO_LONG)] if layout.is_too_long(cells) else self._places(cells)
        if is_gone(layout.text("device_status", cells)):
            self.gone += len(places)
            return
        region = layout.text("region", cells)
        key = self._key(line, cells)
        if key is None:
            for place in places:
                self.alone[place, region] += 1
        elif places:
            self.premises[key] += places
            self.regions[key].add(region)

    def installed(self) -> Counter[int]:
        """How many Devices there are of each kind."""
        found = Counter(chain.from_iterable(self.premises.values()))
        for (place, _), number in self.alone.items():
            found[place] += number
        return found

    def _places(self, cells: Sequence[str]) -> list[int]:
        found = (self._place(slot, slot.cells(cells)) for slot in self.layout.slots)
        return [place for place in found if place is not None]

    def _place(self, slot: Slot, cells: tuple[str, str, str, str]) -> int | None:
        """The kind of a Device; None where these cells say none."""
        if cells in self._seen and NumberCell not in map(type, cells):
            return self._seen[cells]
        given = slot.read(cells)
        place = None if given is None else self.kinds.place(given)
        if NumberCell not in map(type, cells) and sum(map(len, cells)) < _LONG:
            self._seen[cells] = place
        return place

    def _key(self, line: int, cells: Sequence[str]) -> object:
        """What the Devices of a premises have in common; None where that is not known."""
        text = self.layout.text(GROUPING, cells)
        if text:
            return text
        return line if self.layout.is_premises_a_row else None

    def regroup(self) -> int:
        """Take those alone of which too many are said to be of one premises; how many they are."""
        crowded = [key for key, places in self.premises.items() if len(places) > MOST_IN_PREMISES]
        regrouped = 0
        for key in crowded:
            places, regions = self.premises.pop(key), agreed(self.regions.pop(key))
            self.alone.update((place, "".join(regions)) for place in places)
            regrouped += len(places)
        return regrouped

    def groups(self) -> Counter[Group]:
        """The groups of what was noted."""
        premises = ((places, agreed(self.regions[key])) for key, places in self.premises.items())
        return counted(premises, self.alone, self.kinds)


def portfolio_of_rows(
    name: str,
    rows: Iterable[tuple[int, Sequence[str]]],
    columns: Columns,
    kinds: Kinds,
    step: Callable[[int], None],
) -> Portfolio:
    """What the rows of a sheet, names first, say is installed; ``step`` hears of rows read.

    Raises ColumnMapError where the names do not say what its columns are, CannotRun where it has
    none.
    """
    iterator = iter(rows)
    _, header = next(iterator, (0, ()))
    if not header:
        raise CannotRun(f"{name} has no rows", "its first row are the names of the columns")
    read = _Rows(layout_of(header, columns), kinds)
    for number, (line, cells) in enumerate(iterator, 1):
        read.take(line, cells)
        if number % _STEP == 0:
            step(_STEP)
    regrouped, installed = read.regroup(), read.installed()
    kinds.installed += installed
    found = read.groups()
    return Portfolio(
        name,
        read.layout.words,
        lambda matters: found.items(),
        installed.total(),
        read.gone,
        lambda: regrouped,
        read.layout.personal,
    )
