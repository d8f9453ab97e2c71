"""Questions to the index, and their answers."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import TracebackType
from typing import TYPE_CHECKING, Any

from defectreg.register.devices import Combination, Coverage, covers
from defectreg.register.grounds import Grounds
from defectreg.register.policy import Policy
from defectreg.register.stage import Stage, facts_of, stage_of
from defectreg.register.standing import Standing
from defectreg.store.index import keeping, tables
from defectreg.store.index.entries import Passage, passages, tokens
from defectreg.store.index.query import AnyOf, Models, Query
from defectreg.store.index.refreshing import View, are_staged, refresh, refresh_stages
from defectreg.store.index.turning import NOT_JUDGED
from defectreg.store.places import Register
from defectreg.store.sources import grounds_of

if TYPE_CHECKING:
    from defectreg.register.similarity import Likeness, Similar
    from defectreg.register.waits import Wait

_WITHDRAWN = "withdrawn"
_MOST_CANDIDATES = 200
"""Records that are compared with a text, of those that share its rarest words or its models."""
_RAREST = 12
_MATCHING = (
    "SELECT rowid, bm25(words, 4.0, 1.0) FROM words WHERE words MATCH ?"  # a title counts more
)
_ENTRIES = "SELECT number, record_id, step, is_withdrawn, 0.0 FROM entries"
_ENTRIES_MATCHING = (
    "SELECT number, record_id, step, is_withdrawn, bm25(words, 4.0, 1.0)"
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
        self._connection = self._new() if in_memory else keeping.opened(self._file, self._fill)

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
        rows = tables.file_rows(self._rows(tables.FILES_OF_ALL))
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
        ranked = self._ranked(query, self._in_stages(query, asked, today))
        hits = [
            self._hit(case, coverage, policy, asked, today)
            for candidate, coverage in ranked[:limit]
            for case in [self._case(candidate.record_id)]
            if case is not None
        ]
        return Found(tuple(hits), len(ranked))

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
            self._connection = keeping.opened(self._file, self._fill)

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
        from defectreg.register.similarity import Likeness, Similar, likeness_of, score

        wanted = likeness_of(text, combinations)
        scored = []
        for record_id in self._like(wanted):
            standing = self.standing(record_id)
            if standing is not None and standing.withdrawal is None:
                likeness = score(wanted, Likeness.of_record(standing.record))
                scored.append(Similar(record_id, standing.record.title, likeness))
        scored.sort(key=lambda one: (-one.likeness, one.id))
        return [one for one in scored if one.likeness > 0][:limit]

    def _like(self, wanted: Likeness) -> set[str]:
        """Ids of the records that share the rarest words, or a model."""
        counted = []
        for word in sorted({token for part in wanted.words for token in tokens(part)}):
            ((count,),) = self._rows("SELECT count(*) FROM words WHERE words MATCH ?", f'"{word}"')
            counted.append((count, word))
        rarest = [word for count, word in sorted(counted) if count][:_RAREST]
        ranked = self._matching(" OR ".join(f'"{word}"' for word in rarest)) if rarest else {}
        best = sorted(ranked, key=lambda number: (ranked[number], number))[:_MOST_CANDIDATES]
        return self._ids_of(set(best) | self._of_models(wanted.affected))

    def _of_models(self, combinations: Sequence[Combination]) -> set[int]:
        products = {model for one in combinations for model in one.lookup_models()}
        return {
            number
            for product in products
            for (number,) in self._rows("SELECT number FROM models WHERE product = ?", product)
        }

    def _ids_of(self, numbers: set[int]) -> set[str]:
        question = "SELECT record_id FROM entries WHERE number = ?"
        return {
            record_id for number in numbers for (record_id,) in self._rows(question, number)
        }  # fmt: skip

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
        for number, record_id, step, is_withdrawn, rank in self._entries(query):
            if (
                (allowed is None or number in allowed)
                and (not is_withdrawn or _WITHDRAWN in query.stages)
                and _id_fits(record_id, query)
            ):
                place = float("inf") if step is None else step
                yield _Candidate(number, record_id, rank, place, bool(is_withdrawn))

    def _entries(self, query: Query) -> list[Any]:
        """Every entry, or those in which all phrases of a question stand, with their ranks."""
        if not query.phrases:
            return self._rows(_ENTRIES)
        return self._rows(_ENTRIES_MATCHING, " AND ".join(map(_quoted, query.phrases)))

    def _matching(self, expression: str) -> dict[int, float]:
        return dict(self._rows(_MATCHING, expression))

    def _allowed(self, query: Query) -> set[int] | None:
        """The numbers that every filter lets through; None where there is no filter."""
        filters: list[tuple[bool, set[int]]] = [
            *((facet.is_excluded, self._of_facet(facet)) for facet in query.facets),
            *((model.is_excluded, self._of_model(model)) for model in query.models),
            *((True, set(self._matching(_quoted(words)))) for words in query.excluded_phrases),
            *((False, self._of_models([combination])) for combination in query.combinations),
        ]
        if not filters:
            return None
        allowed = {number for (number,) in self._rows("SELECT number FROM entries")}
        for is_excluded, numbers in filters:
            allowed = allowed - numbers if is_excluded else allowed & numbers
        return allowed

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
        case = self._case(candidate.record_id)
        if case is None:
            return Coverage.NO
        return min(
            max(covers(entry, asked) for entry in case.record.affected)
            for asked in query.combinations
        )

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
        self._connection = self._new()
        return self._connection.execute(question, named or values).fetchall()

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
