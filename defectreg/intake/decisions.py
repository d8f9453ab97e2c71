"""What people decided about rows, kept so that it holds for rows like them next week too."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from defectreg.intake.reports import EXISTING, SKIPPED, Group, Reported
from defectreg.intake.sections import Section, read_sections, sections_text
from defectreg.register.devices import Combination, NotationError, overlaps, parse_combination
from defectreg.register.record import is_record_id
from defectreg.register.similarity import Likeness, likeness_of, score

_REMARK = (
    "What was decided about rows of imports, and holds for rows like them. Take out what no longer",
    "holds. It holds words that were told: keep it outside git.",
)
_LIKE = 0.75
"""How like the rows of a decision others are for which it holds, from 0 to 1."""
_MOST_WORDS, _MOST_AFFECTED = 60, 8


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of rows like some: a report on a record, or nothing (SKIPPED)."""

    like: Likeness
    outcome: str
    record_id: str
    day: datetime.date
    why: str = ""

    @property
    def sentence(self) -> str:
        """That it was decided, and when."""
        return f"as decided on {self.day.isoformat()} of rows like these"


def likeness_of_row(row: Reported) -> Likeness:
    """What of a row is compared."""
    affected = [parse_combination(str(text)) for text in row.fields.get("affected", ())]
    likeness = likeness_of(row.text, affected)
    return replace(likeness, alerts=likeness.alerts.union(row.fields.get("alerts", ())))


def remembered(
    rows: Sequence[Reported], outcome: str, record_id: str, day: datetime.date, why: str
) -> Decision:
    """The decision about rows; of a new record, that rows like these are reports on it."""
    kind = SKIPPED if outcome == SKIPPED else EXISTING
    return Decision(_kept(likeness_of_row(rows[0])), kind, record_id, day, why)


def with_decisions(
    groups: Iterable[Group], decisions: Sequence[Decision], stands: Callable[[str], bool]
) -> list[tuple[Group, str]]:
    """The groups as was decided of rows like theirs, each with the sentence that says so, or ''.

    ``stands`` says of a record whether something can be reported on it.
    """
    return [_decided(group, decisions, stands) for group in groups]


def read_decisions(path: Path | None) -> tuple[Decision, ...]:
    """The decisions in a file; none where it is not there yet. Raises UsageProblem."""
    if path is None or not path.exists():
        return ()
    sections = read_sections(path)
    return tuple(_read(section) for section in sections if section.data)


def decisions_text(decisions: Iterable[Decision]) -> str:
    """The decisions as a file."""
    return sections_text(_REMARK, map(_data, decisions))


def _decided(
    group: Group, decisions: Sequence[Decision], stands: Callable[[str], bool]
) -> tuple[Group, str]:
    if group.outcome in (EXISTING, SKIPPED) or not decisions:
        return group, ""
    wanted = _kept(likeness_of_row(group.rows[0]))
    like = [
        (score(wanted, each.like), place)
        for place, each in enumerate(decisions)
        if _is_like(wanted, each.like)
    ]
    how, place = max(like, default=(0.0, 0))  # of equals the one taken last
    best = decisions[place]
    if how < _LIKE or not (best.outcome == SKIPPED or stands(best.record_id)):
        return group, ""
    why = best.why or group.why
    decided = replace(group, outcome=best.outcome, record_id=best.record_id, why=why, likeness=how)
    return decided, best.sentence


def _is_like(one: Likeness, other: Likeness) -> bool:
    """Whether they name the same alert codes, and Devices of which an installation may be both."""
    if one.alerts != other.alerts or bool(one.affected) != bool(other.affected):
        return False
    return not one.affected or any(overlaps(a, b) for a in one.affected for b in other.affected)


def _kept(likeness: Likeness) -> Likeness:
    """As a file of decisions keeps it."""
    words = frozenset(sorted(likeness.words)[:_MOST_WORDS])
    return replace(likeness, words=words, affected=likeness.affected[:_MOST_AFFECTED])


def _data(decision: Decision) -> dict[str, Any]:
    like = {
        "affected": [str(each) for each in decision.like.affected],
        "alerts": sorted(decision.like.alerts),
        "words": " ".join(sorted(decision.like.words)),
    }
    data: dict[str, Any] = {
        "outcome": decision.outcome,
        "record": decision.record_id,
        "day": decision.day.isoformat(),
        "why": decision.why,
        "like": {key: value for key, value in like.items() if value},
    }
    return {key: value for key, value in data.items() if value}


def _read(section: Section) -> Decision:
    outcome, record_id = section.text("outcome"), section.text("record")
    like = section.data.get("like", {})
    if outcome not in (EXISTING, SKIPPED) or not isinstance(like, dict):
        raise section.wrong("outcome", "a decision is existing or skipped, and says like what")
    if outcome == EXISTING and not is_record_id(record_id):
        raise section.wrong("record", "on which record is not said", "its whole id")
    try:
        day = datetime.date.fromisoformat(section.text("day"))
        affected = tuple(_combinations(like.get("affected", [])))
    except (ValueError, NotationError) as error:
        raise section.wrong(
            "like", "a decision has a day, and combinations in the notation"
        ) from error
    words = frozenset(str(like.get("words", "")).split())
    likeness = Likeness(words, frozenset(map(str, like.get("alerts", []))), affected)
    return Decision(likeness, outcome, record_id, day, section.text("why"))


def _combinations(texts: object) -> Iterable[Combination]:
    return (parse_combination(str(text)) for text in texts) if isinstance(texts, list) else ()
