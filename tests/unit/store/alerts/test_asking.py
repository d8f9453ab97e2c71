"""The kept alerts of a window, and the exposure, as tables of an engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.store.alerts.asking import open_kept
from defectreg.store.inventory.places import Inventory, open_inventory
from tests.alerts import Sent, Stay, day, keep


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    sent = [Sent(1, 1, number) for number in (0, 3, 9, 40)]
    return open_inventory(keep(tmp_path / "i", [Stay(1)], sent), {})


def test_the_days_of_a_window_are_those_that_were_loaded(inventory: Inventory) -> None:
    assert open_kept(inventory, day(1), day(20), 90).days == (day(3), day(9))
    assert open_kept(inventory, None, None, 90).days == (day(0), day(3), day(9), day(40))


def test_without_a_first_day_so_many_before_the_last_are_looked_at(inventory: Inventory) -> None:
    assert open_kept(inventory, None, None, 32).days == (day(9), day(40))
    assert open_kept(inventory, None, day(9), 7).days == (day(3), day(9))


def test_each_file_of_a_day_is_a_table_and_a_line_of_the_view(inventory: Inventory) -> None:
    folder = inventory.folder / "alerts" / f"day={day(3).isoformat()}"
    (folder / "2.parquet").write_bytes((folder / "1.parquet").read_bytes())
    kept = open_kept(inventory, day(3), day(3), 90)
    assert kept.days == (day(3),)
    assert sorted(kept.tables) == ["day_0", "day_1", "exposure"]
    assert kept.views.count("CAST('2026-06-04' AS DATE)") == 2


def test_a_window_without_a_loaded_day_stops_the_run(inventory: Inventory) -> None:
    with pytest.raises(CannotRun, match="no alerts of these days"):
        open_kept(inventory, day(50), None, 90)


def test_alerts_that_were_not_joined_with_the_snapshot_stop_the_run(inventory: Inventory) -> None:
    next((inventory.folder / "alerts" / "exposure").iterdir()).unlink()
    with pytest.raises(CannotRun, match="not yet joined"):
        open_kept(inventory, None, None, 90)
