"""What `init` must not be talked into, each with a harmless twin that it does."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from tests.registers import ROOT, Result, key_of, public_key, run_in

GOOD = f"dcc:dcc:validator+administrator:{key_of('dcc')}"


def init(folder: Path, *words: str, name: str = "example", **variables: str) -> Result:
    return run_in(folder, "init", "register", "--name", name, *words, **variables)


def tracked(register: Path) -> list[str]:
    answer = subprocess.run(
        ["git", "ls-files"], cwd=register, check=True, capture_output=True, text=True
    )
    return answer.stdout.splitlines()


def test_the_harmless_twin_is_started(tmp_path: Path) -> None:
    assert init(tmp_path, "--person", GOOD).code == 0


@pytest.mark.parametrize(
    "party", ["../dcc", "dcc/../..", ".git", "dcc\n", "dcc yaml", "-dcc", "d" * 41, "dcc\u202e"]
)
def test_a_party_is_no_way_out_of_its_folder(tmp_path: Path, party: str) -> None:
    result = init(tmp_path, "--person", GOOD.replace("dcc:", f"{party}:", 1))
    assert result.code == 2
    assert "cannot name a Party" in result.err
    assert "\u202e" not in result.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a\nceiling: red", "--evil", "a: b", "{x}", "a" * 41, "é-name"])
def test_a_name_writes_nothing_else_into_the_policy(tmp_path: Path, name: str) -> None:
    result = run_in(tmp_path, "init", "register", f"--name={name}", "--person", GOOD)
    assert result.code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("identifier", ["FF 01", "FF01\nname: other", "", "F" * 31])
def test_an_identifier_writes_nothing_else_into_a_party(tmp_path: Path, identifier: str) -> None:
    result = init(tmp_path, "--person", GOOD, "--manufacturer", f"dcc:{identifier}")
    assert result.code == 2
    assert list(tmp_path.iterdir()) == []


def test_no_private_half_and_no_comment_of_a_key_gets_into_the_register(tmp_path: Path) -> None:
    key = tmp_path / "key.pub"
    key.write_text(f"{public_key('dcc')} somebody@example.invalid\n")
    assert init(tmp_path, "--person", f"dcc:dcc:validator:{key}").code == 0
    register = tmp_path / "register"
    held = b"".join((register / path).read_bytes() for path in tracked(register))
    assert b"PRIVATE KEY" not in held
    assert b"somebody@example.invalid" not in held
    assert str(public_key("dcc")).encode() in held


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ssh-ed25519",
        "ssh-dss AAAAB3NzaC1kc3MAAACBAP",
        "ssh-ed25519 AAAA not base64",
        "no key at all",
        "ssh-ed25519 " + "A" * 100_000,
    ],
)
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "key.pub").write_text(text)
    result = init(tmp_path, "--person", f"dcc:dcc:validator:{tmp_path / 'key.pub'}")
    assert result.code == 3
    assert "hint: " in result.err
    assert not (tmp_path / "register").exists()


def test_a_key_file_that_never_ends_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    result = init(tmp_path, "--person", f"dcc:dcc:validator:{tmp_path / 'pipe'}")
    assert result.code == 3
    assert "no key can be read" in result.err


def test_a_demonstration_key_founds_nothing(tmp_path: Path) -> None:
    keys = [path for path in sorted((ROOT / "tests" / "keys").iterdir()) if path.suffix != ".md"]
    assert keys
    for key in (keys[0], keys[-1]):
        result = init(tmp_path, "--person", f"dcc:dcc:validator:{key}")
        assert result.code == 2, key
        assert "is a demonstration key" in result.err
    assert list(tmp_path.iterdir()) == []


def test_init_never_copies_the_demonstrations_people_or_records(tmp_path: Path) -> None:
    assert init(tmp_path, "--person", GOOD).code == 0
    register = tmp_path / "register"
    assert sorted(path.name for path in (register / "policy" / "parties").iterdir()) == ["dcc.yaml"]
    assert not (register / "records").exists()
    policy = (register / "policy" / "register.yaml").read_text()
    assert "\nname: example\n" in policy
    assert "demonstration: true" not in policy


def test_a_folder_behind_a_link_is_not_filled_over(tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    (tmp_path / "register").symlink_to(full)
    assert init(tmp_path, "--person", GOOD).code == 3
    assert [path.name for path in full.iterdir()] == ["mine.txt"]


def test_a_register_is_not_started_inside_another_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    result = init(tmp_path, "--person", GOOD)
    assert result.code == 3
    assert "inside the repository" in result.err


def test_the_callers_git_settings_reach_no_hook_template_or_other_repository(
    tmp_path: Path,
) -> None:
    template = tmp_path / "template" / "hooks"
    template.mkdir(parents=True)
    hook = template / "post-commit"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    other = tmp_path / "other"
    work = tmp_path / "work"
    work.mkdir()
    result = init(
        work, "--person", GOOD,
        GIT_TEMPLATE_DIR=str(template.parent), GIT_DIR=str(other), GIT_INDEX_FILE=str(other),
    )  # fmt: skip
    assert result.code == 0
    assert not other.exists()
    assert not (tmp_path / "ran").exists()
    assert (work / "register" / ".git").is_dir()


def test_every_file_is_an_ordinary_one(tmp_path: Path) -> None:
    init(tmp_path, "--person", GOOD)
    answer = subprocess.run(
        ["git", "ls-files", "--stage"],
        cwd=tmp_path / "register", check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert {line.split()[0] for line in answer.stdout.splitlines()} == {"100644"}
