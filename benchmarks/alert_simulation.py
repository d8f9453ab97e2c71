"""Whether the method of ``alerts correlate`` and ``alerts effect`` holds, where the truth is known.

``python -m benchmarks.alert_simulation [--runs N] [--plain N] [--premises N] [--fixes N]`` and
``[--took N] [--seed S]`` invents fleets and their alerts, plants effects of many sizes (weak ones
too), and fixes that work, half work and do not; asks the program's own SQL and statistics; and
prints which share was found, by size, and which share of what was found is false, with plain
Poisson beside it. The default is large enough to show whether that share is at most 1 %, and takes
ten minutes. Same seed, same figures.

The background is what makes it hard: each premises has its own rate, log-normal with a heavy tail,
the same noisy premises for all codes; one in a thousand sends thousands; one in six changes the
firmware of its Hub within the window. Half of the codes of a region have no effect at all.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from benchmarks.alert_background import REGIONS, START, answered, noise, poisson
from benchmarks.alert_fixes import fixes, tell_fixes
from defectreg.alerts.correlating import (
    NOMINAL,
    Area,
    Correlation,
    correlate,
    read_areas,
)
from defectreg.alerts.explaining import RATIO, Cell

CODES = tuple(f"8F{number:02X}" for number in range(12))
DAYS = 60
RATIOS = (1.7, 2.0, 3.0, 5.0, 10.0, 30.0)
LEVELS = ("esme", "gsme", "hub", "esme-hub", "combination")
SMALLEST = 5


@dataclass(frozen=True)
class Home:
    """A premises: its region, Devices, Hub after a change of firmware ('' for none), and noise."""

    region: str
    esme: str
    gsme: str
    hub: str
    later_hub: str
    changes: int
    """The day of the window on which the later Hub firmware begins."""
    noise: float

    def stays(self) -> Iterator[tuple[int, int, dict[str, str]]]:
        """First day, last day, and the cell of each level."""
        if self.later_hub:
            yield 0, self.changes - 1, self._cells(self.hub)
            yield self.changes, DAYS - 1, self._cells(self.later_hub)
        else:
            yield 0, DAYS - 1, self._cells(self.hub)

    def _cells(self, hub: str) -> dict[str, str]:
        both = f"{hub} + {self.esme}"
        whole = f"{both} + {self.gsme}" if self.gsme else both
        return {"esme": self.esme, "gsme": self.gsme, "hub": hub, "esme-hub": both,
                "combination": whole}  # fmt: skip


@dataclass(frozen=True)
class Effect:
    """What was planted: the alerts of a code, in a cell of a region, are so many times as many."""

    region: str
    code: str
    cell: Cell
    ratio: float
    premises: int


def homes(rng: random.Random, number: int) -> list[Home]:
    """Premises of both regions; which Hub goes with which ESME is not by chance."""
    esmes = [f"ESME:FF{n % 6 + 1:02X}/{n // 2:08X}@0000000{n % 2}" for n in range(24)]
    gsmes = [f"GSME:FF{n % 4 + 1:02X}/{n // 2:08X}@0000000{n % 2}" for n in range(14)]
    hubs = [f"CHF:FF{n // 3 + 1:02X}/{n // 3:08X}@0000000{n % 3}" for n in range(9)]
    usual = {esme: rng.sample(range(3), 2) for esme in esmes}
    popular = [1 / (1 + n) ** 0.7 for n in range(len(esmes))]
    made = []
    for esme in rng.choices(esmes, popular, k=number):
        model = usual[esme][0] if rng.random() < 0.7 else rng.randrange(3)
        version = rng.choices(range(3), (2, 5, 3))[0]
        moves = version < 2 and rng.random() < 0.25
        made.append(
            Home(
                region=rng.choice(REGIONS),
                esme=esme,
                gsme=rng.choice(gsmes) if rng.random() < 0.8 else "",
                hub=hubs[3 * model + version],
                later_hub=hubs[3 * model + version + 1] if moves else "",
                changes=rng.randrange(5, DAYS - 5),
                noise=noise(rng),
            )
        )
    return made


def plant(rng: random.Random, fleet: Sequence[Home]) -> list[Effect]:
    """Effects for half of the codes of each region, one or two a code."""
    premises: dict[str, Counter[Cell]] = defaultdict(Counter)
    for home in fleet:
        cells = {cell for _, _, values in home.stays() for cell in values.items() if cell[1]}
        premises[home.region].update(cells)
    effects = []
    for region in REGIONS:
        for code in CODES[: len(CODES) // 2]:
            for _ in range(rng.choice((1, 1, 2))):
                level = rng.choice(LEVELS)
                able = [(cell, n) for cell, n in sorted(premises[region].items())
                        if cell[0] == level and n >= 40]  # fmt: skip
                cell, number = rng.choice(able)
                effects.append(Effect(region, code, cell, rng.choice(RATIOS), number))
    return effects


def alerts(
    rng: random.Random, fleet: Sequence[Home], effects: Sequence[Effect]
) -> Iterator[tuple[int, str, str, int, date]]:
    """Rows of kept alerts: what a premises sends in a stay stands on one of its days."""
    planted: dict[tuple[str, str], list[Effect]] = defaultdict(list)
    for effect in effects:
        planted[effect.region, effect.code].append(effect)
    rates = {code: 10 ** rng.uniform(-3.2, -1.2) for code in CODES}
    for number, home in enumerate(fleet):
        for code in CODES:
            rate = rates[code] * home.noise * rng.lognormvariate(-0.5, 1.0)
            for first, last, values in home.stays():
                ratio = math.prod(
                    each.ratio
                    for each in planted[home.region, code]
                    if values[each.cell[0]] == each.cell[1]
                )
                sent = poisson(rng, rate * ratio * (last - first + 1))
                if sent:
                    day = START + timedelta(rng.randint(first, last))
                    yield number, "ESME", code, sent, day


def exposure(fleet: Sequence[Home]) -> Iterator[tuple[Any, ...]]:
    """Rows of the exposure."""
    for number, home in enumerate(fleet):
        for first, last, values in home.stays():
            yield (number, home.region, values["esme"], values["gsme"], values["hub"],
                   values["esme-hub"], values["combination"], START + timedelta(first),
                   START + timedelta(last))  # fmt: skip


def areas_of(fleet: Sequence[Home], sent: Iterable[tuple[Any, ...]]) -> dict[str, Area]:
    """What the program's SQL answers of them."""
    window = {"since": START.isoformat(), "until": (START + timedelta(DAYS)).isoformat()}
    return read_areas(answered("correlate.sql", window, exposure(fleet), sent))


