"""Write: report an issue, say something of one, change its text, write files canonically."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from defectreg.cli.completing import complete_id, completes_assignment
from defectreg.cli.errors import FINDINGS
from defectreg.cli.fields import FieldsCommand
from defectreg.cli.options import (
    DryRunOption,
    JsonOption,
    KeyOption,
    PartyOption,
    RecordArgument,
    complete_audience,
)
from defectreg.cli.proposing import Manner
from defectreg.intake.forms import SAID_KINDS
from defectreg.register.errors import UsageProblem

app = typer.Typer()


def _complete_kind(incomplete: str) -> list[str]:
    return [kind for kind in SAID_KINDS if kind.startswith(incomplete)]


KindArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="KIND",
        autocompletion=_complete_kind,
        help=f"Of a statement: {', '.join(SAID_KINDS)}. Without it, a new issue.",
    ),
]
OfArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="ID",
        autocompletion=complete_id,
        help="The record it is said of: its id, or any beginning that no other has.",
    ),
]
TextArgument = Annotated[
    str | None, typer.Argument(metavar="TEXT", help="What is said; - reads standard input.")
]
ChangesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FIELD=VALUE]...",
        autocompletion=completes_assignment("record"),
        help="What to change, by dotted key: impact.consumers=high, alerts+=8F0A, alerts-=8F0A.",
    ),
]
SourceOption = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="FILE", help="Read the fields from a YAML file; - is standard input."
    ),
]

EditorOption = Annotated[
    bool, typer.Option("--editor", help="Fill in a form in $VISUAL or $EDITOR.")
]

ConsentOption = Annotated[
    str | None,
    typer.Option(
        "--consent",
        metavar="AUDIENCE",
        autocompletion=complete_audience,
        help="Of a new issue told in confidence: you, who told it, let this audience read it. It "
        "is a statement of your Party beside the report.",
    ),
]


_EXAMPLES_OF_ADD = """\b
Examples:
  defectreg add --title "Meter sends no billing alerts" --alert 8F0A
    --affected "CHF:FF02/00020001 + ESME:FF01/00010100@0001* in North"
    --behaviour "After the Hub takes 00020002 the meter sends no 8F0A."
  defectreg add fix 7k3q "Update the meter." --device ESME --firmware 00030005"""


@app.command(cls=FieldsCommand, no_args_is_help=False, epilog=_EXAMPLES_OF_ADD)
def add(
    context: typer.Context,
    kind: KindArgument = None,
    record: OfArgument = None,
    text: TextArgument = None,
    source: SourceOption = None,
    editor: EditorOption = False,
    consent: ConsentOption = None,
    party: PartyOption = None,
    key: KeyOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Report a new issue; with KIND and ID, say something of a record.

    `defectreg add KIND --help` shows only the options of that kind.

    In a terminal it asks for what you do not type. It is committed on a branch of its own
    (submit/...), to be pushed as a request; the work tree and the branch you are on stay as they
    are. What is said of a record that has not landed joins that record's request.
    """
    from defectreg.cli.adding import add_issue, add_statement

    manner = Manner(dry_run, json, editor, source or "", consent or "")
    if kind is None:
        add_issue(context, party, key, manner)
        return
    _check_kind(kind)
    if consent:
        raise UsageProblem(
            f"--consent does not belong to a {kind}", f"defectreg add consent {record or 'ID'}"
        )
    if record is None:
        raise UsageProblem(
            f"of which record is this {kind} said?", f'defectreg add {kind} ID "text"'
        )
    add_statement(context, (kind, record, text), party, key, manner)


@app.command(epilog="Example: defectreg edit 7k3q impact.consumers=high alerts+=8F0A")
def edit(
    record: RecordArgument,
    assignments: ChangesArgument = None,
    editor: EditorOption = False,
    party: PartyOption = None,
    key: KeyOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Propose a change of a record: some fields, or the whole of it in an editor.

    Comments stay. A validator accepts the new text before it lands. What was said of a record is
    never changed: say it anew with `defectreg add KIND ID --supersedes FILE`.
    """
    from defectreg.cli.changing import edit_record

    edit_record(record, assignments or [], party, key, Manner(dry_run, json, editor))


@app.command()
def fmt(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATHS]...", help="Files or folders; without, all records."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 when something would change.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Change nothing; show what would.")] = False,
) -> None:
    """Write records and statements in their canonical form; comments stay.

    Only records that are not accepted yet and statements that are not signed are touched: of the
    others it says that they differ.
    """
    from defectreg.cli.formatting import format_files

    if format_files(paths or [], writes=not (check or diff), shows=diff, checks=check):
        raise typer.Exit(FINDINGS)


def _check_kind(kind: str) -> None:
    if kind in SAID_KINDS:
        return
    near = get_close_matches(kind, SAID_KINDS, n=2)
    hint = f"did you mean {' or '.join(near)}?" if near else f"one of {', '.join(SAID_KINDS)}"
    raise UsageProblem(f"there is no kind of statement {kind!a:.40}", hint)
