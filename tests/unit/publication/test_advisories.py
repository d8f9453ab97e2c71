"""Advisories: what an entry says in CSAF, under which label, in which version."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from defectreg.publication.advisories import record_advisory
from defectreg.register.public import DISCLAIMER, PublicEvent, PublicRecord, PublicWithdrawal
from tests.unit.publication.editions import DAY, ID, OTHER, entry, pages, register, said, tombstone

FIRST = datetime.date(2026, 3, 2)


def advisory(record: PublicRecord, **changes: Any) -> dict[str, Any]:
    """The advisory of an entry, by its path's one file."""
    shown = register(record, **changes)
    ((path, data),) = record_advisory(record, shown, pages())
    assert path == f"csaf/{record.id.lower()}.json"
    document: dict[str, Any] = json.loads(data)
    return document


def notes(record: PublicRecord, **changes: Any) -> dict[str, str]:
    found = advisory(record, **changes)["document"]["notes"]
    return {note["title"]: note["text"] for note in found}


def versions(record: PublicRecord) -> list[str]:
    history = advisory(record)["document"]["tracking"]["revision_history"]
    return [revision["number"] for revision in history]


def test_an_advisory_holds_the_disclaimer_as_its_legal_note() -> None:
    first = advisory(entry())["document"]["notes"][0]
    assert (first["category"], first["text"]) == ("legal_disclaimer", DISCLAIMER)


def test_an_advisory_says_what_is_observed_of_what_and_what_is_known() -> None:
    found = notes(entry(said("fix", device="ESME", firmware="00030005")))
    assert found["Observed behaviour"] == "After the update the meter sends no alert."
    assert "Electricity meter" in found["Affected combinations"]
    fix = found["Fix (fix-1) by Large Supplier, 2026-03-09"]
    assert fix == "Device: ESME\nFirmware: 00030005\nThe text of a fix."


def test_a_manufacturers_response_and_a_challenge_are_told_as_such() -> None:
    response = said(
        "response", position="disputed", is_from_manufacturer=True, says="It is not so."
    )
    challenge = said("challenge", about="fix-1", is_superseded=True)
    found = notes(entry(said("fix"), challenge, response))
    shown = found["Response (response-1) by the manufacturer, 2026-03-09"]
    assert shown == "It disputes the entry.\nIt is not so."
    name = "Challenge (challenge-1) of fix-1 by Large Supplier, 2026-03-09"
    assert f"{name}; replaced by its author since" in found


def test_what_ends_it_stands_before_other_statements() -> None:
    titles = list(notes(entry(said("report"), said("cause"), said("fix"))))
    kinds = [title.partition(" ")[0] for title in titles if "(" in title]
    assert kinds == ["Fix", "Cause", "Reported"]


def test_a_defect_is_a_possible_one_until_it_is_confirmed() -> None:
    possible = entry(kind="defect", kind_words="Possible defect", values={"kind": "defect"})
    assert notes(possible)["Kind"] == "Possible defect"
    assert '"defect"' not in json.dumps(advisory(possible)).lower()


def test_an_entry_of_a_demonstration_says_that_it_is_invented() -> None:
    assert "invented" in notes(entry(), is_demonstration=True)["Demonstration"]
    assert "Demonstration" not in notes(entry())


@pytest.mark.parametrize(("audience", "label"), [("green", "GREEN"), ("clear", "WHITE")])
def test_the_label_follows_the_audience(audience: str, label: str) -> None:
    document = advisory(entry(), audience=audience)["document"]
    assert document["distribution"]["tlp"] == {"label": label}


def test_an_advisory_gives_no_product_a_status_or_a_vendor() -> None:
    document = advisory(entry())
    assert "vulnerabilities" not in document
    assert set(document["product_tree"]) == {"full_product_names"}
    names = [product["name"] for product in document["product_tree"]["full_product_names"]]
    assert names == [entry().affected[0].text]


def test_an_advisory_changes_neither_with_the_day_nor_with_the_commit() -> None:
    later = DAY + datetime.timedelta(days=9)
    assert advisory(entry(), day=later, commit="d" * 40) == advisory(entry())


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("register@one.example.invalid", "mailto:register@one.example.invalid"),
        ("https://one.example.invalid/issues", "https://one.example.invalid/issues"),
    ],
)
def test_a_contact_is_what_the_advisory_refers_to(contact: str, address: str) -> None:
    document = advisory(entry(), contact=contact)["document"]
    assert [reference["url"] for reference in document["references"]] == [address]
    assert document["publisher"]["contact_details"] == contact


def test_where_the_address_is_known_the_advisory_and_the_page_are_named_by_it() -> None:
    address = "https://one.example.invalid/register/"
    found = advisory(entry(), policy={"address": address})["document"]["references"]
    own = [reference["url"] for reference in found if reference["category"] == "self"]
    assert own == [f"{address}csaf/{ID.lower()}.json", f"{address}records/{ID}.html"]


def test_without_a_contact_it_refers_to_the_register_by_a_name_that_does_not_change() -> None:
    one, other = (advisory(entry(), title=title)["document"] for title in ("One", "Other"))
    assert one["references"][0]["url"] == one["publisher"]["namespace"]
    assert one["publisher"]["namespace"] == other["publisher"]["namespace"]
    assert one["publisher"]["namespace"].startswith("urn:uuid:")


def test_each_event_is_a_revision_numbered_within_its_day() -> None:
    events = tuple(
        PublicEvent(day, what, "DCC")
        for day, what in [(FIRST, "report"), (DAY, "fix"), (DAY, "confirmation"), (DAY, "notice")]
    )
    assert versions(entry(timeline=events)) == ["1.0.0", "1.0.1", "1.7.0", "1.7.1", "1.7.2"]


def test_the_version_of_a_withdrawn_entry_is_above_what_it_was_on_the_same_day() -> None:
    withdrawn = tombstone(withdrawal=PublicWithdrawal(DAY, "not-a-defect", ""))
    before = versions(entry(timeline=(PublicEvent(DAY, "fix", "DCC"),) * 20))[-1]
    after = versions(withdrawn)[-1]
    assert [*map(int, after.split("."))] > [*map(int, before.split("."))]


def test_the_advisory_of_a_withdrawn_entry_says_that_and_nothing_of_the_claim() -> None:
    gone = tombstone(said("response", position="waiver"))
    found = notes(gone)
    assert found["Withdrawn"] == (
        f"This entry was withdrawn on 9 March 2026. It says the same as another entry. "
        f"The other entry is {ID}. What it said is no longer shown."
    )
    assert sorted(found) == [
        "Disclaimer",
        "Response (response-1) by Large Supplier, 2026-03-09",
        "Withdrawn",
    ]
    assert advisory(gone)["document"]["title"] == "Withdrawn entry"
    assert "product_tree" not in advisory(gone)
    assert gone.id == OTHER


def test_hostile_text_ends_no_script_and_is_read_back() -> None:
    hostile = "</script><script>alert(1)</script> & \u2028"
    record = entry(values={"behaviour": hostile})
    ((_, data),) = record_advisory(record, register(record), pages())
    assert not {"<", ">", "&", "\u2028"} & set(data.decode())
    assert notes(record)["Observed behaviour"] == hostile
