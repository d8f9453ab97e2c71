"""Requests to start from: change one thing of them."""

from __future__ import annotations

from defectreg.register.inventory.device import InventoryDevice
from defectreg.register.inventory.requests import (
    DetailsUpdate,
    DeviceDeletion,
    Header,
    MpxnUpdate,
    Prenotification,
    RequestId,
    StatusUpdate,
)

INSTALLING = "90-B3-D5-1F-30-01-00-00"
RESPONSIBLE = "90-B3-D5-1F-30-02-00-00"
STRANGER = "90-B3-D5-1F-30-03-00-00"
DEVICE_ID = "00-DB-12-34-56-78-90-A1"
HEADER = Header(RequestId(RESPONSIBLE, "90-B3-D5-1F-30-00-00-02", 1000), "8.4", "8.4")

CORRECTION = DetailsUpdate(HEADER, "5.4", DEVICE_ID, esme_variant="AD")
DELETION = DeviceDeletion(HEADER, "5.4", DEVICE_ID)
STATUS = StatusUpdate(HEADER, "5.4", DEVICE_ID, "InstalledNotCommissioned", of_hub=False)
MPXN = MpxnUpdate(HEADER, "5.4", DEVICE_ID)
PRENOTIFICATION = Prenotification(
    Header(RequestId(INSTALLING, "90-B3-D5-1F-30-00-00-02", 7), "12.2", "12.2"),
    "5.4",
    DEVICE_ID,
    "FF01",
    "00010100",
    "ESME",
    "SMETS V5.0",
    "00010203",
    "A",
)
METER = InventoryDevice(
    DEVICE_ID,
    "ESME",
    "Commissioned",
    "FF01",
    "00010100",
    "SMETS V5.0",
    "00010203",
    esme_variant="A",
    region="North",
    supplier=RESPONSIBLE,
    prenotified_by=INSTALLING,
)
