"""Rows that tell the same put together, and what becomes of each group: new, or of a record.

The rows of a file are compared among themselves first; then the register is asked once for each
group. What is neither clear nor clearly something else is left for a person to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest

from defectreg.intake.clustering import Cluster, clusters
from defectreg.intake.likening_rows import (
    Scale,
    Traits,
    combinations_of,
    may_be_same,
    models_of,
    traits_of,
)
from defectreg.intake.reports import EXISTING, LIKELY_DUPLICATE, NEW, SKIPPED, Group, Reported
from defectreg.intake.told_words import told_words
from defectreg.register.record import Record
from defectreg.register.similarity import Likeness, Similar, likeness_of

OF_RECORD = 0.52
"""How like a record a group has to be, from 0 to 1, to be a report on it."""
PERHAPS_OF_RECORD = 0.31
"""From here on a person decides."""
_CLEARLY = 0.03
"""By how much the likest record has to be nearer than the next to be the one."""
_AS_COMPARED, _BY_TITLE, _BY_ALERTS = 0.4, 0.4, 0.2
"""What the register's own comparison, the words of the title and the alert codes each count."""
_UNKNOWN = 0.5
"""What alert codes count of which nothing is told."""
_MOST_ASKED = 3
"""Rows of a group with which the register is asked: those that say best what all say."""
_MOST_COMBINATIONS = 4


@dataclass(frozen=True, slots=True)
class Standing:
    """The register as it is asked: what is like something, the likest first; a record by its id."""

    similar: Callable[[Likeness], Sequence[Similar]]
    record: Callable[[str], Record | None]


@dataclass(frozen=True, slots=True)
class _Told:
    """The rows of a file, what is compared of each, and how their words are weighed."""

    rows: Sequence[Reported]
    traits: Sequence[Traits]
    scale: Scale


def grouped(
    rows: Sequence[Reported], standing: Standing, done: Callable[[int], None] = lambda rows: None
) -> list[Group]:
    """What becomes of every row, each in one group; groups in the order of their first rows.

    ``done`` is told of rows that were looked up. Rows that name no Device are skipped; those that
    hardly say more than that are one likely duplicate for each Device.
    """
    told = _Told(rows, *traits_of(rows))
    groups: list[Group] = []
    place_of: dict[int, int] = {}
    for cluster in clusters(told.traits):
        group = _judged(told, cluster, standing)
        place_of |= dict.fromkeys(cluster.places, len(groups))
        larger = None if cluster.near is None else groups[place_of[cluster.near]]
        groups.append(_beside(group, larger, cluster.likeness))
        done(len(cluster.places))
    left = [place for place in range(len(rows)) if place not in place_of]
    done(len(left))
    return sorted((*_joined(groups), *_left(told, left)), key=lambda group: group.rows[0].line)


def _judged(told: _Told, cluster: Cluster, standing: Standing) -> Group:
    """What becomes of rows that tell the same, by the records that are like them."""
    rows = tuple(told.rows[place] for place in cluster.places)
    ranked = sorted(_likest(told, cluster, standing), reverse=True)
    likeness, record_id = ranked[0] if ranked else (0.0, "")
    if likeness < PERHAPS_OF_RECORD:
        return Group(rows, NEW, why="no record is like it")
    if likeness < OF_RECORD:
        return Group(rows, LIKELY_DUPLICATE, record_id, "a record may tell the same", likeness)
    if len(ranked) > 1 and likeness - ranked[1][0] < _CLEARLY:
        why = "several records tell much the same"
        return Group(rows, LIKELY_DUPLICATE, record_id, why, likeness)
    return Group(rows, EXISTING, record_id, "a record tells the same", likeness)


def _beside(group: Group, larger: Group | None, likeness: float) -> Group:
    """A new group that may belong to a larger one, as a likely duplicate of what that one is."""
    if group.outcome != NEW or larger is None:
        return group
    why = f"may tell the same as line {larger.rows[0].line}"
    return Group(group.rows, LIKELY_DUPLICATE, larger.record_id, why, likeness)


def _likest(told: _Told, cluster: Cluster, standing: Standing) -> Iterator[tuple[float, str]]:
    """How like a cluster the records are that are like some of its rows, and their ids."""
    asked = nlargest(
        _MOST_ASKED,
        cluster.places,
        key=lambda place: (told.traits[place].cosine(cluster.traits), -place),
    )
    found: dict[str, float] = {}
    for one in (one for place in asked for one in standing.similar(_likeness(told.rows[place]))):
        found[one.id] = max(found.get(one.id, 0.0), one.likeness)
    for record_id, compared in found.items():
        record = standing.record(record_id)
        if record is not None:
            yield _weighed(record, compared, cluster.traits, told.scale), record_id


def _weighed(record: Record, compared: float, traits: Traits, scale: Scale) -> float:
    """How like a record what is told is: 0 where it is of other Devices."""
    models = models_of(record.affected)
    if not may_be_same(models, traits.models):
        return 0.0
    (words,) = told_words([Reported(0, "", record.title)])
    by_title = scale.traits(models, words).cosine(traits)
    by_alerts = traits.share("alerts", record.data.get("alerts", ()))
    by_alerts = _UNKNOWN if by_alerts is None else by_alerts
    return _AS_COMPARED * compared + _BY_TITLE * by_title + _BY_ALERTS * by_alerts


def _likeness(row: Reported) -> Likeness:
    told = likeness_of(row.text, combinations_of(row)[:_MOST_COMBINATIONS])
    return replace(told, alerts=frozenset(row.fields.get("alerts", ())))


def _joined(groups: Iterable[Group]) -> Iterator[Group]:
    """Groups of which several are reports on one record, as one."""
    by_record: dict[str, list[Group]] = {}
    for group in groups:
        if group.outcome == EXISTING:
            by_record.setdefault(group.record_id, []).append(group)
        else:
            yield group
    for several in by_record.values():
        rows = sorted((row for group in several for row in group.rows), key=lambda row: row.line)
        likest = max(several, key=lambda group: group.likeness)
        yield replace(likest, rows=tuple(rows))


def _left(told: _Told, places: Iterable[int]) -> Iterator[Group]:
    """Rows that cannot be compared: those without a Device, and those that say too little of it."""
    little: dict[frozenset[str], list[Reported]] = {}
    for place in places:
        little.setdefault(told.traits[place].products, []).append(told.rows[place])
    for products, several in little.items():
        if products:
            yield Group(tuple(several), LIKELY_DUPLICATE, why="says too little to be compared")
        else:
            yield Group(tuple(several), SKIPPED, why="names no Device model")
