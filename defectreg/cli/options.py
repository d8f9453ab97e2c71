"""Arguments and options that several commands take, in the same words everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

from defectreg.cli.completing import complete_id, complete_party


def _complete_audience(incomplete: str) -> list[str]:
    from defectreg.register.classification import CLASSES

    return [name for name in CLASSES if name.startswith(incomplete)]


def audience_option(named: str) -> str:
    """The help of ``--audience`` where it takes these classes."""
    return f"For whom: {named}. Without it, whom the policy says."


AS_OF_HELP = "Stages as they are on that day, YYYY-MM-DD. Without it, today."
DRY_RUN_HELP = "Show what would be written, and write nothing."

RecordArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        autocompletion=complete_id,
        help="The record: its id, or any beginning that no other has.",
    ),
]
PartyOption = Annotated[
    str | None,
    typer.Option(
        "--party",
        metavar="PARTY",
        autocompletion=complete_party,
        help="The Party you speak for. Without it, $DEFECTREG_PARTY, else git config "
        "defectreg.party, else the Party that holds the key.",
    ),
]
KeyOption = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="FILE",
        help="The key to sign with; '' signs nothing. Without it, $DEFECTREG_KEY, else git "
        "config defectreg.key.",
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help=AS_OF_HELP),
]
AudienceOption = Annotated[
    str | None,
    typer.Option(
        "--audience",
        metavar="AUDIENCE",
        autocompletion=_complete_audience,
        help=audience_option("clear, green, amber or red"),
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=DRY_RUN_HELP)]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
