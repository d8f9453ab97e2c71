"""An administrator lets a plain git server judge each push: one command, said what it did."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.registers import Result, run_in


def git(folder: Path, *words: str) -> str:
    answer = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return answer.stdout.strip()


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=trunk", "register.git")
    return tmp_path / "register.git"


def install(folder: Path, *words: str) -> Result:
    return run_in(folder, "hook", "install", *words)


def test_one_command_installs_the_hook_and_the_settings(bare: Path) -> None:
    result = install(bare.parent, "--repository", str(bare))
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == [
        f"Installed in {bare}:",
        "  hooks/pre-receive",
        "  receive.fsckObjects = true",
        "  receive.denyNonFastForwards = true",
        "  receive.denyDeletes = false",
        "  core.logAllRefUpdates = true",
        "  receive.maxInputSize = 67108864",
        "  HEAD = refs/heads/main",
    ]
    hook = bare / "hooks" / "pre-receive"
    assert os.access(hook, os.X_OK)
    assert hook.read_text() == (
        f"#!/bin/sh\nexec {sys.executable} -P -m defectreg hook pre-receive\n"
    )
    assert git(bare, "config", "receive.fsckObjects") == "true"
    assert git(bare, "symbolic-ref", "HEAD") == "refs/heads/main"


def test_a_second_run_finds_all_in_place_and_another_program_is_put_right(bare: Path) -> None:
    assert install(bare).code == 0
    again = install(bare)
    assert (again.code, again.out) == (0, f"All is in place in {bare}.\n")
    hook = bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexec /old/python -P -m defectreg hook pre-receive\n")
    assert "  hooks/pre-receive" in install(bare).out
    assert sys.executable in hook.read_text()


def test_a_dry_run_says_it_and_changes_nothing(bare: Path) -> None:
    before = (bare / "config").read_text()
    result = install(bare, "--dry-run")
    assert result.out.startswith(f"Would install in {bare}:\n  hooks/pre-receive\n")
    assert not (bare / "hooks" / "pre-receive").exists()
    assert (bare / "config").read_text() == before


def test_the_hook_of_somebody_else_is_kept_unless_told_otherwise(bare: Path) -> None:
    hook = bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n")
    refused = install(bare)
    assert refused.code == 3
    assert f"another hook stands at {hook}" in refused.err
    assert hook.read_text() == "#!/bin/sh\nexit 0\n"
    assert install(bare, "--force").code == 0
    assert "defectreg" in hook.read_text()


def test_a_limit_that_the_administrator_set_stays(bare: Path) -> None:
    git(bare, "config", "receive.maxInputSize", "10m")
    assert install(bare).code == 0
    assert git(bare, "config", "receive.maxInputSize") == "10m"


def test_a_clone_is_no_server(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "clone")
    refused = install(tmp_path / "clone")
    assert refused.code == 3
    assert "is a clone with a work tree, and no server's repository" in refused.err
    assert not (tmp_path / "clone" / ".git" / "hooks" / "pre-receive").exists()


def test_hooks_that_git_would_not_run_are_not_installed(bare: Path) -> None:
    git(bare, "config", "core.hooksPath", "/elsewhere")
    refused = install(bare)
    assert refused.code == 3
    assert "git config --local --unset core.hooksPath" in refused.err
    git(bare, "config", "--unset", "core.hooksPath")
    assert install(bare).code == 0


def test_the_hook_refuses_what_git_would_never_say(bare: Path) -> None:
    answer = run_in(bare, "hook", "pre-receive", given="no line of git\n")
    assert answer.code == 1
    assert answer.err.startswith("Refused: nothing of this push is taken.\ndefectreg: ")
