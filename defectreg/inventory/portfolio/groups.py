"""What is installed: combinations that are alike, each once, and how many there are of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

from defectreg.inventory.portfolio.reading import Given, Reading, read_device
from defectreg.register.devices import DEVICE_TYPES, OTHER_HALF, REGIONS
from defectreg.register.notation import upper

GONE = frozenset({"DECOMMISSIONED", "WITHDRAWN"})
"""Values of Device Status, in upper case, of Devices that are installed no longer."""
_ANY_TYPE, _HALVES, _NONE = frozenset(DEVICE_TYPES), frozenset(OTHER_HALF), frozenset[str]()
_REGIONS = {upper(region): (region,) for region in REGIONS}


class Hub(IntEnum):
    """What is given of the Communications Hub of a premises."""

    MISSING = 0
    IN_DOUBT = 1
    """Something of it cannot be read."""
    READ = 2


@dataclass(frozen=True, slots=True)
class Group:
    """Installed combinations that are alike in all that matters."""

    kinds: tuple[int, ...]
    """The place of each Device among the kinds, sorted: of two alike the same twice."""
    regions: tuple[str, ...]
    """The CSP Region; none where it is not given, or where the Devices disagree. Of a combination
    that was typed all that were."""
    hub: Hub
    is_premises: bool
    """Whether its Devices are those of a premises; else it is one Device, and others are there."""


Groups: TypeAlias = Iterable[tuple[Group, int]]
"""Groups, and how many installed combinations each of them is."""


@dataclass(slots=True)
class Kinds:
    """The Devices that differ in type, manufacturer, model or firmware, as they are given."""

    pads: bool = False
    readings: list[Reading] = field(default_factory=list)
    installed: Counter[int] = field(default_factory=Counter)
    """By the place of a kind, how many Devices of it are installed."""
    _places: dict[Given, int] = field(default_factory=dict)

    def place(self, given: Given) -> int:
        """Its place among the readings; what was given before has the same one."""
        place = self._places.get(given)
        return self.add(read_device(given, pads=self.pads)) if place is None else place

    def add(self, reading: Reading) -> int:
        """The place of a Device that was read otherwise."""
        if reading.given not in self._places:
            self._places[reading.given] = len(self.readings)
            self.readings.append(reading)
        return self._places[reading.given]

    @property
    def mended(self) -> int:
        """How many identifiers of Devices got their zeros back."""
        return sum(self.readings[place].mended * number for place, number in self.installed.items())

    def hub(self, kinds: Iterable[int]) -> Hub:
        """What these Devices say of a Communications Hub."""
        return max((self.hub_of(place) for place in kinds), default=Hub.MISSING)

    def hub_of(self, place: int) -> Hub:
        """What a Device says of a Communications Hub."""
        reading = self.readings[place]
        if not reading.is_hub:
            return Hub.MISSING
        return Hub.IN_DOUBT if reading.problems else Hub.READ


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What a source says is installed."""

    name: str
    """Of the file, or what was typed."""
    layout: str
    """In which of its forms it was read, in words; empty where there is only one."""
    groups: Callable[[frozenset[int]], Groups]
    """Of the kinds that matter, all groups; other kinds may be left out of them."""
    devices: int = 0
    gone: int = 0
    """Devices left out, because their status says that they are installed no longer."""
    regrouped: Callable[[], int] = lambda: 0
    """Once the groups were asked for: Devices taken alone, because too many were of one premises.
    """
    personal: tuple[str, ...] = ()
    """Names of columns of personal data, that were not read."""


def region_of(text: str) -> tuple[str, ...]:
    """The region that a cell names; none where it names none that is known."""
    return _REGIONS.get(upper(" ".join(text.split())), ())


def agreed(texts: Iterable[str]) -> tuple[str, ...]:
    """The region that Devices of one premises name, each by a text of its own; none where they
    disagree."""
    said = {upper(text.strip()) for text in texts} - {""}
    return region_of(said.pop()) if len(said) == 1 else ()


def is_gone(status: str) -> bool:
    """Whether a Device with this status is installed no longer."""
    return upper(status.strip()) in GONE


def counted(
    premises: Iterable[tuple[Sequence[int], tuple[str, ...]]],
    alone: Mapping[tuple[int, str], int],
    kinds: Kinds,
) -> Counter[Group]:
    """The groups of premises, given as kinds and regions, and of Devices without premises.

    Of those their kind and region, '' where that is not given, and how many there are.
    """
    found: Counter[Group] = Counter()
    for places, regions in premises:
        found[Group(tuple(sorted(places)), regions, kinds.hub(places), True)] += 1
    for (place, region), number in alone.items():
        found[Group((place,), region_of(region), kinds.hub_of(place), False)] += number
    return found


def without_doubled_halves(group: Group, kinds: Kinds) -> Iterator[int]:
    """The Devices of a group; of a Communications Hub only halves that can be read, if one can.

    Both carry the same manufacturer, model and firmware (DUIS 5.4, GBCS).
    """
    for place in group.kinds:
        reading = kinds.readings[place]
        if group.hub is not Hub.READ or not reading.is_hub or not reading.problems:
            yield place


def types_perhaps_there(group: Group, places: Collection[int], kinds: Kinds) -> frozenset[str]:
    """The Device Types of which the premises may have a Device that cannot be looked for."""
    if not group.is_premises:
        return _ANY_TYPE
    if not places:
        return _HALVES if group.hub is Hub.MISSING else _NONE
    doubts = frozenset().union(*(kinds.readings[place].types_in_doubt for place in places))
    if group.hub is Hub.MISSING or not doubts.isdisjoint(OTHER_HALF):
        return doubts | _HALVES
    return doubts
