"""What logs say, placed: Devices become premises, and from here on no Device ID is left."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from defectreg.register.codes import is_dcc_alert_code
from defectreg.store.alerts.workbench import Workbench
from defectreg.store.inventory.rejects import Rejects
from defectreg.store.tables.engine import read_sql

_UNPLACED = {"file": "INTEGER", "device_id": "VARCHAR", "why": "VARCHAR", "alerts": "BIGINT"}
_TAKE_UNPLACED = """
INSERT INTO unplaced
SELECT
    $number, device_id,
    CASE
        WHEN device_type IS NULL THEN 'the inventory does not have the Device'
        ELSE 'the inventory does not say the premises of the Device'
    END,
    sum(alerts)
FROM said
WHERE premises IS NULL
GROUP BY device_id, device_type
"""
_DAYS = """
SELECT
    CAST(day AS VARCHAR), CAST(coalesce(sum(alerts) FILTER (premises IS NOT NULL), 0) AS BIGINT),
    CAST(sum(alerts) AS BIGINT), CAST(coalesce(sum(elsewhere), 0) AS BIGINT)
FROM said
GROUP BY day
ORDER BY day
"""
_CODES = "SELECT alert_code, CAST(sum(alerts) AS BIGINT) FROM said GROUP BY 1 ORDER BY 1"
_WHY = """
SELECT why, count(DISTINCT device_id), CAST(sum(alerts) AS BIGINT)
FROM unplaced
GROUP BY why
ORDER BY why
"""
_NAMES = "SELECT file, device_id, why, alerts FROM unplaced ORDER BY file, device_id"


@dataclass(slots=True)
class Placed:
    """Of the logs of a load: the files made of each day (ISO 8601) and the alerts of each log, by
    its number; those without premises, and doubts.

    ``codes`` are all alerts by their code.
    """

    bench: Workbench
    parts: defaultdict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))
    days_of: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    alerts: Counter[int] = field(default_factory=Counter)
    unplaced_of: Counter[int] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    elsewhere: int = 0
    uncovered: int = 0
    spoken_of: set[str] = field(default_factory=set)
    """Days of alerts, with premises or without."""
    _doubted_from: str = ""

    def __post_init__(self) -> None:
        self.bench.empty("unplaced", _UNPLACED)

    def take(self, number: int) -> None:
        """Place what the log of a number ``said``."""
        for day, placed, alerts, elsewhere in list(self.bench.rows(_DAYS)):
            self.spoken_of.add(str(day))
            self.alerts[number] += int(str(placed))
            self.unplaced_of[number] += int(str(alerts)) - int(str(placed))
            self.elsewhere += int(str(elsewhere))
            if placed:
                self.days_of[number].add(str(day))
                self.parts[str(day)].append(self._part(number, str(day)))
        self.codes.update({str(code): int(str(sent)) for code, sent in self.bench.rows(_CODES)})
        if self.unplaced_of[number]:
            self.bench.run(_TAKE_UNPLACED, {"number": number})
        if self.days_of[number]:
            self.uncovered += self._uncovered(min(self.days_of[number]))

    def days(self, kept_days: Collection[str]) -> list[str]:
        """Days that something was placed on, and those of ``kept_days`` that logs speak of."""
        return sorted(self.parts.keys() | (self.spoken_of & set(kept_days)))

    def unknown_codes(self, known_codes: Collection[str]) -> dict[str, int]:
        """Codes that nobody knows, to how many alerts."""
        return {
            code: alerts
            for code, alerts in sorted(self.codes.items())
            if code not in known_codes and not is_dcc_alert_code(code)
        }

    def unplaced(self) -> dict[str, tuple[int, int]]:
        """Why there are no premises, to how many Devices and alerts."""
        return {
            str(why): (int(str(devices)), int(str(alerts)))
            for why, devices, alerts in self.bench.rows(_WHY)
        }

    def refuse_unplaced(self, names: Mapping[int, str], refused: Rejects) -> None:
        """Name each Device that has no premises, in the file of what is not counted."""
        for number, device_id, why, alerts in self.bench.rows(_NAMES):
            refused.add(names[int(str(number))], "", str(why), f"{device_id}, alerts: {alerts}")

    def _part(self, number: int, day: str) -> Path:
        query = (  # of a number and a day
            f"SELECT premises, device_type, alert_code, alerts, {number} AS source FROM said "  # noqa: S608
            f"WHERE day = DATE '{day}' AND premises IS NOT NULL ORDER BY alert_code, premises"
        )
        return self.bench.keep(query, f"part-{number}-{day}.parquet")

    def _uncovered(self, first: str) -> int:
        if not self._doubted_from or first < self._doubted_from:
            self._doubted_from = first
            self.bench.run(read_sql("defectreg.alerts", "doubt.sql"), {"first": first})
        return self.bench.number(read_sql("defectreg.alerts", "cover.sql"))
