"""Which words of manufacturers' names no search finds."""

from __future__ import annotations

import pytest

from defectreg.publication.unfound import Known, Unfound
from tests.unit.publication.editions import register


def unfound(*names: str, found: dict[str, int] | None = None) -> Unfound:
    known = Known(register(manufacturers=tuple(("", name) for name in names)))
    return known.unfound(lambda word: (found or {}).get(word, 0), ["8F1E"])


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("Alderbrook Metering", {"alderbrook"}),
        ("Beckfoot & Söhne Hubs (UK) Ltd", {"beckfoot", "sohne"}),
        ("Corvane-Dunmere 24 Communications", {"corvane", "dunmere"}),
        ("", set()),
    ],
)
def test_every_word_of_a_name_is_hidden_but_ordinary_ones(name: str, hidden: set[str]) -> None:
    assert unfound(name).words == hidden


def test_of_a_name_of_ordinary_words_the_rarest_is_hidden() -> None:
    made = unfound("Smart Metering Systems", found={"smart": 9, "metering": 8, "systems": 7})
    assert made.words == {"systems"}


def test_an_alert_code_is_found_whatever_somebody_is_called() -> None:
    made = unfound("8F1E Instruments", "Alderbrook")
    assert made.among(["8f1e", "alderbrook", "meter"]) == {"alderbrook"}
