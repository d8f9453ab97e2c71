from __future__ import annotations

import hashlib

import pytest

from defectreg.register.checking import check_case, read_record, read_statement
from tests.examples.loading import ACCEPT, FOLDER, RECORD, REPORT, base, example, grounds_of

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


SIGNATURE = CASE[REPORT].partition(b"signature:")[2]


@pytest.mark.parametrize(
    "source",
    [
        CASE[REPORT] + b"period: 2026-02\n",
        CASE[REPORT] + b"# seen on a thousand more\n",
        CASE[REPORT] + b"\n",
        CASE[REPORT].replace(b"signature: |", b"signature: | # more"),
        CASE[REPORT].replace(b"signature: |", b'"signature": |'),
        CASE[REPORT].replace(b"signature: |", b"signature: |+"),
        CASE[REPORT].replace(b"\n  ", b"\n   "),
        b"signature:" + SIGNATURE + CASE[REPORT].partition(b"signature:")[0],
    ],
)
def test_a_statement_says_nothing_that_its_signature_does_not_cover(source: bytes) -> None:
    read, findings = read_statement(REPORT, source, GROUNDS)
    assert read is None
    assert [finding.code for finding in findings] == ["R005"]
    assert source.decode().split("\n")[findings[0].line - 1].strip('"').startswith("signature")


@pytest.mark.parametrize("key", ["device: PHONE", "tried-with:\n  - ESME FF01"])
def test_a_statement_that_names_what_is_no_combination_cannot_be_read(key: str) -> None:
    text = f"of: DR-7K3Q-X4MB\nkind: fix\nby: maker-one\ndate: 2026-03-09\nsays: It.\n{key}\n"
    read, findings = read_statement(
        f"{FOLDER}/2026-03-09-fix-maker-one.yaml", text.encode(), GROUNDS
    )
    assert read is None
    assert [finding.code for finding in findings] == ["R071"]


NEW = f"{FOLDER}/2026-03-09-report-supplier-two.yaml"


def severities(files: dict[str, bytes], *landed: str) -> dict[str, str]:
    """The code of every finding in a case, with its severity."""
    case = {path: data for path, data in files.items() if path.startswith("records/")}
    findings = check_case(RECORD, case, grounds_of(files)[0], {REPORT, ACCEPT, *landed}).findings
    return {finding.code: finding.severity for finding in findings if finding.code != "R090"}


@pytest.mark.parametrize("code", ["R050", "R093", "R094"])
def test_what_has_landed_is_not_refused_by_the_roles_and_switches_of_today(code: str) -> None:
    files = example(code, "fail")
    case = {path: data for path, data in files.items() if path.startswith("records/")}
    for landed, severity in (((), "error"), (case, "warning")):
        findings = check_case(RECORD, case, grounds_of(files)[0], landed).findings
        assert [(each.code, each.severity) for each in findings] == [(code, severity)]


def test_a_new_word_of_the_policy_does_not_refuse_what_has_landed() -> None:
    words = b"words:\n  - word: February\n    instead: winter\n"
    files = {**base(), "policy/register.yaml": base()["policy/register.yaml"] + words}
    case = {path: data for path, data in files.items() if path in CASE}
    for landed, severity in (((), "error"), ((REPORT, ACCEPT), "warning")):
        (finding,) = check_case(RECORD, case, grounds_of(files)[0], landed).findings
        assert (finding.code, finding.severity) == ("R040", severity)


def test_what_a_retired_key_signed_stands_where_it_has_landed() -> None:
    files = example("R097", "fail")
    assert severities(files) == {"R097": "error"}
    assert severities(files, NEW) == {}


def test_a_withdrawal_that_has_landed_may_have_read_earlier_bytes() -> None:
    path = f"{FOLDER}/2026-03-09-sign-off-dcc.yaml"
    earlier = hashlib.sha256(CASE[RECORD]).hexdigest()
    text = (
        "of: DR-7K3Q-X4MB\nkind: sign-off\nby: dcc\ndate: 2026-03-09\ndecision: withdraw\n"
        f"role: validator\ncode: not-a-defect\nread:\n  - {earlier}  DR-7K3Q-X4MB.yaml\n"
    )
    assert severities({**base(), path: text.encode()}) == {}
    files = {**base(), **changed(RECORD, "8F1E", "8F20"), path: text.encode()}
    assert severities(files) == {"R013": "awaited", "R088": "error"}
    assert severities(files, path) == {"R013": "awaited"}


def supersede(*days: int) -> dict[str, bytes]:
    """Causes of one Party and day, number n of which supersedes the one given at its place."""
    name = "2026-03-09-cause-maker-one"
    files = dict(CASE)
    for number, other in enumerate(days, 1):
        text = (
            "of: DR-7K3Q-X4MB\nkind: cause\nby: maker-one\ndate: 2026-03-09\n"
            f"supersedes: {name}-{other}.yaml\nsays: For number {number}.\ncause: suspected\n"
        )
        files[f"{FOLDER}/{name}-{number}.yaml"] = text.encode()
    return files


@pytest.mark.parametrize(("others", "count"), [((2, 1), 2), ((2, 3, 1), 3), ((2, 3, 4, 1), 4)])
def test_a_circle_of_what_supersedes_what_is_found_in_each_of_it(
    others: tuple[int, ...], count: int
) -> None:
    findings = check_case(RECORD, supersede(*others), GROUNDS).findings
    assert [finding.code for finding in findings if finding.code != "R090"] == ["R065"] * count


