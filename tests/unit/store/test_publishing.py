"""A folder replaced whole: what was there stays until the new one is complete."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from defectreg.store import publishing
from defectreg.store.checksums import to_sums
from defectreg.store.files import FileProblem
from defectreg.store.publishing import replace_folder, site_templates
from tests.registers import TestRegister, make_register

MARK = "A publication for tests."
ONE = {"index.html": b"one", "records/a.html": b"a"}
TWO = {"index.html": b"two", "records/b.html": b"b"}


def edition(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    yield from files.items()
    yield "SHA256SUMS", to_sums((MARK,), dict.fromkeys(files, "0" * 64)).encode()


def held(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "site" / "public"


def test_files_are_written_where_nothing_was_and_counted(target: Path) -> None:
    assert replace_folder(target, edition(ONE), MARK) == 3
    assert held(target) == ONE


def test_an_empty_folder_is_taken(target: Path) -> None:
    target.mkdir(parents=True)
    replace_folder(target, edition(ONE), MARK)
    assert held(target) == ONE


def test_a_publication_is_replaced_whole_and_nothing_is_left_beside_it(target: Path) -> None:
    replace_folder(target, edition(ONE), MARK)
    replace_folder(target, edition(TWO), MARK)
    assert held(target) == TWO
    assert list(target.parent.iterdir()) == [target]


def test_where_folders_cannot_be_exchanged_the_outcome_is_the_same(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_exchanged", lambda one, other: False)
    replace_folder(target, edition(ONE), MARK)
    replace_folder(target, edition(TWO), MARK)
    assert held(target) == TWO
    assert list(target.parent.iterdir()) == [target]


def test_the_old_folder_stands_whole_while_the_new_one_is_made(target: Path) -> None:
    replace_folder(target, edition(ONE), MARK)

    def watched() -> Iterator[tuple[str, bytes]]:
        for file in edition(TWO):
            assert held(target) == ONE
            yield file

    replace_folder(target, watched(), MARK)
    assert held(target) == TWO


def test_a_build_that_fails_leaves_the_old_folder_and_no_rest(target: Path) -> None:
    replace_folder(target, edition(ONE), MARK)

    def broken() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"half"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        replace_folder(target, broken(), MARK)
    assert held(target) == ONE
    assert list(target.parent.iterdir()) == [target]


def test_a_run_killed_in_the_middle_leaves_the_old_folder_and_the_next_one_succeeds(
    target: Path, repository: Path
) -> None:
    replace_folder(target, edition(ONE), MARK)
    question = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from defectreg.store.publishing import replace_folder\n"
        "def files():\n"
        "    yield 'index.html', b'half'\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        f"replace_folder(Path(sys.argv[1]), files(), {MARK!r})\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", question, str(target)], cwd=repository, check=False
    )
    assert killed.returncode == -9
    assert held(target) == ONE
    replace_folder(target, edition(TWO), MARK)
    assert held(target) == TWO


@pytest.mark.parametrize("name", [".public.next", ".public.last"])
def test_a_folder_of_somebody_else_beside_the_target_is_left_alone(target: Path, name: str) -> None:
    replace_folder(target, edition(ONE), MARK)
    other = target.with_name(name)
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publishing, "_exchanged", lambda one, other: False)
        replace_folder(target, edition(TWO), MARK)
    assert held(other) == {"thesis.txt": b"years of work"}


def test_a_folder_that_can_have_none_beside_it_is_refused() -> None:
    with pytest.raises(FileProblem, match="/ can be no publication"):
        replace_folder(Path("/"), edition(ONE), MARK)


def test_a_folder_with_something_else_is_left_alone(target: Path) -> None:
    target.mkdir(parents=True)
    (target / "thesis.txt").write_text("years of work")
    with pytest.raises(FileProblem, match="is not empty and no publication"):
        replace_folder(target, edition(ONE), MARK)
    assert held(target) == {"thesis.txt": b"years of work"}


def test_a_list_of_checksums_of_something_else_is_no_publication(target: Path) -> None:
    target.mkdir(parents=True)
    (target / "SHA256SUMS").write_text(f"{'0' * 64}  thesis.txt\n")
    with pytest.raises(FileProblem, match="is not empty and no publication"):
        replace_folder(target, edition(ONE), MARK)


def test_a_publication_to_which_somebody_added_a_file_is_left_alone(target: Path) -> None:
    replace_folder(target, edition(ONE), MARK)
    (target / "records" / "notes.txt").write_text("mine")
    with pytest.raises(FileProblem, match=r"no publication wrote: 'records/notes\.txt'"):
        replace_folder(target, edition(TWO), MARK)
    assert (target / "records" / "notes.txt").read_text() == "mine"


def test_a_file_in_the_way_is_left_alone(target: Path) -> None:
    target.parent.mkdir()
    target.write_text("a file")
    with pytest.raises(FileProblem, match="is not a folder"):
        replace_folder(target, edition(ONE), MARK)
    assert target.read_text() == "a file"


def test_two_runs_do_not_write_into_one_place(target: Path) -> None:
    def second() -> Iterator[tuple[str, bytes]]:
        with pytest.raises(FileProblem, match="another run is publishing"):
            replace_folder(target, edition(TWO), MARK)
        yield from edition(ONE)

    replace_folder(target, second(), MARK)
    assert held(target) == ONE


@pytest.mark.parametrize("name", ["../evil.html", "/tmp/evil.html", "records/../../evil.html"])
def test_no_file_is_written_outside_the_folder(target: Path, name: str) -> None:
    with pytest.raises(FileProblem, match="leads out of the publication"):
        replace_folder(target, [(name, b"")], MARK)
    assert not target.exists()


def test_a_link_to_a_folder_stays_a_link(target: Path, tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    target.parent.mkdir()
    target.symlink_to(real)
    replace_folder(target, edition(ONE), MARK)
    assert target.is_symlink()
    assert held(real) == ONE


def test_a_place_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file where a folder should be")
    with pytest.raises(FileProblem, match="cannot be written"):
        replace_folder(tmp_path / "file" / "public", edition(ONE), MARK)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    return make_register(tmp_path_factory.mktemp("register") / "made", signs=False)


def test_a_registers_own_template_goes_before_the_programs(made: TestRegister) -> None:
    made.commit({"templates/site/about.html": b"our own"})
    templates = site_templates(made.register().head_source)
    assert templates["about.html"] == "our own"
    assert "<!doctype html>" in templates["base.html"]


def test_a_template_that_is_not_text_is_named(made: TestRegister) -> None:
    made.commit({"templates/site/about.html": b"\xff"})
    with pytest.raises(FileProblem, match=r"templates/site/about\.html is not UTF-8"):
        site_templates(made.register().head_source)
