"""Arguments and options that several commands take, in the same words everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from defectreg.cli.completing import complete_id, complete_party
from defectreg.register.errors import UsageProblem


class Audience(StrEnum):
    """For whom a publication or a bulletin may be made; no other audience has one."""

    clear = "clear"
    green = "green"


class Form(StrEnum):
    """How findings are printed: for people, for programs, or as the hosts of requests take them."""

    text = "text"
    json = "json"
    markdown = "markdown"
    codequality = "codequality"
    annotations = "annotations"
    sarif = "sarif"
    junit = "junit"


@dataclass(frozen=True, slots=True)
class Written:
    """A report that is to be written beside what is printed."""

    form: Form
    path: Path


def _written(typed: str) -> Written:
    """The report that ``FORM=FILE`` asks for."""
    name, _, file = typed.partition("=")
    forms = [form for form in Form if form is not Form.text]
    if name not in forms or not file:
        raise UsageProblem(
            f"{typed!a:.80} asks for no report",
            f"--report takes FORM=FILE, and FORM is one of {', '.join(forms)}",
        )
    return Written(Form(name), Path(file))


def complete_audience(incomplete: str) -> list[str]:
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
        autocompletion=complete_audience,
        help=audience_option("clear, green, amber or red"),
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help=DRY_RUN_HELP)]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
FormOption = Annotated[
    Form,
    typer.Option(
        "--format",
        metavar="FORM",
        help="How to print it: text, json, markdown (for a comment), codequality (GitLab), "
        "annotations (GitHub), sarif or junit.",
    ),
]
ReportOption = Annotated[
    list[Written] | None,
    typer.Option(
        "--report",
        metavar="FORM=FILE",
        parser=_written,
        help="Write it into a file too, in one of these forms; may be repeated.",
    ),
]
