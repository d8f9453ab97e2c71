"""An import as one step: whatever moment it is killed at, it was done or it was not."""

from __future__ import annotations

import json
import stat
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from defectreg.store.files import FileProblem
from defectreg.store.git import BranchMoved, Occasion, advance_each, blob_id
from defectreg.store.intake.outside import Outside
from defectreg.store.intake.under_way import Step, UnderWay, commits_of, finish, perform
from tests.registers import MAIN, TestRegister, good_record, make_register

PATH = "records/7K/DR-7K3Q-X4MB/2026-11-22-report-dcc.yaml"
BRANCH, OTHER = "refs/heads/submit/import-one", "refs/heads/submit/other"
WHEN = Occasion("Import\n", "dcc", datetime(2026, 11, 22, tzinfo=UTC))


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    made = make_register(tmp_path / "register", [good_record()])
    made.commit({"records/7K/other.yaml": b"other: file\n"}, OTHER)
    return made


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Outside(folder, "columns")


def steps_of(made: TestRegister) -> list[Step]:
    refs = made.repository.refs(MAIN, OTHER)
    return [Step(BRANCH, refs[MAIN], {PATH: b"of: one\n"}),
            Step(OTHER, refs[OTHER], {PATH: b"of: two\n"})]  # fmt: skip


def begun(made: TestRegister, outside: Outside) -> dict[str, str]:
    """The commits of an import that noted what it was about to do, and no more."""
    steps = steps_of(made)
    commits = commits_of(made.register(), steps, WHEN)
    texts = {str(outside.incidents): "filed\n"}
    note = UnderWay(commits, PATH, blob_id(b"of: one\n"), texts)
    outside.under_way.write_text(json.dumps(asdict(note)))
    return commits


def test_branches_move_together_and_files_are_their_owners(
    made: TestRegister, outside: Outside
) -> None:
    steps = steps_of(made)
    commits = commits_of(made.register(), steps, WHEN)
    perform(made.register(), outside, steps, commits, {outside.incidents: "filed\n"}, "dcc")
    refs = made.repository.refs()
    assert (refs[BRANCH], refs[OTHER]) == (commits[BRANCH], commits[OTHER])
    assert outside.incidents.read_text() == "filed\n"
    assert stat.S_IMODE(outside.incidents.stat().st_mode) == 0o600
    assert not outside.under_way.exists()


def test_where_one_branch_moved_meanwhile_none_does_and_nothing_is_filed(
    made: TestRegister, outside: Outside
) -> None:
    steps = steps_of(made)
    commits = commits_of(made.register(), steps, WHEN)
    made.commit({"records/7K/third.yaml": b"third: file\n"}, OTHER)
    with pytest.raises(BranchMoved):
        perform(made.register(), outside, steps, commits, {outside.incidents: "filed\n"}, "dcc")
    assert BRANCH not in made.repository.refs()
    assert finish(made.register(), outside) is False
    assert not outside.incidents.exists()
    assert not outside.under_way.exists()


def test_killed_before_the_branches_moved_nothing_was_done(
    made: TestRegister, outside: Outside
) -> None:
    begun(made, outside)
    assert finish(made.register(), outside) is False
    assert not outside.incidents.exists()
    assert not outside.under_way.exists()


def test_killed_after_the_branches_moved_it_is_finished(
    made: TestRegister, outside: Outside
) -> None:
    steps = steps_of(made)
    commits = begun(made, outside)
    moves = {step.ref: (step.base, commits[step.ref]) for step in steps}
    advance_each(made.repository, moves, "dcc")
    assert finish(made.register(), outside) is True
    assert outside.incidents.read_text() == "filed\n"
    assert finish(made.register(), outside) is False


def test_killed_after_that_and_landed_since_it_is_finished_too(
    made: TestRegister, outside: Outside
) -> None:
    begun(made, outside)
    made.commit({PATH: b"of: one\n"})
    assert finish(made.register(), outside) is True
    assert outside.incidents.read_text() == "filed\n"


def test_what_others_wrote_at_the_same_place_does_not_count(
    made: TestRegister, outside: Outside
) -> None:
    begun(made, outside)
    made.commit({PATH: b"of: others\n"})
    assert finish(made.register(), outside) is False


def test_a_note_that_cannot_be_read_stops_the_run(made: TestRegister, outside: Outside) -> None:
    outside.under_way.write_text("{}")
    with pytest.raises(FileProblem, match="what a run noted"):
        finish(made.register(), outside)
