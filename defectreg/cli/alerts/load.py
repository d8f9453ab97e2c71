"""The command that loads logs of alerts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from defectreg.cli.errors import FINDINGS
from defectreg.cli.inventory.options import ColumnsOption, InventoryOption
from defectreg.cli.options import JsonOption
from defectreg.cli.output import emit_json, escape, progress
from defectreg.cli.today import asked_day

app = typer.Typer()

_EXAMPLES = """A log is CSV, Parquet or XLSX with a column each of Device ID, alert code and time
(and, where there are, region and number of alerts), or XML with DUIS alerts. What the folders of a
file say, such as day=2026-11-01, counts as a column.

\b
Examples:
  defectreg alerts load log.csv --columns columns.yaml
  defectreg alerts load logs/day=2026-11-01/ --json
  defectreg alerts load"""


@app.callback()
def keeping() -> None:
    """Makes typer keep the command's name where it is the only one."""


@app.command(short_help="Load logs of alerts into daily aggregates.", epilog=_EXAMPLES)
def load(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="Logs, or folders of them. Without any, what is kept is joined with the newest "
            "snapshot.",
        ),
    ] = None,
    columns: ColumnsOption = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Replace what is kept of the days of these logs. Without it, they are added.",
        ),
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects",
            metavar="FILE",
            help="Where to write what is not counted. Without it, beside the inventory.",
        ),
    ] = None,
    inventory: InventoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load logs of alerts: who sent which alert on which day, joined with the inventory.

    Kept are alerts a day by premises, Device Type and code, and no Device ID. A file that was
    loaded before changes nothing. All files come in, or none where one is not whole. Rows that are
    no alert, and Devices without premises, are counted and named in a file of their own. Exit code
    1: there are such.
    """
    from defectreg.alerts.loaded import loaded_json, loaded_lines
    from defectreg.alerts.loading import Asked, load_alerts
    from defectreg.inventory.loading import read_column_map
    from defectreg.store.inventory.places import open_inventory
    from defectreg.store.places import open_register

    codes = open_register(Path.cwd()).grounds.catalogue.alert_codes
    asked = Asked(asked_day(None), read_column_map(columns), replace, codes, rejects)
    with progress("Loading") as done:
        loaded = load_alerts(open_inventory(inventory), files or (), asked, done)
    if as_json:
        emit_json(loaded_json(loaded))
    else:
        sys.stdout.writelines(f"{escape(line)}\n" for line in loaded_lines(loaded))
    if not loaded.is_clean:
        raise typer.Exit(FINDINGS)
