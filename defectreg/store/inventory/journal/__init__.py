"""The journal: the requests that the rule allowed, kept beside the snapshots and only added to.

A row is who, when, what it was, what it is and why: there is no other audit trail, so none can
disagree with it. It is SQLite (WAL, synchronous FULL); ``tables`` has the columns.
"""

from __future__ import annotations

from defectreg.store.inventory.journal.asking import Answered, Entry, FirstChange, Journal, Kept
from defectreg.store.inventory.journal.chain import Batch, Damaged
from defectreg.store.inventory.journal.keeping import (
    Draft,
    Occasion,
    left_by,
    read_journal,
    try_journal,
    write_journal,
)

__all__ = [
    "Answered",
    "Batch",
    "Damaged",
    "Draft",
    "Entry",
    "FirstChange",
    "Journal",
    "Kept",
    "Occasion",
    "left_by",
    "read_journal",
    "try_journal",
    "write_journal",
]
