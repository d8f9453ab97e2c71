"""Combinations: the notation's corpus, the canonical text, and what covers what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from defectreg.register.devices import (
    Coverage,
    Device,
    NotationError,
    covers,
    overlaps,
    parse_combination,
    parse_firmware,
)

CORPUS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "spec" / "dmc" / "corpus.json").read_text("utf-8")
)
ACCEPTED = [case for case in CORPUS if "canonical" in case]
REFUSED = [case for case in CORPUS if "error" in case]
MATCHES = [
    (case["text"], match["installed"], match["expect"])
    for case in ACCEPTED
    for match in case.get("matches", ())
]


def _short(value: object) -> str:
    return str(value)[:60]


def test_the_corpus_is_large_and_every_case_says_what_to_expect() -> None:
    assert len(ACCEPTED) + len(REFUSED) == len(CORPUS) >= 80
    assert len(MATCHES) >= 80
    assert {expect for _, _, expect in MATCHES} == {"no", "possibly", "yes"}


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: _short(case["text"]))
def test_an_accepted_text_has_its_canonical_form(case: dict[str, Any]) -> None:
    combination = parse_combination(case["text"], strict=case.get("strict", False))
    assert str(combination) == case["canonical"]
    assert parse_combination(case["canonical"]) == combination


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["error"]["because"])
def test_a_refused_text_names_its_column_with_sentence_and_hint(case: dict[str, Any]) -> None:
    with pytest.raises(NotationError) as refusal:
        parse_combination(case["text"], strict=case.get("strict", False))
    assert refusal.value.column == case["error"]["column"]
    assert refusal.value.sentence
    assert refusal.value.hint
    assert refusal.value.sentence.isprintable()


@pytest.mark.parametrize(
    "case", [case for case in REFUSED if "strict" in case], ids=lambda case: _short(case["text"])
)
def test_what_only_strict_refuses_is_accepted_leniently(case: dict[str, Any]) -> None:
    assert parse_combination(case["text"]).devices


@pytest.mark.parametrize(("entry", "installed", "expect"), MATCHES, ids=_short)
def test_an_entry_covers_a_combination_as_the_corpus_says(
    entry: str, installed: str, expect: str
) -> None:
    assert str(covers(parse_combination(entry), parse_combination(installed))) == expect


def test_a_sentence_quotes_no_more_than_the_beginning_of_a_long_word() -> None:
    with pytest.raises(NotationError) as refusal:
        parse_combination("X" * 1500 + ":a/b")
    assert len(refusal.value.sentence) < 100


def test_a_text_that_would_be_too_long_canonically_is_refused() -> None:
    longest = "+".join(["CAD:" + "m" * 30 + "/" + "%20" * 29] * 16)
    assert len(str(parse_combination(longest))) <= 2000
    longer = longest.replace("/", "/x")
    assert len(longer) <= 2000
    with pytest.raises(NotationError, match="written canonically it has more than 2000"):
        parse_combination(longer)


def test_models_and_manufacturers_are_listed_once_in_upper_case() -> None:
    combination = parse_combination("ESME:ff01/00010100@1 + ESME:FF01/00010100 + CAD:Acme%20A/b")
    assert combination.models() == ("CAD:ACME%20A/B", "ESME:FF01/00010100")
    assert combination.manufacturers() == ("ACME A", "FF01")


def test_a_hub_is_looked_up_under_both_its_halves() -> None:
    halves = ("CHF:FF02/00020001", "GPF:FF02/00020001")
    assert parse_combination("GPF:FF02/00020001").lookup_models() == halves
    assert parse_combination("CHF:FF02/00020001").lookup_models() == halves
    assert parse_combination("CHF:FF02/00020001").models() == halves[:1]


def test_the_other_half_of_a_hub_carries_its_firmware() -> None:
    whole = parse_combination("GPF:FF02/00020001@00020002 in North").with_whole_hub()
    assert str(whole) == "CHF:FF02/00020001@00020002 + GPF:FF02/00020001@00020002 in North"
    assert whole.with_whole_hub() == whole


def test_firmware_and_regions_can_be_left_out() -> None:
    combination = parse_combination("CHF:FF02/00020001@0002* + ESME:FF01/00010100@0001* in North")
    assert str(combination.without_firmware()) == "CHF:FF02/00020001 + ESME:FF01/00010100 in North"
    assert not combination.without_regions().regions
    assert combination.without_regions().devices == combination.devices


def test_a_device_without_firmware_stands_for_every_version() -> None:
    assert "00030005" in Device("ESME", "FF01", "00010100").firmware
    assert "00030005" not in Device("ESME", "FF01", "00010100", parse_firmware("0001*")).firmware


def test_identifiers_of_gbcs_form_are_kept_in_upper_case_and_others_as_typed() -> None:
    assert Device("ESME", "ff0a", "0001abcd") == Device("ESME", "FF0A", "0001ABCD")
    assert str(Device("CAD", "ff0", "Window 2")) == "CAD:ff0/Window%202"


def test_the_best_assignment_counts_and_not_the_first() -> None:
    entry = parse_combination("ESME:FF01/00010100@0001* + ESME:FF01/00010100@00010203")
    installed = parse_combination("ESME:FF01/00010100@00010203 + ESME:FF01/00010100@00010001")
    assert covers(entry, installed) is Coverage.YES


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ESME:FF01/00010100@0001*", "ESME:FF01/00010100@00010203", True),
        ("ESME:FF01/00010100@0001*", "ESME:FF01/00010100@0002*", False),
        ("ESME:FF01/00010100", "ESME:FF01/00010101", False),
        ("ESME:FF01/00010100", "CHF:FF02/00020001 + ESME:FF01/00010100", True),
        ("GSME:FF04/00040001 + CHF:FF02/1", "CHF:FF02/1 + ESME:FF01/00010100", False),
        ("GPF:FF02/00020001", "CHF:FF02/00020001", True),
        ("ESME:FF01/00010100 in North", "ESME:FF01/00010100 in South", False),
        ("ESME:FF01/00010100 in North", "ESME:FF01/00010100 in South,North", True),
        ("ESME:FF01/00010100 in North", "ESME:FF01/00010100 in Unknown", True),
        ("ESME:FF01/00010100 in North", "ESME:FF01/00010100", True),
    ],
)
def test_two_entries_overlap_when_one_combination_may_be_in_both(
    one: str, other: str, expected: bool
) -> None:
    first, second = parse_combination(one), parse_combination(other)
    assert overlaps(first, second) is expected
    assert overlaps(second, first) is expected
