"""What ``alerts correlate`` and ``alerts effect`` print, as values of JSON and as sentences."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from defectreg.alerts.correlating import STEADY, Correlation, Finding, Result
from defectreg.alerts.effects import Effect, Estimate, Scope, Side, proposal
from defectreg.register.statement import Statement

SCHEMA_VERSION = 1


def correlation_json(found: Correlation, meta: Mapping[str, Any]) -> dict[str, Any]:
    """A run as one object of JSON.

    ``meta`` with ``disclaimer``, the ``days`` loaded from ``since`` to ``until``, ``tests`` and
    ``suppressed`` (cells that alerted and are not shown); ``findings`` and ``cells``, each as
    :func:`result_json`; a finding has in addition ``adjusted_p`` over all tests, ``also_alike``
    (cells of the same premises) and ``explains`` (cells that stood out only with it).
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {**meta, "days": found.days, "tests": found.tests, "suppressed": found.small},
        "findings": [finding_json(each, found) for each in found.findings],
        "cells": [result_json(each, found.days) for each in found.results],
    }


def finding_json(finding: Finding, found: Correlation) -> dict[str, Any]:
    """A finding; the figures of one that would tell a small cell are null."""
    told = result_json(finding.result, found.days)
    return {
        **(told if finding.is_shown else without_figures(told)),
        "adjusted_p": finding.adjusted,
        "also_alike": [name for _, name in finding.explained.alike],
        "explains": finding.explained.others,
    }


_NAMING = frozenset({"region", "alert_code", "level", "combination"})
_RATIOS = frozenset({"ratio", "low", "high"})


def without_figures(told: Mapping[str, Any]) -> dict[str, Any]:
    """What may be told where numbers would tell a small cell: no more than three figures of ratios.

    From more figures of a ratio the numbers that it was made of could be found again.
    """
    ratios = {key: told[key] and float(f"{told[key]:.3g}") for key in _RATIOS}
    return {key: ratios.get(key, told[key] if key in _NAMING else None) for key in told}


def result_json(result: Result, days: int) -> dict[str, Any]:
    """A cell and an alert code of a region.

    ``rate`` is alerts for each premises-day, ``per_day`` the load on the region, ``share`` that of
    all its alerts and ``share_of_code`` that of those with this code;
    ``ratio`` with its 95 % interval ``low`` to ``high`` compares with the rest of the region (null:
    infinite or not known); ``adjusted_p`` is null where too few premises were there for a test.
    """
    comparison = result.comparison
    return {
        "region": result.region,
        "alert_code": result.code,
        "level": result.cell[0],
        "combination": result.cell[1],
        "premises": result.exposure.premises,
        "alerting_premises": result.said.premises,
        "share_alerting": result.said.premises / result.exposure.premises,
        "alerts": result.said.alerts,
        "premises_days": result.exposure.days,
        "rate": result.said.alerts / result.exposure.days,
        "per_day": result.said.alerts / days,
        "share": result.said.alerts / result.region_alerts,
        "share_of_code": result.said.alerts / result.code_alerts,
        "ratio": _finite(comparison.ratio),
        "low": comparison.low,
        "high": _finite(comparison.high),
        "adjusted_p": result.adjusted,
        "first_seen": result.said.first,
        "last_seen": result.said.last,
        "trend": result.trend,
    }


def correlation_lines(found: Correlation) -> Iterator[str]:
    """Each finding in a few lines, the one with the most alerts first."""
    for finding in found.findings:
        yield from _finding_lines(finding, found)
        yield ""
    yield f"{counted(found)}."
    if found.small:
        cells = "1 cell is" if found.small == 1 else f"{found.small} cells are"
        yield f"{cells} not shown: too few premises alerted, or one could be told."
    if found.results:
        yield f"--json has the figures of {_number_of(len(found.results), 'cell')}."
    elif not found.small:
        yield "No premises sent such an alert in these days."


def counted(found: Correlation) -> str:
    """How many findings there are, in how many tests of how many days."""
    findings, tests = len(found.findings), found.tests
    made = f"{_number_of(findings, 'finding')} in {_number_of(tests, 'test')}"
    return f"{made} of {_number_of(found.days, 'day')}"


