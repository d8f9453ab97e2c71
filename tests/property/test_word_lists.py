"""Word lists that follow what moved are those that are made anew, of whatever entries."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.publication.postings import places_of
from defectreg.publication.relisting import bring_lists
from defectreg.store.cardfile import CardFile, Columns, Made, WordList, card_file

COLUMNS = Columns(("asked",), ("file",))
WORDS = "abcdef"
Texts = dict[str, tuple[int, str, str]]
"""Id → where the entry stands among the others, its title, its text."""


@pytest.fixture(scope="module", autouse=True)
def one_processor() -> Iterator[None]:
    """So few lists are made sooner than the processes begin that would share them."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    yield
    os.sched_setaffinity(0, before)


def texts() -> st.SearchStrategy[Texts]:
    words = st.text(WORDS, max_size=40)
    entry = st.tuples(st.integers(0, 3), st.text(WORDS, min_size=1, max_size=3), words)
    return st.dictionaries(st.sampled_from([f"{number:02d}" for number in range(40)]), entry,
                           min_size=1, max_size=40)  # fmt: skip


def noted(file: CardFile, entries: Texts, before: Texts) -> list[WordList]:
    """Bring a file from some entries to others; returns the lists that it has then."""
    file.remove(before.keys() - entries.keys())
    changed = {each for each in entries if before.get(each) != entries[each]}
    file.put(Made(each, b"", (0,), columns(entries[each]), ("",)) for each in sorted(changed))
    order = sorted(entries, key=lambda each: (entries[each][0], each))
    numbers: dict[str, int | None] = {each: number for number, each in enumerate(order)}
    # Those of the last place are withdrawn: they keep their numbers, unused.
    file.number({each: None if entries[each][0] == 3 else numbers[each] for each in numbers})
    bring_lists(file, kept=4)
    found = (file.list_of(shape.word) for shape in file.shapes())
    return [one for one in found if one is not None]


def columns(entry: tuple[int, str, str]) -> tuple[int, str, str]:
    _, title, text = entry
    places = places_of([*title], [*text])
    return len(title) + len(text), " ".join(places), " ".join(places.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(texts(), min_size=2, max_size=4), st.lists(texts(), max_size=3))
def test_lists_that_follow_are_lists_made_anew(editions: list[Texts], edits: list[Texts]) -> None:
    # An edit touches some of the entries, an edition replaces all.
    for edit in edits:
        some = dict(list(edit.items())[:3])
        editions.append({**editions[-1], **some})
    with tempfile.TemporaryDirectory() as name:
        kept = Path(name, "kept.sqlite")
        before: Texts = {}
        for entries in editions:
            with card_file(COLUMNS, "program", kept) as file:
                followed = noted(file, entries, before)
                file.settle()
            with card_file(COLUMNS, "program", None) as file:
                assert followed == noted(file, entries, {})
            before = entries
