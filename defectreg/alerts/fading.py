"""Whether what was reported has ended: a record's combination, compared once more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from defectreg.alerts.correlating import TESTED_PREMISES, Area
from defectreg.alerts.explaining import RATIO, Cell, added
from defectreg.alerts.statistics import compare
from defectreg.alerts.suppressing import REGION
from defectreg.register.devices import (
    Combination,
    Coverage,
    NotationError,
    covers,
    parse_combination,
)

_LEVELS = {
    frozenset({"ESME"}): "esme",
    frozenset({"GSME"}): "gsme",
    frozenset({"CHF"}): "hub",
    frozenset({"ESME", "CHF"}): "esme-hub",
}
"""Device Types of a combination → the level whose cells it covers; any other: the full ones."""


class Now(StrEnum):
    """How it stands with what was reported."""

    ENDED = "ended"
    """The rate is surely, at 95 %, within RATIO times that of the rest of the region."""
    GONE = "gone"
    """No premises of the region has the combination in these days."""
    STILL = "still"
    """Still surely over RATIO, though another finding explains it."""
    UNKNOWN = "unknown"
    """Too few premises or alerts, or none to compare with: it may be either."""


def now(
    areas: Mapping[str, Area], affected: tuple[Combination, ...], region: str, code: str
) -> Now:
    """How an alert code stands in a region with a record's combinations."""
    area = areas.get(region)
    entries = [entry for entry in affected if not entry.regions or region in entry.regions]
    if area is None or not entries:
        return Now.UNKNOWN
    cells = max(
        (_covered(area, entry, region) for entry in entries),
        key=lambda each: _premises(area, each),
    )
    premises = _premises(area, cells)
    if not premises:
        return Now.GONE
    if premises < TESTED_PREMISES or code not in area.said:
        return Now.UNKNOWN
    inside = added(area.sums(cell, code) for cell in cells)
    found = compare([(inside, area.sums(REGION, code) - inside)])
    if found.high <= RATIO:
        return Now.ENDED
    return Now.STILL if found.low > RATIO else Now.UNKNOWN


def _premises(area: Area, cells: Sequence[Cell]) -> int:
    """How many premises cells have that have none in common."""
    return sum(area.exposure[cell].premises for cell in cells)


def _covered(area: Area, entry: Combination, region: str) -> list[Cell]:
    """The cells of one level that an entry covers in a region; they have no premises in common."""
    types = frozenset("CHF" if each.type == "GPF" else each.type for each in entry.devices)
    level = _LEVELS.get(types, "combination")
    exact = (level, str(entry.without_regions()))
    return [exact] if exact in area.exposure else list(_matching(area, level, entry, region))


def _matching(area: Area, level: str, entry: Combination, region: str) -> Iterator[Cell]:
    for cell in area.exposure:
        if cell[0] == level and cell[1]:
            installed = combination_of(cell, region)
            if installed is not None and covers(entry, installed) is Coverage.YES:
                yield cell


def combination_of(cell: Cell, region: str) -> Combination | None:
    """A cell of a region as a combination; None where it is not one of the notation."""
    try:
        return parse_combination(f"{cell[1]} in {region}")
    except NotationError:
        return None
