"""The file of rejects says where and why, and counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.store.inventory.rejects import Rejects


def test_each_reject_is_a_row_and_reasons_are_counted_without_the_place(tmp_path: Path) -> None:
    with Rejects(tmp_path / "made.csv", lambda text: f"'{text}") as rejects:
        rejects.add("=x.csv", "7", "twice", "x.csv, line 2")
        rejects.add("x.csv", "row 8", "twice", "x.csv, line 3")
        rejects.put(tmp_path / "copy.csv")
    assert rejects.reasons == {"twice": 2}
    text = (tmp_path / "copy.csv").read_text()
    assert text == (tmp_path / "made.csv").read_text()
    assert text.splitlines() == [
        '"file","line","reason"',
        '"\'=x.csv","7","\'twice: x.csv, line 2"',
        '"\'x.csv","row 8","\'twice: x.csv, line 3"',
    ]


def test_a_folder_is_not_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    place = tmp_path / "there" / "folder"
    place.mkdir(parents=True)
    with (
        Rejects(tmp_path / "made.csv", str) as rejects,
        pytest.raises(CannotRun, match="cannot be written"),
    ):
        rejects.put(place)
    assert [*place.parent.iterdir()] == [place]


def test_rejects_go_into_no_repository(tmp_path: Path) -> None:
    (tmp_path / "tree" / ".git").mkdir(parents=True)
    with (
        Rejects(tmp_path / "made.csv", str) as rejects,
        pytest.raises(CannotRun, match="in the git repository"),
    ):
        rejects.put(tmp_path / "tree" / "rejects.csv")
