"""The DCC imports hundreds of the service desk's incidents; they are accepted and land in parts."""

from __future__ import annotations

import json

import pytest

from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import dump
from tests.registers import TestRegister, good_record, make_register, sign, statement
from tests.stories.together import Person, assert_proven

BRANCH = "submit/import"
HOW_MANY, FIRST = 300, 60
IDS = [f"DR-{number:04X}-0000" for number in range(0x1000, 0x1000 + HOW_MANY)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    """A register, and one request with as many records, each reported by the DCC."""
    made = make_register(tmp_path_factory.mktemp("import") / "register")
    says = statement("report", "dcc", received="incident", says="From the service desk's history.",
                     told_by="large-supplier", date=made.today.isoformat())  # fmt: skip
    reports = sign("dcc", *({"of": record_id, **says} for record_id in IDS))
    files: dict[str, bytes | None] = {}
    for record_id, report in zip(IDS, reports, strict=True):
        record = good_record(id=record_id, title=f"Hub loses its clock, case {record_id[3:7]}",
                             affected=["CHF:FF02/00020001"], origin="service-desk")  # fmt: skip
        files[record_path(record_id)] = dump(record).encode()
        name = f"{made.today}-report-dcc.yaml"
        files[f"{statements_folder(record_id)}/{name}"] = report
    made.commit(files, f"refs/heads/{BRANCH}")
    return made


def test_an_import_is_accepted_in_batches_and_lands_in_parts(made: TestRegister) -> None:
    validator = Person(made.folder, "dcc-second")
    validator.does("review", *IDS[:FIRST], "--accept", "--yes")
    landed = validator.does("land", *IDS[:FIRST])
    assert f"Landed on main: {FIRST} records, {3 * FIRST} files." in landed
    assert BRANCH in validator.gits("branch", "--format=%(refname:short)")
    told = json.loads(validator.does("review", "--all", "--accept", "--yes", "--json"))
    assert [record["id"] for record in told["records"] if record["decided"]] == IDS[FIRST:]
    landed = validator.does("land", "--all")
    rest = HOW_MANY - FIRST
    assert f"Landed on main: {rest} records, {3 * rest} files." in landed
    assert BRANCH not in validator.gits("branch", "--format=%(refname:short)")
    assert validator.waits() == []
    assert_proven(made.folder)
