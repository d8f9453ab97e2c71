from __future__ import annotations

from dataclasses import replace

import pytest

from defectreg.gate.cases import odd_finding, record_of, sort_files
from tests.examples.loading import ACCEPT, FOLDER, RECORD, REPORT, base, grounds_of

POLICY = grounds_of(base())[0].policy


def test_a_record_and_its_statements_are_one_case() -> None:
    files = sort_files([ACCEPT, REPORT, RECORD], POLICY)
    assert files.cases == {RECORD: (RECORD, REPORT, ACCEPT)}
    assert files.odd == ()
    assert files.records == 1


def test_statements_without_their_record_are_a_case_and_no_record() -> None:
    files = sort_files([REPORT], POLICY)
    assert list(files.cases) == [RECORD]
    assert files.records == 0


@pytest.mark.parametrize(
    "path",
    [
        "records/README.md",
        "records/7K/.gitkeep",
        "records/7k/dr-7k3q-x4mb.yaml",
        "records/7K/DR-7K3Q-X4MB.yml",
        "records/7K/DR-7K3Q-X4MB.YAML",
        "records/8K/DR-7K3Q-X4MB.yaml",
        "records/7K/DR-7K3Q-X4MB.yaml/inside",
        f"{FOLDER}/deeper/2026-03-02-report-supplier-one.yaml",
        f"{FOLDER}/a\nb.txt",
        "policy/parties/notes.txt",
        "policy/anything.yaml",
    ],
)
def test_what_is_neither_record_nor_statement_is_odd(path: str) -> None:
    assert sort_files([path], POLICY).odd == (path,)
    assert odd_finding(path).code == "S011"


@pytest.mark.parametrize(
    "path",
    [
        "policy/register.yaml",
        "policy/parties/dcc.yaml",
        "policy/statements/2026-01-01-sign-off-dcc.yaml",
        "policy/acknowledged.yaml",
        "catalogue/README.md",
    ],
)
def test_files_of_policy_and_catalogue_are_not_odd(path: str) -> None:
    assert sort_files([path], POLICY).odd == ()


def test_what_the_policy_names_as_no_part_of_the_register_is_left_out() -> None:
    policy = replace(POLICY, not_register=("records/notes/",))
    assert sort_files(["records/notes/a.md"], policy).odd == ()


@pytest.mark.parametrize(
    "twin",
    [
        "records/7k/DR-7K3Q-X4MB.yaml",
        "records/7K/dr-7k3q-x4mb.yaml",
        "records/7K/DR-7K3Q-X4MB.YAML",
    ],
)
def test_a_twin_in_other_letters_is_told_where_it_belongs(twin: str) -> None:
    assert RECORD in odd_finding(twin).hint


def test_a_statement_belongs_to_the_record_of_its_folder() -> None:
    assert record_of(REPORT) == RECORD
    assert record_of("policy/register.yaml") is None
