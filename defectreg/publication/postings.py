"""Which words stand in which entries, written so that a browser reads only the words it needs.

Numbers are written in base 64 (``A-Za-z0-9-_``), five bits a character, the lowest first; 32 is
added where more follow. A word's list has for each entry, the highest number first:

1. its number: the first as it is, each other as its distance from the one before;
2. how many words the entry has in all, how often this word stands in its title, and in its text;
3. at which places, in the title and then in the text, each as its distance from the one before; of
   each at most PLACES.

So a reader weighs words as SQLite's ``bm25`` does, and sees which stand one after the other. Of a
word in more than 1/SHARE of the entries only the KEPT that it weighs most for are in the list (of
equal weight the highest numbers); which entries have it is then told by a set.

A set of entries is ``b`` and a bitmap in base 64 (entry 0 is the lowest bit of the first octet), or
``d`` and the distances from one number to the next, the lowest first, the shorter of both.
"""

from __future__ import annotations

import base64
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from defectreg.store.cardfile import WordList

SHARE = 20
KEPT = 5000
PLACES = 8
TITLE_WEIGHT = 4
"""How much more a title's word counts: as in the index of the command line."""
LONGEST = 64
"""Characters of a word; a longer one is not found."""
_K1, _B = 1.2, 0.75
"""Of BM25, as SQLite has them."""
_STEPS = 1024
"""How finely weights are told apart where the best are chosen."""
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_GRAIN = 16
"""Words to which the average length of an entry is rounded where the best are chosen, so that one
more entry does not choose anew in every list."""


def _digits(number: int) -> str:
    written = []
    while number > 31:
        written.append(_DIGITS[32 + (number & 31)])
        number >>= 5
    written.append(_DIGITS[number])
    return "".join(written)


_SMALL = tuple(map(_digits, range(4096)))
NUMBER = re.compile("[g-z0-9_-]*[A-Za-f]")
"""A number as it is written."""
NOT_FREQUENT = -1
"""Stands for the least weight that is kept of a word of which all entries are in the list."""
_NOT_TOLD = -1
"""Stands for a step that two characters do not tell."""
_WEIGHTS = {
    _DIGITS[titles] + _DIGITS[texts]: titles * TITLE_WEIGHT + texts
    for titles in range(32)
    for texts in range(32)
}
"""How much a word weighs in an entry, by how it is written how often it stands there."""


def number_text(number: int) -> str:
    """A number that is not negative."""
    return _SMALL[number] if number < len(_SMALL) else _digits(number)


def set_text(numbers: Iterable[int]) -> str:
    """A set of entries."""
    members = sorted(numbers)
    bitmap = bitmap_of(members)
    if len(members) >= len(bitmap):
        return bitmap
    last, gaps = 0, ["d"]
    for number in members:
        gaps.append(number_text(number - last))
        last = number
    written = "".join(gaps)
    return bitmap if len(bitmap) < len(written) else written


def bitmap_of(numbers: Sequence[int]) -> str:
    """A set as a bitmap, as far as it has members."""
    bits = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return bitmap_text(bits)


def bitmap_text(bits: bytes | bytearray) -> str:
    """A bitmap, the lowest bit of the first octet first, as a set is written."""
    return "b" + base64.b64encode(bits.rstrip(b"\0")).decode()


def places_of(title: list[str], text: list[str]) -> dict[str, str]:
    """Word → how often and where it stands in an entry, as a list has it."""
    titles, texts = _places(title), _places(text)
    small = _SMALL.__getitem__ if len(title) + len(text) < len(_SMALL) else number_text
    once = small(0) + small(1)
    written = {
        word: once + small(places[0])
        if len(places) == 1
        else small(0) + small(len(places)) + _gaps(places, small)
        for word, places in texts.items()
    }
    for word, places in titles.items():
        others = texts.get(word, [])
        counted = small(len(places)) + small(len(others))
        written[word] = counted + _gaps(places, small) + _gaps(others, small)
    return written


