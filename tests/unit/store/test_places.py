from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.store import git
from defectreg.store.kept_grounds import FOLDERS
from defectreg.store.places import (
    find_record,
    is_request,
    meant_id,
    open_register,
    own_ref,
    short_name,
)
from tests.registers import ID, TestRegister, good_record, make_register

SUBMIT = f"refs/heads/submit/{ID}"
OTHER = "DR-7K3Q-0000"


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "r", signs=False)


def test_a_register_is_found_from_a_folder_inside_it(made: TestRegister) -> None:
    register = open_register(made.folder / "policy" / "parties")
    assert register.repository.root == made.folder
    assert register.head == made.repository.head()
    assert register.own_folder == made.folder / ".git" / "defectreg"


def test_the_trees_that_an_opened_register_knows_are_those_of_its_commit(
    made: TestRegister,
) -> None:
    register = open_register(made.folder)
    folders = made.repository.folders(register.head, *FOLDERS)
    assert dict(register.trees) == {register.head: tuple(tree for _, tree in folders)}


def test_a_register_without_one_of_these_folders_is_opened_all_the_same(
    made: TestRegister,
) -> None:
    listed = made.repository.listing(made.repository.head() or "", "catalogue")
    made.commit(dict.fromkeys(listed))
    register = open_register(made.folder)
    assert (register.head, dict(register.trees)) == (made.repository.head(), {})


def test_another_commit_of_a_register_is_judged_by_its_own_policy(made: TestRegister) -> None:
    before = open_register(made.folder)
    made.policy(minimum_parties=2)
    after = open_register(made.folder)
    assert (before.grounds.policy.minimum_parties, after.grounds.policy.minimum_parties) == (1, 2)
    assert replace(after, head=before.head).grounds.policy == before.grounds.policy


def test_a_folder_without_git_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CannotRun) as problem:
        open_register(tmp_path)
    assert "defectreg init" in problem.value.hint


def test_a_repository_without_a_commit_is_refused_with_what_to_do(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    with pytest.raises(CannotRun, match="no commit yet") as problem:
        open_register(tmp_path)
    assert "defectreg init" in problem.value.hint


def test_a_repository_without_a_policy_is_no_register(tmp_path: Path) -> None:
    begun = git.Occasion("Start", "somebody", datetime(2026, 3, 2, tzinfo=UTC))
    other = git.init(tmp_path / "other", {"README.md": b"code\n"}, begun)
    with pytest.raises(CannotRun, match="is not a register"):
        open_register(other.root)


def test_a_register_whose_policy_is_gone_from_the_work_tree_still_opens(
    made: TestRegister,
) -> None:
    (made.folder / "policy" / "register.yaml").unlink()
    assert open_register(made.folder).head == made.repository.head()


def test_a_detached_head_is_a_register_too(made: TestRegister) -> None:
    made.add(good_record())
    subprocess.run(["git", "checkout", "--quiet", "--detach"], cwd=made.folder, check=True)
    assert find_record(made.register(), ID).record_id == ID


@pytest.mark.parametrize("typed", [ID, "7k3q-x4mb", "dr-7k3q", "7K3QX", "7"])
def test_a_record_is_found_by_any_beginning_of_its_id(made: TestRegister, typed: str) -> None:
    made.add(good_record())
    place = find_record(made.register(), typed)
    assert (place.record_id, place.ref, place.commit) == (ID, "HEAD", made.repository.head())


@pytest.mark.parametrize("typed", ["drsb", "DR-DRSB", "drsb0000", "DRDRSB0000", "dr"])
def test_an_id_that_begins_as_its_prefix_does_is_found(made: TestRegister, typed: str) -> None:
    made.add(good_record())
    made.add(good_record(id="DR-DRSB-0000"))
    assert find_record(made.register(), typed).record_id == "DR-DRSB-0000"


def test_a_beginning_of_several_ids_names_them(made: TestRegister) -> None:
    made.add(good_record())
    made.add(good_record(id=OTHER))
    with pytest.raises(UsageProblem, match=f"{OTHER}, {ID}"):
        find_record(made.register(), "7k3q")
    assert find_record(made.register(), "7k3qx").record_id == ID


def test_a_record_that_stands_only_on_a_request_is_found_there(made: TestRegister) -> None:
    made.add(good_record(), ref=SUBMIT)
    place = find_record(made.register(), "7k3q")
    assert (place.record_id, place.ref) == (ID, SUBMIT)
    assert place.commit == made.repository.refs(SUBMIT)[SUBMIT]


def test_what_has_landed_comes_before_what_a_request_says(made: TestRegister) -> None:
    made.add(good_record())
    made.add(good_record(id=OTHER), ref=f"refs/heads/submit/{OTHER}")
    assert find_record(made.register(), "7k3q").ref == "HEAD"


def test_what_has_landed_is_found_while_an_older_branch_is_checked_out(made: TestRegister) -> None:
    made.add(good_record(id=OTHER), ref=f"refs/heads/submit/{OTHER}")
    made.add(good_record())
    (made.repository.git_dir / "HEAD").write_text(f"ref: refs/heads/submit/{OTHER}\n", "ascii")
    place = find_record(made.register(), "7k3qx")
    main = "refs/heads/main"
    assert (place.ref, place.commit) == (main, made.repository.refs(main)[main])
    assert place.has_landed
    assert find_record(made.register(), OTHER).ref == "HEAD"


@pytest.mark.parametrize("typed", ["9zzz", "", "hello world", "DR-", "7K3Q-X4MB-9"])
def test_what_no_record_begins_with_is_a_wrong_question(made: TestRegister, typed: str) -> None:
    made.add(good_record())
    with pytest.raises(UsageProblem):
        find_record(made.register(), typed)


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        ("refs/heads/submit/DR-7K3Q-X4MB", True),
        ("refs/heads/review/DR-7K3Q-X4MB", True),
        ("refs/remotes/origin/submit/DR-7K3Q-X4MB", True),
        ("refs/heads/main", False),
        ("refs/remotes/origin/main", False),
        ("refs/heads/other/submit/x", False),
        ("refs/merge-requests/7/head", True),
        ("refs/merge-requests/7/merge", False),
        ("refs/remotes/origin/merge-requests/7", True),
        ("refs/remotes/origin/merge-requests/7/head", True),
        ("refs/remotes/origin/merge-requests/7/merge", False),
        ("refs/remotes/origin/merge-requests/x", False),
        ("refs/pull/7/head", True),
        ("refs/pull/7/merge", False),
        ("refs/remotes/origin/pull/7/head", True),
        ("refs/heads/pull/7", False),
    ],
)
def test_requests_are_submit_and_review_branches_and_what_a_forge_numbers(
    ref: str, expected: bool
) -> None:
    assert is_request(ref) is expected


