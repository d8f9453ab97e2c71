"""What programs read: JSON and CSV that hold the same as the pages."""

from __future__ import annotations

import datetime
import json
from itertools import chain
from typing import Any

import pytest

from defectreg.formats.columns import from_csv
from defectreg.publication.machine import everything_index, shard_width
from defectreg.register.public import DISCLAIMER, PublicField, PublicRecord, PublicWithdrawal
from tests.unit.publication.editions import (
    FIELDS,
    ID,
    OTHER,
    TEMPLATES,
    entry,
    published,
    register,
    said,
    site_of,
    tombstone,
)

BULK = {"search_level": "model"}
HOSTILE = "</script><script>alert(1)</script> & \u2028"


def made(*records: PublicRecord, **changes: Any) -> dict[str, str]:
    """The files of all entries, as text by path."""
    site = site_of(register(*records, **changes), TEMPLATES)
    shards = [unit for unit in site.units() if unit.name.startswith("all/")]
    files = [*everything_index(site.register, site.pages), *chain(*map(site.make, shards))]
    return {path: data.decode() for path, data in files}


def many(number: int) -> list[PublicRecord]:
    """Entries of which the last alone begins in another way."""
    return [entry(id=f"DR-0{each:03d}-2222") for each in range(number - 1)] + [entry()]


def _json(files: dict[str, str], path: str) -> Any:
    return json.loads(files[path])


def _rows(files: dict[str, str]) -> list[dict[str, str]]:
    names, *rows = from_csv(files["all/all.csv"])
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_the_json_of_an_entry_says_version_disclaimer_audience_and_day() -> None:
    document = _json(published(entry()), f"records/{ID}.json")
    assert document["schema_version"] == 1
    assert document["meta"] == {
        "disclaimer": DISCLAIMER,
        "register": "Register of issues",
        "demonstration": False,
        "audience": "green",
        "as_of": "2026-03-09",
    }


def test_the_json_of_an_entry_is_the_same_after_a_commit_that_does_not_touch_it() -> None:
    path = f"records/{ID}.json"
    assert published(entry(), commit="d" * 40)[path] == published(entry())[path]


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
    assert not made(entry(), policy={"search_level": level})


def test_a_small_register_is_in_one_file_of_each_form() -> None:
    files = made(entry(), tombstone(), policy=BULK)
    assert sorted(files) == ["all/all.csv", "all/all.json", "all/index.html", "all/index.json"]
    documents = _json(files, "all/all.json")["records"]
    assert [record["id"] for record in documents] == [OTHER, ID]
    assert documents[1] == _json(published(entry()), f"records/{ID}.json")["record"]
    assert [row["id"] for row in _rows(files)] == [OTHER, ID]


def test_a_large_register_is_in_files_by_how_ids_begin() -> None:
    files = made(*many(501), policy=BULK)
    listed = _json(files, "all/index.json")["shards"]
    assert [each["shard"] for each in listed] == ["0", "7"]
    found = {each["shard"]: _json(files, f"all/{each['json']}")["records"] for each in listed}
    assert {shard: len(records) for shard, records in found.items()} == {"0": 500, "7": 1}
    assert all(record["id"][3] == shard for shard in found for record in found[shard])
    assert {len(list(from_csv(files[f"all/{each['csv']}"]))) for each in listed} == {501, 2}


def test_one_changed_entry_of_a_large_register_changes_one_shard_of_each_form() -> None:
    first, *rest = many(501)
    changed = entry(id=first.id, values={"title": "Another title", "id": first.id})
    before, after = (made(each, *rest, policy=BULK) for each in (first, changed))
    assert [path for path in before if before[path] != after[path]] == ["all/0.json", "all/0.csv"]


@pytest.mark.parametrize(
    ("number", "width"), [(0, 0), (500, 0), (501, 1), (16_000, 1), (16_001, 2), (10**6, 2)]
)
def test_shards_stay_of_a_size_that_can_be_taken(number: int, width: int) -> None:
    assert shard_width(number) == width


def test_the_index_of_everything_names_the_commit() -> None:
    files = made(policy=BULK)
    assert _json(files, "all/index.json")["commit"] == "c" * 40
    assert _json(files, "all/index.json")["shards"] == [
        {"shard": "all", "json": "all.json", "csv": "all.csv"}
    ]


@pytest.mark.parametrize("text", ["=1+1", "00020120", "'quoted", "a | b", "two\nlines", "+44", "é"])
def test_a_cell_is_read_back_as_it_was_written(text: str) -> None:
    (row,) = _rows(made(entry(values={"behaviour": text}), policy=BULK))
    assert row["behaviour"] == text


def test_a_row_of_the_table_holds_the_fields_and_the_disclaimer() -> None:
    fixes = (said("fix", device="ESME", firmware="00030005"), said("fix", "f", is_superseded=True))
    (row,) = _rows(made(entry(*fixes, marks=("fixed", "fix")), policy=BULK))
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


@pytest.mark.parametrize(
    ("words", "code"), [("Possible defect", "possible-defect"), ("Defect", "defect")]
)
def test_a_defect_is_a_possible_one_for_programs_too_until_it_is_confirmed(
    words: str, code: str
) -> None:
    record = entry(kind="defect", kind_words=words, values={"kind": "defect"})
    fields = (*FIELDS, PublicField(("kind",), "Kind", "kind", None, True))
    (row,) = _rows(made(record, policy=BULK, fields=fields))
    assert (row["kind"], row["kind-words"]) == (code, words)
    of_one = _json(published(record, fields=fields), f"records/{ID}.json")["record"]
    of_all = _json(made(record, policy=BULK, fields=fields), "all/all.json")["records"][0]
    assert [each["says"]["kind"] for each in (of_one, of_all)] == [code, code]
    assert [each["kind_words"] for each in (of_one, of_all)] == [words, words]


def test_the_row_of_a_tombstone_says_nothing_of_the_claim() -> None:
    row, _ = _rows(made(entry(), tombstone(), policy=BULK))
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
    (row,) = _rows(made(policy=BULK))
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
