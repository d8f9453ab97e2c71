"""Options that several commands of ``alerts`` take, in the same words everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

from defectreg.register.codes import parse_alert_code
from defectreg.register.errors import UsageProblem


def alert_codes(typed: list[str] | None) -> list[str]:
    """The alert codes that were typed, each once, as DUIS writes them."""
    codes = set()
    for text in typed or ():
        try:
            codes.add(parse_alert_code(text))
        except ValueError as error:
            raise UsageProblem(
                f"{text!a:.40} is no alert code", "4 hexadecimal digits such as 8F1E, AD1, or N13"
            ) from error
    return sorted(codes)


AlertOption = Annotated[
    list[str] | None,
    typer.Option(
        "--alert", metavar="CODE", help="Only this alert code, such as 8F1E; may be repeated."
    ),
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="From that day on, YYYY-MM-DD."),
]
UntilOption = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="DATE",
        help="Until that day, YYYY-MM-DD. Without it, the last that was loaded.",
    ),
]
