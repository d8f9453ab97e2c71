from __future__ import annotations

import pytest

from defectreg.cli.bash_words import Typed, typed


def pieces(*words: str, place: int | None = None) -> dict[str, str]:
    at = len(words) - 1 if place is None else place
    return {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(at)}


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        (("defectreg", "search", "kind", ":", "de"), "kind:de"),
        (("defectreg", "search", "kind", ":"), "kind:"),
        (("defectreg", "policy", "try", "silence", "=", "ho"), "silence=ho"),
        (("defectreg", "add", "--key", "=", "keys/me"), "--key=keys/me"),
        (("defectreg", "search", "CHF", ":", "FF02/"), "CHF:FF02/"),
        (("defectreg", "show", "7k"), "7k"),
        (("defectreg", "show", ""), ""),
    ],
)
def test_what_bash_broke_is_one_word_again(broken: tuple[str, ...], whole: str) -> None:
    found = typed(pieces(*broken))
    assert found is not None
    assert found.words[found.place] == whole


def test_the_words_before_it_stay_in_their_places() -> None:
    found = typed(pieces("defectreg", "search", "kind", ":", "defect", "reg"))
    assert found == Typed(("defectreg", "search", "kind:defect", "reg"), 3)


def test_what_is_offered_takes_the_place_of_the_last_piece_alone() -> None:
    word = Typed(("defectreg", "search", "kind:de"), 2)
    assert word.offered("kind:defect\nkind:device-information") == "defect\ndevice-information"
    assert Typed(("defectreg", "show", "dr-7"), 2).offered("DR-7K3Q-X4MB") == "DR-7K3Q-X4MB"


def test_a_word_that_is_not_there_yet_is_empty() -> None:
    found = typed(pieces("defectreg", "show", place=2))
    assert found == Typed(("defectreg", "show"), 2)
    assert found.offered("DR-7K3Q-X4MB") == "DR-7K3Q-X4MB"


@pytest.mark.parametrize("said", [{}, {"COMP_WORDS": "defectreg se", "COMP_CWORD": "1"}])
def test_where_no_pieces_are_told_nothing_is_put_together(said: dict[str, str]) -> None:
    assert typed(said) is None
