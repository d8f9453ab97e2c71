"""A Supplier pre-notifies what was shipped and passed the check."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from defectreg.formats.duis import read_requests
from defectreg.register.inventory.requests import Prenotification
from tests.asns import DEVICE, KNOWN, LISTED, MAPPED, OTHER, asn_line, asn_text, inventory_of
from tests.registers import Result, run_in

SUPPLIER = "90-B3-D5-1F-30-01-00-00"
TARGET = "90-B3-D5-1F-30-00-00-02"


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    return inventory_of(tmp_path / "inventory", products=[MAPPED], cpl=[LISTED])


def prenotify(inventory: Path, text: str, *options: str) -> Result:
    """What the program says of an ASN of this text, from request 1000 on."""
    (inventory.parent / "asn.txt").write_text(text, "utf-8")
    words = ("inventory", "prenotify", "asn.txt", "--from", SUPPLIER, "--target", TARGET)
    inside = ("--counter", "1000", "--inventory", str(inventory))
    return run_in(inventory.parent, *words, *inside, *options)


def written(inventory: Path) -> list[Prenotification]:
    """The requests in requests.xml."""
    data = (inventory.parent / "requests.xml").read_bytes()
    requests = [*read_requests([data])]
    assert all(isinstance(request, Prenotification) for request in requests)
    return [request for request in requests if isinstance(request, Prenotification)]


def test_without_a_file_it_only_shows(inventory: Path) -> None:
    answer = prenotify(inventory, asn_text(asn_line()))
    assert answer.code == 0
    assert "Would be written: 1 request SR12.2, counters 1000 to 1000.\n" in answer.out
    assert answer.out.endswith("--to FILE writes them.\n")
    assert sorted(path.name for path in inventory.parent.iterdir()) == ["asn.txt", "inventory"]


def test_lines_that_passed_become_requests_and_the_others_are_named(inventory: Path) -> None:
    text = asn_text(asn_line(), asn_line("00-DB-12-34-56-78-90-A3", variant="A"), asn_line(OTHER))
    answer = prenotify(inventory, text, "--to", "requests.xml")
    assert answer.code == 1
    assert "asn.txt:3:1: error[A10]: the ESME Variant is A, the product map says AD" in answer.out
    assert answer.out.endswith(
        "Written to requests.xml: 2 requests SR12.2, counters 1000 to 1001; 1 Device left out.\n"
    )
    requests = written(inventory)
    assert [request.device_id for request in requests] == [DEVICE, OTHER]
    assert [str(request.header.request_id) for request in requests] == [
        f"{SUPPLIER}:{TARGET}:1000",
        f"{SUPPLIER}:{TARGET}:1001",
    ]
    first = requests[0]
    assert (first.manufacturer, first.model, first.firmware) == ("FF01", "00010100", "00010203")
    assert (first.device_type, first.esme_variant) == ("ESME", "AD")
    assert (first.smets_version, first.gpf_device_id) == ("SMETS V5.0", None)


def test_a_device_that_is_in_the_inventory_is_left_out(inventory: Path) -> None:
    inventory_of(inventory, devices=[KNOWN])
    answer = prenotify(inventory, asn_text(asn_line(), asn_line(OTHER)), "--to", "requests.xml")
    assert "error[A20]: the Device is in the inventory already: Pending" in answer.out
    assert [request.device_id for request in written(inventory)] == [OTHER]


def test_a_communications_hub_is_left_out(inventory: Path) -> None:
    listed = {**LISTED, "device_type": "CHF", "model": "00020001"}
    inventory_of(inventory, cpl=[listed])
    hub = asn_line(device_type="CHF", variant="", model="00020001")
    answer = prenotify(inventory, asn_text(hub), "--to", "requests.xml")
    assert "error[A21]: a CHF" in answer.out
    assert "Nothing was written: 0 requests SR12.2; 1 Device left out.\n" in answer.out
    assert not (inventory.parent / "requests.xml").exists()


def test_of_two_lines_with_one_device_id_neither_is_pre_notified(inventory: Path) -> None:
    answer = prenotify(inventory, asn_text(asn_line(), asn_line()), "--to", "requests.xml")
    assert answer.code == 1
    assert not (inventory.parent / "requests.xml").exists()


def test_nothing_is_pre_notified_of_an_asn_that_was_cut_off(inventory: Path) -> None:
    answer = prenotify(inventory, asn_text(asn_line())[:-5], "--to", "requests.xml")
    assert answer.code == 1
    assert answer.out.endswith("Nothing is pre-notified of an ASN that is not whole.\n")
    assert not (inventory.parent / "requests.xml").exists()


def test_what_cannot_be_judged_is_left_out_until_it_is_asked_for(tmp_path: Path) -> None:
    inventory = inventory_of(tmp_path / "inventory", cpl=[LISTED])
    left = prenotify(inventory, asn_text(asn_line()), "--to", "requests.xml")
    assert left.code == 1
    assert "Of 1 Device something cannot be judged; --unjudged takes them.\n" in left.out
    assert not (tmp_path / "requests.xml").exists()
    taken = prenotify(inventory, asn_text(asn_line()), "--to", "requests.xml", "--unjudged")
    assert taken.code == 0
    assert len(written(inventory)) == 1


def test_an_earlier_duis_leaves_out_what_it_does_not_know(tmp_path: Path) -> None:
    mapped = {**MAPPED, "esme_variant": "ADF"}
    inventory = inventory_of(tmp_path / "inventory", products=[mapped], cpl=[LISTED])
    text = asn_text(asn_line(variant="ADF"))
    answer = prenotify(inventory, text, "--to", "requests.xml", "--schema-version", "3.1")
    assert "error[A22]: DUIS 3.1 is not known to have the ESME Variant ADF" in answer.out
    assert prenotify(inventory, text, "--to", "requests.xml").code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--from", "supplier one"), "is not an EUI-64"),
        (("--schema-version", "9.9"), "later than 5.4"),
        (("--counter", str(2**64)), "whole number of 64 bits"),
        (("--counter", str(2**64 - 1)), "the counter runs out"),
    ],
)
def test_wrong_use_is_a_sentence(inventory: Path, options: tuple[str, str], said: str) -> None:
    answer = prenotify(inventory, asn_text(asn_line()), *options)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_requests_are_not_written_into_a_git_repository(inventory: Path) -> None:
    repository = inventory.parent / "repository"
    subprocess.run(["git", "init", "--quiet", repository], check=True)
    place = repository / "requests.xml"
    answer = prenotify(inventory, asn_text(asn_line()), "--to", str(place))
    assert answer.code == 3
    assert not place.exists()


def test_programs_read_json(inventory: Path) -> None:
    text = asn_text(asn_line(), asn_line(OTHER, variant="A"))
    told = json.loads(prenotify(inventory, text, "--to", "requests.xml", "--json").out)
    assert (told["written"], told["requests"], told["left_out"]) == ("requests.xml", 1, 1)
    assert told["first"] == f"{SUPPLIER}:{TARGET}:1000"
    assert told["codes"]["A10"] == 1
