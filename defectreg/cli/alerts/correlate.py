"""The command that shows which combinations are correlated with alerts."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from defectreg.cli.alerts.options import (
    AlertOption,
    SinceOption,
    UntilOption,
    alert_codes,
)
from defectreg.cli.errors import FINDINGS
from defectreg.cli.inventory.options import EngineOption, InventoryOption
from defectreg.cli.options import JsonOption
from defectreg.cli.output import emit_json, escape, progress
from defectreg.cli.today import asked_day

app = typer.Typer()

_WINDOW = 90
"""Days that are looked at where no first one is given."""
_EXAMPLES = """\b
Examples:
  defectreg alerts correlate
  defectreg alerts correlate --alert 8F1E --since 2026-10-01 --json"""


@app.callback()
def keeping() -> None:
    """Makes typer keep the command's name where it is the only one."""


@app.command(epilog=_EXAMPLES)
def correlate(
    since: SinceOption = None,
    until: UntilOption = None,
    alert: AlertOption = None,
    engine: EngineOption = "duckdb",
    inventory: InventoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which combinations are correlated with which alert code, in which region, how surely.

    Each ESME, GSME, Communications Hub, ESME with Hub and full combination is compared with the
    rest of its region; of those that stand out, the coarsest that explains is a finding. Without
    --since, the last 90 days. docs/alerts-method.md says what it can show and what not. Exit code
    1: there are findings.
    """
    from defectreg.alerts.correlating import correlate as correlated
    from defectreg.alerts.correlating import read_areas
    from defectreg.alerts.telling import correlation_json, correlation_lines
    from defectreg.store.alerts.asking import open_kept
    from defectreg.store.inventory.places import open_inventory
    from defectreg.store.places import open_register
    from defectreg.store.tables.engine import open_engine, read_sql

    codes, answers = alert_codes(alert), open_engine(engine)
    smallest = open_register(Path.cwd()).grounds.policy.small_cell
    first, last = (asked_day(day) if day else None for day in (since, until))
    kept = open_kept(open_inventory(inventory), first, last, _WINDOW)
    window = {"since": kept.days[0].isoformat(), "until": kept.days[-1].isoformat()}
    sql = kept.views + read_sql("defectreg.alerts", "correlate.sql")
    with progress("Adding up"), answers.run(sql, kept.tables, window) as answer:
        areas = read_areas(answer.rows(), codes)
    found = correlated(areas, len(kept.days), smallest)
    if as_json:
        emit_json(correlation_json(found, {**window, "alerts": codes, "small_cell": smallest}))
    else:
        sys.stdout.writelines(f"{escape(line)}\n" for line in correlation_lines(found))
    if found.findings:
        raise typer.Exit(FINDINGS)
