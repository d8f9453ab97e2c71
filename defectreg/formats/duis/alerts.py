"""Device alerts and DCC Alerts, read from DUIS responses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from defectreg.formats.duis import shapes
from defectreg.formats.duis.shapes import Order, Rejected, Wrong
from defectreg.formats.xml import Element, read_units
from defectreg.register.codes import is_dcc_alert_code
from defectreg.register.inventory.identifiers import IdentifierError
from defectreg.register.inventory.requests import parse_request_id

_LAYOUT = shapes.layout("Response", ("GBCSPayload", "ResponseMessage"))
_ALERT: Order = {
    "AlertCode": True,
    "ThrottledAlertSequenceId": False,
    "ThrottledAlertCount": False,
    "GBCSPayload": True,
}
_DCC_ALERT: Order = {"DCCAlertCode": True, "DCCAlert": True}
_MESSAGES = ("DeviceAlertMessage", "DCCAlertMessage")
_HEXADECIMAL = re.compile("[0-9A-Fa-f]{4}")
_UNSIGNED = re.compile("[0-9]{1,10}")
_MOST_UNSIGNED = 2**32 - 1
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


@dataclass(frozen=True, slots=True)
class DeviceAlert:
    """An alert: the Device's EUI-64, the code (``8F1E``, ``N49``), when the DCC sent it (as given).

    ``throttled_count`` is of how many alerts this stands; None where it is not throttled. That the
    Device is the first EUI of the RequestID, and of a DCC Alert the first ``DeviceID`` in it, is
    inferred, not sourced.
    """

    device_id: str
    code: str
    time: str
    throttled_count: int | None


def read_alerts(chunks: Iterable[bytes]) -> Iterator[DeviceAlert | Rejected]:
    """Each alert as it comes, of a Device or of the DCC, or why a response is none.

    Raises XmlError for a file that is to be refused as a whole, also after alerts were given: none
    of them counts before the last one was given.
    """
    for unit in read_units(chunks, _LAYOUT):
        try:
            yield _alert(unit)
        except Wrong as wrong:
            yield wrong.rejected


def _alert(unit: Element) -> DeviceAlert:
    shapes.schema_version(unit)
    header = shapes.only(unit, "Header")
    name, message = shapes.one_of(shapes.only(unit, "Body"), _MESSAGES)
    if name == "DCCAlertMessage":
        return _dcc_alert(header, message)
    found = shapes.in_order(message, _ALERT)
    count = shapes.optional(found, "ThrottledAlertCount", _check_count)
    return DeviceAlert(
        device_id=_device_id(shapes.only(header, "RequestID")),
        code=shapes.value(found["AlertCode"], _check_code).upper(),
        time=shapes.value(shapes.only(header, "ResponseDateTime"), _check_time),
        throttled_count=None if count is None else int(count),
    )


def _dcc_alert(header: Element, message: Element) -> DeviceAlert:
    found = shapes.in_order(message, _DCC_ALERT)
    named = next(_device_ids(found["DCCAlert"]), None)
    if named is None:
        raise Wrong(found["DCCAlert"], "the DCC Alert names no Device")
    return DeviceAlert(
        device_id=shapes.device_id(named),
        code=shapes.value(found["DCCAlertCode"], _check_dcc_code),
        time=shapes.value(shapes.only(header, "ResponseDateTime"), _check_time),
        throttled_count=None,
    )


def _device_ids(element: Element) -> Iterator[Element]:
    """The elements ``DeviceID`` in an element, as they come, however deep; XML bounds the depth."""
    for child in element.elements:
        if child.name == "sr:DeviceID":
            yield child
        yield from _device_ids(child)


def _device_id(element: Element) -> str:
    try:
        return parse_request_id(shapes.text_of(element)).originator
    except IdentifierError as error:
        raise Wrong(element, error.sentence) from error


def _check_code(text: str) -> str | None:
    fits = _HEXADECIMAL.fullmatch(text)
    return None if fits else "the alert code is not four hexadecimal digits"


def _check_dcc_code(text: str) -> str | None:
    return None if is_dcc_alert_code(text) else "the code is none of a DCC Alert"


def _check_count(text: str) -> str | None:
    fits = _UNSIGNED.fullmatch(text) and int(text) <= _MOST_UNSIGNED
    return None if fits else "the count is not a whole number of 32 bits"


def _check_time(text: str) -> str | None:
    return None if _TIME.fullmatch(text) else "the time is not a date and time as XML writes them"
