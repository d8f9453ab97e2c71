"""Which records are worth comparing with a text: few, and found without looking at the others.

Those that share models with it, and those that share words that few records have. Where it has no
such word: those in which some of its words stand together that many records have one of.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defectreg.store.index.entries import folded, tokens
from defectreg.store.index.matching import NAMES, Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from defectreg.register.similarity import Likeness

_FEW = 1_000
"""Records that may have a word, or some words together, for these to be looked for."""
_MANY = 5_000
"""Records of one model above which it says nothing that the model is the same."""
_MOST_BY_MODELS = 300
_MOST_BY_WORDS = 100
"""Records that are compared by reason of one or the other."""
_COUNTED = 20_000
"""Records up to which it is told which of two words is rarer."""
_RAREST = 6
_LONGEST = 8
OF_PRODUCT = "SELECT DISTINCT number FROM models WHERE product = ? LIMIT ?"
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
_RANKED = "SELECT rowid, -bm25(words, 4.0, 1.0) FROM words WHERE words MATCH ?"  # titles count more


@dataclass(frozen=True, slots=True)
class Chosen:
    """Records by their ids, and which of them are known to share no model."""

    ids: frozenset[str]
    of_other_models: frozenset[str]


def worth_comparing(rows: Rows, wanted: Likeness) -> Chosen:
    """The records to compare with what is wanted; ``rows`` asks the tables."""
    products = {each for one in wanted.affected for each in one.lookup_models()}
    having = {product: rows(OF_PRODUCT, product, _MANY + 1) for product in sorted(products)}
    told = {product: found for product, found in having.items() if len(found) <= _MANY}
    by_models = _sharing_models(told.values())
    by_words = _sharing_words(rows, wanted)
    best = {**_best(rows, by_models, _MOST_BY_MODELS), **_best(rows, by_words, _MOST_BY_WORDS)}
    others = best.keys() - by_models.keys() if len(told) == len(having) else set()
    return Chosen(frozenset(best.values()), frozenset(best[number] for number in others))


def _best(rows: Rows, worth: Mapping[int, float], most: int) -> dict[int, str]:
    """So many that are worth most, with their ids; of equals the first by its id."""
    least = sorted(worth.values(), reverse=True)[:most][-1:]
    numbers = [number for number, each in worth.items() if least and each >= least[0]]
    named = rows(NAMES, json.dumps(numbers))
    named.sort(key=lambda row: (-worth[row[0]], row[1]))
    return dict(named[:most])


def _sharing_models(having: Iterable[Sequence[tuple[int]]]) -> Mapping[int, float]:
    """How much it says of each that it has these models: the fewer have one, the more."""
    worth: dict[int, float] = {}
    for numbers in having:
        for (number,) in numbers:
            worth[number] = worth.get(number, 0.0) + 1 / len(numbers)
    return worth


def _sharing_words(rows: Rows, wanted: Likeness) -> Mapping[int, float]:
    """Each with its rank by the words that it shares, the better the more."""
    words = sorted({folded(token) for part in wanted.words for token in tokens(part)})
    counts = {word: _count(rows, f'"{word}"', _FEW + 1) for word in words}
    rare = sorted((count, word) for word, count in counts.items() if 0 < count <= _FEW)
    if rare:
        return dict(rows(_RANKED, " OR ".join(f'"{word}"' for _, word in rare[:_RAREST])))
    return _having_together(rows, [word for word, count in counts.items() if count])


def _having_together(rows: Rows, words: Sequence[str]) -> Mapping[int, float]:
    """The same by the rarest words that few records have together."""
    longest = sorted(words, key=lambda word: (-len(word), word))[:_LONGEST]
    rarest = sorted(longest, key=lambda word: (_count(rows, f'"{word}"', _COUNTED), word))
    for number in range(2, len(rarest) + 1):
        together = " AND ".join(f'"{word}"' for word in rarest[:number])
        if _count(rows, together, _FEW + 1) <= _FEW:
            return dict(rows(_RANKED, together))
    return {}


def _count(rows: Rows, expression: str, most: int) -> int:
    """How many records have it, of no more than ``most``."""
    ((count,),) = rows(_COUNT, expression, most)
    return int(count)
