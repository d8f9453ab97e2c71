"""Whether the method of ``alerts correlate`` and ``alerts effect`` holds, where the truth is known.

``python -m benchmarks.alert_simulation [--runs N] [--premises N] [--fixes N] [--took N]`` and
``[--seed S]`` invents fleets and their alerts, plants effects of many sizes (weak ones too), and
fixes that work, half work and do not; asks the program's own SQL and statistics; and prints which
share was found, by size, and which share of what was found is false, with plain Poisson beside it.
Same seed, same figures.

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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from defectreg.alerts.correlating import (
    NOMINAL,
    Area,
    Correlation,
    Result,
    compare_cells,
    correlate,
    read_areas,
)
from defectreg.alerts.effects import Asked, measure
from defectreg.alerts.effects import Effect as FixEffect
from defectreg.alerts.explaining import RATIO, Cell
from defectreg.register.devices import parse_combination
from defectreg.store.tables.engine import read_sql

if TYPE_CHECKING:
    import duckdb

REGIONS = ("North", "South")
CODES = tuple(f"8F{number:02X}" for number in range(12))
START = date(2026, 6, 1)
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
                noise=_noise(rng),
            )
        )
    return made


def _noise(rng: random.Random) -> float:
    """How noisy a premises is, about 1 on average; one in a thousand is a storm of its own."""
    if rng.random() < 0.001:
        return rng.uniform(200, 2000)
    return rng.lognormvariate(-1.125, 1.5)


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


def poisson(rng: random.Random, mean: float) -> int:
    """A number of events of which so many are expected."""
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, number, left = math.exp(-mean), 0, rng.random()
    while left > limit:
        number += 1
        left *= rng.random()
    return number


def exposure(fleet: Sequence[Home]) -> Iterator[tuple[Any, ...]]:
    """Rows of the exposure."""
    for number, home in enumerate(fleet):
        for first, last, values in home.stays():
            yield (number, home.region, values["esme"], values["gsme"], values["hub"],
                   values["esme-hub"], values["combination"], START + timedelta(first),
                   START + timedelta(last))  # fmt: skip


def table(
    database: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Iterable[Any]
) -> None:
    """A table of these rows; ``columns`` as ``name TYPE, …``."""
    import pyarrow

    names = [column.split()[0] for column in columns.split(",")]
    arrays = [pyarrow.array(column) for column in zip(*rows, strict=True)]
    database.register("made", pyarrow.table(arrays, names=names))
    database.execute(f"CREATE TABLE {name} AS SELECT * FROM made")
    database.unregister("made")


def areas_of(fleet: Sequence[Home], sent: Iterable[tuple[Any, ...]]) -> dict[str, Area]:
    """What the program's SQL answers of them."""
    window = {"since": START.isoformat(), "until": (START + timedelta(DAYS)).isoformat()}
    return read_areas(answered("correlate.sql", window, exposure(fleet), sent))


def answered(
    file: str,
    parameters: Mapping[str, Any],
    exposed: Iterable[tuple[Any, ...]],
    sent: Iterable[tuple[Any, ...]],
) -> list[tuple[Any, ...]]:
    """The rows with which one of the program's SQL files answers."""
    import duckdb

    with duckdb.connect(":memory:") as database:
        database.execute("SET threads = 1")
        table(database, "alerts", "premises,device_type,alert_code,alerts,day", sent)
        columns = "premises,region,esme,gsme,hub,esme_hub,combination,first_day,last_day"
        table(database, "exposure", columns, exposed)
        table(database, "codes", "code", [("8F1E",)])
        for statement in database.extract_statements(read_sql("defectreg.alerts", file)):
            named = statement.named_parameters
            database.execute(statement, {name: parameters[name] for name in named})
        return database.fetchall()


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
        self.cells = self.null_cells = 0

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

    def add_cells(self, results: Iterable[Result], effects: Sequence[Effect]) -> None:
        """Count the cells that stand out by themselves, and those where nothing was planted."""
        planted = {(each.region, each.code) for each in effects}
        for each in results:
            if each.adjusted is not None and each.adjusted <= NOMINAL:
                is_high = each.comparison.low > RATIO
                self.cells += is_high
                self.null_cells += is_high and (each.region, each.code) not in planted


def is_nested(one: str, other: str) -> bool:
    """Whether every premises of one of two cells is in the other as well."""
    first, second = set(one.split(" + ")), set(other.split(" + "))
    return first <= second or second <= first


def correlations(runs: int, seed: int, premises: int) -> tuple[Tally, Tally]:
    """Ours, and plain Poisson on the same alerts."""
    ours, plain = Tally(), Tally()
    for run in range(runs):
        rng = random.Random(seed * 1_000_003 + run)
        fleet = homes(rng, premises)
        effects = plant(rng, fleet)
        areas = areas_of(fleet, alerts(rng, fleet, effects))
        made = correlate(areas, DAYS, SMALLEST)
        ours.add(made, effects)
        ours.add_cells(made.results, effects)
        plain.add_cells(compare_cells(as_poisson(areas), DAYS, SMALLEST), effects)
        print(f"run {run + 1} of {runs}: so far {ours.findings} findings, {ours.exact} as planted, "
              f"{ours.false} false", file=sys.stderr, flush=True)  # fmt: skip
    return ours, plain


def tell(ours: Tally, plain: Tally) -> None:
    """Print what was found."""
    print(f"{ours.findings} findings: {ours.exact} as planted, {ours.other_level} at another level "
          f"of what was planted, {ours.false} false ({ours.false / max(1, ours.findings):.2%}; "
          f"mean of the runs {sum(ours.runs_false) / len(ours.runs_false):.2%})")  # fmt: skip
    print("| level | " + " | ".join(f"x{ratio:g}" for ratio in RATIOS) + " |")
    for level in LEVELS:
        shares = (f"{ours.found[level, ratio]} of {ours.planted[level, ratio]}" for ratio in RATIOS)
        print(f"| {level} | " + " | ".join(shares) + " |")
    for name, tally in (("clustered by premises", ours), ("plain Poisson", plain)):
        print(f"{name}: {tally.cells} cells stand out before explaining, of them "
              f"{tally.null_cells} in a code of a region where nothing was planted")  # fmt: skip


MODEL = "ESME:FF01/00010100"
OLD, NEW = "00000001", "00000002"
SHARES = (0.0, 0.2, 0.5, 1.0)
"""What a fix leaves of the alerts: it works, nearly works, half works, does not."""


@dataclass(frozen=True)
class Measured:
    """What a fix leaves in truth, and what was measured of it."""

    left: float
    effect: FixEffect


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
        rate = 0.05 * _noise(rng)
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


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--premises", type=int, default=40_000)
    parser.add_argument("--fixes", type=int, default=20, help="runs of each kind of fix")
    parser.add_argument("--took", type=int, default=3_000, help="premises of a fix")
    asked = parser.parse_args()
    if asked.runs:
        tell(*correlations(asked.runs, asked.seed, asked.premises))
    if asked.fixes:
        tell_fixes(fixes(asked.fixes, asked.seed, asked.took))


if __name__ == "__main__":
    main()
