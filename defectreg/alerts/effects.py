"""``alerts effect``: whether alerts changed where a fix was taken, beside where it was not yet.

``effect.sql`` adds up; here the two differences are compared. ``docs/alerts-method.md`` explains.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from defectreg.alerts.statistics import NORMAL_95
from defectreg.register.devices import (
    OTHER_HALF,
    Combination,
    Coverage,
    Device,
    covers,
    parse_combination,
)
from defectreg.register.notation import NotationError, upper
from defectreg.register.public import BANDS, least_of
from defectreg.register.statement import Statement

DAYS = 28
"""Days looked at before a change, and as many after."""
LEAST_DAYS = 7
"""Loaded days on each side, at least, of a premises that is looked at."""
PREMISES = 30
"""Premises that took it, and like premises, at least."""
LIKE = 5
"""Like premises, at least, of a region and combination for those there to be compared."""
ALERTING = 10
"""Of each so many, at least, that alerted before."""
LEFT = 1 / 3
"""A fix is confirmed where surely no more than this is left of the alerts."""

Row: TypeAlias = tuple[object, ...]
Numbers: TypeAlias = tuple[float, float, float, float]
"""One for each of: alerts before, alerts after, days before, days after."""
_PAIRS = ((0, 0), (0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3))
"""Which of those four each sum of products in ``effect.sql`` is of."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A fix whose effect is measured: a Device, its model and the firmware that the fix names."""

    device: Device
    """The model, of an ESME, a GSME or the CHF of a Communications Hub; without firmware."""
    firmware: str
    affected: tuple[Combination, ...]

    @property
    def parameters(self) -> dict[str, str | int | float | bool | None]:
        """Of ``effect.sql``."""
        return {
            "device": self.device.type,
            "product": str(self.device),
            "took": f"{self.device}@{self.firmware}",
            "days": DAYS,
            "least": LEAST_DAYS,
        }

    def is_meant(self, region: str, combination: str) -> bool:
        """Whether premises of a region had, before, a combination that the record affects."""
        try:
            had = parse_combination(f"{combination} in {region}")
        except NotationError:
            return False
        return any(covers(entry, had) is not Coverage.NO for entry in self.affected)


