"""What a run noted of a folder is finished or undone, and only in that folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from defectreg.store.checksums import to_sums
from defectreg.store.files import FileProblem
from defectreg.store.journal import Journal

MARK = "A publication for tests."
FRESH = ".public.0123456789ab.next"


def first_list(word: str) -> str:
    return to_sums((MARK, word), {})


@pytest.fixture
def target(tmp_path: Path) -> Path:
    target = tmp_path / "public"
    target.mkdir()
    (target / "old").write_text("old")
    (target / "SHA256SUMS").write_text(first_list("before"))
    return target


@pytest.fixture
def journal(tmp_path: Path, target: Path) -> Journal:
    return Journal(tmp_path / "own" / "public.journal", target)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def left(journal: Journal, *came: str, gone: Sequence[str] = ("old",), **changes: Any) -> Path:
    """What a run leaves that was killed before it moved the first file."""
    fresh = journal.target.with_name(FRESH)
    fresh.mkdir()
    for name in came:
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh / name).write_text("new")
    (fresh / "SHA256SUMS").write_text(first_list("after"))
    note = {
        "target": str(journal.target),
        "fresh": FRESH,
        "came": [*came, "SHA256SUMS"],
        "gone": gone,
        "lists": [sha256(first_list(word).encode()).hexdigest() for word in ("before", "after")],
    }
    journal.file.parent.mkdir(exist_ok=True)
    journal.file.write_text(json.dumps(note | changes))
    return fresh


def test_files_come_and_go_and_nothing_is_left(journal: Journal, target: Path) -> None:
    with journal.fresh() as fresh:
        (fresh / "a").mkdir()
        (fresh / "a" / "new").write_text("new")
        assert journal.moved_in(fresh, ["old"]) == 1
    assert names(target) == ["SHA256SUMS", "a", "a/new"]
    assert names(target.parent) == ["own", "public", *(f"public/{name}" for name in names(target))]


def test_what_was_left_is_finished(journal: Journal, target: Path) -> None:
    fresh = left(journal, "a/new")
    journal.finish(MARK)
    assert names(target) == ["SHA256SUMS", "a", "a/new"]
    assert (target / "SHA256SUMS").read_text() == first_list("after")
    assert not fresh.exists()
    assert not journal.file.exists()


def test_where_files_cannot_be_moved_now_the_next_run_does_it(
    journal: Journal, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run() -> None:
        with journal.fresh() as fresh:
            (fresh / "new").write_text("new")
            journal.moved_in(fresh, ["old"])

    def failing(*_: object, **__: object) -> None:
        raise OSError("not now")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", failing)
        with pytest.raises(OSError, match="not now"):
            run()
    (fresh,) = target.parent.glob(".public.*.next")
    journal.finish(MARK)
    assert names(target) == ["SHA256SUMS", "new"]
    assert not fresh.exists()


def test_where_nothing_was_left_nothing_is_done(journal: Journal, target: Path) -> None:
    journal.finish(MARK)
    assert names(target) == ["SHA256SUMS", "old"]


@pytest.mark.parametrize("text", [first_list("another's"), to_sums(("words",), {}), ""])
def test_a_folder_that_another_run_wrote_since_is_left_as_it_is(
    journal: Journal, target: Path, text: str
) -> None:
    fresh = left(journal, "new")
    (target / "SHA256SUMS").write_text(text)
    journal.finish(MARK)
    assert names(target) == ["SHA256SUMS", "old"]
    assert not fresh.exists()
    assert not journal.file.exists()


@pytest.mark.parametrize(
    ("came", "gone"), [(["l/profile"], []), ([], ["l/precious"]), (["../profile"], [])]
)
def test_no_file_outside_the_folder_is_replaced_or_removed(
    journal: Journal, target: Path, came: list[str], gone: list[str]
) -> None:
    victim = target.with_name("victim")
    victim.mkdir()
    (victim / "profile").write_text("theirs")
    (victim / "precious").write_text("theirs")
    (target / "l").symlink_to(victim)
    left(journal, "l/profile", came=came, gone=gone)
    with pytest.raises(FileProblem, match="leads out of the publication"):
        journal.finish(MARK)
    assert {path.read_text() for path in victim.iterdir()} == {"theirs"}
    assert len(list(victim.iterdir())) == 2


def test_a_fresh_folder_that_became_a_link_is_not_followed(journal: Journal, target: Path) -> None:
    fresh = left(journal, "new")
    fresh.rename(target.with_name("elsewhere"))
    fresh.symlink_to(target.with_name("elsewhere"))
    with pytest.raises(FileProblem, match="leads out of the publication"):
        journal.finish(MARK)
    assert names(target) == ["SHA256SUMS", "old"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", "[" * 100_000, "\xff", '{"target": "t", "fresh": 1, "more": 2}'],
)
def test_a_journal_that_cannot_be_read_is_said(journal: Journal, text: str) -> None:
    journal.file.parent.mkdir()
    journal.file.write_text(text, "latin-1")
    with pytest.raises(FileProblem, match=r"noted in .* cannot be read"):
        journal.finish(MARK)


@pytest.mark.parametrize(
    "changes",
    [
        {"target": "/elsewhere"},
        {"fresh": "victim"},
        {"fresh": "../.public.0123456789ab.next"},
        {"fresh": ".other.0123456789ab.next"},
        {"fresh": 7},
        {"came": "new"},
        {"came": [1]},
        {"gone": ["a\0b"]},
        {"lists": None},
    ],
)
def test_a_journal_of_something_else_is_said(
    journal: Journal, target: Path, changes: dict[str, Any]
) -> None:
    left(journal, "new", **changes)
    with pytest.raises(FileProblem, match=r"noted in .* cannot be read"):
        journal.finish(MARK)
    assert names(target) == ["SHA256SUMS", "old"]


def test_an_old_folder_that_was_put_aside_is_put_back(journal: Journal, target: Path) -> None:
    left(journal, came=[], gone=[], lists=[])
    target.rename(target.with_name(f"{FRESH}.last"))
    journal.finish(MARK)
    assert names(target) == ["SHA256SUMS", "old"]
    assert not target.with_name(f"{FRESH}.last").exists()


def test_an_old_folder_that_stayed_aside_goes(journal: Journal, target: Path) -> None:
    left(journal, came=[], gone=[], lists=[])
    target.with_name(f"{FRESH}.last").mkdir()
    journal.finish(MARK)
    assert names(target.parent) == ["own", "public", "public/SHA256SUMS", "public/old"]
