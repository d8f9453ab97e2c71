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
from array import array
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

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
_DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _digits(number: int) -> bytes:
    written = bytearray()
    while number > 31:
        written.append(_DIGITS[32 + (number & 31)])
        number >>= 5
    written.append(_DIGITS[number])
    return bytes(written)


_SMALL = tuple(map(_digits, range(4096)))
_ONCE = tuple(_digits(0) + _digits(1) + place for place in _SMALL)
"""How it is written that a word stands once in a text, by its place."""


def number_text(number: int) -> bytes:
    """A number that is not negative."""
    return _SMALL[number] if number < len(_SMALL) else _digits(number)


def set_text(numbers: Iterable[int], size: int) -> str:
    """A set of some of the entries from 0 to ``size - 1``."""
    bits, gaps, last = bytearray((size + 7) // 8), bytearray(b"d"), 0
    for number in sorted(numbers):
        bits[number >> 3] |= 1 << (number & 7)
        gaps += number_text(number - last)
        last = number
    bitmap = bitmap_text(bits)
    return bitmap if len(bitmap) < len(gaps) else gaps.decode()


def bitmap_text(bits: bytes | bytearray) -> str:
    """A set as a bitmap."""
    return "b" + base64.b64encode(bits).decode()


@dataclass(frozen=True, slots=True)
class WordList:
    """A word, in how many entries it stands, and in which. ``members`` is empty where the list has
    them all."""

    word: str
    entries: int
    postings: str
    members: str


@dataclass(slots=True)
class _Frequent:
    """A word that stands in too many entries for a list of all."""

    members: bytearray
    steps: array[int] = field(default_factory=lambda: array("I", [0] * _STEPS))
    """How many entries have each weight."""
    least: int = 0
    room: int = 0
    """How many entries of the least weight are kept."""


class Texts:
    """The words of all entries as numbers, small enough to be held. Entries may have any number
    below ``size``, each once."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.tokens = 0
        """How many words all entries have together."""
        self.entries = 0
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__
        self._found: list[int] = []
        self._rows: list[tuple[array[int], array[int]] | None] = [None] * size

    def add(self, number: int, title: list[str], text: list[str]) -> None:
        """Take the words of an entry."""
        numbered = self._numbers.__getitem__
        row = array("I", map(numbered, title)), array("I", map(numbered, text))
        self._found += [0] * (len(self._numbers) - len(self._found))
        for word in {*row[0], *row[1]}:
            self._found[word] += 1
        self._rows[number] = row
        self.entries += 1
        self.tokens += len(title) + len(text)

    def found(self, word: str) -> int:
        """In how many entries a word stands."""
        number = self._numbers.get(word)
        return 0 if number is None else self._found[number]

    def word_lists(self, hidden: Container[str] = ()) -> Iterator[WordList]:
        """Every word but the hidden ones, sorted."""
        frequent = self._frequent()
        written = self._written(frequent)
        for word in sorted(self._numbers):
            number = self._numbers[word]
            if len(word) <= LONGEST and word not in hidden:
                members = bitmap_text(frequent[number].members) if number in frequent else ""
                yield WordList(word, self._found[number], written[number].decode(), members)

    def _frequent(self) -> dict[int, _Frequent]:
        most = max(KEPT, self.entries // SHARE)
        frequent = {
            word: _Frequent(bytearray((self.size + 7) // 8))
            for word, found in enumerate(self._found)
            if found > most
        }
        if frequent:
            self._weigh(frequent)
        for word in frequent.values():
            word.room = KEPT
            for step in range(_STEPS - 1, -1, -1):
                word.least = step
                if word.steps[step] >= word.room:
                    break
                word.room -= word.steps[step]
        return frequent

    def _weigh(self, frequent: dict[int, _Frequent]) -> None:
        for number, row in enumerate(self._rows):
            if row is not None:
                norm, octet, bit = self._norm(row), number >> 3, 1 << (number & 7)
                for word, frequency in _frequencies(row).items():
                    if word in frequent:
                        known = frequent[word]
                        known.members[octet] |= bit
                        known.steps[_step(frequency, norm)] += 1

    def _norm(self, row: tuple[array[int], array[int]]) -> float:
        average = self.tokens / self.entries
        return _K1 * (1 - _B + _B * (len(row[0]) + len(row[1])) / average)

    def _written(self, frequent: dict[int, _Frequent]) -> list[bytearray]:
        lists = [bytearray() for _ in self._found]
        last = [0] * len(lists)
        for number in range(self.size - 1, -1, -1):
            row = self._rows[number]
            if row is None:
                continue
            left_out = _left_out(row, frequent, self._norm(row)) if frequent else set()
            length = number_text(len(row[0]) + len(row[1]))
            for word, written in _standing(row, left_out):
                one = lists[word]
                one += number_text(last[word] - number if one else number)
                one += length
                one += written
                last[word] = number
        return lists


def _frequencies(row: tuple[array[int], array[int]]) -> Counter[int]:
    found = Counter(row[1])
    for word in row[0]:
        found[word] += TITLE_WEIGHT
    return found


def _step(frequency: int, norm: float) -> int:
    return int(_STEPS * frequency / (frequency + norm))


def _left_out(
    row: tuple[array[int], array[int]], frequent: dict[int, _Frequent], norm: float
) -> set[int]:
    """The words in whose lists an entry is not."""
    found, left_out = _frequencies(row), set()
    for word in frequent.keys() & found.keys():
        known, step = frequent[word], _step(found[word], norm)
        if step == known.least and known.room:
            known.room -= 1
        elif step <= known.least:
            left_out.add(word)
    return left_out


def _standing(
    row: tuple[array[int], array[int]], left_out: Container[int]
) -> Iterator[tuple[int, bytes]]:
    """The other words of an entry, each with how often and where it stands."""
    titles, texts = _places(row[0], left_out), _places(row[1], left_out)
    for word, places in texts.items():
        if word in titles:
            yield word, _places_text(titles[word], places)
        elif len(places) == 1 and places[0] < len(_ONCE):
            yield word, _ONCE[places[0]]
        else:
            yield word, _places_text([], places)
    for word, places in titles.items():
        if word not in texts:
            yield word, _places_text(places, [])


def _places(words: array[int], left_out: Container[int]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for place, word in enumerate(words):
        if word in places:
            places[word].append(place)
        elif word not in left_out:
            places[word] = [place]
    return places


def _places_text(titles: list[int], texts: list[int]) -> bytes:
    written = [number_text(len(titles)), number_text(len(texts))]
    for places in (titles, texts):
        last = 0
        for place in places[:PLACES]:
            written.append(number_text(place - last))
            last = place
    return b"".join(written)
