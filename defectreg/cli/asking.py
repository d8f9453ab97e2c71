"""Questions in a terminal, one a field, in the order of the schema."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import typer

from defectreg.cli.output import escape
from defectreg.cli.stopping import Stopped
from defectreg.intake.forms import Field
from defectreg.register.notation import NotationError

Answers: TypeAlias = dict[str, Any]
"""Values by dotted key. Filled while questions are answered, so that Ctrl-C loses nothing."""
Complaint: TypeAlias = Callable[[Field, Any], str]
"""What the schema has against a value; empty where nothing."""
_WORD_ENDS = " +,"


def is_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask_all(
    fields: Iterable[Field], answers: Answers, complaint: Complaint, words: Sequence[str]
) -> None:
    """Ask each field that has no answer yet; ``words`` complete what is typed of a combination."""
    for field in fields:
        if field.key in answers:
            continue
        with _completing(words if field.is_combination else field.values):
            _ask(field, answers, complaint)


def choose(question: str, most: int) -> int:
    """A number from 1 to ``most``, or 0 for none of them."""
    while True:
        typed = _line(f"{question} ").strip()
        if not typed:
            return 0
        if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= most:
            return int(typed)
        _complain(f"type a number from 1 to {most}, or nothing")


def agree(question: str) -> bool:
    """Yes (also for an empty line) or no."""
    while True:
        typed = _line(f"{question} [Y/n] ").strip().casefold()
        if typed in ("", "y", "yes"):
            return True
        if typed in ("n", "no"):
            return False
        _complain("answer yes or no")


def _ask(field: Field, answers: Answers, complaint: Complaint) -> None:
    if field.is_combination:
        _ask_list(field, answers, complaint)
    elif field.is_long:
        _ask_long(field, answers, complaint)
    else:
        _ask_line(field, answers, complaint)


def _ask_line(field: Field, answers: Answers, complaint: Complaint) -> None:
    while True:
        typed = _line(f"{field.prompt}{_choices(field)}: ")
        if not typed.strip():
            if not field.is_required:
                return
            _complain("this one is needed")
            continue
        try:
            value: Any = (
                [field.parsed(text) for text in field.split(typed)]
                if field.is_list
                else field.parsed(typed)
            )
        except ValueError as error:
            _complain(str(error))
            continue
        wrong = complaint(field, value)
        if not wrong:
            answers[field.key] = value
            return
        _complain(wrong)


def _ask_list(field: Field, answers: Answers, complaint: Complaint) -> None:
    """One combination a line, each read as it is typed; an empty line ends the list."""
    while True:
        typed = _line(f"{field.prompt}: " if field.key not in answers else "and: ")
        if not typed.strip():
            if field.key in answers or not field.is_required:
                return
            _complain("this one is needed")
            continue
        value = _combination(field, typed, complaint)
        if value is not None and value not in answers.setdefault(field.key, []):
            answers[field.key].append(value)
        if not answers.get(field.key):
            answers.pop(field.key, None)


def _combination(field: Field, typed: str, complaint: Complaint) -> str | None:
    try:
        value = str(field.parsed(typed))
    except NotationError as error:
        stripped = typed.lstrip()
        typer.echo(f"  {escape(stripped)}", err=True)
        typer.echo(f"  {' ' * len(escape(stripped[: error.column - 1]))}^", err=True)
        _complain(f"{error.sentence}: {error.hint}" if error.hint else error.sentence)
        return None
    wrong = complaint(field, value)
    if wrong:
        _complain(wrong)
        return None
    if value != typed.strip():
        typer.echo(f"  read as {escape(value)}", err=True)
    return value


def _ask_long(field: Field, answers: Answers, complaint: Complaint) -> None:
    while True:
        typer.echo(f"{field.prompt}; a line with only a dot, or Ctrl-D, ends the text:", err=True)
        text = field.parsed("\n".join(_lines(field, answers)))
        if not text:
            if not field.is_required:
                return
            _complain("this one is needed")
            continue
        wrong = complaint(field, text)
        if not wrong:
            answers[field.key] = text
            return
        _complain(wrong)


def _lines(field: Field, answers: Answers) -> list[str]:
    """The lines of a text, none where the first is empty.

    Those typed so far are kept among the answers when it is stopped.
    """
    lines: list[str] = []
    try:
        while (line := input("| ")).strip() != "." and (lines or line.strip()):
            lines.append(line)
    except EOFError:
        typer.echo("", err=True)
    except (KeyboardInterrupt, Stopped):
        if lines:
            answers[field.key] = "\n".join(lines) + "\n"
        raise
    return lines


def _choices(field: Field) -> str:
    if field.is_boolean:
        return " [y/N]"
    default = f" [{field.default}]" if field.default is not None else ""
    return f" ({', '.join(field.values)}){default}" if field.values else default


def _line(question: str) -> str:
    try:
        return input(question)
    except EOFError:
        typer.echo("", err=True)
        raise typer.Abort from None


def _complain(sentence: str) -> None:
    typer.echo(f"  ! {escape(sentence)}", err=True)


@contextmanager
def _completing(words: Sequence[str]) -> Iterator[None]:
    """The Tab key completes ``words``; what is typed enters no history."""
    try:
        import readline
    except ImportError:  # some builds of Python have none; typing works all the same
        yield
        return
    found: list[str] = []

    def complete(text: str, state: int) -> str | None:
        if state == 0:
            found[:] = [word for word in words if word.casefold().startswith(text.casefold())]
        return found[state] if state < len(found) else None

    before = readline.get_completer(), readline.get_completer_delims()
    readline.set_auto_history(False)
    readline.set_completer(complete)
    readline.set_completer_delims(_WORD_ENDS)
    readline.parse_and_bind("tab: complete")
    try:
        yield
    finally:
        readline.set_completer(before[0])
        readline.set_completer_delims(before[1])
