"""Logs loaded: what is counted where, what is doubted, and what is known already."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.alerts.loaded import loaded_json, loaded_lines
from defectreg.store.inventory.places import Inventory
from tests.loading_alerts import HEADER, device, inventory_of, kept, load, log, row, snapshot

ONE = ("2026-06-02", 1, "ESME", "8F1E")


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    hub = row(1, "CHF", region="South")
    return inventory_of(tmp_path, hub, row(1, region="South"), row(2, premises=None), row(3))


@pytest.mark.parametrize(
    "line",
    [
        f"{device(1)},8F1E,2026-06-02",
        f" {device(1).lower()} , 0x8f1e ,2026-06-02T00:00:00+01:00",
        f"'{device(1)},'8F1E,'2026-06-02 23:59:59.5",
        f'"{device(1)}","8f1e",02/06/2026',
        f"{device(1)},8F1E,2/6/2026 9:30",
    ],
)
def test_texts_are_read_as_spreadsheets_and_people_write_them(
    inventory: Inventory, tmp_path: Path, line: str
) -> None:
    done = load(inventory, log(tmp_path, line))
    assert done.is_clean
    assert kept(inventory) == [(*ONE, 1)]


def test_any_column_may_be_what_separates_it(inventory: Inventory, tmp_path: Path) -> None:
    load(inventory, log(tmp_path, f"x;{device(1)};8F1E;2026-06-02;3",
                        header="Note;Device ID;Alert code;Time;Count"))  # fmt: skip
    assert kept(inventory) == [(*ONE, 3)]


def test_another_region_of_the_log_is_told_and_the_inventorys_taken(
    inventory: Inventory, tmp_path: Path
) -> None:
    lines = [f"{device(1)},8F1E,2026-06-02,{region}" for region in ("north", "SOUTH", "", "Mars")]
    done = load(inventory, log(tmp_path, *lines, header=f"{HEADER},Region"))
    assert done.elsewhere == 1
    assert "another region than the inventory for 1 alert" in "\n".join(loaded_lines(done))
    assert kept(inventory) == [(*ONE, 4)]


def test_a_device_without_premises_is_told_apart_from_one_that_is_unknown(
    inventory: Inventory, tmp_path: Path
) -> None:
    done = load(inventory, log(tmp_path, *(f"{device(number)},8F1E,2026-06-02"
                                           for number in (2, 2, 9, 10))))  # fmt: skip
    assert sorted(done.unplaced.values()) == [(1, 2), (2, 2)]
    assert done.files[0].unplaced == 4
    assert done.days == []
    assert kept(inventory) == []


def test_the_same_bytes_twice_in_a_load_count_once(inventory: Inventory, tmp_path: Path) -> None:
    line = f"{device(1)},8F1E,2026-06-02"
    done = load(inventory, log(tmp_path, line), log(tmp_path, line, name="copy.csv"))
    assert [file.is_known for file in done.files] == [False, True]
    assert kept(inventory) == [(*ONE, 1)]


def test_logs_of_a_load_are_added_up_by_day(inventory: Inventory, tmp_path: Path) -> None:
    files = [log(tmp_path, f"{device(1)},8F1E,2026-06-02T{hour:02}:00", name=f"{hour}.csv")
             for hour in range(3)]  # fmt: skip
    load(inventory, *files)
    assert [each[4] for each in kept(inventory)] == [1, 1, 1]
    load(inventory, log(tmp_path, f"{device(1)},8F1E,2026-06-02T09:30", name="late.csv"))
    assert sum(each[4] for each in kept(inventory)) == 4
    assert len(list(inventory.folder.glob("alerts/day=*/*"))) == 2  # the old one goes with the next


def test_a_log_that_grew_is_told_and_replace_takes_the_place_of_what_it_was(
    inventory: Inventory, tmp_path: Path
) -> None:
    lines = [f"{device(1)},8F1E,2026-06-0{day}" for day in (2, 3, 4)]
    load(inventory, log(tmp_path, *lines[:2]))
    load(inventory, log(tmp_path, lines[2], name="other.csv"))
    grown = log(tmp_path, *lines)
    assert load(inventory, grown).added_to == {"log.csv": ["2026-06-02", "2026-06-03"]}
    assert sum(each[4] for each in kept(inventory)) == 6
    done = load(inventory, grown, replaces=True)
    assert done.added_to == {}
    assert sum(each[4] for each in kept(inventory)) == 3


def test_a_log_of_other_days_under_the_same_name_is_nothing_to_tell(
    inventory: Inventory, tmp_path: Path
) -> None:
    for day in (2, 3):
        part = log(tmp_path, f"{device(1)},8F1E", name=f"day=2026-06-0{day}/part-0.csv",
                   header="Device ID,Alert code")  # fmt: skip
        assert load(inventory, part).added_to == {}
    assert [each[0] for each in kept(inventory)] == ["2026-06-02", "2026-06-03"]


def test_a_column_of_the_log_says_more_than_its_folder(
    inventory: Inventory, tmp_path: Path
) -> None:
    part = log(tmp_path, f"{device(1)},8F1E,2026-06-03T01:00", name="day=2026-06-02/log.csv")
    done = load(inventory, part)
    assert (done.is_clean, list(done.files[0].unknown)) == (True, [])
    assert [each[0] for each in kept(inventory)] == ["2026-06-03"]


def test_a_log_without_rows_says_nothing(inventory: Inventory, tmp_path: Path) -> None:
    done = load(inventory, log(tmp_path))
    assert done.is_clean
    assert done.days == []


def test_a_file_is_read_again_only_for_a_newer_snapshot_that_may_place_more(
    inventory: Inventory, tmp_path: Path
) -> None:
    file = log(tmp_path, f"{device(1)},8F1E,2026-06-02", f"{device(5)},8F1E,2026-06-02")
    load(inventory, file)
    assert load(inventory, file).files[0].is_known
    snapshot(inventory, [row(1), row(5)], "2026-06-20")
    again = load(inventory, file)
    assert (again.files[0].is_known, again.files[0].alerts) == (False, 2)
    assert sum(each[4] for each in kept(inventory)) == 2
    snapshot(inventory, [row(1)], "2026-07-20")
    assert load(inventory, file).files[0].is_known


def test_a_device_that_has_gone_since_is_still_placed_where_it_was(
    inventory: Inventory, tmp_path: Path
) -> None:
    load(inventory)
    snapshot(inventory, [row(3)], "2026-06-20")
    done = load(inventory, log(tmp_path, f"{device(1)},8F1E,2026-06-02",
                               f"{device(1)},8F1E,2026-06-25"))  # fmt: skip
    assert done.is_clean
    assert done.uncovered == 1


def test_json_has_what_the_sentences_have(inventory: Inventory, tmp_path: Path) -> None:
    lines = f"{device(1)},BEEF,2026-06-02", f"{device(9)},8F1E,2026-06-02", "x,8F1E,2026-06-02"
    done = load(inventory, log(tmp_path, *lines), known_codes={"8F1E"})
    said, text = loaded_json(done), "\n".join(loaded_lines(done))
    assert said["unknown_codes"] == {"BEEF": 1}
    assert "BEEF" in text
    assert said["rejected"]["count"] == 1
    assert "1 row: the Device ID is not" in text
    assert "1 alert of 1 Device: the inventory does not have" in text
    assert str(said["rejected"]["file"]) in text
    assert device(9) not in text + str(said)


def test_a_stranger_in_two_logs_is_one_device(inventory: Inventory, tmp_path: Path) -> None:
    logs = [log(tmp_path, f"{device(9)},8F1E,2026-06-0{day}", name=f"{day}.csv") for day in (2, 3)]
    done = load(inventory, *logs)
    assert list(done.unplaced.values()) == [(1, 2)]
    assert [file.unplaced for file in done.files] == [1, 1]


def test_days_of_which_nothing_is_known_are_told_in_whatever_order_logs_come(
    tmp_path: Path,
) -> None:
    since = inventory_of(tmp_path, row(1, firmware_since="2026-06-04"), row(2))
    logs = [
        log(tmp_path, *(f"{device(number)},8F1E,2026-06-0{day}" for number in (1, 2)),
            name=f"{day}.csv")
        for day in (5, 3, 4, 2)
    ]  # fmt: skip
    assert load(since, *logs).uncovered == 2


def test_a_log_of_more_rows_than_there_are_devices_says_the_same(
    inventory: Inventory, tmp_path: Path
) -> None:
    done = load(inventory, log(tmp_path, *(f"{device(number % 3)},8F1E,2026-06-02"
                                           for number in range(300))))  # fmt: skip
    assert sorted(done.unplaced.values()) == [(1, 100), (1, 100)]
    assert kept(inventory) == [(*ONE, 100)]


def test_codes_are_one_however_they_are_written(inventory: Inventory, tmp_path: Path) -> None:
    codes = ("8F1E", "0x8f1e", "0X8F1E", "'8f1e", "8F0X1E", "0x8F1E0")
    done = load(inventory, log(tmp_path, *(f"{device(1)},{code},2026-06-02" for code in codes)))
    assert kept(inventory) == [(*ONE, 4)]
    assert sum(done.reasons.values()) == 2
