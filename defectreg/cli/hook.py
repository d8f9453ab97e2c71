"""Hook: what lets a plain git server judge each push."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defectreg.cli.errors import FINDINGS
from defectreg.cli.findings import counted, finding_lines
from defectreg.cli.options import DryRunOption
from defectreg.cli.output import escape
from defectreg.cli.today import today

if TYPE_CHECKING:
    from defectreg.gate.receiving import Answer
    from defectreg.register.findings import Finding
    from defectreg.store.serving import Installation

app = typer.Typer()
hook = typer.Typer(no_args_is_help=True, help="Let a plain git server judge each push.")
app.add_typer(hook, name="hook")

_MOST_SHOWN = 40
_EXAMPLE = "Example: defectreg hook install --repository /srv/git/register.git"


@app.callback()
def hooking() -> None:
    """The hook of a plain git server."""


@hook.command(
    "install", short_help="Write the hook, and the settings that it needs.", epilog=_EXAMPLE
)
def install(
    repository: Annotated[
        Path | None,
        typer.Option("--repository", metavar="DIR", help="The server's. Without it, this one."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a hook of somebody else.")
    ] = False,
    dry_run: DryRunOption = False,
) -> None:
    """Let a plain git server judge each push.

    Then requests are the branches submit/... and review/..., and main moves only by what the gate
    lets in. A repository of a server is bare: `git init --bare DIR` makes one.
    """
    from defectreg.store.serving import install as make
    from defectreg.store.serving import plan

    planned = plan(repository or Path(), replaces=force)
    if not dry_run:
        make(planned)
    print("\n".join(_done(planned, "Would install" if dry_run else "Installed")))


@hook.command("pre-receive", short_help="Judge a push; git calls it.")
def pre_receive() -> None:
    """Judge a push, as git's hook; git calls it, and tells on standard input what is to move.

    Exit code 1: the push is refused, and nothing of it is taken.
    """
    from defectreg.gate.receiving import LONGEST_INPUT, receive
    from defectreg.store.pushes import bound_memory

    bound_memory()
    answer = receive(Path(), sys.stdin.buffer.read(LONGEST_INPUT + 1), today())
    if not answer.is_let_in:
        print("\n".join(_refusal(answer)), file=sys.stderr)
        raise typer.Exit(FINDINGS)


def _done(planned: Installation, done: str) -> Iterator[str]:
    where = escape(str(planned.repository.root))
    if planned.script is None and not planned.settings and planned.head is None:
        yield f"All is in place in {where}."
        return
    yield f"{done} in {where}:"
    if planned.script is not None:
        yield f"  {planned.hook.relative_to(planned.repository.common_dir)}"
    for key, text in planned.settings.items():
        yield f"  {key} = {text}"
    if planned.head is not None:
        yield f"  HEAD = {planned.head}"


def _refusal(answer: Answer) -> Iterator[str]:
    yield "Refused: nothing of this push is taken."
    if answer.reason:
        yield f"defectreg: {escape(answer.reason)}"
        yield from [f"  hint: {escape(answer.hint)}"] if answer.hint else []
    for finding in answer.findings[:_MOST_SHOWN]:
        yield from finding_lines(finding, place=_place(finding))
    left = len(answer.findings) - _MOST_SHOWN
    if left > 0:
        yield f"... and {counted(left, 'finding')} more."


def _place(finding: Finding) -> str | None:
    """A branch has no lines; None where the finding is of a file."""
    branch = finding.file.removeprefix("refs/heads/")
    return branch if finding.file.startswith(("refs/", "HEAD")) else None
