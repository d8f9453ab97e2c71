"""Word lists when a few entries moved: what stands in them is replaced in its place.

The outcome is that of :func:`defectreg.publication.postings.word_lists`. Where it cannot be told
without all entries (another entry comes among the best of a frequent word, or goes), the word is
named, to be listed anew.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from defectreg.publication.postings import (
    KEPT,
    NOT_FREQUENT,
    NUMBER,
    PLACES,
    Row,
    Totals,
    bitmap_text,
    entries_of,
    narrowed,
    number_of,
    number_text,
    word_lists,
)
from defectreg.store.cardfile import CardFile, WordList
from defectreg.store.processes import number_of_processes, shared_out


@dataclass(frozen=True, slots=True)
class Item:
    """Where a word stands in an entry, as a list has it after the number."""

    number: int
    step: int
    text: str


@dataclass(slots=True)
class Change:
    """What goes from a word's list, and what comes."""

    gone: list[Item] = field(default_factory=list)
    came: list[Item] = field(default_factory=list)


def bring_lists(file: CardFile, kept: int = KEPT) -> None:
    """Make the lists that are others now; all, where what decides of every list is another."""
    totals = Totals(*file.totals(), kept)
    made_of = f"{totals.average} {totals.most}"
    average, _, most = file.state("lists").partition(" ")
    if average != str(totals.average):
        file.show()
        file.replace_lists(made_of, _all_lists(file, totals))
        return
    anew = set(file.words_between(*sorted((int(most), totals.most))))
    lists: list[WordList] = []
    for word, change in changes_of(file.moved(), totals).items():
        one = relisted(file.list_of(word) or _no_list(word), change, totals)
        if one is None:
            anew.add(word)
        else:
            lists.append(one)
    if anew:
        some = [*narrowed(file.texts(), frozenset(anew))]
        made = {one.word: one for one in word_lists(some, totals)}
        lists = [one for one in lists if one.word not in anew]
        lists += [made.get(word) or _no_list(word) for word in anew]
    file.change_lists(made_of, lists)


def _all_lists(file: CardFile, totals: Totals) -> Iterator[WordList]:
    """The list of every word, made by a few processes."""

    def make(words: frozenset[str]) -> list[WordList]:
        return [*word_lists([*narrowed(file.texts(), words)], totals)]

    # What stands often and what stands rarely is dealt out evenly.
    words = [word for word, _ in entries_of(file.texts()).most_common()]
    number = number_of_processes()
    parts = [frozenset(words[start::number]) for start in range(number)]
    return chain.from_iterable(shared_out(make, parts))


def _no_list(word: str) -> WordList:
    return WordList(word, 0, "", "", NOT_FREQUENT)


def changes_of(moved: Iterable[tuple[Row | None, Row | None]], totals: Totals) -> dict[str, Change]:
    """Word → what changes in its list, of entries as they were listed and as they are now."""
    changes: defaultdict[str, Change] = defaultdict(Change)
    for before, after in moved:
        if before != after:
            for word, item in _items(before, totals):
                changes[word].gone.append(item)
            for word, item in _items(after, totals):
                changes[word].came.append(item)
    return changes


def relisted(one: WordList, change: Change, totals: Totals) -> WordList | None:
    """A word's list with a change; None where all entries have to be asked."""
    entries = one.entries - len(change.gone) + len(change.came)
    is_frequent = one.least != NOT_FREQUENT
    if is_frequent != (entries > totals.most):
        return None
    gone, came, members = change.gone, change.came, ""
    if is_frequent:
        if any(item.step == one.least for item in (*gone, *came)):
            return None
        members = _with_members(one.members, gone, came)
        gone = [item for item in gone if item.step > one.least]
        came = [item for item in came if item.step > one.least]
        if len(gone) != len(came):
            return None
    return WordList(one.word, entries, _with_items(one.postings, gone, came), members, one.least)


def _items(row: Row | None, totals: Totals) -> Iterator[tuple[str, Item]]:
    if row is not None:
        number, length, words, written = row
        for word, places in zip(words.split(" "), written.split(" "), strict=True):
            text = number_text(length) + places
            yield word, Item(number, totals.steps(length).of(places), text)


def _with_members(members: str, gone: Sequence[Item], came: Sequence[Item]) -> str:
    bits = bytearray(base64.b64decode(members[1:]))
    highest = max((item.number for item in came), default=0)
    bits.extend(bytes(max(0, highest // 8 + 1 - len(bits))))
    for item in gone:
        bits[item.number >> 3] &= ~(1 << (item.number & 7))
    for item in came:
        bits[item.number >> 3] |= 1 << (item.number & 7)
    return bitmap_text(bits)


def _with_items(postings: str, gone: Sequence[Item], came: Sequence[Item]) -> str:
    if not gone and not came:
        return postings
    items = dict(_read(postings))
    for item in gone:
        del items[item.number]
    items.update((item.number, item.text) for item in came)
    written, last = [], None
    for number in sorted(items, reverse=True):
        written.append(number_text(number if last is None else last - number) + items[number])
        last = number
    return "".join(written)


def _read(postings: str) -> Iterator[tuple[int, str]]:
    """Number and text of each entry in a list."""
    numbers = NUMBER.findall(postings)
    at, entry = 0, None
    while at < len(numbers):
        distance = number_of(numbers[at])
        entry = distance if entry is None else entry - distance
        titles, texts = number_of(numbers[at + 2]), number_of(numbers[at + 3])
        end = at + 4 + min(titles, PLACES) + min(texts, PLACES)
        yield entry, "".join(numbers[at + 1 : end])
        at = end
