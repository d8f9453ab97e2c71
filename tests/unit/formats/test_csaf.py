"""CSAF documents: what one holds, in which form."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from defectreg.formats.csaf import (
    Advisory,
    Note,
    Publisher,
    Reference,
    Revision,
    advisory_name,
    to_csaf,
)

FIRST, LAST = datetime.date(2026, 3, 2), datetime.date(2026, 3, 9)
ADVISORY = Advisory(
    id="DR-7K3Q-X4MB",
    title="Meter stops sending billing alerts",
    tlp="GREEN",
    audience="For the SEC Parties.",
    publisher=Publisher("Register of issues", "urn:uuid:0", ""),
    notes=(Note("summary", "Observed", "No alert."),),
    references=(Reference("external", "The register", "urn:uuid:0"),),
    products=("ESME:FF01/00010100", "CHF:FF02/00020001"),
    revisions=(Revision("1.0.0", FIRST, "Entered"), Revision("1.7.0", LAST, "Fix")),
)


def test_a_document_is_an_informational_advisory_under_its_label() -> None:
    document = to_csaf(ADVISORY)["document"]
    assert (document["category"], document["csaf_version"]) == (
        "csaf_informational_advisory",
        "2.0",
    )
    assert document["distribution"] == {"text": "For the SEC Parties.", "tlp": {"label": "GREEN"}}
    assert document["lang"] == "en-GB"


def test_the_newest_revision_is_the_version_and_the_oldest_the_first_release() -> None:
    tracking = to_csaf(ADVISORY)["document"]["tracking"]
    assert tracking["version"] == "1.7.0"
    assert tracking["initial_release_date"] == "2026-03-02T00:00:00Z"
    assert tracking["current_release_date"] == "2026-03-09T00:00:00Z"
    assert [revision["number"] for revision in tracking["revision_history"]] == ["1.0.0", "1.7.0"]


def test_products_stand_in_one_list_without_vendors_or_status() -> None:
    document = to_csaf(ADVISORY)
    assert document["product_tree"] == {
        "full_product_names": [
            {"name": "ESME:FF01/00010100", "product_id": "combination-1"},
            {"name": "CHF:FF02/00020001", "product_id": "combination-2"},
        ]
    }
    assert set(document) == {"document", "product_tree"}


def test_a_product_that_is_named_twice_is_listed_once() -> None:
    twice = replace(ADVISORY, products=ADVISORY.products[:1] * 2)
    assert len(to_csaf(twice)["product_tree"]["full_product_names"]) == 1


def test_without_products_there_is_no_product_tree() -> None:
    assert set(to_csaf(replace(ADVISORY, products=()))) == {"document"}


@pytest.mark.parametrize(("contact", "keys"), [("", 0), ("register@one.example.invalid", 1)])
def test_contact_details_are_there_only_where_they_are_known(contact: str, keys: int) -> None:
    known = replace(ADVISORY, publisher=replace(ADVISORY.publisher, contact=contact))
    assert ("contact_details" in to_csaf(known)["document"]["publisher"]) == bool(keys)


@pytest.mark.parametrize(
    ("identifier", "name"),
    [("DR-7K3Q-X4MB", "dr-7k3q-x4mb.json"), ("A b/../c", "a_b_c.json"), ("A+1", "a+1.json")],
)
def test_a_file_is_named_by_the_id_as_csaf_names_it(identifier: str, name: str) -> None:
    assert advisory_name(identifier) == name
