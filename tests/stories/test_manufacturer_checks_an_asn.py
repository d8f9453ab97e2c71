"""A manufacturer checks an ASN before it is sent; a Supplier checks it when it has come."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import pytest

from tests.asns import (
    DEVICE,
    KNOWN,
    LISTED,
    MAPPED,
    OTHER,
    PRODUCT,
    Row,
    asn_line,
    asn_text,
    inventory_of,
)
from tests.registers import ROOT, Result, run_in

SAMPLES = Path(__file__).parent.parent / "fixtures" / "asn"


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    return inventory_of(tmp_path / "inventory", products=[MAPPED], cpl=[LISTED])


def check(inventory: Path, text: str, *options: str, who: str = "supplier") -> Result:
    """What the program says of an ASN of this text."""
    asn = inventory.parent / "asn.txt"
    asn.write_text(text, "utf-8")
    words = ("inventory", "check", "asn.txt", "--as", who, "--inventory", str(inventory))
    return run_in(inventory.parent, *words, *options)


def test_a_good_asn_passes(inventory: Path) -> None:
    known = inventory_of(inventory, devices=[{**KNOWN, "device_id": OTHER}])
    answer = check(known, asn_text(asn_line()))
    assert answer.out == "1 Device of ASN-0001: 1 passed, 0 with errors.\n"
    assert (answer.code, answer.err) == (0, "")


def test_ad_notified_as_a_is_found(inventory: Path) -> None:
    answer = check(inventory, asn_text(asn_line(variant="A")))
    assert answer.code == 1
    assert (
        "asn.txt:2:1: error[A10]: the ESME Variant is A, the product map says AD: "
        "load control is missing\n"
        "  hint: ask the manufacturer before you pre-notify; later it takes an SR8.4\n"
    ) in answer.out
    assert answer.out.endswith("1 Device of ASN-0001: 0 passed, 1 with errors.\n")


def test_a_manufacturer_is_told_what_a_manufacturer_can_do(inventory: Path) -> None:
    answer = check(inventory, asn_text(asn_line(variant="A")), who="manufacturer")
    assert "hint: correct the line, or the product map if that is wrong\n" in answer.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (asn_text(asn_line(), trailer=2), "asn.txt:3:1: error[A01]: the last line says 2 Devices, "
                                          "and 1 are listed"),
        (asn_text(asn_line(), header=7), "asn.txt:1:1: error[A01]: the header says 7 Devices, "
                                         "and 1 are listed"),
        ("# remark\n\n" + asn_text(asn_line(), header=7),
         "asn.txt:3:1: error[A01]: the header says 7 Devices"),
        (asn_text(asn_line())[:-5], "error[A02]: the ASN ends without its last line"),
        (asn_text("D|E26X1|" + DEVICE), "asn.txt:2:1: error[A02]: a line D has 10 fields"),
        (asn_text(asn_line("00-DB")), "asn.txt:2:1: error[A03]"),
        (asn_text(asn_line(), asn_line(OTHER), asn_line(DEVICE.lower())),
         "asn.txt:4:1: error[A04]: the Device ID stands 2 times in this ASN, first in line 2"),
        (asn_text(asn_line(model="00010101")), "error[A13]: FF01/00010101@00010203 is not on"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_line(inventory: Path, text: str, said: str) -> None:
    answer = check(inventory, text)
    assert answer.code == 1
    assert said in answer.out


def test_a_product_that_is_no_longer_active_is_found(tmp_path: Path) -> None:
    listed = {**LISTED, "cpl_status": "Withdrawn"}
    inventory = inventory_of(tmp_path / "inventory", products=[MAPPED], cpl=[listed])
    answer = check(inventory, asn_text(asn_line()))
    assert "error[A14]: FF01/00010100@00010203 is Withdrawn on the Central Products" in answer.out


def test_a_device_seen_before_with_other_details_is_found(inventory: Path) -> None:
    shipped: Row = {
        **PRODUCT,
        "asn_id": "ASN-0000",
        "line": 7,
        "device_id": OTHER,
        "esme_variant": "A",
    }
    inventory_of(inventory, devices=[{**KNOWN, "firmware": "00010202"}], asn=[shipped])
    answer = check(inventory, asn_text(asn_line(), asn_line(OTHER)))
    assert "asn.txt:2:1: error[A15]: the inventory has this Device with another firmware" in (
        answer.out
    )
    assert "asn.txt:3:1: error[A16]: line 7 of ASN-0000 has the same Device with another " in (
        answer.out
    )


def test_a_device_seen_before_with_the_same_details_passes(inventory: Path) -> None:
    inventory_of(inventory, devices=[{**KNOWN, "model": "00010100".lower()}])
    assert check(inventory, asn_text(asn_line())).code == 0


def test_a_product_map_that_contradicts_itself_judges_nothing(tmp_path: Path) -> None:
    whole = {**MAPPED, "firmware": "", "lowest": "00000000", "highest": "FFFFFFFF",
             "esme_variant": "A"}  # fmt: skip
    inventory = inventory_of(tmp_path / "inventory", products=[MAPPED, whole], cpl=[LISTED])
    answer = check(inventory, asn_text(asn_line()))
    assert "awaited[A12]: the product map has FF01/00010100@00010203 as A and as AD" in answer.out


def test_what_is_not_loaded_is_said_once_and_nothing_passes(tmp_path: Path) -> None:
    answer = check(tmp_path / "inventory", asn_text(asn_line(), asn_line(OTHER)))
    assert answer.code == 1
    assert answer.out.count("awaited[A17]: no product map is loaded") == 1
    assert answer.out.count("awaited[A18]: no Central Products List is loaded") == 1
    assert answer.out.endswith(
        "2 Devices of ASN-0001: 0 passed, 0 with errors, 2 cannot be judged.\n"
    )
    assert not (tmp_path / "inventory").exists()


def test_many_findings_of_one_code_are_counted_and_written(inventory: Path) -> None:
    lines = [asn_line(f"00-DB-12-34-56-78-91-{place:02X}", variant="A") for place in range(25)]
    answer = check(inventory, asn_text(*lines), "--csv", "findings.csv")
    assert answer.out.count("error[A10]") == 10
    assert answer.out.count("hint: ask the manufacturer before") == 1
    assert "A10: 15 more findings like these.\n" in answer.out
    with (inventory.parent / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code"] == "A10"]
    assert len(rows) == 25
    assert rows[24]["device_id"] == "00-DB-12-34-56-78-91-18"
    assert rows[24]["line"].removeprefix("'") == "26"


def test_programs_read_json(inventory: Path) -> None:
    answer = check(inventory, asn_text(asn_line(variant="A"), asn_line(OTHER)), "--json")
    told = json.loads(answer.out)
    assert told["asn"]["id"] == "ASN-0001"
    assert told["devices"] == {"listed": 2, "passed": 1, "refused": 1, "not_judged": 0}
    assert told["codes"]["A10"] == 1
    found = [finding for finding in told["findings"] if finding["code"] == "A10"]
    assert (found[0]["file"], found[0]["line"]) == ("asn.txt", 2)


@pytest.mark.parametrize("name", ["SYNTHETIC_asn.txt", "SYNTHETIC_asn.xml"])
def test_both_layouts_say_the_same(inventory: Path, name: str) -> None:
    listed = {**LISTED, "device_type": "GSME", "model": "00030100", "firmware": "03030003"}
    inventory_of(inventory, cpl=[LISTED, listed])
    text = (SAMPLES / name).read_text("utf-8")
    told = json.loads(check(inventory, text, "--json").out)
    assert told["devices"] == {"listed": 3, "passed": 2, "refused": 1, "not_judged": 0}
    assert told["codes"] == {"A10": 1, "A19": 1}


def test_a_sheet_is_checked_by_a_column_map(inventory: Path) -> None:
    folder = inventory.parent
    (folder / "asn.csv").write_text(
        "Shipment,GUID,Kind,Maker,Type no,FW,Variant,Serial\r\n"
        f"ASN-0009,{DEVICE},ESME,FF01,00010100,00010203,A,E26X1\r\n"
        f"ASN-0009,{OTHER},ESME,FF01,20120,00010203,AD,E26X2\r\n",
        "utf-8",
    )
    (folder / "columns.yaml").write_text(
        "columns:\n  device-type: Kind\n  manufacturer: Maker\n  model: Type no\n  firmware: FW\n",
        "utf-8",
    )
    words = ("inventory", "check", "asn.csv", "--as", "supplier", "--columns", "columns.yaml")
    answer = run_in(folder, *words, "--inventory", str(inventory))
    assert answer.code == 1
    assert "asn.csv:2:1: error[A10]: the ESME Variant is A" in answer.out
    assert "asn.csv:3:1: error[A06]: the model is not 8 hexadecimal digits" in answer.out
    assert answer.out.endswith("2 Devices of ASN-0009: 0 passed, 2 with errors.\n")


def test_findings_are_not_written_into_a_git_repository(inventory: Path) -> None:
    repository = inventory.parent / "repository"
    subprocess.run(["git", "init", "--quiet", repository], check=True)
    answer = check(inventory, asn_text(asn_line()), "--csv", str(repository / "findings.csv"))
    assert answer.code == 3
    assert "is in the git repository" in answer.err
    assert not (repository / "findings.csv").exists()


def test_the_group_says_what_it_can_do() -> None:
    answer = run_in(ROOT, "inventory", "--help")
    assert answer.code == 0
    assert "check ASN" in answer.out
    assert run_in(ROOT, "inventory", "chekc").err.endswith("hint: did you mean check?\n")
