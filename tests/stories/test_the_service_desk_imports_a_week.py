"""The DCC imports a week of incidents: shown, changed, entered, landed; and the next week."""

from __future__ import annotations

import csv
import json
import stat
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from defectreg.formats.spreadsheets import write_xlsx
from defectreg.intake.sections import read_sections
from tests.registers import ID, Result, TestRegister, good_record, key_of, make_register
from tests.stories.together import Person, assert_proven

NAMES = ("Incident", "Opened", "Raised by", "Description", "Customer address")
CLOCK = "Hub CHF:FF02/00020004 loses its clock each night at two and has it back in the morning."
CLOCK_AGAIN = "CHF:FF02/00020004 loses its clock every night at two, has it back in the morning"
BLACK = "Display beside CHF:FF02/00020002 stays black after a power outage of some minutes."
NAMELESS = "The display stays black and nobody can read anything on it."
POSTCODE = "SW1A 1AA"
MAP = """\
columns: {text: Description, reference: Incident, day: Opened, party: Raised by}
source: service-desk
"""


class Desk:
    """The service desk's folder, which is in no repository, and the register beside it."""

    def __init__(self, made: TestRegister, folder: Path) -> None:
        self.made, self.folder = made, folder
        self.columns = folder / "columns.yaml"
        self.columns.write_text(MAP)
        self.validator = Person(made.folder, "dcc-second")

    def file(self, name: str, *rows: tuple[str, ...]) -> Path:
        """A file of incidents."""
        path = self.folder / name
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([NAMES, *rows])
        return path

    def run(self, file: Path, *words: str) -> Result:
        """Import a file as the DCC's reporter."""
        return self.run_bare(file, "--columns", str(self.columns), *words)

    def run_bare(self, file: Path, *words: str) -> Result:
        """Import a file without a column map."""
        return self.made.run("import", str(file), *words, DEFECTREG_KEY=str(key_of("dcc")))

    def told(self, file: Path, *words: str) -> dict[str, Any]:
        """What the import says as JSON."""
        told: dict[str, Any] = json.loads(self.run(file, *words, "--json").out)
        return told

    def groups(self, file: Path, *words: str) -> list[tuple[str, str, str | None]]:
        """Lines, outcome and record of each group."""
        found = self.told(file, *words)["groups"]
        return [(each["lines"], each["outcome"], each["record"]) for each in found]

    def refs(self) -> dict[str, str]:
        """Where every branch stands."""
        return self.made.repository.refs()


def incident(number: int, text: str, party: str = "Supplier One", day: str = "") -> tuple[str, ...]:
    """A row of the export."""
    return (f"INC{number:06}", day or yesterday().strftime("%d/%m/%Y"), party, text,
            "1 High Street")  # fmt: skip


def yesterday() -> date:
    return datetime.now(UTC).date() - timedelta(days=1)


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    folder = tmp_path_factory.mktemp("landed") / "register"
    return make_register(folder, [good_record()], day=yesterday() - timedelta(days=30))


