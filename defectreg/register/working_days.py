"""Working days of England and Wales."""

from __future__ import annotations

import datetime
from functools import cache, lru_cache

_DAY = datetime.timedelta(days=1)


@cache
def _holidays(year: int) -> frozenset[datetime.date]:
    """Bank holidays of a year; the package knows moved and one-off ones."""
    from holidays import country_holidays

    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: datetime.date) -> bool:
    """Whether a day is neither a Saturday, a Sunday nor a bank holiday of England and Wales."""
    return day.weekday() < 5 and day not in _holidays(day.year)


@lru_cache(maxsize=4096)
def last_day(start: datetime.date, working_days: int) -> datetime.date:
    """The last day of a window of so many working days, the first being the one after start."""
    day = start
    while working_days > 0:
        day += _DAY
        working_days -= is_working_day(day)
    return day
