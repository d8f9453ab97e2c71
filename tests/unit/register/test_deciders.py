"""Who decided a switch of the policy: a body, by its words, and never a person."""

from __future__ import annotations

import pytest

from defectreg.register.deciders import is_body, may_be_person


@pytest.mark.parametrize(
    "text",
    [
        "Panel",
        "SEC Panel",
        "SEC Panel of this demonstration",
        "Working group of this demonstration",
        "Security Sub-Committee",
        "Technical Architecture and Business Architecture Sub-Committee",
        "Issue Resolution Steering Group",
        "Operations Group of the SEC Panel",
        "DCC",
        "Alt HAN Company",
    ],
)
def test_a_body_is_shown_as_one_and_is_no_person(text: str) -> None:
    assert is_body(text)
    assert not may_be_person(text)


@pytest.mark.parametrize(
    "text",
    ["J. Kapoor", "Xi Chen", "Mr John Example", "Lars Kapoor"],
)
def test_a_person_is_told_from_a_body(text: str) -> None:
    assert may_be_person(text)
    assert not is_body(text)


@pytest.mark.parametrize(
    "text",
    ["Kapoor", "kapoor", "Kapoor for the Panel", "Panel (Kapoor)", "the Panel\u2019s P. Kapoor",
     "Priya Kapoor, chair of the Panel", "\u738b\u5c0f\u660e, Panel", "", "12", "Alderbrook"],
)  # fmt: skip
def test_what_may_hold_a_name_is_not_shown_as_a_body(text: str) -> None:
    assert not is_body(text)
