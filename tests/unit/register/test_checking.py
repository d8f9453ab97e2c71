from __future__ import annotations

import pytest

from defectreg.register.checking import check_case, check_party, read_record, read_statement
from tests.examples.loading import ACCEPT, RECORD, REPORT, base, grounds_of

GROUNDS = grounds_of(base())[0]
CASE = {path: base()[path] for path in (RECORD, REPORT, ACCEPT)}


def changed(path: str, old: str, new: str) -> dict[str, bytes]:
    """The case with a text replaced in one of its files."""
    text = CASE[path].decode()
    assert old in text
    return {**CASE, path: text.replace(old, new).encode()}


def test_a_good_case_gives_its_record_and_statements() -> None:
    checked = check_case(RECORD, CASE, GROUNDS)
    assert checked.findings == ()
    assert checked.record is not None
    assert checked.record.id == "DR-7K3Q-X4MB"
    assert [statement.kind for statement in checked.statements] == ["report", "sign-off"]


def test_a_record_is_judged_though_a_statement_cannot_be_read() -> None:
    files = {**changed(RECORD, "the meter sends", "the faulty meter sends"), REPORT: b"\xff\n"}
    checked = check_case(RECORD, files, GROUNDS)
    assert {"Y003", "R040"} <= {finding.code for finding in checked.findings}
    assert checked.record is not None
    assert [statement.kind for statement in checked.statements] == ["sign-off"]


def test_every_finding_of_a_file_is_told_and_not_the_first_only() -> None:
    files = changed(RECORD, "kind: unusual-behaviour\n", "kind: bug\nhow: often\n")
    findings = check_case(RECORD, files, GROUNDS).findings
    assert [(finding.line, finding.code) for finding in findings] == [(3, "S004"), (4, "S001")]


def test_findings_come_in_the_order_of_files_and_lines() -> None:
    files = {**changed(RECORD, "8F1E\nc", "0001\nsince: 2026-09-01\nc"), REPORT: b""}
    findings = check_case(RECORD, files, GROUNDS).findings
    assert list(findings) == sorted(findings)
    assert len({finding.file for finding in findings}) == 2


def test_statements_of_an_unreadable_record_are_read_all_the_same() -> None:
    checked = check_case(RECORD, {**CASE, RECORD: b"id: [\n"}, GROUNDS)
    assert checked.record is None
    assert len(checked.statements) == 2
    assert {finding.file for finding in checked.findings} == {RECORD}


def test_a_record_is_known_by_the_sha256_of_its_bytes() -> None:
    read, findings = read_record(RECORD, CASE[RECORD], GROUNDS)
    assert read is not None
    assert findings == []
    accept, _ = read_statement(ACCEPT, CASE[ACCEPT], GROUNDS)
    assert accept is not None
    assert accept.value.read[0].sha256 == read.value.sha256


@pytest.mark.parametrize(
    "path",
    [
        REPORT.replace("/7K/", "/7k/"),
        REPORT.replace(".yaml", ".yml"),
        "records/" + REPORT.rpartition("/")[2],
    ],
)
def test_a_statement_that_stands_elsewhere_is_none(path: str) -> None:
    read, findings = read_statement(path, CASE[REPORT], GROUNDS)
    assert read is None
    assert [finding.code for finding in findings] == ["R003"]


PARTY = "policy/parties/supplier-one.yaml"


def test_a_good_party_has_nothing_that_may_not_be_stored() -> None:
    assert list(check_party(PARTY, base()[PARTY], GROUNDS)) == []


def test_a_party_is_not_named_after_a_person() -> None:
    source = base()[PARTY].replace(b"Supplier One", b"Mr John Example")
    (finding,) = check_party(PARTY, source, GROUNDS)
    assert (finding.code, finding.line) == ("R111", 1)


def test_a_role_mailbox_may_stand_in_a_partys_file() -> None:
    source = base()[PARTY] + b"mailbox: meters@supplier-one.example\n"
    assert list(check_party(PARTY, source, GROUNDS)) == []
