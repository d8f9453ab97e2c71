"""Whether an entry applies to what is installed, also where not all of that is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from defectreg.register.devices import OTHER_HALF, Combination, Coverage, Device, covers


class Applies(StrEnum):
    """Whether an entry applies to an installed combination."""

    YES = "yes"
    POSSIBLY = "possibly"
    """A firmware version or the region is not given, or not as exactly as the entry asks."""
    PARTIAL = "partial"
    """The Devices that are given are in it; of others that it names nothing is known."""


@dataclass(frozen=True, slots=True)
class Match:
    """What of an installed combination an entry is about."""

    applies: Applies
    combination: Combination
    """Its Devices that the entry names, and its regions where the entry names some."""


_ORDER = (Applies.YES, Applies.POSSIBLY, Applies.PARTIAL)
_BY_COVERAGE = {Coverage.YES: Applies.YES, Coverage.POSSIBLY: Applies.POSSIBLY}


def best_match(
    affected: Sequence[Combination], installed: Combination, perhaps: frozenset[str]
) -> Match | None:
    """The match of a record's entry that applies most surely; None where none applies.

    ``perhaps`` are Device Types of which there may be more than is given.
    """
    found = [
        (applies, entry)
        for entry in affected
        if (applies := applies_to(entry, installed, perhaps)) is not None
    ]
    if not found:
        return None
    applies, entry = min(found, key=lambda pair: _ORDER.index(pair[0]))
    return Match(applies, _concerned(entry, installed))


def applies_to(
    entry: Combination, installed: Combination, perhaps: frozenset[str]
) -> Applies | None:  # fmt: skip
    """Whether an entry applies; None where it does not."""
    coverage = covers(entry, installed)
    if coverage is not Coverage.NO:
        return _BY_COVERAGE[coverage]
    if any(covers(part, installed) is not Coverage.NO for part in _parts(entry, perhaps)):
        return Applies.PARTIAL
    return None


def _parts(entry: Combination, perhaps: frozenset[str]) -> Iterator[Combination]:
    """What of an entry has to be there: all but what may be; where that is all, any Device."""
    needed = tuple(device for device in entry.devices if device.type not in perhaps)
    if len(needed) == len(entry.devices):
        return
    for devices in [needed] if needed else [(device,) for device in entry.devices]:
        yield Combination(devices, entry.regions)


def _concerned(entry: Combination, installed: Combination) -> Combination:
    """The installed Devices that an entry names; of a Hub that has both halves given, the CHF."""
    named = [device for device in installed.devices if _is_named(device, entry)]
    hubs = {(device.manufacturer, device.model) for device in named if device.type == "CHF"}
    kept = tuple(
        device
        for device in named
        if device.type != "GPF" or (device.manufacturer, device.model) not in hubs
    )
    return Combination(kept, installed.regions if entry.regions else ())


def _is_named(device: Device, entry: Combination) -> bool:
    products = _products(device)
    return any(
        named.product in products and named.firmware.overlaps(device.firmware)
        for named in entry.devices
    )


def _products(device: Device) -> tuple[str, ...]:
    """Under which it may be named: of half a Communications Hub, also the other half."""
    other = OTHER_HALF.get(device.type)
    product = device.product
    return (product, other + product.removeprefix(device.type)) if other else (product,)
