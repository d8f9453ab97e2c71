"""How well free texts are read and grouped, measured on a labelled week, and what it takes.

``python -m benchmarks.intake_quality [--seed N] [--reports N] [--records N] [--register DIR]``.
The week is invented by the same hand as the program. The program's limits were chosen by looking at
seeds 1 and 2; what is told here is of another seed.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import registers
from benchmarks.intake_reports import Told, Week, week
from benchmarks.measuring import WORK, Figure
from defectreg.intake.grouping import Standing, grouped
from defectreg.intake.reading_texts import Reader
from defectreg.intake.reports import EXISTING, LIKELY_DUPLICATE, NEW, SKIPPED, Group, Reported
from defectreg.intake.told_fields import fields_of
from defectreg.register.devices import parse_combination
from defectreg.register.record import Record
from defectreg.store.index import Index, open_index
from defectreg.store.places import open_register

_SEED = 3
_REPORTS = 5_000
_MOST_SIMILAR = 5
_MOST_DECISIONS = 300


@dataclass(frozen=True)
class Quality:
    """Of all that was found, how much is right; of all that is there, how much was found."""

    precision: float
    recall: float

    def __str__(self) -> str:
        return f"precision {self.precision:.1%}, recall {self.recall:.1%}"


def intake(
    records: int, reports: int = _REPORTS, seed: int = _SEED, folder: Path | None = None
) -> list[Figure]:
    """Quality of reading and of grouping, decisions left to a person, and seconds."""
    folder = registers.make(folder or WORK / f"register-{records}", records)
    made = week(seed, reports, records)
    start = time.process_time()
    rows = read(made)
    reading = time.process_time() - start
    with open_index(open_register(folder)) as index:
        start = time.process_time()
        groups = grouped(rows, _standing(index))
        grouping = time.process_time() - start
    return [
        *_of_reading(made.told, rows),
        *_of_grouping(made.told, groups),
        Figure(f"reading {reports} reports", f"{reading:.1f} s of a processor", "minutes"),
        Figure(f"grouping them, {records} records", f"{grouping:.1f} s of a processor", "minutes"),
    ]


def read(made: Week) -> list[Reported]:
    """A week as rows; the reference of each is its place."""
    reader = Reader.of(made.catalogue)
    rows = []
    for place, told in enumerate(made.told):
        found = reader.read(told.text, told.day)
        fields = fields_of(found, made.catalogue)
        rows.append(Reported(place + 2, str(place), told.text, told.day, "", fields, found))
    return rows


def pairs(found: Sequence[Hashable], true: Sequence[Hashable]) -> Quality:
    """Of pairs of rows that are put together, those that belong so; and the other way round."""
    together = _pairs(Counter(zip(found, true, strict=True)))
    return Quality(
        together / max(1, _pairs(Counter(found))), together / max(1, _pairs(Counter(true)))
    )


def rows_of_a_matter(found: Sequence[Hashable], true: Sequence[Hashable]) -> Quality:
    """The same, each row counting alike however many its group has (B-cubed)."""
    both, sizes, matters = Counter(zip(found, true, strict=True)), Counter(found), Counter(true)
    rows = max(1, len(found))
    return Quality(
        sum(count * count / sizes[group] for (group, _), count in both.items()) / rows,
        sum(count * count / matters[matter] for (_, matter), count in both.items()) / rows,
    )


def _pairs(count: Counter[Hashable] | Counter[tuple[Hashable, Hashable]]) -> int:
    return sum(each * (each - 1) // 2 for each in count.values())


def _standing(index: Index) -> Standing:
    def record(record_id: str) -> Record | None:
        standing = index.standing(record_id)
        return None if standing is None else standing.record

    return Standing(lambda wanted: index.similar_to(wanted, _MOST_SIMILAR), record)


def _of_reading(told: Sequence[Told], rows: Sequence[Reported]) -> Iterator[Figure]:
    """Whether the meter that is meant, and the alert codes that are told, are found."""
    about = [(each, row) for each, row in zip(told, rows, strict=True) if each.matter]
    meters = [(each.matter.model, _meters(row)) for each, row in about if each.matter]
    codes = [(set(each.alerts), set(row.fields.get("alerts", ()))) for each, row in about]
    yield Figure(
        "reading: the meter's model", str(_quality([({m}, f) for m, f in meters])), "none set"
    )
    yield Figure("reading: alert codes", str(_quality(codes)), "none set")


def _quality(pairs: Sequence[tuple[set[str], set[str]]]) -> Quality:
    right = sum(len(true & found) for true, found in pairs)
    return Quality(
        right / max(1, sum(len(found) for _, found in pairs)),
        right / max(1, sum(len(true) for true, _ in pairs)),
    )


def _meters(row: Reported) -> set[str]:
    devices = (
        device
        for text in row.fields.get("affected", ())
        for device in parse_combination(text).devices
    )
    return {device.product for device in devices if device.type == "ESME"}


def _of_grouping(told: Sequence[Told], groups: Sequence[Group]) -> Iterator[Figure]:
    """How rows are put together before anybody decided, and what is left to decide."""
    labelled = [
        (number, told[place].matter)
        for number, group in enumerate(groups)
        for place in _places(group)
        if told[place].matter
    ]
    found, true = [number for number, _ in labelled], [matter for _, matter in labelled]
    outcomes = Counter(group.outcome for group in groups)
    yield Figure("grouping: pairs of reports", str(pairs(found, true)), "none set")
    yield Figure("grouping: reports (B-cubed)", str(rows_of_a_matter(found, true)), "none set")
    counted = f"{len(groups)} of {len(set(true))} matters: " + ", ".join(
        f"{outcomes[each]} {each}" for each in (NEW, EXISTING, LIKELY_DUPLICATE, SKIPPED)
    )
    yield Figure("groups", counted, "none set")
    yield from _of_records(told, groups)
    yield Figure(
        "decisions left to a person", str(outcomes[LIKELY_DUPLICATE]), f"≤ {_MOST_DECISIONS}"
    )


def _of_records(told: Sequence[Told], groups: Sequence[Group]) -> Iterator[Figure]:
    """Where the reports of what a record tells already go, and those of what none tells."""
    went: Counter[tuple[bool, str]] = Counter()
    for group in groups:
        for place in _places(group):
            matter = told[place].matter
            if matter is not None:
                is_wrong = group.outcome == EXISTING and group.record_id != matter.record_id
                went[bool(matter.record_id), "wrong" if is_wrong else group.outcome] += 1
    for has_record, name in ((True, "of what a record tells"), (False, "of what none tells")):
        rows = sum(count for (has, _), count in went.items() if has is has_record)
        shares = (
            f"{went[has_record, outcome] / max(1, rows):.1%} {words}"
            for outcome, words in (
                (EXISTING, "on their record"),
                (NEW, "as new"),
                (LIKELY_DUPLICATE, "for a person"),
                ("wrong", "on another record"),
                (SKIPPED, "skipped"),
            )
            if has_record or outcome != EXISTING
        )
        yield Figure(f"{rows} reports {name}", ", ".join(shares), "none set")


def _places(group: Group) -> Iterator[int]:
    return (int(row.reference) for row in group.rows)


def main() -> None:
    """Prints the table of one week."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument("--reports", type=int, default=_REPORTS)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--register", type=Path)
    given = parser.parse_args()
    print("| work | measured | target |\n|---|---|---|")
    for figure in intake(given.records, given.reports, given.seed, given.register):
        print(figure)


if __name__ == "__main__":
    main()
