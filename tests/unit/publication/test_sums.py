"""Lists of checksums: every file is in one list, and one entry touches one."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from defectreg.publication.sums import shard_of, sums_files
from defectreg.register.public import DISCLAIMER
from defectreg.store.checksums import names_in, remarks_in

REMARKS = ("mark", "disclaimer", "commit c")
FILES = {
    "index.html": b"front",
    "all/7K.json": b"shard",
    "all/index.json": b"index",
    "records/DR-7K3Q-X4MB.html": b"page",
    "records/DR-7K3Q-X4MB.json": b"json",
    "csaf/dr-7k3q-x4mb.json": b"advisory",
    "records/DR-2222-2222.html": b"tombstone",
}


def lists(files: dict[str, bytes]) -> dict[str, str]:
    sums = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    return {path: data.decode() for path, data in sums_files(sums, REMARKS)}


@pytest.mark.parametrize(
    ("path", "shard"),
    [
        ("records/DR-7K3Q-X4MB.html", "7K"),
        ("csaf/dr-7k3q-x4mb.json", "7K"),
        ("all/7K.csv", "7K"),
        ("sitemaps/7K.xml", "7K"),
        ("all/all.csv", ""),
        ("all/7.csv", ""),
        ("all/index.json", ""),
        ("index.html", ""),
        ("check/7K.json", ""),
    ],
)
def test_a_file_of_an_entry_or_shard_belongs_to_the_list_of_its_first_symbols(
    path: str, shard: str
) -> None:
    assert shard_of(path) == shard


def test_every_file_stands_in_one_list_and_the_first_list_names_the_others() -> None:
    made = lists(FILES)
    assert list(made) == ["sums/22.txt", "sums/7K.txt", "SHA256SUMS"]
    assert names_in(made["SHA256SUMS"]) == {
        "index.html",
        "all/index.json",
        "sums/22.txt",
        "sums/7K.txt",
    }
    listed = [name for text in made.values() for name in names_in(text)]
    assert sorted(listed) == sorted([*FILES, "sums/22.txt", "sums/7K.txt"])


def test_a_change_of_one_entry_changes_its_list_and_the_first() -> None:
    before, after = lists(FILES), lists({**FILES, "records/DR-7K3Q-X4MB.json": b"other"})
    assert [path for path in before if before[path] != after[path]] == ["sums/7K.txt", "SHA256SUMS"]


def test_only_the_first_list_bears_the_remarks_and_each_the_disclaimer() -> None:
    made = lists(FILES)
    assert tuple(remarks_in(made["SHA256SUMS"])) == REMARKS
    assert remarks_in(made["sums/7K.txt"]) == [DISCLAIMER]


def test_sha256sum_checks_each_list_from_the_top_of_the_site(tmp_path: Path) -> None:
    made = lists(FILES)
    for path, data in {**FILES, **{name: text.encode() for name, text in made.items()}}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    assert shutil.which("sha256sum")
    command = ["sha256sum", "--check", "--strict", "--quiet", *made]
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    (tmp_path / "csaf" / "dr-7k3q-x4mb.json").write_bytes(b"changed")
    answer = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert answer.returncode == 1
    assert "csaf/dr-7k3q-x4mb.json: FAILED" in answer.stdout
