"""Corrections: for each Responsible Supplier its own, as the rule and its DUIS version allow."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from defectreg.formats.duis import Rejected, read_requests
from defectreg.formats.spreadsheets import read_csv_rows
from defectreg.inventory.correcting import (
    Batch,
    Correction,
    corrections,
    parse_choice,
    parse_sending,
)
from defectreg.inventory.correction_files import write_batch
from defectreg.register.errors import UsageProblem
from defectreg.register.inventory.device import InventoryDevice
from defectreg.register.inventory.requests import DetailsUpdate
from defectreg.register.inventory.rules import judge, rights_of
from tests.fleets import asked, entry, load_fleet
from tests.journals import DCC, OTHER_SUPPLIER, SUPPLIER, device_id, esme

MAPS = [
    entry(),
    entry("ADF", model="00020100"),
    entry("BD", model="00030100"),
    entry("AD", "00020000", "0002FFFF"),
]
FLEET: list[dict[str, Any]] = [
    esme(1),
    esme(2, supplier=OTHER_SUPPLIER, region="South"),
    esme(3, firmware="00020304"),
    esme(4, model="00020100", esme_variant="AD"),
    esme(5, device_status="Whitelisted", supplier=SUPPLIER.lower()),
    esme(6, esme_variant="AE"),
    esme(7, model="00030100", base_letter="B"),
    esme(8, esme_variant="AD"),
    esme(9, region="SMETS1"),
    esme(10, device_status="Pending"),
]


def made(folder: Path, version: str = "5.4", counter: int = 7, proposed: tuple[int, ...] = (),
         **chosen: Any) -> list[tuple[Batch, list[Correction]]]:  # fmt: skip
    """The batches of the fleet above, for what is chosen of it."""
    given = {"outcome": "differs", "supplier": None, "product": None, "region": None, "limit": None}
    choice = parse_choice(**{**given, **chosen})
    waiting = [(device_id(number), "AD") for number in proposed]
    with asked(load_fleet(folder, FLEET, MAPS), waiting) as difference:
        sending = parse_sending(DCC, counter, version)
        return [(batch, list(each)) for batch, each in corrections(difference, choice, sending)]


def devices(folder: Path, **chosen: Any) -> dict[str, list[int]]:
    """Supplier to the numbers of its Devices, in their order."""
    return {
        batch.supplier: [int(each.request.device_id[-2:], 16) for each in found]
        for batch, found in made(folder, **chosen)
    }


def test_no_supplier_s_devices_are_in_another_s_batch(tmp_path: Path) -> None:
    assert devices(tmp_path) == {SUPPLIER: [1, 3, 5], OTHER_SUPPLIER: [2]}


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"supplier": SUPPLIER.lower()}, {SUPPLIER: [1, 3, 5]}),
        ({"region": "south"}, {OTHER_SUPPLIER: [2]}),
        ({"product": "FF01/00010100@0002*"}, {SUPPLIER: [3]}),
        ({"product": "ESME:ff01/00010100"}, {SUPPLIER: [1, 3, 5], OTHER_SUPPLIER: [2]}),
        ({"product": "FF01/00010101"}, {}),
        ({"limit": 2}, {SUPPLIER: [1], OTHER_SUPPLIER: [2]}),
        ({"outcome": "old-system"}, {SUPPLIER: [4]}),
        ({"outcome": "no-code"}, {SUPPLIER: [6]}),
        ({"outcome": "base-letter"}, {SUPPLIER: [7]}),
        ({"proposed": (1, 5)}, {SUPPLIER: [3], OTHER_SUPPLIER: [2]}),
    ],
)
def test_a_part_is_chosen(
    tmp_path: Path, chosen: Mapping[str, Any], expected: dict[str, list[int]]
) -> None:
    assert devices(tmp_path, **chosen) == expected


def test_the_rule_allows_every_one_of_them(tmp_path: Path) -> None:
    recorded = {str(row["device_id"]): InventoryDevice(**row) for row in FLEET}
    for outcome in ("differs", "old-system", "no-code", "base-letter"):
        found = [each for _, group in made(tmp_path, outcome=outcome) for each in group]
        assert found
        for each in found:
            device = recorded[each.request.device_id]
            assert judge(each.request, device, rights_of(each.request, device)).code == "I04"


def test_each_supplier_counts_on_from_the_first_counter(tmp_path: Path) -> None:
    ids = [str(each.request.header.request_id) for _, found in made(tmp_path) for each in found]
    assert ids == [
        f"{SUPPLIER}:{DCC}:7",
        f"{SUPPLIER}:{DCC}:8",
        f"{SUPPLIER}:{DCC}:9",
        f"{OTHER_SUPPLIER}:{DCC}:7",
    ]


def test_a_code_that_the_version_did_not_know_is_left_out_and_named(tmp_path: Path) -> None:
    ((batch, found),) = made(tmp_path, version="4.0", outcome="old-system")
    assert found == []
    ((device, variant, why),) = batch.left_out
    assert (device, variant) == (device_id(4), "ADF")
    assert "4.0" in why
    ((batch, found),) = made(tmp_path, version="4.0", outcome="no-code")
    assert (len(found), batch.left_out) == (1, [])


def test_the_counter_does_not_run_over(tmp_path: Path) -> None:
    assert len(made(tmp_path, counter=2**64 - 3)[0][1]) == 3
    with pytest.raises(UsageProblem, match="runs out"):
        made(tmp_path, counter=2**64 - 2)


@pytest.mark.parametrize(
    "typed",
    [
        {"outcome": "agrees"},
        {"outcome": "not-correctable"},
        {"supplier": "x"},
        {"product": "GSME:FF01/00010100"},
        {"product": "ESME:FF01/00010100 + CHF:FF02/00020001"},
        {"product": "FF01"},
    ],
)
def test_what_cannot_be_meant_is_a_wrong_call(tmp_path: Path, typed: Mapping[str, Any]) -> None:
    with pytest.raises(UsageProblem):
        made(tmp_path, **typed)


@pytest.mark.parametrize("version", ["", "5", "6.0", "five"])
def test_a_version_that_is_not_known_is_a_wrong_call(version: str) -> None:
    with pytest.raises(UsageProblem):
        parse_sending(DCC, 1, version)


def test_both_files_say_the_same_and_conform(tmp_path: Path) -> None:
    folder = tmp_path / "to"
    folder.mkdir()
    with asked(load_fleet(tmp_path / "inventory", FLEET, MAPS)) as difference:
        choice = parse_choice("differs", None, None, None, None)
        for batch, found in corrections(difference, choice, parse_sending(DCC, 7, "5.4")):
            write_batch(batch, found, folder)
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"{s}.{kind}" for s in (SUPPLIER, OTHER_SUPPLIER) for kind in ("csv", "xml")]
    read = list(read_requests([(folder / f"{SUPPLIER}.xml").read_bytes()]))
    assert not any(isinstance(each, Rejected) for each in read)
    requests = [each for each in read if isinstance(each, DetailsUpdate)]
    assert [(each.device_id, each.esme_variant) for each in requests] == [
        (device_id(number), "AD") for number in (1, 3, 5)
    ]
    assert {each.header.request_id.originator for each in requests} == {SUPPLIER}
    rows = [cells for _, cells in read_csv_rows([(folder / f"{SUPPLIER}.csv").read_bytes()])]
    assert rows[0][:4] == ["request-id", "device-id", "esme-variant", "reason"]
    assert [row[:3] for row in rows[1:]] == [
        [str(each.header.request_id), each.device_id, each.esme_variant] for each in requests
    ]
    assert rows[1][-3:] == ["FF01", "00010100", "00010203"]
