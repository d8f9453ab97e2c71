"""The stages that a record has, one after the other: only a reply window that ends turns one."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defectreg.register.policy import Policy
from defectreg.register.stage import Stage, awaited_of, facts_of, stage_of
from defectreg.register.standing import Standing

if TYPE_CHECKING:
    from defectreg.register.waits import Wait

NOT_JUDGED = Stage("not-judged", "files that can be read")
"""Stands for the stage where something said of a record cannot be read: it may be a hold."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A stage, and the last day on which a record has it; the one before ends where it begins.

    ``waits`` is what waits meanwhile, of the policy's audience alone; None where the day itself, or
    all that is said of the record, has to be asked.
    """

    until: datetime.date
    stage: str
    waits: tuple[Wait, ...] | None = None


def turns_of(
    standing: Standing, unread: tuple[str, ...], policy: Policy, audience: str
) -> Iterator[Turn]:
    """Every stage of a record for an audience, the earliest first; the last one for ever.

    ``unread`` are the names of files that landed and cannot be read.
    """
    from defectreg.register.waits import waits_of_landed

    for until in (*window_ends(standing, policy), datetime.date.max):
        stage = NOT_JUDGED
        if not unread:
            stage = stage_of(facts_of(standing, policy, audience, until))
        waits = None
        if audience == policy.audience:
            waits = _noted(tuple(waits_of_landed(standing, unread, policy, until)), standing)
        yield Turn(until, stage.name, waits)


def window_ends(standing: Standing, policy: Policy) -> list[datetime.date]:
    """The last days of the windows in which a manufacturer may reply, the earliest first."""
    first = awaited_of(standing, policy, datetime.date.min)  # no window is over yet
    return sorted({awaited.until for awaited in first if awaited.until is not None})


def _noted(waits: tuple[Wait, ...], standing: Standing) -> tuple[Wait, ...] | None:
    """What can be told of a record later, when it is not at hand.

    Who may accept follows from all that was said; a record of which nothing landed began when it is
    asked about.
    """
    is_told = bool(standing.landed) and all(wait.waits_for != "accept" for wait in waits)
    return waits if is_told or not waits else None
