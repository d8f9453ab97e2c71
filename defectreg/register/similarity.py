"""How alike two records are, by their words, alert codes and affected combinations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import TypeAlias

from defectreg.register.codes import is_dcc_alert_code
from defectreg.register.devices import Combination, overlaps
from defectreg.register.field_words import of_one_meaning
from defectreg.register.record import Record

_WORD = re.compile(r"[^\W_]+")
_APART = {number: " " for number in range(128) if not chr(number).isalnum()}
"""Blanks in place of what stands between words."""
_DEVICE_ALERT = re.compile(r"8[0-9A-F]{3}")
_BEGINS_A_CODE = frozenset("08n")
"""In lower case: of ``0x8f1e``, ``8f1e`` and ``n13``."""
_COMMON = frozenset(
    "a about after all also an and any are as at be been before both but by can could did do does "
    "each for from had has have if in into is it its may more most no not of on once one only or "
    "other our over same seen should since so some such than that the their them then there these "
    "they this those to under until up was we were when where which while who will with within "
    "device devices meter meters".split()
)
"""Words that nearly every record has."""
_WEIGHTS = {"words": 0.5, "combinations": 0.35, "alerts": 0.15}
_CHANCE = 45.0
"""What rapidfuzz says of two English texts that have nothing in common, of 100."""
_Texts: TypeAlias = tuple[float | None, float | None]
"""How alike the words and the alert codes are; None where either has none."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What of a record, or of a text on its way to become one, is compared."""

    words: frozenset[str]
    """In lower case, without those that nearly every record has."""
    alerts: frozenset[str] = frozenset()
    affected: tuple[Combination, ...] = ()

    @staticmethod
    def of_record(record: Record) -> Likeness:
        """What of a record is compared: its title, behaviour and circumstances are its words."""
        return replace(_texts_of(record), affected=record.affected)


@dataclass(frozen=True, slots=True)
class Similar:
    """A record that is like another or like a text: its id, title, and how like, from 0 to 1."""

    id: str
    title: str
    likeness: float
    branch: str = ""
    """The request on which it stands, as people type it; empty of one that has landed."""


def likeness_of(text: str, combinations: Sequence[Combination] = ()) -> Likeness:
    """What of a text is compared; alert codes are found in it."""
    words = _cut(text.lower())
    codes = {word.upper().removeprefix("0X") for word in words if word[0] in _BEGINS_A_CODE}
    return Likeness(
        words - _COMMON,
        frozenset(
            code for code in codes if _DEVICE_ALERT.fullmatch(code) or is_dcc_alert_code(code)
        ),
        tuple(combinations),
    )


def _cut(text: str) -> frozenset[str]:
    """The words of a text in lower case; of ASCII alone by a way four times as fast."""
    return frozenset(text.translate(_APART).split() if text.isascii() else _WORD.findall(text))


def nearest(wanted: Likeness, texts: Mapping[str, str], most: int) -> list[str]:
    """The keys of the texts that share the rarest words, codes or models with what is wanted.

    It chooses which records are worth reading: the likest first, none that shares nothing.
    """
    products = {model for one in wanted.affected for model in one.lookup_models()}
    asked = set(wanted.words).union(
        *(_WORD.findall(each.lower()) for each in (*wanted.alerts, *products))
    )
    shared = {key: asked.intersection(_WORD.findall(texts[key].lower())) for key in texts}
    count = Counter(word for words in shared.values() for word in words)
    worth = {key: sum(1 / count[word] for word in words) for key, words in shared.items() if words}
    return sorted(worth, key=lambda key: (-worth[key], key))[:most]


def likest(
    wanted: Likeness, records: Iterable[Record], of_other_models: Container[str] = ()
) -> Iterator[Similar]:
    """The records that have something in common with what is wanted, the likest first.

    Combinations take longest to compare: they are when it may be a record's turn, and never of
    those that are known by their ids to have no model in common with it.
    """
    waiting: list[tuple[float, str, Record, _Texts | None]] = []
    for record in records:
        texts = _compared_texts(wanted, _texts_of(record))
        is_other = record.id in of_other_models
        hoped = float(not is_other) if wanted.affected else None
        heappush(waiting, (-_weighed(*texts, hoped), record.id, record,
                           None if is_other else texts))  # fmt: skip
    while waiting:
        negative, record_id, record, texts_only = heappop(waiting)
        if not negative:
            return
        if texts_only is None:
            yield Similar(record_id, record.title, -negative)
            continue
        likeness = _weighed(*texts_only, _combinations(wanted.affected, record.affected))
        heappush(waiting, (-likeness, record_id, record, None))


def score(one: Likeness, other: Likeness) -> float:
    """From 0, nothing in common, to 1. What either does not say is left out of account."""
    return _weighed(*_compared_texts(one, other), _combinations(one.affected, other.affected))


def _texts_of(record: Record) -> Likeness:
    texts = (str(record.data.get(key, "")) for key in ("title", "behaviour", "circumstances"))
    said = likeness_of("\n".join(texts))
    return Likeness(said.words, said.alerts.union(record.data.get("alerts", ())))


def _compared_texts(one: Likeness, other: Likeness) -> _Texts:
    return _words(one.words, other.words), _shared(one.alerts, other.alerts)


def _weighed(words: float | None, alerts: float | None, combinations: float | None) -> float:
    parts = {"words": words, "combinations": combinations, "alerts": alerts}
    said = {name: part for name, part in parts.items() if part is not None}
    weight = sum(_WEIGHTS[name] for name in said)
    return sum(_WEIGHTS[name] * part for name, part in said.items()) / weight if said else 0.0


def _words(one: frozenset[str], other: frozenset[str]) -> float | None:
    """How alike the words are, spelling mistakes and other words of one meaning forgiven."""
    from rapidfuzz.fuzz import token_set_ratio

    if not one or not other:
        return None
    ratio = token_set_ratio(" ".join(of_one_meaning(one)), " ".join(of_one_meaning(other)))
    return max(0.0, (ratio - _CHANCE) / (100 - _CHANCE))


def _shared(one: frozenset[str], other: frozenset[str]) -> float | None:
    if not one or not other:
        return None
    return len(one & other) / min(len(one), len(other))


def _combinations(one: Sequence[Combination], other: Sequence[Combination]) -> float | None:
    """1 where an installation may be affected by both, less where only models are shared.

    Shared models count of the fewer and of the more that are named, half each: a hub and a meter in
    common say more than a meter, and whoever names one Device of several is not far off.
    """
    if not one or not other:
        return None
    if any(overlaps(mine, theirs) for mine in one for theirs in other):
        return 1.0
    mine, theirs = (frozenset(m for c in side for m in c.lookup_models()) for side in (one, other))
    shared = len(mine & theirs)
    return (shared / min(len(mine), len(theirs)) + shared / max(len(mine), len(theirs))) / 4
