from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from defectreg.store.git import (
    BranchMoved,
    Change,
    Entry,
    GitError,
    GitMissing,
    Move,
    NotARepository,
    Occasion,
    Repository,
    advance_each,
    blob_id,
    commit,
    init,
    written,
)
from defectreg.store.git.history import day_in_london, read_steps

WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
START = Occasion("Start the register", "party-one", WHEN)
LATER = Occasion("Report DR-7K3Q-X4MB", "party-two", WHEN + timedelta(days=1))
POLICY = "policy/register.yaml"
RECORD = "records/7K/DR-7K3Q-X4MB.yaml"
SUBMIT = "refs/heads/submit/DR-7K3Q-X4MB"
MAIN = "refs/heads/main"


@pytest.fixture
def register(tmp_path: Path) -> Repository:
    return init(tmp_path / "register", {POLICY: b"name: ours\n", RECORD: b"title: a\n"}, START)


@pytest.fixture
def bare(register: Repository, tmp_path: Path) -> Repository:
    git(tmp_path, "clone", "--quiet", "--bare", str(register.root), "bare.git")
    return Repository.find(tmp_path / "bare.git")


def git(folder: Path, *arguments: str) -> str:
    """What git itself answers, with nobody's settings."""
    settings = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "somebody",
        "GIT_AUTHOR_EMAIL": "somebody@example.invalid",
        "GIT_COMMITTER_NAME": "somebody",
        "GIT_COMMITTER_EMAIL": "somebody@example.invalid",
    }
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    result = subprocess.run(
        ["git", *arguments], cwd=folder, env=inherited | settings, capture_output=True, check=True
    )
    return result.stdout.decode().rstrip("\n")


def head_of(repository: Repository) -> str:
    head = repository.head()
    assert head is not None
    return head


class TestFinding:
    def test_a_folder_inside_finds_the_top(self, register: Repository) -> None:
        assert Repository.find(register.root / "records" / "7K") == register

    def test_a_bare_repository_is_found_in_its_own_folder(self, bare: Repository) -> None:
        assert bare.bare
        assert bare.root == bare.git_dir

    def test_a_linked_work_tree_shares_the_common_folder(
        self, register: Repository, tmp_path: Path
    ) -> None:
        git(register.root, "worktree", "add", "--quiet", "-b", "submit/x", str(tmp_path / "linked"))
        linked = Repository.find(tmp_path / "linked")
        assert linked.root == tmp_path / "linked"
        assert linked.git_dir != register.git_dir
        assert linked.common_dir == register.git_dir
        assert linked.branch() == "submit/x"

    def test_a_folder_without_a_repository_is_refused_with_advice(self, tmp_path: Path) -> None:
        with pytest.raises(NotARepository, match="is not in a git repository") as refusal:
            Repository.find(tmp_path)
        assert "defectreg init" in refusal.value.hint

    def test_a_folder_that_is_missing_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(NotARepository, match="there is no folder"):
            Repository.find(tmp_path / "nowhere")

    def test_a_machine_without_git_is_told_so(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(GitMissing, match="git was not found"):
            Repository.find(tmp_path)

    def test_a_damaged_repository_is_a_sentence(self, register: Repository) -> None:
        (register.git_dir / "config").write_text("[core\n")
        with pytest.raises(NotARepository, match="cannot be read: bad config"):
            Repository.find(register.root)

    def test_objects_named_by_sha256_are_refused(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "--quiet", "--object-format=sha256", "other")
        with pytest.raises(NotARepository, match="sha256"):
            Repository.find(tmp_path / "other")

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
    def test_a_clone_that_belongs_to_another_user_is_read(self, register: Repository) -> None:
        for path in (register.root, register.git_dir):
            os.chown(path, 12345, 12345)
        assert Repository.find(register.root) == register
        assert register.changed() == []

    def test_reading_does_not_load_gitpython(self) -> None:
        question = "import sys, defectreg.store.git; sys.exit('git' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", question], check=False).returncode == 0


