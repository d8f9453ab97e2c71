"""A log read to its end: what it says by Device, code and day, and which of its rows are no alert.

Logs are read at once where every line is a row; where one is not, row by row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from defectreg.alerts.reading import Log, Reject
from defectreg.register.codes import parse_alert_code
from defectreg.register.devices import REGIONS
from defectreg.register.notation import upper
from defectreg.store.alerts.logs import Bytes
from defectreg.store.alerts.workbench import RAW, Workbench
from defectreg.store.inventory.rejects import Rejects
from defectreg.store.tables.engine import many, read_sql

_WRONG_CODE = "the alert code is not one: 4 hexadecimal digits, AD1, or N with a number"
_RAW = {"place": "BIGINT", **dict.fromkeys(RAW, "VARCHAR")}
_JUDGED = """
SELECT CAST({number} AS INTEGER) AS file, device_id, alert_code, region, day, why, alerts
FROM judged
"""
_REGIONS = {upper(region): region for region in REGIONS}


@dataclass(slots=True)
class Gathering:
    """What logs said so far: each alert code and region as it stands there, and as DUIS has it."""

    bench: Workbench
    refused: Rejects
    codes: dict[str, str] = field(default_factory=dict)
    """'' where it is no code."""
    regions: dict[str, str] = field(default_factory=dict)
    """'' where it is no region."""

    def gather(self, log: Log, number: int, made: Bytes) -> tuple[Path, int]:
        """The file of what a log says, under its number, and how many of its rows are no alert."""
        before = sum(self.refused.reasons.values())
        self.bench.nothing("raw", _RAW)
        self.bench.define("judged", read_sql("defectreg.alerts", "gather.sql"))
        file = self._quickly(log, number, made)
        is_quick = file is not None
        if file is None:
            file = self._slowly(log, number)
        self.bench.view("heard", [file])
        wrong = self._learn()
        if wrong or self.bench.number("SELECT count(*) FROM heard WHERE why <> ''"):
            self._refuse(log, wrong, is_quick)
        return file, sum(self.refused.reasons.values()) - before

    def _quickly(self, log: Log, number: int, made: Bytes) -> Path | None:
        """Read a log at once; None where it is not whole so."""
        if log.quick is None:
            return None
        log.quick(self.bench, False)
        file = self.bench.keep_read(_JUDGED.format(number=number), f"log-{number}.parquet")
        if file is None or not log.counts_lines:
            return file
        self.bench.view("heard", [file])
        is_whole = self.bench.number("SELECT count(*) FROM heard") == made.lines - 1
        return file if is_whole else None

    def _slowly(self, log: Log, number: int) -> Path:
        rejects: list[Reject] = []
        self.bench.read_staged(log.staged(rejects))
        for place, why in rejects:
            self.refused.add(str(log.path), place, why)
        return self.bench.keep(_JUDGED.format(number=number), f"log-{number}.parquet")

    def _learn(self) -> list[str]:
        """Take up the codes and regions of the log; those of its codes that are none."""
        codes = [str(code) for [code] in self.bench.rows(
            "SELECT DISTINCT alert_code FROM heard WHERE why = ''")]  # fmt: skip
        self.codes.update((code, _code_of(code)) for code in codes if code not in self.codes)
        for [region] in self.bench.rows("SELECT DISTINCT region FROM heard"):
            self.regions[str(region)] = _REGIONS.get(" ".join(str(region).split()), "")
        return [code for code in codes if not self.codes[code]]

    def _refuse(self, log: Log, wrong: list[str], is_quick: bool) -> None:
        """Say of each row that is no alert where it stands, and why."""
        if is_quick and log.quick is not None:
            log.quick(self.bench, True)
        self.bench.fill("wrong_codes", many([[code] for code in wrong], "text"))
        sql = read_sql("defectreg.alerts", "reject.sql")
        for place, why in self.bench.rows(sql, {"wrong": _WRONG_CODE}):
            self.refused.add(str(log.path), log.placed(place), str(why))


def _code_of(text: str) -> str:
    try:
        return parse_alert_code(text)
    except ValueError:
        return ""
