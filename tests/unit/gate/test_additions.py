from __future__ import annotations

from collections.abc import Mapping

from defectreg.gate.additions import judge_request, judge_requests
from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import dump
from defectreg.store.requests import Request
from tests.registers import ID, good_record, grounds, sha256, sign, sign_off, statement

PATH = record_path(ID)
RECORD = {PATH: dump(good_record()).encode()}


def said(kind: str, by: str, **keys: object) -> dict[str, bytes]:
    """The signed file of a statement of 2 March 2026."""
    asked = sign_off("accept", by, **keys) if kind == "sign-off" else statement(kind, by, **keys)
    data = {"of": ID, "kind": kind, "by": by, "date": "2026-03-02", **asked}
    return {f"{statements_folder(ID)}/2026-03-02-{kind}-{by}.yaml": sign(by, data)[0]}


REPORT = said("report", "supplier-one", says="We see this.")
ACCEPT = said("sign-off", "dcc", read=[f"{sha256(RECORD[PATH])}  {ID}.yaml"])
LANDED = {**RECORD, **REPORT, **ACCEPT}


def codes(
    new: Mapping[str, bytes], landed: Mapping[str, bytes], removed: tuple[str, ...] = ()
) -> set[str]:
    request = Request(ID, f"refs/heads/submit/{ID}", "1" * 40, new, landed, removed)
    return {finding.code for finding in judge_request(request, grounds()).findings}


def tampered(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: source.replace(b"We see", b"I saw ") for path, source in files.items()}


def test_a_record_that_comes_with_its_report_and_accept_is_without_findings() -> None:
    assert codes(LANDED, {}) == set()


def test_a_signature_is_proven_while_it_is_new_and_believed_once_it_landed() -> None:
    assert codes(tampered(LANDED), {}) == {"R096"}
    assert codes({}, tampered(LANDED)) == set()


def test_a_record_may_be_changed_and_what_was_said_of_it_may_not() -> None:
    changed = {PATH: dump(good_record(title="Meter sends no billing alerts")).encode()}
    assert codes(changed, LANDED) == {"R013"}
    again = said("report", "supplier-one", says="We see this no more.")
    assert codes({**changed, **again}, LANDED) == {"R013", "G001"}


def test_the_same_bytes_again_change_nothing() -> None:
    request = Request(ID, "HEAD", "1" * 40, {}, LANDED)
    judged = judge_request(request, grounds())
    assert (judged.new, judged.findings) == ((), ())


def test_what_is_taken_away_is_told_by_its_path_and_still_read() -> None:
    request = Request(ID, f"refs/heads/submit/{ID}", "1" * 40, {}, LANDED, (PATH,))
    judged = judge_request(request, grounds())
    assert [(finding.file, finding.code) for finding in judged.findings] == [(PATH, "G001")]
    assert judged.record is not None


def test_two_requests_with_other_bytes_at_one_path_are_judged_apart() -> None:
    brought = (LANDED, tampered(LANDED), LANDED)
    requests = [
        Request(ID, f"refs/heads/submit/{ID}-{number}", "1" * 40, new, {})
        for number, new in enumerate(brought)
    ]
    judged = judge_requests(requests, grounds())
    assert [[finding.code for finding in each.findings] for each in judged] == [[], ["R096"], []]
