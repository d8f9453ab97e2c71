"""The program: what stands before a command's name, and the way in."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer
from typer._click import Command
from typer.main import get_command

from defectreg import __version__
from defectreg.cli.errors import CLEAN, FINDINGS, PROGRAM, guarded, run
from defectreg.cli.sections import SectionedGroup
from defectreg.register.errors import CannotRun, UsageProblem

COMPLETION_VARIABLE = f"_{PROGRAM.upper()}_COMPLETE"
"""Set by the shell when it asks for completions; typer answers, and no command runs."""

app = typer.Typer(
    cls=SectionedGroup,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    epilog="An ID may be any beginning that no other record has: defectreg show 7k3q. "
    "defectreg COMMAND --help says what a command takes.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _start_in(context: typer.Context, folder: Path | None) -> Path | None:
    # Here and not in the callback, so that values are completed from that folder's register too.
    if folder is not None:
        try:
            os.chdir(folder)
        except OSError as error:
            raise UsageProblem(
                f"cannot go to {folder}: {error.strerror}", "-C takes an existing folder"
            ) from error
    return folder


def _say_version(asked: bool) -> None:
    if asked:
        print(f"{PROGRAM} {__version__}")
        raise typer.Exit


def _say_no_colour(asked: bool) -> None:
    if asked:
        os.environ["NO_COLOR"] = "1"  # for what is started from here as well


@app.callback()
def defectreg(
    folder: Annotated[
        Path | None,
        typer.Option(
            "-C", metavar="DIR", callback=_start_in, is_eager=True, help="Run as if started in DIR."
        ),
    ] = None,
    no_color: Annotated[
        bool,
        typer.Option(
            "--no-color",
            callback=_say_no_colour,
            is_eager=True,
            help="Print without colours, as with NO_COLOR set.",
        ),
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """A shared register of issues, defects and fixes of smart-metering Devices, kept in git."""


def main() -> int:
    """Run the command line; gives the exit code."""
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a narrow locale shows, never stops
    command = get_command(app)
    if COMPLETION_VARIABLE in os.environ:
        return guarded(lambda: _complete(command))
    return run(command, sys.argv[1:])


def _open_what_is_closed() -> None:
    """Standard input, output or errors that were closed (``>&-``) lead nowhere.

    Otherwise Python has None there, and the next file that is opened would take its number.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)  # the lowest free number: this one's
            os.set_inheritable(nowhere, True)
            setattr(sys, name, os.fdopen(nowhere, "w" if number else "r"))


def _complete(command: Command) -> int:
    from contextlib import redirect_stdout
    from io import StringIO

    from defectreg.cli.bash_words import typed

    words = typed(os.environ) if os.environ[COMPLETION_VARIABLE] == "complete_bash" else None
    os.environ.update(words.variables if words else {})
    said = StringIO()
    try:
        with redirect_stdout(said):
            command.main(prog_name=PROGRAM, complete_var=COMPLETION_VARIABLE)
    except CannotRun:
        return FINDINGS  # the shell then offers nothing, and says nothing over what is being typed
    except SystemExit as end:  # so the library ends when it has answered
        code = end.code if isinstance(end.code, int) else CLEAN
        sys.stdout.write(words.offered(said.getvalue()) if words else said.getvalue())
        return code
    return CLEAN
