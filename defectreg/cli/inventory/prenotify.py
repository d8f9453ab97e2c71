"""Prenotify: the requests for what was shipped and passed the check."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.errors import FINDINGS
from defectreg.cli.findings import counted, finding_json
from defectreg.cli.inventory.check import MOST_SHOWN, MOST_TOLD, AsnArgument, report_lines
from defectreg.cli.inventory.options import ColumnsOption, InventoryOption, SchemaVersionOption
from defectreg.cli.options import JsonOption
from defectreg.cli.output import emit_json, escape, progress

if TYPE_CHECKING:
    from defectreg.inventory.asn_checks import Report, Shipment
    from defectreg.inventory.prenotifying import Sending

app = typer.Typer()
SCHEMA_VERSION = 1
_EXAMPLES = """\b
Examples:
  defectreg inventory prenotify asn.xml --from 90-B3-D5-1F-30-01-00-00
    --target 90-B3-D5-1F-30-00-00-02 --counter 1000
  the same with --to requests.xml writes them"""


@app.command("prenotify", short_help="Write SR12.2 for the lines that passed.", epilog=_EXAMPLES)
def prenotify(
    asn: AsnArgument,
    originator: Annotated[
        str, typer.Option("--from", metavar="EUI", help="You: the originator of the requests.")
    ],
    target: Annotated[str, typer.Option("--target", metavar="EUI", help="Whom they are sent to.")],
    counter: Annotated[
        int,
        typer.Option(
            "--counter", metavar="N", min=0, help="The first request's; the next count on."
        ),
    ],
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="Write them. Without it, nothing is written."),
    ] = None,
    schema_version: SchemaVersionOption = None,
    unjudged: Annotated[
        bool,
        typer.Option("--unjudged", help="Also for Devices of which something cannot be judged."),
    ] = False,
    columns: ColumnsOption = None,
    inventory: InventoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make an SR12.2 for each line of an ASN that passed what `check` asks.

    Show how many there are, and what is left out and why; with --to they are written, unsigned, as
    one file. Exit code 1: lines are left out.
    """
    from defectreg.formats.duis import SCHEMA_VERSION as NEWEST
    from defectreg.inventory.asn_checks import opened_asn
    from defectreg.inventory.loading import read_column_map
    from defectreg.inventory.prenotifying import parse_sending
    from defectreg.store.inventory.places import open_inventory
    from defectreg.store.inventory.snapshot import find_current

    version = NEWEST if schema_version is None else schema_version
    sending = parse_sending(originator, target, counter, version, takes_unjudged=unjudged)
    snapshot = find_current(open_inventory(inventory))
    with opened_asn(asn, snapshot, read_column_map(columns)) as shipment:
        report = _made(shipment, sending, to, MOST_TOLD if as_json else MOST_SHOWN)
    if as_json:
        emit_json(prenotified_json(shipment, report, sending, to))
    else:
        print("\n".join([*report_lines(report), *_sum(shipment, report, sending, to)]))
    if report.passed < shipment.lines or shipment.problems:
        raise typer.Exit(FINDINGS)


def _made(shipment: Shipment, sending: Sending, to: Path | None, most: int) -> Report:
    from defectreg.formats.duis import write_requests
    from defectreg.inventory.asn_checks import Report
    from defectreg.inventory.prenotifying import requests_of
    from defectreg.store.inventory.outgoing import outgoing

    report = Report()
    with progress("Pre-notifying", shipment.lines) as stepped:
        requests = requests_of(shipment, sending, report, most, stepped)
        first = next(requests, None)
        if first is not None and to is not None:
            with outgoing(to) as file:
                file.writelines(write_requests(chain((first,), requests)))
        deque(requests, maxlen=0)
    return report


def _sum(shipment: Shipment, report: Report, sending: Sending, to: Path | None) -> Iterator[str]:
    if shipment.problems:
        yield "Nothing is pre-notified of an ASN that is not whole."
        return
    out = shipment.lines - report.passed
    if out > report.refused:
        open_ones = counted(out - report.refused, "Device")
        yield f"Of {open_ones} something cannot be judged; --unjudged takes them."
    left = f"; {counted(out, 'Device')} left out" if out else ""
    first = sending.first.counter
    counters = f", counters {first} to {first + report.passed - 1}" if report.passed else ""
    made = f"{counted(report.passed, 'request')} SR12.2{counters}{left}."
    if to is None:
        yield f"Would be written: {made}"
        yield "--to FILE writes them."
    elif not report.passed:
        yield f"Nothing was written: {made}"
    else:
        yield f"Written to {escape(str(to))}: {made}"


def prenotified_json(
    shipment: Shipment, report: Report, sending: Sending, to: Path | None
) -> dict[str, Any]:
    """What was made of an ASN, as one object of JSON.

    ``schema_version``: 1; ``file``: the ASN; ``written``: the file of the requests, null where
    nothing was written; ``requests``: how many, ``first`` the id of the first, ``duis`` their
    version; ``left_out``: how many Devices; ``codes`` and ``findings`` as ``check`` gives them.
    """
    is_written = to is not None and report.passed > 0
    return {
        "schema_version": SCHEMA_VERSION,
        "file": shipment.file,
        "written": str(to) if is_written else None,
        "requests": report.passed,
        "first": str(sending.first),
        "duis": sending.schema_version,
        "left_out": shipment.lines - report.passed,
        "codes": dict(sorted(report.codes.items())),
        "findings": [finding_json(finding) for finding in report.findings],
    }
