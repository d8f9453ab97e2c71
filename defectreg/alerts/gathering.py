"""A log read to its end: what it says by premises and day, and which of its rows are no alert.

Logs are read at once where every line is a row; where one is not, row by row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from defectreg.alerts.joining import Joined
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


@dataclass(slots=True)
class Gathering:
    """Logs that are read one after the other, each of them as the table ``said`` of the bench."""

    bench: Workbench
    refused: Rejects
    devices: int
    """How many the inventory has."""

    @classmethod
    def of(cls, bench: Workbench, refused: Rejects, joined: Joined, latest: str) -> Gathering:
        """With all that logs are joined with; ``latest`` is the last day of which alerts can be."""
        bench.fill("limits", many([["2010-01-01", latest]], "earliest", "latest"))
        bench.fill("regions", many([[upper(region)] for region in REGIONS], "text"))
        bench.view("numbers", [joined.numbers])
        bench.view("exposure", [joined.exposure])
        return cls(bench, refused, bench.number("SELECT count(*) FROM numbers"))

    def gather(self, log: Log, made: Bytes) -> int:
        """Read a log, and refuse those of its rows that are no alert; how many these are."""
        before = sum(self.refused.reasons.values())
        self.bench.nothing("raw", _RAW)
        self.bench.run(read_sql("defectreg.alerts", "gather.sql"))
        # DuckDB takes a text file for a few rows; a table of them all would not fit into memory.
        self.bench.keep_sides(log.counts_lines and made.lines > self.devices)
        is_quick = self._quickly(log, made)
        if not is_quick:
            self._slowly(log)
        wrong = [code for code in self._codes() if not _is_code(code)]
        if wrong or self.bench.number("SELECT count(*) FROM said WHERE why <> ''"):
            self._refuse(log, wrong, is_quick)
        return sum(self.refused.reasons.values()) - before

    def _quickly(self, log: Log, made: Bytes) -> bool:
        """Read a log at once; whether it is whole so."""
        if log.quick is None:
            return False
        log.quick(self.bench, False)
        if not self.bench.is_read(read_sql("defectreg.alerts", "place.sql")):
            return False
        lines = "SELECT CAST(coalesce(sum(lines), 0) AS BIGINT) FROM said"
        return not log.counts_lines or self.bench.number(lines) == made.lines - 1

    def _slowly(self, log: Log) -> None:
        rejects: list[Reject] = []
        self.bench.read_staged(log.staged(rejects))
        for place, why in rejects:
            self.refused.add(str(log.path), place, why)
        self.bench.run(read_sql("defectreg.alerts", "place.sql"))

    def _codes(self) -> Iterator[str]:
        for [code] in self.bench.rows("SELECT DISTINCT alert_code FROM said WHERE why = ''"):
            yield str(code)

    def _refuse(self, log: Log, wrong: list[str], is_quick: bool) -> None:
        """Say of each row that is no alert where it stands, and why; what is left is alerts."""
        if is_quick and log.quick is not None:
            log.quick(self.bench, True)
        self.bench.fill("wrong_codes", many([[code] for code in wrong], "text"))
        sql = read_sql("defectreg.alerts", "reject.sql")
        for place, why in self.bench.rows(sql, {"wrong": _WRONG_CODE}):
            self.refused.add(str(log.path), log.placed(place), str(why))
        self.bench.run("""
            DELETE FROM said WHERE why <> '' OR alert_code IN (SELECT text FROM wrong_codes)
        """)


def _is_code(text: str) -> bool:
    try:
        return parse_alert_code(text) == text
    except ValueError:
        return False
