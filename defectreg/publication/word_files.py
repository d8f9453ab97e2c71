"""In which file of the text search the list of a word stands.

Lists that share a file have words of one beginning: of one symbol, or of so many more that a file
stays small. A long list has a file of its own, and so has the word that is itself a beginning.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from defectreg.store.cardfile import WordShape

LARGEST = 32 * 1024
"""Characters of lists that share a file."""
_ALONE = LARGEST // 2
"""From so many characters on, a word's list has a file of its own."""
_LONGEST_NAME = 120
_DEEPEST = 24
"""Characters of the longest beginning by which words are shared out."""
_UNSAFE = re.compile(rb"[^a-z0-9]")


def file_name(word: str) -> str:
    """A word as it stands in the name of a file."""
    return _UNSAFE.sub(lambda found: b"_" + found[0].hex().encode(), word.encode()).decode()


def shared_out(lists: Iterable[WordShape]) -> Iterator[tuple[str, Sequence[WordShape]]]:
    """Lists in the order of their words, with the beginning that all in a file have; without one, a
    word that is alone."""
    few: list[WordShape] = []
    for one in lists:
        if one.characters >= _ALONE and len(file_name(one.word)) <= _LONGEST_NAME:
            yield "", [one]
        else:
            few.append(one)
    yield from _Few(few).divided("", 0, len(few))


class _Few:
    """Lists that share files, by their places in the order of the words."""

    def __init__(self, lists: list[WordShape]) -> None:
        self._lists = lists
        self._words = [one.word for one in lists]
        self._before = [0, *accumulate(one.characters for one in lists)]
        """How many characters all the lists before a place have."""

    def divided(
        self, beginning: str, start: int, end: int
    ) -> Iterator[tuple[str, Sequence[WordShape]]]:
        """Lists from one place to another, which have a beginning, with those of their files."""
        length = len(beginning) + 1
        while start < end:
            longer = self._words[start][:length]
            last = bisect_right(self._words, longer, start, end, key=lambda word: word[:length])
            if longer == beginning:
                yield "", self._lists[start:last]
            elif self._before[last] - self._before[start] <= LARGEST or length == _DEEPEST:
                yield longer, self._lists[start:last]
            else:
                yield from self.divided(longer, start, last)
            start = last
