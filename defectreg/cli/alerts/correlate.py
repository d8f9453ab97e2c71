"""The command that shows which combinations are correlated with alerts."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from defectreg.cli.alerts.correlated import ask
from defectreg.cli.alerts.options import (
    AlertOption,
    SinceOption,
    UntilOption,
    alert_codes,
)
from defectreg.cli.errors import FINDINGS
from defectreg.cli.inventory.options import EngineOption, InventoryOption
from defectreg.cli.options import JsonOption
from defectreg.cli.output import disclaimer_lines, emit_json, escape

app = typer.Typer()

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
    rest of its region; of those that stand out, the coarsest that explains is a finding. Shown are
    findings; --json has the figures of every cell. Without --since, the last 90 days.
    docs/alerts-method.md says what it can show and what not. Exit code 1: there are findings.
    """
    from defectreg.alerts.telling import correlation_json, correlation_lines
    from defectreg.register.shown_words import DISCLAIMER
    from defectreg.store.places import open_register

    smallest = open_register(Path.cwd()).grounds.policy.small_cell
    answer = ask(inventory, engine, (since, until), alert_codes(alert), smallest)
    found = answer.found
    if as_json:
        emit_json(correlation_json(found, {"disclaimer": DISCLAIMER, **answer.meta}))
    else:
        print("\n".join(disclaimer_lines()))
        print()
        sys.stdout.writelines(f"{escape(line)}\n" for line in correlation_lines(found))
    if found.findings:
        raise typer.Exit(FINDINGS)
