"""Requests read from DUIS XML, and what does not conform, each for its own reason."""

from __future__ import annotations

import pytest

from defectreg.formats.duis import Rejected, XmlError, read_requests
from defectreg.formats.duis.quick_requests import QuickRequests
from defectreg.register.inventory.identifiers import Form
from defectreg.register.inventory.requests import (
    DetailsUpdate,
    DeviceDeletion,
    Header,
    MpxnUpdate,
    Prenotification,
    Request,
    RequestId,
    StatusUpdate,
)
from tests.unit.formats.duis.messages_for_tests import (
    ALERT,
    CORRECTION,
    DETAILS,
    DEVICE_ID,
    PRENOTIFICATION,
    STATUS,
    batch,
    message,
    sample,
)

REQUEST_ID = RequestId("90-B3-D5-1F-30-01-00-00", "90-B3-D5-1F-30-00-00-02", 1000)


def read(document: str, form: Form = Form.LENIENT) -> Request | Rejected:
    [said] = read_requests([document.encode()], form)
    return said


def changed(document: str, old: str, new: str) -> Request | Rejected:
    assert old in document
    return read(document.replace(old, new, 1))


def updating(change: str) -> str:
    status = "<sr:UpdateDeviceStatusExceptCH>Pending</sr:UpdateDeviceStatusExceptCH>"
    assert status in STATUS
    return STATUS.replace(status, change)


def test_a_pre_notification_is_read_whole() -> None:
    assert read(PRENOTIFICATION) == Prenotification(
        header=Header(REQUEST_ID, "12.2", "12.2", "8"),
        schema_version="5.4",
        device_id="00-DB-12-34-56-78-90-A1",
        manufacturer="FF01",
        model="00010100",
        device_type="ESME",
        smets_version="SMETS V5.0",
        firmware="00010203",
        esme_variant="AD",
    )


def test_the_pre_notification_of_a_hub_names_its_gas_proxy() -> None:
    said = read(sample("12.2_prenotify_chf_with_gpf"))
    assert isinstance(said, Prenotification)
    assert (said.device_type, said.gpf_device_id) == ("CHF", "00-DB-12-34-56-78-90-B1")
    assert said.esme_variant is None


def test_an_update_of_details_says_what_it_names_and_nothing_else() -> None:
    header = Header(REQUEST_ID, "8.4", "8.4", "8")
    assert read(CORRECTION) == DetailsUpdate(header, "5.4", DEVICE_ID, esme_variant="ADE")
    assert read(DETAILS) == DetailsUpdate(
        header, "5.4", DEVICE_ID, "FF01", "00010100", "SMETS V5.0", "00010203", "AD"
    )


def test_status_updates_tell_hubs_from_other_devices() -> None:
    said = read(STATUS)
    assert isinstance(said, StatusUpdate)
    assert (said.status, said.of_hub) == ("Pending", False)
    said = read(updating("<sr:UpdateDeviceStatusCH>Withdrawn</sr:UpdateDeviceStatusCH>"))
    assert isinstance(said, StatusUpdate)
    assert (said.status, said.of_hub) == ("Withdrawn", True)


def test_a_deletion_is_read() -> None:
    assert isinstance(read(updating("<sr:DeleteDevice/>")), DeviceDeletion)


def test_of_an_mpxn_nothing_is_kept_but_that_one_is_set() -> None:
    said = read(
        updating("<sr:UpdateMPxN><sr:ImportMPxN>9900000000001</sr:ImportMPxN></sr:UpdateMPxN>")
    )
    assert isinstance(said, MpxnUpdate)
    assert "9900000000001" not in repr(said)


def test_optional_parts_of_the_header_are_read_in_their_place() -> None:
    preceding = "<sr:PrecedingServiceRequestID>90-B3-D5-1F-30-01-00-00:90-B3-D5-1F-30-00-00-02:999"
    said = changed(
        CORRECTION,
        "<sr:CommandVariant>",
        "<sr:FirstInSequence>false</sr:FirstInSequence>"
        f"{preceding}</sr:PrecedingServiceRequestID><sr:CommandVariant>",
    )
    assert isinstance(said, DetailsUpdate)
    assert said.header.first_in_sequence == "false"
    assert said.header.preceding == RequestId(REQUEST_ID.originator, REQUEST_ID.target, 999)


