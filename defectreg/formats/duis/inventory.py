"""The inventory as SR8.2 responses tell it: one row a Device, without what is personal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from defectreg.formats.duis import shapes
from defectreg.formats.duis.devices import DEVICE, MOST_DEVICES, MOST_LINE, PERSONAL, is_day
from defectreg.formats.duis.quick_responses import QuickResponses
from defectreg.formats.duis.shapes import Check, Rejected, Wrong
from defectreg.formats.xml import Element, read_units_quickly
from defectreg.register.devices import INVENTORY_DEVICE_TYPES, REGIONS
from defectreg.register.inventory.identifiers import CPL_STATUSES, DEVICE_STATUSES, Form, form_for
from defectreg.register.inventory.variants import VARIANTS

_DATE = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_is_type = shapes.code(INVENTORY_DEVICE_TYPES, "a Device Type of the inventory")
_DAY = len("2024-03-01")
_LAYOUT = shapes.layout("Response", PERSONAL)


class InventoryRow(NamedTuple):
    """What a response says of a Device, empty where it does not; the Device ID in upper case.

    ``date_commissioned`` is the day (ISO 8601) without its zone. ``response`` numbers the responses
    of the file from 1: the Devices of one are the Devices of one premises.
    """

    device_id: str
    device_type: str
    device_status: str
    manufacturer: str
    model: str
    smets_version: str
    firmware: str
    firmware_status: str
    cpl_status: str
    date_commissioned: str
    esme_variant: str
    region: str
    gbcs_version: str
    han_variant: str
    response: int


class InventoryReader:
    """Iterated once, gives the Devices of a file as they come, and what is wrong in between.

    ``dropped`` has the names of the personal elements that were met so far, never their texts.
    Raises XmlError for a file that is to be refused as a whole, also after rows were given: none of
    them counts before the last one was given, so keep them aside until then.
    """

    def __init__(self, chunks: Iterable[bytes], form: Form) -> None:
        self.dropped: set[str] = set()
        self._chunks = chunks
        self._form = form
        self._shortcut = QuickResponses(form)
        self._responses = 0

    def __iter__(self) -> Iterator[InventoryRow | Rejected]:
        for said in read_units_quickly(self._chunks, _LAYOUT, self._shortcut):
            self._responses += 1
            if isinstance(said, Element):
                yield from self._response(said)
            else:
                self.dropped.update(said.dropped)
                number = (self._responses,)
                for texts in said.rows:
                    yield InventoryRow._make(texts + number)

    def _response(self, unit: Element) -> Iterator[InventoryRow | Rejected]:
        try:
            devices = _devices(unit)
        except Wrong as wrong:
            yield wrong.rejected
            return
        for device in devices:
            try:
                yield self._row(device)
            except Wrong as wrong:
                yield wrong.rejected

    def _row(self, device: Element) -> InventoryRow:
        if device.name != "sr:Device":
            raise Wrong(device, "DSPInventory holds something else than a Device")
        found = shapes.in_order(device, DEVICE)
        self.dropped.update(name for name in PERSONAL if name in found)
        device_id = shapes.device_id(found["DeviceID"])
        device_type = shapes.value(found["DeviceType"], _is_type)
        checks = _checks(form_for(device_type, self._form))
        texts = (shapes.optional(found, name, check) or "" for name, check in checks.items())
        row = InventoryRow._make((device_id, device_type, *texts, self._responses))
        return row._replace(date_commissioned=row.date_commissioned[:_DAY])


def read_inventory(chunks: Iterable[bytes], form: Form = Form.LENIENT) -> InventoryReader:
    """The Devices of SR8.2 responses, one or a batch; identifiers as exact as the form says."""
    return InventoryReader(chunks, form)


def _devices(unit: Element) -> list[Element]:
    shapes.schema_version(unit)
    _, message = shapes.one_of(shapes.only(unit, "Body"), ("ResponseMessage",))
    inventory = shapes.only(message, "DSPInventory")
    count = len(inventory.elements)
    if not 1 <= count <= MOST_DEVICES:
        raise Wrong(inventory, f"a response holds 1 to {MOST_DEVICES} Devices, this has {count}")
    return inventory.elements


@lru_cache(maxsize=2)
def _checks(form: Form) -> Mapping[str, Check]:
    """The elements that are kept after DeviceType, in the order of a row, and the check of each."""
    identifiers = shapes.checks(form)
    cpl_status = shapes.code(CPL_STATUSES, "a status of the Central Products List")
    return {
        "DeviceStatus": shapes.code(DEVICE_STATUSES, "a Device Status"),
        "DeviceManufacturer": _if_given(identifiers["DeviceManufacturer"]),
        "DeviceModel": _if_given(identifiers["DeviceModel"]),
        "SMETSCHTSVersion": identifiers["SMETSCHTSVersion"],
        "DeviceFirmwareVersion": identifiers["DeviceFirmwareVersion"],
        "DeviceFirmwareVersionStatus": cpl_status,
        "CPLStatus": cpl_status,
        "DateCommissioned": _check_date,
        "ESMEVariant": shapes.code(VARIANTS, "an ESME Variant"),
        "CSPRegion": shapes.code(REGIONS, "a CSP Region"),
        "DeviceGBCSVersion": _check_line,
        "HANVariant": _check_line,
    }


def _if_given(check: Check) -> Check:
    """DUIS lets the text of these be empty, though the element has to be there."""
    return lambda text: check(text) if text else None


def _check_date(text: str) -> str | None:
    found = _DATE.fullmatch(text)
    return None if found and is_day(found[1]) else "the date is not one as XML writes it"


def _check_line(text: str) -> str | None:
    fits = len(text) <= MOST_LINE and text.isprintable()
    return None if fits else f"the text is not one line of up to {MOST_LINE} characters"