def as_poisson(areas: Mapping[str, Area]) -> dict[str, Area]:
    """The same sums as if each alert came by itself: a variance is then the number of alerts."""
    return {
        region: replace(
            area,
            exposure={cell: replace(each, days_squared=0) for cell, each in area.exposure.items()},
            said=defaultdict(dict, {
                code: {cell: replace(each, counted=each.alerts, squares=each.alerts, products=0)
                       for cell, each in said.items()}
                for code, said in area.said.items()
            }),
        )
        for region, area in areas.items()
    }  # fmt: skip


class Tally:
    """What was planted and found over all runs."""

    def __init__(self) -> None:
        self.planted: Counter[tuple[str, float]] = Counter()
        self.found: Counter[tuple[str, float]] = Counter()
        self.findings = self.exact = self.other_level = self.false = 0
        self.runs_false: list[float] = []
        self.cells = self.null_cells = self.quiet = self.not_quiet = 0

    def add(self, made: Correlation, effects: Sequence[Effect]) -> None:
        """Count a run; a finding is exact, of a cell within or around one planted, or false."""
        truth = {(each.region, each.code, each.cell): each for each in effects}
        self.planted.update((each.cell[0], each.ratio) for each in effects)
        false = 0
        for finding in made.findings:
            region, code, cell = finding.result.key
            alike = [(region, code, each) for each in (cell, *finding.explained.alike)]
            exact = [truth[key] for key in alike if key in truth]
            self.found.update((each.cell[0], each.ratio) for each in exact)
            planted = [each.cell for each in effects if (each.region, each.code) == (region, code)]
            nested = any(is_nested(cell[1], each[1]) for each in planted)
            self.exact += bool(exact)
            self.other_level += not exact and nested
            false += not exact and not nested
        self.findings += len(made.findings)
        self.false += false
        self.runs_false.append(false / max(1, len(made.findings)))
        self._add_quiet(made, {(each.region, each.code) for each in effects})

    def _add_quiet(self, made: Correlation, planted: Set[tuple[str, str]]) -> None:
        """Count the cells that stand out by themselves, and what was found in quiet codes."""
        found = {finding.result.key[:2] for finding in made.findings}
        self.quiet += len(REGIONS) * len(CODES) - len(planted)
        self.not_quiet += len(found - planted)
        for each in made.results:
            if each.adjusted is not None and each.adjusted <= NOMINAL:
                is_high = each.comparison.low > RATIO
                self.cells += is_high
                self.null_cells += is_high and (each.region, each.code) not in planted


