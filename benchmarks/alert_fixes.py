"""Fixes that work, nearly work, half work and do not, measured by the program itself."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from benchmarks.alert_background import REGIONS, START, answered, noise, poisson
from defectreg.alerts.effects import Asked, Effect, measure
from defectreg.register.devices import parse_combination

MODEL = "ESME:FF01/00010100"
OLD, NEW = "00000001", "00000002"
SHARES = (0.0, 0.2, 0.5, 1.0)
"""What a fix leaves of the alerts: it works, nearly works, half works, does not."""


@dataclass(frozen=True)
class Measured:
    """What a fix leaves in truth, and what was measured of it."""

    left: float
    effect: Effect


def fix_rows(
    rng: random.Random, premises: int, left: float
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Exposure and alerts of premises that take a firmware one after the other, most of them.

    All alerts double over the window, as in a season; the rates are as heavy-tailed as above.
    """
    exposed, sent = [], []
    hubs = [f"CHF:FF02/0000000{n}@00000001" for n in range(3)]
    for number in range(premises):
        region, hub = rng.choice(REGIONS), rng.choice(hubs)
        change = int(rng.betavariate(2, 2) * 100) if rng.random() < 0.7 else 90
        change = max(1, min(change, 90))
        rate = 0.05 * noise(rng)
        for first, last, firmware in ((0, change - 1, OLD), (change, 89, NEW)):
            if last < first:
                continue
            esme = f"{MODEL}@{firmware}"
            exposed.append((number, region, esme, "", hub, f"{hub} + {esme}", f"{hub} + {esme}",
                            START + timedelta(first), START + timedelta(last)))  # fmt: skip
            for day in range(first, last + 1):
                season = 1 + day / 90
                own = rate * season * (left if firmware == NEW else 1)
                if count := poisson(rng, own):
                    sent.append((number, "ESME", "8F1E", count, START + timedelta(day)))
    return exposed, sent


def fixes(runs: int, seed: int, premises: int) -> Iterator[Measured]:
    """Fixes of each kind, measured by the program's SQL and statistics."""
    affected = parse_combination(f"{MODEL}@{OLD}")
    asked = Asked(affected.without_firmware().devices[0], NEW, (affected,))
    for run in range(runs):
        for left in SHARES:
            rng = random.Random(f"{seed} {run} {left}")
            exposed, sent = fix_rows(rng, premises, left)
            answer = answered("effect.sql", asked.parameters, exposed, sent)
            yield Measured(left, measure(asked, answer))


def tell_fixes(measured: Iterable[Measured]) -> None:
    """Print what was measured of the fixes."""
    by_share = defaultdict(list)
    for each in measured:
        by_share[each.left].append(each.effect)
    print("| left in truth | runs | judged | in the interval | confirmation | challenge | width |")
    for left, effects in by_share.items():
        ratios = [each.ratio for each in effects if each.ratio is not None]
        inside = sum(ratio.low <= left <= ratio.high for ratio in ratios)
        verdicts = Counter(each.verdict for each in effects)
        width = sorted(ratio.high - ratio.low for ratio in ratios)[len(ratios) // 2]
        print(f"| {left:.0%} | {len(effects)} | {len(ratios)} | {inside} | "
              f"{verdicts['confirmation']} | {verdicts['challenge']} | {width:.2f} |")  # fmt: skip