def test_where_a_schema_is_may_be_said_and_any_prefix_will_do() -> None:
    said = CORRECTION.replace("sr:", "duis:").replace(":sr=", ":duis=")
    instance = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" '
    said = said.replace("schemaVersion", f"{instance}schemaVersion")
    assert read(said) == read(CORRECTION)


def test_many_requests_in_a_batch_are_read_and_a_wrong_one_rejects_only_itself() -> None:
    document = batch(PRENOTIFICATION, sample("INVALID_8.4_variant_AE"), CORRECTION)
    first, second, third = read_requests([document])
    assert (first, third) == (read(PRENOTIFICATION), read(CORRECTION))
    assert isinstance(second, Rejected)
    assert second.line > 20


@pytest.mark.parametrize(
    ("name", "line", "column", "sentence"),
    [
        (
            "INVALID_12.2_eui",
            12,
            7,
            "DeviceID: the Device ID has no hyphens between its eight pairs of digits",
        ),
        ("INVALID_12.2_type_SAPC", 15, 7, "SAPC is not a Device Type of the inventory"),
        (
            "INVALID_8.4_order",
            15,
            9,
            "DeviceModel comes after ESMEVariant, and has to come before",
        ),
        ("INVALID_8.4_variant_AE", 14, 9, "AE is not an ESME Variant"),
        (
            "INVALID_8.4_variant_lowercase",
            14,
            9,
            "ade is not an ESME Variant; in capitals it is",
        ),
    ],
)
def test_each_sample_that_does_not_conform_is_refused_for_its_own_reason(
    name: str, line: int, column: int, sentence: str
) -> None:
    assert read(sample(name)) == Rejected(line, column, sentence)


@pytest.mark.parametrize(
    ("document", "old", "new", "because"),
    [
        (CORRECTION, ' schemaVersion="5.4"', "", "schemaVersion is missing"),
        (CORRECTION, '"5.4"', '"latest"', "schemaVersion is missing, or not two numbers"),
        (CORRECTION, " schemaVersion", ' other="" schemaVersion', "attribute that DUIS does not"),
        (CORRECTION, ":1000<", ":many<", "counter of the request id"),
        (CORRECTION, "Variant>8<", "Variant>7<", "the text is not 8, the Command Variant"),
        (CORRECTION, "<sr:CommandVariant>8</sr:CommandVariant>", "", "CommandVariant is missing"),
        (CORRECTION, "e>8.4<", "e>12.2<", "UpdateInventory is Service Request 8.4"),
        (CORRECTION, "t>8.4<", "t>8.2<", "UpdateInventory is Service Request 8.4"),
        (CORRECTION, "<sr:Header>", "<sr:Header>text", "Header has a text between"),
        (CORRECTION, "<sr:DeviceID>", '<sr:DeviceID a="">', "DeviceID has an attribute"),
        (CORRECTION, "<sr:DeviceID>", "<sr:DeviceID><sr:a/>", "DeviceID has elements in it"),
        (CORRECTION, f"<sr:DeviceID>{DEVICE_ID}</sr:DeviceID>", "", "DeviceID is missing"),
        (CORRECTION, "ESMEVariant>ADE<", "ESMEVariant> ADE<", "the text is not an ESME Variant"),
        (CORRECTION, "ESMEVariant>ADE<", "ESMEVariant><", "the text is not an ESME Variant"),
        (CORRECTION, ">ADE<", ">9900000000001<", "the text is not an ESME Variant"),
        (DETAILS, "sr:FirmwareVersion>", "sr:DeviceFirmwareVersion>", "FirmwareVersion is no"),
        (DETAILS, "FF01", "F" * 31, "more than the 30 characters"),
        (DETAILS, "00010203", "000102030", "more than the 8 characters"),
        (DETAILS, "SMETS V5.0", "V" * 21, "more than the 20 characters"),
        (PRENOTIFICATION, ">ESME<", ">esme<", "esme is not a Device Type of the inventory; in"),
        (PRENOTIFICATION, ">FF01<", "><", "the manufacturer is missing"),
        (STATUS, ">Pending<", ">Commissioned<", "the text is not a status that SR8.4 may set here"),
    ],
)
def test_what_does_not_conform_is_rejected_with_a_reason(
    document: str, old: str, new: str, because: str
) -> None:
    if new and old in {"sr:FirmwareVersion>"}:
        document = document.replace(f"</{old}", f"</{new}")
    said = changed(document, old, new)
    assert isinstance(said, Rejected)
    assert because in said.sentence
    assert "9900000000001" not in said.sentence


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ("", "asks for 0 changes"),
        ("<sr:DeleteDevice>x</sr:DeleteDevice>", "DeleteDevice is not empty"),
        ("<sr:DeleteDevice/><sr:DeleteDevice/>", "DeleteDevice is there twice"),
        ("<sr:UpdateDeviceDetails/><sr:DeleteDevice/>", "asks for 2 changes"),
        ("<sr:UpdateDeviceStatusCH>Pending</sr:UpdateDeviceStatusCH>", "of a Communications Hub"),
        ("<sr:MoveDevice/>", "MoveDevice is no element of UpdateInventory"),
    ],
)
def test_an_update_asks_for_one_change_that_duis_knows(change: str, because: str) -> None:
    said = read(updating(change))
    assert isinstance(said, Rejected)
    assert because in said.sentence


