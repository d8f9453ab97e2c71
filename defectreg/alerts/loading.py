"""``alerts load``: logs of alerts become daily aggregates by premises, without any Device ID.

Logs are told by their digest: the same bytes again change nothing, unless Devices of them had no
premises and there is a newer snapshot. What comes is added to what is kept of its days, the file of
a day is written anew beside the old one, and all of a load counts from one moment on.
"""

from __future__ import annotations

import datetime
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from defectreg.alerts.gathering import Gathering
from defectreg.alerts.joining import Joined, join
from defectreg.alerts.loaded import FileLoaded, Loaded
from defectreg.alerts.placing import Placed
from defectreg.alerts.reading import Log, digest_of, open_log
from defectreg.formats.columnmap import NO_MAP, ColumnMap
from defectreg.formats.columns import safe_cell
from defectreg.store.alerts.keeping import (
    Keeping,
    Source,
    alerts_folder,
    day_folder,
    read_keeping,
    with_sources,
)
from defectreg.store.alerts.logs import bytes_of
from defectreg.store.alerts.moving import arriving, let_count, merge_day, sources_of
from defectreg.store.alerts.workbench import workbench
from defectreg.store.inventory.places import Inventory, locked
from defectreg.store.inventory.rejects import Rejects
from defectreg.store.inventory.snapshot import REJECTS, open_current
from defectreg.store.inventory.sources import files_of


@dataclass(frozen=True, slots=True)
class Asked:
    """How logs are to be read.

    ``replaces``: what is kept of their days goes, and logs that were loaded are read again.
    ``known_codes`` are those of the catalogue; ``rejects`` is where to write what is not counted,
    None beside what is kept.
    """

    today: datetime.date
    columns: ColumnMap = NO_MAP
    replaces: bool = False
    known_codes: Collection[str] = ()
    rejects: Path | None = None


def load_alerts(
    inventory: Inventory,
    paths: Sequence[Path],
    asked: Asked,
    done: Callable[[int], None] = lambda files: None,
) -> Loaded:
    """Load logs, and all files of folders; without any, join what is kept with the newest snapshot.

    ``done`` is told of each file that was read. Waits for other runs. Raises CannotRun where a file
    is not whole or nothing can be written, UsageProblem where its columns are not known; then
    nothing changed.
    """
    files = files_of(paths, inventory)
    with locked(inventory):
        keeping, newest = read_keeping(inventory), open_current(inventory)
        with arriving(inventory, keeping) as folder:
            with workbench(folder, inventory.folder, ()) as bench:
                joined = join(bench, inventory, keeping, newest)
            with (
                workbench(folder, inventory.folder, files) as bench,
                Rejects(folder / REJECTS, safe_cell) as refused,
            ):
                said = Gathering.of(bench, refused, joined, _latest(asked))
                run = _Run(inventory, keeping, joined, asked, said, Placed(bench))
                for path in files:
                    run.take(path)
                    done(1)
                return run.settle()


def _latest(asked: Asked) -> str:
    """Tomorrow: a log may be ahead of the clock that looks at it."""
    return (asked.today + datetime.timedelta(1)).isoformat()


@dataclass(frozen=True, slots=True)
class _Taken:
    """A log that was read, and how many of its rows are no alert."""

    log: Log
    source: Source
    rejected: int