@pytest.mark.parametrize(
    ("ref", "name", "own"),
    [
        ("refs/heads/submit/x", "submit/x", "refs/heads/submit/x"),
        ("refs/remotes/origin/submit/x", "origin/submit/x", "refs/heads/submit/x"),
        (
            "refs/merge-requests/7/head",
            "merge-requests/7/head",
            "refs/heads/review/merge-requests-7",
        ),
        ("refs/remotes/origin/pull/7", "origin/pull/7", "refs/heads/review/pull-7"),
    ],
)
def test_a_request_has_a_name_and_a_branch_of_our_own_for_what_is_added(
    ref: str, name: str, own: str
) -> None:
    assert (short_name(ref), own_ref(ref)) == (name, own)


@pytest.mark.parametrize(
    "ref",
    ["refs/merge-requests/7/head", "refs/remotes/origin/merge-requests/7", "refs/pull/7/head"],
)
def test_a_record_that_only_a_forges_request_has_is_found(made: TestRegister, ref: str) -> None:
    made.add(good_record(), ref=SUBMIT)
    for words in (("update-ref", ref, SUBMIT), ("update-ref", "-d", SUBMIT)):
        subprocess.run(["git", *words], cwd=made.folder, check=True)
    place = find_record(made.register(), "7k3q")
    assert (place.record_id, place.ref, place.has_landed) == (ID, ref, False)


def test_when_was_fetched_is_the_time_of_gits_own_note(made: TestRegister) -> None:
    assert made.register().fetched is None
    note = made.folder / ".git" / "FETCH_HEAD"
    note.touch()
    os.utime(note, (1_772_442_000, 1_772_442_000))
    assert made.register().fetched == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_whole_id_is_meant_as_it_is_and_a_beginning_is_looked_up(made: TestRegister) -> None:
    made.add(good_record())
    register = made.register()
    assert meant_id(register, "7k3q") == ID
    assert meant_id(register, OTHER.lower()) == OTHER
    with pytest.raises(UsageProblem):
        meant_id(register, "9zzz")
