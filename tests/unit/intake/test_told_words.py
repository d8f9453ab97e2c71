"""Texts are compared by what they tell, not by how somebody spelt or inflected it."""

from __future__ import annotations

import pytest

from defectreg.intake.reports import Reported
from defectreg.intake.told_words import told_words
from tests.unit.intake.readings import found


def words(*texts: str) -> list[tuple[str, ...]]:
    return told_words([Reported(place, "", text) for place, text in enumerate(texts)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("it joins the home area network", "joined HAN"),
        ("comms hub upgrade", "Communications Hub updated"),
        ("refuses a vend", "rejected the top-up"),
        ("power cut", "interruption"),
        ("replies", "answering"),
        ("repeating", "repeats"),
    ],
)
def test_one_meaning_is_one_word(one: str, other: str) -> None:
    assert words(one) == words(other)


def test_words_that_every_report_has_say_nothing() -> None:
    assert words("Customer called to say that the meter is faulty, please investigate") == [()]


def test_a_rare_slip_is_mended_by_what_the_other_rows_say() -> None:
    usual = ["forgets its calendar"] * 6
    assert words(*usual, "forgets its calendr")[-1] == words(usual[0])[0]
    assert words("forgets its calendr") != words(usual[0])


def test_what_was_found_in_a_text_is_no_word_of_it() -> None:
    text = "Alderbrook A1 on firmware 00030005 forgets its calendar since 3 November"
    row = Reported(2, "", text, found=found(text))
    assert told_words([row]) == [("firmwar", "forget", "calendar")]


def test_a_title_is_told_too() -> None:
    row = Reported(2, "", "It happens", fields={"title": "Calendar forgotten"})
    assert "calendar" in told_words([row])[0]
