"""A portfolio of combinations that a person typed."""

from __future__ import annotations

from collections.abc import Sequence

from defectreg.inventory.portfolio.groups import Kinds, Portfolio, counted
from defectreg.inventory.portfolio.reading import read_typed
from defectreg.register.devices import Combination


def portfolio_of_typed(combinations: Sequence[Combination], kinds: Kinds) -> Portfolio:
    """Each of these as a premises that has its Devices."""
    premises = [
        ([kinds.add(read_typed(device, pads=kinds.pads)) for device in each.devices], each.regions)
        for each in combinations
    ]
    for places, _ in premises:
        kinds.installed.update(places)
    found = counted(premises, {}, kinds)
    return Portfolio("typed", "", lambda matters: found.items(), sum(len(p) for p, _ in premises))
