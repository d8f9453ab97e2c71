"""What an import did, as a receipt: kept outside git, and in short as its commit's message."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from defectreg.intake.plans import Plan, lines_text
from defectreg.intake.reports import EXISTING, LIKELY_DUPLICATE, NEW, SKIPPED

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered on one record: how many reports, for which lines of the file."""

    record_id: str
    is_new: bool
    reports: int
    lines: tuple[int, ...]
    branch: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an import did. ``commits`` are its commits by branch, as people type branches."""

    plan: Plan
    day: datetime.date
    entered: tuple[Entered, ...]
    commits: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered."""
        return not self.entered

    @property
    def new(self) -> int:
        """How many records are new."""
        return sum(each.is_new for each in self.entered)

    @property
    def reports(self) -> int:
        """How many reports were entered."""
        return sum(each.reports for each in self.entered)

    @property
    def rows(self) -> int:
        """How many rows the reports stand for."""
        return sum(len(each.lines) for each in self.entered)


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """The receipt as one object of JSON.

    ``schema_version``: 1; ``day``; ``file`` (SHA-256); ``source``; ``commits`` (by branch);
    ``rows``: how many were ``new``, ``existing``, left to decide (``likely-duplicate``), and
    ``skipped``; ``records``, each with ``id``, ``new``, ``reports`` (how many), ``lines`` and
    ``branch``; ``skipped``, each with ``lines`` and ``why``; ``decided`` (rows that an earlier
    decision settled).
    """
    plan = receipt.plan
    return {
        "schema_version": SCHEMA_VERSION,
        "day": receipt.day.isoformat(),
        "file": plan.sha256,
        "source": plan.source,
        "commits": dict(receipt.commits),
        "rows": {each: plan.rows(each) for each in (NEW, EXISTING, LIKELY_DUPLICATE, SKIPPED)},
        "records": [
            {
                "id": each.record_id,
                "new": each.is_new,
                "reports": each.reports,
                "lines": lines_text(each.lines),
                "branch": each.branch,
            }
            for each in receipt.entered
        ],
        "skipped": [
            {"lines": lines_text(each.lines), "why": each.why} for each in plan.of(SKIPPED)
        ],
        "decided": sum(len(each.lines) for each in plan.groups if each.decided),
    }


def message_of(receipt: Receipt) -> str:
    """The receipt in short, which may stand in git: counts, and nothing of the file."""
    return (
        f"Import reports that stand for rows: {receipt.rows}\n\n"
        f"New records: {receipt.new}\nReports: {receipt.reports}\n"
        f"Records reported on: {len(receipt.entered)}\nSource: {receipt.plan.source}\n"
    )
