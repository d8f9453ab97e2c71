"""The person's own editor, on a file that is theirs whatever happens."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import typer

from defectreg.cli.asking import agree, is_terminal
from defectreg.cli.errors import FINDINGS, report
from defectreg.cli.proposing import Manner, Typed, print_refusal, refuse, say_kept
from defectreg.cli.stopping import not_stopped
from defectreg.intake.proposals import Proposal, Refusal
from defectreg.intake.sheets import with_findings, without_findings
from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.store.files import draft, read_bounded, write_atomically

_VARIABLES = ("VISUAL", "EDITOR")
_FALLBACKS = ("sensible-editor", "nano", "vi")
_LONGEST = 1 << 20


class EditorProblem(CannotRun):
    """The editor could not be used."""


def filled_in(
    form: str,
    make: Callable[[str], Proposal | Refusal],
    typed: Typed,
    manner: Manner,
) -> Proposal:
    """What a person makes of a form: the editor opens again until it can be proposed.

    The form lies among the drafts meanwhile, with what is wrong in it at its top. A form that is
    left as it was is nothing to propose: the program ends with 1. Without a terminal only an
    editor that ``VISUAL`` or ``EDITOR`` names is started; else raises UsageProblem.
    """
    editor = _editor()
    typed.place = draft(typed.folder, typed.name, form)
    while True:
        text = without_findings(_edited(typed.place, editor))
        if text == form:
            typed.let_go()
            report("nothing was filled in, so nothing was written")
            raise typer.Exit(FINDINGS)
        made = make(text)
        if isinstance(made, Proposal):
            return made
        _write(typed.place, with_findings(text, made))
        if manner.as_json or not is_terminal():
            refuse(made, typed, manner)
        print_refusal(made)
        if not agree("Open the editor again?"):
            say_kept(typed, typed.place)
            raise typer.Exit(FINDINGS)


def _edited(path: Path, editor: str) -> str:
    """What the file holds when the editor has ended. Raises EditorProblem."""
    words = shlex.split(editor)
    try:
        with not_stopped():  # it would take the editor down with what is not saved in it
            code = subprocess.run([*words, str(path)], check=False).returncode
    except (OSError, ValueError) as error:
        raise EditorProblem(
            f"the editor {words[0]} could not be started", "set VISUAL or EDITOR to yours"
        ) from error
    if code != 0:
        raise EditorProblem(f"the editor ended with {code}", "nothing was written")
    text = read_bounded(path, _LONGEST).decode("utf-8", "surrogateescape")
    return text.replace("\r\n", "\n")


def _write(path: Path, text: str) -> None:
    write_atomically(path, text.encode("utf-8", "surrogateescape"))


def _editor() -> str:
    for variable in _VARIABLES:
        if os.environ.get(variable, "").strip():
            return os.environ[variable]
    if not is_terminal():
        raise UsageProblem(
            "--editor needs a terminal", "set VISUAL or EDITOR, or fill in a file for --from FILE"
        )
    from shutil import which

    for program in _FALLBACKS:
        if which(program):
            return program
    raise EditorProblem("no editor was found", "set VISUAL or EDITOR to yours")
