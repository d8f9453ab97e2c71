"""A repository that somebody else made runs nothing and bends nothing, however it is set up."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from defectreg.store.git import (
    Change,
    GitError,
    Occasion,
    Repository,
    blob_id,
    commit,
    init,
)
from defectreg.store.pushes import brought_by

OCCASION = Occasion("Start", "party-one", datetime(2026, 3, 2, tzinfo=UTC))
MAIN = "refs/heads/main"
SUBMIT = "refs/heads/submit/DR-7K3Q-X4MB"
RECORD = "records/7K/DR-7K3Q-X4MB.yaml"


@pytest.fixture
def register(tmp_path: Path) -> Repository:
    return init(tmp_path / "register", {RECORD: b"title: ours\n"}, OCCASION)


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A program that leaves a mark when it runs, and passes on what it is given."""
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\n: > {tmp_path / 'sprung'}\ncat 2>/dev/null </dev/stdin\n")
    trap.chmod(0o755)
    return trap


def sprung(trap: Path) -> bool:
    """Did the trap run? It is set again."""
    mark = trap.with_name("sprung")
    ran = mark.exists()
    mark.unlink(missing_ok=True)
    return ran


def git(folder: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Git as a person runs it, settings of the repository and all."""
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    names = {
        f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=inherited | names | {"GIT_CONFIG_GLOBAL": os.devnull},
        input=given,
        capture_output=True,
        check=False,
    )


def read_everything(register: Repository) -> None:
    """Every way of reading, once."""
    head = register.head()
    assert head is not None
    assert register.read(head, RECORD) == b"title: ours\n"
    assert register.changed() == [Change("changed", RECORD)]
    assert [step.added for step in register.steps(head)] == [(RECORD,)]
    assert register.refs(MAIN) == {MAIN: head}
    assert register.is_ancestor(head, head)
    assert register.branch() == "main"
    assert list(register.listing(head)) == [RECORD]


def set_fsmonitor(register: Repository, trap: Path) -> tuple[str, ...]:
    git(register.root, "config", "core.fsmonitor", str(trap))
    return ("status",)


def set_filter(register: Repository, trap: Path) -> tuple[str, ...]:
    (register.git_dir / "info").mkdir(exist_ok=True)
    (register.git_dir / "info/attributes").write_text("* filter=a=b.c\n")
    git(register.root, "config", "filter.a=b.c.clean", str(trap))
    git(register.root, "config", "filter.a=b.c.required", "true")
    return ("status",)


def set_long_running_filter(register: Repository, trap: Path) -> tuple[str, ...]:
    (register.root / ".git/info").mkdir(exist_ok=True)
    (register.git_dir / "info/attributes").write_text("* filter=other\n")
    git(register.root, "config", "filter.other.process", str(trap))
    return ("status",)


def set_external_diff(register: Repository, trap: Path) -> tuple[str, ...]:
    git(register.root, "config", "diff.external", str(trap))
    return ("diff",)


def set_textconv(register: Repository, trap: Path) -> tuple[str, ...]:
    (register.root / ".git/info").mkdir(exist_ok=True)
    (register.git_dir / "info/attributes").write_text("* diff=other\n")
    git(register.root, "config", "diff.other.textconv", str(trap))
    return ("diff",)


def set_signature_program(register: Repository, trap: Path) -> tuple[str, ...]:
    git(register.root, "config", "log.showSignature", "true")
    git(register.root, "config", "gpg.program", str(trap))
    raw = git(register.root, "cat-file", "commit", "HEAD").stdout
    head, _, message = raw.partition(b"\n\n")
    sealed = b"-----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    (register.git_dir / "signed").write_bytes(head + b"\ngpgsig " + sealed + b"\n\n" + message)
    signed = git(register.root, "hash-object", "-t", "commit", "-w", ".git/signed").stdout
    git(register.root, "update-ref", MAIN, signed.decode().strip())
    return ("log",)


def set_alias(register: Repository, trap: Path) -> tuple[str, ...]:
    for verb in ("status", "log", "cat-file", "rev-parse", "ls-tree", "springs"):
        git(register.root, "config", f"alias.{verb}", f"!{trap}")
    return ("springs",)


SETTINGS = (
    set_fsmonitor,
    set_filter,
    set_long_running_filter,
    set_external_diff,
    set_textconv,
    set_signature_program,
    set_alias,
)


@pytest.mark.parametrize("set_trap", SETTINGS)
def test_a_program_that_the_repository_names_does_not_run_when_it_is_read(
    register: Repository, trap: Path, set_trap: Callable[[Repository, Path], tuple[str, ...]]
) -> None:
    (register.root / RECORD).write_text("title: mine\n")
    command = set_trap(register, trap)
    git(register.root, *command)
    assert sprung(trap), "the trap does not work, so nothing is tested"
    read_everything(register)
    read_everything(Repository.find(register.root / "records"))
    assert not sprung(trap)


def test_nothing_but_the_commits_says_how_they_are_merged(register: Repository, trap: Path) -> None:
    mine = commit(register, SUBMIT, register.head(), {RECORD: b"title: mine\n"}, OCCASION)
    ours = commit(register, MAIN, register.head(), {RECORD: b"title: yours\n"}, OCCASION)
    assert register.merged_tree(ours, mine) is None
    words = ("merge-tree", "--write-tree", ours, mine)
    (register.root / ".gitattributes").write_text("* merge=union\n")
    assert git(register.root, *words).returncode == 0, "git asks nobody, so nothing is tested"
    assert register.merged_tree(ours, mine) is None
    git(register.root, "config", "merge.a=b.c.driver", str(trap))
    for place in (".gitattributes", ".git/info/attributes"):
        (register.root / place).parent.mkdir(exist_ok=True)
        (register.root / place).write_text("* merge=a=b.c\n")
        git(register.root, *words)
        assert sprung(trap), "the trap does not work, so nothing is tested"
        assert register.merged_tree(ours, mine) is None
        assert not sprung(trap)
    other = commit(
        register, "refs/heads/submit/other", ours, {"records/other.yaml": b"title: a\n"}, OCCASION
    )
    assert register.merged_tree(ours, other) == register.tree(other)


def test_a_repository_that_names_no_program_is_read_alike(register: Repository) -> None:
    (register.root / RECORD).write_text("title: mine\n")
    git(register.root, "config", "filter.other.clean", "")
    read_everything(register)


def test_a_filter_does_not_run_when_the_work_tree_is_taken_along(
    register: Repository, trap: Path
) -> None:
    set_filter(register, trap)
    git(register.root, "config", "filter.a=b.c.smudge", str(trap))
    commit(register, MAIN, register.head(), {"records/new.yaml": b"a\n"}, OCCASION)
    assert (register.root / "records/new.yaml").read_bytes() == b"a\n"
    assert not sprung(trap)
    git(register.root, "checkout", "HEAD~1")
    git(register.root, "checkout", "main")
    assert sprung(trap), "the trap does not work, so nothing is tested"


def test_folders_that_stand_for_more_paths_than_a_machine_holds(register: Repository) -> None:
    head = register.head() or ""
    blob = register.listing(head)[RECORD]
    tree = "".join(f"100644 blob {blob}\tfile-{number}\n" for number in range(10))
    for _ in range(6):
        made = git(register.root, "mktree", given=tree.encode()).stdout.decode().strip()
        tree = "".join(f"040000 tree {made}\tfolder-{number}\n" for number in range(10))
    bomb = git(register.root, "commit-tree", "-p", head, "-m", "x", made).stdout.decode().strip()
    for read in (register.moved, lambda before, after: list(register.steps(after, before))):
        with pytest.raises(GitError, match="more than"):
            read(head, bomb)
    with pytest.raises(GitError, match="more than"):
        brought_by(register, [bomb])


HOOKS = ("post-checkout", "post-commit", "post-index-change", "pre-commit", "reference-transaction")


@pytest.mark.parametrize("in_config", [False, True])
def test_no_hook_runs_when_a_commit_is_made(
    register: Repository, trap: Path, in_config: bool
) -> None:
    hooks = register.root / "own-hooks" if in_config else register.git_dir / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in HOOKS:
        (hooks / hook).symlink_to(trap)
    if in_config:
        git(register.root, "config", "core.hooksPath", str(hooks))
    first = register.head()
    commit(register, SUBMIT, first, {"records/new.yaml": b"a\n"}, OCCASION)
    commit(register, MAIN, first, {"records/new.yaml": b"a\n"}, OCCASION)
    assert not sprung(trap)
    git(register.root, "commit", "--allow-empty", "-m", "as a person does")
    assert sprung(trap), "the trap does not work, so nothing is tested"


def test_no_program_signs_a_commit(register: Repository, trap: Path) -> None:
    git(register.root, "config", "commit.gpgSign", "true")
    git(register.root, "config", "gpg.program", str(trap))
    new = commit(register, SUBMIT, register.head(), {"records/new.yaml": b"a\n"}, OCCASION)
    assert b"gpgsig" not in git(register.root, "cat-file", "commit", new).stdout
    assert not sprung(trap)
    git(register.root, "commit", "--allow-empty", "-m", "as a person does")
    assert sprung(trap), "the trap does not work, so nothing is tested"


def test_a_hook_from_a_persons_template_does_not_run_while_a_register_is_made(
    tmp_path: Path, trap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "template/hooks"
    hooks.mkdir(parents=True)
    for hook in HOOKS:
        (hooks / hook).symlink_to(trap)
    (tmp_path / ".gitconfig").write_text(f"[init]\n\ttemplateDir = {tmp_path / 'template'}\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    register = init(tmp_path / "register", {RECORD: b"title: ours\n"}, OCCASION)
    assert not sprung(trap)
    git(register.root, "commit", "--allow-empty", "-m", "as a person does")
    assert sprung(trap), "the trap does not work, so nothing is tested"


def test_a_missing_object_is_not_fetched_by_a_program_of_the_repository(
    register: Repository, trap: Path
) -> None:
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": str(register.root),
        "remote.origin.uploadpack": f"{trap} </dev/null; true",
    }.items():
        git(register.root, "config", key, value)
    missing = blob_id(b"not there")
    with pytest.raises(GitError):
        list(register.blobs([missing]))
    assert not sprung(trap)
    git(register.root, "cat-file", "blob", missing)
    assert sprung(trap), "the trap does not work, so nothing is tested"
    there = blob_id(b"title: ours\n")
    assert list(register.blobs([there])) == [(there, b"title: ours\n")]


def test_a_replaced_object_is_read_as_it_was_accepted(register: Repository) -> None:
    ours = blob_id(b"title: ours\n")
    (register.root / "theirs").write_bytes(b"title: theirs\n")
    theirs = git(register.root, "hash-object", "-w", "theirs").stdout.decode().strip()
    git(register.root, "replace", ours, theirs)
    assert git(register.root, "cat-file", "blob", ours).stdout == b"title: theirs\n"
    assert list(register.blobs([ours])) == [(ours, b"title: ours\n")]
    head = register.head()
    assert head is not None
    assert register.read(head, RECORD) == b"title: ours\n"


def test_a_replaced_or_grafted_commit_keeps_its_history(register: Repository) -> None:
    first = register.head()
    second = commit(register, MAIN, first, {"records/a.yaml": b"a\n"}, OCCASION)
    third = commit(register, MAIN, second, {"records/b.yaml": b"b\n"}, OCCASION)
    git(register.root, "replace", "--graft", third)
    (register.git_dir / "info").mkdir(exist_ok=True)
    (register.git_dir / "info/grafts").write_text(f"{second}\n")
    assert len(git(register.root, "rev-list", "main").stdout.split()) == 1
    assert [step.commit for step in register.steps(third)] == [first, second, third]


def test_variables_of_a_caller_do_not_choose_the_repository(
    register: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = init(tmp_path / "other", {RECORD: b"title: other\n"}, OCCASION)
    head = other.head()
    for name, value in {
        "GIT_DIR": str(other.git_dir),
        "GIT_WORK_TREE": str(other.root),
        "GIT_INDEX_FILE": str(other.git_dir / "index"),
        "GIT_OBJECT_DIRECTORY": str(other.git_dir / "objects"),
        "GIT_NAMESPACE": "theirs",
        "GIT_CONFIG_PARAMETERS": "'core.bare=true'",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.worktree",
        "GIT_CONFIG_VALUE_0": str(other.root),
    }.items():
        monkeypatch.setenv(name, value)
    assert Repository.find(register.root) == register
    assert register.changed() == []
    new = commit(register, MAIN, register.head(), {"records/new.yaml": b"a\n"}, OCCASION)
    assert register.head() == new
    assert init(tmp_path / "third", {RECORD: b"c\n"}, OCCASION).root == tmp_path / "third"
    assert (other.head(), other.changed()) == (head, [])


def test_the_objects_of_a_push_that_is_being_judged_are_read(
    register: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = init(tmp_path / "other", {RECORD: b"title: other\n"}, OCCASION)
    theirs = blob_id(b"title: other\n")
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.git_dir / "objects"))
    monkeypatch.setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", str(register.git_dir / "objects"))
    with pytest.raises(GitError, match="missing"):
        list(register.blobs([theirs]))
    monkeypatch.setenv("GIT_QUARANTINE_PATH", str(other.git_dir / "objects"))
    ours = blob_id(b"title: ours\n")
    assert [data for _, data in register.blobs([theirs, ours])] == [
        b"title: other\n",
        b"title: ours\n",
    ]


def test_a_bare_repository_hidden_in_a_work_tree_is_not_mistaken_for_the_register(
    register: Repository, trap: Path
) -> None:
    hidden = register.root / "records/hidden"
    git(register.root, "init", "--bare", "--quiet", str(hidden))
    (hidden / "inside").mkdir()
    assert git(hidden / "inside", "rev-parse", "--is-bare-repository").stdout == b"true\n"
    with pytest.raises(GitError):
        Repository.find(hidden / "inside")
    (register.root / "records/plain").mkdir()
    assert Repository.find(register.root / "records/plain") == register


HOSTILE_NAMES = (
    "--upload-pack=touch sprung",
    "-c",
    "--help",
    "--git-dir=/",
    "-",
    "--",
    "main\n",
    "$(touch sprung)",
    "main;touch sprung",
)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_is_never_an_option_or_a_command(register: Repository, name: str) -> None:
    assert register.resolve(name) is None
    assert register.refs(name) == {}
    assert register.changed(name) == []
    for ask in (register.tree, register.listing, register.steps, register.entries):
        with pytest.raises(GitError, match="not the id of an object"):
            list(ask(name) or ())
    with pytest.raises(GitError, match="no key"):
        register.config(name)
    assert not list(register.root.glob("sprung"))


def test_a_branch_with_an_odd_but_lawful_name_is_found(register: Repository) -> None:
    git(register.root, "update-ref", "refs/heads/-c", "HEAD")
    git(register.root, "update-ref", "refs/heads/é$(x)", "HEAD")
    assert register.resolve("refs/heads/-c") == register.head()
    assert register.resolve("-c") == register.head()
    assert register.refs("refs/heads/é$(x)") == {"refs/heads/é$(x)": register.head()}


HOSTILE_REFS = (
    "HEAD",
    "main",
    "refs/heads/",
    "refs/heads/-c",
    "refs/heads/--force",
    "refs/heads/../config",
    "refs/heads/a..b",
    "refs/heads/submit/../main",
    "refs/heads/submit/x.lock",
    "refs/heads/submit/x.lock/y",
    "refs/heads/submit/.x",
    "refs/heads/submit/x\nreset refs/heads/main",
    "refs/heads/submit/x\n",
    "refs/heads/submit/x\0y",
    "refs/heads/submit/x y",
    "refs/heads/submit//x",
    "refs/heads/other/x",
    "refs/tags/x",
    "refs/replace/" + "1" * 40,
)


@pytest.mark.parametrize("ref", HOSTILE_REFS)
def test_only_branches_of_a_register_are_written(register: Repository, ref: str) -> None:
    before = register.refs()
    with pytest.raises(GitError, match="is no branch that a register writes to"):
        commit(register, ref, register.head(), {"a": b""}, OCCASION)
    assert register.refs() == before


@pytest.mark.parametrize(
    "ref", ["refs/heads/trunk", SUBMIT, "refs/heads/review/DR-7K3Q-X4MB", SUBMIT + "-party-one-2"]
)
def test_branches_of_a_register_are_written(register: Repository, ref: str) -> None:
    new = commit(register, ref, register.head(), {"a": b""}, OCCASION)
    assert register.resolve(ref) == new


HOSTILE_PATHS = (
    "",
    "/",
    "/etc/passwd",
    "../outside",
    "records/../../outside",
    "./a",
    "records//a",
    "records/",
    ".git/config",
    "records/.GIT/hooks/post-checkout",
    ".git./config",
    ".git /config",
    ".g\u200cit/config",
    "git~1/config",
    "GIT~2",
    "records\\..\\a",
    "C:a",
    ".git::$INDEX_ALLOCATION/config",
    "a\nM 100644 inline .git/config\ndata 1\nx",
    "a\0b",
    "a\tb",
    "a\x7fb",
    "a\u202eb",
    "a\udcffb",
    "a" * 256,
)


@pytest.mark.parametrize("path", HOSTILE_PATHS)
def test_a_path_that_leads_out_or_misleads_is_not_written(register: Repository, path: str) -> None:
    for data in (b"x", None):
        with pytest.raises(GitError, match="is no path of a file in a register"):
            commit(register, SUBMIT, register.head(), {path: data}, OCCASION)
    assert register.refs(SUBMIT) == {}


@pytest.mark.parametrize(
    "path",
    ['"', '"a" b', "-rf", "--", "é/ü.yaml", "a b", ".gitlab-ci.yml", ".github/x", "a..b", "'", "*"],
)
def test_a_path_that_only_looks_odd_is_written_and_read(register: Repository, path: str) -> None:
    new = commit(register, MAIN, register.head(), {path: b"x\n"}, OCCASION)
    assert register.listing(new, path) == {path: blob_id(b"x\n")}
    assert register.read(new, path) == b"x\n"
    assert (register.root / path).read_bytes() == b"x\n"
    *_, step = register.steps(new)
    assert step.added == (path,)
    gone = commit(register, MAIN, new, {path: None}, OCCASION)
    assert register.read(gone, path) is None
    assert register.changed() == []


@pytest.mark.parametrize("data", [b"", b"\ndone\nM 100644 inline b\ndata 0\n", b"\0" * 5, b"x"])
def test_bytes_that_look_like_commands_are_bytes(register: Repository, data: bytes) -> None:
    new = commit(register, SUBMIT, register.head(), {"a": data}, OCCASION)
    assert list(register.listing(new)) == ["a", RECORD]
    assert register.read(new, "a") == data


@pytest.mark.parametrize(
    "message", ["a\nfrom 1\nD records\n", "", "\n", "data <<x\n", "é" * 10_000]
)
def test_a_message_that_looks_like_commands_is_a_message(
    register: Repository, message: str
) -> None:
    occasion = Occasion(message, "party-one", OCCASION.when)
    new = commit(register, SUBMIT, register.head(), {"a": b"x"}, occasion)
    raw = git(register.root, "cat-file", "commit", new).stdout.decode()
    assert raw.partition("\n\n")[2] == message


@pytest.mark.parametrize(
    ("message", "party"),
    [("a\0b", "party-one"), ("a\udcff", "party-one"), ("a", "x> 0 +0000\nfrom"), ("a", "A Person")],
)
def test_a_commit_that_cannot_be_written_truly_is_refused(
    register: Repository, message: str, party: str
) -> None:
    with pytest.raises(GitError):
        commit(
            register, SUBMIT, register.head(), {"a": b"x"}, Occasion(message, party, OCCASION.when)
        )
