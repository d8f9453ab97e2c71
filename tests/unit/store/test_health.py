from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from defectreg.store.health import Line, examine
from tests.fleets import load_fleet
from tests.journals import esme
from tests.registers import TestRegister, key_of, make_register


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestRegister:
    monkeypatch.setenv("DEFECTREG_KEY", str(key_of("dcc")))
    monkeypatch.setenv("DEFECTREG_INVENTORY", str(tmp_path / "inventory"))
    return make_register(tmp_path / "register")


def lines(folder: Path) -> dict[str, Line]:
    return {line.subject: line for line in examine(folder)}


def test_a_good_machine_and_clone_are_ok_in_every_line(made: TestRegister) -> None:
    assert {line.subject: line.state for line in examine(made.folder) if line.state != "ok"} == {}


def test_outside_a_register_the_machine_is_looked_at_all_the_same(tmp_path: Path) -> None:
    found = lines(tmp_path)
    assert found["register"].state == "attention"
    assert found["SQLite"].state == "ok"
    assert "policy" not in found


def test_who_is_not_known_is_told_how_to_be(
    made: TestRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEFECTREG_KEY")
    assert lines(made.folder)["who you are"].state == "attention"
    monkeypatch.setenv("DEFECTREG_PARTY", "dcc")
    assert "without a key" in lines(made.folder)["who you are"].found


def test_a_broken_policy_is_a_line_and_the_others_are_still_there(made: TestRegister) -> None:
    made.commit({"policy/register.yaml": b"name: for-tests\nsilence: maybe\n"})
    found = lines(made.folder)
    assert found["policy"].state == "cannot"
    assert "policy/register.yaml:2:10" in found["policy"].found
    assert found["history"].state == "ok"


def test_a_shallow_clone_is_told_how_to_get_the_rest(made: TestRegister, tmp_path: Path) -> None:
    made.commit({"catalogue/README.md": b"changed\n"})
    shallow = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{made.folder}", shallow], check=True
    )
    assert lines(shallow)["history"].hint == "git fetch --unshallow brings the rest"


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (("switch", "-q", "--detach"), "no branch is checked out"),
        (("switch", "-q", "-c", "submit/DR-AAAA-BBBB"), "as if it had landed"),
        (("switch", "-q", "-c", "other"), "and there is a main"),
    ],
)
def test_another_branch_than_main_gets_attention(
    made: TestRegister, command: tuple[str, ...], found: str
) -> None:
    subprocess.run(["git", *command], cwd=made.folder, check=True)
    line = lines(made.folder)["branch"]
    assert line.state == "attention"
    assert found in line.found


def test_changed_files_of_the_register_are_counted_and_others_are_not(made: TestRegister) -> None:
    (made.folder / "notes.txt").write_text("mine")
    assert lines(made.folder)["work tree"].state == "ok"
    (made.folder / "policy" / "register.yaml").write_text("name: for-tests\nsilence: hold\n")
    assert lines(made.folder)["work tree"].found == "1 changed file of the register"


def test_a_machine_without_git_cannot_work(
    made: TestRegister, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = lines(made.folder)
    assert (found["git"].state, found["OpenSSH"].state) == ("cannot", "cannot")
    assert "apt-get install git" in found["git"].hint
    assert "git was not found" in found["register"].found


@pytest.mark.parametrize(
    ("path", "data", "found"),
    [
        ("policy/register.yaml", b"name: for-tests\nsilence: maybe\n", "register.yaml:2:10"),
        ("policy/parties/dcc.yaml", b"name: DCC\n", "policy/parties/dcc.yaml:1:1"),
        ("policy/register.yaml", None, "policy/register.yaml is missing"),
        ("schema/record.schema.json", b"{", "schema/record.schema.json is not JSON"),
    ],
)
def test_what_is_broken_in_the_work_tree_alone_is_told(
    made: TestRegister, path: str, data: bytes | None, found: str
) -> None:
    if data is None:
        (made.folder / path).unlink()
    else:
        (made.folder / path).write_bytes(data)
    told = lines(made.folder)
    assert told["policy"].state == "ok"
    assert told["work tree"].state == "cannot"
    assert found in told["work tree"].found
    assert told["work tree"].hint


def test_a_changed_policy_that_can_be_read_is_no_more_than_a_change(made: TestRegister) -> None:
    (made.folder / "policy/register.yaml").write_bytes(b"name: for-tests\nsilence: hold\n")
    assert lines(made.folder)["work tree"].state == "attention"


def test_the_inventory_is_looked_at_where_there_is_one(made: TestRegister, tmp_path: Path) -> None:
    assert "inventory" not in lines(made.folder)
    load_fleet(tmp_path / "inventory", [esme(1)], [], [], [])
    line = lines(made.folder)["inventory"]
    assert (line.state, line.found.endswith("0 batches in the journal")) == ("ok", True)
    (tmp_path / "inventory/journal.sqlite").write_bytes(b"no journal")
    line = lines(made.folder)["inventory"]
    assert (line.state, "journal" in line.found) == ("cannot", True)


def test_a_snapshot_that_is_gone_cannot_work(made: TestRegister, tmp_path: Path) -> None:
    load_fleet(tmp_path / "inventory", [esme(1)], [], [], [])
    shutil.rmtree(tmp_path / "inventory/snapshots")
    line = lines(made.folder)["inventory"]
    assert (line.state, line.found.endswith(" is gone")) == ("cannot", True)
