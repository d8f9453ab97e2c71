"""Snapshots joined: premises keep their numbers, and what they have is dated."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from defectreg.store.inventory.places import Inventory
from tests.loading_alerts import device, exposure, inventory_of, kept, load, log, row, snapshot

ALWAYS, NEVER = datetime.date(1, 1, 1), datetime.date(9999, 12, 31)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def stays(inventory: Inventory) -> list[tuple[int, str, datetime.date, datetime.date]]:
    return [(each["premises"], each["combination"], each["first_day"], each["last_day"])
            for each in exposure(inventory)]  # fmt: skip


def test_a_premises_has_the_devices_around_its_hub_in_the_notation(tmp_path: Path) -> None:
    inventory = inventory_of(
        tmp_path,
        row(1, "CHF", region="4G South"),
        row(1, region="North"),
        row(1, "GSME", firmware=""),
        row(1, "ESME", device_id=device(9), device_status="Withdrawn", model="0000FFFF"),
    )
    load(inventory)
    [only] = exposure(inventory)
    assert only["region"] == "4G South"
    assert only["combination"] == (
        "CHF:FF02/00010100@00010001 + ESME:FF01/00010100@00010001 + GSME:FF03/00010100"
    )
    assert only["esme_hub"] == "CHF:FF02/00010100@00010001 + ESME:FF01/00010100@00010001"
    assert (only["first_day"], only["last_day"]) == (ALWAYS, NEVER)


def test_what_is_missing_is_empty_and_what_is_odd_is_encoded(tmp_path: Path) -> None:
    inventory = inventory_of(tmp_path, row(1, manufacturer="A B", model="x+y"), row(2, "CHF"),
                             row(3, manufacturer=""), row(4, "ESME", premises=None))  # fmt: skip
    load(inventory)
    first, second = exposure(inventory)
    assert (first["esme"], first["hub"]) == ("ESME:A%20B/x%2By@00010001", "")
    assert (first["esme_hub"], first["combination"]) == ("", first["esme"])
    assert (second["premises"], second["esme"]) == (2, "")


@pytest.mark.parametrize(
    ("since", "commissioned", "begins"),
    [("2026-05-03", "2024-01-01", "2026-05-03"), ("", "2024-01-01", "2024-01-01")],
)
def test_a_premises_has_its_combination_since_the_newest_date_of_a_device(
    tmp_path: Path, since: str, commissioned: str, begins: str
) -> None:
    hub = row(1, "CHF", firmware_since=since, date_commissioned=commissioned)
    inventory = inventory_of(tmp_path, hub, row(1, date_commissioned="2023-01-01"))
    load(inventory)
    assert [each["first_day"] for each in exposure(inventory)] == [day(begins)]


def test_a_change_between_snapshots_is_dated_by_the_inventory_or_else_by_the_snapshot(
    tmp_path: Path,
) -> None:
    inventory = inventory_of(tmp_path, row(1), row(2), row(3))
    new = {"firmware": "00010002"}
    snapshot(inventory, [row(1, **new, firmware_since="2026-06-11"), row(2, **new), row(3)],
             "2026-06-20")  # fmt: skip
    load(inventory)
    old, now = "ESME:FF01/00010100@00010001", "ESME:FF01/00010100@00010002"
    assert stays(inventory) == [
        (1, old, ALWAYS, day("2026-06-10")),
        (1, now, day("2026-06-11"), NEVER),
        (2, old, ALWAYS, day("2026-06-19")),
        (2, now, day("2026-06-20"), NEVER),
        (3, old, ALWAYS, NEVER),
    ]


def test_what_is_installed_no_longer_ends_with_the_snapshot_that_says_so(tmp_path: Path) -> None:
    inventory = inventory_of(tmp_path, row(1), row(2))
    load(inventory)
    snapshot(inventory, [row(1)], "2026-06-20")
    load(inventory)
    assert [(each[0], each[3]) for each in stays(inventory)] == [(1, NEVER), (2, day("2026-06-19"))]


def test_premises_keep_their_numbers_by_the_hub_and_else_by_most_devices(tmp_path: Path) -> None:
    inventory = inventory_of(tmp_path, *(row(number, kind) for number in (1, 2)
                                         for kind in ("CHF", "ESME", "GSME")))  # fmt: skip
    load(inventory, log(tmp_path, f"{device(1)},8F1E,2026-06-02"))
    snapshot(inventory, [
        row(7, "CHF", premises=1),                              # new Hub, the meters of 2
        row(2, premises=1), row(2, "GSME", premises=1),
        row(2, "CHF", premises=2), row(8, premises=2),          # the Hub of 2, another meter
        row(1, "CHF", premises=3), row(1, premises=3),          # what was 1
    ], "2026-06-20")  # fmt: skip
    load(inventory, log(tmp_path, f"{device(1)},8F1E,2026-06-21", f"{device(2)},8F1E,2026-06-21",
                        f"{device(8)},8F1E,2026-06-21", name="later.csv"))  # fmt: skip
    assert [each[:2] for each in kept(inventory)] == [
        ("2026-06-02", 1), ("2026-06-21", 1), ("2026-06-21", 2), ("2026-06-21", 3),
    ]  # fmt: skip
    alerting = {each[1] for each in kept(inventory) if each[0] == "2026-06-21"}
    assert alerting == {1, 2, 3}


def test_no_number_is_given_twice_though_its_premises_are_gone(tmp_path: Path) -> None:
    inventory = inventory_of(tmp_path, row(1), row(2))
    load(inventory)
    snapshot(inventory, [row(1)], "2026-06-10")
    load(inventory)
    snapshot(inventory, [row(1), row(5, premises=2)], "2026-06-20")
    load(inventory)
    now = [each[0] for each in stays(inventory) if each[3] == NEVER]
    assert now == [1, 3]


def test_an_older_snapshot_that_somebody_went_back_to_is_joined_for_itself(tmp_path: Path) -> None:
    inventory = inventory_of(tmp_path, row(1))
    first = inventory.current.read_text("utf-8")
    snapshot(inventory, [row(1, firmware="00010002")], "2026-06-20")
    load(inventory)
    inventory.current.write_text(first, "utf-8")
    load(inventory)
    assert [each[1] for each in stays(inventory)] == ["ESME:FF01/00010100@00010001"]
