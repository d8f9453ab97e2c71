from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from defectreg.store.git import Repository
from defectreg.store.git.indexed import Unwatched, paths_beside, unwatched

KEPT = ("records/a.yaml", "records/b.yaml", "records/c.yaml", "other/d.yaml")


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    run(tmp_path, "init", "--quiet")
    write(tmp_path, *KEPT)
    (tmp_path / ".git" / "info" / "exclude").write_text("*.ignored\n")
    run(tmp_path, "add", "--all")
    commit(tmp_path)
    return Repository.find(tmp_path)


def run(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    names = "-c", "user.name=a", "-c", "user.email=a@b.invalid"
    run(folder, *names, "commit", "--quiet", "--allow-empty", "--message", "a")


def write(folder: Path, *paths: str, text: str = "a\n") -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def beside(clone: Repository) -> list[str] | None:
    head = clone.head()
    assert head is not None
    return paths_beside(clone, head, "records")


def test_a_work_tree_as_it_was_committed_has_nothing_beside(clone: Repository) -> None:
    assert beside(clone) == []


def test_what_is_changed_staged_gone_new_or_ignored_is_beside(clone: Repository) -> None:
    root = clone.root
    write(root, "records/a.yaml", text="b\n")
    write(root, "records/b.yaml", text="longer\n")
    run(root, "add", "records/b.yaml")
    (root / "records" / "c.yaml").unlink()
    write(root, "records/new/e.yaml", "records/f.ignored", "other/g.yaml")
    run(root, "init", "--quiet", "records/own")
    assert sorted(beside(clone) or []) == [
        "records/a.yaml",
        "records/b.yaml",
        "records/c.yaml",
        "records/f.ignored",
        "records/new/e.yaml",
        "records/own/",
    ]


def attributes(text: str) -> Callable[[Repository], None]:
    return lambda clone: write(clone.root, ".git/info/attributes", text=text)


def setting(key: str, value: str) -> Callable[[Repository], None]:
    return lambda clone: run(clone.root, "config", key, value)


def submodule(clone: Repository) -> None:
    run(clone.root, "init", "--quiet", "records/own")
    commit(clone.root / "records" / "own")
    run(clone.root, "add", "records/own")


@pytest.mark.parametrize(
    "change",
    [
        attributes("* text=auto\n"),
        attributes("*.yaml  eol=lf\n"),
        attributes("[attr]own ident\n"),
        attributes("a filter=b\n"),
        setting("core.autocrlf", "true"),
        setting("core.autocrlf", "input"),
        lambda clone: write(clone.root, "records/.gitattributes"),
        lambda clone: write(clone.root, ".gitattributes"),
        lambda clone: setting("core.attributesFile", f"{clone.root}/records")(clone),
        submodule,
    ],
)
def test_where_git_cannot_tell_nothing_is_told(
    clone: Repository, change: Callable[[Repository], None]
) -> None:
    change(clone)
    assert beside(clone) is None


@pytest.mark.parametrize(
    "change",
    [
        attributes("*.yaml -text !eol diff=yaml\n  # text\n\n"),
        setting("core.autocrlf", "false"),
        setting("core.attributesFile", "/nowhere/attributes"),
        setting("core.attributesFile", os.devnull),
        setting("filter.own.clean", "false"),
    ],
)
def test_what_converts_nothing_is_no_matter(
    clone: Repository, change: Callable[[Repository], None]
) -> None:
    change(clone)
    assert beside(clone) == []


def test_of_another_commit_than_the_one_checked_out_nothing_is_told(clone: Repository) -> None:
    head = clone.head()
    commit(clone.root)
    assert paths_beside(clone, head or "", "records") is None


def test_what_git_does_not_look_at_is_unwatched(clone: Repository) -> None:
    assert unwatched(clone, "records", None).paths == ()
    run(clone.root, "update-index", "--assume-unchanged", "records/a.yaml", "other/d.yaml")
    run(clone.root, "update-index", "--skip-worktree", "records/b.yaml")
    submodule(clone)
    paths = unwatched(clone, "records", None).paths
    assert paths == ("records/a.yaml", "records/b.yaml", "records/own/")


def test_an_index_that_did_not_change_is_not_asked_again(clone: Repository) -> None:
    known = Unwatched(unwatched(clone, "records", None).index, ("as before",))
    assert unwatched(clone, "records", known) is known
    run(clone.root, "update-index", "--assume-unchanged", "records/a.yaml")
    assert unwatched(clone, "records", known).paths == ("records/a.yaml",)
