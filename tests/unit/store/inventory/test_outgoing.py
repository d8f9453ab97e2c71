"""Files of Device data that leave the inventory."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.store.inventory.outgoing import outgoing, outgoing_folder


def test_a_file_is_there_at_the_end_for_its_owner_alone(tmp_path: Path) -> None:
    with outgoing(tmp_path / "out.xml") as file:
        file.write(b"whole")
        assert not (tmp_path / "out.xml").exists()
    assert (tmp_path / "out.xml").read_bytes() == b"whole"
    assert (tmp_path / "out.xml").stat().st_mode & 0o777 == 0o600


def test_what_stops_the_writing_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "out.xml").write_bytes(b"before")
    with suppress(KeyError), outgoing(tmp_path / "out.xml") as file:
        file.write(b"half")
        raise KeyError
    assert (tmp_path / "out.xml").read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["out.xml"]


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    missing = outgoing(tmp_path / "missing" / "out.xml")
    with pytest.raises(CannotRun, match="cannot be written: No such file"), missing:
        pass


@pytest.mark.parametrize("name", ["out.xml", "below/out.xml", "link/out.xml"])
def test_no_file_is_written_into_a_git_repository(tmp_path: Path, name: str) -> None:
    repository = tmp_path / "repository"
    (repository / "below").mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", repository], check=True)
    (tmp_path / "link").symlink_to(repository)
    place = tmp_path / name if name.startswith("link") else repository / name
    with pytest.raises(CannotRun, match="is in the git repository"), outgoing(place):
        pass
    assert not place.exists()


def test_a_pipe_is_written_as_it_comes(tmp_path: Path) -> None:
    read_end = subprocess.Popen(["cat", "/dev/stdin"], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE)  # fmt: skip
    assert read_end.stdin is not None
    with outgoing(Path(f"/dev/fd/{read_end.stdin.fileno()}")) as file:
        file.write(b"flows")
    assert read_end.communicate()[0] == b"flows"


def test_a_folder_is_there_at_the_end_with_all_its_files(tmp_path: Path) -> None:
    with outgoing_folder(tmp_path / "to") as folder:
        (folder / "a.xml").write_bytes(b"whole")
        assert not (tmp_path / "to").exists()
    assert (tmp_path / "to" / "a.xml").read_bytes() == b"whole"
    assert (tmp_path / "to").stat().st_mode & 0o777 == 0o700
    assert [path.name for path in tmp_path.iterdir()] == ["to"]


def test_what_stops_the_writing_leaves_no_folder(tmp_path: Path) -> None:
    with suppress(KeyError), outgoing_folder(tmp_path / "to") as folder:
        (folder / "a.xml").write_bytes(b"whole")
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_may_be_there_when_it_is_empty_and_is_refused_when_it_is_not(
    tmp_path: Path,
) -> None:
    (tmp_path / "to").mkdir()
    with outgoing_folder(tmp_path / "to") as folder:
        (folder / "a.xml").write_bytes(b"whole")
    refused = outgoing_folder(tmp_path / "to")
    with pytest.raises(CannotRun, match="may have been sent"), refused:
        pass
    assert (tmp_path / "to" / "a.xml").read_bytes() == b"whole"


def test_no_folder_is_made_for_nothing(tmp_path: Path) -> None:
    with outgoing_folder(tmp_path / "to"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_what_another_writes_is_not(tmp_path: Path) -> None:
    left = tmp_path / ".to.0123456789ab.next"
    left.mkdir()
    (left / "a.xml").write_bytes(b"half")
    with outgoing_folder(tmp_path / "to") as other, outgoing_folder(tmp_path / "to") as folder:
        assert not left.exists()
        assert other.exists()
        (folder / "a.xml").write_bytes(b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["to"]
