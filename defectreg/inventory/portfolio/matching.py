"""Every group of a portfolio against the entries of a register: each question is asked once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Protocol, TypeAlias

from defectreg.inventory.portfolio.applying import Match, best_match
from defectreg.inventory.portfolio.groups import (
    Group,
    Hub,
    Kinds,
    types_perhaps_there,
    without_doubled_halves,
)
from defectreg.register.devices import OTHER_HALF, Combination, Device, regions_overlap

_PAIR = 2

_Places: TypeAlias = tuple[int, ...]
"""Of kinds."""
_NONE: _Places = ()
_Entry: TypeAlias = tuple[str, int]
"""A record's id and the place of one of its combinations."""


class Part(Protocol):
    """A Device of an entry."""

    @property
    def record_id(self) -> str: ...
    @property
    def entry(self) -> int: ...
    @property
    def device(self) -> int: ...
    @property
    def devices(self) -> int: ...


class Entries(Protocol):
    """The entries of a register, by their Devices."""

    def met_by(self, device: Device) -> Collection[Part]:
        """The Devices of entries that a Device may be."""

    @property
    def hubs(self) -> Mapping[_Entry, frozenset[int]]:
        """Which Devices of an entry are Communications Hubs."""

    def affected(self, record_id: str) -> Sequence[Combination]:
        """The entries of a record that was read."""

    def read(self, record_ids: Collection[str]) -> None:
        """Read records, together."""


@dataclass(slots=True)
class Tally:
    """How often a record applies in one way."""

    record_id: str
    match: Match
    combinations: int = 0

    @property
    def devices(self) -> int:
        """How many of the Devices are named by the entry, all combinations together."""
        return self.combinations * len(self.match.combination.devices)


@dataclass(slots=True)
class Unjudged:
    """How often a Device is there of which something cannot be read."""

    combinations: int = 0
    devices: int = 0


@dataclass(slots=True)
class Totals:
    """How many installed combinations there are, and what is known of them."""

    combinations: int = 0
    known: int = 0
    not_judged: int = 0
    both: int = 0
    """Of those, the ones of which something is known and something could not be judged."""
    without_hub: int = 0
    """Premises without a Communications Hub."""
    alone: int = 0
    """Devices of which it is not given in which premises they are."""

    @property
    def unknown(self) -> int:
        """Those of which nothing is known."""
        return self.combinations - self.known - self.not_judged + self.both


_Sized: TypeAlias = tuple[str, int, int]
"""An entry, and how many Devices it has."""


@dataclass(frozen=True, slots=True)
class _Met:
    """What a Device may be in entries."""

    records: frozenset[str]
    alone: frozenset[str]
    """Records with an entry of which it may be every Device."""
    parts: Mapping[_Sized, frozenset[int]]
    """Entry → which of its Devices it may be."""
    entries: frozenset[_Sized]
    large: frozenset[_Sized]
    """Those of more than two Devices, which no two kinds settle."""

    @classmethod
    def of(cls, parts: Collection[Part]) -> _Met:
        """What these parts say."""
        found: defaultdict[_Sized, set[int]] = defaultdict(set)
        for part in parts:
            found[part.record_id, part.entry, part.devices].add(part.device)
        return cls(
            frozenset(part.record_id for part in parts),
            frozenset(entry[0] for entry, devices in found.items() if len(devices) == entry[2]),
            {entry: frozenset(devices) for entry, devices in found.items()},
            frozenset(found),
            frozenset(entry for entry in found if entry[2] > _PAIR),
        )


