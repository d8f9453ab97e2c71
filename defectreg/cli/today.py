"""The day that is asked about: a calendar day of Europe/London."""

from __future__ import annotations

import datetime

from defectreg.register.errors import UsageProblem


def today(now: datetime.datetime | None = None) -> datetime.date:
    """The day in London, now or at a moment."""
    from defectreg.store.git.history import day_in_london

    moment = now or datetime.datetime.now(datetime.UTC)
    return day_in_london(int(moment.timestamp()))


def asked_day(typed: str | None) -> datetime.date:
    """The day that was typed as ``YYYY-MM-DD``, else today. Raises UsageProblem for no day."""
    if typed is None:
        return today()
    try:
        day = datetime.date.fromisoformat(typed)
    except ValueError:
        day = datetime.date.max
    if day.isoformat() != typed:
        raise UsageProblem(
            f"{typed!a:.40} is not a day of the calendar", "write it as YYYY-MM-DD: 2026-10-21"
        )
    return day
