"""The validator's day: records that are new and wait to be accepted, those alike together."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

from defectreg.gate.reviewing import Review, reviews
from defectreg.register.groups import grouped
from defectreg.register.record import Record
from defectreg.register.similarity import Likeness
from defectreg.register.statement import Statement
from defectreg.store.landings import Landings
from defectreg.store.requests import Request, Target, newest, requests_of

Begin: TypeAlias = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Begins a count of so many records; what it gives is called with each step's size."""
_AT_ONCE = 250
"""Records that are judged together: between them it is told how far it is."""


@dataclass(frozen=True, slots=True)
class New:
    """A new record on its request, and how like the first of its group it is, from 0 to 1."""

    review: Review
    record: Record
    likeness: float = 1.0
    is_proven: bool = False
    """Whether its signatures were checked, as they are before anybody decides of it."""

    @property
    def id(self) -> str:
        """Its id."""
        return self.record.id

    @property
    def reports(self) -> tuple[Statement, ...]:
        """What its request says of who sees it."""
        return tuple(item for item in self.review.new if item.kind == "report")


Group: TypeAlias = tuple[New, ...]
"""New records alike, under the one that was reported first."""
Question: TypeAlias = tuple[Group, ...]
"""What is asked about at once: whole groups, or a part of one that is too large."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What came in: the groups that a validator decides of, and what is beside them.

    ``unreadable`` are those whose findings have to be mended before anybody can decide;
    ``taken_back`` those that were withdrawn before they landed, as a duplicate or otherwise.
    """

    groups: tuple[Group, ...]
    unreadable: tuple[Review, ...] = ()
    taken_back: tuple[Review, ...] = ()

    @property
    def records(self) -> Iterator[New]:
        """All of the groups, in their order."""
        return (one for group in self.groups for one in group)


def arrivals(
    target: Target, today: datetime.date, begin: Begin, *, proves: bool = False
) -> Arrivals:
    """What requests here and fetched bring that is new and that no validator has decided yet.

    Signatures take longest: without ``proves`` they are checked where it is asked about.
    """
    requests = [each for each in requests_of(target) if _adds_record(each)]
    asked = newest(target.register.repository, requests)
    landings = Landings({}, 1)  # nothing of a new record has landed
    found: list[Review] = []
    with begin(len(asked)) as done:
        rest = iter(asked)
        while some := list(islice(rest, _AT_ONCE)):
            found += reviews(some, target, landings, today, proves=proves)
            done(len(some))
    return arrived(found, is_proven=proves)


def arrived(found: Sequence[Review], *, is_proven: bool = True) -> Arrivals:
    """The same of reviews that are at hand, each of a request that adds a record."""
    waiting = [
        New(each, each.record, is_proven=is_proven)
        for each in found
        if _waits(each) and each.record is not None
    ]
    waiting.sort(key=_first_reported)
    told = grouped([Likeness.of_record(one.record) for one in waiting])
    return Arrivals(
        tuple(
            tuple(replace(waiting[one.place], likeness=one.likeness) for one in members)
            for members in told
        ),
        tuple(each for each in found if each.standing is None),
        tuple(each for each in found if each.was_taken_back),
    )


def proven(question: Question, target: Target, today: datetime.date) -> Question:
    """The question with the signatures of what it is about checked."""
    asked = [one.review.request for group in question for one in group if not one.is_proven]
    judged = iter(reviews(asked, target, Landings({}, 1), today))
    return tuple(
        tuple(
            one if one.is_proven else replace(one, review=next(judged), is_proven=True)
            for one in group
        )
        for group in question
    )


def awaiting(groups: Iterable[Group], roles: Collection[str]) -> list[Group]:
    """The groups with what of them awaits an accept in one of these roles."""
    mine = (
        tuple(one for one in group if not one.review.awaited_roles.isdisjoint(roles))
        for group in groups
    )
    return [group for group in mine if group]


def questions(groups: Iterable[Group], most: int) -> Iterator[Question]:
    """The groups in their order, so many records to a question and never more.

    A group stays whole where it can: only one that is larger than a question is told apart.
    """
    together: list[Group] = []
    for group in groups:
        for part in _parts(group, most):
            if sum(map(len, together)) + len(part) > most:
                yield tuple(together)
                together = []
            together.append(part)
    if together:
        yield tuple(together)


def _parts(group: Group, most: int) -> Iterator[Group]:
    return (group[at : at + most] for at in range(0, len(group), most))


def _adds_record(request: Request) -> bool:
    return request.record_path in request.new and request.record_path not in request.landed


def still_coming(
    requests: Sequence[Request], target: Target, today: datetime.date
) -> list[Request]:
    """Without requests of records that were withdrawn before they landed: these never land.

    Only those are read of which a sign-off on the request says withdraw.
    """
    asked = [each for each in requests if _adds_record(each) and _says_withdraw(each)]
    judged = reviews(asked, target, Landings({}, 1), today, proves=False)
    gone = {id(each.request) for each in judged if each.was_taken_back}
    return [each for each in requests if id(each) not in gone]


def _says_withdraw(request: Request) -> bool:
    return any(
        "-sign-off-" in path and b"\ndecision: withdraw\n" in data
        for path, data in request.new.items()
    )


def _waits(review: Review) -> bool:
    """Whether it waits for a first decision; what was returned waits for its reporter."""
    standing = review.standing
    is_settled = standing is None or standing.is_returned or review.was_taken_back
    return not is_settled and bool(review.awaited_roles)


def _first_reported(one: New) -> tuple[str, str]:
    days = sorted(report.date.isoformat() for report in one.reports)
    return (days[0] if days else ""), one.id
