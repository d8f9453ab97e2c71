"""Requests judged by the rule, and what it allows written into the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice

from defectreg.inventory.judging import Judged, Row, judge_in_order
from defectreg.inventory.request_files import Asked, Unread
from defectreg.register.inventory.journal_codes import UNREADABLE
from defectreg.store.inventory.journal import (
    Batch,
    Draft,
    Occasion,
    try_journal,
    write_journal,
)
from defectreg.store.inventory.places import Inventory, make
from defectreg.store.inventory.snapshot import Snapshot, open_current

AT_ONCE = 1_000_000
"""Requests that are judged together: for so many the Devices are read once."""
_ROWS = 20_000
"""Rows that are put into the journal together."""
_WRONG = ("refused", "cannot-be-judged")


@dataclass(frozen=True, slots=True)
class Problem:
    """A request that was refused, or that could not be judged, and where it stood.

    ``line`` is 0 where it is not known; the ids are '' where what stood there could not be read.
    """

    file: str
    line: int
    request_id: str
    device_id: str
    outcome: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of requests."""

    snapshot: Snapshot
    counts: Mapping[tuple[str, str], int]
    """How many by outcome and code, in the order of both."""
    problems: tuple[Problem, ...]
    allowed: int
    """How many the rule allowed that were not in the journal."""
    batch: Batch | None
    """The batch that was written; None where nothing was."""
    is_hindered: bool
    """Whether what is wrong keeps also what is allowed from being written."""

    @property
    def asked(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Wish:
    """How requests are to be applied: when (UTC), by whom, and with which reason where none is
    given; whether what is allowed is written; whether also where something else was refused."""

    at: str
    applied_by: str = ""
    reason: str = ""
    writes: bool = False
    each: bool = False


def apply_requests(
    inventory: Inventory,
    asked: Iterable[Asked | Unread],
    wish: Wish,
    says: Callable[[str], None],
) -> Applied:
    """Judge requests in their order, each after what those before it changed.

    ``says`` is told what is waited for. Raises CannotRun where nothing was loaded, or where the
    journal cannot be read or written.
    """
    open_current(inventory)
    tally = _Tally()
    with _draft(inventory, wish, says) as draft:
        snapshot = open_current(inventory)  # now that it is this run's turn
        for piece in _pieces(asked, tally):
            rows = tally.count_in(judge_in_order(draft, snapshot, piece, wish.reason))
            while some := list(islice(rows, _ROWS)):
                draft.add(some)
        is_hindered = tally.is_torn if wish.each else bool(tally.problems)
        keeps = wish.writes and tally.allowed and not is_hindered
        batch = draft.keep(snapshot.id) if keeps else None
    counts = dict(sorted(tally.counts.items()))
    problems = tuple(tally.problems)
    return Applied(snapshot, counts, problems, tally.allowed, batch, is_hindered=is_hindered)


def _draft(
    inventory: Inventory, wish: Wish, says: Callable[[str], None]
) -> AbstractContextManager[Draft]:
    occasion = Occasion("requests", wish.at, wish.applied_by)
    if not wish.writes:
        return try_journal(inventory.journal, occasion)
    make(inventory)
    return write_journal(inventory.journal, occasion, says)


def _pieces(asked: Iterable[Asked | Unread], tally: _Tally) -> Iterator[Sequence[Asked]]:
    """The requests, so many at once; what is no request is counted."""
    piece: list[Asked] = []
    for read in asked:
        if isinstance(read, Unread):
            tally.refuse(read)
            continue
        piece.append(read)
        if len(piece) == AT_ONCE:
            yield piece
            piece = []
    if piece:
        yield piece


@dataclass(slots=True)
class _Tally:
    """What was judged so far."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    allowed: int = 0
    is_torn: bool = False
    """Whether there was a file of which nothing counts."""

    def count_in(self, judged: Iterable[Judged]) -> Iterator[Row]:
        """Count requests in; gives their rows of the journal."""
        for asked, request_id, verdict, row in judged:
            self.counts[verdict.outcome, verdict.code] += 1
            if row is not None:
                self.allowed += 1
                yield row
            elif verdict.outcome in _WRONG:
                device_id = asked.request.device_id
                said = (request_id, device_id, verdict.outcome, verdict.code, verdict.sentence)
                self.problems.append(Problem(asked.file, asked.line, *said))

    def refuse(self, unread: Unread) -> None:
        """Count what is no request in."""
        outcome, code = UNREADABLE.outcome, UNREADABLE.code
        self.counts[outcome, code] += 1
        problem = Problem(unread.file, unread.line, "", "", outcome, code, unread.sentence)
        self.problems.append(problem)
        self.is_torn |= unread.is_torn
