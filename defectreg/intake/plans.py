"""The plan of an import: what becomes of every row, as a file that a person may change."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from defectreg.intake.reports import EXISTING, LIKELY_DUPLICATE, NEW, OUTCOMES, SKIPPED
from defectreg.intake.sections import Section, read_sections, sections_text
from defectreg.register.errors import UsageProblem
from defectreg.register.record import is_record_id

_REMARK = (
    "What becomes of every row of a file of reports. Change what you will, then take it back:",
    "`defectreg import FILE --apply THIS`. It holds what was told: keep it outside git.",
    "outcome: new (a record as below) | existing (a report on `record`, which is an id, or a line",
    "of another group) | likely-duplicate (left for later) | skipped. Rows may move from one group",
    "to another by their lines.",
)
_LINES = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", re.ASCII)
_LINE = re.compile(r"line ([1-9][0-9]{0,8})", re.ASCII)
_KEYS = (
    "lines", "outcome", "record", "why", "likeness", "title", "decided", "proposed", "found",
    "says",
)  # fmt: skip
_MOST_LINES = 1 << 14
"""Lines of a plan: more than a file of reports has rows."""
_TOO_MANY = "so many rows no file of reports has"


@dataclass(frozen=True, slots=True)
class Planned:
    """Rows that tell the same, and what becomes of them."""

    lines: tuple[int, ...]
    outcome: str
    record_id: str = ""
    """The record on which they are reported, or of which they may be a duplicate: its id, or
    ``line 27`` for the record on which the row of that line is reported."""
    why: str = ""
    likeness: float = 0.0
    title: str = ""
    """Of that record."""
    decided: str = ""
    """The earlier decision that was applied, in words; empty where none was."""
    proposed: str = ""
    """What the program proposed, where a person decided otherwise since."""
    found: tuple[str, ...] = ()
    """What was found where in the texts."""
    says: Mapping[str, Any] = field(default_factory=dict)
    """What a new record would say, as its file has it, without its id."""
    section: Section | None = field(default=None, compare=False)
    """Where it was read; None of a plan that was just made."""

    @property
    def proposal(self) -> str:
        """Outcome and record in one line."""
        return f"{self.outcome} {self.record_id}".strip()

    @property
    def is_decided_by_hand(self) -> bool:
        """Whether a person decided otherwise than the program proposed."""
        return bool(self.proposed) and self.proposed != self.proposal

    def wrong(self, key: str, sentence: str, hint: str = "") -> UsageProblem:
        """What is wrong in it: with its place, where it was read from a file."""
        if self.section is not None:
            return self.section.wrong(key, sentence, hint)
        return UsageProblem(f"line {self.lines[0]}: {sentence}", hint)


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of every row of one file, which its SHA-256 names."""

    sha256: str
    source: str
    day: datetime.date
    groups: tuple[Planned, ...]
    told_by: str = ""
    is_masked: bool = False

    def of(self, outcome: str) -> tuple[Planned, ...]:
        """The groups with one outcome."""
        return tuple(group for group in self.groups if group.outcome == outcome)

    def rows(self, outcome: str) -> int:
        """How many rows have one outcome."""
        return sum(len(group.lines) for group in self.of(outcome))


def plan_text(plan: Plan) -> str:
    """The plan as a file. What a person has to decide stands first."""
    head: dict[str, Any] = {
        "file": plan.sha256,
        "source": plan.source,
        "day": plan.day.isoformat(),
        "masked": plan.is_masked,
    }
    if plan.told_by:
        head["told-by"] = plan.told_by
    order = (LIKELY_DUPLICATE, NEW, EXISTING, SKIPPED)
    groups = sorted(plan.groups, key=lambda each: order.index(each.outcome))
    return sections_text(_REMARK, (head, *map(_group_data, groups)))


def read_plan(path: Path) -> Plan:
    """The plan in a file. Raises UsageProblem, with line and column, for what is none."""
    head, *sections = read_sections(path)
    try:
        day = datetime.date.fromisoformat(head.text("day"))
    except ValueError as error:
        raise head.wrong("day", "this is no plan of an import", "--plan FILE writes one") from error
    return Plan(
        head.text("file"),
        head.text("source"),
        day,
        tuple(_of_other_lines(map(_read_group, sections))),
        head.text("told-by"),
        head.text("masked") == "true",
    )