def _places(words: list[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        if word in places:
            places[word].append(place)
        else:
            places[word] = [place]
    return places


def _gaps(places: list[int], text_of: Callable[[int], str]) -> str:
    written, last = "", 0
    for place in places[:PLACES]:
        written += text_of(place - last)
        last = place
    return written


Row: TypeAlias = tuple[int, int, str, str]
"""An entry's number, how many words it has in all, its words, and where each of them stands as
`places_of` writes it; blanks between."""


class Steps(dict[str, int]):
    """How much a word weighs in an entry of one length, by the first two characters of where it
    stands as it is written: how often, where that is told by two."""

    def __init__(self, length: int, average: int) -> None:
        self._norm = _K1 * (1 - _B + _B * length / average)

    def __missing__(self, often: str) -> int:
        weight = _WEIGHTS.get(often)
        if weight is None:
            return _NOT_TOLD
        step = self[often] = self._step(weight)
        return step

    def of(self, places: str) -> int:
        """How much it weighs, whatever is written."""
        step = self[places[:2]]
        return self._step(weight_of(places)) if step == _NOT_TOLD else step

    def _step(self, weight: int) -> int:
        return int(_STEPS * weight / (weight + self._norm))


@lru_cache(maxsize=4096)
def _steps(length: int, average: int) -> Steps:
    return Steps(length, average)


@dataclass(frozen=True, slots=True)
class Totals:
    """What decides of every list: how many entries there are, and how many words they have."""

    entries: int
    tokens: int
    kept: int = KEPT
    """How many entries of a frequent word are listed."""

    @property
    def most(self) -> int:
        """In how many entries a word of which all are listed stands at most."""
        return max(self.kept, self.entries // SHARE)

    @property
    def average(self) -> int:
        """About how many words an entry has."""
        return max(1, round(self.tokens / max(1, self.entries) / _GRAIN)) * _GRAIN

    def steps(self, length: int) -> Steps:
        """How much words weigh in an entry of this length."""
        return _steps(length, self.average)


class _Frequent:
    """A word that stands in too many entries for a list of all."""

    def __init__(self) -> None:
        self.numbers = array("I")
        self.steps = array("H")
        self.least = 0
        """The least weight that is kept."""
        self._room = 0

    def choose(self, kept: int) -> None:
        """Find which are kept, of how many."""
        self._room = kept
        entries = Counter(self.steps)
        for step in sorted(entries, reverse=True):
            self.least = step
            if entries[step] >= self._room:
                return
            self._room -= entries[step]

    def keeps(self, step: int) -> bool:
        """Whether an entry with this weight is kept: asked of each once, in the list's order."""
        if step == self.least and self._room:
            self._room -= 1
            return True
        return step > self.least


def word_lists(rows: Sequence[Row], totals: Totals) -> Iterator[WordList]:
    """The list of every word of some entries, sorted; the highest number stands first in ``rows``.

    ``totals`` are those of all entries, of which these may be a part.
    """
    found = entries_of(rows)
    frequent = _frequent(rows, found, totals)
    lists = _lists(rows, frequent, totals)
    for word in sorted(found):
        known = frequent.get(word)
        members = "" if known is None else bitmap_of(known.numbers)
        least = NOT_FREQUENT if known is None else known.least
        yield WordList(word, found[word], lists[word].decode(), members, least)


def narrowed(rows: Iterable[Row], words: frozenset[str]) -> Iterator[Row]:
    """The entries in which some words stand, with these words alone."""
    for number, length, text, written in rows:
        stand = text.split(" ")
        hit = words.intersection(stand)
        if hit:
            places = dict(zip(stand, written.split(" "), strict=True))
            yield number, length, " ".join(hit), " ".join(map(places.__getitem__, hit))


def entries_of(rows: Iterable[Row]) -> Counter[str]:
    """In how many entries every word stands."""
    found: Counter[str] = Counter()
    for _, _, text, _ in rows:
        found.update(text.split(" "))
    return found


def _frequent(
    rows: Iterable[Row], found: Mapping[str, int], totals: Totals
) -> dict[str, _Frequent]:
    frequent = {word: _Frequent() for word, number in found.items() if number > totals.most}
    taking = {word: (each.numbers.append, each.steps.append) for word, each in frequent.items()}
    for number, length, text, written in rows if frequent else ():
        steps = totals.steps(length)
        for word, places in zip(text.split(" "), written.split(" "), strict=True):
            if word in taking:
                step = steps[places[:2]]
                take_number, take_step = taking[word]
                take_number(number)
                take_step(step if step != _NOT_TOLD else steps.of(places))
    for known in frequent.values():
        known.choose(totals.kept)
    return frequent


def _lists(
    rows: Iterable[Row], frequent: Mapping[str, _Frequent], totals: Totals
) -> dict[str, bytearray]:
    lists: defaultdict[str, bytearray] = defaultdict(bytearray)
    last: dict[str, int] = {}
    for number, length, text, written in rows:
        steps, has = totals.steps(length), number_text(length)
        for word, places in zip(text.split(" "), written.split(" "), strict=True):
            if word in frequent and not frequent[word].keeps(steps.of(places)):
                continue
            distance = last[word] - number if word in last else number
            lists[word] += (number_text(distance) + has + places).encode()
            last[word] = number
    return lists


def weight_of(places: str) -> int:
    """How much a word weighs in an entry where it stands as it is written, whatever its length."""
    weight = _WEIGHTS.get(places[:2])
    if weight is not None:
        return weight
    titles, texts = map(number_of, NUMBER.findall(places)[:2])
    return titles * TITLE_WEIGHT + texts


def number_of(text: str) -> int:
    """The number that is written so."""
    number = 0
    for digit in reversed(text):
        number = number << 5 | _DIGITS.index(digit) & 31
    return number
