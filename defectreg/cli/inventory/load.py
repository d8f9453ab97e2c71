"""The command that loads extracts, ASN files and lists into the inventory."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.errors import FINDINGS, report
from defectreg.cli.findings import counted
from defectreg.cli.inventory.options import (
    ColumnsOption,
    IdentifierForm,
    IdentifierFormOption,
    InventoryOption,
    PadZerosOption,
)
from defectreg.cli.options import JsonOption
from defectreg.cli.output import emit_json, escape, progress
from defectreg.cli.today import asked_day

if TYPE_CHECKING:
    from defectreg.inventory.loading import Loaded
    from defectreg.store.inventory.older import Older

app = typer.Typer()

SCHEMA_VERSION = 1
_MANY = 10
"""Older snapshots from which it is said what they take."""
_EXAMPLES = """A file may be an extract of the inventory (CSV, XLSX, Parquet, SR8.2 responses), an
ASN (XML, text, CSV or XLSX), the Central Products List, or a product map (YAML or CSV).

\b
Examples:
  defectreg inventory load extract.csv asn/ --columns columns.yaml
  defectreg inventory load --as products products.yaml"""


class Kind(StrEnum):
    """What a file is."""

    inventory = "inventory"
    asn = "asn"
    cpl = "cpl"
    products = "products"


@app.callback()
def keeping() -> None:
    """Makes typer keep the command's name where it is the only one."""


@app.command(short_help="Load extracts, ASN files and lists into a new snapshot.", epilog=_EXAMPLES)
def load(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Files, or folders of files. All become one load."),
    ],
    kind: Annotated[
        Kind | None,
        typer.Option(
            "--as",
            metavar="KIND",
            help="What the files are: inventory, asn, cpl or products. Without it, what they "
            "look like.",
        ),
    ] = None,
    columns: ColumnsOption = None,
    form: IdentifierFormOption = IdentifierForm.strict,
    pad_zeros: PadZerosOption = False,
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects",
            metavar="FILE",
            help="Where to write what was rejected. Without it, beside the snapshot.",
        ),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep",
            metavar="N",
            min=2,
            help="Keep the newest N snapshots with this one, and remove those before. Without it, "
            "all are kept.",
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help="The day whose state the files tell, YYYY-MM-DD. Without it, today.",
        ),
    ] = None,
    inventory: InventoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load extracts, ASN files, the Central Products List or a product map into a new snapshot.

    All files come in, or none where one is not whole. A row that cannot come in is a reject, with
    its line and reason. Columns of personal data stay outside. A load replaces the tables it has
    files of: an extract all Devices, an ASN its own lines.
    """
    from defectreg.inventory.loading import Keeping, Telling, load_files, read_column_map
    from defectreg.inventory.reading_tables import Asked
    from defectreg.register.inventory.identifiers import Form
    from defectreg.store.inventory.places import open_inventory

    opened = open_inventory(inventory)
    asked = Asked(
        kind.value if kind else None,
        read_column_map(columns),
        Form(form.value),
        pad_zeros,
        asked_day(as_of).isoformat(),
    )
    with progress("Loading") as done:
        now = datetime.datetime.now(datetime.UTC)
        loaded = load_files(
            opened, files, asked, now, Keeping(rejects, keep), Telling(done, report)
        )
    if as_json:
        emit_json(loaded_json(loaded))
    else:
        print("\n".join(_lines(loaded)))
    if loaded.reasons:
        raise typer.Exit(FINDINGS)


def _lines(loaded: Loaded) -> Iterator[str]:
    if loaded.snapshot is None:
        yield "Nothing was loaded: no row could come in."
    else:
        yield f"Loaded as of {loaded.snapshot.as_of}: snapshot {loaded.snapshot.id}"
        for name, rows in loaded.snapshot.loaded.items():
            before = loaded.before.get(name)
            was = "" if before is None else f" (before: {before:,})"
            yield f"  {name:<10}{rows:>12,}{was}"
    if loaded.mended:
        yield f"Mended, their zeros given back: {loaded.mended:,}"
    for file in loaded.files:
        name = escape(file.name)
        if file.personal:
            yield f"Left outside as personal: {escape(', '.join(file.personal))} ({name})"
        if file.unknown:
            yield f"Left outside as unknown: {escape(', '.join(file.unknown))} ({name})"
    yield from _older(loaded.older)
    yield from _rejected(loaded)


def _older(older: Older) -> Iterator[str]:
    if older.removed:
        yield f"Removed: {counted(older.removed, 'older snapshot')}"
    if older.count >= _MANY:
        yield (
            f"Older snapshots: {older.count:,}, which take {older.bytes / 1e6:,.0f} MB; "
            "--keep 2 keeps this one and the one before"
        )


def _rejected(loaded: Loaded) -> Iterator[str]:
    if not loaded.reasons:
        return
    yield f"Rejected: {sum(loaded.reasons.values()):,}, see {escape(str(loaded.rejects))}"
    for reason, count in sorted(loaded.reasons.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {count:>9,}  {escape(reason)}"


def loaded_json(loaded: Loaded) -> dict[str, Any]:
    """What a load did, as one object of JSON.

    ``schema_version``: 1; ``snapshot``: ``id``, ``as_of`` and ``rows`` of each table (null where
    nothing came in); ``files``, each with ``file``, ``kind``, ``loaded``, ``rejected``, and the
    names of columns that stayed outside as ``personal`` and ``unknown``; ``mended``; ``rejected``:
    ``count``, ``file`` (null without rejects), ``reasons`` to how many; ``older``: of the
    snapshots before ``count``, the ``bytes`` that they alone take, and how many were ``removed``.
    """
    made = loaded.snapshot
    return {
        "schema_version": SCHEMA_VERSION,
        "snapshot": made and {"id": made.id, "as_of": made.as_of, "rows": made.loaded},
        "files": [
            {
                "file": file.name,
                "kind": file.table.kind,
                "loaded": file.loaded,
                "rejected": file.rejected,
                "personal": list(file.personal),
                "unknown": list(file.unknown),
            }
            for file in loaded.files
        ],
        "mended": loaded.mended,
        "rejected": {
            "count": sum(loaded.reasons.values()),
            "file": loaded.rejects and str(loaded.rejects),
            "reasons": dict(loaded.reasons),
        },
        "older": {
            "count": loaded.older.count,
            "bytes": loaded.older.bytes,
            "removed": loaded.older.removed,
        },
    }
