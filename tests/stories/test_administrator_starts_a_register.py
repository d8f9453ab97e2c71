"""An administrator starts a register: one command, one first commit, everything in place."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.registers import ROOT, Result, key_of, run_in

FOUNDERS = (
    *("--person", f"supplier-one:large-supplier:reporter:{key_of('supplier-one')}"),
    *("--person", f"dcc:dcc:validator+administrator:{key_of('dcc')}.pub"),
    *("--person", f"secas:secas:publisher+administrator:{key_of('secas')}.pub"),
)


def init(folder: Path, *words: str) -> Result:
    return run_in(folder, "init", "register", "--name", "example", *words)


def git(folder: Path, *words: str) -> str:
    answer = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return answer.stdout.strip()


def test_init_makes_one_commit_that_is_the_root_of_trust(tmp_path: Path) -> None:
    result = init(tmp_path, *FOUNDERS)
    assert (result.code, result.err) == (0, "")
    register = tmp_path / "register"
    assert git(register, "rev-list", "--all", "--count") == "1"
    assert git(register, "rev-parse", "HEAD") in result.out
    assert git(register, "branch", "--show-current") == "main"
    assert git(register, "status", "--porcelain") == ""
    assert not (register / "records").exists()


def test_its_commit_carries_a_party_and_nobodys_name(tmp_path: Path) -> None:
    init(tmp_path, *FOUNDERS)
    who = git(tmp_path / "register", "log", "--format=%an <%ae> %cn <%ce>")
    assert who == "dcc <dcc@parties.invalid> dcc <dcc@parties.invalid>"


def test_what_init_made_is_valid_and_its_switches_are_the_programs(tmp_path: Path) -> None:
    init(tmp_path, *FOUNDERS)
    register = tmp_path / "register"
    assert run_in(register, "validate").code == 0
    shown = run_in(register, "policy", "show")
    assert shown.code == 0
    assert "not decided: the program's default" in shown.out


def test_a_manufacturer_of_the_register_holds_its_identifiers(tmp_path: Path) -> None:
    maker = f"maker-one:device-manufacturer:manufacturer:{key_of('maker-one')}"
    init(tmp_path, *FOUNDERS, "--person", maker, "--manufacturer", "maker-one:FF01")
    party = tmp_path / "register" / "policy" / "parties" / "maker-one.yaml"
    assert "- FF01" in party.read_text()


def test_a_dry_run_says_what_it_would_write_and_writes_nothing(tmp_path: Path) -> None:
    result = init(tmp_path, *FOUNDERS, "--dry-run")
    assert result.code == 0
    assert "policy/parties/supplier-one.yaml" in result.out
    assert list(tmp_path.iterdir()) == []


def test_json_names_commit_and_files(tmp_path: Path) -> None:
    said = json.loads(init(tmp_path, *FOUNDERS, "--json").out)
    assert said["commit"] == git(tmp_path / "register", "rev-parse", "HEAD")
    assert said["warnings"] == []
    assert ".gitlab-ci.yml" in said["files"]


def test_without_a_person_it_starts_and_warns(tmp_path: Path) -> None:
    result = init(tmp_path)
    assert result.code == 0
    assert "warning: it has nobody" in result.err
    assert (tmp_path / "register" / ".git").is_dir()


def test_when_nobody_could_accept_it_warns(tmp_path: Path) -> None:
    result = init(tmp_path, *FOUNDERS[:2])
    assert "warning: nobody could accept a record" in result.err


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "register").mkdir()
    (tmp_path / "register" / "mine.txt").write_text("mine")
    result = init(tmp_path, *FOUNDERS)
    assert result.code == 3
    assert "is not an empty folder" in result.err
    assert [path.name for path in (tmp_path / "register").iterdir()] == ["mine.txt"]


def test_a_person_in_another_form_gets_an_example(tmp_path: Path) -> None:
    result = init(tmp_path, "--person", "dcc:dcc:validator")
    assert result.code == 2
    assert "--person takes PARTY:CATEGORY:ROLE[+ROLE]:KEYFILE, for example" in result.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.gitlab-ci", ".gitlab-ci.yml"),
        ("vendor.github-workflows", ".github/workflows/register.yml"),
    ],
)
def test_the_ci_files_are_what_the_hosts_take(tmp_path: Path, schema: str, file: str) -> None:
    init(tmp_path, *FOUNDERS)
    program = Path(sys.executable).with_name("check-jsonschema")
    answer = subprocess.run(
        [program, "--builtin-schema", schema, tmp_path / "register" / file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("file", [".gitlab-ci.yml", ".github/workflows/register.yml"])
def test_ci_runs_commands_that_there_are(file: str) -> None:
    listed = run_in(ROOT, "--help").out
    text = (ROOT / "templates" / "register" / file).read_text()
    used = {
        line.split("defectreg ")[1].split()[0]
        for line in text.splitlines()
        if line.lstrip(" -").startswith(("defectreg ", "run: defectreg "))
    }
    assert used == {"gate", "verify", "publish"}
    assert [name for name in used if f"\n  {name}" not in listed] == []


def test_an_editor_finds_the_schema_of_every_file(tmp_path: Path) -> None:
    init(tmp_path, *FOUNDERS)
    register = tmp_path / "register"
    settings = json.loads((register / ".vscode" / "settings.json").read_text())
    there = {f"./{path.relative_to(register)}" for path in (register / "schema").iterdir()}
    assert settings["yaml.schemas"].keys() == there


def test_a_new_person_makes_a_key_and_reads_what_to_do_with_it(tmp_path: Path) -> None:
    made = run_in(tmp_path, "key", "mine")
    assert made.code == 0
    assert made.out.startswith("Made a key at ")
    assert "- key: ssh-ed25519 " in made.out
    assert "git config defectreg.key " in made.out
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o600
    again = run_in(tmp_path, "key", "mine")
    assert again.out.startswith("The key at ")
    assert again.out.splitlines()[1:] == made.out.splitlines()[1:]


def test_a_key_of_the_register_is_shown_with_its_holder_and_roles(tmp_path: Path) -> None:
    init(tmp_path, *FOUNDERS)
    result = run_in(tmp_path / "register", "key", str(key_of("dcc")))
    assert "held by      dcc, as administrator, validator (active)" in result.out
    assert "git config defectreg.party dcc" in result.out


def test_doctor_says_what_is_there_and_what_is_missing(tmp_path: Path) -> None:
    init(tmp_path, *FOUNDERS)
    result = run_in(tmp_path / "register", "doctor", DEFECTREG_KEY=str(key_of("dcc")))
    assert result.code == 0
    assert "who you are: dcc, person-1 (administrator, validator)" in result.out
    said = json.loads(run_in(tmp_path / "register", "doctor", "--json").out)
    states = {line["subject"]: line["state"] for line in said["lines"]}
    assert states["who you are"] == "attention"
