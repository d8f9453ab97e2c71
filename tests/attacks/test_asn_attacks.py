"""ASN files that are not what they say: each is refused, and its harmless twin passes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.asns import LISTED, MAPPED, asn_line, asn_text, inventory_of
from tests.registers import Result, run_in

XML = (Path(__file__).parent.parent / "fixtures" / "asn" / "SYNTHETIC_asn.xml").read_text("utf-8")
GAS = {**LISTED, "device_type": "GSME", "model": "00030100", "firmware": "03030003"}


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    return inventory_of(tmp_path / "inventory", products=[MAPPED], cpl=[LISTED, GAS])


def check(inventory: Path, data: bytes, *options: str) -> Result:
    (inventory.parent / "asn").write_bytes(data)
    words = ("inventory", "check", "asn", "--as", "supplier", "--inventory", str(inventory))
    return run_in(inventory.parent, *words, *options)


ENTITY = XML.replace("<AdvanceShip", '<!DOCTYPE a [<!ENTITY x "y">]><AdvanceShip', 1)
EXTERNAL = XML.replace("<AdvanceShip", '<!DOCTYPE a SYSTEM "file:///etc/passwd"><AdvanceShip', 1)
DEEP = XML.replace("<Pallet>P2</Pallet>", "<Pallet>" + "<a>" * 40 + "</a>" * 40 + "</Pallet>")
LONG = XML.replace("<Box>B1</Box>", f"<DeviceVariant>{'A' * 70_000}</DeviceVariant>", 1)


@pytest.mark.parametrize(
    "text",
    [ENTITY, EXTERNAL, DEEP, LONG, XML[: len(XML) // 2], XML + "<more/>"],
    ids=["entity", "external", "deep", "long", "cut", "more"],
)
def test_a_hostile_document_is_no_whole_asn(inventory: Path, text: str) -> None:
    answer = check(inventory, text.encode())
    assert answer.code == 1
    assert re.search(r"^asn:\d+:1: error\[A0[12]\]: ", answer.out, re.MULTILINE)
    assert "root:" not in answer.out


def test_the_harmless_twin_has_one_finding(inventory: Path) -> None:
    answer = check(inventory, XML.encode())
    assert "A02" not in answer.out
    assert answer.out.endswith("3 Devices of ASN-0001: 2 passed, 1 with errors.\n")


def test_a_terminal_is_not_steered_by_an_asn(inventory: Path) -> None:
    text = asn_text(asn_line()).replace("ASN-0001", "ASN\x1b]0;owned\x07-1")
    answer = check(inventory, text.encode())
    assert "\x1b" not in answer.out + answer.err
    assert "\x07" not in answer.out + answer.err


def test_a_spreadsheet_calculates_nothing_of_the_findings(inventory: Path) -> None:
    text = asn_text(asn_line("=HYPERLINK(1)"))
    assert check(inventory, text.encode(), "--csv", "findings.csv").code == 1
    cells = (inventory.parent / "findings.csv").read_text("utf-8")
    assert '"\'=HYPERLINK(1)"' in cells
    assert '"=HYPERLINK' not in cells


@pytest.mark.parametrize("data", [b"", b"\x00" * 100, b"\xff\xfeH\x00|\x00", b"PK\x03\x04junk"])
def test_what_is_no_asn_is_a_sentence(inventory: Path, data: bytes) -> None:
    answer = check(inventory, data)
    assert answer.code in (1, 2, 3)
    assert "fault of the program" not in answer.err
    assert "Traceback" not in answer.err


def test_a_folder_or_a_missing_file_is_a_sentence(inventory: Path) -> None:
    for name in ("inventory", "missing"):
        words = ("inventory", "check", name, "--as", "supplier", "--inventory", str(inventory))
        answer = run_in(inventory.parent, *words)
        assert answer.code == 3
        assert answer.err.startswith("defectreg: ")
        assert "fault of the program" not in answer.err
