"""The one place where an exception becomes a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

import typer
from typer._click import Command
from typer._click.exceptions import NoArgsIsHelpError

from defectreg.cli.output import escape
from defectreg.register.errors import CannotRun, UsageProblem

PROGRAM = "defectreg"

CLEAN = 0
FINDINGS = 1
USAGE = 2
CANNOT_RUN = 3
INTERRUPTED = 130  # 128 and SIGINT, as a shell reports it
PIPE_CLOSED = 141  # 128 and SIGPIPE

DEBUG_VARIABLE = "DEFECTREG_DEBUG"
"""Set to 1, a fault of the program is shown with its traceback."""


def run(command: Command, arguments: Sequence[str]) -> int:
    """Run ``command`` and return its exit code.

    A command ends with another code than 0 by ``raise typer.Exit(code)``.
    """
    return guarded(lambda: _invoke(command, arguments))


def guarded(work: Callable[[], int]) -> int:
    """The exit code of ``work``; every exception ends here, as a sentence."""
    try:
        return work()
    except CannotRun as problem:
        report(problem.sentence, problem.hint)
        _report_notes(problem)
        return USAGE if isinstance(problem, UsageProblem) else CANNOT_RUN
    except typer.TyperException as problem:
        return _report_usage(problem)
    except (KeyboardInterrupt, typer.Abort) as stop:
        report("stopped, as you asked")
        _report_notes(stop)
        return INTERRUPTED
    except OSError as problem:
        return _report_refusal(problem)
    except Exception as fault:
        # Nobody above would catch it, and a traceback may show text that was given in confidence.
        return _report_fault(fault)


def report(sentence: str, hint: str = "") -> None:
    """Print what stopped the run, and what to do about it, on standard error."""
    print(f"{PROGRAM}: {escape(sentence)}", file=sys.stderr)
    if hint:
        print(f"hint: {escape(hint)}", file=sys.stderr)


def _report_notes(problem: BaseException) -> None:
    """What was added to the exception on its way up: a sentence, and a hint in a second line."""
    for note in getattr(problem, "__notes__", ()):
        sentence, _, hint = note.partition("\n")
        report(sentence, hint)


def _invoke(command: Command, arguments: Sequence[str]) -> int:
    code = CLEAN
    try:
        with command.make_context(PROGRAM, list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as end:
        code = end.exit_code
    sys.stdout.flush()  # so that a closed pipe is noticed here and not at the interpreter's end
    return code


def _report_usage(problem: typer.TyperException) -> int:
    if isinstance(problem, NoArgsIsHelpError):
        problem.show()
        return USAGE
    context = getattr(problem, "ctx", None)
    path = context.command_path if context else PROGRAM
    report(problem.format_message(), f"{path} --help says what it takes")
    return USAGE


def _report_refusal(problem: OSError) -> int:
    if isinstance(problem, BrokenPipeError):
        return _leave_closed_pipe()
    _show_traceback_if_asked()
    place = f"{problem.filename}: " if problem.filename else ""
    report(f"{place}{problem.strerror or type(problem).__name__}")
    return CANNOT_RUN


def _report_fault(fault: Exception) -> int:
    _show_traceback_if_asked()
    report(
        f"this is a fault of the program ({type(fault).__name__}), not of what you typed",
        f"{DEBUG_VARIABLE}=1 shows where; look for confidential text before you pass that on",
    )
    return CANNOT_RUN


def _show_traceback_if_asked() -> None:
    if os.environ.get(DEBUG_VARIABLE) == "1":
        import traceback

        traceback.print_exc()


def _leave_closed_pipe() -> int:
    # Python flushes standard output once more at its end; into nothing, that cannot fail.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_CLOSED
