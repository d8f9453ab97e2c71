from __future__ import annotations

import os
import subprocess
import sys

from defectreg.cli.fields import TEXT, option_of, options, packaged_schema
from defectreg.intake.forms import SAID_KINDS, record_fields, report_fields, statement_fields


def test_every_field_of_a_record_is_an_option() -> None:
    wanted = [option_of(field) for field in record_fields(packaged_schema("record"))]
    assert [option.name for option in options() if option.in_record][: len(wanted)] == wanted


def test_every_field_of_every_kind_of_statement_is_an_option_or_the_text() -> None:
    names = {option.name for option in options()}
    for kind in SAID_KINDS:
        for field in statement_fields(packaged_schema("statement"), kind):
            assert field.key == TEXT or option_of(field) in names


def test_no_two_options_have_one_name() -> None:
    names = [option.name for option in options()]
    assert len(set(names)) == len(names)


def test_the_report_of_a_new_issue_can_be_told_from_the_issue() -> None:
    record = {option_of(field) for field in record_fields(packaged_schema("record"))}
    own = report_fields(packaged_schema("record"), packaged_schema("statement"))
    assert record.isdisjoint({option_of(field, own_report=True) for field in own})


def test_lists_are_typed_one_by_one() -> None:
    names = {option.field.key: option.name for option in options() if option.in_record}
    assert names["alerts"] == "--alert"
    assert names["service-requests"] == "--service-request"
    assert names["affected"] == "--affected"
    assert names["impact.dcc-services"] == "--impact-dcc-services"


def test_the_options_of_the_schemas_are_made_without_a_warning() -> None:
    code = (
        "from typer.main import get_command; from defectreg.cli.write import app; "
        "get_command(app).commands['add'].make_context('add', ['--dry-run'])"
    )
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stderr) == (0, "")


def test_the_shell_is_offered_the_values_of_a_field() -> None:
    words = "defectreg add --kind un"
    asked = {"COMP_WORDS": words, "COMP_CWORD": "3", "_DEFECTREG_COMPLETE": "complete_bash"}
    answer = subprocess.run(
        [sys.executable, "-m", "defectreg"],
        env={**os.environ, **asked}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.stdout.split() == ["unusual-behaviour"]
