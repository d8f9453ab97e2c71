from __future__ import annotations

import pytest

from defectreg.gate.trees import (
    LARGEST_FILE,
    Moves,
    check_class,
    check_entries,
    check_landed_stays,
    check_twins,
    largest,
    sort_moves,
)
from defectreg.store.git import Entry, Move
from tests.registers import grounds

RECORD = "records/7K/DR-7K3Q-X4MB.yaml"
REPORT = "records/7K/DR-7K3Q-X4MB/2026-03-02-report-supplier-one.yaml"
PLAIN = Entry("100644", "1" * 40)
OTHER = Entry("100644", "2" * 40)


def added(*paths: str) -> list[Move]:
    return [Move(path, None, PLAIN) for path in paths]


def sorted_(*paths: str) -> Moves:
    return sort_moves(added(*paths), grounds().policy)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (RECORD, "data"),
        (REPORT, "data"),
        ("bulletins/2026-02.yaml", "bulletin"),
        ("catalogue/products.yaml", "catalogue"),
        ("policy/register.yaml", "policy"),
        ("schema/x.schema.json", "policy"),
        ("templates/a/b", "policy"),
        ("policy/statements/2026-03-02-sign-off-dcc.yaml", "policy"),
        ("README.md", "policy"),
        (".mailmap", "policy"),
        (".github/workflows/register.yml", "policy"),
        ("records/notes.txt", ""),
        ("src/x.py", ""),
        (".hidden/x", ""),
        ("schema", ""),
    ],
)
def test_a_path_is_of_one_class(path: str, kind: str) -> None:
    assert sorted_(path).kind == kind


def test_things_of_two_classes_are_of_none() -> None:
    assert sorted_(RECORD, "policy/register.yaml").kind == ""
    assert [each.code for each in check_class(sorted_(RECORD, "README.md"))] == ["G002"]
    assert [each.code for each in check_class(sorted_(RECORD, "src/x.py"))] == ["G003"]
    assert list(check_class(sorted_(RECORD, REPORT))) == []


def test_sign_offs_go_with_the_rules_or_the_catalogue() -> None:
    sign_off = "policy/statements/2026-03-02-sign-off-dcc.yaml"
    assert sorted_(sign_off, "catalogue/products.yaml").kind == "catalogue"
    assert sorted_(sign_off, "README.md").kind == "policy"
    assert sorted_(sign_off, RECORD).kind == ""


def test_of_what_landed_only_a_records_own_text_changes() -> None:
    moves = [Move(RECORD, PLAIN, OTHER), Move(REPORT, None, PLAIN)]
    assert list(check_landed_stays(moves)) == []
    for path, after in ((RECORD, None), (REPORT, None), (REPORT, OTHER)):
        assert [each.code for each in check_landed_stays([Move(path, PLAIN, after)])] == ["G001"]


def test_files_are_plain_and_named_once() -> None:
    assert list(check_entries(added(RECORD, REPORT))) == []
    assert [each.code for each in check_entries(added(RECORD, RECORD))] == ["G005"]
    link = Move(RECORD, None, Entry("120000", "1" * 40))
    assert "a symbolic link" in next(check_entries([link])).sentence


@pytest.mark.parametrize(
    ("brought", "stands", "found"),
    [
        (["a/DCC.yaml"], ["a/dcc.yaml"], ["a/DCC.yaml"]),
        (["a/\u00fc"], ["a/u\u0308"], ["a/\u00fc"]),
        (["a/x", "a/X"], [], ["a/X", "a/x"]),
        (["a/y"], ["a/x", "a/X"], []),
    ],
)
def test_no_two_names_are_alike(brought: list[str], stands: list[str], found: list[str]) -> None:
    assert [each.file for each in check_twins(brought, stands)] == found


def test_what_people_read_is_small() -> None:
    assert largest(RECORD) == largest("policy/parties/dcc.yaml") == LARGEST_FILE
    assert largest("schema/record.schema.json") > LARGEST_FILE
