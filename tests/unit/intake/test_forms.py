from __future__ import annotations

from typing import Any

import pytest

from defectreg.intake.forms import (
    SAID_KINDS,
    Field,
    complaint,
    missing,
    normalised,
    record_fields,
    report_fields,
    statement_fields,
    tidy,
)
from defectreg.register.devices import parse_combination
from defectreg.register.notation import NotationError
from tests.unit.intake.grounds_for_tests import grounds, schema


def field(key: str) -> Field:
    return next(found for found in record_fields(schema("record")) if found.key == key)


def test_every_leaf_of_a_record_but_its_id_is_a_field_in_the_order_of_the_schema() -> None:
    keys = [leaf.key for leaf in schema("record").leaves if leaf.key != "id"]
    assert [found.key for found in record_fields(schema("record"))] == keys


def test_what_is_prompted_for_is_what_the_schema_says() -> None:
    prompted = [found.key for found in record_fields(schema("record")) if found.prompt]
    annotated = [leaf.key for leaf in schema("record").leaves if "x-prompt" in leaf.property_schema]
    assert prompted == annotated
    assert {"title", "affected", "behaviour", "impact.consumers"} <= set(prompted)


@pytest.mark.parametrize("kind", SAID_KINDS)
def test_a_statement_has_the_fields_of_its_kind_and_no_envelope(kind: str) -> None:
    keys = {found.key for found in statement_fields(schema("statement"), kind)}
    wanted = {
        key
        for key, about in schema("statement").properties.items()
        if kind in about.get("x-kinds", SAID_KINDS)
    }
    assert keys == wanted - {"of", "kind", "by", "date", "signature"}


def test_the_report_of_a_new_record_asks_nothing_that_the_record_says() -> None:
    keys = [found.key for found in report_fields(schema("record"), schema("statement"))]
    assert {"devices", "region", "since"} <= set(keys)
    assert "says" not in keys
    assert "given-in-confidence" not in keys


def test_required_fields_without_a_value_are_missing() -> None:
    fields = record_fields(schema("record"))
    assert [found.key for found in missing(fields, {"title": "A title", "affected": []})] == [
        "affected",
        "behaviour",
    ]


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("alerts", "0x8f1e", "8F1E"),
        ("alerts", " n13 ", "N13"),
        ("affected", "esme:ff01/00010100", str(parse_combination("ESME:FF01/00010100"))),
        ("kind", "unus", "unusual-behaviour"),
        ("kind", "DEFECT", "defect"),
        ("security", "y", True),
        ("security", "No", False),
        ("title", "  Cafe\u0301 meter  ", "Caf\u00e9 meter"),
    ],
)
def test_a_value_is_written_in_its_one_form(key: str, typed: str, value: Any) -> None:
    assert field(key).parsed(typed) == value


def test_a_beginning_that_several_values_have_stays_as_it_was_typed() -> None:
    assert field("trigger").parsed("in") == "installation"
    assert field("trigger").parsed("un") == "unknown"
    assert field("trigger").parsed("co") == "commissioning"
    assert field("trigger").parsed("c") == "c"


def test_a_wrong_combination_is_refused_with_its_column() -> None:
    with pytest.raises(NotationError) as refused:
        field("affected").parsed("ESME:FF01/00010100 in Nrth")
    assert refused.value.column == 23


def test_a_wrong_value_is_written_as_typed_for_the_check_to_name() -> None:
    assert field("affected").written("no combination") == "no combination"
    assert field("alerts").written("zz") == "zz"


def test_codes_are_separated_by_commas_or_blanks_and_a_combination_is_never_split() -> None:
    assert field("alerts").split("8F1E, N13  81A0,") == ["8F1E", "N13", "81A0"]
    text = "ESME:FF01/00010100@00010000,00020000 in North, South"
    assert field("affected").split(text) == [text]


def test_only_text_without_a_form_is_asked_in_several_lines() -> None:
    long = {found.key for found in record_fields(schema("record")) if found.is_long}
    assert long == {"behaviour", "expected", "circumstances"}


def test_a_value_of_the_schema_has_no_complaint_and_a_wrong_one_has_a_sentence() -> None:
    validator = grounds().validators["record"]
    assert complaint(field("impact.consumers"), "high", validator) == ""
    assert "impact on consumers" in complaint(field("impact.consumers"), "huge", validator)
    assert complaint(field("behaviour"), "Too short", validator) != ""


def test_values_of_a_file_are_written_in_their_form_and_unknown_keys_stay() -> None:
    fields = record_fields(schema("record"))
    values = {"alerts": ["0x8F1E"], "kind": "defect", "colour": "red", "title": ["a", "b"]}
    assert normalised(fields, values) == {**values, "alerts": ["8F1E"]}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one line  ", "one line"),
        ("\r\nfirst \r\nsecond\r\n", "first\nsecond\n"),
        ("first\n\n  second", "first\n\n  second\n"),
        ("", ""),
    ],
)
def test_text_is_kept_without_what_nobody_sees(typed: str, kept: str) -> None:
    assert tidy(typed) == kept
