"""Somebody who has never seen the program runs `demo` and reads what it does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.registers import Result, run_in


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("demo")
    return run_in(folder, "demo", TMPDIR=str(folder), DEFECTREG_PARTY="nobody")


def test_the_whole_way_is_gone_without_a_fault(shown: Result) -> None:
    assert (shown.code, shown.err) == (0, "")


def test_every_command_is_printed_before_what_it_says(shown: Result) -> None:
    commands = re.findall(r"^\$ (?:defectreg|git) (\S+)", shown.out, re.MULTILINE)
    first = ["key", "key", "key", "init", "add", "add", "review", "review", "merge", "validate"]
    assert commands[: len(first) + 1] == [*first, "search"]
    assert commands[-1] == "publish"
    assert {"hook", "push", "queue", "land", "verify"} < set(commands)


def test_a_server_refuses_and_every_tampering_is_found(shown: Result) -> None:
    assert shown.out.count("remote: Refused") == 3
    assert "verified: each was let in by the rules before it" in shown.out
    assert re.findall(r"Refused: (\d) of (\d) steps", shown.out) == [("1", "6")] * 5


def test_a_bad_issue_is_refused_with_its_findings(shown: Result) -> None:
    assert "error[R040]" in shown.out
    assert "nothing was written" in shown.out


def test_it_says_what_to_open_and_that_is_there(shown: Result) -> None:
    page = re.search(r"^Open  (.+)$", shown.out, re.MULTILINE)
    assert page is not None
    assert "No recommendations are made or intended" in Path(page[1]).read_text()


def test_it_stays_within_a_wide_terminal(shown: Result) -> None:
    lines = shown.out.partition("\nOpen  ")[0].splitlines()
    assert [line for line in lines[2:] if len(line) > 100] == []


def test_a_step_that_goes_wrong_ends_it(tmp_path: Path) -> None:
    program = f"{sys.executable} -m defectreg demo"
    answer = subprocess.run(
        [*program.split()],
        cwd=tmp_path,
        env={"PATH": str(tmp_path), "HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 3
    assert "ended with 3 instead of 0" in answer.stderr
