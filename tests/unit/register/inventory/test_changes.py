"""What allowed requests make of a Device, and how far each has come."""

from __future__ import annotations

import pytest

from defectreg.register.inventory.changes import (
    Answer,
    Change,
    Kind,
    Standing,
    after,
    given_of,
    is_after,
    kind_of,
    present,
    standing,
    was_of,
)
from defectreg.register.inventory.device import InventoryDevice
from defectreg.register.inventory.requests import (
    DetailsUpdate,
    DeviceDeletion,
    Header,
    Prenotification,
    parse_request_id,
)

SENDER = "90-B3-D5-1F-30-01-00-00"
REQUEST_ID = f"{SENDER}:90-B3-D5-1F-30-00-00-02:1"
DEVICE_ID = "00-DB-12-34-56-78-90-A1"
HEADER = Header(parse_request_id(REQUEST_ID), "8.4", "8.4")
DEVICE = InventoryDevice(DEVICE_ID, "ESME", "Pending", "FF01", "00010100", esme_variant="A")
PRENOTIFICATION = Prenotification(
    HEADER, "5.4", DEVICE_ID, "FF01", "00010100", "ESME", esme_variant="AD"
)
UPDATE = DetailsUpdate(HEADER, "5.4", DEVICE_ID, firmware="00010204", esme_variant="AD")
DELETION = DeviceDeletion(HEADER, "5.4", DEVICE_ID)


def change(kind: Kind, **given: str) -> Change:
    return Change(REQUEST_ID, DEVICE_ID, kind, given)


def test_what_a_request_gives_stands_in_the_order_of_duis() -> None:
    assert [*given_of(UPDATE).items()] == [("firmware", "00010204"), ("esme_variant", "AD")]
    assert [*given_of(PRENOTIFICATION)] == ["manufacturer", "model", "device_type", "esme_variant"]
    assert given_of(DELETION) == {}
    assert [kind_of(PRENOTIFICATION), kind_of(UPDATE), kind_of(DELETION)] == [
        Kind.PRENOTIFIED, Kind.UPDATED, Kind.DELETED,
    ]  # fmt: skip


def test_what_it_was_is_of_what_is_changed_and_of_a_deleted_device_what_the_rule_looks_at() -> None:
    assert was_of(UPDATE, DEVICE) == {"firmware": "", "esme_variant": "A"}
    assert was_of(PRENOTIFICATION, None) == {}
    assert was_of(DELETION, DEVICE) == {
        "device_status": "Pending", "device_type": "ESME", "manufacturer": "FF01",
        "model": "00010100", "esme_variant": "A",
    }  # fmt: skip


def test_a_prenotified_device_is_pending_by_who_asked() -> None:
    made = after(None, change(Kind.PRENOTIFIED, manufacturer="FF01", gpf_device_id=DEVICE_ID))
    assert made == InventoryDevice(
        DEVICE_ID, device_status="Pending", manufacturer="FF01", prenotified_by=SENDER
    )


def test_changes_are_made_one_after_the_other() -> None:
    corrected = change(Kind.UPDATED, esme_variant="AD")
    again = change(Kind.UPDATED, esme_variant="ADE")
    made = present(DEVICE, [corrected, again])
    assert made is not None
    assert (made.esme_variant, made.model) == ("ADE", "00010100")
    assert present(DEVICE, [corrected, change(Kind.DELETED)]) is None
    assert present(None, [corrected]) is None
    assert present(DEVICE, []) is DEVICE


def test_an_extract_of_the_same_day_is_not_after() -> None:
    at = "2026-02-01T00:00:00Z"
    assert [is_after(day, at) for day in ("2026-01-31", "2026-02-01", "2026-02-02")] == [
        False, False, True,
    ]  # fmt: skip


CORRECTED = InventoryDevice(DEVICE_ID, esme_variant="ad")


@pytest.mark.parametrize(
    ("answer", "device", "is_later", "expected"),
    [
        (None, DEVICE, False, Standing.PROPOSED),
        (Answer.SENT, DEVICE, False, Standing.SENT),
        (Answer.ACCEPTED, DEVICE, False, Standing.ACCEPTED),
        (Answer.REFUSED, DEVICE, False, Standing.REFUSED),
        (Answer.REFUSED, CORRECTED, True, Standing.REFUSED),
        (None, CORRECTED, False, Standing.PROPOSED),
        (None, CORRECTED, True, Standing.SEEN),
        (Answer.ACCEPTED, DEVICE, True, Standing.OVERTAKEN),
        (Answer.ACCEPTED, None, True, Standing.OVERTAKEN),
    ],
)
def test_how_far_a_correction_has_come(
    answer: Answer | None, device: InventoryDevice | None, expected: Standing, *, is_later: bool
) -> None:
    asked = change(Kind.UPDATED, esme_variant="AD")
    assert standing(asked, answer, device, is_later=is_later) is expected


def test_a_deletion_is_seen_where_the_device_is_gone() -> None:
    asked = change(Kind.DELETED)
    assert standing(asked, None, None, is_later=True) is Standing.SEEN
    assert standing(asked, None, DEVICE, is_later=True) is Standing.OVERTAKEN
