"""What a catalogue lets a reader of free texts recognise: names of makers and models, versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from defectreg.register.catalogue import Catalogue, Product
from defectreg.register.notation import upper

_TOKEN = re.compile(r"[A-Za-z]+|[0-9]+")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_FIGURES = {word: str(number) for number, word in enumerate(_NUMBERS, start=1)}
_LONG = 4
"""Letters of a word from which it is known, among others, although a letter of it is wrong."""
_DISTINCT = 8
"""Letters of a model's short name from which it is known without its maker."""


@dataclass(frozen=True, slots=True)
class Name:
    """What some words may stand for: a ``manufacturer`` by its id, a ``model`` by its product."""

    field: str
    value: str
    manufacturer: str
    is_whole: bool
    """Whether the words are the name as the catalogue has it, and not a part of it."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is recognised. All that is compared is in upper case, words of names in lower case.

    ``phrases`` by their words, ``models`` and ``releases`` (firmware versions) to the products
    that have them, ``corrections`` from a long word that lacks a letter to the word.
    """

    catalogue: Catalogue
    phrases: Mapping[tuple[str, ...], tuple[Name, ...]]
    longest: int
    """Words of the longest phrase."""
    words: frozenset[str]
    """Every word of a phrase."""
    corrections: Mapping[str, str]
    models: Mapping[str, tuple[str, ...]]
    releases: Mapping[str, frozenset[str]]

    @staticmethod
    def of(catalogue: Catalogue) -> Vocabulary:
        """What is recognised with a catalogue; of a Communications Hub its CHF stands for both."""
        listed = [one for one in catalogue.products.values() if one.device.type != "GPF"]
        phrases: dict[tuple[str, ...], tuple[Name, ...]] = {}
        for words, name in (*_of_makers(catalogue), *_of_products(catalogue, listed)):
            if words and name not in phrases.get(words, ()):
                phrases[words] = (*phrases.get(words, ()), name)
        return Vocabulary(
            catalogue,
            phrases,
            max(map(len, phrases), default=0),
            frozenset(word for phrase in phrases for word in phrase),
            _corrections(phrases),
            _models(listed),
            _releases(listed),
        )

    def word(self, typed: str) -> str:
        """A word in lower case as names have it; a long one with a wrong letter is put right."""
        word = typed.lower()
        if len(word) >= _LONG and word.isalpha() and word not in self.words:
            short = (each for each in shortened(word) if each in self.corrections)
            word = next((self.corrections[each] for each in short), word)
        return _FIGURES.get(word, word)


def words_of(text: str) -> Iterator[re.Match[str]]:
    """The words of a text as names are compared: letters and digits are words apart."""
    return _TOKEN.finditer(text)


def is_distinct(words: tuple[str, ...]) -> bool:
    """Whether a part of a model's name says enough by itself."""
    return len(words) > 1 and sum(map(len, words)) >= _DISTINCT


def _words(name: str) -> tuple[str, ...]:
    lowered = (match[0].lower() for match in words_of(name))
    return tuple(_FIGURES.get(word, word) for word in lowered)


def _of_makers(catalogue: Catalogue) -> Iterator[tuple[tuple[str, ...], Name]]:
    begin = [_words(name)[:1] for name in catalogue.manufacturers.values()]
    for identifier, name in catalogue.manufacturers.items():
        words = _words(name)
        yield _words(identifier), Name("manufacturer", identifier, identifier, is_whole=True)
        yield words, Name("manufacturer", identifier, identifier, is_whole=True)
        if words and len(words[0]) > _LONG and begin.count(words[:1]) == 1:
            yield words[:1], Name("manufacturer", identifier, identifier, is_whole=False)


def _of_products(
    catalogue: Catalogue, listed: list[Product]
) -> Iterator[tuple[tuple[str, ...], Name]]:
    for product in listed:
        device = product.device
        maker = set(_words(catalogue.manufacturers.get(device.manufacturer, "")))
        words = _words(product.name)
        yield words, Name("model", device.product, device.manufacturer, is_whole=True)
        while words and words[0] in maker:
            words = words[1:]
        yield words, Name("model", device.product, device.manufacturer, is_whole=False)
        for ending in (words[place:] for place in range(1, len(words))):
            if is_distinct(ending):
                yield ending, Name("model", device.product, device.manufacturer, is_whole=False)
        if not device.model.isalnum():
            said = _words(device.model)
            yield said, Name("model", device.product, device.manufacturer, is_whole=False)


def _corrections(phrases: Iterable[tuple[str, ...]]) -> dict[str, str]:
    """Long words with a letter left out to the word; numbers are never put right."""
    words = {word for phrase in phrases for word in phrase if word.isalpha() and len(word) >= _LONG}
    return {short: word for word in sorted(words) for short in shortened(word)}


def shortened(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters: what two share differs in one letter."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _models(listed: list[Product]) -> dict[str, tuple[str, ...]]:
    models: dict[str, tuple[str, ...]] = {}
    for product in listed:
        model = upper(product.device.model)
        models[model] = (*models.get(model, ()), product.device.product)
    return models


def _releases(listed: list[Product]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for product in listed:
        for release in product.releases:
            found.setdefault(upper(release.version), set()).add(product.device.product)
    return {version: frozenset(products) for version, products in found.items()}
