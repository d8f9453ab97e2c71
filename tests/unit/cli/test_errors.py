from __future__ import annotations

from collections.abc import Callable

import pytest
import typer
from typer.main import get_command

from defectreg.cli import errors
from defectreg.register.errors import CannotRun, UsageProblem


def outcome(work: Callable[[], None], *arguments: str) -> int:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command()(work)
    return errors.run(get_command(app), arguments)


def raising(exception: BaseException) -> Callable[[], None]:
    def work() -> None:
        raise exception

    return work


def test_a_command_that_ends_well_is_clean() -> None:
    assert outcome(lambda: None) == 0


def test_a_command_ends_with_the_code_it_names() -> None:
    assert outcome(raising(typer.Exit(1))) == 1


def test_what_cannot_run_is_a_sentence_and_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(raising(CannotRun("this folder is no register", "go to one"))) == 3
    captured = capsys.readouterr()
    assert captured.err == "defectreg: this folder is no register\nhint: go to one\n"
    assert captured.out == ""


def test_without_a_hint_there_is_no_line_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    outcome(raising(CannotRun("git is not installed")))
    assert capsys.readouterr().err == "defectreg: git is not installed\n"


def test_a_problem_of_usage_ends_with_2() -> None:
    assert outcome(raising(UsageProblem("two queries"))) == 2


def test_a_sentence_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    outcome(raising(CannotRun("no file \x1b[2J", "look\u202eat it")))
    assert capsys.readouterr().err == "defectreg: no file \\x1b[2J\nhint: look\\u202eat it\n"


def test_an_unknown_option_names_the_command_whose_help_to_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert outcome(lambda: None, "--nonsense") == 2
    error = capsys.readouterr().err
    assert error.startswith("defectreg: No such option: --nonsense")
    assert error.endswith("hint: defectreg --help says what it takes\n")


def test_an_interrupt_ends_with_130_and_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(raising(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "defectreg: stopped, as you asked\n"


def test_a_prompt_that_was_left_ends_like_an_interrupt() -> None:
    assert outcome(raising(typer.Abort())) == 130


def test_a_refusal_of_the_system_names_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(raising(PermissionError(13, "Permission denied", "out/\x1b.csv"))) == 3
    assert capsys.readouterr().err == "defectreg: out/\\x1b.csv: Permission denied\n"


def test_a_fault_of_the_program_is_said_in_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert outcome(raising(ValueError("told in confidence"))) == 3
    error = capsys.readouterr().err
    assert error.startswith("defectreg: this is a fault of the program (ValueError)")
    assert "DEFECTREG_DEBUG=1" in error


def test_a_fault_shows_neither_its_text_nor_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    outcome(raising(ValueError("told in confidence")))
    error = capsys.readouterr().err
    assert "told in confidence" not in error
    assert "Traceback" not in error


def test_a_fault_shows_its_traceback_to_who_asks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEFECTREG_DEBUG", "1")
    assert outcome(raising(ValueError("told in confidence"))) == 3
    error = capsys.readouterr().err
    assert "Traceback" in error
    assert "told in confidence" in error


def test_a_fault_too_deep_to_unwind_is_still_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def endless() -> None:
        endless()

    assert outcome(endless) == 3
    assert "a fault of the program (RecursionError)" in capsys.readouterr().err


def test_a_value_that_is_refused_cannot_steer_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert outcome(raising(typer.BadParameter("no such\nplace \x1b[2J"))) == 2
    assert capsys.readouterr().err.startswith(
        "defectreg: Invalid value: no such\\nplace \\x1b[2J\nhint: "
    )
