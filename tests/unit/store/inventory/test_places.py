"""The inventory has one folder, and none in a git repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.store.inventory.places import Inventory, locked, make, open_inventory


def test_the_folder_is_what_was_typed_else_set_else_in_the_data_home(tmp_path: Path) -> None:
    variables = {"DEFECTREG_INVENTORY": str(tmp_path / "set"), "XDG_DATA_HOME": str(tmp_path)}
    assert open_inventory(tmp_path / "typed", variables).folder == tmp_path / "typed"
    assert open_inventory(None, variables).folder == tmp_path / "set"
    del variables["DEFECTREG_INVENTORY"]
    assert open_inventory(None, variables).folder == tmp_path / "defectreg/inventory"
    home = Path.home() / ".local/share/defectreg/inventory"
    assert open_inventory(None, {"XDG_DATA_HOME": "relative"}).folder == home


@pytest.mark.parametrize("inside", [".", "a", "a/b", ".git", ".git/hooks"])
@pytest.mark.parametrize("options", [(), ("--bare",)])
def test_no_folder_of_a_repository_is_taken(
    tmp_path: Path, inside: str, options: tuple[str, ...]
) -> None:
    repository = tmp_path / "repository"
    subprocess.run(["git", "init", "-q", *options, str(repository)], check=True)
    with pytest.raises(CannotRun, match="is in the git repository"):
        open_inventory(repository / inside, {})
    assert open_inventory(tmp_path / "beside", {}).folder == tmp_path / "beside"


def test_a_linked_work_tree_is_one_and_a_link_into_it_leads_there(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / ".git").write_text("gitdir: /elsewhere\n")
    (tmp_path / "link").symlink_to(tree)
    with pytest.raises(CannotRun, match="is in the git repository"):
        open_inventory(tmp_path / "link" / "inventory", {})


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotRun, match="is not a folder"):
        open_inventory(tmp_path / "file", {})


def test_what_is_made_is_its_owners_and_ignored_by_git(tmp_path: Path) -> None:
    inventory = Inventory(tmp_path / "a" / "inventory")
    make(inventory)
    make(inventory)
    assert inventory.folder.stat().st_mode & 0o777 == 0o700
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    told = subprocess.run(
        ["git", "-C", str(tmp_path), "status", "--porcelain"], check=True, capture_output=True
    )
    assert told.stdout == b""


def test_who_locks_keeps_others_out(tmp_path: Path) -> None:
    inventory = Inventory(tmp_path)
    other = ["flock", "--nonblock", str(inventory.lock), "true"]
    with locked(inventory):
        assert subprocess.run(other, check=False).returncode == 1
    assert subprocess.run(other, check=False).returncode == 0


def test_who_waits_says_so_after_a_moment(tmp_path: Path) -> None:
    inventory = Inventory(tmp_path)
    said: list[str] = []
    with locked(inventory, said.append):
        pass
    assert said == []
    holding = ["flock", str(inventory.lock), "sh", "-c", "echo; read _"]
    with subprocess.Popen(holding, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin
        assert other.stdout
        other.stdout.readline()

        def end(sentence: str) -> None:
            said.append(sentence)
            assert other.stdin
            other.stdin.write(b"\n")
            other.stdin.flush()

        with locked(inventory, end):
            assert other.wait() == 0
    assert len(said) == 1
    assert said[0].startswith("waiting for another run, which writes the inventory ")


def test_what_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotRun, match="cannot be written"):
        make(Inventory(tmp_path / "file" / "inventory"))
