"""Requests of our CSV become values, and each row that is none says why."""

from __future__ import annotations

import pytest

from defectreg.inventory.request_files import COLUMNS, Asked, Unread, read_request_file
from defectreg.register.inventory.requests import (
    DetailsUpdate,
    DeviceDeletion,
    Prenotification,
)

REQUEST_ID = "90-B3-D5-1F-30-01-00-00:90-B3-D5-1F-30-00-00-02:1"
DEVICE_ID = "00-DB-12-34-56-78-90-A1"
GOOD = {"request-id": REQUEST_ID, "device-id": DEVICE_ID, "esme-variant": "AD"}
PRODUCT = {"manufacturer": "FF01", "model": "00010100", "device-type": "ESME"}


def read(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> list[Asked | Unread]:
    lines = [",".join(columns), *(",".join(row.get(c, "") for c in columns) for row in rows)]
    return list(read_request_file("r.csv", ["\n".join(lines).encode()]))


def only(row: dict[str, str]) -> Asked | Unread:
    (found,) = read(row)
    return found


def test_a_row_without_an_action_updates_what_it_gives() -> None:
    found = only({**GOOD, "firmware": "00010204", "reason": "asn"})
    assert isinstance(found, Asked)
    assert isinstance(found.request, DetailsUpdate)
    assert (found.file, found.line, found.reason) == ("r.csv", 2, "asn")
    assert str(found.request.header.request_id) == REQUEST_ID
    assert (found.request.esme_variant, found.request.firmware) == ("AD", "00010204")
    assert (found.request.manufacturer, found.request.model) == (None, None)


def test_the_other_actions() -> None:
    new = only({**GOOD, **PRODUCT, "action": "prenotify", "gpf-device-id": DEVICE_ID.lower()})
    gone = only({**GOOD, "action": "delete"})
    assert isinstance(new, Asked)
    assert isinstance(new.request, Prenotification)
    assert (new.request.gpf_device_id, new.request.firmware) == (DEVICE_ID, None)
    assert isinstance(gone, Asked)
    assert isinstance(gone.request, DeviceDeletion)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"action": "Update it"}, "action is none of prenotify, update, delete"),
        ({"request-id": "1"}, "a request id is originator, target and counter"),
        ({"device-id": "00DB1234567890A1"}, "no hyphens"),
        ({"device-id": ""}, "the Device ID is missing"),
        ({"esme-variant": ""}, "gives no detail that is to be changed"),
        ({"action": "prenotify"}, "needs manufacturer, model and device-type"),
        ({"firmware": "000102040"}, "more than the 8 characters"),
        ({"device-type": "SAPC"}, "no Device Type"),
        ({"smets-version": "5" * 41}, "SMETS"),
        ({"gpf-device-id": "1", "action": "prenotify", **PRODUCT}, "not eight pairs"),
        ({"reason": "x" * 501}, "more than 500 characters"),
    ],
)
def test_a_row_that_is_no_request_says_why(changes: dict[str, str], sentence: str) -> None:
    found = only({**GOOD, **changes})
    assert isinstance(found, Unread)
    assert sentence in found.sentence
    assert (found.line, found.is_torn) == (2, False)


def test_names_of_columns_may_be_written_otherwise_and_stand_in_any_order() -> None:
    text = f"ESME Variant;Device_ID;our note;REQUEST ID\nAD;{DEVICE_ID};x;{REQUEST_ID}\n"
    (found,) = read_request_file("r.csv", [text.encode()])
    assert isinstance(found, Asked)
    assert found.request.device_id == DEVICE_ID


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the file is empty, or its first line is"),
        ("\n", "the file is empty, or its first line is"),
        ("esme-variant\n", "there is no column request-id and no column device-id"),
        ("request-id,esme-variant\n", "there is no column device-id"),
        (f'request-id,device-id\n{REQUEST_ID},"{DEVICE_ID}', "quotation mark"),
        ("<sr:Request", "ends"),
    ],
)
def test_of_a_file_that_is_not_whole_nothing_counts(text: str, sentence: str) -> None:
    *_, last = read_request_file("r.csv", [text.encode()])
    assert isinstance(last, Unread)
    assert last.is_torn
    assert sentence in last.sentence
