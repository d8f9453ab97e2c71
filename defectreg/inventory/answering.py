"""What became of requests with the DCC: sent, accepted, or refused with a response code.

Read from DUIS responses in XML, or from CSV with the columns ``request-id`` and ``response-code``.
No code: it was sent. ``I0`` is success (accepted), a code that begins with E is a refusal; with any
other it is known only to have been sent, and the code is kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import NamedTuple

from defectreg.formats.duis import XmlError
from defectreg.formats.duis.shapes import Wrong, layout, only, text_of
from defectreg.formats.xml import read_units
from defectreg.inventory.request_files import Unread, begins_as_xml, read_columns
from defectreg.register.inventory.changes import Answer
from defectreg.register.inventory.identifiers import IdentifierError
from defectreg.register.inventory.requests import parse_request_id
from defectreg.store.inventory.journal import Batch, Draft, Occasion, try_journal, write_journal
from defectreg.store.inventory.places import Inventory, make

COLUMNS = ("request-id", "response-code")
SUCCESS = "I0"
_CODE = re.compile("[A-Z][0-9]{1,6}")
_LAYOUT = layout("Response")
_NOT_KEPT = "the journal has no request with this id"


class Answered(NamedTuple):
    """What became of a request, and where that stood; the code is '' where none was given."""

    file: str
    line: int
    request_id: str
    code: str

    @property
    def answer(self) -> Answer:
        if self.code == SUCCESS:
            return Answer.ACCEPTED
        return Answer.REFUSED if self.code.startswith("E") else Answer.SENT


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of answers."""

    counts: Mapping[str, int]
    """How many there were of each answer; of requests that the journal has."""
    fresh: int
    """How many of these say what the journal did not say last."""
    problems: tuple[Unread, ...]
    batch: Batch | None
    """The batch that was written; None where nothing was."""


def read_answer_file(name: str, chunks: Iterable[bytes]) -> Iterator[Answered | Unread]:
    """The answers of a file, in their order; what is no answer is given as such."""
    is_xml, pieces = begins_as_xml(chunks)
    return _of_xml(name, pieces) if is_xml else _of_csv(name, pieces)


def note_answers(
    inventory: Inventory,
    answers: Iterable[Answered | Unread],
    occasion: Occasion,
    says: Callable[[str], None],
    *,
    writes: bool,
) -> Noted:
    """Find what each answer is about, and write them down; nothing where one is about nothing.

    An answer that the journal has as the last one of its request changes nothing. Raises CannotRun
    where the journal cannot be read or written.
    """
    found = _Found()
    with _draft(inventory, occasion, says, writes=writes) as draft:
        rows = list(found.rows(draft, list(answers)))
        draft.add(rows)
        batch = draft.keep() if writes and rows and not found.problems else None
    return Noted(dict(found.counts), len(rows), tuple(found.problems), batch)


def _draft(
    inventory: Inventory, occasion: Occasion, says: Callable[[str], None], *, writes: bool
) -> AbstractContextManager[Draft]:
    if not writes:
        return try_journal(inventory.journal, occasion)
    make(inventory)
    return write_journal(inventory.journal, occasion, says)


@dataclass(slots=True)
class _Found:
    """What was found so far."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Unread] = field(default_factory=list)

    def rows(
        self, draft: Draft, answers: Sequence[Answered | Unread]
    ) -> Iterator[tuple[int, str, str]]:
        """The rows of the journal of those answers that it has not."""
        self.problems += [each for each in answers if isinstance(each, Unread)]
        given = [each for each in answers if isinstance(each, Answered)]
        kept = draft.kept(each.request_id for each in given)
        last = draft.last_answers(one.seq for one in kept.values())
        for each in given:
            request = kept.get(each.request_id)
            if request is None:
                self.problems.append(Unread(each.file, each.line, _NOT_KEPT))
                continue
            self.counts[each.answer.value] += 1
            if last.get(request.seq) != (each.answer, each.code):
                last[request.seq] = each.answer, each.code
                yield request.seq, each.answer.value, each.code


def _of_xml(name: str, chunks: Iterable[bytes]) -> Iterator[Answered | Unread]:
    try:
        for unit in read_units(chunks, _LAYOUT):
            try:
                header = only(unit, "Header")
                said = [text_of(only(header, each)) for each in ("RequestID", "ResponseCode")]
                yield _answered(name, unit.line, *said)
            except Wrong as wrong:
                yield Unread(name, wrong.rejected.line, wrong.rejected.sentence)
            except IdentifierError as error:
                yield Unread(name, unit.line, error.sentence)
    except XmlError as error:
        yield Unread(name, error.line, error.sentence, is_torn=True)


def _of_csv(name: str, chunks: Iterable[bytes]) -> Iterator[Answered | Unread]:
    for read in read_columns(name, chunks, COLUMNS, COLUMNS):
        if isinstance(read, Unread):
            yield read
            continue
        line, row = read
        try:
            yield _answered(name, line, *(cell.strip() for cell in row))
        except IdentifierError as error:
            yield Unread(name, line, error.sentence)


def _answered(name: str, line: int, request_id: str, code: str) -> Answered:
    """Raises IdentifierError for what is no answer."""
    if code and not _CODE.fullmatch(code):
        raise IdentifierError("the response code is not a letter and up to six digits")
    return Answered(name, line, str(parse_request_id(request_id)), code)
