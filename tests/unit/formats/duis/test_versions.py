"""What a User on an earlier DUIS may send."""

from __future__ import annotations

from dataclasses import replace

import pytest

from defectreg.formats.duis import check_schema_version
from defectreg.register.inventory.variants import KNOWN_TO_OLDER, VARIANTS
from tests.unit.register.inventory.requests_for_tests import (
    CORRECTION,
    DELETION,
    MPXN,
    PRENOTIFICATION,
    STATUS,
)


@pytest.mark.parametrize("version", ["5.0", "5.1", "5.3", "5.4"])
def test_every_variant_can_be_sent_since_5_0(version: str) -> None:
    for code in VARIANTS:
        assert check_schema_version(replace(CORRECTION, esme_variant=code), version) is None


@pytest.mark.parametrize("version", ["2.0", "3.1", "4.0"])
def test_before_5_0_only_the_nine_older_variants_are_relied_on(version: str) -> None:
    refused = {
        code
        for code in VARIANTS
        if check_schema_version(replace(CORRECTION, esme_variant=code), version)
    }
    assert refused == set(VARIANTS) - KNOWN_TO_OLDER
    sentence = check_schema_version(replace(PRENOTIFICATION, esme_variant="AF"), version)
    assert sentence == f"DUIS {version} is not known to have the ESME Variant AF"


def test_a_request_that_names_no_variant_can_be_sent_on_any_version() -> None:
    for request in (DELETION, MPXN, STATUS, replace(CORRECTION, esme_variant=None)):
        assert check_schema_version(request, "2.0") is None


def test_a_version_that_is_not_known_is_refused() -> None:
    assert "later than 5.4" in str(check_schema_version(DELETION, "5.5"))
    assert "later than 5.4" in str(check_schema_version(DELETION, "6.0"))
    assert "such as 5.4" in str(check_schema_version(DELETION, "five"))
    assert "such as 5.4" in str(check_schema_version(DELETION, "5.4\n"))
