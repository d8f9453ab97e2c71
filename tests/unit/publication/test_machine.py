"""What programs read: JSON and CSV that hold the same as the pages."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from defectreg.formats.columns import from_csv
from defectreg.register.public import DISCLAIMER, PublicWithdrawal
from tests.unit.publication.editions import ID, OTHER, entry, published, said, tombstone

BULK = {"search_level": "model"}
HOSTILE = "</script><script>alert(1)</script> & \u2028"


def _json(files: dict[str, str], path: str) -> Any:
    return json.loads(files[path])


def _rows(files: dict[str, str]) -> list[dict[str, str]]:
    names, *rows = from_csv(files["all.csv"])
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_the_json_of_an_entry_says_version_disclaimer_audience_day_and_commit() -> None:
    document = _json(published(entry()), f"records/{ID}.json")
    assert document["schema_version"] == 1
    assert document["meta"] == {
        "disclaimer": DISCLAIMER,
        "register": "Register of issues",
        "demonstration": False,
        "audience": "green",
        "as_of": "2026-03-09",
        "commit": "c" * 40,
    }


def test_the_json_of_an_entry_holds_its_fields_with_defaults_and_its_statements() -> None:
    record = _json(published(entry(said("fix", device="ESME"))), f"records/{ID}.json")["record"]
    assert record["says"]["certainty"] == "reported"
    assert record["says"]["impact"] == {"consumers": "high"}
    assert record["says"]["evidence"] == {"devices": "2-9", "laboratory": False}
    assert record["affected"][0]["devices"][0]["model"] == "00010100"
    assert record["statements"][0]["says"] == {"device": "ESME", "says": "The text of a fix."}


def test_json_has_no_character_that_could_end_a_script() -> None:
    text = published(entry(said("fix", says=HOSTILE)))[f"records/{ID}.json"]
    assert not {"<", ">", "&", "\u2028"} & set(text)
    assert json.loads(text)["record"]["statements"][0]["says"]["says"] == HOSTILE


def test_the_json_of_a_tombstone_holds_dates_and_reason_and_the_response_alone() -> None:
    files = published(entry(), tombstone(said("response")))
    assert _json(files, f"records/{OTHER}.json")["record"] == {
        "id": OTHER,
        "stage": "withdrawn",
        "kind_words": "Withdrawn entry",
        "first_day": "2026-03-02",
        "last_day": "2026-03-09",
        "marks": ["duplicate"],
        "statements": [
            {
                "key": "response-1",
                "kind": "response",
                "whose": "Large Supplier",
                "devices": [],
                "day": "2026-03-09",
                "about": None,
                "superseded": False,
                "from_manufacturer": False,
                "says": {"says": "The text of a response."},
            }
        ],
        "withdrawn": {"day": "2026-03-09", "code": "duplicate-of", "other": ID},
    }


@pytest.mark.parametrize("level", ["dmc", "dmc-firmware"])
def test_below_the_search_level_model_there_is_no_file_of_everything(level: str) -> None:
    files = published(entry(), policy={"search_level": level})
    assert not {"all.json", "all.csv"} & set(files)
    assert "all.json" not in files["index.html"] + files["about.html"]


def test_at_the_search_level_model_everything_is_in_one_file_of_each_form() -> None:
    files = published(entry(), tombstone(), policy=BULK)
    documents = _json(files, "all.json")["records"]
    assert [record["id"] for record in documents] == [OTHER, ID]
    assert documents[1] == _json(files, f"records/{ID}.json")["record"]
    assert [row["id"] for row in _rows(files)] == [OTHER, ID]


def test_a_row_of_the_table_holds_the_fields_and_the_disclaimer() -> None:
    fixes = (said("fix", device="ESME", firmware="00030005"), said("fix", "f", is_superseded=True))
    (row,) = _rows(published(entry(*fixes, marks=("fixed", "fix")), policy=BULK))
    assert row == {
        "id": ID,
        "title": "Meter stops sending billing alerts",
        "affected": "ESME:FF01/00010100@0001*,00030000..00030004",
        "behaviour": "After the update the meter sends no alert.",
        "alerts": "8F1E",
        "certainty": "reported",
        "impact-consumers": "high",
        "evidence-devices": "2-9",
        "laboratory": "false",
        "stage": "published",
        "kind-words": "Unusual behaviour",
        "first-day": "2026-03-02",
        "last-day": "2026-03-09",
        "marks": "fixed | fix",
        "fix": "ESME 00030005",
        "withdrawn-code": "",
        "other": "",
        "disclaimer": DISCLAIMER,
    }


def test_the_row_of_a_tombstone_says_nothing_of_the_claim() -> None:
    row, _ = _rows(published(entry(), tombstone(), policy=BULK))
    said_there = {name: cell for name, cell in row.items() if cell}
    assert said_there == {
        "id": OTHER,
        "stage": "withdrawn",
        "kind-words": "Withdrawn entry",
        "first-day": "2026-03-02",
        "last-day": "2026-03-09",
        "marks": "duplicate",
        "withdrawn-code": "duplicate-of",
        "other": ID,
        "disclaimer": DISCLAIMER,
    }


def test_a_table_without_entries_still_bears_the_disclaimer() -> None:
    (row,) = _rows(published(policy=BULK))
    assert {name: cell for name, cell in row.items() if cell} == {"disclaimer": DISCLAIMER}


@pytest.mark.parametrize(
    ("audience", "indexing", "invited"),
    [
        ("clear", "allow", True),
        ("clear", "refuse", False),
        ("green", "allow", False),
        ("green", "refuse", False),
    ],
)
def test_search_engines_are_invited_only_for_the_world_and_by_policy(
    audience: str, indexing: str, invited: bool
) -> None:
    files = published(entry(), audience=audience, policy={"indexing": indexing})
    assert ("\nAllow: /\n" in files["robots.txt"]) is invited
    pages = [text for path, text in files.items() if path.endswith(".html")]
    assert {'<meta name="robots" content="noindex, nofollow">' in text for text in pages} == {
        not invited
    }


def test_a_withdrawal_that_names_no_other_entry_says_so_in_json() -> None:
    gone = tombstone(withdrawal=PublicWithdrawal(datetime.date(2026, 3, 9), "not-a-defect", ""))
    record = _json(published(gone), f"records/{OTHER}.json")["record"]
    assert record["withdrawn"]["other"] is None
