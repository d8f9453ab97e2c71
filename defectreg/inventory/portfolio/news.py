"""What is otherwise than in an earlier scan, or than the register had it at an earlier commit."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Concern: TypeAlias = tuple[str, str]
"""A record's id, and the installed combination that it is about, in the notation."""
Remedied: TypeAlias = tuple[str, str, str, str]
"""A record's id, and of a fix, workaround or accommodation its kind, Device and firmware."""
_ROWS = "known"
_ISSUES = "issues"


class NotAScan(ValueError):
    """A text that ``scan --json`` did not write."""


@dataclass(frozen=True, slots=True)
class State:
    """What a scan found, as far as another is compared with it."""

    concerns: frozenset[Concern]
    remedies: frozenset[Remedied]


@dataclass(frozen=True, slots=True)
class News:
    """What is new, and what is gone."""

    new: frozenset[Concern]
    gone: frozenset[Concern]
    """Not installed any more, or not in the register, or the record says something else."""
    remedies: frozenset[Remedied]
    """Those of records that were known before, which had not this remedy."""


def news_of(before: State, now: State) -> News:
    """What is otherwise now."""
    known = {record_id for record_id, _ in before.concerns}
    remedies = {each for each in now.remedies - before.remedies if each[0] in known}
    return News(now.concerns - before.concerns, before.concerns - now.concerns, frozenset(remedies))


def state_of_json(source: bytes) -> State:
    """What ``scan --json`` found when it wrote this; raises NotAScan for any other text."""
    try:
        data = json.loads(source)
        if data["schema_version"] != 1 or "not_judged" not in data:
            raise NotAScan("it is no scan of a kind that is read here")
        concerns = {(_text(row, "id"), _text(row, "combination")) for row in data[_ROWS]}
        remedies = {
            (
                _text(issue, "id"),
                _text(remedy, "kind"),
                _text(remedy, "device"),
                _text(remedy, "firmware"),
            )
            for issue in data[_ISSUES]
            for remedy in issue["remedies"]
        }
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError) as error:
        raise NotAScan("it is not what `defectreg scan --json` printed") from error
    return State(frozenset(concerns), frozenset(remedies))


def _text(data: Mapping[str, Any], key: str) -> str:
    text = data[key]
    if not isinstance(text, str):
        raise NotAScan(f"{key} is no text")
    return text


def ids_of(concerns: Iterable[Concern]) -> Collection[str]:
    """The records' ids, sorted."""
    return sorted({record_id for record_id, _ in concerns})
