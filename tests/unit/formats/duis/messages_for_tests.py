"""DUIS messages to start from: change one thing of them."""

from __future__ import annotations

from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[3] / "fixtures" / "duis"
DEVICE_ID = "00-DB-12-34-56-78-90-A0"


def sample(name: str) -> str:
    """The text of a sample message; it was made for this project."""
    return (SAMPLES / f"{name}.xml").read_text(encoding="utf-8")


PRENOTIFICATION = sample("12.2_prenotify_esme")
DETAILS = sample("8.4_update_all_details_pending")
CORRECTION = sample("8.4_update_esme_variant_only")
STATUS = sample("8.4_status_pending_except_ch")
INVENTORY = sample("8.2_read_inventory_response_full_sms")
ALERT = sample("device_alert_8F1E")
DCC_ALERT = sample("dcc_alert_firmware_version_mismatch")


def message(document: str) -> str:
    """A document without what comes before its root, as it usually stands in a batch."""
    return document.partition("-->")[2].strip()


def batch(*documents: str) -> bytes:
    """Many messages in one file."""
    return "\n".join(("<Batch>", *map(message, documents), "</Batch>")).encode()
