"""A folder made in units: what changed is written, and the outcome is that of a fresh build."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.store.building import Built, Edition, build, counted
from defectreg.store.checksums import to_sums
from defectreg.store.files import FileProblem
from defectreg.store.manifest import Unit

MARK = "A publication for tests."
Texts = Mapping[str, str]


def edition(texts: Texts, made: list[str] | None = None) -> Edition:
    """An edition with a unit for each text: ``a`` makes records/a.html and records/a.json."""

    def make(unit: Unit) -> Iterator[tuple[str, bytes]]:
        if made is not None:
            made.append(unit.name)
        yield f"records/{unit.name}.html", f"page of {texts[unit.name]}".encode()
        yield f"records/{unit.name}.json", f"data of {texts[unit.name]}".encode()

    def last(sums: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
        yield "SHA256SUMS", to_sums((MARK,), sums).encode()

    return Edition([Unit(name, text) for name, text in texts.items()], make, last, MARK)


def held(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "site" / "public"


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    return tmp_path / "own" / "manifest.sqlite"


def fresh(tmp_path: Path, texts: Texts) -> dict[str, bytes]:
    """What a build makes where nothing was."""
    target = tmp_path / f"fresh-{len(list(tmp_path.iterdir()))}"
    build(target, edition(texts), tmp_path / "none.sqlite", processes=1)
    (tmp_path / "none.sqlite").unlink()
    return held(target)


ONE = {"a": "1", "b": "2", "c": "3"}
TWO = {"a": "1", "b": "changed", "d": "4"}


def test_only_what_has_another_key_is_made_and_only_what_differs_is_written(
    target: Path, manifest: Path, tmp_path: Path
) -> None:
    assert build(target, edition(ONE), manifest, processes=1) == Built(7, 7)
    kept = (target / "records" / "a.html").stat().st_ino
    made: list[str] = []
    assert build(target, edition(TWO, made), manifest, processes=1) == Built(7, 5)
    assert made == ["b", "d"]
    assert (target / "records" / "a.html").stat().st_ino == kept
    assert held(target) == fresh(tmp_path, TWO)
    assert list(target.parent.iterdir()) == [target]


def test_nothing_is_written_where_nothing_changed(target: Path, manifest: Path) -> None:
    build(target, edition(ONE), manifest, processes=1)
    made: list[str] = []
    assert build(target, edition(ONE, made), manifest, processes=1) == Built(7, 0)
    assert made == []


def test_the_files_are_the_same_whatever_the_number_of_processes(
    target: Path, manifest: Path, tmp_path: Path
) -> None:
    texts = {f"n{number}": str(number) for number in range(300)}
    assert build(target, edition(texts), manifest, processes=3) == Built(601, 601)
    assert held(target) == fresh(tmp_path, texts)
    assert counted(edition(texts), processes=3).files == 601


@pytest.mark.parametrize("name", ["records/a.html", "SHA256SUMS"])
def test_a_folder_that_was_touched_is_made_anew(
    target: Path, manifest: Path, tmp_path: Path, name: str
) -> None:
    build(target, edition(ONE), manifest, processes=1)
    (target / name).touch()
    (target / "records" / "a.html").write_text("another's")
    made: list[str] = []
    build(target, edition(ONE, made), manifest, processes=1)
    assert made == list(ONE)
    assert held(target) == fresh(tmp_path, ONE)


@pytest.mark.parametrize("damage", [b"", b"not a database", b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_manifest_says_nothing(
    target: Path, manifest: Path, tmp_path: Path, damage: bytes
) -> None:
    build(target, edition(ONE), manifest, processes=1)
    manifest.write_bytes(damage)
    build(target, edition(TWO), manifest, processes=1)
    assert held(target) == fresh(tmp_path, TWO)
    made: list[str] = []
    build(target, edition(TWO, made), manifest, processes=1)
    assert made == []


def test_the_manifest_of_another_folder_says_nothing(
    target: Path, manifest: Path, tmp_path: Path
) -> None:
    build(target, edition(ONE), manifest, processes=1)
    other = target.with_name("other")
    build(other, edition(ONE), manifest, processes=1)
    assert held(other) == held(target) == fresh(tmp_path, ONE)


def test_what_fails_leaves_the_old_edition_whole(target: Path, manifest: Path) -> None:
    build(target, edition(ONE), manifest, processes=1)
    before = held(target)
    broken = edition(TWO)

    def make(unit: Unit) -> Iterator[tuple[str, bytes]]:
        yield from broken.make(unit)
        if unit.name == "d":
            raise CannotRun("wrong")

    with pytest.raises(CannotRun, match="wrong"):
        build(target, Edition(broken.units, make, broken.last, MARK), manifest, processes=1)
    assert held(target) == before
    assert list(target.parent.iterdir()) == [target]


def test_what_is_wrong_in_another_process_is_said_here(target: Path, manifest: Path) -> None:
    def make(unit: Unit) -> Iterator[tuple[str, bytes]]:
        yield f"{unit.name}.html", b"half"
        if unit.key:
            raise CannotRun("wrong there", "mend it")

    units = [Unit(f"n{number}", str(number)) for number in range(200)]
    with pytest.raises(CannotRun, match="wrong there") as caught:
        build(target, Edition(units, make, edition({}).last, MARK), manifest, processes=2)
    assert caught.value.hint == "mend it"
    assert not target.exists()


@pytest.mark.parametrize("second", ["records/a.html", "records/b.json"])
def test_a_path_that_two_units_make_is_refused(target: Path, manifest: Path, second: str) -> None:
    plain = edition(ONE)

    def make(unit: Unit) -> Iterator[tuple[str, bytes]]:
        yield from plain.make(unit)
        if unit.name == "c":
            yield second, b"again"

    with pytest.raises(CannotRun, match=f"make {second}"):
        build(target, Edition(plain.units, make, plain.last, MARK), manifest, processes=1)


@pytest.mark.parametrize("name", ["../evil.html", "/tmp/evil.html"])
def test_no_file_is_written_outside_the_folder(target: Path, manifest: Path, name: str) -> None:
    def make(unit: Unit) -> Iterator[tuple[str, bytes]]:
        yield name, b""

    wrong = Edition([Unit("a", "1")], make, edition({}).last, MARK)
    with pytest.raises(FileProblem, match="leads out of the publication"):
        build(target, wrong, manifest, processes=1)


def test_a_journal_that_lies_beside_the_folder_is_not_believed(
    target: Path, manifest: Path, tmp_path: Path
) -> None:
    """A commit may bring both: the folder with a link in it, and what looks like a journal."""
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "profile").write_text("theirs")
    (victim / "precious").write_text("theirs")
    target.mkdir(parents=True)
    (target / "l").symlink_to(victim)
    (target / "SHA256SUMS").write_text(to_sums((MARK,), {"l": "0" * 64}))
    beside = target.with_name(".public.next")
    (beside / "l").mkdir(parents=True)
    (beside / "l" / "profile").write_text("evil")
    (beside / ".journal").write_text('{"came": ["l/profile"], "gone": ["l/precious"]}')
    build(target, edition(ONE), manifest, processes=1)
    assert held(victim) == {"profile": b"theirs", "precious": b"theirs"}
    assert held(beside)["l/profile"] == b"evil"
    assert held(target) == fresh(tmp_path, ONE)


def test_a_folder_that_can_have_none_beside_it_is_refused(manifest: Path) -> None:
    with pytest.raises(FileProblem, match="/ can be no publication"):
        build(Path("/"), edition(ONE), manifest, processes=1)


_KILLED = """
import os, signal, sys
from pathlib import Path
from defectreg.store.building import build
from tests.unit.store.test_building import ONE, TWO, edition
left = int(sys.argv[3])
plain = Path.replace
def counting(path, to):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return plain(path, to)
Path.replace = counting
build(Path(sys.argv[1]), edition(TWO), Path(sys.argv[2]), processes=1)
"""


@pytest.mark.parametrize("renames", range(9))
def test_what_a_run_killed_between_two_renames_began_is_finished_or_undone_by_the_next(
    target: Path, manifest: Path, tmp_path: Path, renames: int
) -> None:
    build(target, edition(ONE), manifest, processes=1)
    root = Path(__file__).parents[3]
    words = [sys.executable, "-c", _KILLED, str(target), str(manifest), str(renames)]
    killed = subprocess.run(words, cwd=root, env={**os.environ, "PYTHONPATH": str(root)},
                            capture_output=True, check=False)  # fmt: skip
    assert killed.returncode == (-9 if renames < 8 else 0), killed.stderr
    build(target, edition(TWO), manifest, processes=1)
    assert held(target) == fresh(tmp_path, TWO)
    assert list(target.parent.iterdir()) == [target]
    assert list(manifest.parent.iterdir()) == [manifest]
