"""Lists of words: what a reader of them learns, and of words that stand nearly everywhere."""

from __future__ import annotations

import base64
import string
from collections.abc import Iterator

import pytest

from defectreg.publication.postings import (
    KEPT,
    PLACES,
    Row,
    Totals,
    number_text,
    places_of,
    set_text,
    weight_of,
    word_lists,
)
from defectreg.store.cardfile import WordList

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


def rows_of(*entries: tuple[str, str]) -> list[Row]:
    rows = []
    for number, (title, text) in enumerate(entries):
        places = places_of(title.split(), text.split())
        length = len(title.split()) + len(text.split())
        rows.append((number, length, " ".join(places), " ".join(places.values())))
    return rows[::-1]


def lists_of(*rows: Row, kept: int = KEPT) -> dict[str, WordList]:
    totals = Totals(len(rows), sum(length for _, length, _, _ in rows), kept)
    return {one.word: one for one in word_lists(rows, totals)}


@pytest.mark.parametrize("number", [0, 1, 31, 32, 1023, 1024, 4095, 4096, 99_999, 1 << 30])
def test_a_number_is_read_as_it_was_written(number: int) -> None:
    assert list(numbers(number_text(number))) == [number]


@pytest.mark.parametrize("chosen", [[], [0], [7, 8, 99], list(range(100)), list(range(0, 100, 9))])
def test_a_set_is_read_as_it_was_written(chosen: list[int]) -> None:
    assert read_set(set_text(reversed(chosen))) == chosen


def test_a_set_is_written_in_the_shorter_form() -> None:
    assert set_text([99_999])[0] == "d"
    assert set_text(range(100_000))[0] == "b"


def test_a_list_says_where_a_word_stands_the_newest_entry_first() -> None:
    lists = lists_of(*rows_of(("b", "a b a"), ("c", "c"), ("a", "x")))
    assert list(lists) == ["a", "b", "c", "x"]
    assert list(numbers(lists["a"].postings)) == [2, 2, 1, 0, 0, 2, 4, 0, 2, 0, 2]
    assert list(numbers(lists["b"].postings)) == [0, 4, 1, 1, 0, 1]
    assert (lists["a"].entries, lists["a"].members) == (2, "")


def test_numbers_without_an_entry_are_in_no_list() -> None:
    (one,) = lists_of((3, 1, "a", "BAA")).values()
    assert list(numbers(one.postings)) == [3, 1, 1, 0, 0]


def test_all_of_a_words_places_are_counted_and_the_first_are_kept() -> None:
    (one,) = lists_of(*rows_of(("", "a " * 20))).values()
    assert list(numbers(one.postings)) == [0, 20, 0, 20, 0, *[1] * (PLACES - 1)]


def test_a_word_that_stands_very_often_or_very_late_weighs_and_reads_as_any_other() -> None:
    text = "a " * 5000 + "b"
    lists = lists_of(*rows_of(("a", text)), *rows_of(("", text)))
    (row,) = rows_of(("a", text))
    assert weight_of(dict(zip(row[2].split(), row[3].split(), strict=True))["a"]) == 5004
    assert list(numbers(lists["b"].postings))[:5] == [0, 5002, 0, 1, 5000]


def test_a_word_in_too_many_entries_keeps_the_best_and_tells_which_have_it() -> None:
    many = KEPT + 300
    entries = [("", "rare everywhere") for _ in range(many)]
    entries[7] = ("everywhere", "x")
    for number in range(100, 200):
        entries[number] = ("", "a much longer text has the word everywhere once")
    one = lists_of(*rows_of(*entries))["everywhere"]
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
