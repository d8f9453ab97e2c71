"""The command that starts a register."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defectreg.cli.errors import report
from defectreg.cli.options import DryRunOption, JsonOption
from defectreg.cli.output import emit_json, escape

if TYPE_CHECKING:
    from defectreg.intake.starting import Beginning

app = typer.Typer(rich_markup_mode=None)


@app.callback()
def _section() -> None:
    """Makes typer keep the command's name where it is the only one."""


_EXAMPLE = """Categories: large-supplier, small-supplier, electricity-network-operator,
gas-network-operator, shared-resource-provider, meter-installer, device-manufacturer,
flexibility-provider, meter-asset-provider, dcc, secas, sec-panel, ssc.

Roles: reporter, validator, manufacturer, publisher, security, administrator.

\b
Example:
  defectreg init my-register --name trial \\
    --person supplier-one:large-supplier:reporter:keys/engineer \\
    --person dcc:dcc:validator+administrator:keys/validator"""


@app.command(epilog=_EXAMPLE)
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    name: Annotated[
        str,
        typer.Option(
            "--name", metavar="NAME", help="The register's short name. Signatures name it for ever."
        ),
    ],
    person: Annotated[
        list[str] | None,
        typer.Option(
            "--person",
            metavar="PARTY:CATEGORY:ROLE[+ROLE]:FILE",
            help="A founder and the file of their key; give one for each person. The private half "
            "stays where it is.",
        ),
    ] = None,
    manufacturer: Annotated[
        list[str] | None,
        typer.Option(
            "--manufacturer",
            metavar="PARTY:ID",
            help="A manufacturer identifier that a founder's Party answers for.",
        ),
    ] = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Start a new register in DIR: formats, policy, founders, CI and one first commit."""
    from defectreg.intake.starting import plan, read_founder, start

    beginning = plan(name, [read_founder(text) for text in person or ()], manufacturer or ())
    commit = "" if dry_run else start(folder, beginning, datetime.now(UTC))
    for warning in beginning.warnings:
        report(f"warning: {warning}")
    if json:
        emit_json(started_json(folder, beginning, commit))
    elif dry_run:
        print(f"Would start the register {name} in {escape(str(folder))} with these files:")
        print("\n".join(f"  {path}" for path in beginning.files))
    else:
        _say_next(name, folder, commit)


def started_json(folder: Path, beginning: Beginning, commit: str) -> dict[str, Any]:
    """A register that was started, as one object of JSON.

    ``schema_version``: 1; ``name``, ``folder``, ``commit`` (the root of trust; null with
    ``--dry-run``), ``files`` (paths) and ``warnings`` (sentences).
    """
    return {
        "schema_version": 1,
        "name": beginning.name,
        "folder": str(folder),
        "commit": commit or None,
        "files": list(beginning.files),
        "warnings": list(beginning.warnings),
    }


def _say_next(name: str, folder: Path, commit: str) -> None:
    print(f"Started the register {name} in {escape(str(folder))}.")
    print(f"Its root of trust is the commit {commit}")
    print("Note that id where others can read it. Next:")
    print(f"  cd {escape(str(folder))}")
    print("  defectreg doctor       # is everything here that it takes?")
    print("  defectreg policy show  # every switch, and who decided it")
    print("  defectreg add          # a first issue")
