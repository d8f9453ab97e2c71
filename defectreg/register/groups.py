"""Records that seem to tell the same, put together without comparing each with each.

A validator decides of a group at once and merges into its first, so each member is like that one
by itself, whatever else came in. Of rows of free text, in which few words are the same, this finds
a third of what belongs together where ``intake/clustering`` finds nearly all; that one compares
with what the rows of a cluster tell together, by weights that depend on the file.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from defectreg.register.similarity import Likeness, score

ALIKE = 0.75
"""From here on two records are shown as one group: words, models and codes all have to agree."""
_RAREST = 12
"""What few others have is what a record is found by: so many of its words, codes and models."""
_MOST_COMPARED = 12
"""Groups with which a record is compared, those first with which it shares the rarest."""
_ENOUGH = 250
"""Groups to choose from: once so many are found, what more have in common is not asked."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of a group: its place among what was given, and how like the group's first it is."""

    place: int
    likeness: float


def grouped(asked: Sequence[Likeness], least: float = ALIKE) -> list[tuple[Member, ...]]:
    """The groups of what is given, in its order, each under the one that came first.

    Every member is at least so like the first of its group, of which the likeness is 1: no chain
    of small steps joins what has nothing in common. The order that is given decides who is first.
    """
    return _Groups(tuple(map(_traits, asked))).of(asked, least)


@dataclass(slots=True)
class _Groups:
    traits: Sequence[frozenset[str]]
    members: list[list[Member]] = field(default_factory=list)
    having: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Trait → the groups whose first is found by it."""
    count: Counter[str] = field(default_factory=Counter)

    def of(self, asked: Sequence[Likeness], least: float) -> list[tuple[Member, ...]]:
        """The groups of what is asked, each as :func:`grouped` promises."""
        for traits in self.traits:
            self.count.update(traits)
        for place, one in enumerate(asked):
            self._put(place, one, asked, least)
        return [tuple(group) for group in self.members]

    def _put(self, place: int, one: Likeness, asked: Sequence[Likeness], least: float) -> None:
        shared = [each for each in self.traits[place] if self.count[each] > 1]
        found_by = sorted(shared, key=lambda each: (self.count[each], each))[:_RAREST]
        compared = (
            (score(one, asked[self.members[group][0].place]), -group)
            for group in self._candidates(found_by)
        )
        likeness, nearest = max(compared, default=(0.0, 0))
        if likeness >= least:
            self.members[-nearest].append(Member(place, likeness))
            return
        for each in found_by:
            self.having[each].append(len(self.members))
        self.members.append([Member(place, 1.0)])

    def _candidates(self, found_by: Sequence[str]) -> Iterator[int]:
        """The groups worth comparing, by what few have."""
        worth: defaultdict[int, float] = defaultdict(float)
        for each in found_by:
            for group in self.having[each]:
                worth[group] += 1 / self.count[each]
            if len(worth) >= _ENOUGH:
                break
        ranked = sorted(worth, key=lambda group: (-worth[group], group))
        yield from ranked[:_MOST_COMPARED]


def _traits(one: Likeness) -> frozenset[str]:
    """What a record may be found by: its words, its codes and the models that it names."""
    models = {model for each in one.affected for model in each.lookup_models()}
    return frozenset((*one.words, *one.alerts, *models))
