"""Pre-notifications and updates of details as they usually look, read by patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from defectreg.formats.duis.devices import DETAILS, PRENOTIFIED
from defectreg.formats.duis.patterns import (
    EUI,
    closed,
    element,
    message,
    opened,
    optional,
    signature,
    texts,
)
from defectreg.formats.duis.shapes import Order
from defectreg.register.inventory.identifiers import Form
from defectreg.register.inventory.requests import (
    MOST_COUNTER,
    PRENOTIFICATION,
    UPDATE_INVENTORY,
    DetailsUpdate,
    Header,
    Prenotification,
    RequestId,
)

_REQUEST_ID = f"({EUI}):({EUI}):([0-9]{{1,20}})"


Made: TypeAlias = DetailsUpdate | Prenotification


class QuickRequests:
    """Called with a text and a place in it: the request there, and where it ends.

    None where what stands there is not wholly a request of the usual look. ``form`` says how exact
    identifiers are.
    """

    def __init__(self, form: Form) -> None:
        self._update, self._prenotification = _patterns(form)

    def __call__(self, text: str, start: int) -> tuple[Made, int] | None:
        made: Made
        if match := self._update.match(text, start):
            version, header, device_id, *details = _parts(match, UPDATE_INVENTORY)
            made = DetailsUpdate(header, version, device_id, *details)
        elif match := self._prenotification.match(text, start):
            version, header, device_id, *details, gpf = _parts(match, PRENOTIFICATION)
            gpf_device_id = gpf.upper() if gpf else None
            made = Prenotification(header, version, device_id, *(*details, gpf_device_id))
        else:
            return None
        return (made, match.end()) if header.request_id.counter <= MOST_COUNTER else None


def _parts(match: re.Match[str], reference: str) -> tuple[Any, ...]:
    """The schema version, header and Device ID of a request, and the texts after them."""
    version, originator, target, counter, first, device_id, *details = match.groups()
    request_id = RequestId(originator.upper(), target.upper(), int(counter))
    header = Header(request_id, reference, reference, first_in_sequence=first)
    return (version, header, device_id.upper(), *details)


@lru_cache(maxsize=2)
def _patterns(form: Form) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Of an update of details, and of a pre-notification."""
    identifiers = {**texts(form), "AssociatedGPFDeviceID": f"({EUI})"}
    update = (
        opened("UpdateInventory"),
        element("DeviceID", identifiers["DeviceID"]),
        opened("UpdateDeviceDetails"),
        *_elements(DETAILS, identifiers),
        closed("UpdateDeviceDetails"),
        closed("UpdateInventory"),
    )
    prenotification = (
        opened("DevicePrenotification"),
        *_elements(PRENOTIFIED, identifiers),
        closed("DevicePrenotification"),
    )
    return _request(UPDATE_INVENTORY, update), _request(PRENOTIFICATION, prenotification)


def _elements(order: Order, identifiers: Mapping[str, str]) -> Iterator[str]:
    for name, is_needed in order.items():
        pattern = element(name, identifiers[name])
        yield pattern if is_needed else optional(pattern)


def _request(reference: str, body: Iterable[str]) -> re.Pattern[str]:
    code = re.escape(reference)
    parts = (
        message("Request"),
        opened("Header"),
        element("RequestID", _REQUEST_ID),
        optional(element("FirstInSequence", "(true|false|1|0)")),
        element("CommandVariant", "8"),
        element("ServiceReference", code),
        element("ServiceReferenceVariant", code),
        closed("Header"),
        opened("Body"),
        *body,
        closed("Body"),
        signature(),
        closed("Request"),
    )
    return re.compile("".join(parts))
