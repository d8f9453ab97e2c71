"""The command that shows what alerts are correlated with, region by region."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defectreg.cli.alerts.correlated import ask
from defectreg.cli.alerts.options import AlertOption, SinceOption, UntilOption, alert_codes
from defectreg.cli.inventory.options import EngineOption, InventoryOption
from defectreg.cli.options import JsonOption
from defectreg.cli.output import disclaimer_lines, emit_json, escape
from defectreg.register.errors import UsageProblem

if TYPE_CHECKING:
    from defectreg.alerts.reporting import Report
    from defectreg.cli.alerts.correlated import Correlated
    from defectreg.store.places import Register

app = typer.Typer()

_EXAMPLES = """\b
Examples:
  defectreg alerts report
  defectreg alerts report --alert 8F1E --svg 8F1E.svg
  defectreg alerts report --since 2026-10-01 --html october.html"""


@app.callback()
def keeping() -> None:
    """Makes typer keep the command's name where it is the only one."""


@app.command(epilog=_EXAMPLES)
def report(
    since: SinceOption = None,
    until: UntilOption = None,
    alert: AlertOption = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print a table of all squares as CSV.")
    ] = False,
    svg: Annotated[
        Path | None,
        typer.Option("--svg", metavar="FILE", help="Write the heat map of one alert code there."),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page with all of it there."),
    ] = None,
    engine: EngineOption = "duckdb",
    inventory: InventoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what each alert code is correlated with: combinations by region, and what is known.

    A grid for each alert code with findings, as `alerts correlate` finds them; beside each stands
    what the register has: its entries, and whether their cause is identified, suspected or unknown.
    Files are written outside git only: they have figures. Without --since, the last 90 days.
    """
    if as_json and as_csv:
        raise UsageProblem("--json and --csv cannot go together", "choose one of them")
    from defectreg.alerts.reported import report_csv, report_json
    from defectreg.store.places import open_register

    register = open_register(Path.cwd())
    smallest = register.grounds.policy.small_cell
    made = _made(register, ask(inventory, engine, (since, until), alert_codes(alert), smallest))
    _write(made, svg, html)
    if as_csv:
        sys.stdout.write(report_csv(made))
    elif as_json:
        emit_json(report_json(made))
    else:
        _print(made)


def _made(register: Register, answer: Correlated) -> Report:
    from defectreg.alerts.linking import entries_about
    from defectreg.alerts.reporting import report_of
    from defectreg.cli.today import today

    grounds = register.grounds
    codes = {finding.result.code for finding in answer.found.findings}
    entries = entries_about(register, codes, today(), grounds.policy.audience)
    days = answer.kept.days
    window = days[0].isoformat(), days[-1].isoformat()
    return report_of(answer.found, window, entries, grounds.catalogue.alert_codes)


def _write(made: Report, svg: Path | None, html: Path | None) -> None:
    """Write the files that were asked for, outside git; raises CannotRun."""
    from defectreg.alerts.picturing import page_of
    from defectreg.store.inventory.outgoing import outgoing

    wanted: tuple[tuple[Path | None, Callable[[Report], str]], ...] = (svg, _svg), (html, page_of)
    for path, text in wanted:
        if path is not None:
            data = text(made).encode()
            with outgoing(path) as file:
                file.write(data)


def _svg(made: Report) -> str:
    from defectreg.alerts.picturing import svg_of

    if len(made.grids) != 1:
        codes = ", ".join(grid.code for grid in made.grids) or "none"
        raise UsageProblem(
            f"a picture is of one alert code, and those with findings are: {codes}",
            "name one: --alert CODE, or write a page of all: --html FILE",
        )
    return svg_of(made.grids[0], made)


def _print(made: Report) -> None:
    from defectreg.alerts.reported import report_lines

    print("\n".join(disclaimer_lines()))
    print()
    sys.stdout.writelines(f"{escape(line)}\n" for line in report_lines(made))
