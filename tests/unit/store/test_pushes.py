from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.register.record import record_path
from defectreg.store.git import Entry, Move, blob_id
from defectreg.store.pushes import (
    brought_by,
    largest_push,
    new_commits,
    new_objects,
    one_at_a_time,
    pushed_bytes,
    sizes_of,
    within,
)
from tests.registers import ID, MAIN, TestRegister, good_record, make_register

REF = f"refs/heads/submit/{ID}"


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", signs=False)


def git(made: TestRegister, *words: str) -> str:
    answer = subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@example.invalid", *words],
        cwd=made.folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return answer.stdout.strip()


def unnamed(made: TestRegister) -> str:
    """The tip of a branch with one request, once the branch itself is gone."""
    made.add(good_record(), accept=False, ref=REF)
    tip = made.repository.refs()[REF]
    git(made, "update-ref", "-d", REF)
    return tip


@pytest.mark.parametrize(
    ("setting", "limit"),
    [("1m", 786_432), ("64k", 49_152), ("4000", 3000), ("0", 50_331_648), ("much", 50_331_648)],
)
def test_a_push_may_have_three_quarters_of_what_git_takes(
    made: TestRegister, setting: str, limit: int
) -> None:
    git(made, "config", "receive.maxInputSize", setting)
    assert largest_push(made.repository) == limit


def test_a_push_has_the_bytes_that_lie_in_its_quarantine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pushed_bytes() == 0
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "one.pack").write_bytes(b"a" * 300)
    (tmp_path / "two").write_bytes(b"b" * 20)
    monkeypatch.setenv("GIT_QUARANTINE_PATH", str(tmp_path))
    assert pushed_bytes() == 320


def test_only_what_no_branch_has_is_new(made: TestRegister) -> None:
    tip = unnamed(made)
    record = made.repository.listing(tip, record_path(ID))[record_path(ID)]
    assert new_commits(made.repository, tip) == [tip]
    assert record in new_objects(made.repository, tip)
    assert new_commits(made.repository, made.repository.refs()[MAIN]) == []
    assert new_objects(made.repository, made.repository.refs()[MAIN]) == frozenset()


def test_a_commit_brings_its_files_and_a_merge_what_no_parent_has(made: TestRegister) -> None:
    made.add(good_record(), accept=False, ref=REF)
    base = made.repository.refs()[MAIN]
    made.commit({"policy/register.yaml": made.read("policy/register.yaml") + b"# more\n"})
    git(made, "merge", "--quiet", "--no-ff", "--no-commit", REF)
    (made.folder / "README.md").write_bytes(b"Mine\n")
    git(made, "add", "README.md")
    git(made, "commit", "--quiet", "-m", "Merge")
    brought = brought_by(made.repository, [git(made, "rev-parse", "HEAD")])
    assert brought == [Move("README.md", None, Entry("100644", blob_id(b"Mine\n")))]
    request = brought_by(made.repository, [made.repository.refs()[REF]])
    assert {move.path for move in request} >= {record_path(ID)}
    root = brought_by(made.repository, [base])
    assert "policy/register.yaml" in {move.path for move in root}


def test_a_blob_has_a_size_and_other_things_have_none(made: TestRegister) -> None:
    tip = made.repository.refs()[MAIN]
    policy = made.repository.listing(tip, "policy/register.yaml")["policy/register.yaml"]
    sizes = sizes_of(made.repository, [policy, tip, "1" * 40])
    assert sizes == {policy: len(made.read("policy/register.yaml"))}


def test_a_push_is_judged_when_the_other_has_been(made: TestRegister) -> None:
    order: list[str] = []

    def second() -> None:
        with one_at_a_time(made.repository):
            order.append("second")

    with one_at_a_time(made.repository):
        waiting = threading.Thread(target=second)
        waiting.start()
        order.append("first")
    waiting.join(30)
    assert order == ["first", "second"]


def test_a_push_is_judged_when_git_has_moved_the_branches_of_the_last(made: TestRegister) -> None:
    order: list[str] = []

    def second() -> None:
        with one_at_a_time(made.repository):
            order.append("second")

    with one_at_a_time(made.repository) as turn:
        turn.let_in()
        note = made.repository.common_dir / "defectreg" / "push.lock"
        assert note.read_text() == str(os.getppid())
        moving = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        note.write_text(str(moving.pid))
    waiting = threading.Thread(target=second)
    waiting.start()
    order.append("moved")
    moving.communicate(b"\n", timeout=30)
    waiting.join(30)
    assert order == ["moved", "second"]


def test_a_note_that_names_no_process_is_passed_over(made: TestRegister) -> None:
    with one_at_a_time(made.repository):
        note = made.repository.common_dir / "defectreg" / "push.lock"
    for text in ("", "none", "99999999999999999999"):
        note.write_text(text)
        with one_at_a_time(made.repository):
            pass


def test_what_takes_too_long_ends_with_a_sentence_whoever_catches_exceptions() -> None:
    def judge() -> None:
        with within(600, "it took too long"):
            try:
                signal.raise_signal(signal.SIGALRM)
            except Exception as error:  # as a judgement does
                pytest.fail(f"it was taken for {error}")

    with pytest.raises(CannotRun, match="it took too long"):
        judge()
    assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL
