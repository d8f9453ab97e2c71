"""Sums over premises, and what can be said of two groups of premises by them.

Nothing here knows of tables, files or the clock. ``docs/alerts-method.md`` explains the method.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

Key = TypeVar("Key")

NORMAL_95 = 1.959963984540054
"""Standard errors on each side of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What premises sent of one alert code, added up; each number is an integer.

    ``squares`` adds alerts times alerts of each premises, ``products`` alerts times days,
    ``days_squared`` days times days.
    """

    alerts: int = 0
    days: int = 0
    squares: int = 0
    products: int = 0
    days_squared: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.alerts + other.alerts,
            self.days + other.days,
            self.squares + other.squares,
            self.products + other.products,
            self.days_squared + other.days_squared,
        )

    def __sub__(self, other: Sums) -> Sums:
        return Sums(
            self.alerts - other.alerts,
            self.days - other.days,
            self.squares - other.squares,
            self.products - other.products,
            self.days_squared - other.days_squared,
        )

    @property
    def rate(self) -> float:
        """Alerts for each premises-day; 0 without a day."""
        return self.alerts / self.days if self.days else 0.0


Stratum: TypeAlias = tuple[Sums, Sums]
"""Premises that have a combination, and like premises that do not."""
_Polynomial: TypeAlias = tuple[float, float, float]
"""Coefficients of the square, of the first power, and the constant."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two groups compare: ``ratio`` of their rates, its 95 % interval, and how sure.

    ``ratio`` and ``high`` may be infinite. ``score`` is in standard errors, above 0 where the first
    group has the higher rate; ``p`` is its probability, of both sides, were there no difference.
    """

    ratio: float
    low: float
    high: float
    score: float
    p: float


UNKNOWN = Comparison(math.nan, 0.0, math.inf, 0.0, 1.0)
"""Where there is nothing to compare."""


def compare(strata: Iterable[Stratum]) -> Comparison:
    """Premises that have a combination against those of the same stratum that do not.

    The score is that of the difference from what would be expected at one rate for both, its
    variance that of the premises, not of the alerts. Ratios are those that the score does not
    refuse (inverted test), so that they and the score never disagree. Whichever group is lower is
    taken with one more premises that alerts: what was not seen there yet may still come.
    """
    pairs = [(one, other) for one, other in strata if one.days > 0 and other.days > 0]
    if not any(one.alerts or other.alerts for one, other in pairs):
        return UNKNOWN
    main = max(range(len(pairs)), key=lambda place: _weight(*pairs[place]))
    inside, rest = pairs[main]
    above = _Score.of([*pairs[:main], (inside, _one_more(rest, inside)), *pairs[main + 1 :]])
    below = _Score.of([*pairs[:main], (_one_more(inside, rest), rest), *pairs[main + 1 :]])
    score = max(above.score, 0.0) or min(below.score, 0.0)
    ratio = _ratio(pairs)
    low, high = min(above.interval()[0], ratio), max(below.interval()[1], ratio)
    return Comparison(ratio, low, high, score, probability(score))


def _ratio(pairs: Sequence[Stratum]) -> float:
    """Alerts of the first groups over those expected by the rests (Mantel, Haenszel)."""
    excess = sum(one.alerts * other.days / (one.days + other.days) for one, other in pairs)
    expected = sum(other.alerts * one.days / (one.days + other.days) for one, other in pairs)
    return excess / expected if expected else math.inf


def _weight(inside: Sums, rest: Sums) -> float:
    return inside.days * rest.days / (inside.days + rest.days)


def _one_more(group: Sums, other: Sums) -> Sums:
    """With one more premises; it sends as much as, on average, the premises behind an alert did."""
    squares, alerts = group.squares + other.squares, group.alerts + other.alerts
    more = -(-squares // alerts) if alerts else 0
    days = -(-group.days_squared // group.days)
    return group + Sums(more, days, more * more, more * days, days * days)


@dataclass(frozen=True, slots=True)
class _Score:
    """``excess`` of the first group, times y, against what is expected of it by the rest.

    ``variance`` is that of their difference, a polynomial in y: one over the ratio asked about.
    """

    excess: float
    expected: float
    variance: _Polynomial

    @classmethod
    def of(cls, strata: Iterable[Stratum]) -> _Score:
        excess = expected = 0.0
        variance = (0.0, 0.0, 0.0)
        for inside, rest in strata:
            share = inside.days / (inside.days + rest.days)
            excess += (1 - share) * inside.alerts
            expected += share * rest.alerts
            variance = _added(variance, _variance(inside, rest, share))
        return cls(excess, expected, variance)

    @property
    def score(self) -> float:
        total = sum(self.variance)
        return (self.excess - self.expected) / math.sqrt(total) if total > 0 else 0.0

    def interval(self) -> tuple[float, float]:
        """The ratios that a score of 1.96 does not refuse: a quadratic in one over the ratio."""
        square = NORMAL_95 * NORMAL_95
        a = self.excess * self.excess - square * self.variance[0]
        b = -2 * self.excess * self.expected - square * self.variance[1]
        c = self.expected * self.expected - square * self.variance[2]
        inner = b * b - 4 * a * c
        if a == 0 or inner < 0:
            return 0.0, math.inf
        root = math.sqrt(inner)
        lower = (-b - math.copysign(root, a)) / (2 * a)
        upper = (-b + math.copysign(root, a)) / (2 * a)
        if a > 0:
            return _inverse(upper, 0.0), _inverse(lower, math.inf)
        # The first group may have no rate at all; what is refused lies between the roots.
        return 0.0, _inverse(upper if self.excess * upper < self.expected else 0.0, math.inf)


def _inverse(value: float, otherwise: float) -> float:
    return 1 / value if value > 0 else otherwise


def probability(score: float) -> float:
    """Of a score as far from 0 as this, on either side, were there no difference."""
    return math.erfc(abs(score) / math.sqrt(2))


def _variance(inside: Sums, rest: Sums, share: float) -> _Polynomial:
    """Of ``excess * y - expected``, where the alerts of the first group are multiplied by ``y``.

    ``y`` is one over the ratio that is asked about. Per premises-day the rest varies at least as
    much as the first group: a rest in which few have alerted yet has not shown how much it varies.
    """
    days = inside.days + rest.days
    slope, constant = inside.alerts / days, rest.alerts / days
    of_inside = (
        inside.squares - 2 * slope * inside.products + slope * slope * inside.days_squared,
        -2 * constant * inside.products + 2 * slope * constant * inside.days_squared,
        constant * constant * inside.days_squared,
    )
    of_rest = (
        slope * slope * rest.days_squared,
        -2 * slope * rest.products + 2 * slope * constant * rest.days_squared,
        rest.squares - 2 * constant * rest.products + constant * constant * rest.days_squared,
    )
    as_inside = _times(of_inside, rest.days / inside.days)
    varies = max(of_rest, as_inside, key=sum)
    return _added(_times(of_inside, (1 - share) ** 2), _times(varies, share**2))


def _added(one: _Polynomial, other: _Polynomial) -> _Polynomial:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _times(one: _Polynomial, factor: float) -> _Polynomial:
    return one[0] * factor, one[1] * factor, one[2] * factor


def benjamini_hochberg(values: Sequence[float], tests: int) -> list[float]:
    """Each probability adjusted, in the order given, for the number of tests that were made.

    Tests that are not among the values stand for a probability of 1. To take those adjusted to at
    most 0.01 means that of all taken at most 1 % are expected to be wrong (Benjamini, Hochberg
    1995).
    """
    adjusted = [1.0] * len(values)
    least = 1.0
    order = sorted(range(len(values)), key=values.__getitem__)
    for rank in range(len(order), 0, -1):
        least = min(least, values[order[rank - 1]] * tests / rank)
        adjusted[order[rank - 1]] = least
    return adjusted


def hidden(
    counts: Mapping[Key, int], smallest: int, before: Collection[Key] = ()
) -> frozenset[Key]:
    """Which cells of a set with a known total are not shown, for counts of premises.

    Those of 1 to below ``smallest``, and those hidden ``before``; and, as what is left of the total
    would tell them, the next smallest, until two are hidden that together are no longer small.
    """
    gone = {key for key, count in counts.items() if 0 < count < smallest or key in before}
    total = sum(counts[key] for key in gone)
    if not gone or (len(gone) > 1 and total >= smallest):
        return frozenset(gone)
    for _, _, key in sorted((n, str(key), key) for key, n in counts.items() if key not in gone):
        if len(gone) > 1 and total >= smallest:
            break
        gone.add(key)
        total += counts[key]
    return frozenset(gone)
