"""What a person named on the command line, as a portfolio: a sheet, a snapshot, a combination."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from defectreg.formats.columnmap import ColumnMapError
from defectreg.formats.spreadsheets import SpreadsheetError, read_csv_rows, read_xlsx_rows
from defectreg.inventory.portfolio.groups import Kinds, Portfolio
from defectreg.inventory.portfolio.layout import Columns
from defectreg.inventory.portfolio.snapshots import SnapshotGroups
from defectreg.inventory.portfolio.typed import portfolio_of_typed
from defectreg.register.devices import Combination, NotationError, parse_combination
from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.yamltext import YamlError, load
from defectreg.store.files import LONGEST
from defectreg.store.inventory.alike import Alike
from defectreg.store.inventory.places import Inventory, open_inventory
from defectreg.store.inventory.snapshot import (
    COLUMNS,
    DEVICES,
    Snapshot,
    open_current,
    open_snapshot,
)
from defectreg.store.inventory.sources import head_of, open_parquet, pieces_of, whole_of

_MOST_BYTES = 512 * 1024 * 1024
"""Of a workbook."""
_PARQUET, _ZIP, _OLD_WORKBOOK = b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SNAPSHOT = "snapshot.json"
_CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Named:
    """What was named: files and folders, and combinations."""

    paths: tuple[Path, ...]
    combinations: tuple[Combination, ...]


def named(arguments: Sequence[str]) -> Named:
    """Which arguments are files or folders that are there, and which are combinations.

    Raises UsageProblem for what is neither.
    """
    paths = tuple(Path(each) for each in arguments if _is_there(each))
    combinations = tuple(_combination(each) for each in arguments if not _is_there(each))
    return Named(paths, combinations)


def read_columns(path: Path | None) -> Columns:
    """The column map of a file; an empty one without. Raises CannotRun."""
    if path is None:
        return Columns({})
    try:
        document = load(whole_of(path, LONGEST)).data
        if not isinstance(document, dict):
            raise ColumnMapError("a column map has columns: and, for a workbook, sheet:")
        return Columns.of(document)
    except YamlError as error:
        raise CannotRun(f"{path}:{error.line}: {error.sentence}", error.hint) from error
    except ColumnMapError as error:
        raise CannotRun(f"{path}: {error.sentence}", error.hint) from error


def open_portfolios(
    wanted: Named,
    inventory: Path | None,
    columns: Columns,
    kinds: Kinds,
    step: Callable[[int], None],
) -> list[Portfolio]:
    """All that was named; the inventory's newest snapshot where it was, or nothing else was."""
    found = [_of_path(path, columns, kinds, step) for path in wanted.paths]
    if wanted.combinations:
        found.append(portfolio_of_typed(wanted.combinations, kinds))
    if inventory is not None or not found:
        found.append(_of_inventory(open_inventory(inventory), kinds))
    return found


def _is_there(argument: str) -> bool:
    try:
        return Path(argument).exists()
    except (OSError, ValueError):
        return False


def _combination(argument: str) -> Combination:
    if ":" not in argument:
        raise UsageProblem(
            f"there is no file {argument!a:.80}, and it is no combination",
            "a combination is quoted: 'CHF:FF02/00020001@00020002 + ESME:FF01/00010100@00010203'",
        )
    try:
        return parse_combination(argument)
    except NotationError as error:
        sentence = f"{argument!a:.80}, column {error.column}: {error.sentence}"
        raise UsageProblem(sentence, error.hint) from error


def _of_inventory(inventory: Inventory, kinds: Kinds) -> Portfolio:
    return _of_snapshot(open_current(inventory), kinds)


def _of_snapshot(snapshot: Snapshot, kinds: Kinds) -> Portfolio:
    return SnapshotGroups(snapshot.alike, kinds).portfolio(f"snapshot {snapshot.id}")


def _of_path(
    path: Path, columns: Columns, kinds: Kinds, step: Callable[[int], None]
) -> Portfolio:  # fmt: skip
    if path.is_dir():
        return _of_folder(path, kinds)
    head = head_of(path)
    if head.startswith(_OLD_WORKBOOK):
        raise CannotRun(f"{path} is a workbook of an older form", "save it as XLSX or as CSV UTF-8")
    if head.startswith(_PARQUET):
        _check_devices(path)
        return SnapshotGroups(Alike(path), kinds).portfolio(path.name)
    return _of_sheet(path, columns, kinds, step, is_workbook=head.startswith(_ZIP))


def _of_sheet(
    path: Path, columns: Columns, kinds: Kinds, step: Callable[[int], None], *, is_workbook: bool
) -> Portfolio:
    from defectreg.inventory.portfolio.sheets import portfolio_of_rows

    try:
        rows = (
            read_xlsx_rows(whole_of(path, _MOST_BYTES), columns.sheet)
            if is_workbook
            else read_csv_rows(pieces_of(path))
        )
        return portfolio_of_rows(path.name, rows, columns, kinds, step)
    except SpreadsheetError as error:
        line = f":{error.line}" if error.line else ""
        raise CannotRun(f"{path}{line}: {error.sentence}", error.hint) from error
    except ColumnMapError as error:
        raise CannotRun(f"{path}: {error.sentence}", error.hint) from error


def _check_devices(path: Path) -> None:
    if not set(open_parquet(path).names).issuperset(COLUMNS[DEVICES]):
        raise CannotRun(
            f"{path} is a Parquet file, and not the Devices of a snapshot",
            "load it (defectreg inventory load), or save it as CSV or XLSX",
        )


def _of_folder(folder: Path, kinds: Kinds) -> Portfolio:
    """A snapshot's own folder, or an inventory's."""
    if (folder / _SNAPSHOT).is_file():
        return _of_snapshot(open_snapshot(folder.resolve()), kinds)
    if (folder / _CURRENT).is_file():
        return _of_inventory(open_inventory(folder), kinds)
    raise CannotRun(
        f"{folder} is no folder of a snapshot",
        "name a CSV or XLSX file, or a folder that `defectreg inventory load` made",
    )
