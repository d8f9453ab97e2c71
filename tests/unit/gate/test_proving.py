from __future__ import annotations

from defectreg.gate.proving import proofs, prove
from defectreg.register.checking import check_case
from tests.examples.loading import ACCEPT, FOLDER, RECORD, REPORT, base, example, grounds_of

GROUNDS = grounds_of(base())[0]


def proven(files: dict[str, bytes]) -> list[tuple[str, int, str]]:
    case = {path: data for path, data in files.items() if path.startswith("records/")}
    statements = check_case(RECORD, case, GROUNDS).statements
    return [
        (finding.file, finding.line, finding.code)
        for finding in prove(proofs(statements, case, FOLDER), GROUNDS)
    ]


def test_good_signatures_leave_nothing_to_say() -> None:
    assert proven(dict(base())) == []


def test_one_byte_more_and_a_signature_no_longer_holds() -> None:
    source = base()[ACCEPT].replace(b"date: 2026-03-04", b"date: 2026-03-04 ")
    line = source[: source.index(b"signature:")].count(b"\n") + 1
    assert proven({**base(), ACCEPT: source}) == [(ACCEPT, line, "R096")]


def test_a_comment_above_the_signature_is_covered_by_it() -> None:
    assert proven({**base(), REPORT: b"# seen\n" + base()[REPORT]})[0][2] == "R096"


def test_what_is_not_signed_is_not_asked_about() -> None:
    assert proven(example("R090", "fail")) == []


def test_what_is_signed_for_another_register_is_left_to_its_rule() -> None:
    assert proven(example("R092", "fail")) == []
