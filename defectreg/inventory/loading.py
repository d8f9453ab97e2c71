"""Load: extracts, ASN files, the Central Products List and the product map into a snapshot.

All files of a load become one snapshot, or none where one of them ends badly. A row that cannot
come in is a reject. Of two rows with one Device ID the first comes in; the other is a reject that
names it. A load replaces the tables of which it has files; of ASN lines only those of the same ASN.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from defectreg.formats.columnmap import ASN, CPL, INVENTORY, PRODUCTS, ColumnMap, ColumnMapError
from defectreg.formats.columns import safe_cell
from defectreg.inventory.product_map import sift_products
from defectreg.inventory.reading import read_table
from defectreg.inventory.reading_tables import Asked, Table, check_map
from defectreg.inventory.sifting import Batch, Sieve, Sifted
from defectreg.register.errors import UsageProblem
from defectreg.register.yamltext import YamlError, load
from defectreg.store.inventory import snapshot as snapshots
from defectreg.store.inventory.arrivals import Again, Arrivals
from defectreg.store.inventory.older import Older, remove_older
from defectreg.store.inventory.places import Inventory, locked
from defectreg.store.inventory.rejects import Rejects
from defectreg.store.inventory.snapshot import Draft, Snapshot, drafting, find_before, publish
from defectreg.store.inventory.sources import files_of, whole_of

_TABLES: Mapping[str, str] = {
    INVENTORY: snapshots.DEVICES,
    ASN: snapshots.ASN,
    CPL: snapshots.CPL,
    PRODUCTS: snapshots.PRODUCTS,
}
_REQUIRED = {ASN: ("asn_id",), CPL: ("manufacturer", "model")}
"""What a row of a kind cannot be without, besides the Device's ID and type."""
_LARGEST_MAP = 1 << 16
_TWICE = "the Device came before in this load"


@dataclass(slots=True)
class FileLoaded:
    """What became of a file: of which kind it is, how many of its rows came in, and how many not.

    ``personal`` and ``unknown`` are the names of columns that stayed outside.
    """

    path: Path
    table: Table
    loaded: int = 0
    rejected: int = 0

    @property
    def name(self) -> str:
        """The file as it was named, or found in a folder that was."""
        return str(self.path)

    @property
    def personal(self) -> Sequence[str]:
        """Columns or elements of personal data that stayed outside."""
        return self.table.personal

    @property
    def unknown(self) -> Sequence[str]:
        """Other columns that stayed outside."""
        return self.table.unknown

    def place(self, place: int | str) -> str:
        """Where a row stands, as people read it: ``17``, or ``row 17``."""
        is_line = isinstance(place, str) or self.table.place == "line"
        return str(place) if is_line else f"{self.table.place} {place}"


@dataclass(frozen=True, slots=True)
class Keeping:
    """What stays of a load: where its rejects are written, and how many snapshots are kept.

    None: beside the snapshot, and all of them.
    """

    rejects: Path | None = None
    snapshots: int | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told, while a load runs: of each number of rows that was read, and of what it meets.

    That is another run for which it waits, and a torn snapshot.
    """

    rows: Callable[[int], None]
    says: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. ``snapshot`` is None where no row came in: then the old one stays."""

    snapshot: Snapshot | None
    before: Mapping[str, int]
    """Rows of each table of the snapshot before."""
    files: Sequence[FileLoaded]
    reasons: Mapping[str, int]
    """Why rows were rejected, to how many."""
    rejects: Path | None
    """The file of the rejects, None where there are none."""
    mended: int
    older: Older

    @property
    def loaded(self) -> int:
        """Rows that came in."""
        return sum(file.loaded for file in self.files)


def read_column_map(path: Path | None) -> ColumnMap:
    """The column map in a file; raises UsageProblem where it is none."""
    if path is None:
        return ColumnMap()
    try:
        return ColumnMap.of(load(whole_of(path, _LARGEST_MAP)).data)
    except YamlError as error:
        raise UsageProblem(f"{path}:{error}", error.hint) from error
    except ColumnMapError as error:
        raise UsageProblem(f"{path}: {error.sentence}", error.hint) from error


