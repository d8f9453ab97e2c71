"""Messages of the DCC User Interface Specification (DUIS) 5.4: read from XML, and written.

Source of names, order and enumerations: DUIS Schema V5.4 (November 2025). Read are SR12.2 and SR8.4
requests, SR8.2 responses and device alerts; written are the requests. Many messages in one file
stand in an element ``Batch`` of no namespace, which is ours and not part of DUIS.
"""

from __future__ import annotations

from defectreg.formats.duis.alerts import DeviceAlert, read_alerts
from defectreg.formats.duis.inventory import InventoryReader, InventoryRow, read_inventory
from defectreg.formats.duis.requests import read_requests
from defectreg.formats.duis.shapes import Rejected
from defectreg.formats.duis.versions import SCHEMA_VERSION, check_schema_version
from defectreg.formats.duis.writing import WritableRequest, write_request, write_requests
from defectreg.formats.xml import XmlError

__all__ = [
    "SCHEMA_VERSION",
    "DeviceAlert",
    "InventoryReader",
    "InventoryRow",
    "Rejected",
    "WritableRequest",
    "XmlError",
    "check_schema_version",
    "read_alerts",
    "read_inventory",
    "read_requests",
    "write_request",
    "write_requests",
]
