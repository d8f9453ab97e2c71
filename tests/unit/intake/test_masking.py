"""Texts without what may never be stored."""

from __future__ import annotations

import pytest

from defectreg.intake.masking import masked
from defectreg.register.detectors import find


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The meter at SW1A 1AA lost its clock.", "The meter at [removed] lost its clock."),
        ("Mr John Smith rang.", "[removed] rang."),
        ("Mr John Smithson rang. Smithson is away.", "[removed] rang. [removed] is away."),
        ("Call 07700 900123 or nobody.", "Call [removed] or nobody."),
        ("The meter lost its clock.", "The meter lost its clock."),
    ],
)
def test_only_what_is_sighted_goes(text: str, left: str) -> None:
    assert masked(text) == left


def test_the_town_of_an_address_goes_with_its_street() -> None:
    assert "Bigtown" not in masked("It is at 12 High Street, Bigtown and silent.")


def test_nothing_is_sighted_in_what_is_masked() -> None:
    text = "Mr A. Smith, 12 High Street, SW1A 1AA, MPAN 1200023305967, a.smith@example.com"
    assert list(find(masked(text))) == []
