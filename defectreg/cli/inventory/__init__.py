"""Inventory: what was shipped and installed, and whether it is recorded as it is.

One module for each command below, imported when that command is called. To add one: a line in
``COMMANDS``, and a module whose ``app = typer.Typer()`` has the command under that name.
"""

from __future__ import annotations

from typing import ClassVar

import typer

from defectreg.cli.sections import Entry, Section, SectionedGroup

_HERE = "defectreg.cli.inventory"

COMMANDS = Section(
    "Commands",
    (
        Entry("load FILE...", f"{_HERE}.load", "Read extracts, ASN files and lists."),
        Entry("check ASN", f"{_HERE}.check", "Check an ASN before it is sent or used."),
        Entry("prenotify ASN", f"{_HERE}.prenotify", "Write SR12.2 for the lines that passed."),
        Entry("diff", f"{_HERE}.diff", "Show which ESME Variants disagree, and why."),
        Entry("correct", f"{_HERE}.correct", "Write SR8.4 for a chosen part of diff."),
        Entry("apply FILE...", f"{_HERE}.apply", "Judge requests by the rule, and keep them."),
        Entry("combination DEVICE", f"{_HERE}.combination", "Print a Device's combination."),
        Entry("log [DEVICE]", f"{_HERE}.log", "Show what was asked for a Device, and by whom."),
    ),
)


class InventoryGroup(SectionedGroup):
    """The commands of ``inventory``."""

    sections: ClassVar[tuple[Section, ...]] = (COMMANDS,)


app = typer.Typer()
app.add_typer(
    typer.Typer(),
    name="inventory",
    cls=InventoryGroup,
    no_args_is_help=True,
    help="Load what was shipped and installed, find what is recorded wrongly, correct it. "
    "Device data stays outside git.",
)


@app.callback()
def keeping() -> None:
    """What was shipped and installed."""
