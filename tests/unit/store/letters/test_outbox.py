"""Drafts in a folder, and one run at a time that sends."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.store.letters.outbox import alone, write_drafts

NAME = "manufacturer-maker-one-0123abcd.eml"
LATER = "manufacturer-maker-one-4567abcd.eml"


def test_of_two_runs_at_once_one_sends(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(CannotRun, match="another run"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_a_draft_of_an_earlier_run_goes_from_the_clones_own_folder_and_nothing_else(
    tmp_path: Path,
) -> None:
    write_drafts(tmp_path, {NAME: b"one"}, is_own=True)
    (tmp_path / "a letter of mine.eml").write_bytes(b"mine")
    assert write_drafts(tmp_path, {LATER: b"two"}, is_own=True) == [tmp_path / LATER]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a letter of mine.eml", LATER]
    assert (tmp_path / LATER).read_bytes() == b"two"


def test_in_a_folder_that_was_named_everything_stays(tmp_path: Path) -> None:
    write_drafts(tmp_path, {NAME: b"one"}, is_own=False)
    write_drafts(tmp_path, {LATER: b"two"}, is_own=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME, LATER]
