"""A Device of the inventory, as a row of a snapshot says it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InventoryDevice:
    """What an extract says of a Device; every column is its text, empty where it is not given.

    ``supplier`` (the Responsible Supplier) and ``prenotified_by`` are EUI-64, ``base_letter`` is
    the A, B or C that the meter reports, ``supplier_since`` and ``firmware_since`` are ISO dates.
    ``premises`` numbers the Devices of one Communications Hub and means nothing elsewhere.
    """

    device_id: str
    device_type: str = ""
    device_status: str = ""
    manufacturer: str = ""
    model: str = ""
    smets_version: str = ""
    firmware: str = ""
    firmware_status: str = ""
    cpl_status: str = ""
    date_commissioned: str = ""
    esme_variant: str = ""
    region: str = ""
    gbcs_version: str = ""
    han_variant: str = ""
    supplier: str = ""
    supplier_since: str = ""
    prenotified_by: str = ""
    base_letter: str = ""
    firmware_since: str = ""
    premises: int | None = None
