"""Requests that change the inventory: SR12.2 and SR8.4, read from XML.

The order of elements is DUIS 5.4's, and so are enumerations and formats. Of UpdateMPxN nothing is
kept but that it was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from defectreg.formats.duis import shapes
from defectreg.formats.duis.devices import DETAILS, PRENOTIFIED
from defectreg.formats.duis.quick_requests import QuickRequests
from defectreg.formats.duis.shapes import Order, Rejected, Wrong
from defectreg.formats.xml import Element, read_units_quickly
from defectreg.register.devices import INVENTORY_DEVICE_TYPES
from defectreg.register.inventory.identifiers import Form, IdentifierError, form_for
from defectreg.register.inventory.requests import (
    PRENOTIFICATION,
    UPDATABLE_HUB_STATUSES,
    UPDATABLE_STATUSES,
    UPDATE_INVENTORY,
    DetailsUpdate,
    DeviceDeletion,
    Header,
    MpxnUpdate,
    Prenotification,
    Request,
    RequestId,
    StatusUpdate,
    parse_request_id,
)
from defectreg.register.inventory.variants import VARIANTS

_REQUEST: Order = {"Header": True, "Body": True, "ds:Signature": False}
_HEADER: Order = {
    "RequestID": True,
    "FirstInSequence": False,
    "PrecedingServiceRequestID": False,
    "CommandVariant": True,
    "ServiceReference": True,
    "ServiceReferenceVariant": True,
}
_BODIES = {"DevicePrenotification": PRENOTIFICATION, "UpdateInventory": UPDATE_INVENTORY}
_UPDATES = (
    "UpdateDeviceStatusExceptCH",
    "UpdateDeviceStatusCH",
    "UpdateDeviceDetails",
    "DeleteDevice",
    "UpdateMPxN",
)
_LAYOUT = shapes.layout("Request", ("UpdateMPxN",))
_is_boolean = shapes.code(("true", "false", "1", "0"), "true or false")
_is_type = shapes.code(INVENTORY_DEVICE_TYPES, "a Device Type of the inventory")
_is_variant = shapes.code(VARIANTS, "an ESME Variant")
_is_status = shapes.code(UPDATABLE_STATUSES, "a status that SR8.4 may set here")
_is_hub_status = shapes.code(
    UPDATABLE_HUB_STATUSES, "a status that SR8.4 may set of a Communications Hub"
)


def read_requests(
    chunks: Iterable[bytes], form: Form = Form.LENIENT
) -> Iterator[Request | Rejected]:
    """Each request of a file as it comes, or why it is none; identifiers as exact as the form says.

    Raises XmlError for a file that is to be refused as a whole, also after requests were given:
    none of them counts before the last one was given.
    """
    for said in read_units_quickly(chunks, _LAYOUT, QuickRequests(form)):
        try:
            yield _request(said, form) if isinstance(said, Element) else said
        except Wrong as wrong:
            yield wrong.rejected


def _request(unit: Element, form: Form) -> Request:
    version = shapes.schema_version(unit)
    parts = shapes.in_order(unit, _REQUEST)
    header = _header(parts["Header"])
    kind, body = shapes.one_of(parts["Body"], _BODIES)
    if (header.service_reference, header.service_reference_variant) != (_BODIES[kind],) * 2:
        raise Wrong(
            body, f"{kind} is Service Request {_BODIES[kind]}, which the header does not say"
        )
    read = _prenotification if kind == "DevicePrenotification" else _update
    return read(body, header, version, form)


def _header(element: Element) -> Header:
    found = shapes.in_order(element, _HEADER)
    command_variant = shapes.value(
        found["CommandVariant"], shapes.code(("8",), "8, the Command Variant of these requests")
    )
    preceding = found.get("PrecedingServiceRequestID")
    return Header(
        request_id=_request_id(found["RequestID"]),
        service_reference=shapes.text_of(found["ServiceReference"]),
        service_reference_variant=shapes.text_of(found["ServiceReferenceVariant"]),
        command_variant=command_variant,
        first_in_sequence=shapes.optional(found, "FirstInSequence", _is_boolean),
        preceding=None if preceding is None else _request_id(preceding),
    )


def _request_id(element: Element) -> RequestId:
    try:
        return parse_request_id(shapes.text_of(element))
    except IdentifierError as error:
        raise Wrong(element, error.sentence) from error


def _prenotification(element: Element, header: Header, version: str, form: Form) -> Prenotification:
    found = shapes.in_order(element, PRENOTIFIED)
    device_type = shapes.value(found["DeviceType"], _is_type)
    checks = shapes.checks(form_for(device_type, form))
    gpf = found.get("AssociatedGPFDeviceID")
    return Prenotification(
        header=header,
        schema_version=version,
        device_id=shapes.device_id(found["DeviceID"]),
        manufacturer=shapes.value(found["DeviceManufacturer"], checks["DeviceManufacturer"]),
        model=shapes.value(found["DeviceModel"], checks["DeviceModel"]),
        device_type=device_type,
        smets_version=shapes.optional(found, "SMETSCHTSVersion", checks["SMETSCHTSVersion"]),
        firmware=shapes.optional(found, "FirmwareVersion", checks["FirmwareVersion"]),
        esme_variant=shapes.optional(found, "ESMEVariant", _is_variant),
        gpf_device_id=None if gpf is None else shapes.device_id(gpf),
    )


def _update(element: Element, header: Header, version: str, form: Form) -> Request:
    asked, change = _asked(element)
    device_id = shapes.device_id(asked)
    kind = change.name.removeprefix("sr:")
    if kind == "UpdateDeviceDetails":
        return _details(change, header, version, device_id, form)
    if kind == "DeleteDevice":
        shapes.empty(change)
        return DeviceDeletion(header, version, device_id)
    if kind == "UpdateMPxN":
        return MpxnUpdate(header, version, device_id)
    of_hub = kind == "UpdateDeviceStatusCH"
    status = shapes.value(change, _is_hub_status if of_hub else _is_status)
    return StatusUpdate(header, version, device_id, status, of_hub)


def _asked(element: Element) -> tuple[Element, Element]:
    """The DeviceID of an UpdateInventory, and the one change that it asks for."""
    found = shapes.in_order(element, {"DeviceID": True, **dict.fromkeys(_UPDATES, False)})
    changes = [found[name] for name in _UPDATES if name in found]
    if len(changes) != 1:
        raise Wrong(
            changes[1] if changes else element,
            f"UpdateInventory asks for {len(changes)} changes, and not for 1",
        )
    return found["DeviceID"], changes[0]


def _details(
    element: Element, header: Header, version: str, device_id: str, form: Form
) -> DetailsUpdate:
    found = shapes.in_order(element, DETAILS)
    checks = shapes.checks(form)

    def given(name: str) -> str | None:
        return shapes.optional(found, name, checks.get(name, _is_variant))

    return DetailsUpdate(
        header=header,
        schema_version=version,
        device_id=device_id,
        manufacturer=given("DeviceManufacturer"),
        model=given("DeviceModel"),
        smets_version=given("SMETSCHTSVersion"),
        firmware=given("FirmwareVersion"),
        esme_variant=given("ESMEVariant"),
    )