class TestWhereItStands:
    def test_before_the_first_commit_there_is_a_branch_and_no_head(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "--quiet", "--initial-branch=main")
        repository = Repository.find(tmp_path)
        assert (repository.head(), repository.branch()) == (None, "main")

    def test_a_detached_head_has_no_branch(self, register: Repository) -> None:
        git(register.root, "checkout", "--quiet", "--detach")
        assert register.branch() is None
        assert register.head() == git(register.root, "rev-parse", "HEAD")

    def test_names_are_resolved_to_commits_only(self, register: Repository) -> None:
        head = head_of(register)
        assert register.resolve("main") == register.resolve(head[:10]) == head
        assert register.resolve("HEAD^{tree}") is None
        assert register.resolve("nowhere") is None
        assert register.resolve("main..main") is None
        assert register.resolve("^main") is None
        assert register.resolve("") is None
        assert register.resolve("a\0b") is None

    def test_refs_are_given_by_prefix(self, register: Repository) -> None:
        head = head_of(register)
        git(register.root, "branch", "submit/one")
        git(register.root, "branch", "submitted")
        assert register.refs("refs/heads/submit/") == {"refs/heads/submit/one": head}
        assert register.refs(MAIN) == {MAIN: head}
        assert len(register.refs()) == 3

    def test_a_cut_history_is_noticed(self, register: Repository, tmp_path: Path) -> None:
        commit(register, MAIN, head_of(register), {RECORD: b"title: b\n"}, LATER)
        git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{register.root}", "cut")
        assert not register.is_shallow()
        assert Repository.find(tmp_path / "cut").is_shallow()

    def test_settings_are_read(self, register: Repository) -> None:
        git(register.root, "config", "defectreg.party", "two\nlines")
        assert register.config("defectreg.party") == "two\nlines"
        assert register.config("defectreg.other") is None
        with pytest.raises(GitError, match="no key"):
            register.config("--list")


class TestTrees:
    def test_the_tree_of_a_folder_changes_only_with_its_files(self, register: Repository) -> None:
        old = head_of(register)
        new = commit(register, MAIN, old, {RECORD: b"title: b\n"}, LATER)
        assert register.tree(old) != register.tree(new)
        assert register.tree(old, "records") != register.tree(new, "records")
        assert register.tree(old, "policy") == register.tree(new, "policy/") is not None

    def test_what_is_no_folder_has_no_tree(self, register: Repository) -> None:
        head = head_of(register)
        assert register.tree(head, "nowhere") is None
        assert register.tree(head, POLICY) is None
        assert register.tree(head, "records/../policy") is None

    def test_an_unknown_commit_is_an_error_and_not_an_empty_tree(
        self, register: Repository
    ) -> None:
        with pytest.raises(GitError):
            register.tree("1" * 40)
        with pytest.raises(GitError):
            register.read("1" * 40, POLICY)
        with pytest.raises(GitError):
            register.listing("1" * 40)

    def test_only_ids_name_a_tree(self, register: Repository) -> None:
        for name in ("HEAD", "main", "--help", "A" * 40, "1" * 39, "1" * 40 + "\n"):
            with pytest.raises(GitError, match="not the id of an object"):
                register.listing(name)

    def test_a_listing_names_every_file_and_its_blob(self, register: Repository) -> None:
        expected = {POLICY: blob_id(b"name: ours\n"), RECORD: blob_id(b"title: a\n")}
        head = head_of(register)
        assert register.listing(head) == expected
        assert register.listing(head, "records", "nowhere") == {RECORD: expected[RECORD]}

    def test_entries_tell_links_programs_and_repositories_from_files(
        self, register: Repository
    ) -> None:
        (register.root / "link").symlink_to("policy")
        (register.root / "program").write_text("#!/bin/sh\n")
        (register.root / "program").chmod(0o755)
        git(register.root, "add", "link", "program")
        old = head_of(register)
        cache = f"160000,{old},other"
        git(register.root, "update-index", "--add", "--cacheinfo", cache)
        git(register.root, "commit", "--quiet", "-m", "odd")
        head = head_of(register)
        modes = {path: entry.mode for path, entry in register.entries(head).items()}
        assert modes == {
            POLICY: "100644",
            RECORD: "100644",
            "link": "120000",
            "other": "160000",
            "program": "100755",
        }
        assert register.entries(head)["other"] == Entry("160000", old)
        assert register.listing(head).keys() == modes.keys() - {"other"}
        assert register.read(head, "program") == b"#!/bin/sh\n"
        assert register.read(head, "link") is None
        assert register.read(head, "other") is None

    def test_a_file_is_read_as_it_was_committed(self, register: Repository) -> None:
        head = head_of(register)
        (register.root / POLICY).write_text("name: theirs\n")
        assert register.read(head, POLICY) == b"name: ours\n"
        for path in ("nowhere", "policy", "", "/", "./" + POLICY, "../x", "a\0b", "--help", ":/x"):
            assert register.read(head, path) is None

    def test_everything_is_read_from_a_bare_repository_too(
        self, register: Repository, bare: Repository
    ) -> None:
        head = head_of(register)
        assert bare.head() == head
        assert bare.branch() == "main"
        assert bare.listing(head) == register.listing(head)
        assert bare.tree(head, "policy") == register.tree(head, "policy")
        assert bare.read(head, POLICY) == b"name: ours\n"
        assert bare.refs(MAIN) == {MAIN: head}
        assert list(bare.steps(head)) == list(register.steps(head))
        assert bare.changed() == []
        assert not bare.is_shallow()


