"""The answers to a question as JSON and CSV.

``--json`` prints one object:

- ``schema_version``: 1. It is raised when a key changes its meaning or goes; keys may be added.
- ``meta``: ``disclaimer``; ``query`` as typed; ``as_of`` (the day for which stages hold),
  ``audience``, ``commit`` (40 hexadecimal digits), ``worktree`` (whether what differs there was
  asked too), ``total`` (how many entries answer; ``results`` may be fewer).
- ``results``, best first, each with ``id``, ``title``, ``kind``, ``kind_words``, ``certainty``,
  ``impact``, ``affected`` (combinations in the notation), ``alerts``, ``stage`` (``name``,
  ``waits_for``, ``whom``, ``until``; ``not-judged``, and no marks, where something that was said
  of it cannot be read), ``marks``, ``applies`` ("yes" or "possibly" to a combination that was
  asked about, else null), ``snippet`` (a piece of its text), ``matches`` (the words of the
  question as they stand in the piece) and ``file``. A withdrawn entry has only ``id``, ``title``,
  ``stage``, ``marks``, ``snippet``, ``matches``, ``file`` and ``withdrawal`` (``day``, ``code``,
  ``other``).

``--csv`` prints a table: one column for each ``x-column`` of the record's schema, before them
``disclaimer``, after them ``stage``, ``marks`` and ``applies``. A value that the record leaves out
is its default. Cells are safe for spreadsheets and lossless: ``defectreg.formats.columns``.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from defectreg.register.devices import Coverage
from defectreg.register.grounds import Grounds
from defectreg.register.record import record_path
from defectreg.register.schema import Leaf, Schema
from defectreg.register.schema.annotations import ITEMS
from defectreg.register.shown_words import DISCLAIMER, kind_words
from defectreg.register.stage import Stage, marks_of
from defectreg.register.standing import Standing
from defectreg.search.snippets import Snippet, snippet_of
from defectreg.store.index import NOT_JUDGED, Hit, Query
from defectreg.store.index.entries import values_at

SCHEMA_VERSION = 1
WITHDRAWN_TITLE = "Withdrawn entry"


@dataclass(frozen=True, slots=True)
class Result:
    """One answer, as every form of output shows it."""

    hit: Hit
    marks: tuple[str, ...]
    snippet: Snippet
    applies: str | None
    """``yes`` or ``possibly``; None where no combination was asked about."""

    @property
    def is_withdrawn(self) -> bool:
        """Whether only the tombstone may be shown."""
        return self.hit.standing.withdrawal is not None

    @property
    def title(self) -> str:
        """Its title; of a withdrawn entry, that it is one."""
        return WITHDRAWN_TITLE if self.is_withdrawn else self.hit.standing.record.title


def results_of(
    hits: Iterable[Hit], query: Query, grounds: Grounds, audience: str
) -> tuple[Result, ...]:
    """The answers with their marks for an audience, and the words that match."""
    asked = bool(query.combinations)
    return tuple(
        Result(
            hit,
            _marks(hit, grounds, audience),
            snippet_of(hit.passages, query.phrases),
            _applies(hit.coverage) if asked else None,
        )
        for hit in hits
    )


def _marks(hit: Hit, grounds: Grounds, audience: str) -> tuple[str, ...]:
    if hit.stage == NOT_JUDGED:
        return ()
    return marks_of(hit.standing, grounds.catalogue, audience, grounds.policy)


def result_json(result: Result) -> dict[str, Any]:
    """One answer as a value of JSON."""
    standing = result.hit.standing
    record = standing.record
    beginning: dict[str, Any] = {"id": record.id, "title": result.title}
    claim = {
        "kind": record.kind,
        "kind_words": kind_words(record),
        "certainty": record.certainty,
        "impact": record.impact,
        "affected": [str(combination) for combination in record.affected],
        "alerts": list(record.data.get("alerts", ())),
    }
    end = {
        "stage": stage_json(result.hit.stage),
        "marks": list(result.marks),
        "snippet": result.snippet.text,
        "matches": list(result.snippet.matches),
        "file": record_path(record.id),
    }
    if result.is_withdrawn:
        return {**beginning, **end, "withdrawal": withdrawal_json(standing)}
    return {**beginning, **claim, **end, "applies": result.applies}


def stage_json(stage: Stage) -> dict[str, Any]:
    """A stage as a value of JSON."""
    return {
        "name": stage.name,
        "waits_for": stage.waits_for,
        "whom": list(stage.whom),
        "until": stage.until and stage.until.isoformat(),
    }


def withdrawal_json(standing: Standing) -> dict[str, Any] | None:
    """Why an entry was withdrawn; None where it was not."""
    item = standing.withdrawal
    if item is None:
        return None
    return {
        "day": item.landing.day.isoformat(),
        "code": item.statement.text("code"),
        "other": item.statement.text("other"),
    }


def found_json(meta: Mapping[str, Any], results: Iterable[Result]) -> dict[str, Any]:
    """All answers as one object of JSON."""
    return {
        "schema_version": SCHEMA_VERSION,
        "meta": {"disclaimer": DISCLAIMER, **meta},
        "results": [result_json(result) for result in results],
    }


def meta_of(query: str, as_of: datetime.date, audience: str, commit: str) -> dict[str, Any]:
    """What was asked, for whom, of which commit and for which day."""
    return {"query": query, "as_of": as_of.isoformat(), "audience": audience, "commit": commit}


def found_csv(results: Iterable[Result], schema: Schema) -> str:
    """All answers as a table."""
    from defectreg.formats.columns import list_cell, to_csv

    columns = {
        name: leaf for leaf in schema.leaves if (name := str(_annotated(leaf, "x-column") or ""))
    }
    names = ["disclaimer", *columns, "stage", "marks", "applies"]
    rows = (
        [
            DISCLAIMER,
            *(_cell(result, leaf) for leaf in columns.values()),
            result.hit.stage.name,
            list_cell(result.marks),
            result.applies or "",
        ]
        for result in results
    )
    return to_csv(names, rows)


def _cell(result: Result, leaf: Leaf) -> str:
    from defectreg.formats.columns import list_cell

    record = result.hit.standing.record
    if result.is_withdrawn:
        return {"id": record.id, "title": WITHDRAWN_TITLE}.get(leaf.key, "")
    found = [_text(value) for value in values_at(record.data, leaf.path)]
    default = leaf.property_schema.get("default")
    if not found and default is not None:
        return _text(default)
    return list_cell(found) if ITEMS in leaf.path else "".join(found)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _annotated(leaf: Leaf, name: str) -> object:
    return leaf.schema.get(name, leaf.property_schema.get(name))


def _applies(coverage: Coverage) -> str:
    return "yes" if coverage is Coverage.YES else "possibly"
