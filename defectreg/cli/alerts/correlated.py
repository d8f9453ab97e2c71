"""What ``alerts correlate`` and ``alerts track`` ask of the kept alerts, in the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defectreg.cli.output import progress
from defectreg.cli.today import asked_day

if TYPE_CHECKING:
    from defectreg.alerts.correlating import Area, Correlation
    from defectreg.store.alerts.asking import Kept

_WINDOW = 90
"""Days that are looked at where no first one is given."""


@dataclass(frozen=True, slots=True)
class Correlated:
    """What was found, and what it was found in."""

    found: Correlation
    areas: Mapping[str, Area]
    kept: Kept
    codes: Sequence[str]
    """Those that were asked about; none for all."""
    smallest: int

    @property
    def meta(self) -> dict[str, object]:
        """What was asked, for JSON: ``since``, ``until``, ``alerts`` and ``small_cell``."""
        return {**window_of(self.kept), "alerts": [*self.codes], "small_cell": self.smallest}


def window_of(kept: Kept) -> dict[str, str]:
    """The first and the last loaded day, as parameters of SQL take them."""
    return {"since": kept.days[0].isoformat(), "until": kept.days[-1].isoformat()}


def ask(
    inventory: Path | None,
    engine: str,
    window: tuple[str | None, str | None],
    codes: Sequence[str],
    smallest: int,
) -> Correlated:
    """Correlate what was kept from one day to another, both as typed.

    Raises CannotRun where no day of them was loaded, UsageProblem for what is no day.
    """
    from defectreg.alerts.correlating import MEMORY, correlate, read_areas
    from defectreg.store.alerts.asking import open_kept
    from defectreg.store.inventory.places import open_inventory
    from defectreg.store.tables.engine import open_engine, read_sql

    answers = open_engine(engine, MEMORY)
    first, last = (asked_day(day) if day else None for day in window)
    kept = open_kept(open_inventory(inventory), first, last, _WINDOW)
    sql = kept.views + read_sql("defectreg.alerts", "correlate.sql")
    with progress("Adding up"), answers.run(sql, kept.tables, window_of(kept)) as answer:
        areas = read_areas(answer.rows(), codes)
    return Correlated(correlate(areas, len(kept.days), smallest), areas, kept, codes, smallest)
