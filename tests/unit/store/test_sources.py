from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.register.record import record_path
from defectreg.store.sources import (
    LARGEST_RECORD,
    CommitSource,
    IndexSource,
    WorkTreeSource,
    case_files,
    grounds_of,
)
from tests.registers import ID, NAME, TestRegister, good_record, make_register

PATH = record_path(ID)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    return make_register(tmp_path_factory.mktemp("sources") / "r", [good_record()], signs=False)


@pytest.fixture
def fresh(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "r", [good_record()], signs=False)


def both(made: TestRegister) -> tuple[CommitSource, WorkTreeSource]:
    register = made.register()
    return register.head_source, register.worktree_source


def test_a_clean_work_tree_and_its_commit_hold_the_same_files(made: TestRegister) -> None:
    commit, worktree = both(made)
    assert commit.blobs() == worktree.blobs()
    assert PATH in commit.blobs()
    assert commit.read(PATH) == worktree.read(PATH) == (made.folder / PATH).read_bytes()


def test_what_is_not_there_is_none_and_left_out(made: TestRegister) -> None:
    for source in both(made):
        assert source.read("records/ZZ/none.yaml") is None
        assert [path for path, _ in source.read_many(["records/none", PATH])] == [PATH]


def test_a_file_outside_the_register_is_no_part_of_it(fresh: TestRegister) -> None:
    fresh.commit({"docs/page.md": b"text\n"})
    for source in both(fresh):
        assert "docs/page.md" not in source.blobs()


def test_a_change_that_is_not_committed_is_in_the_work_tree_alone(fresh: TestRegister) -> None:
    (fresh.folder / PATH).write_bytes(b"changed\n")
    commit, worktree = both(fresh)
    assert worktree.read(PATH) == b"changed\n"
    assert commit.read(PATH) != b"changed\n"


def test_a_symbolic_link_in_the_work_tree_is_passed_over(fresh: TestRegister) -> None:
    place = fresh.folder / PATH
    place.unlink()
    place.symlink_to("/etc/hostname")
    _, worktree = both(fresh)
    assert PATH in worktree.paths()
    assert PATH not in worktree.blobs()


def test_of_a_record_that_is_too_long_one_byte_too_many_is_read(fresh: TestRegister) -> None:
    (fresh.folder / PATH).write_bytes(b"x" * 200_000)
    _, worktree = both(fresh)
    data = worktree.read(PATH)
    assert data is not None
    assert len(data) == LARGEST_RECORD


def test_a_case_is_a_record_and_its_statements_and_no_other_file(fresh: TestRegister) -> None:
    fresh.add(good_record(id="DR-7K3Q-X4MC"))
    fresh.commit({f"records/7K/{ID}/notes.txt": b"no statement\n"})
    for source in both(fresh):
        files = case_files(source, ID)
        assert sorted(files) == [
            f"records/7K/{ID}.yaml",
            f"records/7K/{ID}/2026-03-02-report-supplier-one.yaml",
            f"records/7K/{ID}/2026-03-02-sign-off-dcc.yaml",
        ]
        assert case_files(source, "DR-0000-0000") == {}


def test_the_grounds_of_commit_and_work_tree_are_read_from_their_own_files(
    fresh: TestRegister,
) -> None:
    (fresh.folder / "policy/register.yaml").write_text("name: another\n")
    commit, worktree = both(fresh)
    assert grounds_of(commit)[0].policy.name == NAME
    assert grounds_of(worktree)[0].policy.name == "another"


def test_grounds_without_a_policy_cannot_be_read(fresh: TestRegister) -> None:
    fresh.commit({"policy/register.yaml": None})
    with pytest.raises(CannotRun, match=r"register\.yaml is missing"):
        grounds_of(CommitSource(fresh.repository, fresh.repository.head() or ""))


def test_a_party_that_cannot_be_read_is_left_out_with_a_finding(fresh: TestRegister) -> None:
    fresh.commit({"policy/parties/maker-one.yaml": b"name: Maker One\n"})
    grounds, findings = grounds_of(fresh.register().head_source)
    assert grounds.parties.get("maker-one") is None
    assert grounds.parties.get("dcc") is not None
    assert {finding.file for finding in findings} == {"policy/parties/maker-one.yaml"}


def staged(made: TestRegister) -> IndexSource:
    register = made.register()
    return IndexSource.of(register.repository, register.head)


def stage(made: TestRegister, path: str, data: bytes | None) -> None:
    place = made.folder / path
    if data is None:
        place.unlink()
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    command = ["git", "-C", str(made.folder), "add", "--all", "--", path]
    subprocess.run(command, check=True, capture_output=True)


def test_an_index_in_which_nothing_is_staged_holds_what_its_commit_holds(
    made: TestRegister,
) -> None:
    index, commit = staged(made), made.register().head_source
    assert index.moves == ()
    assert index.blobs() == commit.blobs()
    assert index.below("records") == commit.below("records")


def test_an_index_holds_what_is_staged_and_not_what_lies_there(fresh: TestRegister) -> None:
    report = next(path for path in staged(fresh).paths("records") if "-report-" in path)
    stage(fresh, PATH, b"staged\n")
    stage(fresh, report, None)
    stage(fresh, "records/ZZ/new.yaml", b"new\n")
    stage(fresh, "docs/page.md", b"text\n")
    (fresh.folder / PATH).write_bytes(b"not staged\n")
    index = staged(fresh)
    assert {move.path for move in index.moves} == {PATH, report, "records/ZZ/new.yaml"}
    assert index.read(PATH) == b"staged\n"
    assert index.read(report) is None
    assert list(index.read_many(["records/ZZ/new.yaml", report])) == [
        ("records/ZZ/new.yaml", b"new\n")
    ]
    assert case_files(index, ID).keys() == case_files(fresh.register().head_source, ID).keys() - {
        report
    }
    assert "docs/page.md" not in index.blobs()


def test_an_index_without_a_policy_or_schema_says_how_to_bring_it_back(
    fresh: TestRegister,
) -> None:
    for path in ("schema/record.schema.json", "policy/register.yaml"):
        stage(fresh, path, None)
        with pytest.raises(CannotRun, match="is missing") as missing:
            grounds_of(staged(fresh))
        assert missing.value.hint == f"`git restore --staged {path}` brings it back"
        with pytest.raises(CannotRun, match="is missing") as missing:
            grounds_of(fresh.register().worktree_source)
        assert missing.value.hint == f"`git restore {path}` brings it back"