@dataclass(frozen=True, slots=True)
class Side:
    """Premises added up, of those that took it or of those like them."""

    premises: int = 0
    alerting: int = 0
    """Of them, how many alerted before."""
    alerting_after: int = 0
    alerts: tuple[int, int] = (0, 0)
    """All, before and after; what is compared is counted up to a limit for each premises."""
    sums: tuple[int, int, int, int] = (0, 0, 0, 0)
    products: tuple[int, ...] = (0,) * len(_PAIRS)

    def __add__(self, other: Side) -> Side:
        return Side(
            self.premises + other.premises,
            self.alerting + other.alerting,
            self.alerting_after + other.alerting_after,
            (self.alerts[0] + other.alerts[0], self.alerts[1] + other.alerts[1]),
            _four(a + b for a, b in zip(self.sums, other.sums, strict=True)),
            tuple(a + b for a, b in zip(self.products, other.products, strict=True)),
        )

    def variance(self, weights: Numbers) -> float:
        """Of the sum over premises of the four numbers, each times its weight."""
        return sum(
            (1 if one == other else 2) * weights[one] * weights[other] * product
            for (one, other), product in zip(_PAIRS, self.products, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What was measured of a fix.

    Rates are counted alerts for each premises-day, ``(before, after)``; those of like premises are
    weighted as the regions and combinations of those that took it. ``ratio`` is what is left of the
    alerts, beside like premises; ``difference`` the difference in differences of rates. Both are
    None where it cannot be judged; ``reason`` then says why, and ``verdict`` is ''.
    """

    asked: Asked
    took: Side
    alike: Side
    without_alike: int
    """Premises that took it, and no premises like them had not."""
    took_rates: tuple[float, float]
    alike_rates: tuple[float, float]
    ratio: Estimate | None
    difference: Estimate | None
    verdict: str
    """``confirmation``, ``challenge`` or ''."""
    reason: str


@dataclass(frozen=True, slots=True)
class Scope:
    """The alert codes that were measured, the first and last loaded day, and what is small.

    Of fewer premises than ``smallest``, or where fewer alerted, no figures are shown.
    """

    codes: tuple[str, ...]
    since: str
    until: str
    smallest: int


def asked_of(fix: Statement, affected: Sequence[Combination]) -> list[Asked]:
    """What to measure of a fix: one for each model of the Device it changes; none without firmware.

    A Communications Hub is looked at by its CHF.
    """
    firmware, named = fix.text("firmware"), fix.text("device")
    if not firmware or not named:
        return []
    device_type, _, model = named.partition(":")
    types = tuple(OTHER_HALF) if device_type in OTHER_HALF else (device_type,)
    models = {
        (device.manufacturer, device.model): device
        for entry in affected
        for device in entry.devices
        if device.type in types
        and (not model or upper(f"{device.manufacturer}/{device.model}") == upper(model))
    }
    measured = "CHF" if device_type in OTHER_HALF else device_type
    if measured not in ("ESME", "GSME", "CHF"):
        return []
    return [Asked(Device(measured, *names), firmware, tuple(affected)) for names in sorted(models)]


def measure(asked: Asked, rows: Iterable[Row]) -> Effect:
    """The effect that the rows of ``effect.sql`` show."""
    strata: dict[tuple[str, str], dict[bool, Side]] = defaultdict(lambda: {True: Side()})
    for row in rows:
        region, combination = str(row[0]), str(row[1])
        if asked.is_meant(region, combination):
            strata[region, combination][bool(row[2])] = _side(row)
    paired, alone = [], 0
    for each in strata.values():
        like = each.get(False, Side())
        if like.premises >= LIKE:
            paired.append((each[True], like))
        else:
            alone += each[True].premises
    took = sum((one for one, _ in paired), Side())
    alike = sum((other for _, other in paired), Side())
    weighted = [(took_it.premises / like.premises, like) for took_it, like in paired]
    ones, others = _totals([(1.0, took)]), _totals(weighted)
    rates, other_rates = _rates(ones), _rates(others)
    reason = _too_few(took, alike, alone)
    if reason:
        return Effect(asked, took, alike, alone, rates, other_rates, None, None, "", reason)
    ratio = _ratio([(1.0, took)], weighted)
    difference = _difference([(1.0, took)], weighted)
    verdict, reason = _judged(ratio)
    return Effect(asked, took, alike, alone, rates, other_rates, ratio, difference, verdict, reason)


def _too_few(took: Side, alike: Side, alone: int) -> str:
    if not took.premises and alone:
        return "no like premises had not yet taken it, so there is no comparison"
    for side, who in ((took, "that took it"), (alike, "like them that had not yet")):
        if side.premises < PREMISES:
            return f"fewer than {PREMISES} premises {who} were seen before and after"
        if side.alerting < ALERTING:
            return f"of the premises {who}, fewer than {ALERTING} alerted before"
    return ""


def _judged(ratio: Estimate) -> tuple[str, str]:
    if ratio.high <= LEFT:
        return "confirmation", ""
    if ratio.low >= LEFT:
        return "challenge", ""
    return "", (
        f"the interval is too wide: between {ratio.low:.0%} and {ratio.high:.0%} of the alerts "
        "are left"
    )


_Weighted: TypeAlias = Sequence[tuple[float, Side]]


def _side(row: Row) -> Side:
    numbers = [value for value in row[3:] if isinstance(value, int)]
    premises, alerting, after, all_before, all_after = numbers[:5]
    return Side(
        premises, alerting, after, (all_before, all_after), _four(numbers[5:9]), tuple(numbers[9:])
    )


def _four(numbers: Iterable[int]) -> tuple[int, int, int, int]:
    before, after, days_before, days_after = numbers
    return before, after, days_before, days_after


def _totals(sides: _Weighted) -> Numbers:
    before, after, days_before, days_after = (
        sum(weight * side.sums[place] for weight, side in sides) for place in range(4)
    )
    return before, after, days_before, days_after


def _rates(totals: Numbers) -> tuple[float, float]:
    before, after, days_before, days_after = totals
    return before / days_before if days_before else 0.0, after / days_after if days_after else 0.0


def _variance(sides: _Weighted, weights: Numbers) -> float:
    return sum(weight * weight * side.variance(weights) for weight, side in sides)


def _difference(took: _Weighted, alike: _Weighted) -> Estimate:
    value = variance = 0.0
    for sides, sign in ((took, 1), (alike, -1)):
        totals = _totals(sides)
        before, after = _rates(totals)
        value += sign * (after - before)
        weights = (-1 / totals[2], 1 / totals[3], before / totals[2], -after / totals[3])
        variance += _variance(sides, weights)
    error = NORMAL_95 * math.sqrt(variance)
    return Estimate(value, value - error, value + error)


def _ratio(took: _Weighted, alike: _Weighted) -> Estimate:
    """What is left of the rate, over what is left of it in like premises.

    For the interval each of the four numbers of alerts has those of one more premises that alerted:
    where none is left, the next one might still come.
    """
    value = _left(_totals(took)) / left if (left := _left(_totals(alike))) else math.inf
    logarithm = variance = 0.0
    for sides, sign in ((took, 1), (alike, -1)):
        totals, one_more = _totals(sides), _one_more(sides)
        before, after = totals[0] + one_more, totals[1] + one_more
        logarithm += sign * (math.log(after / totals[3]) - math.log(before / totals[2]))
        variance += _variance(sides, (-1 / before, 1 / after, 1 / totals[2], -1 / totals[3]))
        variance += (one_more / before) ** 2 + (one_more / after) ** 2
    error = NORMAL_95 * math.sqrt(variance)
    low, high = math.exp(logarithm - error), math.exp(logarithm + error)
    return Estimate(value, min(low, value), max(high, value))


def _left(totals: Numbers) -> float:
    before, after = _rates(totals)
    return after / before if before else math.inf


def _one_more(sides: _Weighted) -> float:
    """What the premises that alerted sent on a side, on average."""
    sent = sum(weight * (side.sums[0] + side.sums[1]) for weight, side in sides)
    alerting = sum(weight * (side.alerting + side.alerting_after) for weight, side in sides)
    return sent / alerting


def band(number: int) -> str:
    """A number of Devices or premises as the register shows it."""
    return next((name for name in reversed(BANDS) if number >= least_of(name)), str(number))


def proposal(effect: Effect, fix: Statement, scope: Scope) -> Mapping[str, Any]:
    """The fields of the statement that the figures propose; empty where there is no verdict.

    Who says it, and when, is for the one who adds it. Its text names no manufacturer: what may be
    shown of one is decided where combinations are shown.
    """
    if not effect.verdict or effect.ratio is None:
        return {}
    left, asked = effect.ratio, effect.asked
    return {
        "of": fix.of,
        "kind": effect.verdict,
        "about": fix.file,
        "says": (
            f"Alerts {', '.join(scope.codes)} of {scope.since} to {scope.until}, measured in the "
            f"{DAYS} days before and after premises took firmware {asked.firmware} of the "
            f"{asked.device.type} model {asked.device.model}: beside like premises that had not "
            "yet, "
            f"{_percent(left.value)} of the alerts are left (95 % interval {_percent(left.low)} to "
            f"{_percent(left.high)}). Premises that took it: {band(effect.took.premises)}; like "
            f"premises: {band(effect.alike.premises)}. The firmware is correlated with this "
            "change; what else changed at the same time in these premises only was not measured."
        ),
    }


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %" if share < 0.1 else f"{share * 100:.0f} %"
