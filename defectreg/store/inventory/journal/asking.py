"""What a journal is asked: which requests it holds, what they changed, the life of a Device."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from defectreg.register.inventory.changes import Answer, Change, Kind
from defectreg.store.inventory.journal.chain import Batch, batches

_OF_IDS = (
    "SELECT seq, request_id, device_id, kind, given FROM request INDEXED BY request_of_id"
    " WHERE request_id IN (SELECT value FROM json_each(?))"
)
_OF_DEVICES = (
    "SELECT request_id, device_id, kind, given FROM request INDEXED BY request_of_device"
    " WHERE device_id IN (SELECT value FROM json_each(?)) AND +seq >= ?"
    " AND coalesce((SELECT answer.answer FROM answer WHERE answer.request = request.seq"
    " ORDER BY answer.seq DESC LIMIT 1), '') != 'refused' ORDER BY seq"
)
"""What was refused is as if it had not been asked: the last answer of a request counts."""
_OF_DEVICE = (
    "SELECT seq, request_id, kind, code, was, given, reason FROM request"
    " INDEXED BY request_of_device WHERE device_id = ? ORDER BY seq"
)
_LAST_ANSWERS = (
    "SELECT request, answer, code FROM answer"
    " WHERE request IN (SELECT value FROM json_each(?)) ORDER BY seq"
)
_FIRST_CHANGES = (
    "SELECT device_id, kind, was, min(seq) FROM request INDEXED BY request_of_device"
    " WHERE +seq >= ? GROUP BY device_id"
)
"""The columns beside ``min`` are those of its row: SQLite says so."""
_OF_REQUEST = "SELECT seq, answer, code FROM answer WHERE request = ? ORDER BY seq"


@dataclass(frozen=True, slots=True)
class Kept:
    """A request that the journal holds: ``given`` is an object of JSON by column."""

    seq: int
    device_id: str
    kind: str
    given: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a request with the DCC, and in which batch that was written down."""

    batch: Batch
    answer: Answer
    code: str
    """The DUIS response code; empty where none was given."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request of the journal: who, when, what it was, what it is, why, and what came of it."""

    batch: Batch
    change: Change
    code: str
    """The code of the rule that allowed it."""
    was: Mapping[str, str]
    reason: str
    answers: tuple[Answered, ...]

    @property
    def answer(self) -> Answer | None:
        """The last answer; None where there is none."""
        return self.answers[-1].answer if self.answers else None


@dataclass(frozen=True, slots=True)
class FirstChange:
    """What the inventory said of a Device when it was first changed."""

    device_id: str
    kind: Kind
    was: Mapping[str, str]


class Journal:
    """The requests that the rule allowed, as the journal held them when it was opened.

    ``books`` are databases with the journal's tables, one after the other: what stands in the
    second came after all of the first.
    """

    def __init__(self, books: Sequence[sqlite3.Connection]) -> None:
        self._books = tuple(books)

    def batches(self) -> Iterator[Batch]:
        """All batches, the first first."""
        for book in self._books:
            yield from batches(book)

    def last(self) -> Batch | None:
        """The last batch; None where there is none."""
        found = (next(batches(book, "ORDER BY number DESC LIMIT 1"), None) for book in self._books)
        return next((batch for batch in found if batch), None)

    def kept(self, request_ids: Iterable[str]) -> dict[str, Kept]:
        """Those of the requests that the journal holds, by their id."""
        if self.next_seq("request") == 1:
            return {}
        asked = json.dumps(list(request_ids))
        return {
            request_id: Kept(seq, *said)
            for book in self._books
            for seq, request_id, *said in book.execute(_OF_IDS, (asked,))
        }

    def first_since(self, as_of: str) -> int:
        """The seq of the first request of a batch of that day or later (ISO 8601)."""
        condition = "WHERE kind = 'requests' AND at >= ? ORDER BY number LIMIT 1"
        for book in self._books:
            for batch in batches(book, condition, as_of):
                return batch.first
        return self.next_seq("request")

    def next_seq(self, table: str) -> int:
        """The seq that the next row of a table is given."""
        asked = f"SELECT max(seq) FROM {table}"  # noqa: S608 - one of our own names
        return 1 + max(book.execute(asked).fetchone()[0] or 0 for book in self._books)

    def changes(self, device_ids: Iterable[str], first: int) -> dict[str, list[Change]]:
        """What was changed of Devices from a seq on, in that order, without what was refused."""
        found: dict[str, list[Change]] = {}
        if first >= self.next_seq("request"):
            return found
        asked = json.dumps(list(device_ids)), first
        for book in self._books:
            for request_id, device_id, kind, given in book.execute(_OF_DEVICES, asked):
                change = Change(request_id, device_id, Kind(kind), json.loads(given))
                found.setdefault(device_id, []).append(change)
        return found

    def last_answers(self, seqs: Iterable[int]) -> dict[int, tuple[Answer, str]]:
        """The last answer and its code of those of the requests that have one, by their seq."""
        asked = json.dumps(list(seqs))
        return {
            request: (Answer(answer), code)
            for book in self._books
            for request, answer, code in book.execute(_LAST_ANSWERS, (asked,))
        }

    def first_changes(self, first: int, among: range) -> Iterator[FirstChange]:
        """The first change of each Device from a seq on, where its own seq is among these."""
        for book in self._books:
            for device_id, kind, was, seq in book.execute(_FIRST_CHANGES, (first,)):
                if seq in among:
                    yield FirstChange(device_id, Kind(kind), json.loads(was))

    def life(self, device_id: str) -> tuple[Entry, ...]:
        """Every request about a Device, the first first, with what became of it."""
        return tuple(
            _entry(book, device_id, row)
            for book in self._books
            for row in book.execute(_OF_DEVICE, (device_id,)).fetchall()
        )


def _entry(book: sqlite3.Connection, device_id: str, row: Sequence[str]) -> Entry:
    seq, request_id, kind, code, was, given, reason = row
    answers = tuple(
        Answered(_batch_of(book, "answers", number), Answer(answer), answer_code)
        for number, answer, answer_code in book.execute(_OF_REQUEST, (seq,)).fetchall()
    )
    change = Change(request_id, device_id, Kind(kind), json.loads(given))
    return Entry(_batch_of(book, "requests", seq), change, code, json.loads(was), reason, answers)


def _batch_of(book: sqlite3.Connection, kind: str, seq: object) -> Batch:
    condition = "WHERE kind = ? AND first <= ? ORDER BY number DESC LIMIT 1"
    return next(batches(book, condition, kind, seq))
