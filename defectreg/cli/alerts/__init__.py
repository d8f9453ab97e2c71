"""Superfluous Alerts: what they are correlated with, and whether a fix changed it.

One module for each command below, imported when that command is called. To add one: a line in
``COMMANDS``, and a module with ``app = typer.Typer()`` and its function under ``@app.command``.
"""

from __future__ import annotations

from typing import ClassVar

import typer

from defectreg.cli.sections import Entry, Section, SectionedGroup

_HERE = "defectreg.cli.alerts"

COMMANDS = Section(
    "Commands",
    (
        Entry("load [FILE...]", f"{_HERE}.load", "Load logs of alerts into daily aggregates."),
        Entry("correlate", f"{_HERE}.correlate", "Show which combinations alert more, how surely."),
        Entry("track", f"{_HERE}.track", "Propose records and reports of what was found."),
        Entry("report", f"{_HERE}.report", "Show what alerts are correlated with, by region."),
        Entry("effect ID", f"{_HERE}.effect", "Measure whether a fix changed the alerts."),
    ),
)


class AlertsGroup(SectionedGroup):
    """The commands of ``alerts``."""

    sections: ClassVar[tuple[Section, ...]] = (COMMANDS,)


app = typer.Typer()
app.add_typer(
    typer.Typer(),
    name="alerts",
    cls=AlertsGroup,
    no_args_is_help=True,
    help="Find what Superfluous Alerts are correlated with, measure fixes. "
    "Device data stays outside git.",
)


@app.callback()
def keeping() -> None:
    """Superfluous Alerts."""
