"""Bank holidays, kept in the clone's own folder: the package that knows them takes long to load."""

from __future__ import annotations

import datetime
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from defectreg.register.working_days import Holidays, holidays_of_package
from defectreg.store.program import holidays
from defectreg.store.shelf import WRONG, Shelf

_NAME = "holidays"


@dataclass(frozen=True)
class KeptHolidays:
    """The bank holidays of the years that were asked for, in a folder of a clone."""

    folder: Path

    def of(self, year: int) -> Holidays:
        """Those of a year: as they were kept, else as the package says, and then kept."""
        known = self._known
        if year not in known:
            known[year] = holidays_of_package(year)
            if holidays():
                days = {str(each): sorted(map(str, known[each])) for each in sorted(known)}
                self._shelf.keep(_NAME, days)
        return known[year]

    @cached_property
    def _shelf(self) -> Shelf:
        return Shelf(self.folder, tuple(map(str, holidays())))

    @cached_property
    def _known(self) -> dict[int, Holidays]:
        with suppress(*WRONG):
            kept = self._shelf.taken(_NAME).items()
            return {int(year): frozenset(map(_day, days)) for year, days in kept}
        return {}


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
