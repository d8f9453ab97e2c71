"""How alike rows of one file are: by their Devices, and by the words and codes few others have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from defectreg.intake.reports import Reported
from defectreg.intake.told_words import USUAL, told_words
from defectreg.register.devices import Combination, NotationError, parse_combination

CODES = ("alerts", "service-requests")
_HUB = "CHF"
_CODE_WEIGHT = 1.5
"""Of an alert code, Service Request or Communications Hub, against a word as rare."""
_TEXTS_MORE, _TEXTS_WITH_USUAL = 40, 5
"""Texts that are taken as read beside those of a file, and how many of them have a usual word, or
any Communications Hub."""
_LEAST_TOLD = 2
"""Words below which a text says too little to be compared."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of a row, or of rows together.

    ``models`` by Device Type, a Communications Hub as its CHF; ``weights`` of words and codes,
    those of a row a vector of length 1, empty of one that says too little.
    """

    models: Mapping[str, frozenset[str]]
    weights: Mapping[str, float]
    length: float = 1.0

    @property
    def products(self) -> frozenset[str]:
        """Every model."""
        return frozenset().union(*self.models.values())

    def with_those_of(self, other: Traits) -> Traits:
        """Both together: what both tell weighs more.

        Of a Device Type that both name the models stay these, so that one row that names two
        meters does not bring together what is told of either.
        """
        weights = Counter(self.weights)
        weights.update(other.weights)
        return Traits({**other.models, **self.models}, weights, _length(weights))

    def share(self, key: str, codes: Iterable[str]) -> float | None:
        """How much of what is told of codes of a key is among some codes; None without any."""
        told = {each: weight for each, weight in self.weights.items() if each.startswith(f"{key} ")}
        shared = sum(told.get(f"{key} {code}", 0.0) for code in codes)
        return shared / sum(told.values()) if told else None

    def likeness(self, other: Traits) -> float:
        """From 0, nothing in common, to 1; 0 where they are of other Devices."""
        return self.cosine(other) if may_be_same(self.models, other.models) else 0.0

    def cosine(self, other: Traits) -> float:
        """The same by words and codes alone."""
        fewer, more = sorted((self.weights, other.weights), key=len)
        shared = sum(weight * more[each] for each, weight in fewer.items() if each in more)
        return shared / (self.length * other.length) if shared else 0.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How much a word or code says: the fewer of the rows of a file have it, the more."""

    rows: int
    count: Mapping[str, int]

    def traits(
        self,
        models: Mapping[str, frozenset[str]],
        words: Sequence[str],
        codes: Sequence[str] = (),
    ) -> Traits:
        """What is compared of something that names these models, words and codes."""
        if len(words) < _LEAST_TOLD:
            return Traits(models, {})
        weights = {word: self._rarity(word) for word in words}
        weights |= {code: _CODE_WEIGHT * self._rarity(code) for code in codes}
        length = _length(weights)
        return Traits(models, {each: weight / length for each, weight in weights.items()})

    def _rarity(self, word: str) -> float:
        """As if some texts more had been read, so that few rows do not decide what is usual."""
        usual = _TEXTS_WITH_USUAL if word in USUAL or word.startswith(f"{_HUB}:") else 0
        return log((self.rows + _TEXTS_MORE) / max(1, self.count.get(word, 0) + usual)) + 0.5


def traits_of(rows: Sequence[Reported]) -> tuple[list[Traits], Scale]:
    """What is compared of each row, and the scale by which their words are weighed."""
    named = [models_of(combinations_of(row)) for row in rows]
    told = told_words(rows)
    codes = [tuple(_codes(row, models)) for row, models in zip(rows, named, strict=True)]
    scale = Scale(len(rows), Counter(each for one in (*told, *codes) for each in one))
    return list(map(scale.traits, named, told, codes)), scale


def combinations_of(row: Reported) -> tuple[Combination, ...]:
    """What a row names; what is not in the notation is compared with nothing."""
    return tuple(_read(row.fields.get("affected", ())))


def _read(texts: Iterable[str]) -> Iterator[Combination]:
    for text in texts:
        try:
            yield parse_combination(text)
        except NotationError:
            continue


def models_of(combinations: Iterable[Combination]) -> dict[str, frozenset[str]]:
    """Models by Device Type, a Communications Hub as its CHF."""
    models: dict[str, set[str]] = {}
    for combination in combinations:
        for device in combination.devices:
            kind = _HUB if device.type == "GPF" else device.type
            _, _, model = device.product.partition(":")
            models.setdefault(kind, set()).add(f"{kind}:{model}")
    return {kind: frozenset(products) for kind, products in models.items()}


def _codes(row: Reported, models: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Alert codes, Service Requests and Communications Hubs, as words that no text has."""
    for key in CODES:
        yield from dict.fromkeys(f"{key} {code}" for code in row.fields.get(key, ()))
    yield from sorted(models.get(_HUB, ()))


def _length(weights: Mapping[str, float]) -> float:
    return sqrt(sum(weight * weight for weight in weights.values()))


def may_be_same(one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> bool:
    """Whether they share a model, and have no other meter or display.

    Communications Hubs may differ: what a meter does, it does with several of them.
    """
    both = one.keys() & other.keys()
    shared = {kind for kind in both if one[kind] & other[kind]}
    return bool(shared) and shared | {_HUB} >= both