@dataclass
class Matching:
    """Matches groups, one after the other, and counts."""

    kinds: Kinds
    entries: Entries
    totals: Totals = field(default_factory=Totals)
    unjudged: defaultdict[int, Unjudged] = field(default_factory=lambda: defaultdict(Unjudged))
    """By the place of the kind."""
    _tallies: dict[tuple[object, ...], Tally | None] = field(default_factory=dict)
    _where: dict[tuple[str, tuple[str, ...]], tuple[str, ...] | None] = field(default_factory=dict)
    """Record id and regions → those that matter to it; None where no entry of it holds there."""
    _pairs: dict[tuple[int, int], frozenset[str]] = field(default_factory=dict)
    _concerned: dict[tuple[_Places, frozenset[str]], Sequence[tuple[str, _Places]]] = field(
        default_factory=dict
    )
    """Kinds, and what there may be besides → records that may apply, and to which of the kinds."""

    @property
    def tallies(self) -> Iterator[Tally]:
        """What applies, each way once."""
        return (tally for tally in self._tallies.values() if tally and tally.combinations)

    def relevant(self) -> frozenset[int]:
        """The kinds that matter: an entry may name them, or something of them cannot be read."""
        self.entries.read(frozenset().union(*(met.records for met in self._met)))
        return frozenset(
            place for place, met in enumerate(self._met) if met.records or place in self._unreadable
        )

    def take(self, groups: Iterable[tuple[Group, int]]) -> None:
        """Match these groups, each with how many installed combinations it is."""
        for group, number in groups:
            places, unread = group.kinds, _NONE
            if not self._unreadable.isdisjoint(places):
                places = tuple(without_doubled_halves(group, self.kinds))
                unread = tuple(place for place in places if place in self._unreadable)
            known = self._match(group, places, unread, number)
            self._count(group, number, is_known=known, unread=unread)

    def _match(self, group: Group, places: _Places, unread: _Places, number: int) -> bool:
        perhaps = types_perhaps_there(group, unread, self.kinds)
        is_known = False
        for record_id, concerned in self._concerning(places, perhaps):
            regions = self._regions(record_id, group.regions)
            if regions is None:
                continue
            key = (record_id, concerned, regions, perhaps)
            if key not in self._tallies:
                self._tallies[key] = self._judged(record_id, concerned, regions, perhaps)
            tally = self._tallies[key]
            if tally is not None:
                tally.combinations += number
                is_known = True
        return is_known

    def _judged(
        self,
        record_id: str,
        places: Sequence[int],
        regions: tuple[str, ...],
        perhaps: frozenset[str],
    ) -> Tally | None:
        readings = (self.kinds.readings[place].device for place in places)
        devices = tuple(device for device in readings if device is not None)
        installed = Combination(devices, regions)
        match = best_match(self.entries.affected(record_id), installed, perhaps)
        return None if match is None else Tally(record_id, match)

    def _regions(self, record_id: str, given: tuple[str, ...]) -> tuple[str, ...] | None:
        """The regions as far as an entry asks for any; None where no entry holds in them."""
        key = record_id, given
        if key not in self._where:
            asked = [entry.regions for entry in self.entries.affected(record_id)]
            regions = given if any(asked) else ()
            holds = any(regions_overlap(each, regions) for each in asked)
            self._where[key] = regions if holds else None
        return self._where[key]

    def _concerning(
        self, places: _Places, perhaps: frozenset[str]
    ) -> Sequence[tuple[str, _Places]]:  # fmt: skip
        """The records that may apply to these kinds, each with those that its entries may name."""
        key = places, perhaps
        if key not in self._concerned:
            self._concerned[key] = [
                (record_id, tuple(each for each in places if record_id in self._met[each].records))
                for record_id in self._candidates(places, perhaps)
            ]
        return self._concerned[key]

    def _candidates(self, places: Sequence[int], perhaps: frozenset[str]) -> set[str]:
        """The records of which an entry may apply: all its Devices are met, or may be there."""
        met = [self._met[place] for place in places]
        if not perhaps <= OTHER_HALF.keys():
            return set().union(*(each.records for each in met))
        found: set[str] = set().union(*(each.alone for each in met))
        if not perhaps:
            for pair in combinations(dict.fromkeys(places), _PAIR):
                found |= self._pair(*pair)
        for entry in set().union(*(each.entries if perhaps else each.large for each in met)):
            present = set().union(*(each.parts.get(entry, ()) for each in met))
            if perhaps:
                present |= self.entries.hubs.get(entry[:2], frozenset())
            if len(present) == entry[2]:
                found.add(entry[0])
        return found

    def _pair(self, one: int, other: int) -> frozenset[str]:
        """The records with an entry of two Devices that these two kinds may be."""
        key = one, other
        if key not in self._pairs:
            parts, others = self._met[one].parts, self._met[other].parts
            self._pairs[key] = frozenset(
                entry[0]
                for entry in self._met[one].entries & self._met[other].entries
                if len(parts[entry] | others[entry]) == entry[2]
            )
        return self._pairs[key]

    def _count(
        self, group: Group, number: int, *, is_known: bool, unread: Sequence[int]
    ) -> None:  # fmt: skip
        totals = self.totals
        totals.combinations += number
        totals.known += number if is_known else 0
        totals.not_judged += number if unread else 0
        totals.both += number if is_known and unread else 0
        totals.alone += 0 if group.is_premises else number
        if group.is_premises and group.hub is Hub.MISSING:
            totals.without_hub += number
        for place in set(unread):
            self.unjudged[place].combinations += number
            self.unjudged[place].devices += number * unread.count(place)

    @cached_property
    def _unreadable(self) -> frozenset[int]:
        """The kinds of which something cannot be read."""
        readings = enumerate(self.kinds.readings)
        return frozenset(place for place, reading in readings if reading.problems)

    @cached_property
    def _met(self) -> Sequence[_Met]:
        """What each kind may be in entries."""
        return [
            _Met.of(self.entries.met_by(reading.device) if reading.device else ())
            for reading in self.kinds.readings
        ]
