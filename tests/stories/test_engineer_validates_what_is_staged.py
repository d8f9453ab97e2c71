"""An engineer commits, and what git would commit is judged before it does."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import dump
from tests.conftest import REPOSITORY
from tests.registers import ID, TestRegister, good_record, make_register, sign

RECORD = record_path(ID)
REPORT = f"{statements_folder(ID)}/2026-03-02-report-supplier-one.yaml"
BLAME = "After the Hub takes 00020002 the faulty meter sends no 8F1E at the end of a period."
OTHER = "DR-0000-0002"


@pytest.fixture
def register(tmp_path: Path) -> TestRegister:
    made = make_register(tmp_path / "register", [good_record()])
    git(made, "config", "user.name", "Somebody")
    git(made, "config", "user.email", "somebody@example.org")
    return made


def git(register: TestRegister, *arguments: str, **variables: str) -> int:
    command = ["git", "-C", str(register.folder), *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode


def write(register: TestRegister, path: str, data: bytes | str, *, stages: bool = True) -> None:
    place = register.folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data.encode() if isinstance(data, str) else data)
    if stages:
        assert git(register, "add", "--", path) == 0


def staged(register: TestRegister, *arguments: str) -> tuple[int, str]:
    answer = register.run("validate", "--staged", *arguments)
    assert answer.err == ""
    return answer.code, answer.out


def report(says: str) -> bytes:
    said = {"of": ID, "kind": "report", "by": "supplier-two", "date": "2026-03-03", "says": says}
    return sign("supplier-two", said)[0]


def test_where_nothing_is_staged_nothing_is_judged(register: TestRegister) -> None:
    write(register, RECORD, dump(good_record(behaviour=BLAME)), stages=False)
    assert staged(register) == (0, "Of records nothing is staged.\n")


def test_what_is_staged_is_judged_and_not_what_lies_there(register: TestRegister) -> None:
    write(register, RECORD, dump(good_record(behaviour=BLAME)))
    write(register, RECORD, dump(good_record()), stages=False)
    code, out = staged(register)
    assert (code, f"{RECORD}:" in out, "error[R040]" in out) == (1, True, True)


def test_a_statement_is_judged_with_its_whole_case(register: TestRegister) -> None:
    good = f"{statements_folder(ID)}/2026-03-03-report-supplier-two.yaml"
    write(register, good, report("Seen in the North."))
    assert staged(register) == (0, "The record is well formed.\n")
    write(register, good, report("Seen in the North.").replace(b"North", b"South"))
    code, out = staged(register)
    assert (code, f"{good}:" in out, "error[R096]" in out) == (1, True, True)


def test_what_only_awaits_a_sign_off_may_be_committed(register: TestRegister) -> None:
    write(register, RECORD, dump(good_record(frequency="monthly")))
    code, out = staged(register)
    assert (code, "awaited[R013]" in out, "error[" in out) == (0, True, False)
    assert register.run("validate").code == 1


def test_a_statement_of_no_record_is_found(register: TestRegister) -> None:
    said = {"of": OTHER, "kind": "report", "by": "supplier-two", "date": "2026-03-03"}
    path = f"{statements_folder(OTHER)}/2026-03-03-report-supplier-two.yaml"
    write(register, path, sign("supplier-two", {**said, "says": "Seen."})[0])
    assert "error[R004]" in staged(register)[1]


@pytest.mark.parametrize("path", [RECORD, REPORT])
def test_what_has_landed_is_not_taken_away(register: TestRegister, path: str) -> None:
    assert git(register, "rm", "--quiet", "--", path) == 0
    code, out = staged(register)
    assert code == 1
    assert f"{path}:1:1: error[G001]: the request takes away what has landed" in out


def test_a_statement_that_has_landed_is_not_changed_or_renamed(register: TestRegister) -> None:
    write(register, REPORT, register.read(REPORT) + b"\n")
    assert f"{REPORT}:1:1: error[G001]: the request changes a statement" in staged(register)[1]
    assert git(register, "reset", "--quiet", "--hard") == 0
    assert git(register, "mv", REPORT, REPORT.replace("-one.yaml", "-one-2.yaml")) == 0
    assert f"{REPORT}:1:1: error[G001]: the request takes away" in staged(register)[1]


def test_what_has_not_landed_may_be_taken_back(register: TestRegister) -> None:
    branch = f"submit/{OTHER}"
    register.add(good_record(id=OTHER), ref=f"refs/heads/{branch}")
    assert git(register, "switch", "--quiet", branch) == 0
    path, folder = record_path(OTHER), statements_folder(OTHER)
    assert git(register, "rm", "-r", "--quiet", "--", path, folder) == 0
    assert staged(register) == (0, "Of records nothing is staged.\n")


def test_an_entry_that_is_only_meant_to_be_added_is_not_judged(register: TestRegister) -> None:
    write(register, record_path(OTHER), "id: nothing yet\n", stages=False)
    assert git(register, "add", "--intent-to-add", record_path(OTHER)) == 0
    assert staged(register)[0] == 0


def test_a_link_a_program_and_an_odd_file_are_found(register: TestRegister) -> None:
    place = register.folder / record_path(OTHER)
    place.parent.mkdir(parents=True)
    place.symlink_to(register.folder / RECORD)
    write(register, "records/7K/notes.txt", "a\n")
    assert git(register, "add", "--", "records") == 0
    assert git(register, "update-index", "--chmod=+x", RECORD) == 0
    code, out = staged(register)
    assert code == 1
    assert f"{record_path(OTHER)}:1:1: error[G004]: it is a symbolic link" in out
    assert f"{RECORD}:1:1: error[G004]: it is a program" in out
    assert "records/7K/notes.txt:1:1: error[S011]" in out


def test_the_staged_policy_and_parties_are_what_judges_and_are_judged(
    register: TestRegister,
) -> None:
    policy, party = "policy/register.yaml", "policy/parties/supplier-two.yaml"
    write(
        register,
        policy,
        register.read(policy) + b"words:\n  - word: billing\n    instead: monthly\n",
    )
    write(register, RECORD, register.read(RECORD) + b"\n")
    answer = staged(register)
    assert answer[0] == 1
    assert "error[R040]: public text does not say 'billing'" in answer[1]
    write(register, party, "name: x\n")
    assert f"{party}:1:1: error[" in staged(register)[1]


def test_a_staged_policy_that_is_broken_or_gone_stops_it_with_what_to_do(
    register: TestRegister,
) -> None:
    policy = "policy/register.yaml"
    write(register, policy, "name: for-tests\nceiling: purple\n")
    answer = register.run("validate", "--staged")
    assert (answer.code, f"{policy}:2:10" in answer.err) == (3, True)
    assert git(register, "rm", "--cached", "--quiet", policy) == 0
    answer = register.run("validate", "--staged")
    assert (answer.code, f"git restore --staged {policy}" in answer.err) == (3, True)


def test_a_file_that_a_merge_left_open_is_named(register: TestRegister) -> None:
    for branch, title in (("one", "A first title"), ("two", "A second title")):
        register.change(ID, good_record(title=title), accept=False, ref=f"refs/heads/{branch}")
    assert git(register, "switch", "--quiet", "one") == 0
    assert git(register, "merge", "two") == 1
    answer = register.run("validate", "--staged")
    assert (answer.code, f"{RECORD} is not merged yet" in answer.err) == (3, True)


def test_it_takes_no_path_and_needs_an_index(register: TestRegister, tmp_path: Path) -> None:
    assert register.run("validate", "--staged", RECORD).code == 2
    bare = TestRegister(tmp_path / "bare", register.repository)
    assert git(register, "clone", "--quiet", "--bare", ".", str(bare.folder)) == 0
    assert bare.run("validate", "--staged").code == 2


@pytest.fixture
def hooked(register: TestRegister) -> TestRegister:
    """A register whose hook is what ``.pre-commit-hooks.yaml`` says, run as pre-commit runs it."""
    said = (REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8")
    assert "pass_filenames: false\n" in said
    (entry,) = re.findall(r"^  entry: defectreg (.+)$", said, re.MULTILINE)
    command = shlex.join([sys.executable, "-m", "defectreg", *shlex.split(entry)])
    place = register.folder / ".git" / "hooks" / "pre-commit"
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"#!/bin/sh\nPYTHONPATH={shlex.quote(str(REPOSITORY))} exec {command}\n")
    place.chmod(0o755)
    return register


def test_the_hook_lets_a_good_commit_through_and_stops_a_bad_one(hooked: TestRegister) -> None:
    good = f"{statements_folder(ID)}/2026-03-03-report-supplier-two.yaml"
    write(hooked, good, report("Seen in the North."))
    assert git(hooked, "commit", "--quiet", "-m", "A report") == 0
    write(hooked, RECORD, dump(good_record(behaviour=BLAME)))
    assert git(hooked, "commit", "--quiet", "-m", "Blame") == 1


@pytest.mark.parametrize("how", [("-a",), ("--", RECORD)])
def test_the_hook_judges_what_commit_stages_by_itself(
    hooked: TestRegister, how: tuple[str, ...]
) -> None:
    write(hooked, RECORD, dump(good_record(behaviour=BLAME)), stages=False)
    assert staged(hooked)[0] == 0
    assert git(hooked, "commit", "--quiet", "-m", "Blame", *how) == 1


def test_the_hook_stops_a_commit_that_only_removes(hooked: TestRegister) -> None:
    assert git(hooked, "rm", "--quiet", "--", REPORT) == 0
    assert git(hooked, "commit", "--quiet", "-m", "Gone") == 1
    assert git(hooked, "reset", "--quiet", "--hard") == 0
    assert git(hooked, "commit", "--quiet", "--allow-empty", "-m", "Nothing") == 0
