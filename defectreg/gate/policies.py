"""The switches of a register: what they say, who decided them, what another value would move."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, TypeAlias

from defectreg.register.errors import UsageProblem
from defectreg.register.grounds import Grounds
from defectreg.register.policy import Decision, Policy, switches
from defectreg.register.public import PublicRecord
from defectreg.register.release import Release
from defectreg.register.schema import Schema
from defectreg.register.stage import Stage
from defectreg.register.standing import Standing
from defectreg.store.judging import awaits_manufacturer, shown_earlier, shown_now
from defectreg.store.landings import standings
from defectreg.store.releasing import earlier_texts, release_of
from defectreg.store.sources import CommitSource

_Shown: TypeAlias = tuple[Stage, PublicRecord | None]
"""The stage of a record, and its entry; None where nothing of it is shown."""


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch: its value here, its default, what it means, and who decided it."""

    key: str
    value: Any
    """A text, a number, a list of texts; for ``words`` a mapping."""
    default: Any
    meaning: str
    words: str
    """What this value means; empty where the value says it itself."""
    values: Mapping[str, str]
    """Each value allowed with its meaning; empty where it is a number or a list."""
    source: str
    decision: Decision | None

    @property
    def is_default(self) -> bool:
        """Whether the value is the program's default, decided or not."""
        return bool(self.value == self.default)


@dataclass(frozen=True, slots=True)
class Move:
    """What would become of one record: ``how`` is appears, goes, moves, or is shown otherwise."""

    record_id: str
    title: str
    how: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What another policy would change: the moves, sorted by id, of how many records."""

    moves: tuple[Move, ...]
    records: int
    unread: tuple[str, ...]
    """Ids of records that cannot be judged: they, or what is said of them, have a finding."""


def switches_of(grounds: Grounds, key: str | None = None) -> list[Switch]:
    """Every switch in the schema's order, or the one with this key. Raises UsageProblem."""
    schema = grounds.schemas["policy"]
    keys = switches(schema) if key is None else [_known(key, schema)]
    return [_switch(key, grounds.policy, schema) for key in keys]


def changed_policy(grounds: Grounds, typed: Iterable[str]) -> Policy:
    """The policy with the switches ``KEY=VALUE`` that were typed; a list has commas.

    Raises UsageProblem, with the values allowed, for a key or value that no policy may hold.
    """
    schema = grounds.schemas["policy"]
    changes: dict[str, Any] = {}
    for text in typed:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageProblem(
                f"{text!a:.60} is no KEY=VALUE", "for example: policy try reply-window=15"
            )
        key = _known(key, schema)
        changes[key] = _typed(key, value, schema)
    _check(changes, grounds)
    fields = {key.replace("-", "_"): _held(value) for key, value in changes.items()}
    return replace(grounds.policy, **fields)


def compare(
    source: CommitSource,
    grounds: Grounds,
    policy: Policy,
    audience: str | None,
    day: datetime.date,
) -> Tried:
    """What this policy would change of a commit's records, for an audience on a day.

    ``audience`` None is that of each policy. Nothing is written.
    """
    releases = [release_of(grounds, each, audience, day) for each in (grounds.policy, policy)]
    moves: list[Move] = []
    unread, waiting, number = [], {}, 0
    for record_id, standing in standings(source, grounds):
        number += 1
        if standing is None:
            unread.append(record_id)
            continue
        shown = [shown_now(standing, release) for release in releases]
        if any(awaits_manufacturer(stage) for stage, _ in shown):
            waiting[record_id] = standing
        else:
            moves += _moves(standing, *shown)
    for record_id, earlier in earlier_texts(source, waiting, grounds):
        texts = tuple(earlier)
        shown = [_shown(waiting[record_id], texts, release) for release in releases]
        moves += _moves(waiting[record_id], *shown)
    return Tried(tuple(sorted(moves, key=lambda move: move.record_id)), number, tuple(unread))


def _switch(key: str, policy: Policy, schema: Schema) -> Switch:
    node = schema.resolve(schema.properties[key])
    value = getattr(policy, key.replace("-", "_"))
    meanings = node.get("x-values", {})
    return Switch(
        key=key,
        value=list(value) if isinstance(value, tuple) else value,
        default={} if key == "words" else schema.default(key),
        meaning=node["description"],
        words=meanings.get(value, "") if isinstance(value, str) else "",
        values=meanings,
        source=node.get("x-source", ""),
        decision=policy.decided.get(key),
    )


def _known(key: str, schema: Schema) -> str:
    keys = switches(schema)
    if key not in keys:
        near = get_close_matches(key, keys, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "`policy show` lists every switch"
        raise UsageProblem(f"there is no switch {key!a:.60}", hint)
    return key


def _typed(key: str, text: str, schema: Schema) -> Any:
    """A value as a policy's file would hold it, before the schema reads it."""
    if schema.resolve(schema.properties[key])["type"] != "array":
        return text
    items = [item.strip() for item in text.split(",") if item.strip()]
    if key != "words":
        return items
    pairs = (item.partition(":") for item in items)
    return [{"word": word.strip(), "instead": instead.strip()} for word, _, instead in pairs]


def _check(changes: dict[str, Any], grounds: Grounds) -> None:
    """Reads the values as the schema types them, in place; raises UsageProblem for what is none."""
    schema = grounds.schemas["policy"]
    data = schema.coerced({"name": grounds.policy.name, **changes})
    for _, problem in grounds.validators["policy"].problems(data):
        key = str(problem.path[0]) if problem.path else "name"
        raise UsageProblem(f"{key}: {problem.sentence}", allowed_values(key, schema))
    changes.update({key: data[key] for key in changes})


def allowed_values(key: str, schema: Schema) -> str:
    """What a switch may be set to, in words for a person."""
    node = schema.resolve(schema.properties[key])
    if "enum" in node:
        return f"{key} is one of {', '.join(node['enum'])}"
    if node["type"] == "integer":
        return f"{key} is a number from {node['minimum']} to {node['maximum']}"
    if key == "words":
        return "words is a list with commas, each item as word:instead"
    items = schema.resolve(node["items"])
    if "enum" in items:
        return f"{key} is a list with commas of {', '.join(items['enum'])}"
    return f"{key} is a list with commas, such as 8F1E,AD1"


def _held(value: Any) -> Any:
    """A value of a file as the policy holds it."""
    if not isinstance(value, list):
        return value
    if value and isinstance(value[0], dict):
        return {item["word"]: item["instead"] for item in value}
    return tuple(value)


def _shown(standing: Standing, earlier: Sequence[Standing], release: Release) -> _Shown:
    """As ``shown_now``, or with the text that is shown while a manufacturer is awaited."""
    stage, entry = shown_now(standing, release)
    return stage, shown_earlier(earlier, release) if awaits_manufacturer(stage) else entry


def _moves(standing: Standing, now: _Shown, then: _Shown) -> Iterator[Move]:
    (stage, entry), (stage_then, entry_then) = now, then
    before, after = stage.name, stage_then.name
    if (before, entry) == (after, entry_then):
        return
    how = "moves" if before != after else "is shown otherwise"
    if (entry is None) != (entry_then is None):
        how = "appears" if entry is None else "goes"
    yield Move(standing.record.id, standing.record.title, how, before, after)
