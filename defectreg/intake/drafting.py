"""What a group of reports would say: a new record, and one report for each Party and day."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from defectreg.intake.admitting import Terms
from defectreg.intake.neutral_words import count_blame, neutral
from defectreg.intake.report_columns import PARTY, SERVICE_DESK
from defectreg.intake.reports import Reported
from defectreg.intake.told_fields import title_of
from defectreg.register.classification import highest, may_read
from defectreg.register.record import IMPACTS

_LONGEST_TITLE, _LONGEST_TEXT, _LONGEST_LIST = 120, 8000, 64
_OF_ITS_REPORT = "report."
_BESIDE = ("expected", "circumstances", "openly-discussed")
"""Texts that are taken with the behaviour, from the same row."""


def record_of(rows: Sequence[Reported], terms: Terms) -> dict[str, Any]:
    """What a new record of these rows would say, by dotted key; never a certainty."""
    words = terms.grounds.policy.words
    told = _best_told(rows, words)
    values: dict[str, Any] = {"title": _title(told, words)}
    values.update(_joined(rows))
    if not any("ESME:" in text for text in values.get("affected", ())):
        values.pop("variants", None)
    values["behaviour"] = neutral(told.text, words)[:_LONGEST_TEXT]
    for key in _BESIDE:
        if key in told.fields:
            values[key] = neutral(str(told.fields[key]), words)
    values["since"] = min(_since(row, terms.today) for row in rows)
    if terms.source != PARTY:
        values["origin"] = terms.source
    return values


def reports_of(
    rows: Sequence[Reported], terms: Terms, standing: Iterable[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """What their reports say, by key: one for each Party and day, with its number of rows.

    ``standing`` is what the same Party reported of the record today already.
    """
    others = list(standing)
    by_teller: dict[tuple[str, datetime.date | None], list[Reported]] = {}
    for row in rows:
        by_teller.setdefault((row.party, row.day), []).append(row)
    made: list[dict[str, Any]] = []
    for _, group in sorted(by_teller.items(), key=lambda each: (str(each[0][1]), each[0][0])):
        made.append(_told_apart(_report(group, terms), [*others, *made]))
    return made


def strictest(rows: Iterable[Reported]) -> str:
    """The strictest class that a row bears; clear where none does."""
    return highest(*(str(row.fields.get("classification", "clear")) for row in rows))


def _report(rows: Sequence[Reported], terms: Terms) -> dict[str, Any]:
    said: dict[str, Any] = dict(_agreed(rows))
    said["since"] = min(_since(row, terms.today) for row in rows)
    said["stands-for"] = len(rows)
    teller = terms.teller(rows[0])
    if teller.category:
        said["received"] = "incident" if terms.source == SERVICE_DESK else "letter"
        said["told-by"] = teller.category
    if not may_read(terms.class_unsaid, strictest(rows)):
        said["classification"] = strictest(rows)
    return said


def _told_apart(report: dict[str, Any], others: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The report, unlike the others: two with the same bytes may not stand beside one another."""
    same = sum({**other, "says": ""} == {**report, "says": ""} for other in others)
    if same:
        return report | {"says": f"Report {same + 1} of this day that says the same."}
    return report


def _agreed(rows: Sequence[Reported]) -> Iterator[tuple[str, Any]]:
    """What belongs to the report, and all its rows say alike."""
    keys = dict.fromkeys(key for row in rows for key in row.fields)
    for key in keys:
        values = {str(row.fields.get(key)) for row in rows}
        inner = key.removeprefix(_OF_ITS_REPORT)
        if inner != key and inner != "since" and len(values) == 1:
            yield inner, rows[0].fields[key]


def _since(row: Reported, today: datetime.date) -> str:
    """The first day on which it was seen: as the row says, else when it was told."""
    told = (row.day or today).isoformat()
    said = [str(row.fields[key]) for key in ("report.since", "since") if key in row.fields]
    return min([told, *said])


def _best_told(rows: Sequence[Reported], words: Mapping[str, str]) -> Reported:
    """The row that says most without blame; of equals the first."""
    asked = sorted(rows, key=lambda row: (-len(row.text), row.line))[:_LONGEST_LIST]
    return min(asked, key=lambda row: count_blame(row.text, words))


def _title(told: Reported, words: Mapping[str, str]) -> str:
    typed = " ".join(str(told.fields.get("title", "")).split())
    title = neutral(typed or title_of(told.text, told.found), words)
    if len(title) <= _LONGEST_TITLE:
        return title
    return title[:_LONGEST_TITLE].rpartition(" ")[0] or title[:_LONGEST_TITLE]


def _joined(rows: Sequence[Reported]) -> dict[str, Any]:
    """What the rows say together, but for their texts."""
    keys = dict.fromkeys(key for row in rows for key in row.fields)
    joined: dict[str, Any] = {}
    for key in keys:
        values = [row.fields[key] for row in rows if key in row.fields]
        if not key.startswith(_OF_ITS_REPORT) and key not in (*_BESIDE, "title", "since"):
            joined[key] = _of_several(key, values)
    return joined


def _of_several(key: str, values: Sequence[Any]) -> Any:
    if isinstance(values[0], list):
        counted = Counter(item for value in values for item in dict.fromkeys(value))
        return [item for item, _ in counted.most_common(_LONGEST_LIST)]
    if key == "classification":
        return highest(*map(str, values))
    if key.startswith("impact."):
        return max(map(str, values), key=IMPACTS.index)
    if isinstance(values[0], bool):
        return any(values)
    return Counter(values).most_common(1)[0][0]
