from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from defectreg.store.files import (
    LONGEST,
    FileProblem,
    draft,
    packaged,
    read_bounded,
    write_atomically,
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


class TestWriting:
    def test_a_file_is_written_and_its_folders_with_it(self, tmp_path: Path) -> None:
        path = tmp_path / "records" / "7K" / "a.yaml"
        write_atomically(path, b"a\n")
        assert path.read_bytes() == b"a\n"
        assert [entry.name for entry in path.parent.iterdir()] == ["a.yaml"]

    def test_a_new_file_is_readable_as_any_other(self, tmp_path: Path) -> None:
        (tmp_path / "other").write_bytes(b"")
        write_atomically(tmp_path / "a", b"")
        assert mode(tmp_path / "a") == mode(tmp_path / "other")

    def test_a_file_keeps_its_permissions_and_its_readers_the_old_bytes(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "a"
        path.write_bytes(b"old")
        path.chmod(0o640)
        with path.open("rb") as reader:
            write_atomically(path, b"new")
            assert reader.read() == b"old"
        assert (path.read_bytes(), mode(path)) == (b"new", 0o640)

    def test_a_link_is_replaced_and_what_it_leads_to_is_left(self, tmp_path: Path) -> None:
        (tmp_path / "target").write_bytes(b"theirs")
        (tmp_path / "a").symlink_to("target")
        write_atomically(tmp_path / "a", b"ours")
        assert not (tmp_path / "a").is_symlink()
        assert mode(tmp_path / "a") == mode(tmp_path / "target")
        assert (tmp_path / "target").read_bytes() == b"theirs"

    def test_the_longest_name_is_written(self, tmp_path: Path) -> None:
        write_atomically(tmp_path / ("a" * 255), b"a")
        assert (tmp_path / ("a" * 255)).read_bytes() == b"a"

    def test_a_failure_leaves_the_old_file_and_nothing_else(self, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        (tmp_path / "file").write_bytes(b"old")
        for path in (tmp_path / "folder", tmp_path / "file" / "below"):
            with pytest.raises(FileProblem, match="cannot be written"):
                write_atomically(path, b"new")
        assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "folder"]
        assert (tmp_path / "file").read_bytes() == b"old"


class TestReading:
    def test_a_file_is_read_to_its_end(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"x" * LONGEST)
        assert read_bounded(tmp_path / "a") == b"x" * LONGEST

    def test_of_a_longer_file_one_byte_too_many_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"x" * 3 * LONGEST)
        assert len(read_bounded(tmp_path / "a")) == LONGEST + 1
        assert read_bounded(tmp_path / "a", 7) == b"x" * 7

    @pytest.mark.parametrize("kind", ["link", "dangling", "folder", "pipe", "device", "missing"])
    def test_what_is_no_file_is_refused_at_once(self, tmp_path: Path, kind: str) -> None:
        (tmp_path / "file").write_bytes(b"x")
        (tmp_path / "folder").mkdir()
        (tmp_path / "link").symlink_to("file")
        (tmp_path / "dangling").symlink_to("nowhere")
        os.mkfifo(tmp_path / "pipe")
        path = Path("/dev/zero") if kind == "device" else tmp_path / kind
        with pytest.raises(FileProblem) as refusal:
            read_bounded(path)
        expected = {
            "link": "is a symbolic link, not a file",
            "dangling": "is a symbolic link, not a file",
            "missing": "cannot be read: No such file or directory",
        }
        assert str(refusal.value) == f"{path} {expected.get(kind, 'is not a regular file')}"
        assert read_bounded(tmp_path / "file") == b"x"

    def test_a_name_that_no_file_has_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(FileProblem, match="no file has such a name"):
            read_bounded(tmp_path / "a\0b")


class TestDraft:
    def test_what_was_typed_is_kept_for_its_author_alone(self, tmp_path: Path) -> None:
        path = draft(tmp_path / "drafts", "DR-7K3Q-X4MB.yaml", "title: é\n")
        assert path == tmp_path / "drafts" / "DR-7K3Q-X4MB.yaml"
        assert path.read_text(encoding="utf-8") == "title: é\n"
        assert (mode(path), mode(path.parent)) == (0o600, 0o700)

    def test_nothing_is_ever_overwritten(self, tmp_path: Path) -> None:
        (tmp_path / "a-2.yaml").symlink_to("nowhere")
        paths = [draft(tmp_path, "a.yaml", str(number)) for number in range(3)]
        assert [path.name for path in paths] == ["a.yaml", "a-3.yaml", "a-4.yaml"]
        assert [path.read_text() for path in paths] == ["0", "1", "2"]
        assert not (tmp_path / "nowhere").exists()

    def test_a_name_leads_into_no_other_folder(self, tmp_path: Path) -> None:
        for name in ("../../a.yaml", "/a.yaml", "b/a.yaml"):
            assert draft(tmp_path / "drafts", name, "x").parent == tmp_path / "drafts"
        for name in ("", "..", "/"):
            assert draft(tmp_path / "drafts", name, "x").parent == tmp_path / "drafts"

    def test_text_that_is_no_unicode_is_kept_too(self, tmp_path: Path) -> None:
        assert draft(tmp_path, "a", "a\udcff").read_bytes() == b"a\\udcff"

    def test_where_nothing_can_be_kept_it_says_so(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(FileProblem, match="nothing can be kept in"):
            draft(tmp_path / "file", "a", "x")


def test_what_came_with_the_program_is_found() -> None:
    folder = packaged("schema")
    assert folder.name == "schema"
    assert folder.is_dir()
