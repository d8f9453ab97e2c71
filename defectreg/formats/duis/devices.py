"""What is said of a Device in DUIS's messages: which elements, and in which order."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from defectreg.formats.duis.shapes import Order

PERSONAL = ("ImportMPxN", "SecondaryImportMPAN", "ExportMPAN", "UPRN", "PropertyFilter")
"""The elements whose texts are never kept."""
MOST_DEVICES = 17
"""Devices in one response (DUIS 5.4)."""
DEVICE: Order = {
    "DeviceID": True,
    "DeviceType": True,
    "DeviceStatus": False,
    "DeviceManufacturer": True,
    "DeviceModel": True,
    "SMETSCHTSVersion": False,
    "DeviceFirmwareVersion": False,
    "DeviceFirmwareVersionStatus": False,
    "CPLStatus": False,
    "DateCommissioned": False,
    "ImportMPxN": False,
    "SecondaryImportMPAN": False,
    "ExportMPAN": False,
    "ESMEVariant": False,
    "UPRN": False,
    "PropertyFilter": False,
    "CSPRegion": False,
    "DeviceGBCSVersion": False,
    "HANVariant": False,
    "S1SP": False,
    "Connectivity": False,
}
"""The elements of a Device in an SR8.2 response, in their order; True where it has to be there."""
PRENOTIFIED: Order = {
    "DeviceID": True,
    "DeviceManufacturer": True,
    "DeviceModel": True,
    "DeviceType": True,
    "SMETSCHTSVersion": False,
    "FirmwareVersion": False,
    "ESMEVariant": False,
    "AssociatedGPFDeviceID": False,
}
"""The elements of a DevicePrenotification."""
DETAILS: Order = {
    "DeviceManufacturer": False,
    "DeviceModel": False,
    "SMETSCHTSVersion": False,
    "FirmwareVersion": False,
    "ESMEVariant": False,
}
"""The elements of an UpdateDeviceDetails."""
MOST_LINE = 64
"""Characters of a text of which DUIS is not known to say how long it may be; ours."""


@lru_cache(maxsize=20_000)
def is_day(text: str) -> bool:
    """Whether ten characters are a day of the calendar, ``2024-03-01``."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