def joined(plan: Plan) -> Plan:
    """The plan with those rows in another group that are reported on the record of its line.

    Raises UsageProblem where that line's rows are on no record.
    """
    others = [group for group in plan.of(EXISTING) if line_meant(group.record_id)]
    groups = [group for group in plan.groups if group not in others]
    for group in others:
        line = line_meant(group.record_id)
        place = next((n for n, each in enumerate(groups) if line in each.lines), None)
        if place is None or groups[place].outcome not in (NEW, EXISTING):
            raise group.wrong("record", f"line {line} is reported on no record here")
        lines = (*groups[place].lines, *group.lines)
        groups[place] = replace(groups[place], lines=lines)
    return replace(plan, groups=tuple(groups))


def line_meant(record: str) -> int | None:
    """The line that stands in place of a record's id; None where it is none."""
    match = _LINE.fullmatch(record)
    return int(match[1]) if match else None


def lines_text(lines: Iterable[int]) -> str:
    """Lines in short: ``2-40, 55``."""
    spans: list[list[int]] = []
    for line in sorted(lines):
        if spans and spans[-1][1] == line - 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)


def parse_lines(text: str) -> tuple[int, ...]:
    """The lines of such a text. Raises ValueError for another text."""
    lines: list[int] = []
    for piece in text.split(","):
        match = _LINES.fullmatch(piece.strip())
        if match is None:
            raise ValueError("lines are written like 2-40, 55")
        first, last = int(match[1]), int(match[2] or match[1])
        if first > last:
            raise ValueError("lines are written like 2-40, 55, the smaller first")
        if len(lines) + last - first >= _MOST_LINES:
            raise ValueError(_TOO_MANY)
        lines.extend(range(first, last + 1))
    return tuple(lines)


def _group_data(group: Planned) -> dict[str, Any]:
    data: dict[str, Any] = {
        "lines": lines_text(group.lines),
        "outcome": group.outcome,
        "record": group.record_id,
        "title": group.title,
        "likeness": f"{group.likeness:.2f}" if group.likeness else "",
        "why": group.why,
        "decided": group.decided,
        "found": list(group.found),
        "proposed": group.proposed or group.proposal,
        "says": dict(group.says),
    }
    return {key: value for key, value in data.items() if value}


def _read_group(section: Section) -> Planned:
    for key in section.data:
        if key not in _KEYS:
            raise section.wrong(key, f"a group has no key {key!a:.40}", ", ".join(_KEYS))
    outcome, record_id = section.text("outcome"), section.text("record")
    if outcome not in OUTCOMES:
        raise section.wrong("outcome", "this is no outcome", f"one of {', '.join(OUTCOMES)}")
    if outcome == EXISTING and not (is_record_id(record_id) or line_meant(record_id)):
        hint = "record: and its whole id, or a line of another group: line 27"
        raise section.wrong("record", "on which record it is reported is not said", hint)
    says, found = section.data.get("says", {}), section.data.get("found", [])
    if not isinstance(says, Mapping) or not isinstance(found, list):
        raise section.wrong("says", "says: holds what a new record says, found: is a list")
    return Planned(
        _lines_of(section),
        outcome,
        record_id if outcome in (EXISTING, LIKELY_DUPLICATE) else "",
        section.text("why"),
        title=section.text("title"),
        decided=section.text("decided"),
        proposed=section.text("proposed"),
        found=tuple(map(str, found)),
        says=says,
        section=section,
    )


def _lines_of(section: Section) -> tuple[int, ...]:
    try:
        return parse_lines(section.text("lines"))
    except ValueError as error:
        raise section.wrong("lines", str(error)) from error


def _of_other_lines(groups: Iterable[Planned]) -> Iterator[Planned]:
    """The groups. Raises UsageProblem at one with a line of another, or with too many."""
    seen: set[int] = set()
    for group in groups:
        twice = seen.intersection(group.lines)
        if twice:
            raise group.wrong("lines", f"line {min(twice)} stands in two groups")
        if len(set(group.lines)) < len(group.lines):
            raise group.wrong("lines", "a line stands in it twice")
        seen.update(group.lines)
        if len(seen) > _MOST_LINES:
            raise group.wrong("lines", _TOO_MANY)
        yield group
