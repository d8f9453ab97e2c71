"""``alerts track``: what a run's findings propose to the register, record by record.

A finding is a further report on the record of its alert code, combination and region, or a new
record where there is none. What was reported and has ended is one more report. Nothing is told
twice of the same days, and nothing is taken away.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from defectreg.alerts.correlating import Area, Correlation, Finding
from defectreg.alerts.drafting import (
    Window,
    ended_values,
    record_values,
    regions_told,
    report_values,
    window_told,
)
from defectreg.alerts.fading import Now, combination_of, now
from defectreg.register.devices import Combination, Coverage, covers
from defectreg.register.statement import Statement
from defectreg.store.alerts.tracked import Known, KnownReport


class Outcome(StrEnum):
    """What a run proposes of a finding, or of a record."""

    RECORD = "record"
    """A new record, with its report."""
    REPORT = "report"
    ENDED = "ended"
    """A report that it ended."""
    TOLD = "told"
    """Nothing: the Party has said it of these days, or of later ones."""
    WITHDRAWN = "withdrawn"
    """Nothing: its record was withdrawn, and whether it comes back is for people."""
    NOT_COUNTED = "not-counted"
    """Nothing: the policy does not count the alert code as superfluous."""
    OPEN = "open"
    """Nothing: no finding any more, and it cannot be told whether it ended."""


_OPEN = {
    True: "it still stands out, and another finding explains it",
    False: "it cannot be told whether it ended",
}
"""Whether it still stands out → why nothing is proposed of it."""
_NEXT = "one report for each record and run; the next run proposes that it ended"
PROPOSING = frozenset({Outcome.RECORD, Outcome.REPORT, Outcome.ENDED})


@dataclass(frozen=True, slots=True)
class Tracked:
    """One line of the plan. ``record`` and ``report`` map dotted keys of what is proposed.

    ``region`` is empty where the findings are of several.
    """

    outcome: Outcome
    code: str
    region: str
    findings: tuple[Finding, ...] = ()
    known: Known | None = None
    record: Mapping[str, Any] = field(default_factory=dict)
    report: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tracker:
    """Who tracks what: a Party, of these days, what the policy counts, and what is known."""

    party: str
    codes: frozenset[str]
    window: Window
    known: tuple[Known, ...]

    def plan(self, found: Correlation, areas: Mapping[str, Area]) -> list[Tracked]:
        """What to propose: new records and reports in the order of findings, then what ended."""
        counted = [each for each in found.findings if each.result.code in self.codes]
        lines = list(self._of_findings(counted))
        lines += [
            Tracked(Outcome.NOT_COUNTED, each.result.code, each.result.region, (each,))
            for each in found.findings
            if each.result.code not in self.codes
        ]
        for each in self.known:
            of_record = [line for line in lines if line.known is each]
            lines += self._of_unseen(each, of_record, areas)
        return lines

    def _of_findings(self, findings: Iterable[Finding]) -> Iterator[Tracked]:
        by_record: dict[str, list[Finding]] = {}
        matched: dict[str, Known] = {}
        for finding in findings:
            known = match(finding, self.known)
            key = known.record.id if known else str(finding.result.key)
            by_record.setdefault(key, []).append(finding)
            if known:
                matched[key] = known
        for key, each in by_record.items():
            yield self._of_record(each, matched.get(key))

    def _of_record(self, findings: Sequence[Finding], known: Known | None) -> Tracked:
        first, report = findings[0].result, report_values(findings, self.window)
        found = Tracked(Outcome.RECORD, first.code, report.get("region", ""), tuple(findings),
                        known, report=report)  # fmt: skip
        if known is None:
            return _as(found, Outcome.RECORD, record=record_values(findings[0], self.window))
        if known.is_withdrawn:
            return _as(found, Outcome.WITHDRAWN, reason="its record was withdrawn")
        return self._further(found, Outcome.REPORT)

    def _further(self, found: Tracked, outcome: Outcome) -> Tracked:
        """A report on a known record, unless the Party said it of these days or of later ones."""
        newest = self._newest(found.known, found.region)
        if newest is None:
            return _as(found, outcome)
        told, last = newest
        said = f"your report of {told.statement.date} tells of the days until {last}"
        if last > self.window.last or _says(told, found.report):
            return _as(found, Outcome.TOLD, reason=said)
        if last < self.window.last:
            return _as(found, outcome)
        if told.branch:
            return _as(found, Outcome.TOLD, reason=f"{said}, and waits on {told.branch}")
        return _as(found, outcome, report={**found.report, "supersedes": told.statement.file})

    def _newest(self, known: Known | None, region: str) -> tuple[KnownReport, datetime.date] | None:
        """What the Party's tracker said last of a region, and of which last day.

        Without a region, what it said of several.
        """
        told = [each for each in self._own(known) if _is_of(each[0].statement, region)]
        return max(told, key=lambda each: (each[1], each[0].statement.file), default=None)

    def _own(self, known: Known | None) -> Iterator[tuple[KnownReport, datetime.date]]:
        """The reports of the Party's tracker that stand, each with the last day it is about."""
        reports = known.reports if known else ()
        replaced = {each.statement.text("supersedes") for each in reports}
        for each in reports:
            told = window_told(each.statement.text("says"))
            is_own = each.statement.by == self.party and each.statement.file not in replaced
            if told is not None and is_own and told[1] <= each.statement.date:
                yield each, told[1]

    def _of_unseen(
        self, known: Known, lines: Sequence[Tracked], areas: Mapping[str, Area]
    ) -> Iterator[Tracked]:
        """What is proposed of a record in regions of which the Party's tracker told, and no finding
        does: one report, where ``lines`` of the record do not propose one.
        """
        codes = sorted(known.alerts & self.codes)
        found = {finding.result.region for line in lines for finding in line.findings}
        told = {region for each, _ in self._own(known) for region in regions_told(each.statement)}
        has_report = any(line.outcome in PROPOSING for line in lines)
        for region in sorted(told - found):
            newest = self._newest(known, region)
            if codes and newest and not newest[0].statement.text("until"):
                line = self._of_region(known, codes, region, newest[1], areas)
                is_next = line.outcome in PROPOSING
                yield _as(line, Outcome.OPEN, reason=_NEXT) if has_report and is_next else line
                has_report = has_report or is_next

    def _of_region(
        self,
        known: Known,
        codes: Sequence[str],
        region: str,
        last: datetime.date,
        areas: Mapping[str, Area],
    ) -> Tracked:
        named = ", ".join(codes)
        found = Tracked(Outcome.OPEN, named, region, known=known)
        if known.is_withdrawn:
            return _as(found, Outcome.WITHDRAWN, reason="its record was withdrawn")
        if last >= self.window.last:
            return _as(found, Outcome.TOLD, reason=f"you told of the days until {last}")
        if not known.alerts <= self.codes:
            return _as(found, Outcome.OPEN, reason="only some of its alert codes are counted")
        states = {now(areas, known.record.affected, region, code) for code in codes}
        if states - {Now.ENDED, Now.GONE}:
            return _as(found, Outcome.OPEN, reason=_OPEN[Now.STILL in states])
        gone = states == {Now.GONE}
        report = ended_values(named, region, last, self.window, is_gone=gone)
        return self._further(_as(found, Outcome.ENDED, report=report), Outcome.ENDED)


