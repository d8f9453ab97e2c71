from __future__ import annotations

import pytest

from defectreg.intake.candidates import nested
from defectreg.intake.forms import record_fields, report_fields
from defectreg.intake.proposals import Refusal
from defectreg.intake.sheets import (
    read_sheet,
    report_sheet,
    sheet,
    with_findings,
    without_findings,
)
from defectreg.register.errors import UsageProblem
from defectreg.register.findings import Finding
from tests.registers import good_record
from tests.unit.intake.grounds_for_tests import schema

RECORD = record_fields(schema("record"))
OWN = report_fields(schema("record"), schema("statement"))
REFUSAL = Refusal(
    (("title", Finding("x", 1, 1, "S006", "error", "title is\nlonger", "shorten it")),),
    ("It is classified amber.",),
)


def form(values: dict[str, object] | None = None, report: dict[str, object] | None = None) -> str:
    filled = nested(values or {})
    return sheet("A new record.", RECORD, filled, schema("record")) + report_sheet(
        OWN, report or {}
    )


def test_a_form_that_nobody_filled_in_says_nothing() -> None:
    assert read_sheet(form().encode()) == ({}, {})


def test_every_field_is_explained_in_a_form() -> None:
    text = " ".join(form().replace("#", " ").split())
    for field in (*RECORD, *OWN):
        assert f"{field.title}: " in text
        assert " ".join(str(field.item["description"]).split()) in text or not field.is_list


def test_what_was_typed_before_stands_in_the_form() -> None:
    values = {key: value for key, value in good_record().items() if key not in ("id", "impact")}
    values |= {"impact.consumers": "high"}
    assert read_sheet(form(values, {"devices": "2-9"}).encode()) == (values, {"devices": "2-9"})


def test_what_is_wrong_stands_at_the_top_and_is_taken_out_again() -> None:
    text = with_findings(form(), REFUSAL)
    assert "#! title: S006: title is longer\n#!    shorten it\n" in text
    assert "#! It is classified amber.\n" in text
    assert without_findings(text) == form()
    assert with_findings(text, REFUSAL) == text


def test_a_report_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(UsageProblem):
        read_sheet(b"report: we see it\n")