@dataclass(slots=True)
class _Run:
    """A load under way."""

    inventory: Inventory
    keeping: Keeping
    joined: Joined
    asked: Asked
    said: Gathering
    placed: Placed
    known: list[FileLoaded] = field(default_factory=list)
    taken: list[_Taken] = field(default_factory=list)
    sources: dict[str, Source] = field(init=False)
    """Those that were loaded before, by their digests."""

    def __post_init__(self) -> None:
        self.sources = {each.sha256: each for each in self.keeping.sources}

    @property
    def snapshot(self) -> str:
        return self.joined.newest

    def take(self, path: Path) -> None:
        """Read a log to its end, unless it was loaded before."""
        made = bytes_of(path)
        digest = digest_of(path, made.sha256)
        before = self.sources.get(digest)
        is_taken = any(each.source.sha256 == digest for each in self.taken)
        if is_taken or (before and not self._is_again(before)):
            self.known.append(FileLoaded(str(path), is_known=True))
            return
        number = before.number if before else self._next_number()
        log = open_log(path, self.asked.columns)
        rejected = self.said.gather(log, made)
        self.placed.take(number)
        alerts, unplaced = self.placed.alerts[number], self.placed.unplaced_of[number]
        source = Source(number, digest, path.name, self.snapshot, alerts, unplaced)
        self.taken.append(_Taken(log, source, rejected))

    def settle(self) -> Loaded:
        """Let what was placed count."""
        found, days = self.placed, self.placed.days(self.keeping.days.keys())
        unplaced = found.unplaced()
        found.refuse_unplaced({each.source.number: str(each.log.path) for each in self.taken},
                              self.said.refused)  # fmt: skip
        added_to = self._added_to(days)
        name = f"{os.urandom(8).hex()}.parquet"
        made = [(self._merged(day), day_folder(self.inventory, day) / name) for day in days]
        where = self._put_rejects(name)
        sources = [each.source for each in self.taken]
        keeping = with_sources(self.keeping, dict.fromkeys(days, name), sources)
        keeping = replace(keeping, exposures=self.joined.exposures)
        let_count(self.inventory, keeping, [*made, *self.joined.made])
        return Loaded(
            self.snapshot,
            bool(self.joined.made),
            [*self._files(), *self.known],
            days,
            found.unknown_codes(self.asked.known_codes),
            unplaced,
            found.elsewhere,
            found.uncovered,
            {why: number for why, number in self.said.refused.reasons.items()
             if why not in unplaced},
            where,
            added_to,
        )  # fmt: skip

    def _is_again(self, before: Source) -> bool:
        """Whether a log that was loaded is to be read again."""
        return self.asked.replaces or (before.unplaced > 0 and before.snapshot != self.snapshot)

    def _next_number(self) -> int:
        numbers = [each.number for each in self.keeping.sources]
        return max([*numbers, *(each.source.number for each in self.taken), 0]) + 1

    def _merged(self, day: str) -> Path:
        """The file of all that is to be kept of a day."""
        gone = [each.source.number for each in self.taken]
        kept = () if self.asked.replaces else self.keeping.days.get(day, ())
        return merge_day(self.said.bench, self.inventory, kept, day, gone,
                         self.placed.parts.get(day, ()))  # fmt: skip

    def _added_to(self, days: Sequence[str]) -> dict[str, list[str]]:
        """Logs of whose names others were loaded before, and the days that both are of."""
        names = {each.number: each.name for each in self.keeping.sources}
        shared: dict[str, set[str]] = defaultdict(set)
        named = {each.source.name for each in self.taken} & set(names.values())
        for day in days if named and not self.asked.replaces else ():
            kept = self.keeping.days.get(day, ())
            before = sources_of(self.said.bench, self.inventory, kept, day)
            before -= {each.source.number for each in self.taken}
            told = {names[number] for number in before if number in names}
            for each in self.taken:
                if each.source.name in told and day in self.placed.days_of[each.source.number]:
                    shared[each.source.name].add(day)
        return {name: sorted(days) for name, days in sorted(shared.items())}

    def _put_rejects(self, name: str) -> Path | None:
        """Write the file of what was not counted, where there is any; gives where."""
        if not self.said.refused.reasons:
            return None
        beside = alerts_folder(self.inventory) / "rejects" / f"{Path(name).stem}.csv"
        where = self.asked.rejects or beside
        if where == beside:
            beside.parent.mkdir(mode=0o700, exist_ok=True)
        self.said.refused.put(where)
        return where

    def _files(self) -> Iterator[FileLoaded]:
        for each in self.taken:
            yield FileLoaded(
                str(each.log.path),
                alerts=each.source.alerts,
                unplaced=each.source.unplaced,
                rejected=each.rejected,
                personal=each.log.personal,
                unknown=each.log.unknown,
            )
