"""Service Requests that change the inventory, as values: SR12.2 and the five forms of SR8.4.

What a request leaves out is None; what it says is the text as it stands there. None of these can
hold an MPxN, UPRN or address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from defectreg.register.inventory.identifiers import IdentifierError, parse_device_id

PRENOTIFICATION = "12.2"
"""Service Reference of Device Pre-notification."""
UPDATE_INVENTORY = "8.4"
"""Service Reference of Update Inventory."""
UPDATABLE_STATUSES = ("Pending", "InstalledNotCommissioned")
"""What SR8.4 may set as the status of a Device that is no Communications Hub (DUIS 5.4)."""
UPDATABLE_HUB_STATUSES = ("Commissioned", "Withdrawn", "InstalledNotCommissioned")
"""What SR8.4 may set as the status of a Communications Hub Function (DUIS 5.4)."""
MOST_COUNTER = 2**64 - 1
"""The largest counter of a request id."""
_COUNTER = re.compile("[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class RequestId:
    """Who asks whom, both EUI-64 in upper case, and the originator's counter (64 bits)."""

    originator: str
    target: str
    counter: int

    def __str__(self) -> str:
        return f"{self.originator}:{self.target}:{self.counter}"


def parse_request_id(text: str) -> RequestId:
    """The request id that ``originatorEUI:targetEUI:counter`` writes; raises IdentifierError."""
    parts = text.split(":")
    if len(parts) != 3:
        raise IdentifierError("a request id is originator, target and counter with colons between")
    originator, target, counter = parts
    try:
        asks, asked = parse_device_id(originator), parse_device_id(target)
    except IdentifierError as error:
        raise IdentifierError("originator or target of the request id is not an EUI-64") from error
    if not _COUNTER.fullmatch(counter) or int(counter) > MOST_COUNTER:
        raise IdentifierError("the counter of the request id is not a whole number of 64 bits")
    return RequestId(asks, asked, int(counter))


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a request; ``first_in_sequence`` is DUIS's text, ``true`` or ``false``."""

    request_id: RequestId
    service_reference: str
    service_reference_variant: str
    command_variant: str = "8"
    first_in_sequence: str | None = None
    preceding: RequestId | None = None


@dataclass(frozen=True, slots=True)
class Prenotification:
    """SR12.2: a Device that is to enter the inventory as Pending."""

    header: Header
    schema_version: str
    device_id: str
    manufacturer: str
    model: str
    device_type: str
    smets_version: str | None = None
    firmware: str | None = None
    esme_variant: str | None = None
    gpf_device_id: str | None = None


@dataclass(frozen=True, slots=True)
class DetailsUpdate:
    """SR8.4, UpdateDeviceDetails: the details that are given are to be what is given."""

    header: Header
    schema_version: str
    device_id: str
    manufacturer: str | None = None
    model: str | None = None
    smets_version: str | None = None
    firmware: str | None = None
    esme_variant: str | None = None


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """SR8.4, UpdateDeviceStatusExceptCH, or ``of_hub`` UpdateDeviceStatusCH."""

    header: Header
    schema_version: str
    device_id: str
    status: str
    of_hub: bool


@dataclass(frozen=True, slots=True)
class DeviceDeletion:
    """SR8.4, DeleteDevice."""

    header: Header
    schema_version: str
    device_id: str


@dataclass(frozen=True, slots=True)
class MpxnUpdate:
    """SR8.4, UpdateMPxN, without what it says: an MPxN is personal. It cannot be written again."""

    header: Header
    schema_version: str
    device_id: str


Request: TypeAlias = Prenotification | DetailsUpdate | StatusUpdate | DeviceDeletion | MpxnUpdate
