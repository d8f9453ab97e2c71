"""The command that enters a file of reports: shown first, then one request."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from defectreg.cli.import_telling import refuse, tell
from defectreg.cli.options import JsonOption, KeyOption, PartyOption

app = typer.Typer()

_EXAMPLES = """A column map is YAML: which column is which, where the reports come from. Keep it in
a folder of no repository: beside it lie the references of the incidents that were filed.

\b
  columns:
    text: Description
    reference: Incident
    day: Opened
  source: service-desk

\b
Examples:
  defectreg import week.csv --columns desk/map.yaml
  defectreg import week.csv --columns desk/map.yaml --mask --plan desk/plan
  defectreg import week.csv --columns desk/map.yaml --mask --apply desk/plan
  defectreg import all.json --told-by large-supplier --write"""


class Source(StrEnum):
    """Where reports come from."""

    service_desk = "service-desk"
    party = "party"
    another_register = "another-register"


@app.callback()
def keeping() -> None:
    """Makes typer keep the command's name where it is the only one."""


@app.command("import", short_help="Enter a file of reports.", epilog=_EXAMPLES)
def import_reports(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Reports as CSV or XLSX, or another register's export (CSV or JSON).",
        ),
    ],
    columns: Annotated[
        Path | None,
        typer.Option("--columns", metavar="FILE", help="A column map. Without it, names are "
                     "guessed, and references are kept beside FILE."),
    ] = None,
    source: Annotated[
        Source | None,
        typer.Option("--source", metavar="SOURCE", help="Where they come from: service-desk (free "
                     "text of incidents), party or another-register. Without it, as the column map "
                     "says, else party; an export is known by its columns."),
    ] = None,
    told_by: Annotated[
        str,
        typer.Option("--told-by", metavar="CATEGORY", help="The category of Parties that told what "
                     "names nobody, such as small-supplier."),
    ] = "",
    mask: Annotated[
        bool,
        typer.Option("--mask", help="Take out of the texts what may never be stored. Without it, "
                     "rows that hold such are left out."),
    ] = False,
    plan: Annotated[
        Path | None,
        typer.Option("--plan", metavar="FILE", help="Write what would become of every row, to be "
                     "changed and taken back with --apply."),
    ] = None,
    apply: Annotated[
        Path | None,
        typer.Option("--apply", metavar="FILE", help="Enter what a plan says, as one request."),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option("--decisions", metavar="FILE", help="Decisions of earlier weeks, applied to "
                     "rows like those; what you decide in a plan is added."),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Enter it as it is shown, as one request.")
    ] = False,
    party: PartyOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Enter reports out of a file: on new records, and on those that are here.

    Shown first; --write or --apply enters it. Each row becomes a report on a new record, one on a
    record that is here, is a likely duplicate that somebody decides, or is skipped. A record gets
    one report for each Party and day. The same file twice changes nothing.
    """
    from defectreg.cli.import_running import Wanted, run
    from defectreg.intake.entries import Refused
    from defectreg.intake.planning import Asked

    asked = Asked(file, columns, source.value if source else "", told_by, mask, decisions)
    wanted = Wanted(asked, plan, apply, write)
    try:
        outcome = run(wanted, party, key, datetime.now(UTC))
    except Refused as refused:
        refuse(refused, as_json)
    tell(outcome, as_json)
