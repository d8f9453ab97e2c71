"""The page on checking a register without the program: its commands, and what they find.

They are run as they stand in the page, with git, sed, awk, sha256sum and ssh-keygen on the path and
nothing else: no Python, and no ``defectreg``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from defectreg.register.record import record_path, statements_folder
from tests.documentation.transcripts import agrees
from tests.registers import ID, ROOT, TestRegister, good_record, make_register, statement

TOOLS = ("git", "sed", "awk", "sha256sum", "ssh-keygen")
PAGE = ROOT / "docs" / "check-us.md"
_BLOCK = re.compile(r"^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```)?", re.DOTALL | re.MULTILINE)
_END = "-- end of a block --"
WHOLE, READ, EVERY_TEXT, OTHERS, ALL = 0, 4, 5, 6, 7
"""The blocks that print something, or must print nothing, by their place in the page."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the blocks of the page printed, one after the other, and how the last one ended."""

    printed: list[str]
    code: int
    complaint: str


def blocks() -> list[tuple[str, str]]:
    """The commands of the page, each with what it says that they print."""
    return [(typed, written or "") for typed, written in _BLOCK.findall(PAGE.read_text("utf-8"))]


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment whose path holds the tools that the page names, and no settings of git."""
    folder = tmp_path_factory.mktemp("tools")
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None, tool
        (folder / tool).symlink_to(found)
    home = tmp_path_factory.mktemp("home")
    return {"PATH": str(folder), "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}


def check(folder: Path, surroundings: Mapping[str, str], **instead: str) -> Checked:
    """Type every block of the page in a clone; ``instead`` sets a variable otherwise than it."""
    typed = f"echo {_END!r}\n".join(block for block, _ in blocks())
    for variable, value in instead.items():
        typed, changed = re.subn(rf"^{variable}=.*$", f"{variable}={value}", typed, flags=re.M)
        assert changed == 1, variable
    shell = shutil.which("sh")
    assert shell is not None
    answer = subprocess.run(
        [shell, "-eu", "-c", typed], cwd=folder, env=surroundings, stdin=subprocess.DEVNULL,
        capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip
    return Checked(answer.stdout.split(f"{_END}\n"), answer.returncode, answer.stderr)


@pytest.fixture
def register(tmp_path: Path) -> TestRegister:
    """One record, changed once, with a fix, a confirmation and a response."""
    made = make_register(tmp_path / "register")
    made.add(good_record(affected=["ESME:FF01/00010100"]))
    made.later().say(ID, statement("response", "maker-one", position="investigating"))
    changed = good_record(affected=["ESME:FF01/00010100"], certainty="correlated")
    made.later().change(ID, changed)
    return made


def the_record(register: TestRegister) -> dict[str, str]:
    """The page's variables for the record of a test's register."""
    folder = statements_folder(ID)
    first = "2026-03-02-sign-off-dcc.yaml"
    assert register.read(f"{folder}/{first}")
    return {"record": folder, "file": f"$record/{first}"}


def test_the_path_of_these_checks_has_no_python_and_no_program_of_ours(
    surroundings: dict[str, str],
) -> None:
    for program in ("python", "python3", "defectreg"):
        assert shutil.which(program, path=surroundings["PATH"]) is None


def test_the_page_prints_what_it_says_of_this_repository(
    tmp_path: Path, surroundings: dict[str, str]
) -> None:
    folder = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)
    subprocess.run(["git", "-C", folder, "checkout", "-q", "-B", "main"], check=True)
    checked = check(folder, surroundings, before="")
    assert (checked.code, checked.complaint) == (0, "")
    for (typed, written), printed in zip(blocks(), checked.printed, strict=True):
        shown = re.sub(r"\b[0-9a-f]{40}\b", "COMMIT", re.sub(r"SHA256:\S+", "SHA256:…", printed))
        assert agrees(written.splitlines(), shown.splitlines()), f"{typed}\n{printed}"


def test_every_statement_of_a_sound_register_is_proven(
    register: TestRegister, surroundings: dict[str, str]
) -> None:
    checked = check(register.folder, surroundings, **the_record(register))
    assert (checked.code, checked.complaint) == (0, "")
    assert checked.printed[WHOLE] == ""
    assert checked.printed[READ] == f"reads {record_path(ID)}\n"
    assert len(checked.printed[EVERY_TEXT].splitlines()) == 2
    assert checked.printed[OTHERS] == ("by: supplier-one\naccepted by: dcc/dcc/validator/active\n")
    proven = checked.printed[ALL].splitlines()
    assert len(proven) == 4
    assert all(": Good " in line and "/active with " in line for line in proven)


def test_a_statement_that_is_not_what_was_signed_ends_the_check(
    register: TestRegister, surroundings: dict[str, str]
) -> None:
    response = f"{statements_folder(ID)}/2026-03-03-response-maker-one.yaml"
    said = register.read(response).replace(b"investigating", b"acknowledged")
    new = response.replace(".yaml", "-2.yaml")
    register.later().commit({new: said})
    checked = check(register.folder, surroundings, **the_record(register))
    assert checked.code == 1
    assert checked.printed[ALL].endswith("Could not verify signature.\n")


def test_a_statement_signed_with_a_key_that_no_party_had_ends_the_check(
    register: TestRegister, surroundings: dict[str, str]
) -> None:
    said = statement("response", "maker-one", position="acknowledged", key="nobody")
    register.later().say(ID, said)
    checked = check(register.folder, surroundings, **the_record(register))
    assert checked.code == 1
    assert checked.printed[ALL].endswith("2026-03-05-response-maker-one.yaml: ")


@pytest.mark.parametrize("left", [b"says: Something else.\n", None])
def test_what_landed_and_is_changed_or_taken_away_is_printed(
    register: TestRegister, surroundings: dict[str, str], left: bytes | None
) -> None:
    response = f"{statements_folder(ID)}/2026-03-03-response-maker-one.yaml"
    register.later().commit({response: left})
    checked = check(register.folder, surroundings, **the_record(register))
    assert checked.printed[WHOLE].endswith(f"{'M' if left else 'D'}\t{response}\n")


def test_a_text_of_the_record_that_nobody_accepted_ends_the_check(
    register: TestRegister, surroundings: dict[str, str]
) -> None:
    register.later().change(ID, good_record(certainty="confirmed"), accept=False)
    checked = check(register.folder, surroundings, **the_record(register))
    assert checked.code == 1
    assert checked.printed[-1].startswith("NOBODY READ ")


def test_a_history_rewritten_by_a_replaced_object_is_not_believed(
    register: TestRegister, surroundings: dict[str, str]
) -> None:
    whole = check(register.folder, surroundings, **the_record(register))
    blob = _git(register.folder, "rev-parse", f"main:{record_path(ID)}")
    other = _git(register.folder, "rev-parse", "main:policy/register.yaml")
    _git(register.folder, "replace", blob, other)
    assert check(register.folder, surroundings, **the_record(register)) == whole


def _git(folder: Path, *arguments: str) -> str:
    answer = subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ}, check=True, capture_output=True,
        encoding="utf-8",
    )  # fmt: skip
    return answer.stdout.strip()