@pytest.fixture
def desk(landed: TestRegister, tmp_path: Path) -> Desk:
    """A clone of the register, and a desk of its own."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(landed.folder), str(clone)], check=True)
    subprocess.run(["git", "-C", str(clone), "remote", "remove", "origin"], check=True)
    folder = tmp_path / "desk"
    folder.mkdir()
    made = TestRegister(clone, type(landed.repository).find(clone))
    return Desk(made, folder)


def test_what_would_be_entered_is_shown_first(desk: Desk) -> None:
    before = desk.refs()
    shown = desk.run(desk.file("week.csv", incident(1, CLOCK), incident(2, BLACK)))
    assert shown.code == 0, shown
    assert "2  reports on new records in 2 groups" in shown.out
    assert "Columns of personal data stay outside: Customer address" in shown.out
    assert "Nothing was written" in shown.out
    assert desk.refs() == before
    assert sorted(path.name for path in desk.folder.iterdir()) == ["columns.yaml", "week.csv"]


def test_a_week_is_entered_accepted_and_lands(desk: Desk) -> None:
    week = desk.file(
        "week.csv",
        incident(1, CLOCK),
        incident(2, CLOCK_AGAIN),
        incident(3, CLOCK_AGAIN, "Supplier Two"),
        incident(4, CLOCK, day=(yesterday() - timedelta(days=1)).isoformat()),
        incident(5, BLACK, "small-supplier"),
        incident(6, NAMELESS),
    )
    entered = desk.run(week, "--write")
    assert entered.code == 1, entered  # a row that names no Device wants a person
    assert "2 new records, 4 reports for 5 rows" in entered.out
    branch = f"submit/import-{datetime.now(UTC).date()}"
    reports = _statements(desk, branch)
    assert sorted(each["stands-for"] for each in reports) == ["1", "1", "1", "2"]
    assert {each["received"] for each in reports} == {"incident"}
    assert sorted(each["told-by"] for each in reports) == ["large-supplier"] * 3 + [
        "small-supplier"
    ]
    records = _records(desk, branch)
    assert {each["origin"] for each in records} == {"service-desk"}
    assert all("certainty" not in each for each in records)
    desk.validator.does("review", "--all", "--accept", "--yes")
    assert "2 records" in desk.validator.does("land", "--all")
    assert_proven(desk.made.folder)


def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    week = desk.file("week.csv", incident(1, CLOCK), incident(2, BLACK))
    assert desk.run(week, "--write").code == 0
    before, filed = desk.refs(), (desk.folder / "columns.incidents.csv").read_bytes()
    again = desk.run(week, "--write")
    assert again.code == 0, again
    assert "it was filed already: lines 2-3" in again.out
    assert "There was nothing to enter." in again.out
    assert desk.refs() == before
    assert (desk.folder / "columns.incidents.csv").read_bytes() == filed


def test_an_incident_is_filed_once_whatever_it_says_next(desk: Desk) -> None:
    desk.run(desk.file("week.csv", incident(1, CLOCK)), "--write")
    later = desk.file("later.csv", incident(1, BLACK), incident(2, BLACK), incident(2, BLACK))
    shown = desk.run(later)
    assert "it was filed already: line 2" in shown.out
    assert "it is the incident of line 3: line 4" in shown.out


def test_references_and_plans_stay_with_their_owner_and_outside_git(desk: Desk) -> None:
    week = desk.file("week.csv", incident(1, CLOCK))
    desk.run(week, "--plan", str(desk.folder / "plan.yaml"))
    desk.run(week, "--write", "--decisions", str(desk.folder / "decisions.yaml"))
    kept = [path for path in desk.folder.rglob("*") if path.is_file()]
    made = [path for path in kept if path.name not in ("week.csv", "columns.yaml")]
    assert {path.suffix for path in made} == {".yaml", ".csv", ".json"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
    everything = desk.validator.gits("log", "--all", "--patch")
    assert "INC000001" not in everything
    assert "Supplier One" not in everything.partition("Start")[0]
    inside = desk.made.folder / "columns.yaml"
    inside.write_text(MAP)
    refused = desk.made.run("import", str(week), "--columns", str(inside),
                            DEFECTREG_KEY=str(key_of("dcc")))  # fmt: skip
    assert refused.code == 2, refused
    assert "would lie in the git repository" in refused.err


def test_a_changed_plan_is_taken_back(desk: Desk) -> None:
    week = desk.file("week.csv", incident(1, CLOCK), incident(2, BLACK), incident(3, NAMELESS))
    plan = desk.folder / "plan.yaml"
    assert "The plan is in" in desk.run(week, "--plan", str(plan)).out
    text = plan.read_text()
    assert "characters 5-21: affected CHF:FF02/00020004" in text
    changed = text.replace("title: Communications Hub loses its clock", "title: Clock is lost")
    changed = changed.replace(
        'lines: "3"\noutcome: new', f'lines: "3"\noutcome: existing\nrecord: {ID}'
    )
    plan.write_text(changed)
    entered = desk.run(week, "--apply", str(plan))
    assert "1 new record, 2 reports for 2 rows" in entered.out
    branch = f"submit/import-{datetime.now(UTC).date()}"
    [record] = _records(desk, branch)
    assert record["title"].startswith("Clock is lost each night at two")
    assert f"records/7K/{ID}/{datetime.now(UTC).date()}-report-dcc.yaml" in _paths(desk, branch)


def test_rows_join_another_group_by_its_line(desk: Desk) -> None:
    week = desk.file("week.csv", incident(1, CLOCK), incident(2, BLACK))
    plan = desk.folder / "plan.yaml"
    desk.run(week, "--plan", str(plan))
    text = plan.read_text().replace(
        'lines: "3"\noutcome: new', 'lines: "3"\noutcome: existing\nrecord: line 2'
    )
    plan.write_text(text)
    entered = desk.run(week, "--apply", str(plan))
    assert "1 new record, 1 report for 2 rows" in entered.out


def test_a_plan_of_other_bytes_is_refused(desk: Desk) -> None:
    plan = desk.folder / "plan.yaml"
    desk.run(desk.file("week.csv", incident(1, CLOCK)), "--plan", str(plan))
    refused = desk.run(desk.file("week.csv", incident(1, BLACK)), "--apply", str(plan))
    assert refused.code == 2, refused
    assert "its bytes are others" in refused.err


def test_a_plan_that_lost_a_part_of_itself_is_refused(desk: Desk) -> None:
    week = desk.file("week.csv", incident(1, CLOCK), incident(2, BLACK))
    plan, before = desk.folder / "plan.yaml", desk.refs()
    desk.run(week, "--plan", str(plan))
    plan.write_text(plan.read_text().rpartition("---\n")[0])
    refused = desk.run(week, "--apply", str(plan))
    assert refused.code == 2, refused
    assert "the plan does not say what becomes of every row, so not of line 3" in refused.err
    assert desk.refs() == before


def test_what_a_plan_says_wrong_is_told_by_its_place_and_nothing_is_entered(desk: Desk) -> None:
    week = desk.file("week.csv", incident(1, CLOCK), incident(2, BLACK))
    plan = desk.folder / "plan.yaml"
    desk.run(week, "--plan", str(plan))
    before, text = desk.refs(), plan.read_text()
    plan.write_text(text.replace("title: ", "title: The faulty meter: ", 1))
    assert desk.run(week, "--apply", str(plan)).code == 2
    plan.write_text(text.replace("title: ", "title: The faulty meter and ", 1))
    refused = desk.run(week, "--apply", str(plan))
    assert refused.code == 1, refused
    assert "error[R040]" in refused.out
    assert str(plan) in refused.out
    assert "nothing was written" in refused.err
    plan.write_text(text.replace('lines: "3"', 'lines: "2"'))
    assert "line 2 stands in two groups" in desk.run(week, "--apply", str(plan)).err
    plan.write_text(text.replace("  origin:", "  certainty: confirmed\n  origin:", 1))
    assert "an import says no certainty" in desk.run(week, "--apply", str(plan)).err
    assert desk.refs() == before
    assert not (desk.folder / "columns.incidents.csv").exists()


def test_a_decision_holds_for_rows_like_it_next_week(desk: Desk) -> None:
    decisions = ("--decisions", str(desk.folder / "decisions.yaml"))
    week = desk.file("week.csv", incident(1, CLOCK), incident(2, BLACK))
    plan = desk.folder / "plan.yaml"
    desk.run(week, "--plan", str(plan))
    head, *sections = plan.read_text().split("---\n")
    skipped = [each.replace("outcome: new", "outcome: skipped", 1) if 'lines: "3"' in each else each
               for each in sections]  # fmt: skip
    plan.write_text("---\n".join([head, *skipped]))
    assert desk.run(week, "--apply", str(plan), *decisions).code == 0
    later = desk.file("later.csv", incident(11, BLACK), incident(2, BLACK))
    shown = desk.run(later, *decisions)
    assert "Decided before:" in shown.out
    assert f"line 2: skipped  as decided on {datetime.now(UTC).date()}" in shown.out
    assert "it was decided to be no report: line 3" in shown.out
    assert desk.run(later).out.count("reports on new records in 1 group") == 1


def test_what_may_never_be_stored_is_left_out_or_masked_and_told_by_place(desk: Desk) -> None:
    secret = f"{CLOCK} Mr John Smithson of {POSTCODE} rang. Smithson ({POSTCODE}) is cross."
    week = desk.file("week.csv", incident(1, secret), incident(2, BLACK))
    left = desk.run(week)
    assert left.code == 1, left
    assert left.out.count("line 2, Description: a postcode") == 1
    assert "its Description holds what looks like a person's name: line 2" in left.out
    masked = desk.run(week, "--mask", "--write")
    assert "Taken out of the texts" in masked.out
    everything = desk.validator.gits("log", "--all", "--patch")
    assert "[removed]" in everything
    for said in (left.out, left.err, masked.out, masked.err, everything):
        assert POSTCODE not in said
        assert "Smithson" not in said


def test_reports_on_a_record_that_waits_join_its_request(desk: Desk) -> None:
    desk.run(desk.file("week.csv", incident(1, CLOCK)), "--write")
    branch = f"submit/import-{datetime.now(UTC).date()}"
    before = desk.refs()
    later = desk.run(desk.file("later.csv", incident(2, CLOCK)), "--write")
    assert "1  reports on records that are here" in later.out
    assert set(desk.refs()) == set(before)
    assert len(_records(desk, branch)) == 1
    assert len(_statements(desk, branch)) == 2
    desk.validator.does("review", "--all", "--accept", "--yes")
    desk.validator.does("land", "--all")
    assert_proven(desk.made.folder)


def test_nothing_is_reported_on_a_record_that_was_merged_away_or_returned(desk: Desk) -> None:
    desk.run(desk.file("week.csv", incident(1, CLOCK), incident(2, BLACK)), "--write")
    later = desk.file("later.csv", incident(3, CLOCK), incident(4, BLACK))
    (_, _, clock), (_, _, black) = desk.groups(later)
    assert clock
    assert black
    desk.validator.does("review", clock, "--withdraw", "duplicate-of", "--other", ID)
    desk.validator.does("review", black, "--return", "Which firmware is it?")
    assert desk.groups(later) == [("2", "new", None), ("3", "likely-duplicate", black)]
    assert "a record that was returned tells the same" in desk.run(later).out


def test_the_policy_says_what_of_the_history_comes_in(desk: Desk) -> None:
    meter = "Meter ESME:FF01/00010100 shows no balance after a top-up until its next wake-up."
    week = desk.file("week.csv", incident(1, CLOCK), incident(2, meter))
    assert [each[1] for each in desk.groups(week)] == ["new", "skipped"]
    desk.made.policy(service_desk_history="none")
    assert [each[1] for each in desk.groups(week)] == ["skipped"]
    desk.made.policy(service_desk_history="all")
    assert [each[1] for each in desk.groups(week)] == ["new", "new"]


def test_a_sheet_of_a_workbook_is_read_like_a_table(desk: Desk) -> None:
    rows = (incident(1, CLOCK), incident(2, BLACK))
    book = desk.folder / "week.xlsx"
    book.write_bytes(write_xlsx(NAMES, rows))
    of_table = desk.told(desk.file("week.csv", *rows))
    of_book = desk.told(book)
    assert of_book.pop("file") != of_table.pop("file")
    assert of_book == of_table


def test_the_export_of_a_register_comes_in_no_lower_than_it_was(desk: Desk) -> None:
    desk.validator.does("publish", "--output", str(desk.folder / "site"))
    export = desk.folder / "entry.json"
    document = json.loads((desk.folder / "site" / "records" / f"{ID}.json").read_text())
    entry = document["record"]
    entry["says"]["title"] = "Gas meter does not open its valve"
    entry["says"]["affected"] = ["GSME:FF04/00040010"]
    entry["says"]["behaviour"] = "After a top-up the valve of the gas meter stays shut for hours."
    export.write_text(json.dumps(document))
    plan = desk.folder / "plan.yaml"
    words = ("--told-by", "large-supplier")
    told = desk.run_bare(export, *words, "--plan", str(plan))
    assert told.code == 0, told
    lowered = plan.read_text().replace("classification: green", "classification: clear")
    lower = desk.folder / "lower.yaml"
    lower.write_text(lowered)
    refused = desk.run_bare(export, *words, "--apply", str(lower))
    assert refused.code == 2, refused
    assert "it was classified green, and is not lowered here" in refused.err
    assert desk.run_bare(export, *words, "--apply", str(plan)).code == 0
    [record] = _records(desk, f"submit/import-{datetime.now(UTC).date()}")
    assert (record["origin"], record["classification"]) == ("another-register", "green")
    assert record["id"] != ID
    assert "certainty" not in record


def test_who_has_no_key_enters_nothing(desk: Desk) -> None:
    week = desk.file("week.csv", incident(1, CLOCK))
    refused = desk.run(week, "--write", "--key", "", "--party", "dcc")
    assert refused.code == 2, refused
    assert "no key is named" in refused.err
    assert not (desk.folder / "columns.incidents.csv").exists()


def _paths(desk: Desk, branch: str) -> list[str]:
    moved = desk.validator.gits("diff", "--name-only", "main", branch)
    return moved.splitlines()


def _records(desk: Desk, branch: str) -> list[dict[str, Any]]:
    return [_data(desk, branch, path) for path in _paths(desk, branch) if path.count("/") == 2]


def _statements(desk: Desk, branch: str) -> list[dict[str, Any]]:
    return [_data(desk, branch, path) for path in _paths(desk, branch) if path.count("/") == 3]


def _data(desk: Desk, branch: str, path: str) -> dict[str, Any]:
    file = desk.folder / "read.yaml"
    file.write_bytes(desk.made.read(path, f"refs/heads/{branch}"))
    [section] = read_sections(file)
    file.unlink()
    return dict(section.data)
