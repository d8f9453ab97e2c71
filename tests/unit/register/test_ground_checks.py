from __future__ import annotations

import pytest

from defectreg.register.findings import Finding
from defectreg.register.ground_checks import check_ground_files
from defectreg.register.grounds import is_ground, read_grounds
from tests.examples.loading import base

PARTY = "policy/parties/supplier-one.yaml"
POLICY = "policy/register.yaml"
DECIDED = "decided:\n  ceiling:\n    by: Panel\n    date: 2026-01-05\n    reference: note 3\n"


def found(path: str, old: str = "", new: str = "") -> list[Finding]:
    """What is wrong in the files of the base once a text was replaced, or added, in one of them."""
    text = base()[path].decode()
    assert old in text
    files = {**base(), path: (text.replace(old, new, 1) if old else text + new).encode()}
    grounds, _ = read_grounds({each: data for each, data in files.items() if is_ground(each)})
    read = {each: data for each, data in files.items() if is_ground(each) and each[-4:] == "yaml"}
    return list(check_ground_files(read, grounds))


def test_nothing_is_wrong_in_the_files_of_the_base() -> None:
    assert found(PARTY) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        (PARTY, "Supplier One", "Mr John Example", "R111"),
        (PARTY, "", "# ask Mr John Example\n", "R111"),
        (POLICY, "", "# ask Mr John Example\n", "R111"),
        (POLICY, "", "title: The register of Mr John Example\n", "R111"),
        (POLICY, "", "contact: tel:01632960123\n", "R109"),
        (
            POLICY,
            "",
            DECIDED.replace("Panel", "Mrs Example"),
            "R111",
        ),
        (POLICY, "", DECIDED.replace("Panel", "J. Kapoor"), "R111"),
        (POLICY, "", DECIDED.replace("Panel", "Xi Chen"), "R111"),
        (
            POLICY,
            "",
            DECIDED.replace("note 3", "07700 900123"),
            "R109",
        ),
        ("catalogue/manufacturers.yaml", "Alderbrook Metering", "Mr John Example", "R111"),
        ("catalogue/manufacturers.yaml", "source: invented", "source: j.smith@example.com", "R110"),
    ],
)
def test_what_may_never_be_stored_stands_in_no_ground(
    path: str, old: str, new: str, code: str
) -> None:
    (finding,) = found(path, old, new)
    assert (finding.file, finding.code, finding.severity) == (path, code, "error")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (PARTY, "mailbox: meters@supplier-one.example\n"),
        (POLICY, DECIDED),
        (POLICY, DECIDED.replace("Panel", "Device Manufacturers Forum")),
        (POLICY, DECIDED.replace("Panel", "Elexon Board")),
        (POLICY, "contact: corrections@register.example\n"),
    ],
)
def test_the_mailbox_of_a_role_may_stand_where_one_is_asked_for(path: str, line: str) -> None:
    assert found(path, "", line) == []


def test_a_key_in_two_files_is_told_in_both() -> None:
    key = base()["policy/parties/supplier-two.yaml"].decode().rpartition("key: ")[2].strip()
    own = base()[PARTY].decode().rpartition("key: ")[2].strip()
    findings = found(PARTY, own, key)
    assert {(finding.code, finding.file) for finding in findings} == {
        ("R098", PARTY),
        ("R098", "policy/parties/supplier-two.yaml"),
    }


def test_a_key_that_is_distrusted_in_one_file_is_no_other_party_s() -> None:
    key = base()["policy/parties/supplier-two.yaml"].decode().rpartition("key: ")[2].strip()
    own = base()[PARTY].decode().rpartition("key: ")[2].strip()
    findings = found(PARTY, own, f"{key}\n        state: distrusted")
    assert {finding.code for finding in findings} == {"R098"}


def test_a_manufacturer_identifier_is_answered_for_by_one_party() -> None:
    findings = found(PARTY, "people:", "manufacturer-ids:\n  - ff01\npeople:")
    assert {(finding.code, finding.file) for finding in findings} == {
        ("R099", PARTY),
        ("R099", "policy/parties/maker-one.yaml"),
    }