class TestBlobs:
    def test_the_id_of_bytes_is_gits_own(self, tmp_path: Path) -> None:
        for data in (b"", b"a\n", b"\0\r\n" * 1000):
            (tmp_path / "file").write_bytes(data)
            assert blob_id(data) == git(tmp_path, "hash-object", "--no-filters", "file")

    def test_blobs_come_in_the_order_asked_with_their_bytes(self, register: Repository) -> None:
        files = {f"records/{n}.yaml": b"%d\n" % n * n for n in range(300)}
        files["records/binary.yaml"] = bytes(range(256)) + b"\n missing\n"
        new = commit(register, SUBMIT, head_of(register), dict(files), LATER)
        ids = register.listing(new, "records")
        asked = [ids[path] for path in reversed(files)]
        assert list(register.blobs(asked)) == [(ids[path], files[path]) for path in reversed(files)]

    def test_more_questions_than_a_pipe_holds_are_all_answered(self, register: Repository) -> None:
        blob = blob_id(b"name: ours\n")
        assert sum(1 for _ in register.blobs(blob for _ in range(20_000))) == 20_000

    def test_a_missing_object_is_an_error_after_those_before_it(self, register: Repository) -> None:
        there = blob_id(b"name: ours\n")
        answers = register.blobs([there, blob_id(b"not there")])
        assert next(answers) == (there, b"name: ours\n")
        with pytest.raises(GitError, match="is missing"):
            next(answers)

    def test_a_folder_is_no_blob(self, register: Repository) -> None:
        tree = register.tree(head_of(register))
        assert tree is not None
        with pytest.raises(GitError, match="is a tree, not a file"):
            list(register.blobs([tree]))

    def test_a_reader_may_stop_early(self, register: Repository) -> None:
        answers = register.blobs([blob_id(b"name: ours\n")] * 5000)
        assert next(answers)[1] == b"name: ours\n"
        answers.close()  # type: ignore[attr-defined]  # an iterator to its callers
        assert register.read(head_of(register), POLICY) == b"name: ours\n"

    def test_a_damaged_object_is_an_error(self, register: Repository) -> None:
        blob = blob_id(b"name: ours\n")
        file = register.git_dir / "objects" / blob[:2] / blob[2:]
        file.chmod(0o600)
        file.write_bytes(b"no longer an object")
        with pytest.raises(GitError):
            list(register.blobs([blob]))


