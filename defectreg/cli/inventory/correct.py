"""Correct: SR8.4 for a chosen part of diff."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.errors import FINDINGS
from defectreg.cli.findings import counted
from defectreg.cli.inventory.options import InventoryOption, SchemaVersionOption
from defectreg.cli.options import JsonOption
from defectreg.cli.output import bold, disclaimer_lines, emit_json, escape, progress
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from defectreg.inventory.correcting import Batch, Choice, Sending
    from defectreg.inventory.differing import Difference

app = typer.Typer()
SCHEMA_VERSION = 1
_MOST = 20
"""Devices of a batch that are named as left out; the others are counted."""
_NOBODY = "00-00-00-00-00-00-00-00"
_EXAMPLES = """\b
Examples:
  defectreg inventory correct --product FF01/00010100
  the same with --write --to DIR --target 90-B3-D5-1F-30-00-00-02 --counter 1000
  defectreg inventory apply DIR/90-B3-D5-1F-30-01-00-00.csv"""


@app.command("correct", short_help="Write SR8.4 for a chosen part of diff.", epilog=_EXAMPLES)
def correct(
    supplier: Annotated[
        str | None,
        typer.Option("--supplier", metavar="EUI", help="Only those of this Responsible Supplier."),
    ] = None,
    product: Annotated[
        str | None,
        typer.Option(
            "--product", metavar="PRODUCT", help="Only this model, as FF01/00010100@0001*."
        ),
    ] = None,
    region: Annotated[
        str | None, typer.Option("--region", metavar="REGION", help="Only this CSP Region.")
    ] = None,
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome",
            metavar="OUTCOME",
            help="Which part of diff: differs, old-system, base-letter or no-code.",
        ),
    ] = "differs",
    limit: Annotated[
        int | None,
        typer.Option("--limit", metavar="N", min=1, help="At most N, commissioned first."),
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", metavar="EUI", help="Whom they are sent to.")
    ] = None,
    counter: Annotated[
        int | None,
        typer.Option(
            "--counter",
            metavar="N",
            min=0,
            help="Of each Supplier's first request; the next count on.",
        ),
    ] = None,
    schema_version: SchemaVersionOption = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Where the files are written.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write them; without it, they are only shown.")
    ] = False,
    inventory: InventoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make an SR8.4 for each ESME whose ESME Variant can be corrected, of those chosen.

    Two files for each Responsible Supplier, who is their originator: requests as DUIS, unsigned,
    and a CSV file that says why. Devices of which a correction is proposed already are left alone.
    Exit code 1: some are left out, for the DUIS version does not know their code.
    """
    from defectreg.formats.duis import SCHEMA_VERSION as NEWEST
    from defectreg.inventory.correcting import parse_choice, parse_sending
    from defectreg.inventory.differing import open_difference
    from defectreg.store.inventory.places import open_inventory

    if write and (to is None or target is None or counter is None):
        raise UsageProblem(
            "--write needs --to, --target and --counter", "without --write they are only shown"
        )
    choice = parse_choice(outcome, supplier, product, region, limit)
    version = NEWEST if schema_version is None else schema_version
    sending = parse_sending(target or _NOBODY, counter or 0, version)
    folder = to if write else None
    with _written_to(folder) as place, open_difference(open_inventory(inventory)) as difference:
        batches = list(_batches(difference, choice, sending, place))
    if as_json:
        emit_json(corrections_json(batches, sending, folder))
    else:
        print("\n".join(_lines(batches, folder)))
    if any(batch.left_out for batch in batches):
        raise typer.Exit(FINDINGS)


def _written_to(folder: Path | None) -> AbstractContextManager[Path | None]:
    """Where the files are written until all of them are there."""
    from defectreg.store.inventory.outgoing import outgoing_folder

    return nullcontext() if folder is None else outgoing_folder(folder)


def _batches(
    difference: Difference, choice: Choice, sending: Sending, to: Path | None
) -> Iterator[Batch]:
    from defectreg.inventory.correcting import corrections
    from defectreg.inventory.correction_files import write_batch

    with progress("Correcting") as stepped:
        for batch, made in corrections(difference, choice, sending):
            if to is None:
                deque(made, maxlen=0)
            else:
                write_batch(batch, made, to)
            stepped(batch.made)
            yield batch


def _lines(batches: list[Batch], to: Path | None) -> Iterator[str]:
    yield from disclaimer_lines()
    yield ""
    for batch in batches:
        yield from _batch_lines(batch, to)
    made = sum(batch.made for batch in batches)
    if not made:
        yield "Nothing is to be corrected of what was chosen."
    elif to is None:
        yield f"Would be written: {counted(made, 'request')}. --write does."
    else:
        yield "Next, see what the rule says of them:"
        yield f"  defectreg inventory apply {escape(str(to))}/*.xml"


def _batch_lines(batch: Batch, to: Path | None) -> Iterator[str]:
    yield bold(f"{escape(batch.supplier)}: {counted(batch.made, 'request')} SR8.4")
    for change, number in sorted(batch.changes.items()):
        yield f"{number:>12,}  {escape(change)}"
    for device_id, _, why in batch.left_out[:_MOST]:
        yield f"  left out: {escape(device_id)}, {escape(why)}"
    if len(batch.left_out) > _MOST:
        yield f"  and {len(batch.left_out) - _MOST:,} more left out"
    for name in _written(batch, to):
        yield f"  written: {escape(name)}"


def _written(batch: Batch, to: Path | None) -> list[str]:
    from defectreg.inventory.correction_files import written_files

    return [] if to is None else [str(path) for path in written_files(batch, to)]


def corrections_json(batches: list[Batch], sending: Sending, to: Path | None) -> dict[str, Any]:
    """What was made, as one object of JSON.

    ``schema_version``: 1; ``meta``: ``disclaimer``; ``duis``: the version; ``written``: whether
    files were; ``batches``: each with ``supplier``, ``requests``, ``changes`` (by ``A to AD`` how
    many), ``files``, and ``left_out``: Devices with ``device_id``, ``esme_variant`` and ``why``.
    """
    from defectreg.register.shown_words import DISCLAIMER

    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {"disclaimer": DISCLAIMER},
        "duis": sending.schema_version,
        "written": to is not None,
        "batches": [
            {
                "supplier": batch.supplier,
                "requests": batch.made,
                "changes": dict(sorted(batch.changes.items())),
                "files": _written(batch, to),
                "left_out": [
                    {"device_id": device_id, "esme_variant": variant, "why": why}
                    for device_id, variant, why in batch.left_out
                ],
            }
            for batch in batches
        ],
    }
