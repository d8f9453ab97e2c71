"""The receipt of an import."""

from __future__ import annotations

import datetime

from defectreg.intake.plans import Plan, Planned
from defectreg.intake.receipts import Entered, Receipt, message_of, receipt_json

ID = "DR-7K3Q-X4MB"
DAY = datetime.date(2026, 11, 22)
PLAN = Plan(
    "a" * 64, "service-desk", DAY,
    (Planned((2, 3), "new", decided="as decided"), Planned((4,), "skipped", why="it was filed")),
)  # fmt: skip
RECEIPT = Receipt(
    PLAN, DAY, (Entered(ID, True, 1, (2, 3), "submit/one"),), {"submit/one": "b" * 40}
)


def test_a_receipt_says_what_became_of_every_row() -> None:
    told = receipt_json(RECEIPT)
    assert told["rows"] == {"new": 2, "existing": 0, "likely-duplicate": 0, "skipped": 1}
    assert told["records"] == [
        {"id": ID, "new": True, "reports": 1, "lines": "2-3", "branch": "submit/one"}
    ]
    assert told["skipped"] == [{"lines": "4", "why": "it was filed"}]
    assert (told["decided"], told["file"]) == (2, "a" * 64)


def test_the_message_of_its_commit_has_counts_and_nothing_of_the_file() -> None:
    said = message_of(RECEIPT)
    assert said.startswith("Import reports that stand for rows: 2\n\nNew records: 1\nReports: 1\n")
    assert "a" * 64 not in said