class TestChanged:
    def test_a_clean_work_tree_has_no_changes(self, register: Repository) -> None:
        assert register.changed() == []

    def test_every_way_to_differ_from_head_is_told(self, register: Repository) -> None:
        root = register.root
        kept = {f"records/{name}.yaml": b"a\n" for name in ("taken", "staged", "gone", "twice")}
        commit(register, MAIN, head_of(register), dict(kept), LATER)
        (root / RECORD).write_text("title: b\n")
        (root / "records/new.yaml").write_text("")
        (root / "records/added.yaml").write_text("")
        (root / "records/vanished.yaml").write_text("")
        (root / "records/staged.yaml").write_text("b\n")
        git(root, "add", "records/added.yaml", "records/vanished.yaml", "records/staged.yaml")
        (root / "records/vanished.yaml").unlink()
        (root / "records/gone.yaml").unlink()
        git(root, "rm", "--quiet", "--cached", "records/taken.yaml")
        git(root, "rm", "--quiet", "records/twice.yaml")
        assert register.changed() == [
            Change("changed", RECORD),
            Change("added", "records/added.yaml"),
            Change("removed", "records/gone.yaml"),
            Change("added", "records/new.yaml"),
            Change("changed", "records/staged.yaml"),
            Change("changed", "records/taken.yaml"),
            Change("removed", "records/twice.yaml"),
        ]

    def test_only_the_folders_asked_for_are_looked_at(self, register: Repository) -> None:
        (register.root / "policy/new.yaml").write_text("")
        (register.root / "records/new.yaml").write_text("")
        assert register.changed("policy") == [Change("added", "policy/new.yaml")]
        assert register.changed("pol*", ":(top)policy") == []

    def test_before_the_first_commit_every_file_is_added(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "--quiet")
        (tmp_path / "a b").write_text("")
        assert Repository.find(tmp_path).changed() == [Change("added", "a b")]

    def test_a_renamed_file_is_one_removed_and_one_added(self, register: Repository) -> None:
        git(register.root, "mv", RECORD, "records/other.yaml")
        assert register.changed() == [
            Change("removed", RECORD),
            Change("added", "records/other.yaml"),
        ]

    def test_a_conflict_is_unmerged(self, register: Repository) -> None:
        head = head_of(register)
        commit(register, SUBMIT, head, {RECORD: b"title: b\n"}, LATER)
        commit(register, MAIN, head, {RECORD: b"title: c\n"}, LATER)
        with pytest.raises(subprocess.CalledProcessError):
            git(register.root, "merge", "--quiet", "submit/DR-7K3Q-X4MB")
        assert register.changed() == [Change("unmerged", RECORD)]
        with pytest.raises(GitError, match=f"{RECORD} is not merged yet"):
            register.staged()