def test_what_leads_into_a_circle_is_not_of_it() -> None:
    findings = check_case(RECORD, supersede(2, 3, 2), GROUNDS).findings
    wrong = {finding.file[-6:] for finding in findings if finding.code == "R065"}
    assert wrong == {"2.yaml", "3.yaml"}


def consent(by: str, day: str, audience: str, sha256: str, more: str = "") -> dict[str, bytes]:
    name = f"{FOLDER}/2026-03-{day}-consent-{by}.yaml"
    text = (
        f"of: DR-7K3Q-X4MB\nkind: consent\nby: {by}\ndate: 2026-03-{day}\n{more}"
        f"audience: {audience}\nread:\n  - {sha256}  DR-7K3Q-X4MB.yaml\n"
    )
    return {name: text.encode()}


CONFIDED = changed(RECORD, "certainty:", "given-in-confidence: true\ncertainty:")


def codes_of(*consents: dict[str, bytes], later: bytes | None = None) -> list[str]:
    """The codes for a record given in confidence, but for what is only awaited."""
    files = dict(CONFIDED)
    if later is not None:
        files[NEW] = later
    for each in consents:
        files.update(each)
    landed = {REPORT, ACCEPT}
    findings = check_case(RECORD, files, GROUNDS, landed).findings
    return [finding.code for finding in findings if finding.severity != "awaited"]


SHA = hashlib.sha256(CONFIDED[RECORD]).hexdigest()
FIRST = consent("supplier-one", "09", "green", SHA)
LATER = b"of: DR-7K3Q-X4MB\nkind: report\nby: supplier-two\ndate: %s\nsays: We see it too.\n"


def test_the_newest_consent_of_who_gave_it_counts() -> None:
    assert codes_of() == ["R016"]
    assert codes_of(FIRST) == []
    assert codes_of(FIRST, consent("supplier-one", "10", "red", SHA)) == ["R016"]
    assert codes_of(consent("supplier-one", "08", "red", SHA), FIRST) == []


def test_a_consent_that_its_party_replaced_does_not_count() -> None:
    stricter = consent("supplier-one", "09", "red", SHA)
    ((path, source),) = stricter.items()
    numbered = {path.replace(".yaml", "-2.yaml"): source}
    assert codes_of(FIRST, numbered) == ["R016"]
    supersedes = f"supersedes: {path.rpartition('/')[2].replace('.yaml', '-2.yaml')}\n"
    assert codes_of(consent("supplier-one", "09", "green", SHA, supersedes), numbered) == []


def test_only_who_reported_it_first_consents() -> None:
    also = consent("supplier-two", "10", "green", SHA)
    assert codes_of(also, later=LATER % b"2026-03-09") == ["R016", "R066"]
    assert codes_of(FIRST, later=LATER % b"2026-03-09") == []


def test_nobody_becomes_the_first_reporter_by_claiming_an_earlier_day() -> None:
    also = consent("supplier-two", "10", "green", SHA)
    earlier = {NEW.replace("03-09", "03-01"): LATER % b"2026-03-01"}
    assert "R066" in codes_of(also, earlier)
    assert "R066" not in codes_of(FIRST, earlier)


@pytest.mark.parametrize(
    ("kind", "refused"), [("says: We see this too.\n", False), ("classification: green\n", True)]
)
def test_an_envelope_stands_under_any_ceiling(kind: str, refused: bool) -> None:
    policy = base()["policy/register.yaml"] + b"ceiling: clear\n"
    files = {**base(), "policy/register.yaml": policy}
    files[RECORD] = files[RECORD].replace(b"affected:", b"classification: clear\naffected:")
    files[NEW] = (LATER % b"2026-03-09").replace(b"says: We see it too.\n", kind.encode())
    assert ("R010" in severities(files)) == refused


AFFECTED = "CHF:FF02/00020001 + ESME:FF01/00010100@0001*,00030000..00030004"
PERSONAL = "customer John Smith, 07700 900123"


def test_a_comment_holds_nothing_that_may_never_be_stored() -> None:
    for path in (RECORD, REPORT):
        said, sign, rest = CASE[path].partition(b"signature:")
        files = {**CASE, path: said + f"# {PERSONAL}\n".encode() + sign + rest}
        found = [each for each in check_case(RECORD, files, GROUNDS).findings if each.file == path]
        assert {"R109", "R111"} <= {finding.code for finding in found}
        lines = files[path].decode().split("\n")
        assert lines[found[-1].line - 1].startswith("#")


def test_what_is_percent_encoded_is_read_and_not_repeated() -> None:
    odd = "CHF:FF02/john.smith%40example.com + ESME:FF01/00010100"
    files = changed(RECORD, AFFECTED, odd)
    findings = check_case(RECORD, files, GROUNDS, CASE).findings
    assert "R110" in {finding.code for finding in findings}
    assert not [each for each in findings if "john" in each.sentence + each.hint]


def test_a_combination_that_is_not_canonical_is_not_repeated_where_it_is_personal() -> None:
    odd = "ESME:FF01/00010100 + CHF:FF02/john.smith%40example.com"
    files = changed(RECORD, AFFECTED, odd)
    (finding,) = (
        each for each in check_case(RECORD, files, GROUNDS).findings if each.code == "R020"
    )
    assert finding.hint == ""


def test_what_cannot_be_read_is_not_repeated_where_it_is_personal() -> None:
    files = changed(RECORD, "CHF:FF02/00020001 + ", "CUSTOMER-01632-960123:FF02/1 + ")
    (finding,) = (
        each for each in check_case(RECORD, files, GROUNDS).findings if each.code == "R001"
    )
    assert "960123" not in finding.sentence + finding.hint
