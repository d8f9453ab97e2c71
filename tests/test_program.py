"""A run that is forked says what a Python says that has just started, and ends as it ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.program import run_afresh, run_program
from tests.registers import ID, good_record, make_register


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_register(tmp_path_factory.mktemp("r") / "r", [good_record()]).folder


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--version"], 0),
        (["validate"], 0),
        (["show", ID, "--json"], 0),
        (["show", "nowhere"], 2),
        (["no-such-command"], 2),
    ],
)
def test_a_fork_answers_as_a_fresh_python(folder: Path, words: list[str], code: int) -> None:
    whole = ["-C", str(folder), *words]
    forked = run_program(whole, os.environ)
    assert forked == run_afresh(whole, os.environ, "")
    assert forked[0] == code


def test_what_a_run_is_told_is_not_told_to_the_next(tmp_path: Path) -> None:
    asked = ["-C", str(tmp_path), "validate"]
    alone = run_program(asked, os.environ)
    other = run_program(asked, {**os.environ, "COLUMNS": "40", "DEFECTREG_DEBUG": "1"})
    assert alone[0] == other[0] == 3
    assert run_program(asked, os.environ) == alone
