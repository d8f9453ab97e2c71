"""Tombstones: what is told of a record that was withdrawn, and whether anything is."""

from __future__ import annotations

import datetime
from dataclasses import replace
from itertools import pairwise

from defectreg.register.policy import Policy
from defectreg.register.public import NOT_TOLD, PublicWithdrawal
from defectreg.register.stage import facts_of, stage_of
from defectreg.register.standing import Landed, Standing


def was_published(standing: Standing, audience: str, policy: Policy) -> bool:
    """Whether, before it was withdrawn, its text was published for the audience.

    Each step of the history is asked, on the day of the next one. What landed in the step of the
    withdrawal, as all of a demonstration does, is told apart by the dates that it bears.
    """
    end = standing.withdrawal
    if end is None:
        return True
    items = [_dated(item, end.landing.step) for item in standing.landed]
    times = sorted({_time(item) for item in items})
    before = [time for time in times if time <= _time(_dated(end, end.landing.step))]

    def stage_at(time: tuple[int, datetime.date], day: datetime.date) -> str:
        landed = tuple(item for item in items if _time(item) <= time)
        then = Standing(standing.record, landed, standing.parties)
        return stage_of(facts_of(then, policy, audience, day)).name

    return any(stage_at(time, until[1]) == "published" for time, until in pairwise(before))


def _dated(item: Landed, step: int) -> Landed:
    """A statement of this step as if it had landed on the day that it bears."""
    if item.landing.step != step:
        return item
    return Landed(item.statement, replace(item.landing, day=item.statement.date))


def _time(item: Landed) -> tuple[int, datetime.date]:
    return item.landing.step, item.landing.day


def withdrawal_of(standing: Standing, audience: str, policy: Policy) -> PublicWithdrawal | None:
    """When and why a record was withdrawn; None where it was not."""
    item = standing.withdrawal
    if item is None:
        return None
    statement = item.statement
    if not standing.may_show(statement, audience, policy):
        return PublicWithdrawal(item.landing.day, NOT_TOLD, "")
    return PublicWithdrawal(item.landing.day, statement.text("code"), statement.text("other"))
