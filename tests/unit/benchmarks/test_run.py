"""The command that runs the benchmarks: what was measured is kept, whatever fails after it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import others, run
from benchmarks.measuring import Figure

_BEFORE = Figure("before it", "1 s", "none")
_AFTER = Figure("after it", "2 s", "none")


def _broken(records: int) -> Iterator[Figure]:
    yield _BEFORE
    raise SystemExit(f"of {records} records: exit 2")


def test_what_fails_takes_nothing_of_the_rest_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "WORK", tmp_path)
    monkeypatch.setattr(run, "BENCHMARKS", {"broken": _broken, "whole": lambda _: [_AFTER]})
    monkeypatch.setattr(others, "versions", lambda: "one 1.0")
    monkeypatch.setattr(sys, "argv", ["run", "--records", "7"])
    with pytest.raises(SystemExit, match="failed: broken"):
        run.main()
    kept = (tmp_path / "table-7.md").read_text()
    assert str(_BEFORE) in kept
    assert str(_AFTER) in kept
    told = capsys.readouterr()
    assert kept in told.out
    assert "broken failed: of 7 records: exit 2" in told.err
