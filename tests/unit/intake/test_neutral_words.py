"""Reported texts in the words of public text."""

from __future__ import annotations

from defectreg.intake.neutral_words import count_blame, neutral
from defectreg.register.wording import find_words


def test_a_word_for_which_another_fits_is_put_neutrally() -> None:
    assert neutral("The faulty meter is silent.", {}) == "The affected meter is silent."
    assert neutral("It is caused by the Hub.", {}) == "It is correlated with the Hub."


def test_a_word_for_which_none_fits_is_left_out() -> None:
    assert neutral("We recommend another meter.", {}) == "We […] another meter."


def test_a_policys_own_words_are_put_as_it_says() -> None:
    assert neutral("The lemon is silent.", {"lemon": "Device"}) == "The Device is silent."


def test_what_a_policy_offers_may_be_such_a_word_itself() -> None:
    said = neutral("The lemon is silent.", {"lemon": "faulty meter", "meter": "lemon"})
    assert list(find_words(said, {"lemon": "faulty meter", "meter": "lemon"})) == []


def test_a_text_without_such_words_stays_as_it_is() -> None:
    assert neutral("The meter is silent.", {}) == "The meter is silent."
    assert count_blame("The faulty meter must be replaced.", {}) == 2
