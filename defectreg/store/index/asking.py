"""Questions to the index, and their answers."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from defectreg.register.devices import Combination, Coverage, covers
from defectreg.register.grounds import Grounds
from defectreg.register.policy import Policy
from defectreg.register.record import Record, record_path
from defectreg.register.stage import Stage, facts_of, stage_of
from defectreg.register.standing import Standing
from defectreg.store.index import keeping, tables
from defectreg.store.index.entries import Passage, passages
from defectreg.store.index.matching import Matching
from defectreg.store.index.query import AnyOf, Models, Query
from defectreg.store.index.refreshing import are_staged, refresh, refresh_stages
from defectreg.store.index.turning import NOT_JUDGED
from defectreg.store.index.views import View
from defectreg.store.json_texts import loaded
from defectreg.store.places import Register
from defectreg.store.sources import grounds_of

if TYPE_CHECKING:
    from defectreg.register.similarity import Likeness, Similar
    from defectreg.register.waits import Wait

Answer = TypeVar("Answer")

_WITHDRAWN = "withdrawn"
_SAYING = "SELECT rowid FROM words WHERE words MATCH ?"
_ENTRIES = "SELECT number, record_id, step, is_withdrawn, 0.0 FROM entries"
_THESE_ENTRIES = (
    "SELECT number, record_id, step, is_withdrawn, 0.0"
    " FROM json_each(?) CROSS JOIN entries ON number = value"
)
_ENTRIES_MATCHING = (
    "SELECT number, record_id, step, is_withdrawn, bm25(words, 4.0, 1.0)"  # titles count more
    " FROM words CROSS JOIN entries ON number = words.rowid WHERE words MATCH ?"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that answers a question. ``passages`` are the texts in which it was looked for."""

    standing: Standing
    stage: Stage
    coverage: Coverage
    """YES, or POSSIBLY where it may not apply to a combination that was asked about."""
    passages: tuple[Passage, ...]

    @property
    def record_id(self) -> str:
        """The record's id."""
        return self.standing.record.id


