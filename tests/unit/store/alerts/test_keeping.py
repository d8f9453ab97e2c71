"""Which files of alerts count: those that are named, and before any was loaded all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun
from defectreg.store.alerts.keeping import (
    Keeping,
    Source,
    clear_left,
    kept_files,
    read_keeping,
    with_sources,
    write_keeping,
)
from defectreg.store.inventory.places import Inventory, open_inventory
from tests.alerts import Sent, Stay, day, keep

SOURCE = Source(1, "ab", "log.csv", "s", 5, 2)


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    folder = keep(tmp_path / "i", [Stay(1)], [Sent(1, 1, 0), Sent(1, 1, 3)])
    return open_inventory(folder, {})


def test_before_anything_was_loaded_every_file_of_a_day_counts(inventory: Inventory) -> None:
    kept = kept_files(inventory)
    assert list(kept) == [day(0), day(3)]
    assert [file.name for file in kept[day(3)]] == ["1.parquet"]
    assert read_keeping(inventory).sources == ()


def test_what_was_written_is_read_and_nothing_beside_it_counts(inventory: Inventory) -> None:
    keeping = Keeping({"2026-06-04": ("1.parquet",)}, (SOURCE,), ("s",))
    write_keeping(inventory, keeping)
    assert read_keeping(inventory) == keeping
    assert list(kept_files(inventory)) == [day(3)]


def test_a_source_that_is_loaded_again_is_there_once() -> None:
    keeping = Keeping({"2026-06-04": ("1.parquet",)}, (SOURCE,), ())
    again = Source(1, "ab", "log.csv", "t", 7, 0)
    new = with_sources(keeping, {"2026-06-05": "2.parquet"}, [again])
    assert new.sources == (again,)
    assert new.days == {"2026-06-04": ("1.parquet",), "2026-06-05": ("2.parquet",)}


def test_what_does_not_count_is_removed_and_what_counts_stays(inventory: Inventory) -> None:
    keeping = Keeping({"2026-06-04": ("1.parquet",)}, (), ("s",))
    left = inventory.folder / "alerts" / ".abc.next"
    left.mkdir()
    clear_left(inventory, keeping)
    alerts = inventory.folder / "alerts"
    assert [file.parent.name for file in alerts.glob("day=*/*")] == ["day=2026-06-04"]
    assert list(alerts.glob("exposure/*"))
    assert not left.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"layout": 2}',
        '{"layout": 1, "days": {"x": []}, "sources": [], "exposures": []}',
        '{"layout": 1, "days": {"2026-06-01": ["../x"]}, "sources": [], "exposures": []}',
        '{"layout": 1, "days": {}, "sources": [{"number": 1}], "exposures": []}',
        '{"layout": 1, "days": {}, "sources": [], "exposures": ["/etc/passwd"]}',
    ],
)
def test_what_is_damaged_stops_the_run(inventory: Inventory, text: str) -> None:
    write_keeping(inventory, Keeping())
    (inventory.folder / "alerts" / "kept.json").write_text(text, "utf-8")
    with pytest.raises(CannotRun, match=r"damaged|another version"):
        read_keeping(inventory)


def test_it_is_readable_to_its_owner_alone(inventory: Inventory) -> None:
    write_keeping(inventory, Keeping())
    file = inventory.folder / "alerts" / "kept.json"
    assert file.stat().st_mode & 0o077 == 0
    assert json.loads(file.read_text())["layout"] == 1
