"""What the index narrows a combination down to leaves out nothing that applies to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.register.devices import (
    Combination,
    Coverage,
    Device,
    FirmwareSet,
    covers,
    parse_combination,
)
from defectreg.register.firmware import (
    ExactFirmware,
    FirmwarePattern,
    FirmwarePrefix,
    FirmwareRange,
)
from defectreg.store.index import tables
from defectreg.store.index.entries import Entry, models_of
from defectreg.store.index.matching import Matching

LAW = settings(max_examples=80, deadline=None)
DIGITS = st.sampled_from("0019aF")
ODD = st.sampled_from("0aAfFgzZ. %+é\U0010ffff")
"""Characters that are no hexadecimal digits, that are percent-encoded, and the last one of all."""
VERSION = st.one_of(
    st.text(DIGITS, min_size=8, max_size=8),
    st.text(DIGITS, min_size=1, max_size=8),
    st.text(ODD, min_size=1, max_size=8),
    st.text(st.sampled_from("0z\U0010ffff"), min_size=1, max_size=3),
)


def _ranged(one: str, other: str) -> FirmwareRange:
    first, last = sorted((one, other), key=lambda digits: int(digits, 16))
    return FirmwareRange(first, last)


ENDS = st.text(DIGITS, min_size=1, max_size=8)
PATTERN: st.SearchStrategy[FirmwarePattern] = st.one_of(
    VERSION.map(ExactFirmware),
    st.builds(lambda text, most: FirmwarePrefix(text[:most]), VERSION, st.sampled_from([1, 2, 7])),
    st.builds(_ranged, ENDS, ENDS),
)
FIRMWARE = st.lists(PATTERN, max_size=3).map(tuple).map(FirmwareSet)
DEVICE = st.builds(
    Device,
    st.sampled_from(["CHF", "GPF", "ESME"]),
    st.sampled_from(["FF01", "ff01"]),
    st.sampled_from(["00000001", "m 1", "M 1"]),
    FIRMWARE,
)
COMBINATION = st.builds(
    Combination,
    st.lists(DEVICE, min_size=1, max_size=3).map(tuple),
    st.lists(st.sampled_from(["North", "South", "Unknown"]), max_size=2).map(tuple),
)
RECORDS = st.lists(st.lists(COMBINATION, min_size=1, max_size=2), min_size=1, max_size=6)


def _matching(records: Sequence[Sequence[Combination]]) -> Matching:
    connection = sqlite3.connect(":memory:")
    tables.create(connection)
    for number, affected in enumerate(records):
        models = frozenset(models_of(affected))
        entry = Entry(str(number), False, "", "", frozenset(), models)
        tables.put_entry(connection, entry, step=0)
    return Matching(lambda question, *values: connection.execute(question, values).fetchall())


def _coverage(affected: Sequence[Combination], asked: Combination) -> Coverage:
    return max(covers(entry, asked) for entry in affected)


@LAW
@given(RECORDS, st.lists(COMBINATION, min_size=1, max_size=3))
def test_judging_the_candidates_equals_judging_every_record(
    records: list[list[Combination]], questions: list[Combination]
) -> None:
    matching = _matching(records)
    for asked in (*questions, *(part for affected in records for part in affected)):
        judged = {
            str(number): _coverage(affected, asked) for number, affected in enumerate(records)
        }
        applying = {key: answer for key, answer in judged.items() if answer is not Coverage.NO}
        candidates = {key: judged[key] for key in matching.ids(asked)}
        assert applying == {
            key: answer for key, answer in candidates.items() if answer is not Coverage.NO
        }


@settings(max_examples=200, deadline=None)
@given(FIRMWARE, FIRMWARE)
def test_sets_with_a_version_in_common_have_bounds_that_meet(
    one: FirmwareSet, other: FirmwareSet
) -> None:
    meet = any(
        lowest <= end and start <= highest
        for lowest, highest in one.bounds
        for start, end in other.bounds
    )
    assert meet or not one.overlaps(other)


def test_what_is_written_in_other_ways_is_found_by_its_number() -> None:
    texts = ["ESME:FF01/00000001@1A", "ESME:FF01/00000001@0000001*", "ESME:FF01/00000001@10..1F"]
    matching = _matching([[parse_combination(text)] for text in texts])
    assert matching.ids(parse_combination("ESME:FF01/00000001@0000001A")) == ("0", "1", "2")
    assert matching.ids(parse_combination("ESME:FF01/00000001@0000002A")) == ()


def test_a_prefix_is_found_by_whatever_letters_come_after_it() -> None:
    matching = _matching([[parse_combination("ESME:FF01/00000001@0001*")]])
    for version in ("0001", "0001zz", "0001%F4%8F%BF%BF", "00010000..00010001"):
        assert matching.ids(parse_combination(f"ESME:FF01/00000001@{version}")) == ("0",)
