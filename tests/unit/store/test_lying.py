from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.store.lying import Lying
from defectreg.store.sources import WorkTreeSource

FILES = ("records/AA/a.yaml", "records/AA/a/b.yaml", "records/AA/a/.git/HEAD", "records/c.yaml")


@pytest.fixture
def lying(tmp_path: Path) -> Lying:
    for path in FILES:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"a\n")
    (tmp_path / "records" / "BB").symlink_to("AA")
    (tmp_path / "records" / "gone").symlink_to("nowhere")
    return Lying(WorkTreeSource(tmp_path))


@pytest.mark.parametrize(
    ("path", "is_there"),
    [
        ("records/AA/a.yaml", True),
        ("records/BB", True),
        ("records/gone", True),
        ("records/AA/a", False),
        ("records/AA/other.yaml", False),
        ("records/BB/a.yaml", False),
        ("records/c.yaml/a.yaml", False),
        ("records/AA/a/.git", False),
        ("policy/register.yaml", False),
    ],
)
def test_a_file_is_there_where_a_walk_finds_it(lying: Lying, path: str, is_there: bool) -> None:
    assert lying.has_file(path) is is_there
    assert (path in lying.source.paths("records")) is is_there


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        ("records/AA/a/", ["records/AA/a/b.yaml"]),
        ("records/AA", ["records/AA/a.yaml", "records/AA/a/b.yaml"]),
        ("records/BB/", []),
        ("records/none/", []),
        ("records/c.yaml/", []),
    ],
)
def test_below_a_folder_is_what_a_walk_finds_there(
    lying: Lying, folder: str, found: list[str]
) -> None:
    assert list(lying.below(folder)) == found