def _number_of(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _finding_lines(finding: Finding, found: Correlation) -> Iterator[str]:
    result, comparison = finding.result, finding.result.comparison
    yield f"{result.cell[1]} in {result.region}: correlated with {result.code}"
    yield (
        f"    {_number(comparison.ratio)} times the rate of the rest of the region (95 % interval "
        f"{_number(comparison.low)} to {_number(comparison.high)}; "
        f"adjusted p {finding.adjusted:.1g})"
    )
    if finding.is_shown:
        yield from _figure_lines(result, found.days)
    if finding.explained.alike:
        names = "; ".join(name for _, name in finding.explained.alike)
        yield f"    the same premises have: {names}"
    if finding.explained.others:
        yield f"    {finding.explained.others} other combinations stand out only with it"


def _figure_lines(result: Result, days: int) -> Iterator[str]:
    exposure, said = result.exposure, result.said
    yield (
        f"    {said.premises} of {exposure.premises} premises alerted "
        f"({said.premises / exposure.premises:.0%}), "
        f"{_number(said.alerts / exposure.days)} alerts a premises-day"
    )
    yield (
        f"    {_number(said.alerts / days)} alerts a day, {said.alerts / result.region_alerts:.1%} "
        f"of the region's and {said.alerts / result.code_alerts:.1%} of its {result.code}"
    )
    yield f"    seen from {said.first} to {said.last}{_trend(result.trend)}"


def _trend(trend: float | None) -> str:
    if trend is None:
        return ""
    word = "rising" if trend > STEADY else "falling" if trend < 1 / STEADY else "steady"
    return f", {word} (second half {_number(trend)} times the first)"


def effect_json(effect: Effect, fix: Statement, scope: Scope) -> dict[str, Any]:
    """What was measured of a fix: one of ``effects``.

    Beside them ``schema_version``: 1, and ``meta``: ``disclaimer``, ``id``, ``alerts``, ``since``
    and ``until``. Of each: ``fix`` (its file), ``device``, ``firmware``; of those that ``took`` it
    and of ``like_premises``: ``premises``, ``rate_before``, ``rate_after``, null of too few
    premises; ``without_like_premises``; ``left`` and ``difference_of_rates``, each ``value`` with
    ``low`` and ``high``, or null; ``verdict``, ``reason``; ``proposal``: the fields of the
    statement, or null.
    """
    return {
        "fix": fix.file,
        "device": str(effect.asked.device),
        "firmware": effect.asked.firmware,
        "took": _side_json(effect.took, effect.took_rates, scope.smallest),
        "like_premises": _side_json(effect.alike, effect.alike_rates, scope.smallest),
        "without_like_premises": _many(effect.without_alike, scope.smallest),
        "left": _estimate_json(effect.ratio),
        "difference_of_rates": _estimate_json(effect.difference),
        "verdict": effect.verdict or "cannot-be-judged",
        "reason": effect.reason,
        "proposal": dict(proposal(effect, fix, scope)) or None,
    }


def _side_json(side: Side, rates: tuple[float, float], smallest: int) -> dict[str, Any]:
    premises, is_told = _many(side.premises, smallest), _has_figures(side, smallest)
    before, after = rates if is_told else (None, None)
    return {"premises": premises, "rate_before": before, "rate_after": after}


def _has_figures(side: Side, smallest: int) -> bool:
    """Whether it has, and of those that alerted before, so many premises that rates are shown."""
    return side.premises >= smallest and side.alerting >= smallest


def _many(number: int, smallest: int) -> int | None:
    return None if 0 < number < smallest else number


def _estimate_json(estimate: Estimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    return {
        "value": _finite(estimate.value),
        "low": _finite(estimate.low),
        "high": _finite(estimate.high),
    }


def effect_lines(effect: Effect, fix: Statement, scope: Scope) -> Iterator[str]:
    """What was measured of a fix, and what is proposed, with the command that says it."""
    yield (
        f"{effect.asked.device}@{effect.asked.firmware} ({fix.file}): alerts "
        f"{', '.join(scope.codes)} of {scope.since} to {scope.until}"
    )
    for name, side, rates in (
        ("took it", effect.took, effect.took_rates),
        ("like premises", effect.alike, effect.alike_rates),
    ):
        told = (
            f"alerts a premises-day {_number(rates[0])} before, {_number(rates[1])} after"
            if _has_figures(side, scope.smallest)
            else "no figures are shown of so few that alerted"
        )
        yield f"    {name}: {_some(side.premises, scope.smallest)} premises, {told}"
    if effect.without_alike:
        alone = _some(effect.without_alike, scope.smallest)
        yield f"    {alone} premises that took it have no premises to compare with"
    if effect.ratio and effect.difference:
        yield (
            f"    left beside like premises: {effect.ratio.value:.1%} of the alerts "
            f"({effect.ratio.low:.1%} to {effect.ratio.high:.1%}); difference "
            f"{_number(effect.difference.value)} a premises-day "
            f"({_number(effect.difference.low)} to {_number(effect.difference.high)})"
        )
    if effect.reason:
        yield f"    cannot be judged: {effect.reason}"
    yield from _proposed(proposal(effect, fix, scope))


def _some(number: int, smallest: int) -> str:
    return f"fewer than {smallest}" if 0 < number < smallest else str(number)


def _proposed(fields: Mapping[str, Any]) -> Iterator[str]:
    if fields:
        words = ["defectreg", "add", fields["kind"], fields["of"], "--about", fields["about"]]
        yield f"    proposed: a {fields['kind']} about {fields['about']}, which this would add:"
        yield f"    {shlex.join([*words, fields['says']])}"


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _number(value: float) -> str:
    """Three figures that count."""
    if not math.isfinite(value):
        return "infinitely many"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
