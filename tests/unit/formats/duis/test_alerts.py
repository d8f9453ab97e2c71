"""Device alerts read from DUIS responses."""

from __future__ import annotations

import pytest

from defectreg.formats.duis import DeviceAlert, Rejected, XmlError, read_alerts
from tests.unit.formats.duis.messages_for_tests import ALERT, DCC_ALERT, INVENTORY, STATUS, batch

DEVICE = "90-B3-D5-1F-30-01-00-00"


def read(document: str) -> DeviceAlert | Rejected:
    [said] = read_alerts([document.encode()])
    return said


def test_an_alert_says_device_code_time_and_for_how_many_it_stands() -> None:
    assert read(ALERT) == DeviceAlert(DEVICE, "8F1E", "2026-01-15T09:30:00.000Z", 500)


def test_an_alert_that_is_not_throttled_has_no_count_and_its_code_is_in_capitals() -> None:
    plain = ALERT.replace("<sr:ThrottledAlertSequenceId>7</sr:ThrottledAlertSequenceId>", "")
    plain = plain.replace("<sr:ThrottledAlertCount>500</sr:ThrottledAlertCount>", "")
    said = read(plain.replace("8F1E", "8f1e"))
    assert isinstance(said, DeviceAlert)
    assert (said.code, said.throttled_count) == ("8F1E", None)


def test_other_responses_among_alerts_are_rejected_each_for_itself() -> None:
    alert, dcc_alert, inventory, again = read_alerts([batch(ALERT, DCC_ALERT, INVENTORY, ALERT)])
    assert alert == again == read(ALERT)
    assert isinstance(dcc_alert, DeviceAlert)
    assert isinstance(inventory, Rejected)
    assert "ResponseMessage" in inventory.sentence


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        (">8F1E<", ">8F1<", "not four hexadecimal digits"),
        (">8F1E<", ">0x8F1E<", "not four hexadecimal digits"),
        (">500<", ">-1<", "not a whole number of 32 bits"),
        (">500<", ">4294967296<", "not a whole number of 32 bits"),
        ("2026-01-15T09:30:00.000Z", "15/01/2026 09:30", "not a date and time"),
        (":1000<", "<", "colons between"),
        ("<sr:ResponseCode>I0</sr:ResponseCode>", "<sr:RequestID/>", "RequestID is there twice"),
        ("<sr:GBCSPayload>ZGVmYXVsdA==</sr:GBCSPayload>", "", "GBCSPayload is missing"),
    ],
)
def test_what_does_not_conform_is_rejected(old: str, new: str, because: str) -> None:
    assert old in ALERT
    said = read(ALERT.replace(old, new))
    assert isinstance(said, Rejected)
    assert because in said.sentence


def test_a_dcc_alert_is_of_the_device_that_it_names() -> None:
    assert read(DCC_ALERT) == DeviceAlert(
        "00-DB-12-34-56-78-90-A1", "N49", "2026-01-15T09:30:00.000Z", None
    )


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        (">N49<", ">N32<", "none of a DCC Alert"),
        ("DeviceID>", "Device>", "names no Device"),
        ("<sr:DeviceID>00-", "<sr:DeviceID>x0-", "DeviceID: the Device ID is not eight pairs"),
        ("<sr:DCCAlertCode>N49</sr:DCCAlertCode>", "", "DCCAlertCode is missing"),
    ],
)
def test_a_dcc_alert_that_does_not_conform_is_rejected(old: str, new: str, because: str) -> None:
    assert old in DCC_ALERT
    said = read(DCC_ALERT.replace(old, new))
    assert isinstance(said, Rejected)
    assert because in said.sentence


def test_a_file_of_requests_is_no_file_of_alerts() -> None:
    with pytest.raises(XmlError, match="sr:Request is not expected here"):
        list(read_alerts([STATUS.encode()]))
