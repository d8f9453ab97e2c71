"""What a publication was made of, as it is remembered: or nothing where that is not sure."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from defectreg.store.manifest import Manifest, Unit

UNITS = [Unit("a", "1"), Unit("b", "2"), Unit("whole", "")]
MADE = {"a": {"a.html": "0" * 64}, "b": {"b.html": "1" * 64}, "whole": {"index.html": "2" * 64}}
LAST = {"SHA256SUMS": "3" * 64}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    target = tmp_path / "public"
    (target / "records").mkdir(parents=True)
    (target / "records" / "a.html").write_text("a")
    return target


@pytest.fixture
def file(tmp_path: Path, target: Path) -> Path:
    file = tmp_path / "own" / "manifest.sqlite"
    Manifest.read(file, target).write(target, UNITS, MADE, LAST)
    return file


def test_what_was_noted_is_read_back(file: Path, target: Path) -> None:
    manifest = Manifest.read(file, target)
    assert manifest.sums == {**MADE["a"], **MADE["b"], **MADE["whole"], **LAST}


@pytest.mark.parametrize("unit", [Unit("a", "2"), Unit("whole", ""), Unit("none", "1")])
def test_a_unit_with_another_key_or_none_is_made_again(
    file: Path, target: Path, unit: Unit
) -> None:
    assert Manifest.read(file, target).missing([UNITS[0], unit, UNITS[1]]) == [unit]


def test_what_stays_is_what_is_neither_missing_nor_gone(file: Path, target: Path) -> None:
    manifest = Manifest.read(file, target)
    assert manifest.staying(UNITS, UNITS[2:]) == {**MADE["a"], **MADE["b"]}
    assert manifest.staying(UNITS[1:], UNITS[2:]) == MADE["b"]


def test_units_that_are_made_no_longer_are_forgotten(file: Path, target: Path) -> None:
    Manifest.read(file, target).write(target, UNITS[:1], {}, LAST)
    assert Manifest.read(file, target).sums == {**MADE["a"], **LAST}


@pytest.mark.parametrize("touch", ["changed", "added", "removed", "rights"])
def test_a_folder_that_was_touched_since_is_not_known(file: Path, target: Path, touch: str) -> None:
    page = target / "records" / "a.html"
    if touch == "changed":
        page.write_text("b")
    elif touch == "added":
        (target / "records" / "more.html").write_text("more")
    elif touch == "removed":
        page.unlink()
    else:
        page.chmod(0o600)
    assert Manifest.read(file, target).sums == {}


def test_a_folder_of_another_name_or_none_is_not_known(file: Path, target: Path) -> None:
    moved = target.rename(target.with_name("moved"))
    assert Manifest.read(file, moved).sums == {}
    assert Manifest.read(file, target).sums == {}


def test_a_manifest_of_another_format_says_nothing(file: Path, target: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE state SET value = '0' WHERE key = 'format'")
        connection.commit()
    assert Manifest.read(file, target).sums == {}


def test_where_nothing_can_be_noted_nothing_is_said(tmp_path: Path, target: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    manifest = Manifest.read(tmp_path / "taken" / "manifest.sqlite", target)
    manifest.write(target, UNITS, MADE, LAST)
    assert Manifest.read(tmp_path / "taken" / "manifest.sqlite", target).sums == {}