def load_files(
    inventory: Inventory,
    paths: Sequence[Path],
    asked: Asked,
    now: datetime.datetime,
    keeping: Keeping,
    telling: Telling,
) -> Loaded:
    """Load files, and all files of folders, into a new snapshot.

    Waits for other runs. Where the newest snapshot is torn, it goes on from the one before. Raises
    CannotRun where a file is not whole or nothing can be written, UsageProblem where it has to be
    said what a file is; then nothing changed.
    """
    files = files_of(paths, inventory)
    with locked(inventory, telling.says), drafting(inventory) as draft:
        before = find_before(inventory, telling.says)
        with Rejects(draft.folder / snapshots.REJECTS, safe_cell) as refused:
            run = _Run(draft, Sieve(asked.form, asked.pad_zeros), refused, telling.rows)
            with run.stack:
                for path in files:
                    run.take(path, read_table(path, asked))
                check_map((file.table for file in run.files), asked)
                run.settle(before)
            where = _put(inventory, refused, keeping.rejects, has_rows=run.rows > 0)
        if not refused.reasons:
            refused.file.unlink()
        made = (
            publish(inventory, draft, asked.as_of, now, [path.name for path in files])
            if run.rows
            else None
        )
        older = remove_older(inventory, made, keeping.snapshots) if made else Older()
    if refused.reasons and where is None and made is not None:
        where = made.folder / snapshots.REJECTS
    return Loaded(
        made,
        before.rows if before else {},
        run.files,
        refused.reasons,
        where,
        run.mended,
        older,
    )


def _put(
    inventory: Inventory, refused: Rejects, asked: Path | None, *, has_rows: bool
) -> Path | None:
    """Write the rejects where they were asked for, or where no snapshot has them; gives where."""
    place = asked if asked or has_rows else inventory.folder / snapshots.REJECTS
    if place is None or not refused.reasons:
        return None
    refused.put(place)
    return place


@dataclass(slots=True)
class _Run:
    """A load under way."""

    draft: Draft
    sieve: Sieve
    refused: Rejects
    done: Callable[[int], None]
    stack: ExitStack = field(default_factory=ExitStack)
    files: list[FileLoaded] = field(default_factory=list)
    mended: int = 0
    _arrivals: dict[str, Arrivals] = field(default_factory=dict)
    _asns: set[str] = field(default_factory=set)

    @property
    def rows(self) -> int:
        return sum(file.loaded for file in self.files)

    def take(self, path: Path, table: Table) -> None:
        """Read a file to its end."""
        number, file = len(self.files), FileLoaded(path, table)
        self.files.append(file)
        arrivals = self._arrivals_of(_TABLES[table.kind])
        for batch in table.batches:
            sifted = self._sift(table.kind, batch)
            for place, reason in sifted.rejects:
                self.refused.add(file.name, file.place(place), reason)
            arrivals.add(number, sifted.places, sifted.columns, sifted.groups)
            self._asns.update(sifted.columns.get("asn_id", ()))
            file.loaded += len(sifted.places)
            file.rejected += len(sifted.rejects)
            self.mended += sifted.mended
            self.done(len(batch.places) + len(batch.rejects))

    def settle(self, before: Snapshot | None) -> None:
        """Write the tables."""
        for table, arrivals in self._arrivals.items():
            if table == snapshots.ASN and before is not None and table in before.tables:
                arrivals.carry(before.tables[table], "asn_id", self._asns)
            arrivals.settle(self._came_before)

    def _came_before(self, again: Again) -> None:
        file, first = self.files[again.file], self.files[again.first_file]
        file.loaded -= 1
        file.rejected += 1
        where = f"{first.name}, {first.table.place} {again.first_line}"
        self.refused.add(file.name, file.place(again.line), _TWICE, where)

    def _sift(self, kind: str, batch: Batch) -> Sifted:
        if kind == PRODUCTS:
            return sift_products(batch, self.sieve.form)
        return self.sieve.sift(batch, _REQUIRED.get(kind, ()))

    def _arrivals_of(self, table: str) -> Arrivals:
        if table not in self._arrivals:
            self._arrivals[table] = self.stack.enter_context(Arrivals(self.draft, table))
        return self._arrivals[table]