def test_a_service_request_of_another_kind_is_rejected_and_not_skipped() -> None:
    said = read(STATUS.replace("sr:UpdateInventory>", "sr:ReadInventory>"))
    assert isinstance(said, Rejected)
    assert said.sentence == "ReadInventory is not read here as the content of Body"


def test_a_signature_stands_only_at_the_end() -> None:
    signature = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'
    said = changed(CORRECTION, "<sr:Body>", f"<sr:Body>{signature}")
    assert isinstance(said, Rejected)
    assert "Body holds 2 elements" in said.sentence


def test_strict_asks_for_gbcs_identifiers_but_of_type_2_devices() -> None:
    named = PRENOTIFICATION.replace("FF01", "EXAMPLE")
    said = read(named, Form.STRICT)
    assert isinstance(said, Rejected)
    assert said.sentence == "the manufacturer is not 4 hexadecimal digits, as GBCS asks"
    assert isinstance(read(named, Form.LENIENT), Prenotification)
    assert isinstance(read(named.replace(">ESME<", ">CAD<"), Form.STRICT), Prenotification)
    assert isinstance(read(DETAILS.replace("FF01", "EXAMPLE"), Form.STRICT), Rejected)


def test_a_file_of_responses_is_no_file_of_requests() -> None:
    with pytest.raises(XmlError, match="sr:Response is not expected here"):
        list(read_requests([ALERT.encode()]))


@pytest.mark.parametrize(
    "document", [PRENOTIFICATION, DETAILS, sample("12.2_prenotify_chf_with_gpf")]
)
def test_a_request_of_the_usual_look_is_read_by_the_shortcut_with_or_without_signature(
    document: str,
) -> None:
    quick = QuickRequests(Form.STRICT)
    body = message(document)
    assert quick(body, 0) == (read(document), len(body))
    start, end = body.index("<ds:Signature"), body.index("</ds:Signature>") + len("</ds:Signature>")
    unsigned = body[:start] + body[end:]
    assert quick(unsigned, 0) == (read(document), len(unsigned))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (":1000<", f":{2**64}<"),
        ("</ds:SignedInfo>", "</ds:SignedInfo><!-- -->"),
        ("<ds:SignedInfo>", '<ds:SignedInfo xmlns:ds="urn:x">'),
        ("<ds:SignedInfo>", "<sr:DeviceID/><ds:SignedInfo>"),
        ("<sr:DeviceID>", "<sr:DeviceID >"),
        ("</sr:Request>", "</sr:Request"),
        (">AD<", ">&#65;D<"),
    ],
)
def test_whatever_else_is_left_to_be_read_element_by_element(old: str, new: str) -> None:
    body = message(DETAILS)
    assert old in body
    assert QuickRequests(Form.LENIENT)(body, 0) is not None
    assert QuickRequests(Form.LENIENT)(body.replace(old, new), 0) is None
