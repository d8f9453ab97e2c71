"""Rows put together step by step, the likest first, each compared with few others.

What short texts of several desks have in common shows only in many of them together, so clusters
are compared and not their first rows, as ``register/groups`` does with records: no row need be like
another of its cluster, and a person reads the plan before any of it is entered.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush, nlargest
from math import log2
from typing import TypeAlias

from defectreg.intake.likening_rows import Traits

SAME = 0.22
"""How like rows have to be, from 0 to 1, to be told of the same."""
PERHAPS = 0.16
"""From here on a person decides."""
_MORE_FOR_LARGER = 0.03
"""How much more alike two clusters have to be each time the smaller has twice as many rows.

What all rows have in common adds up, and large clusters of different matters grow alike.
"""
_MOST_COMPARED = 60
"""Rows with which a row is compared: those that share its rarest words on one of its models."""
_MOST_HAVING = 400
"""Rows that have a word on one model, beyond which only the next ones in the file are seen."""
_NEXT = 30

_Pair: TypeAlias = tuple[float, int, int, tuple[int, int]]
"""How like two clusters are, less than nought; the two; how many rows they had then."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Places of rows that tell the same, and what they tell together.

    ``near`` is the place of a row of the larger cluster that may tell the same too, with how like
    it is; None where none is.
    """

    places: tuple[int, ...]
    traits: Traits
    near: int | None = None
    likeness: float = 0.0


def clusters(traits: Sequence[Traits]) -> list[Cluster]:
    """Every row that names a Device and says something, in one cluster; larger clusters first."""
    return _Merging(traits).done()


@dataclass(slots=True)
class _Merging:
    """Clusters by the place of their first row, while the likest two are put together."""

    rows: Sequence[Traits]
    centres: dict[int, Traits] = field(default_factory=dict)
    places: dict[int, list[int]] = field(default_factory=dict)
    beside: dict[int, set[int]] = field(default_factory=dict)
    """The clusters with which one is compared."""
    waiting: list[_Pair] = field(default_factory=list)
    """Pairs, the likest first; those of which one has grown since count no more."""

    def done(self) -> list[Cluster]:
        """The clusters that remain when no two are alike enough."""
        told = [place for place, one in enumerate(self.rows) if one.products and one.weights]
        self.centres = {place: self.rows[place] for place in told}
        self.places = {place: [place] for place in told}
        self.beside = _beside(self.rows, told)
        for one in told:
            self._compare(one, (other for other in self.beside[one] if other > one))
        heapify(self.waiting)
        nearly: list[_Pair] = []
        while self.waiting:
            pair = heappop(self.waiting)
            likeness, one, other, sizes = pair
            if self._sizes(one, other) != sizes:
                continue
            if -likeness >= SAME:
                self._join(one, other)
            else:
                nearly.append(pair)
        return self._clusters(nearly)

    def _sizes(self, one: int, other: int) -> tuple[int, int]:
        return len(self.places.get(one, ())), len(self.places.get(other, ()))

    def _largest_first(self, one: int) -> tuple[int, int]:
        return -len(self.places[one]), min(self.places[one])

    def _compare(self, one: int, others: Iterator[int]) -> None:
        for other in others:
            first, second = sorted((one, other))
            sizes = self._sizes(first, second)
            likeness = self.centres[one].likeness(self.centres[other])
            likeness -= _MORE_FOR_LARGER * log2(min(sizes))
            if likeness >= PERHAPS:
                heappush(self.waiting, (-likeness, first, second, sizes))

    def _join(self, one: int, other: int) -> None:
        if len(self.places[other]) > len(self.places[one]):
            one, other = other, one
        self.centres[one] = self.centres[one].with_those_of(self.centres.pop(other))
        self.places[one] += self.places.pop(other)
        for each in self.beside[other]:
            self.beside[each].discard(other)
            self.beside[each].add(one)
        self.beside[one] = (self.beside[one] | self.beside.pop(other)) - {one, other}
        self._compare(one, iter(sorted(self.beside[one])))

    def _clusters(self, nearly: Sequence[_Pair]) -> list[Cluster]:
        near: dict[int, tuple[int, float]] = {}
        for likeness, one, other, sizes in nearly:
            if self._sizes(one, other) == sizes:
                larger, smaller = sorted((one, other), key=self._largest_first)
                near.setdefault(smaller, (min(self.places[larger]), -likeness))
        found = [
            Cluster(tuple(sorted(places)), self.centres[one], *near.get(one, (None, 0.0)))
            for one, places in self.places.items()
        ]
        return sorted(found, key=lambda cluster: (-len(cluster.places), cluster.places))


def _beside(rows: Sequence[Traits], told: Sequence[int]) -> dict[int, set[int]]:
    """The rows with which each is compared, both ways."""
    having: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place in told:
        for key in _keys(rows[place]):
            having[key].append(place)
    beside: dict[int, set[int]] = {place: set() for place in told}
    for place in told:
        worth: dict[int, float] = defaultdict(float)
        for product, word in _keys(rows[place]):
            for other in _some(having[product, word], place):
                worth[other] += rows[place].weights[word]
        worth.pop(place, None)
        for other in nlargest(_MOST_COMPARED, worth, key=lambda each: (worth[each], -each)):
            beside[place].add(other)
            beside[other].add(place)
    return beside


def _some(having: Sequence[int], place: int) -> Sequence[int]:
    """The rows that have something, in the order of the file; of many, those next to a row."""
    if len(having) <= _MOST_HAVING:
        return having
    here = bisect_left(having, place)
    return having[max(0, here - _NEXT) : here + _NEXT + 1]


def _keys(traits: Traits) -> Iterator[tuple[str, str]]:
    return ((product, word) for product in traits.products for word in traits.weights)
