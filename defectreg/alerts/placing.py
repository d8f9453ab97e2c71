"""What logs say, placed: Devices become premises, and from here on no Device ID is left."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from defectreg.alerts.gathering import Gathering
from defectreg.alerts.joining import Joined
from defectreg.register.codes import is_dcc_alert_code
from defectreg.store.alerts.workbench import Workbench
from defectreg.store.inventory.rejects import Rejects
from defectreg.store.tables.engine import many, read_sql


@dataclass(frozen=True, slots=True)
class Placed:
    """Of the logs of a load: days and alerts by their numbers, those without premises, and doubts.

    ``unplaced`` is why, to how many Devices and alerts.
    """

    days: Sequence[str] = ()
    days_of: Mapping[int, frozenset[str]] = field(default_factory=dict)
    alerts: Mapping[int, int] = field(default_factory=dict)
    unplaced_of: Mapping[int, int] = field(default_factory=dict)
    unplaced: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    unknown_codes: Mapping[str, int] = field(default_factory=dict)
    elsewhere: int = 0
    uncovered: int = 0


def place(
    said: Gathering,
    gathered: Sequence[Path],
    joined: Joined,
    known_codes: Collection[str],
    kept_days: Collection[str],
) -> Placed:
    """Place what was gathered, as the table ``placed`` of the bench.

    The days are those that something was placed on, and those of ``kept_days`` that logs speak of.
    """
    bench = said.bench
    bench.view("gathered", gathered)
    bench.fill("codes", many(said.codes.items(), "text", "code"))
    bench.fill("regions", many(said.regions.items(), "text", "region"))
    bench.view("numbers", [joined.numbers])
    bench.view("exposure", [joined.exposure])
    [(elsewhere, uncovered)] = bench.rows(read_sql("defectreg.alerts", "place.sql"))
    devices, alerts = _unplaced(bench)
    return Placed(
        [day for day, is_placed in _days(bench) if is_placed or day in kept_days],
        _days_of(bench),
        _by_file(bench, "placed"),
        _by_file(bench, "unplaced"),
        {why: (devices[why], alerts[why]) for why in sorted(devices)},
        {
            code: number
            for code, number in _pairs(bench, _CODES)
            if code not in known_codes and not is_dcc_alert_code(code)
        },
        int(str(elsewhere)),
        int(str(uncovered)),
    )


def refuse_unplaced(bench: Workbench, names: Mapping[int, str], refused: Rejects) -> None:
    """Name each Device that has no premises, in the file of what is not counted."""
    for number, device_id, why, alerts in bench.rows(_UNPLACED):
        refused.add(names[int(str(number))], "", str(why), f"{device_id}, alerts: {alerts}")


_CODES = "SELECT alert_code, CAST(sum(alerts) AS BIGINT) FROM found GROUP BY 1 ORDER BY 1"
_UNPLACED = "SELECT file, device_id, why, alerts FROM unplaced ORDER BY file, device_id"
_DAYS = """
SELECT CAST(day AS VARCHAR), bool_or(premises IS NOT NULL) FROM found GROUP BY day ORDER BY day
"""
_WHY = """
SELECT why, count(DISTINCT device_id), CAST(sum(alerts) AS BIGINT) FROM unplaced GROUP BY why
"""


def _days(bench: Workbench) -> list[tuple[str, bool]]:
    return [(str(day), bool(is_placed)) for day, is_placed in bench.rows(_DAYS)]


def _days_of(bench: Workbench) -> dict[int, frozenset[str]]:
    days: dict[int, set[str]] = defaultdict(set)
    for file, day in bench.rows("SELECT DISTINCT file, CAST(day AS VARCHAR) FROM placed"):
        days[int(str(file))].add(str(day))
    return {file: frozenset(each) for file, each in days.items()}


def _by_file(bench: Workbench, table: str) -> dict[int, int]:
    query = f"SELECT file, CAST(sum(alerts) AS BIGINT) FROM {table} GROUP BY file"  # noqa: S608 - ours
    return {int(file): number for file, number in _pairs(bench, query)}


def _pairs(bench: Workbench, query: str) -> list[tuple[str, int]]:
    return [(str(one), int(str(other))) for one, other in bench.rows(query)]


def _unplaced(bench: Workbench) -> tuple[Counter[str], Counter[str]]:
    devices: Counter[str] = Counter()
    alerts: Counter[str] = Counter()
    for why, count, number in bench.rows(_WHY):
        devices[str(why)], alerts[str(why)] = int(str(count)), int(str(number))
    return devices, alerts
