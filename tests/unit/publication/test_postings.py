"""Lists of words: what a reader of them learns, and of words that stand nearly everywhere."""

from __future__ import annotations

import base64
import string
from collections.abc import Iterator

import pytest

from defectreg.publication.postings import KEPT, LONGEST, PLACES, Texts, number_text, set_text

DIGITS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


def numbers(text: str) -> Iterator[int]:
    """The plainest reader of what is written."""
    number, shift = 0, 0
    for value in map(DIGITS.index, text):
        number += (value & 31) << shift
        shift += 5
        if value < 32:
            yield number
            number, shift = 0, 0


def read_set(text: str) -> list[int]:
    if text[0] == "d":
        found, last = [], 0
        for distance in numbers(text[1:]):
            last += distance
            found.append(last)
        return found
    bits = base64.b64decode(text[1:])
    return [number for number in range(8 * len(bits)) if bits[number >> 3] >> (number & 7) & 1]


def made(*entries: tuple[str, str], size: int = 0) -> Texts:
    texts = Texts(size or len(entries))
    for number, (title, text) in enumerate(entries):
        texts.add(number, title.split(), text.split())
    return texts


@pytest.mark.parametrize("number", [0, 1, 31, 32, 1023, 1024, 4095, 4096, 99_999, 1 << 30])
def test_a_number_is_read_as_it_was_written(number: int) -> None:
    assert list(numbers(number_text(number).decode())) == [number]


@pytest.mark.parametrize("chosen", [[], [0], [7, 8, 99], list(range(100)), list(range(0, 100, 9))])
def test_a_set_is_read_as_it_was_written(chosen: list[int]) -> None:
    assert read_set(set_text(reversed(chosen), 100)) == chosen


def test_a_set_is_written_in_the_shorter_form() -> None:
    assert set_text([3], 100_000)[0] == "d"
    assert set_text(range(100_000), 100_000)[0] == "b"


def test_a_list_says_where_a_word_stands_the_newest_entry_first() -> None:
    lists = {one.word: one for one in made(("b", "a b a"), ("c", "c"), ("a", "x")).word_lists()}
    assert list(lists) == ["a", "b", "c", "x"]
    assert list(numbers(lists["a"].postings)) == [2, 2, 1, 0, 0, 2, 4, 0, 2, 0, 2]
    assert list(numbers(lists["b"].postings)) == [0, 4, 1, 1, 0, 1]
    assert (lists["a"].entries, lists["a"].members) == (2, "")


def test_numbers_without_an_entry_are_in_no_list() -> None:
    texts = made(size=5)
    texts.add(3, ["a"], [])
    assert [list(numbers(one.postings)) for one in texts.word_lists()] == [[3, 1, 1, 0, 0]]
    assert texts.entries == 1


def test_all_of_a_words_places_are_counted_and_the_first_are_kept() -> None:
    (one,) = made(("", "a " * 20)).word_lists()
    assert list(numbers(one.postings)) == [0, 20, 0, 20, 0, *[1] * (PLACES - 1)]


def test_hidden_words_and_endless_ones_are_left_out() -> None:
    long, longer = "x" * LONGEST, "x" * (LONGEST + 1)
    lists = made(("", f"a b {long} {longer}")).word_lists({"a"})
    assert [one.word for one in lists] == ["b", long]


def test_a_word_in_too_many_entries_keeps_the_best_and_tells_which_have_it() -> None:
    many = KEPT + 300
    entries = [("", "rare everywhere") for _ in range(many)]
    entries[7] = ("everywhere", "x")
    for number in range(100, 200):
        entries[number] = ("", "a much longer text has the word everywhere once")
    lists = {one.word: one for one in made(*entries).word_lists()}
    one = lists["everywhere"]
    assert one.entries == many
    assert read_set(one.members) == list(range(many))
    kept: list[int] = []
    last = 0
    read = numbers(one.postings)
    for step in read:
        last = last - step if kept else step
        kept.append(last)
        for _ in range(next(read) * 0 + next(read) + next(read)):
            next(read)
    assert len(kept) == KEPT
    assert 7 in kept
    assert not set(kept) & set(range(100, 200))
    assert kept == sorted(kept, reverse=True)
    # Of equal weight the newest are kept.
    assert set(kept) - {7} == set(range(many - KEPT + 1, many))
