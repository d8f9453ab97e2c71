"""Rows that tell the same are put together, and each group gets one outcome."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from defectreg.intake.grouping import Standing, grouped
from defectreg.intake.reports import EXISTING, LIKELY_DUPLICATE, NEW, SKIPPED, Group, Reported
from defectreg.register.record import Record, record_path
from defectreg.register.similarity import Likeness, Similar, score
from tests.unit.intake.readings import TOLD, catalogue, fields, found

BILLING = "Alderbrook A1 sends no billing alert at the end of the month, alerts 8F1E"
INVOICE = "alderbrook a1 - no invoicing alarm at end of month - alert 8f1e"
CLOCK = "Alderbrook A1 forgets its clock whenever the power fails, alert 81A0"
DISPLAY = "Elverdale Glance display stays dark after pairing with the gas meter"
RECORD = "DR-7K3Q-X4MB"


def reported(*texts: str) -> list[Reported]:
    """Rows with these texts, from line 2 on."""
    return [
        Reported(line, f"INC{line}", text, TOLD, "", fields(text), found(text))
        for line, text in enumerate(texts, start=2)
    ]


def record(title: str, record_id: str = RECORD, **data: object) -> Record:
    """A record with this title, of the meter that most rows here name."""
    said = {
        "id": record_id,
        "title": title,
        "affected": ["ESME:FF01/00010100"],
        "behaviour": f"{title}.",
    }
    return Record({**said, **data}, record_path(record_id))


def standing(*records: Record) -> Standing:
    """A register with these records, each compared with what is asked."""

    def similar(wanted: Likeness) -> Sequence[Similar]:
        compared = (
            Similar(one.id, one.title, score(wanted, Likeness.of_record(one))) for one in records
        )
        return sorted(compared, key=lambda one: -one.likeness)

    return Standing(similar, {one.id: one for one in records}.get)


def outcome(*texts: str, records: Sequence[Record] = ()) -> list[tuple[list[int], str, str]]:
    """The lines of each group, what becomes of it, and its record."""
    groups = grouped(reported(*texts), standing(*records))
    return [([row.line for row in one.rows], one.outcome, one.record_id) for one in groups]


def alone(*texts: str, records: Sequence[Record] = ()) -> Group:
    [group] = grouped(reported(*texts), standing(*records))
    return group


def test_rows_that_tell_the_same_in_other_words_are_one_group() -> None:
    assert outcome(BILLING, CLOCK, INVOICE) == [([2, 4], NEW, ""), ([3], NEW, "")]


def test_the_same_of_another_meter_is_another_matter() -> None:
    other = BILLING.replace("Alderbrook A1", "Corvane Solo")
    assert outcome(BILLING, other) == [([2], NEW, ""), ([3], NEW, "")]


def test_the_same_meter_with_another_hub_is_the_same_matter() -> None:
    assert outcome(f"{BILLING}, Beckfoot Hub One", f"{BILLING}, Hollinsea Link") == [
        ([2, 3], NEW, "")
    ]


def test_every_row_is_in_one_group_and_groups_stand_in_the_order_of_their_first_rows() -> None:
    texts = (DISPLAY, CLOCK, BILLING, "No Device here", INVOICE, "Alderbrook A1", CLOCK)
    groups = outcome(*texts)
    assert sorted(line for lines, _, _ in groups for line in lines) == list(range(2, 9))
    assert [lines[0] for lines, _, _ in groups] == sorted(lines[0] for lines, _, _ in groups)


def test_a_row_that_names_no_device_is_skipped_and_says_why() -> None:
    group = alone("Something stays dark after pairing", "It forgets the time")
    assert (group.outcome, group.why) == (SKIPPED, "names no Device model")


def test_rows_that_say_too_little_of_one_device_are_one_question() -> None:
    assert outcome("Alderbrook A1 faulty", "Corvane Solo faulty", "Alderbrook A1 not working") == [
        ([2, 4], LIKELY_DUPLICATE, ""),
        ([3], LIKELY_DUPLICATE, ""),
    ]


def test_what_a_record_tells_is_a_report_on_it() -> None:
    told = record("Meter sends no billing alert at the end of the month", alerts=["8F1E"])
    group = alone(BILLING, INVOICE, records=[told])
    assert (group.outcome, group.record_id) == (EXISTING, RECORD)
    assert 0 < group.likeness <= 1


def test_what_only_resembles_a_record_is_left_to_a_person() -> None:
    told = record("Meter sends no alert after the end of a power outage", alerts=["81A0"])
    group = alone(BILLING, INVOICE, records=[told])
    assert (group.outcome, group.record_id) == (LIKELY_DUPLICATE, RECORD)


@pytest.mark.parametrize("affected", ["ESME:FF03/00030010", "CHF:FF02/00020001"])
def test_a_record_of_other_devices_tells_something_else(affected: str) -> None:
    told = record(
        "Meter sends no billing alert at the end of the month", affected=[affected], alerts=["8F1E"]
    )
    assert outcome(BILLING, records=[told]) == [([2], NEW, "")]


def test_of_two_records_that_tell_the_same_a_person_decides() -> None:
    title = "Meter sends no billing alert at the end of the month"
    told = [record(title, alerts=["8F1E"]), record(title, "DR-TWTW-TWTW", alerts=["8F1E"])]
    assert alone(BILLING, records=told).outcome == LIKELY_DUPLICATE


def test_groups_that_are_reports_on_one_record_are_one() -> None:
    title = "Meter forgets its clock whenever power fails and keeps an old tariff after a top up"
    told = record(title)
    clock = "Alderbrook A1 forgets its clock whenever power fails"
    tariff = "Alderbrook A1 keeps an old tariff after a top up"
    assert len(outcome(clock, tariff)) == 2
    assert outcome(clock, tariff, records=[told]) == [([2, 3], EXISTING, RECORD)]


def test_a_record_that_is_gone_meanwhile_is_nobodys() -> None:
    told = record("Meter sends no billing alert at the end of the month")
    gone = Standing(standing(told).similar, lambda record_id: None)
    [group] = grouped(reported(BILLING), gone)
    assert group.outcome == NEW


def test_it_is_told_of_every_row_once() -> None:
    told: list[int] = []
    rows = reported(BILLING, CLOCK, INVOICE, "No Device here")
    grouped(rows, standing(), told.append)
    assert sum(told) == len(rows)


def test_the_order_of_the_rows_changes_no_group() -> None:
    texts = [BILLING, CLOCK, INVOICE, DISPLAY, CLOCK + " again"]
    there = {
        frozenset(row.text for row in one.rows) for one in grouped(reported(*texts), standing())
    }
    back = {
        frozenset(row.text for row in one.rows)
        for one in grouped(reported(*texts[::-1]), standing())
    }
    assert there == back


def test_the_reason_repeats_nothing_of_the_texts() -> None:
    groups = grouped(reported(BILLING, CLOCK, "Alderbrook A1 faulty"), standing())
    words = {word for row in reported(BILLING, CLOCK) for word in row.text.split() if len(word) > 4}
    assert not any(word in group.why for group in groups for word in words)


def test_without_rows_there_is_no_group() -> None:
    assert grouped([], standing()) == []


def test_the_catalogue_of_these_tests_has_the_models_they_name() -> None:
    assert {"ESME:FF01/00010100", "ESME:FF03/00030010", "IHD:FF05/00050101"} <= set(
        catalogue().products
    )
