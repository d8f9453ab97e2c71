"""Words that stand in every form of output alike: the disclaimer, and the kinds of record."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defectreg.register.record import Record

DISCLAIMER = (
    "No recommendations are made or intended. An entry is not a finding of fault or of "
    "non-compliance, and is not an admission by any party. Entries reflect what was reported and "
    "validated on the date shown; they may be incomplete, disputed or later corrected. Not every "
    "issue is reported, so the number of entries says nothing about the quality of a Device and "
    "must not be used to compare manufacturers. Parties remain responsible for satisfying "
    "themselves that the Devices they procure and install are suitable."
)
"""Stands on every page, file, feed and letter (MP137 section 7, Bias)."""
KIND_WORDS = {
    "issue": "Issue",
    "defect": "Defect",
    "unusual-behaviour": "Unusual behaviour",
    "superfluous-alerts": "Superfluous Alerts",
    "device-information": "Device information",
}


def kind_words(record: Record) -> str:
    """The words for its kind: until certainty is confirmed a defect is a possible one."""
    if record.kind == "defect" and record.certainty != "confirmed":
        return "Possible defect"
    return KIND_WORDS[record.kind]
