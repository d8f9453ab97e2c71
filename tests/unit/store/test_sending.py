"""Pushing and fetching: real repositories on both sides."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from defectreg.store import git
from defectreg.store.git import GitError, NotSent
from tests.registers import ID, MAIN, TestRegister, make_register

REF = f"refs/heads/submit/{ID}"


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    """A register whose main and one request are at ``origin``."""
    made = make_register(tmp_path / "register", signs=False)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(tmp_path / "o.git")],
                   check=True)  # fmt: skip
    run(made.folder, "remote", "add", "origin", f"file://{tmp_path}/o.git")
    made.commit({"records/notes": b"a\n"}, REF)
    run(made.folder, "push", "-q", "origin", MAIN, REF)
    return made


def run(folder: Path, *words: str) -> str:
    answer = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return answer.stdout.strip()


def there(made: TestRegister) -> dict[str, str]:
    lines = run(made.folder, "ls-remote", "origin").splitlines()
    return {name: commit for commit, name in map(str.split, lines) if name != "HEAD"}


def test_a_branch_is_moved_on_and_another_removed_at_once(made: TestRegister) -> None:
    tip = made.repository.refs(REF)[REF]
    step = made.commit({"notes.txt": b"b\n"})
    assert git.push(made.repository, "origin", {MAIN: step}, {REF: tip}) is None
    assert there(made) == {MAIN: step}


def test_who_was_slower_is_told_and_nothing_moves(made: TestRegister) -> None:
    before = there(made)
    root = made.repository.first_parents(before[MAIN])[0]
    step = made.commit({"notes.txt": b"b\n"})
    run(made.folder, "push", "-q", "origin", MAIN)
    other = git.written(made.repository, root, {"x.txt": b"c\n"}, occasion(made))
    refused = git.push(made.repository, "origin", {MAIN: other}, {REF: before[REF]})
    assert isinstance(refused, NotSent)
    assert refused.is_outdated
    assert there(made) == {MAIN: step, REF: before[REF]}


def test_a_branch_that_moved_meanwhile_is_not_removed(made: TestRegister) -> None:
    before = there(made)
    later = made.commit({"records/notes": b"b\n"}, REF)
    run(made.folder, "push", "-q", "origin", REF)
    step = made.commit({"notes.txt": b"b\n"})
    refused = git.push(made.repository, "origin", {MAIN: step}, {REF: before[REF]})
    assert refused is not None
    assert refused.is_outdated
    assert there(made) == {**before, REF: later}


def test_what_a_hook_says_reaches_us(made: TestRegister, tmp_path: Path) -> None:
    hook = tmp_path / "o.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'not today'\nexit 1\n")
    hook.chmod(0o755)
    refused = git.push(made.repository, "origin", {MAIN: made.commit({"notes.txt": b"b\n"})})
    assert refused is not None
    assert not refused.is_outdated
    assert refused.said[0] == "not today"
    assert "pre-receive hook declined" in refused.sentence


def test_a_hook_of_this_clone_does_not_run(made: TestRegister) -> None:
    hook = made.folder / ".git" / "hooks" / "pre-push"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    step = made.commit({"notes.txt": b"b\n"})
    assert git.push(made.repository, "origin", {MAIN: step}) is None


@pytest.mark.parametrize("remote", ["elsewhere", "--receive-pack=x", "file:///tmp"])
def test_only_a_remote_that_the_clone_knows_is_spoken_to(made: TestRegister, remote: str) -> None:
    with pytest.raises(GitError, match="knows no remote"):
        git.fetch(made.repository, remote)
    with pytest.raises(GitError, match="knows no remote"):
        git.push(made.repository, remote, {})


def test_fetching_brings_where_branches_stand_and_notes_when(
    made: TestRegister, tmp_path: Path
) -> None:
    run(tmp_path, "clone", "-q", f"file://{tmp_path}/o.git", "other")
    step = made.commit({"notes.txt": b"b\n"})
    run(made.folder, "push", "-q", "origin", MAIN)
    other = git.Repository.find(tmp_path / "other")
    git.fetch(other, "origin")
    assert other.refs("refs/remotes/origin/main") == {"refs/remotes/origin/main": step}
    assert (other.git_dir / "FETCH_HEAD").exists()


def test_a_remote_that_is_gone_is_a_sentence(made: TestRegister, tmp_path: Path) -> None:
    (tmp_path / "o.git").rename(tmp_path / "gone.git")
    with pytest.raises(GitError, match="git fetch origin failed"):
        git.fetch(made.repository, "origin")


def test_branches_are_removed_but_not_the_one_that_is_checked_out(made: TestRegister) -> None:
    refs = made.repository.refs(REF, MAIN)
    assert git.remove_branches(made.repository, refs, "dcc") == [REF]
    assert made.repository.refs(REF, MAIN) == {MAIN: refs[MAIN]}


def test_a_branch_that_stands_elsewhere_is_not_removed(made: TestRegister) -> None:
    refs = made.repository.refs(REF, MAIN)
    with pytest.raises(GitError):
        git.remove_branches(made.repository, {REF: refs[MAIN]}, "dcc")
    assert REF in made.repository.refs(REF)


def test_a_commit_is_written_before_its_branch_is_moved_to_it(made: TestRegister) -> None:
    before = made.repository.refs()
    step = git.written(made.repository, before[MAIN], {"notes.txt": b"b\n"}, occasion(made))
    assert made.repository.refs() == before
    git.advance(made.repository, MAIN, before[MAIN], step, "dcc")
    assert made.repository.refs(MAIN) == {MAIN: step}
    assert (made.folder / "notes.txt").read_bytes() == b"b\n"
    with pytest.raises(git.BranchMoved):
        git.advance(made.repository, MAIN, before[MAIN], step, "dcc")


def occasion(made: TestRegister) -> git.Occasion:
    return git.Occasion("A step", "dcc", datetime(2026, 3, 3, 12, tzinfo=UTC))