@dataclass(frozen=True, slots=True)
class Found:
    """The first hits of a question, and how many there are in all."""

    hits: tuple[Hit, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    number: int
    record_id: str
    rank: float
    """The less, the better."""
    step: float
    """The step that landed the record; after all others where it has not landed."""
    is_withdrawn: bool


class Index:
    """The records of a commit, or of the work tree, as they stand when the index is opened."""

    def __init__(self, view: View, *, in_memory: bool = False) -> None:
        self.grounds: Grounds = view.grounds
        self.commit = view.register.head
        self._view = view
        self._file = view.register.own_folder / f"{view.name}.sqlite"
        self._is_kept = not in_memory
        self._staged: set[str] = set()
        """The audiences for which stages are noted."""
        self._connect(self._new() if in_memory else keeping.opened(self._file, self._fill))

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def ids(self) -> tuple[str, ...]:
        """The ids of all records that can be read, sorted."""
        rows = self._rows("SELECT record_id FROM entries ORDER BY record_id")
        return tuple(record_id for (record_id,) in rows)

    def standing(self, record_id: str) -> Standing | None:
        """A record and what is said of it that landed; None where it cannot be read."""
        case = self._case(record_id)
        return None if case is None else self._standing(case)

    def unread(self, record_id: str) -> tuple[str, ...]:
        """Names of the files, said of a record that can be read, that landed and cannot be."""
        case = self._case(record_id)
        return () if case is None else case.unread

    def standings(self) -> Iterator[Standing]:
        """Every record that can be read and what is said of it, in the order of the ids."""
        return (standing for standing, _ in self.cases())

    def cases(self) -> Iterator[tuple[Standing, tuple[str, ...]]]:
        """As :meth:`standings`, each with the names of what landed and cannot be read."""
        return self._cases(self._rows(tables.FILES_OF_ALL))

    def cases_of(
        self, record_ids: Iterable[str]
    ) -> Iterator[tuple[Standing, tuple[str, ...]]]:  # fmt: skip
        """The same of some records, asked for together."""
        return self._cases(self._rows(tables.FILES_OF_SOME, json.dumps([*record_ids])))

    def _cases(self, found: Iterable[Any]) -> Iterator[tuple[Standing, tuple[str, ...]]]:
        rows = tables.file_rows(found)
        for _, files in groupby(rows, key=lambda row: row.record_id):
            case = tables.case_of(files)
            if case is not None:
                yield self._standing(case), case.unread

    def search(self, query: Query, limit: int, today: datetime.date, audience: str = "") -> Found:
        """The best entries for a question, in the stage they have on a day for an audience;
        NOT_JUDGED where something that landed cannot be read.

        Ranked by words (BM25), else by whether they apply, then newest first; of equals by id.
        """
        policy = self.grounds.policy
        asked = audience or policy.audience
        ranked = self._of_one_state(
            lambda: self._ranked(query, self._in_stages(query, asked, today))
        )
        hits = [
            self._hit(case, coverage, policy, asked, today)
            for candidate, coverage in ranked[:limit]
            for case in [self._case(candidate.record_id)]
            if case is not None
        ]
        return Found(tuple(hits), len(ranked))

    def candidates(self, combination: Combination) -> tuple[str, ...]:
        """The ids of the records that may apply to a combination, sorted: of no other does
        ``devices.covers`` say anything but NO. Withdrawn records are not among them."""
        return self._of_one_state(lambda: self._matching.ids(combination))

    def waits(self, day: datetime.date) -> Iterator[Wait]:
        """What waits on a day of the records that have landed, for the policy's audience."""
        from defectreg.register.waits import waits_of_landed

        policy = self.grounds.policy
        self._stage(policy.audience)
        asked = {"audience": policy.audience, "day": day.isoformat()}
        for record_id, lines in self._rows(tables.WAITS_ON, **asked):
            case = self._case(record_id) if lines is None else None
            if case is None:
                yield from tables.noted_waits(lines or "[]")
            else:
                yield from waits_of_landed(self._standing(case), case.unread, policy, day)

    def ids_since(self, day: datetime.date) -> frozenset[str]:
        """The ids of the records of which something landed on a day or later."""
        return frozenset(one for (one,) in self._rows(tables.IDS_SINCE, day.isoformat()))

    def ids_in(self, stages: Collection[str], day: datetime.date) -> frozenset[str]:
        """The ids of the records in one of these stages on a day, for the policy's audience."""
        audience = self.grounds.policy.audience
        self._stage(audience)
        rows = self._rows(tables.IDS_AND_STAGES, audience, day.isoformat())
        return frozenset(record_id for record_id, stage, _ in rows if stage in stages)

    def sha256s(self, record_ids: Iterable[str]) -> dict[str, str]:
        """Id → SHA-256 of the record's bytes, of those that can be read."""
        paths = json.dumps([record_path(each) for each in record_ids])
        return dict(self._rows(tables.SHA256S_AT, paths))

    def heard_since(self, day: datetime.date) -> frozenset[str]:
        """The Parties that said something that landed on a day or later."""
        return frozenset(slug for (slug,) in self._rows(tables.HEARD_SINCE, day.isoformat()))

    def _in_stages(self, query: Query, audience: str, day: datetime.date) -> set[int] | None:
        """The numbers of the records in a stage that was asked for; None where none was."""
        if not query.stages and not query.excluded_stages:
            return None
        self._stage(audience)
        rows = self._rows(tables.STAGES_ON, audience, day.isoformat())
        return {number for number, stage, _ in rows if _fits(stage, query)}

    def _stage(self, audience: str) -> None:
        """See to it that the stages are noted for an audience."""
        if audience in self._staged:
            return
        self._staged.add(audience)
        if not self._is_kept:
            refresh_stages(self._connection, self._view, audience)
        elif not self._is_staged(audience):
            self._connection.close()
            self._connect(keeping.opened(self._file, self._fill))

    def _is_staged(self, audience: str) -> bool:
        try:
            return are_staged(self._connection, self._view, audience)
        except sqlite3.DatabaseError:  # a damaged file: it is made anew
            keeping.break_seal(self._file)
            return False

    def _hit(
        self,
        case: tables.Case,
        coverage: Coverage,
        policy: Policy,
        audience: str,
        today: datetime.date,
    ) -> Hit:
        standing = self._standing(case)
        stage = NOT_JUDGED
        if not case.unread:
            stage = stage_of(facts_of(standing, policy, audience, today))
        found = passages(standing, case.waiting, self.grounds.schemas)
        return Hit(standing, stage, coverage, tuple(found))

    def similar(
        self, text: str, combinations: Sequence[Combination] = (), limit: int = 5
    ) -> list[Similar]:
        """The records most like what a person writes, the likest first."""
        from defectreg.register.similarity import likeness_of

        return self.similar_to(likeness_of(text, combinations), limit)

    def similar_to(self, wanted: Likeness, limit: int = 5) -> list[Similar]:
        """The records most like one on its way, the likest first; withdrawn ones are left out."""
        from defectreg.register.similarity import likest
        from defectreg.store.index.likening import worth_comparing

        chosen = self._of_one_state(lambda: worth_comparing(self._rows, wanted))
        likest_first = likest(wanted, self._records(chosen.ids), chosen.of_other_models)
        return list(islice((one for one in likest_first if self._stands(one.id)), limit))

    def _stands(self, record_id: str) -> bool:
        standing = self.standing(record_id)
        return standing is not None and standing.withdrawal is None

    def _ranked(
        self, query: Query, in_stages: set[int] | None
    ) -> list[tuple[_Candidate, Coverage]]:
        """All that answer the question, in the order in which they are shown."""
        covered = (
            (candidate, self._coverage(candidate, query))
            for candidate in self._chosen(query)
            if in_stages is None or candidate.number in in_stages
        )
        found = [pair for pair in covered if pair[1] is not Coverage.NO]
        found.sort(key=lambda pair: (pair[0].rank, -pair[1], -pair[0].step, pair[0].record_id))
        return found

    def _chosen(self, query: Query) -> Iterator[_Candidate]:
        allowed = self._allowed(query)
        for number, record_id, step, is_withdrawn, rank in self._entries(query, allowed):
            if (
                (allowed is None or number in allowed)
                and (not is_withdrawn or _WITHDRAWN in query.stages)
                and _id_fits(record_id, query)
            ):
                place = float("inf") if step is None else step
                yield _Candidate(number, record_id, rank, place, bool(is_withdrawn))

    def _entries(self, query: Query, allowed: set[int] | None) -> list[Any]:
        """Those in which all phrases of a question stand, with their ranks; without phrases those
        that are allowed, or every entry."""
        if query.phrases:
            return self._rows(_ENTRIES_MATCHING, " AND ".join(map(_quoted, query.phrases)))
        if allowed is not None:
            return self._rows(_THESE_ENTRIES, json.dumps(sorted(allowed)))
        return self._rows(_ENTRIES)

    def _saying(self, words: Sequence[str]) -> set[int]:
        return {number for (number,) in self._rows(_SAYING, _quoted(words))}

    def _allowed(self, query: Query) -> set[int] | None:
        """The numbers that every filter lets through; None where there is no filter."""
        filters: list[tuple[bool, set[int]]] = [
            *((False, self._matching.numbers(asked)) for asked in query.combinations),
            *((facet.is_excluded, self._of_facet(facet)) for facet in query.facets),
            *((model.is_excluded, self._of_model(model)) for model in query.models),
            *((True, self._saying(words)) for words in query.excluded_phrases),
        ]
        if not filters:
            return None
        kept = [numbers for is_excluded, numbers in filters if not is_excluded]
        if not kept:
            kept = [{number for (number,) in self._rows("SELECT number FROM entries")}]
        excluded = (numbers for is_excluded, numbers in filters if is_excluded)
        return set.intersection(*kept).difference(*excluded)

    def _of_facet(self, facet: AnyOf) -> set[int]:
        question = "SELECT number FROM facets WHERE name = ? AND value = ?"
        return {
            number
            for value in facet.values
            for (number,) in self._rows(question, facet.facet, value)
        }

    def _of_model(self, model: Models) -> set[int]:
        question = "SELECT number FROM models WHERE model = ? AND ? IN ('', manufacturer)"
        rows = self._rows(question, model.model.upper(), model.manufacturer.upper())
        return {number for (number,) in rows}

    def _coverage(self, candidate: _Candidate, query: Query) -> Coverage:
        """Whether an entry applies to every combination asked about."""
        if not query.combinations:
            return Coverage.YES
        for record in self._records([candidate.record_id]):
            return min(
                max(covers(entry, asked) for entry in record.affected)
                for asked in query.combinations
            )
        return Coverage.NO

    def _records(self, record_ids: Iterable[str]) -> list[Record]:
        """Those of these records that can be read, without what is said of them."""
        paths = json.dumps(list(map(record_path, record_ids)))
        rows = self._rows(tables.RECORDS_AT, paths)
        values = loaded(data for data, _ in rows)
        return [Record(data, sha256) for data, (_, sha256) in zip(values, rows, strict=True)]

    def _case(self, record_id: str) -> tables.Case | None:
        return tables.case_of(tables.file_rows(self._rows(tables.FILES_OF_ONE, record_id)))

    def _standing(self, case: tables.Case) -> Standing:
        return Standing(case.record, case.landed, self.grounds.parties)

    def _rows(self, question: str, *values: object, **named: object) -> list[Any]:
        """The rows that answer; a file that turns out to be damaged is done without."""
        try:
            return self._connection.execute(question, named or values).fetchall()
        except sqlite3.DatabaseError:
            if not self._is_kept:
                raise
        self._is_kept = False
        self._connection.close()
        keeping.break_seal(self._file)
        self._connect(self._new())
        return self._connection.execute(question, named or values).fetchall()

    def _of_one_state(self, answer: Callable[[], Answer]) -> Answer:
        """An answer of which no part is of a file that turned out to be damaged meanwhile."""
        before = self._connection
        first = answer()
        return first if self._connection is before else answer()

    def _connect(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._matching = Matching(self._rows)  # the same record may have another number there

    def _fill(self, connection: sqlite3.Connection) -> None:
        refresh(connection, self._view)
        for audience in sorted(self._staged):
            refresh_stages(connection, self._view, audience)

    def _new(self) -> sqlite3.Connection:
        return keeping.in_memory(self._fill)


def open_index(register: Register, worktree: bool = False) -> Index:
    """The index of HEAD; with ``worktree``, of HEAD and what git says differs in the work tree.

    Raises CannotRun where the register's policy or schemas are broken.
    """
    return Index(_view(register, worktree))


def without_file(register: Register, worktree: bool = False) -> Index:
    """The same index, made anew in memory: what every other must equal."""
    return Index(_view(register, worktree), in_memory=True)


def _view(register: Register, worktree: bool) -> View:
    if not worktree or register.repository.bare:
        return View(register, register.grounds, is_worktree=False)
    return View(register, grounds_of(register.worktree_source)[0], is_worktree=True)


def _quoted(words: Sequence[str]) -> str:
    """A phrase in FTS5's language; its words hold nothing that means something there."""
    return '"' + " ".join(words) + '"'


def _id_fits(record_id: str, query: Query) -> bool:
    return (not query.ids or record_id.startswith(query.ids)) and not (
        query.excluded_ids and record_id.startswith(query.excluded_ids)
    )


def _fits(stage: str, query: Query) -> bool:
    return (not query.stages or stage in query.stages) and stage not in query.excluded_stages