def is_nested(one: str, other: str) -> bool:
    """Whether every premises of one of two cells is in the other as well."""
    first, second = set(one.split(" + ")), set(other.split(" + "))
    return first <= second or second <= first


def correlations(runs: int, plain_runs: int, seed: int, premises: int) -> tuple[Tally, Tally]:
    """Ours, and plain Poisson on the same alerts of the first runs."""
    ours, plain = Tally(), Tally()
    for run in range(runs):
        rng = random.Random(seed * 1_000_003 + run)
        fleet = homes(rng, premises)
        effects = plant(rng, fleet)
        areas = areas_of(fleet, alerts(rng, fleet, effects))
        ours.add(correlate(areas, DAYS, SMALLEST), effects)
        if run < plain_runs:
            plain.add(correlate(as_poisson(areas), DAYS, SMALLEST), effects)
        print(f"run {run + 1} of {runs}: so far {ours.findings} findings, {ours.exact} as planted, "
              f"{ours.false} false", file=sys.stderr, flush=True)  # fmt: skip
    return ours, plain


def bound(false: int, findings: int) -> float:
    """The largest share of false findings that so few false ones do not refuse at 95 %."""
    low, high = false / max(1, findings), 1.0
    for _ in range(50):
        share = (low + high) / 2
        as_few = math.fsum(_probability(number, findings, share) for number in range(false + 1))
        low, high = (share, high) if as_few > 0.05 else (low, share)
    return high


def _probability(number: int, of: int, share: float) -> float:
    """That of so many, each with this share, just this number are false."""
    ways = math.lgamma(of + 1) - math.lgamma(number + 1) - math.lgamma(of - number + 1)
    return math.exp(ways + number * math.log(share) + (of - number) * math.log1p(-share))


def tell(ours: Tally, plain: Tally) -> None:
    """Print what was found."""
    for name, tally in (("clustered by premises", ours), ("plain Poisson", plain)):
        print(f"{name}, {len(tally.runs_false)} runs: {tally.findings} findings, of them "
              f"{tally.exact} as planted, {tally.other_level} at another level of it, "
              f"{tally.false} false ({tally.false / max(1, tally.findings):.1%}, at 95 % at most "
              f"{bound(tally.false, tally.findings):.2%}); found {sum(tally.found.values())} of "
              f"{sum(tally.planted.values())} planted; runs with a false finding: "
              f"{sum(map(bool, tally.runs_false))}; codes of a region without any effect: "
              f"{tally.quiet}, with a finding: {tally.not_quiet}; cells that stand out before "
              f"explaining: {tally.cells}, of such codes: {tally.null_cells}")  # fmt: skip
    print("| level | " + " | ".join(f"x{ratio:g}" for ratio in RATIOS) + " |")
    for level in LEVELS:
        shares = (f"{ours.found[level, ratio]} of {ours.planted[level, ratio]}" for ratio in RATIOS)
        print(f"| {level} | " + " | ".join(shares) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=72)
    parser.add_argument("--plain", type=int, default=12, help="of them also as plain Poisson")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--premises", type=int, default=30_000)
    parser.add_argument("--fixes", type=int, default=100, help="runs of each kind of fix")
    parser.add_argument("--took", type=int, default=2_000, help="premises of a fix")
    asked = parser.parse_args()
    if asked.runs:
        tell(*correlations(asked.runs, asked.plain, asked.seed, asked.premises))
    if asked.fixes:
        tell_fixes(fixes(asked.fixes, asked.seed, asked.took))


if __name__ == "__main__":
    main()
