from __future__ import annotations

import pytest

from defectreg.search.snippets import LONGEST, Snippet, marks, snippet_of
from defectreg.store.index.entries import Passage

TITLE = Passage("r.yaml", "title", "Billing is late", "Billing is late")


def passage(text: str) -> Passage:
    return Passage("r.yaml", "behaviour", text, text)


@pytest.mark.parametrize(
    ("text", "phrases", "matches"),
    [
        ("The billing alert is late", [("billing",), ("late",)], ("billing", "late")),
        ("Billing and BILLING", [("billing",)], ("Billing", "BILLING")),
        ("No 0x8F1E came", [("8F1E",)], ("0x8F1E",)),
        ("a naïve reader", [("naive",)], ("naïve",)),
        ("alert billing alert", [("billing", "alert")], ("billing", "alert")),
        ("alert after billing", [("billing", "alert")], ()),
        ("rebilling", [("billing",)], ()),
    ],
)
def test_words_are_marked_where_the_search_finds_them(
    text: str, phrases: list[tuple[str, ...]], matches: tuple[str, ...]
) -> None:
    assert marks(text, phrases).matches == matches


def test_the_pieces_are_the_text_again() -> None:
    snippet = marks("late billing, late again", [("late",)])
    assert "".join(piece for piece, _ in snippet.pieces()) == snippet.text
    assert [piece for piece, is_match in snippet.pieces() if is_match] == ["late", "late"]


def test_the_piece_with_most_of_the_words_is_shown() -> None:
    one, both = passage("It is late."), passage("The billing is late.")
    assert snippet_of([one, both], [("billing",), ("late",)]).text == both.text


def test_a_title_is_shown_only_where_nothing_else_matches() -> None:
    text = passage("The billing run.")
    assert snippet_of([TITLE, text], [("billing",)]).text == text.text
    assert snippet_of([TITLE, passage("Nothing.")], [("billing",)]).text == TITLE.text


def test_a_long_text_is_cut_around_the_first_match_with_its_marks_in_place() -> None:
    words = [f"word{number}" for number in range(300)]
    snippet = snippet_of([passage("\n".join(words))], [("word150",), ("word151",)])
    assert snippet.matches == ("word150", "word151")
    assert snippet.text.startswith("…word")
    assert snippet.text.endswith("…")
    assert len(snippet.text) <= LONGEST + 2


def test_nothing_that_matches_is_nothing_to_show() -> None:
    assert snippet_of([TITLE], []) == Snippet("")
    assert snippet_of([TITLE], [("hour",)]) == Snippet("")


def test_a_word_longer_than_a_piece_is_shown_whole() -> None:
    long = "x" * 400
    assert snippet_of([passage(f"before {long} after")], [(long,)]).matches == (long,)
