"""Check: what is wrong with an ASN, before it is sent or before it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.errors import FINDINGS
from defectreg.cli.findings import counted, finding_json, finding_lines
from defectreg.cli.inventory.options import ColumnsOption, InventoryOption
from defectreg.cli.options import JsonOption
from defectreg.cli.output import emit_json, escape, progress

if TYPE_CHECKING:
    from defectreg.inventory.asn_checks import Report, Shipment

app = typer.Typer()
SCHEMA_VERSION = 1
MOST_SHOWN = 10
"""Findings of one code that a person is shown."""
MOST_TOLD = 1000
"""Findings of one code that JSON has."""
_EXAMPLES = """\b
Examples:
  defectreg inventory check asn.xml --as manufacturer
  defectreg inventory check asn.txt --as supplier --csv findings.csv"""


class As(StrEnum):
    """Who asks."""

    manufacturer = "manufacturer"
    supplier = "supplier"


AsnArgument = Annotated[Path, typer.Argument(metavar="ASN", help="An ASN: XML, text, or a table.")]


@app.command("check", short_help="Check an ASN before it is sent or used.", epilog=_EXAMPLES)
def check(
    asn: AsnArgument,
    who: Annotated[
        As,
        typer.Option(
            "--as",
            metavar="WHO",
            help="manufacturer: before it is sent. supplier: when it has come.",
        ),
    ],
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write every finding into a file, as CSV."),
    ] = None,
    columns: ColumnsOption = None,
    inventory: InventoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check an ASN: by itself, and against the product map, the list and Devices seen before.

    These come from what was loaded into the inventory; what is not there is said. Nothing is
    changed. Exit code 1: something is wrong, or cannot be judged.
    """
    from defectreg.inventory import asn_checks
    from defectreg.inventory.loading import read_column_map
    from defectreg.register.inventory.asn_codes import Reader
    from defectreg.store.inventory.places import open_inventory
    from defectreg.store.inventory.snapshot import find_current

    most = MOST_TOLD if as_json else MOST_SHOWN
    snapshot = find_current(open_inventory(inventory))
    with (
        asn_checks.opened_asn(asn, snapshot, read_column_map(columns)) as shipment,
        _written(csv) as told,
        progress("Checking", shipment.lines) as stepped,
    ):
        report = asn_checks.check(shipment, Reader(who.value), most, told, stepped)
    if as_json:
        emit_json(checked_json(shipment, report))
    else:
        print("\n".join([*report_lines(report), *_sum(shipment, report, csv)]))
    if not report.is_clean:
        raise typer.Exit(FINDINGS)


@contextmanager
def _written(csv: Path | None) -> Iterator[Callable[[Sequence[str]], None]]:
    """What takes each finding as a row; the file is there at the end of the ``with``."""
    if csv is None:
        yield lambda row: None
        return
    from defectreg.formats.columns import to_csv
    from defectreg.inventory.asn_checks import COLUMNS
    from defectreg.store.inventory.outgoing import outgoing

    with outgoing(csv) as file:

        def write(row: Sequence[str]) -> None:
            file.write(to_csv(row, ()).encode())

        write(COLUMNS)
        yield write


def report_lines(report: Report) -> Iterator[str]:
    """The findings for people, the hint with the first of each code; how many are not shown."""
    hinted: set[str] = set()
    for finding in report.findings:
        lines = [*finding_lines(finding)]
        yield from lines if finding.code not in hinted else lines[:1]
        hinted.add(finding.code)
    for code, count in report.left_out().items():
        yield f"{code}: {counted(count, 'more finding')} like these."


def _sum(shipment: Shipment, report: Report, csv: Path | None) -> Iterator[str]:
    if csv is not None:
        yield f"Every finding stands in {escape(str(csv))}."
    elif report.left_out():
        yield "--csv FILE writes all of them."
    name = f" of {escape(shipment.header.asn_id)}" if shipment.header.asn_id else ""
    left = shipment.lines - report.passed - report.refused
    not_judged = f", {left:,} cannot be judged" if left else ""
    yield (
        f"{counted(shipment.lines, 'Device')}{name}: {report.passed:,} passed, "
        f"{report.refused:,} with errors{not_judged}."
    )


def checked_json(shipment: Shipment, report: Report) -> dict[str, Any]:
    """What was found in an ASN, as one object of JSON.

    ``schema_version``: 1; ``file``; ``asn`` (``id``, ``manufacturer``, ``recipient``, ``ship_date``
    as its header says them); ``devices``: how many it lists, and of these ``passed``, ``refused``
    and ``not_judged``; ``codes``: how many findings there are of each; ``findings``: the first
    1,000 of each code, each with ``file``, ``line``, ``column``, ``code``, ``severity`` (error,
    warning, or awaited: cannot be judged), ``sentence`` and ``hint``. A finding of no line has no
    file, and line 0.
    """
    header = shipment.header
    return {
        "schema_version": SCHEMA_VERSION,
        "file": shipment.file,
        "asn": {
            "id": header.asn_id,
            "manufacturer": header.manufacturer,
            "recipient": header.recipient,
            "ship_date": header.ship_date,
        },
        "devices": {
            "listed": shipment.lines,
            "passed": report.passed,
            "refused": report.refused,
            "not_judged": shipment.lines - report.passed - report.refused,
        },
        "codes": dict(sorted(report.codes.items())),
        "findings": [finding_json(finding) for finding in report.findings],
    }
