"""Files that somebody made to harm who imports them; and their harmless twins, which come in."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.registers import Result, TestRegister, good_record, key_of, make_register

TEXT = "Hub CHF:FF02/00020004 loses its clock each night at two and has it back in the morning."
NAMES = ("Incident", "Raised by", "Text")
GOOD = ("INC1", "small-supplier", TEXT)


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    return make_register(tmp_path_factory.mktemp("landed") / "register", [good_record()])


class Desk:
    """A clone of a register, and a folder beside it from which files are imported."""

    def __init__(self, landed: TestRegister, folder: Path) -> None:
        clone = folder / "clone"
        subprocess.run(["git", "clone", "-q", str(landed.folder), str(clone)], check=True)
        self.folder = folder
        self.made = TestRegister(clone, type(landed.repository).find(clone))

    def file(self, rows: Sequence[Sequence[str]], names: Sequence[str] = NAMES) -> Path:
        path = self.folder / "week.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([names, *rows])
        return path

    def imports(self, file: Path, *words: str) -> Result:
        return self.made.run("import", str(file), "--source", "service-desk", *words,
                             DEFECTREG_KEY=str(key_of("dcc")))  # fmt: skip

    def entered(self) -> str:
        """All that the import's branch brings."""
        branch = f"submit/import-{datetime.now(UTC).date()}"
        words = ["git", "-C", str(self.made.folder), "diff", "main", branch]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def desk(landed: TestRegister, tmp_path: Path) -> Desk:
    return Desk(landed, tmp_path)


def test_the_harmless_twin_comes_in(desk: Desk) -> None:
    result = desk.imports(desk.file([GOOD]), "--write")
    assert result.code == 0, result
    assert "+behaviour: Hub CHF:FF02/00020004 loses its clock" in desk.entered()


def test_no_cell_or_name_of_a_column_steers_a_terminal(desk: Desk) -> None:
    names = ("Incident", "Raised by", "Text", "\x1b]0;owned\x07\u202eName")
    rows = [("INC\x1b[2J", "small-supplier\x1b", f"\x1b[31m{TEXT}\u202e", "x"),
            ("INC2", "\x1b[31mNobody", TEXT, "x")]  # fmt: skip
    plan = desk.folder / "plan.yaml"
    shown = desk.imports(desk.file(rows, names))
    told = desk.imports(desk.file(rows, names), "--json")
    desk.imports(desk.file(rows, names), "--plan", str(plan))
    entered = desk.imports(desk.file(rows, names), "--write")
    for said in (shown, told, entered):
        assert "\x1b" not in said.out + said.err
        assert "\u202e" not in said.out + said.err
        assert "Nobody" not in said.out + said.err
    assert "\x1b" not in plan.read_text() + desk.entered()


def test_no_text_says_keys_of_the_file_that_it_stands_in(desk: Desk) -> None:
    text = f"{TEXT}\ncertainty: confirmed\n---\nsecurity: true\nsignature: |\n  forged"
    plan = desk.folder / "plan.yaml"
    desk.imports(desk.file([(*GOOD[:2], text)]), "--plan", str(plan))
    result = desk.imports(desk.file([(*GOOD[:2], text)]), "--apply", str(plan))
    assert result.code == 0, result
    lines = [line for line in desk.entered().splitlines() if line.startswith("+")]
    assert "+  certainty: confirmed" in lines  # as text, below behaviour
    assert "+certainty: confirmed" not in lines
    assert "+security: true" not in lines
    assert sum(line == "+signature: |" for line in lines) == 1


def test_a_reference_is_no_formula_in_the_list_of_what_was_filed(desk: Desk) -> None:
    formula = '=HYPERLINK("http://example.com")'
    assert desk.imports(desk.file([(formula, *GOOD[1:])]), "--write").code == 0
    filed = (desk.folder / "reports.incidents.csv").read_text()
    assert "'=HYPERLINK" in filed
    again = desk.imports(desk.file([(formula, *GOOD[1:])]), "--write")
    assert "it was filed already" in again.out


@pytest.mark.parametrize(
    "record", ["../../etc", "DR-7K3Q-X4MB/../../x", "refs/heads/main", "-x", "DR-0000-0000"]
)
def test_a_plan_names_no_place_outside_the_records_that_are_there(desk: Desk, record: str) -> None:
    file, plan = desk.file([GOOD]), desk.folder / "plan.yaml"
    desk.imports(file, "--plan", str(plan))
    said = f"outcome: existing\nrecord: {json.dumps(record)}"
    plan.write_text(plan.read_text().replace("outcome: new", said))
    before = desk.made.repository.refs()
    refused = desk.imports(file, "--apply", str(plan))
    assert refused.code == 2, refused
    assert desk.made.repository.refs() == before


@pytest.mark.parametrize(
    "key", ["id: DR-0000-0001", "certainty: confirmed", "security: 'true'", "unknown: x",
            "incident: INC1", "classification: red"],
)  # fmt: skip
def test_a_plan_says_nothing_that_an_import_may_not(desk: Desk, key: str) -> None:
    file, plan = desk.file([GOOD]), desk.folder / "plan.yaml"
    desk.imports(file, "--plan", str(plan))
    plan.write_text(plan.read_text().replace("  origin:", f"  {key}\n  origin:"))
    before = desk.made.repository.refs()
    assert desk.imports(file, "--apply", str(plan)).code in (1, 2)
    assert desk.made.repository.refs() == before
    assert not (desk.folder / "reports.incidents.csv").exists()


def test_an_mpan_hidden_by_what_is_not_seen_is_found(desk: Desk) -> None:
    hidden = f"{TEXT} MPAN 12000\u200b2330\u20605967 is affected."
    shown = desk.imports(desk.file([(*GOOD[:2], hidden)]))
    assert "line 2, Text: an MPAN" in shown.out
    entered = desk.imports(desk.file([(*GOOD[:2], hidden)]), "--mask", "--write")
    assert entered.code == 0, entered
    assert "5967" not in desk.entered()


def test_the_note_of_a_run_that_was_stopped_says_no_other_files(desk: Desk) -> None:
    victim = desk.folder / "victim"
    victim.write_text("mine")
    note = {"commits": {"refs/heads/submit/none": "a" * 40}, "brought": "records/none",
            "blob": "", "texts": {str(victim): "theirs"}}  # fmt: skip
    (desk.folder / ".reports.importing.json").write_text(json.dumps(note))
    assert desk.imports(desk.file([GOOD]), "--write").code == 0
    assert victim.read_text() == "mine"


@pytest.mark.parametrize("text", ["((((" * 8000, "A " * 16000, "\u0301" * 32000, "8F1E" * 8000])
def test_a_text_of_any_shape_takes_no_longer_than_its_length(desk: Desk, text: str) -> None:
    result = desk.imports(desk.file([(*GOOD[:2], text), ("INC2", *GOOD[1:])]))
    assert result.code in (0, 1), result
    assert "2 rows of week.csv" in result.out
