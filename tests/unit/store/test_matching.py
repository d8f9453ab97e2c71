"""A combination is narrowed down by models and bounds of firmware, without looking at the rest."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from defectreg.register.devices import Coverage, covers, parse_combination
from defectreg.store.index import Query, likening, matching, open_index, tables
from defectreg.store.index.entries import Entry, models_of
from defectreg.store.index.matching import Matching
from tests.registers import TestRegister, good_record, make_register, sign_off

METER = "ESME:FF01/00010100"
ENTRIES = {
    "DR-AAAA-0001": f"{METER}@0001*",
    "DR-AAAA-0002": f"{METER}@00030000..00030004,00050000",
    "DR-AAAA-0003": METER,
    "DR-AAAA-0004": f"CHF:FF02/00020001@00020000 + {METER}@0001* in North",
    "DR-AAAA-0005": "GPF:FF02/00020001@00020000..0002FFFF",
    "DR-AAAA-0006": "GSME:FF04/00040001@0001*",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    records = [good_record(id=key, affected=[text]) for key, text in ENTRIES.items()]
    return make_register(tmp_path_factory.mktemp("matching") / "r", records, signs=False)


def numbers_of(found: tuple[str, ...]) -> str:
    return "".join(record_id[-1] for record_id in found)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (f"{METER}@00010203", "13"),
        (f"{METER}@00030002", "23"),
        (f"{METER}@00030005", "3"),
        (f"{METER}@00050000", "23"),
        (METER, "123"),
        (f"CHF:FF02/00020001@00020000 + {METER}@00010203", "1345"),
        (f"CHF:FF02/00020001@00030000 + {METER}@00010203", "13"),
        (f"GPF:FF02/00020001 + {METER}@00090000", "35"),
        ("GSME:FF04/00040001", "6"),
        ("GSME:FF09/00040001", ""),
    ],
)
def test_only_entries_whose_bounds_can_hold_it_are_visited(
    made: TestRegister, typed: str, expected: str
) -> None:
    with open_index(made.register()) as index:
        assert numbers_of(index.candidates(parse_combination(typed))) == expected


def test_of_many_combinations_each_has_the_candidates_that_it_has_alone(
    made: TestRegister,
) -> None:
    asked = [parse_combination(text) for text in (*ENTRIES.values(), METER, METER)]
    alone = []
    for one in asked:
        with open_index(made.register()) as index:
            alone.append(index.candidates(one))
    with open_index(made.register()) as index:
        assert [index.candidates(one) for one in asked] == alone
    assert numbers_of(alone[0]) == "13"


def test_what_the_region_rules_out_is_left_to_the_judge(made: TestRegister) -> None:
    asked = parse_combination(f"CHF:FF02/00020001@00020000 + {METER}@00010203 in South")
    entry = parse_combination(ENTRIES["DR-AAAA-0004"])
    assert covers(entry, asked) is Coverage.NO
    with open_index(made.register()) as index:
        assert numbers_of(index.candidates(asked)) == "1345"
        found = index.search(Query(combinations=(asked,)), 9, made.today)
    assert sorted(hit.record_id[-1] for hit in found.hits) == ["1", "3", "5"]


def test_a_withdrawn_record_is_no_candidate(tmp_path: Path) -> None:
    made = make_register(tmp_path / "r", [good_record(affected=[METER])], signs=False)
    with open_index(made.register()) as index:
        assert index.candidates(parse_combination(METER))
    made.say(str(good_record()["id"]), sign_off("withdraw", code="not-a-defect"))
    with open_index(made.register()) as index:
        assert index.candidates(parse_combination(METER)) == ()


def test_a_file_damaged_meanwhile_does_not_change_the_candidates(made: TestRegister) -> None:
    asked = parse_combination(f"{METER}@00010203")
    with open_index(made.register()) as index:
        before = index.candidates(asked)
        index._connection.close()
        index._connect(sqlite3.connect(":memory:"))  # no table is there any more
        assert index.candidates(asked) == before


@pytest.fixture
def connection() -> sqlite3.Connection:
    opened = sqlite3.connect(":memory:")
    tables.create(opened)
    for number in range(50):
        filed = models_of([parse_combination(f"ESME:FF01/{number:08X}@0001*")])
        entry = Entry(f"DR-AAAA-{number:04d}", False, "", "", frozenset(), frozenset(filed))
        tables.put_entry(opened, entry, 0)
    return opened


@pytest.mark.parametrize(
    ("question", "values", "table"),
    [
        (matching.MEETING, ("ESME:FF01/00000001", "00010000", "00010000"), "models"),
        (matching.NAMES, ("[1, 2]",), "entries"),
        (likening.OF_PRODUCT, ("ESME:FF01/00000001", 9), "models"),
        (tables.RECORDS_AT, ("[]",), "files"),
    ],
)
def test_no_table_is_scanned(
    connection: sqlite3.Connection, question: str, values: tuple[object, ...], table: str
) -> None:
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {question}", values)]
    assert any(step.startswith(f"SEARCH {table} ") for step in plan)
    assert not any(step.startswith("SCAN") and "json_each" not in step for step in plan)


def test_bounds_are_searched_by_product_and_lowest_version(connection: sqlite3.Connection) -> None:
    values = ("ESME:FF01/00000001", "00010000", "00010000")
    (plan,) = connection.execute(f"EXPLAIN QUERY PLAN {matching.MEETING}", values)
    assert "(product=? AND lowest<?)" in plan[3]


def test_what_devices_share_is_asked_once(connection: sqlite3.Connection) -> None:
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    narrowing = Matching(lambda question, *values: connection.execute(question, values).fetchall())
    for _ in range(3):
        assert narrowing.ids(parse_combination("ESME:FF01/00000001@00010000")) == ("DR-AAAA-0001",)
    assert len([one for one in asked if "models" in one]) == 1
