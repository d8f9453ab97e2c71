"""Options that several commands of ``inventory`` take, in the same words everywhere."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class IdentifierForm(StrEnum):
    """How exactly manufacturer, model and firmware must be written."""

    strict = "strict"
    lenient = "lenient"


InventoryOption = Annotated[
    Path | None,
    typer.Option(
        "--inventory",
        metavar="DIR",
        help="The inventory's folder. Without it, $DEFECTREG_INVENTORY, else "
        "defectreg/inventory in your data folder. It may be in no git repository.",
    ),
]
ColumnsOption = Annotated[
    Path | None,
    typer.Option(
        "--columns",
        metavar="FILE",
        help="A column map: which column of a file is which of ours. Without it, names are "
        "guessed.",
    ),
]
IdentifierFormOption = Annotated[
    IdentifierForm,
    typer.Option(
        "--form",
        metavar="FORM",
        help="strict: 4, 8 and 8 hexadecimal digits, as GBCS asks; an IHD or CAD is read as "
        "leniently as DUIS. lenient: all are.",
    ),
]
PadZerosOption = Annotated[
    bool,
    typer.Option(
        "--pad-zeros", help="Give back the zeros that a spreadsheet ate, where that is certain."
    ),
]
EngineOption = Annotated[
    str,
    typer.Option("--engine", metavar="ENGINE", help="Who answers: duckdb, or spark://HOST:PORT."),
]
SchemaVersionOption = Annotated[
    str | None,
    typer.Option(
        "--schema-version", metavar="V", help="The DUIS version you are on. Without it, 5.4."
    ),
]
