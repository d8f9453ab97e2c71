"""Rows on their way into a snapshot: numbered premises, and no Device twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

from defectreg.store.inventory.arrivals import Again, Arrivals
from defectreg.store.inventory.places import Inventory, make
from defectreg.store.inventory.snapshot import ASN, CPL, DEVICES, Draft, drafting


@pytest.fixture
def draft(tmp_path: Path) -> Iterator[Draft]:
    inventory = Inventory(tmp_path)
    make(inventory)
    with drafting(inventory) as draft:
        yield draft


def settled(arrivals: Arrivals) -> list[Again]:
    again: list[Again] = []
    arrivals.settle(again.append)
    return again


def rows(draft: Draft, table: str, *columns: str) -> list[tuple[Any, ...]]:
    read = parquet.read_table(draft.file(table), columns=list(columns)).to_pylist()
    return [tuple(row.values()) for row in read]


def test_the_first_of_two_rows_comes_in_and_the_other_names_it(draft: Draft) -> None:
    with Arrivals(draft, DEVICES) as arrivals:
        arrivals.add(0, [2, 3, 4], {"device_id": ["a", "b", "a"], "model": ["1", "2", "3"]})
        arrivals.add(1, [9], {"device_id": ["a"]})
        assert settled(arrivals) == [Again(0, 4, 0, 2), Again(1, 9, 0, 2)]
    assert rows(draft, DEVICES, "device_id", "model", "firmware") == [
        ("a", "1", ""),
        ("b", "2", ""),
    ]
    assert draft.rows == {DEVICES: 2}


def test_premises_are_numbered_as_they_come_without_gaps(draft: Draft) -> None:
    with Arrivals(draft, DEVICES) as arrivals:
        arrivals.add(0, [1, 2], {"device_id": ["a", "b"]}, [-7, None])
        arrivals.add(0, [3, 4, 5], {"device_id": ["a", "c", "d"]}, [8, 99, -7])
        settled(arrivals)
    assert rows(draft, DEVICES, "device_id", "premises") == [
        ("a", 1), ("b", None), ("c", 2), ("d", 1),
    ]  # fmt: skip


def test_a_device_may_stand_on_two_asns(draft: Draft) -> None:
    with Arrivals(draft, ASN) as arrivals:
        arrivals.add(0, [1, 2, 3], {"asn_id": ["x", "y", "x"], "device_id": ["a", "a", "a"]})
        assert settled(arrivals) == [Again(0, 3, 0, 1)]
    assert rows(draft, ASN, "asn_id", "line") == [("x", 1), ("y", 2)]


def test_lines_of_other_asns_are_carried_over(draft: Draft, tmp_path: Path) -> None:
    with Arrivals(draft, ASN) as arrivals:
        columns = {"asn_id": ["x", "y"], "device_id": ["a", "b"]}
        arrivals.add(0, [5, 6], columns)
        settled(arrivals)
    before = draft.file(ASN).rename(tmp_path / "before.parquet")
    with Arrivals(draft, ASN) as arrivals:
        arrivals.add(0, [7], {"asn_id": ["y"], "device_id": ["c"]})
        arrivals.carry(before, "asn_id", {"y"})
        assert settled(arrivals) == []
    assert rows(draft, ASN, "asn_id", "line", "device_id") == [("y", 7, "c"), ("x", 5, "a")]


def test_a_list_may_say_the_same_twice_and_may_be_empty(draft: Draft) -> None:
    with Arrivals(draft, CPL) as arrivals:
        arrivals.add(0, [2, 3], {"model": ["a", "a"]})
        assert settled(arrivals) == []
    assert rows(draft, CPL, "model") == [("a",), ("a",)]
    with Arrivals(draft, DEVICES) as arrivals:
        assert settled(arrivals) == []
    assert rows(draft, DEVICES, "device_id") == []


def test_many_rows_keep_their_order(draft: Draft) -> None:
    count, size = 150_000, 10_000
    with Arrivals(draft, DEVICES) as arrivals:
        for start in range(0, count, size):
            places = range(start, start + size)
            ids = [str(place % (count - 5)) for place in places]
            arrivals.add(0, places, {"device_id": ids}, [place // 4 for place in places])
        again = settled(arrivals)
    assert [each.line for each in again] == [count - 5 + place for place in range(5)]
    assert [each.first_line for each in again] == [*range(5)]
    found = rows(draft, DEVICES, "device_id", "premises")
    assert found == [(str(place), place // 4 + 1) for place in range(count - 5)]


def test_what_was_kept_aside_is_gone(draft: Draft) -> None:
    with Arrivals(draft, DEVICES) as arrivals:
        arrivals.add(0, [1], {"device_id": ["a"]})
        settled(arrivals)
    assert [path.name for path in draft.folder.iterdir()] == ["devices.parquet"]
