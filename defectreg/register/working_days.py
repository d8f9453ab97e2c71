"""Working days of England and Wales."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TypeAlias

_DAY = datetime.timedelta(days=1)
MOST_HOLIDAYS = 15
"""More than a year has had yet: eight, and in 2022, with a jubilee and a funeral, ten."""


Holidays: TypeAlias = frozenset[datetime.date]


def holidays_of_package(year: int) -> Holidays:
    """Bank holidays of a year; the package knows moved and one-off ones."""
    from holidays import country_holidays

    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


_asked: list[Callable[[int], Holidays]] = [holidays_of_package]
"""Who is asked for the bank holidays of a year: one at a time."""


def look_up_by(look_up: Callable[[int], Holidays]) -> None:
    """From now on ask this one, which has kept what the package says."""
    _asked[0] = look_up


@cache
def _holidays(year: int) -> Holidays:
    return _asked[0](year)


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


def is_over(start: datetime.date, working_days: int, day: datetime.date) -> bool:
    """Whether the last day of such a window is before a day.

    Most windows are long over: then no bank holiday needs to be known, which takes a while.
    """
    passed = _weekdays_between(start, day)
    if day <= start or passed < working_days:
        return False
    if passed - MOST_HOLIDAYS * (day.year - start.year + 1) >= working_days:
        return True
    return last_day(start, working_days) < day


def _weekdays_between(start: datetime.date, day: datetime.date) -> int:
    """Days from Monday to Friday after one day and before another."""
    weeks, rest = divmod(max((day - start).days - 1, 0), 7)
    return weeks * 5 + sum((start + _DAY * n).weekday() < 5 for n in range(1, rest + 1))