class TestStaged:
    def test_what_only_lies_in_the_work_tree_is_not_staged(self, register: Repository) -> None:
        (register.root / RECORD).write_text("title: b\n")
        (register.root / "records/new U").write_text("")
        git(register.root, "add", "--intent-to-add", "records/new U")
        assert register.staged() == []

    def test_every_staged_file_has_what_it_was_and_what_it_will_be(
        self, register: Repository
    ) -> None:
        root = register.root
        (root / RECORD).write_text("title: b\n")
        (root / "records/new U").symlink_to("nowhere")
        git(root, "add", "records")
        git(root, "rm", "--quiet", POLICY)
        (root / RECORD).write_text("title: c\n")
        assert register.staged() == [
            Move(POLICY, Entry("100644", blob_id(b"name: ours\n")), None),
            Move(
                RECORD,
                Entry("100644", blob_id(b"title: a\n")),
                Entry("100644", blob_id(b"title: b\n")),
            ),
            Move("records/new U", None, Entry("120000", blob_id(b"nowhere"))),
        ]

    def test_the_index_of_a_hook_is_the_one_that_is_read(
        self, register: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = tmp_path / "index"
        other.write_bytes((register.git_dir / "index").read_bytes())
        git(register.root, "rm", "--quiet", "--cached", RECORD)
        assert [move.path for move in register.staged()] == [RECORD]
        monkeypatch.setenv("GIT_INDEX_FILE", str(other))
        assert register.staged() == []

    def test_paths_come_as_they_are(self, register: Repository) -> None:
        names = ['"quoted"', "a\nb", "é", " ", "-x", "a\tb"]
        for name in names:
            (register.root / name).write_text("")
        assert [change.path for change in register.changed()] == sorted(names)


class TestSteps:
    def test_steps_come_oldest_first_with_what_they_moved(self, register: Repository) -> None:
        first = head_of(register)
        second = commit(register, MAIN, first, {RECORD: b"b\n", "new": b"", POLICY: None}, LATER)
        one, two = register.steps(second)
        assert (one.commit, one.parent, one.day) == (first, None, date(2026, 3, 2))
        assert (one.added, one.changed, one.removed) == ((POLICY, RECORD), (), ())
        assert (two.commit, two.parent, two.day) == (second, first, date(2026, 3, 3))
        assert (two.added, two.changed, two.removed) == (("new",), (RECORD,), (POLICY,))
        assert two.seconds == int(LATER.when.timestamp())
        assert list(register.steps(second, since=first)) == [two]
        assert list(register.steps(second, since=second)) == []

    def test_a_merge_is_one_step_against_its_first_parent(self, register: Repository) -> None:
        first = head_of(register)
        side = commit(register, SUBMIT, first, {"a": b"1\n"}, LATER)
        commit(register, SUBMIT, side, {"a": b"2\n"}, LATER)
        commit(register, MAIN, first, {"b": b"\n"}, LATER)
        git(register.root, "merge", "--quiet", "--no-ff", "-m", "land", "submit/DR-7K3Q-X4MB")
        steps = list(register.steps(head_of(register)))
        assert [step.added for step in steps] == [(POLICY, RECORD), ("b",), ("a",)]
        assert steps[2].parent == steps[1].commit

    def test_the_steps_of_one_file_keep_their_places_in_the_whole(
        self, register: Repository
    ) -> None:
        first = head_of(register)
        second = commit(register, MAIN, first, {"other": b"\n"}, LATER)
        commit(register, SUBMIT, second, {RECORD: b"aside\n", "new": b""}, LATER)
        commit(register, MAIN, second, {"other": b"a\n", RECORD: b"b\n"}, LATER)
        git(register.root, "reset", "--quiet", "--hard")
        git(register.root, "merge", "--quiet", "--no-ff", "-m", "land", "-X", "theirs",
            "submit/DR-7K3Q-X4MB")  # fmt: skip
        commit(register, MAIN, head_of(register), {RECORD: None}, LATER)
        whole = list(register.steps(head_of(register)))
        moved = list(register.steps_of(head_of(register), RECORD))
        assert [place for place, _ in moved] == [0, 2, 3, 4]
        assert [step.commit for _, step in moved] == [whole[place].commit for place in (0, 2, 3, 4)]
        assert [step.parent for _, step in moved] == [whole[place].parent for place in (0, 2, 3, 4)]
        assert [(step.added, step.changed, step.removed) for _, step in moved] == [
            ((RECORD,), (), ()), ((), (RECORD,), ()), ((), (RECORD,), ()), ((), (), (RECORD,)),
        ]  # fmt: skip
        assert list(register.steps_of(first, "nowhere")) == []

    def test_a_rename_is_one_removed_and_one_added(self, register: Repository) -> None:
        new = commit(register, MAIN, head_of(register), {POLICY: None, "p": b"name: ours\n"}, LATER)
        *_, step = register.steps(new)
        assert (step.added, step.changed, step.removed) == (("p",), (), (POLICY,))

    def test_a_step_without_files_is_a_step(self, register: Repository) -> None:
        for message in ("one", "two"):
            git(register.root, "commit", "--quiet", "--allow-empty", "-m", message)
        steps = list(register.steps(head_of(register)))
        assert [len(step.added) for step in steps] == [2, 0, 0]

    def test_a_change_of_mode_or_kind_is_a_change(self, register: Repository) -> None:
        (register.root / RECORD).chmod(0o755)
        (register.root / POLICY).unlink()
        (register.root / POLICY).symlink_to("elsewhere")
        git(register.root, "commit", "--quiet", "-a", "-m", "odd")
        *_, step = register.steps(head_of(register))
        assert set(step.changed) == {RECORD, POLICY}

    def test_paths_that_look_like_git_output_are_paths(self, register: Repository) -> None:
        odd = [":000000 100644 0 0 A", "a\n:b", "\n:c", "é", "1" * 40 + " 1 "]
        for name in odd:
            (register.root / name).write_text("")
        git(register.root, "add", "--all")
        git(register.root, "commit", "--quiet", "-m", "odd")
        *_, step = register.steps(head_of(register))
        assert sorted(step.added) == sorted(odd)

    def test_settings_of_the_clone_do_not_change_the_answer(self, register: Repository) -> None:
        new = commit(register, MAIN, head_of(register), {POLICY: None, "p": b"name: ours\n"}, LATER)
        before = list(register.steps(new))
        for key, value in {
            "log.showRoot": "false",
            "log.diffMerges": "off",
            "diff.renames": "copies",
            "diff.relative": "true",
            "diff.noprefix": "true",
            "color.ui": "always",
            "core.abbrev": "7",
            "format.pretty": "fuller",
            "log.date": "relative",
            "log.decorate": "full",
        }.items():
            git(register.root, "config", key, value)
        assert list(Repository.find(register.root / "records").steps(new)) == before

    def test_output_that_is_cut_off_is_an_error(self) -> None:
        cut = io.BytesIO(b"1" * 40 + b" 0 \0\n:0 1 a b A\0rec")
        with pytest.raises(GitError, match="middle of a step"):
            list(read_steps(cut))

    def test_the_day_is_that_of_london(self) -> None:
        assert day_in_london(_seconds(2026, 6, 30, 22, 59)) == date(2026, 6, 30)
        assert day_in_london(_seconds(2026, 6, 30, 23, 0)) == date(2026, 7, 1)
        assert day_in_london(_seconds(2026, 12, 31, 23, 59)) == date(2026, 12, 31)

    def test_a_date_beyond_the_calendar_is_an_error(self) -> None:
        with pytest.raises(GitError, match="no calendar"):
            day_in_london(10**18)


class TestAncestry:
    def test_ancestors_and_merge_bases(self, register: Repository) -> None:
        base = head_of(register)
        side = commit(register, SUBMIT, base, {"a": b""}, LATER)
        main = commit(register, MAIN, base, {"b": b""}, LATER)
        alone = commit(register, "refs/heads/review/alone", None, {"c": b""}, LATER)
        assert register.is_ancestor(base, side)
        assert register.is_ancestor(side, side)
        assert not register.is_ancestor(side, main)
        assert register.merge_base(side, main) == base
        assert register.merge_base(alone, main) is None
        with pytest.raises(GitError):
            register.is_ancestor("1" * 40, main)


class TestCommit:
    def test_a_commit_names_the_party_and_nobody_else(self, register: Repository) -> None:
        when = datetime(2026, 7, 3, 8, 0, tzinfo=timezone(timedelta(hours=1)))
        occasion = Occasion("Report é\n\nbody\n", "party-two", when)
        new = commit(register, SUBMIT, head_of(register), {"records/a.yaml": b"a\n"}, occasion)
        about = git(register.root, "show", "-s", "--format=%an <%ae>%n%cn <%ce>%n%cI%n%B", new)
        who = "party-two <party-two@parties.invalid>"
        assert about.rstrip() == f"{who}\n{who}\n2026-07-03T08:00:00+01:00\nReport é\n\nbody"
        log = git(register.root, "reflog", "--format=%gn <%ge>", SUBMIT)
        assert log == who

    def test_work_tree_index_and_branch_are_left_alone(self, register: Repository) -> None:
        (register.root / RECORD).write_text("title: mine\n")
        (register.root / "new").write_text("")
        git(register.root, "add", "new")
        before = (git(register.root, "status", "--porcelain"), head_of(register))
        index = (register.git_dir / "index").read_bytes()
        commit(register, SUBMIT, before[1], {RECORD: b"title: b\n", "new": b"other"}, LATER)
        assert (git(register.root, "status", "--porcelain"), head_of(register)) == before
        assert register.branch() == "main"
        assert (register.git_dir / "index").read_bytes() == index
        assert (register.root / RECORD).read_text() == "title: mine\n"

    def test_files_are_added_replaced_and_removed(self, register: Repository) -> None:
        old = head_of(register)
        new = commit(register, SUBMIT, old, {"a": b"1", RECORD: b"", POLICY: None}, LATER)
        entries = register.entries(new)
        assert entries == {
            "a": Entry("100644", blob_id(b"1")),
            RECORD: Entry("100644", blob_id(b"")),
        }
        assert git(register.root, "fsck", "--strict") == ""

    def test_a_file_makes_room_for_a_folder_of_its_name(self, register: Repository) -> None:
        one = commit(register, SUBMIT, head_of(register), {"a": b"1"}, LATER)
        two = commit(register, SUBMIT, one, {"a/b": b"2", "a": None}, LATER)
        assert register.listing(two, "a") == {"a/b": blob_id(b"2")}
        with pytest.raises(GitError, match="a file and a folder at once"):
            commit(register, SUBMIT, two, {"c": b"1", "c/d/e": b"2"}, LATER)

    def test_a_branch_goes_on_where_it_stood(self, register: Repository) -> None:
        one = commit(register, SUBMIT, head_of(register), {"a": b"1"}, LATER)
        two = commit(register, SUBMIT, one, {"b": b"2"}, LATER)
        assert register.refs(SUBMIT) == {SUBMIT: two}
        assert [step.added for step in register.steps(two)][1:] == [("a",), ("b",)]

    def test_a_branch_that_stands_elsewhere_is_not_moved(self, register: Repository) -> None:
        base = head_of(register)
        one = commit(register, SUBMIT, base, {"a": b"1"}, LATER)
        for parent in (base, None):
            with pytest.raises(BranchMoved, match="submit/DR-7K3Q-X4MB was changed meanwhile"):
                commit(register, SUBMIT, parent, {"a": b"2"}, LATER)
        assert register.refs(SUBMIT) == {SUBMIT: one}

    def test_of_two_writers_at_once_one_wins_and_the_other_is_told(
        self, register: Repository
    ) -> None:
        from concurrent.futures import ThreadPoolExecutor

        base = commit(register, SUBMIT, head_of(register), {"a": b"0"}, LATER)

        def write(number: int) -> str | None:
            try:
                return commit(register, SUBMIT, base, {f"b{number}": b"1"}, LATER)
            except BranchMoved:
                return None

        with ThreadPoolExecutor(4) as writers:
            made = [new for new in writers.map(write, range(4)) if new]
        assert made == [register.resolve(SUBMIT)]
        assert len(list(register.steps(made[0], since=base))) == 1

    def test_nothing_but_the_branch_is_left_behind(self, register: Repository) -> None:
        refs = register.refs().keys()
        commit(register, SUBMIT, head_of(register), {"a": b"1"}, LATER)
        with pytest.raises(GitError):
            commit(register, "refs/heads/submit/x", "1" * 40, {"a": b"1"}, LATER)
        assert register.refs().keys() == refs | {SUBMIT}
        assert not list(register.git_dir.glob("fast_import_crash*"))

    def test_a_file_that_would_push_others_out_is_refused(self, register: Repository) -> None:
        head = head_of(register)
        for path in ("records", POLICY + "/below"):
            with pytest.raises(GitError, match="would also remove"):
                commit(register, SUBMIT, head, {path: b""}, LATER)
        with pytest.raises(GitError, match="would also remove"):
            commit(register, SUBMIT, head, {"records": None}, LATER)
        assert register.refs(SUBMIT) == {}

    def test_the_branch_that_is_checked_out_takes_the_work_tree_along(
        self, register: Repository
    ) -> None:
        (register.root / "mine").write_text("")
        commit(register, MAIN, head_of(register), {RECORD: None, "records/b.yaml": b"b"}, LATER)
        assert (register.root / "records/b.yaml").read_bytes() == b"b"
        assert not (register.root / RECORD).exists()
        assert register.changed() == [Change("added", "mine")]

    def test_what_a_person_changed_in_the_work_tree_is_never_overwritten(
        self, register: Repository
    ) -> None:
        head = head_of(register)
        (register.root / RECORD).write_text("title: mine\n")
        (register.root / "new").write_text("mine")
        for files in ({RECORD: b"title: b\n"}, {"new": b"theirs"}):
            with pytest.raises(GitError):
                commit(register, MAIN, head, dict(files), LATER)
        assert head_of(register) == head
        assert (register.root / RECORD).read_text() == "title: mine\n"
        assert (register.root / "new").read_text() == "mine"

    def test_a_branch_checked_out_elsewhere_is_refused(
        self, register: Repository, tmp_path: Path
    ) -> None:
        head = head_of(register)
        linked = tmp_path / "linked"
        git(register.root, "worktree", "add", "--quiet", "-b", "submit/x", str(linked))
        with pytest.raises(GitError, match="is checked out in"):
            commit(register, "refs/heads/submit/x", head, {"a": b""}, LATER)
        new = commit(Repository.find(linked), "refs/heads/submit/x", head, {"a": b""}, LATER)
        assert register.refs("refs/heads/submit/x") == {"refs/heads/submit/x": new}
        assert (linked / "a").exists()

    def test_a_bare_repository_takes_commits(self, bare: Repository) -> None:
        new = commit(bare, MAIN, head_of(bare), {"a": b"1"}, LATER)
        assert bare.head() == new

    def test_a_time_without_a_zone_is_refused(self, register: Repository) -> None:
        naive = Occasion("x", "party-one", WHEN.replace(tzinfo=None))
        with pytest.raises(ValueError, match="zone"):
            commit(register, SUBMIT, head_of(register), {"a": b""}, naive)


class TestAdvancingSeveral:
    SUBMITS = tuple(f"refs/heads/submit/{name}" for name in ("a", "b", "c"))

    def moves(self, register: Repository, *refs: str) -> dict[str, tuple[str, str]]:
        """One commit for each branch, on the tip of main."""
        head = head_of(register)
        return {ref: (head, written(register, head, {ref[-1]: b"1"}, LATER)) for ref in refs}

    def test_each_branch_stands_at_its_own_commit_begun_or_moved_on(
        self, register: Repository
    ) -> None:
        git(register.root, "branch", "submit/a")
        moves = self.moves(register, *self.SUBMITS)
        advance_each(register, moves, "party-two")
        assert register.refs("refs/heads/submit/") == {ref: new for ref, (_, new) in moves.items()}

    def test_where_one_stands_elsewhere_none_is_moved(self, register: Repository) -> None:
        moves = self.moves(register, *self.SUBMITS)
        other = commit(register, self.SUBMITS[1], head_of(register), {"x": b"1"}, LATER)
        with pytest.raises(BranchMoved, match="submit/b was changed meanwhile"):
            advance_each(register, moves, "party-two")
        assert register.refs("refs/heads/submit/") == {self.SUBMITS[1]: other}

    def test_the_one_that_is_checked_out_takes_the_work_tree_along(
        self, register: Repository
    ) -> None:
        git(register.root, "switch", "--quiet", "-c", "submit/a")
        moves = self.moves(register, *self.SUBMITS)
        advance_each(register, moves, "party-two")
        assert (register.root / "a").read_bytes() == b"1"
        assert register.changed() == []
        assert register.refs("refs/heads/submit/") == {ref: new for ref, (_, new) in moves.items()}

    def test_nothing_to_move_is_no_fault(self, register: Repository) -> None:
        refs = register.refs()
        advance_each(register, {}, "party-two")
        assert register.refs() == refs


class TestInit:
    def test_the_first_commit_is_checked_out_on_main(self, tmp_path: Path) -> None:
        files = {POLICY: b"name: ours\n", ".gitlab-ci.yml": b"a: b\n"}
        (tmp_path / "empty").mkdir()
        for folder in (tmp_path / "new" / "register", tmp_path / "empty"):
            register = init(folder, files, START)
            assert register.branch() == "main"
            assert [step.parent for step in register.steps(head_of(register))] == [None]
            assert (folder / POLICY).read_bytes() == b"name: ours\n"
            assert git(folder, "status", "--porcelain") == ""

    def test_the_same_register_is_born_twice_with_one_id(self, tmp_path: Path) -> None:
        files = {POLICY: b"name: ours\n"}
        assert (
            init(tmp_path / "a", files, START).head() == init(tmp_path / "b", files, START).head()
        )

    def test_a_folder_that_holds_something_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "mine").write_text("")
        with pytest.raises(GitError, match="is not an empty folder"):
            init(tmp_path, {POLICY: b""}, START)
        with pytest.raises(GitError, match="is not an empty folder"):
            init(tmp_path / "mine", {POLICY: b""}, START)
        assert [path.name for path in tmp_path.iterdir()] == ["mine"]

    def test_a_folder_inside_another_repository_is_refused(self, register: Repository) -> None:
        with pytest.raises(GitError, match="is inside the repository"):
            init(register.root / "records" / "new" / "one", {POLICY: b""}, START)
        assert not (register.root / "records" / "new").exists()

    def test_a_failure_leaves_no_repository_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "template" / "refs" / "heads" / "main.lock").mkdir(parents=True)
        (tmp_path / ".gitconfig").write_text(f"[init]\n\ttemplateDir = {tmp_path / 'template'}\n")
        monkeypatch.setenv("HOME", str(tmp_path))
        with pytest.raises(GitError, match="update-ref"):
            init(tmp_path / "new", {"a": b""}, START)
        assert list((tmp_path / "new").iterdir()) == []


def _seconds(year: int, month: int, day: int, hour: int, minute: int) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())
