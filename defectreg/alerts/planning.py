"""What ``alerts track`` shows of its plan, as values of JSON and as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from defectreg.alerts.correlating import Correlation
from defectreg.alerts.telling import finding_json
from defectreg.alerts.tracking import PROPOSING, Outcome, Tracked

_WORDS = {
    Outcome.RECORD: "a new record",
    Outcome.REPORT: "a report on {}",
    Outcome.ENDED: "a report on {} that it ended",
    Outcome.TOLD: "nothing new for {}",
    Outcome.WITHDRAWN: "nothing for {}",
    Outcome.OPEN: "nothing for {}",
    Outcome.NOT_COUNTED: "nothing: the policy does not count this code as superfluous",
}
_COUNTED = {
    Outcome.RECORD: ("new record", "new records"),
    Outcome.REPORT: ("report", "reports"),
    Outcome.ENDED: ("report that it ended", "reports that it ended"),
}


def tracked_json(line: Tracked, found: Correlation) -> dict[str, Any]:
    """A line of the plan.

    ``outcome``: record, report or ended (something is proposed), told, withdrawn, open or
    not-counted (nothing is, and why); ``alert_code``; ``region``, empty for several; ``id`` of the
    record that is there, or null; ``reason``; ``findings``, as ``alerts correlate`` has them.
    """
    return {
        "outcome": line.outcome.value,
        "alert_code": line.code,
        "region": line.region,
        "id": line.known.record.id if line.known else None,
        "reason": line.reason,
        "findings": [finding_json(each, found) for each in line.findings],
    }


def tracked_lines(line: Tracked) -> Iterator[str]:
    """A line of the plan in words: what was found, and what is proposed of it."""
    for finding in line.findings:
        result = finding.result
        yield f"{result.cell[1]} in {result.region}: correlated with {result.code}"
    if not line.findings and line.known:
        affected = "; ".join(map(str, line.known.record.affected))
        yield f"{affected}: no finding of {line.code} in {line.region} any more"
    record_id = line.known.record.id if line.known else ""
    if line.known and line.known.branch:
        record_id += f" (waits on {line.known.branch})"
    why = f": {line.reason}" if line.reason else ""
    yield f"    {_WORDS[line.outcome].format(record_id)}{why}"
    if "title" in line.record:
        yield f"    title: {line.record['title']}"
    if line.report:
        yield f"    {line.report['says']}"
        said = [f"{key}: {line.report[key]}" for key in _SHOWN if key in line.report]
        yield f"    {', '.join(said)}"


_SHOWN = ("devices", "region", "since", "until", "period", "supersedes")
"""Keys of a report that stand beside its text."""


def summary(lines: Sequence[Tracked], codes: Iterable[str]) -> Iterator[str]:
    """What is proposed in all; where the policy counts no code as superfluous, that it is so."""
    if not list(codes):
        yield (
            "Nothing is proposed: the policy counts no alert code as superfluous "
            "(superfluous-alerts)."
        )
        return
    counts = Counter(line.outcome for line in lines if line.outcome in PROPOSING)
    said = [
        f"{counts[outcome]} {words[counts[outcome] > 1]}"
        for outcome, words in _COUNTED.items()
        if counts[outcome]
    ]
    yield f"Proposed: {', '.join(said)}." if said else "Nothing new is proposed."
