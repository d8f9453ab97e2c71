"""What allowed requests make of a Device: the changes that the journal keeps, one after the other.

A change of the inventory is *proposed* when the rule allowed it, *sent* when it went to the DCC,
*accepted* or *refused* by the answer's response code, *seen* when a later extract shows it, and
*overtaken* when a later extract shows something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from defectreg.register.inventory.device import InventoryDevice
from defectreg.register.inventory.requests import (
    DetailsUpdate,
    DeviceDeletion,
    Prenotification,
)


class Kind(StrEnum):
    """What a change does."""

    PRENOTIFIED = "prenotified"
    UPDATED = "updated"
    DELETED = "deleted"


class Answer(StrEnum):
    """What became of a change with the DCC."""

    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Standing(StrEnum):
    """How far a change has come."""

    PROPOSED = "proposed"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SEEN = "seen"
    OVERTAKEN = "overtaken"


DETAILS = ("manufacturer", "model", "smets_version", "firmware", "esme_variant")
"""What SR8.4 UpdateDeviceDetails may give, in the order of DUIS."""
JUDGED = (
    "device_status",
    "device_type",
    *DETAILS,
    "region",
    "supplier",
    "prenotified_by",
)
"""What the rule looks at, of a Device."""
PRENOTIFIED_DETAILS = (
    "manufacturer",
    "model",
    "device_type",
    "smets_version",
    "firmware",
    "esme_variant",
    "gpf_device_id",
)
"""What SR12.2 may give. ``gpf_device_id`` is no column of a Device: see ``after``."""
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "asn": "wrong on the ASN",
        "pre-notification": "wrong at pre-notification",
        "previous-supplier": "an error of a previous Supplier",
        "firmware-upgrade": "a firmware upgrade that changed what the meter does",
    }
)
"""The reasons of a correction that MP125 names, by the word that is typed for each."""
_COLUMNS = tuple(field.name for field in fields(InventoryDevice))

Changing = Prenotification | DetailsUpdate | DeviceDeletion
"""The requests that change what the inventory says of a Device, where the rule allows them."""


@dataclass(frozen=True, slots=True)
class Change:
    """A request that the rule allowed: what it gives, by column; empty for a deletion."""

    request_id: str
    device_id: str
    kind: Kind
    given: Mapping[str, str]

    @property
    def sender(self) -> str:
        """The EUI-64 of who asks: the originator of the request id."""
        return self.request_id.partition(":")[0]


def kind_of(request: Changing) -> Kind:
    if isinstance(request, DetailsUpdate):
        return Kind.UPDATED
    return Kind.PRENOTIFIED if isinstance(request, Prenotification) else Kind.DELETED


def given_of(request: Changing) -> dict[str, str]:
    """What a request gives, by column, in the order of DUIS."""
    if isinstance(request, DeviceDeletion):
        return {}
    names = DETAILS if isinstance(request, DetailsUpdate) else PRENOTIFIED_DETAILS
    given = ((name, getattr(request, name)) for name in names)
    return {name: says for name, says in given if says is not None}


def was_of(request: Changing, device: InventoryDevice | None) -> dict[str, str]:
    """What the inventory said of what a request changes; of a deleted Device ``JUDGED``."""
    if device is None:
        return {}
    if isinstance(request, DeviceDeletion):
        said = ((name, getattr(device, name)) for name in JUDGED)
        return {name: says for name, says in said if says}
    return {name: getattr(device, name) for name in given_of(request) if name in _COLUMNS}


def after(device: InventoryDevice | None, change: Change) -> InventoryDevice | None:
    """The Device when the change was made; None where there is none.

    A pre-notified Device is Pending, by who sent the request. What a pre-notified Communications
    Hub says of its GPF is kept with the change, and makes no Device here. An update of a Device
    that is not there, since what had made it was refused, makes none.
    """
    if change.kind == Kind.DELETED:
        return None
    given: dict[str, Any] = {name: says for name, says in change.given.items() if name in _COLUMNS}
    if change.kind == Kind.PRENOTIFIED:
        return InventoryDevice(
            change.device_id, device_status="Pending", prenotified_by=change.sender, **given
        )
    return None if device is None else replace(device, **given)


def present(device: InventoryDevice | None, changes: Iterable[Change]) -> InventoryDevice | None:
    """The Device as a snapshot says it, with the changes since, in their order."""
    for change in changes:
        device = after(device, change)
    return device


def is_shown(device: InventoryDevice | None, change: Change) -> bool:
    """Whether an extract that says this of the Device shows the change."""
    if change.kind == Kind.DELETED:
        return device is None
    return device is not None and all(
        getattr(device, name).upper() == says.upper()
        for name, says in change.given.items()
        if name in _COLUMNS
    )


def is_after(as_of: str, at: str) -> bool:
    """Whether an extract of that day was taken after a time (both ISO 8601, UTC).

    One of the same day is not: which of both came first is not known.
    """
    return as_of > at


def standing(
    change: Change, answer: Answer | None, device: InventoryDevice | None, *, is_later: bool
) -> Standing:
    """How far a change has come: by the last answer, and by the extract at hand.

    ``device`` is the Device of that extract, ``is_later`` whether it was taken after the change.
    """
    if answer == Answer.REFUSED:
        return Standing.REFUSED
    if is_later:
        return Standing.SEEN if is_shown(device, change) else Standing.OVERTAKEN
    return Standing.PROPOSED if answer is None else Standing(answer.value)
