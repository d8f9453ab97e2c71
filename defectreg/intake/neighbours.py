"""Records like many reports in turn: those that have landed, and those that wait on requests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import nlargest

from defectreg.intake.alike import Waits, waiting_records
from defectreg.register.record import Record
from defectreg.register.similarity import Likeness, Similar, score
from defectreg.store.index import Index, open_index
from defectreg.store.places import Register

MOST_SIMILAR = 5
_MOST_COMPARED = 30
_MOST_SHARING = 1_000
"""Records that share a word beyond which it says too little to be looked at."""


@dataclass(frozen=True)
class Neighbours:
    """Finds the records most like a report, and knows the titles of those that it found."""

    landed: Index
    waiting: Waiting
    titles: dict[str, str]

    def similar(self, wanted: Likeness) -> list[Similar]:
        """The records most like what is wanted, the likest first."""
        landed = self.landed.similar_to(wanted, MOST_SIMILAR)
        found = {one.id: one for one in (*landed, *self.waiting.similar(wanted))}
        self.titles.update((one.id, one.title) for one in found.values())
        return sorted(found.values(), key=_likest_first)[:MOST_SIMILAR]

    def record(self, record_id: str) -> Record | None:
        """A record that landed or waits on a request; None where there is none."""
        standing = self.landed.standing(record_id)
        return self.waiting.records.get(record_id) if standing is None else standing.record

    def stands(self, record_id: str) -> bool:
        """Whether there is such a record on which something may be reported."""
        standing = self.landed.standing(record_id)
        if standing is not None:
            return standing.withdrawal is None
        return record_id in self.waiting.ids


class Waiting:
    """The records that wait on requests, by the words that each has."""

    def __init__(self, records: Iterable[Waits]) -> None:
        self._records = [(Likeness.of_record(one.record), one) for one in records]
        self.records = {one.record.id: one.record for _, one in self._records}
        self.ids = frozenset(self.records)
        self.returned = frozenset(one.record.id for _, one in self._records if one.is_returned)
        self._having: dict[str, list[int]] = defaultdict(list)
        for number, (likeness, _) in enumerate(self._records):
            for word in _words(likeness):
                self._having[word].append(number)

    def similar(self, wanted: Likeness) -> Iterator[Similar]:
        """Those that are like what is wanted; compared are those that share its rarest words."""
        worth: dict[int, float] = defaultdict(float)
        for word in _words(wanted):
            having = self._having.get(word, ())
            if len(having) <= _MOST_SHARING:
                for number in having:
                    worth[number] += 1 / len(having)
        for number in nlargest(_MOST_COMPARED, worth, key=lambda each: (worth[each], -each)):
            likeness, one = self._records[number]
            how = score(wanted, likeness)
            if how > 0:
                yield Similar(one.record.id, one.record.title, how, one.branch)


@contextmanager
def neighbours(register: Register) -> Iterator[Neighbours]:
    """What finds the records like reports, while the index is open."""
    waiting = Waiting(waiting_records(register))
    with open_index(register) as index:
        yield Neighbours(index, waiting, {})


def _words(likeness: Likeness) -> set[str]:
    """What of a record or report is looked up: its words, alert codes and models."""
    models = {model for one in likeness.affected for model in one.lookup_models()}
    return {*likeness.words, *likeness.alerts, *models}


def _likest_first(one: Similar) -> tuple[float, str]:
    return -one.likeness, one.id
