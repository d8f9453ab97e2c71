"""Who told a report."""

from __future__ import annotations

import pytest

from defectreg.intake.tellers import teller_of
from defectreg.register.policy import Policy
from tests.unit.intake.grounds_for_tests import grounds

PARTIES = grounds().parties
POLICY: Policy = grounds().policy


@pytest.mark.parametrize(
    ("typed", "name", "category"),
    [
        ("supplier-one", "supplier-one", "large-supplier"),
        ("  Supplier   ONE ", "supplier-one", "large-supplier"),
        ("Small Supplier", "small-supplier", "small-supplier"),
        ("small-supplier", "small-supplier", "small-supplier"),
        ("", "dcc", "dcc"),
        ("Nobody Limited", "", ""),
    ],
)
def test_a_party_or_a_category_is_meant(typed: str, name: str, category: str) -> None:
    teller = teller_of(typed, PARTIES, "dcc")
    assert (teller.name, teller.category) == (name, category)


def test_who_may_report_is_asked_of_the_category() -> None:
    assert teller_of("small-supplier", PARTIES, "").may_report(POLICY.who_reports)
    assert not teller_of("small-supplier", PARTIES, "").may_report(("dcc",))
    assert not teller_of("ssc", PARTIES, "").may_report(POLICY.who_reports)
