"""Where an import keeps what never enters git."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.register.errors import UsageProblem
from defectreg.store.files import FileProblem
from defectreg.store.intake.outside import alone_at, open_outside


def test_files_lie_beside_the_column_map_and_bear_its_name(tmp_path: Path) -> None:
    outside = open_outside(tmp_path / "desk" / "dsms.yaml", tmp_path / "week.csv")
    assert outside.incidents == tmp_path.resolve() / "desk" / "dsms.incidents.csv"
    assert outside.receipt("2026-11-22", "ab" * 20).name == "2026-11-22-abababababab.json"


def test_without_a_map_they_lie_beside_the_file_whatever_it_is_called(tmp_path: Path) -> None:
    names = {open_outside(None, tmp_path / name).incidents.name for name in ("one.csv", "two.csv")}
    assert names == {"reports.incidents.csv"}


def test_nothing_is_kept_in_a_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(UsageProblem, match="would lie in the git repository"):
        open_outside(tmp_path / "desk" / "columns.yaml", tmp_path / "week.csv")


def test_two_runs_do_not_import_at_once(tmp_path: Path) -> None:
    outside = open_outside(None, tmp_path / "week.csv")
    with (
        alone_at(outside),
        pytest.raises(FileProblem, match="another run is importing"),
        alone_at(outside),
    ):
        pass
    with alone_at(outside):
        pass