def _as(
    line: Tracked,
    outcome: Outcome,
    *,
    record: Mapping[str, Any] | None = None,
    report: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Tracked:
    """A line with another outcome; what is only told proposes nothing."""
    proposed = (line.report if report is None else report) if outcome in PROPOSING else {}
    return Tracked(
        outcome, line.code, line.region, line.findings, line.known, record or {}, proposed, reason
    )


def _is_of(said: Statement, region: str) -> bool:
    """Whether a report is about a region; where none is given, about several."""
    return region in regions_told(said) if region else not said.text("region")


def _says(told: KnownReport, report: Mapping[str, Any]) -> bool:
    """Whether a report says what is proposed to be said."""
    return all(told.statement.data.get(key) == value for key, value in report.items())


def match(finding: Finding, known: Iterable[Known]) -> Known | None:
    """The record of a finding: of its alert code, and of its combination in its region.

    Of several that which names it most narrowly; one that stands comes before one withdrawn.
    """
    result = finding.result
    cells = [result.cell, *finding.explained.alike]
    wanted = [each for cell in cells if (each := combination_of(cell, result.region))]
    found = [
        (each, entry)
        for each in known
        if result.code in each.alerts
        for entry in each.record.affected
        if any(covers(entry, one) is Coverage.YES for one in wanted)
    ]
    entries = [entry for _, entry in found]
    ranked = min(found, key=lambda pair: _rank(pair[0], pair[1], entries), default=None)
    return None if ranked is None else ranked[0]


def _rank(
    known: Known, entry: Combination, entries: Sequence[Combination]
) -> tuple[bool, bool, int, str]:
    """Standing before withdrawn, landed before waiting; a narrow entry covers few others."""
    covered = sum(covers(entry, other) is Coverage.YES for other in entries)
    return known.is_withdrawn, bool(known.branch), covered, known.record.id
