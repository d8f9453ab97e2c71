from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from defectreg.cli.findings import (
    Telling,
    counts_json,
    finding_json,
    finding_lines,
    finding_sentence,
    print_findings,
    summary,
)
from defectreg.cli.options import Form, Written
from defectreg.register.findings import Finding
from defectreg.store.files import FileProblem

ERROR = Finding("records/7K/a.yaml", 3, 7, "S004", "error", "kind is not allowed", "say issue")
WARNING = Finding("records/7K/a.yaml", 9, 1, "R033", "warning", "the alert is not known")
AWAITED = Finding("records/7K/a.yaml", 1, 1, "R013", "awaited", "an accept is awaited")
ALL = (ERROR, WARNING, AWAITED)


def nothing() -> None:
    raise AssertionError("this was to be for programs")


def test_a_finding_has_its_place_code_sentence_and_hint() -> None:
    assert list(finding_lines(ERROR, "  ")) == [
        "  records/7K/a.yaml:3:7: error[S004]: kind is not allowed",
        "    hint: say issue",
    ]
    assert list(finding_lines(WARNING)) == [finding_sentence(WARNING)]


@pytest.mark.parametrize(("place", "begins"), [("title", "title: error["), ("", "error[")])
def test_another_place_stands_for_path_and_line(place: str, begins: str) -> None:
    assert next(finding_lines(ERROR, place=place)).startswith(begins)
    assert finding_sentence(ERROR, place).startswith(begins)


def test_nothing_in_a_finding_steers_a_terminal() -> None:
    hostile = replace(ERROR, file="a\x1b[2J\nb", sentence="c\u202ed\r", hint="e\x07")
    for line in finding_lines(hostile):
        assert line.isprintable()


def test_as_json_a_finding_is_all_that_it_is() -> None:
    assert Finding(**finding_json(ERROR)) == ERROR
    assert counts_json(ALL) == {"error": 1, "awaited": 1, "warning": 1}


def test_quiet_leaves_out_warnings_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings(ALL, quiet=True)
    printed = capsys.readouterr().out
    assert "warning[" not in printed
    assert "error[" in printed
    assert "awaited[" in printed


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        ((), "Clean."),
        ((WARNING, WARNING), "Found 2 warnings in 3 records."),
        ((ERROR, WARNING), "Found 1 error, 1 warning in 3 records."),
        ((AWAITED,), "Clean. Awaited: 1 thing."),
        ((ERROR, AWAITED, AWAITED), "Found 1 error in 3 records. Awaited: 2 things."),
    ],
)
def test_the_summary_counts_what_is_wrong_apart_from_what_is_awaited(
    findings: tuple[Finding, ...], said: str
) -> None:
    assert summary(findings, "3 records", "Clean.") == said


def test_text_is_left_to_whoever_asks(capsys: pytest.CaptureFixture[str]) -> None:
    Telling.asked(Form.text, None).tell(ALL, {}, lambda: print("for people"))
    assert capsys.readouterr().out == "for people\n"


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.text])
def test_every_form_is_printed_and_written_alike(
    form: Form, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new folder" / "report"
    Telling(form, (Written(form, file),)).tell(ALL, {"findings": 3}, nothing)
    printed = capsys.readouterr().out
    assert printed == file.read_text("utf-8")
    assert printed.endswith("\n")


def test_json_comes_before_the_form(capsys: pytest.CaptureFixture[str]) -> None:
    Telling.asked(Form.sarif, None, as_json=True).tell(ALL, {"findings": 3}, nothing)
    assert json.loads(capsys.readouterr().out) == {"findings": 3}


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text("utf-8")))
    reader.start()
    Telling(Form.text, (Written(Form.codequality, pipe),)).tell(ALL, {}, lambda: None)
    reader.join()
    assert pipe.is_fifo()
    assert len(json.loads(read[0])) == 3


def test_a_report_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    telling = Telling(Form.text, (Written(Form.junit, tmp_path / "file" / "report"),))
    with pytest.raises(FileProblem, match="cannot be written"):
        telling.tell(ALL, {}, nothing)
