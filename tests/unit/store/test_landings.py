from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from defectreg.register.record import record_path
from defectreg.register.standing import Landing, Standing
from defectreg.store.git import Repository
from defectreg.store.landings import Landings, standing_of
from defectreg.store.places import Register
from defectreg.store.sources import case_files
from tests.registers import FIRST_DAY, ID, TestRegister, good_record, make_register, statement

PATH = record_path(ID)
REPORT = f"records/7K/{ID}/2026-03-02-report-supplier-one.yaml"


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "r", [good_record()], signs=False)


def landings_of(register: Register) -> Landings:
    return Landings.of(register.repository, register.head, register.grounds)


def standing(register: Register, assume_landed: date | None = None) -> Standing:
    files = case_files(register.head_source, ID)
    found = standing_of(ID, files, landings_of(register), register.grounds, assume_landed)
    assert found is not None
    return found


def test_a_file_landed_with_the_step_that_added_it_and_stays_so_when_it_changes(
    made: TestRegister,
) -> None:
    before = landings_of(made.register()).of_path(PATH)
    made.later(7).change(ID, good_record(title="Another title of the same"))
    assert before == Landing(1, FIRST_DAY, "dcc", "self")
    assert landings_of(made.register()).of_path(PATH) == before


def test_a_file_removed_and_added_again_landed_the_second_time(made: TestRegister) -> None:
    source = made.read(PATH)
    made.commit({PATH: None})
    made.later().commit({PATH: source})
    landing = landings_of(made.register()).of_path(PATH)
    assert landing is not None
    assert (landing.step, landing.day) == (3, date(2026, 3, 3))


def test_what_landed_by_a_merge_landed_on_the_day_of_the_merge(made: TestRegister) -> None:
    made.say(ID, statement("fix", "supplier-two", says="Update."), ref="refs/heads/submit/x")
    when = {"GIT_AUTHOR_DATE": "2026-04-01T12:00Z", "GIT_COMMITTER_DATE": "2026-04-01T12:00Z"}
    names = {f"GIT_{who}_{what}": "a@b.invalid" for who in ("AUTHOR", "COMMITTER")
             for what in ("NAME", "EMAIL")}  # fmt: skip
    subprocess.run(
        ["git", "merge", "--quiet", "--no-ff", "-m", "land", "submit/x"],
        cwd=made.folder, env={"PATH": "/usr/bin:/bin", **names, **when}, check=True,
    )  # fmt: skip
    landing = landings_of(made.register()).of_path(
        f"records/7K/{ID}/2026-03-02-fix-supplier-two.yaml"
    )
    assert landing == Landing(2, date(2026, 4, 1), "dcc", "self")


def test_who_validates_is_the_policy_of_the_step_that_landed_a_file(made: TestRegister) -> None:
    made.policy(who_validates="peer", dcc_reports_validated_by="other-party")
    made.say(ID, statement("report", "supplier-two"))
    landings = landings_of(made.register())
    later = landings.of_path(f"records/7K/{ID}/2026-03-02-report-supplier-two.yaml")
    first = landings.of_path(REPORT)
    assert later is not None
    assert first is not None
    assert (later.who_validates, later.dcc_reports_validated_by) == ("peer", "other-party")
    assert (first.who_validates, first.dcc_reports_validated_by) == ("dcc", "self")


def test_where_history_is_cut_the_oldest_commit_landed_all_it_holds(
    made: TestRegister, tmp_path: Path
) -> None:
    made.later(30).say(ID, statement("report", "supplier-two"))
    url = f"file://{made.folder}"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", url, str(tmp_path / "cut")], check=True)
    cut = Register(repository := Repository.find(tmp_path / "cut"), repository.head() or "")
    assert landings_of(cut).of_path(REPORT) == Landing(0, date(2026, 4, 1), "dcc", "self")


def test_what_has_not_landed_has_no_landing_and_is_no_part_of_a_standing(
    made: TestRegister,
) -> None:
    register = made.register()
    files = case_files(register.head_source, ID)
    name = "2026-03-05-report-supplier-two.yaml"
    data = {**statement("report", "supplier-two"), "of": ID, "date": "2026-03-05"}
    made.say(ID, data, ref="refs/heads/submit/x")
    files[f"records/7K/{ID}/{name}"] = made.read(f"records/7K/{ID}/{name}", "refs/heads/submit/x")
    landings = landings_of(register)
    without = standing_of(ID, files, landings, register.grounds)
    assumed = standing_of(ID, files, landings, register.grounds, date(2026, 3, 9))
    assert landings.of_path(f"records/7K/{ID}/{name}") is None
    assert without is not None
    assert assumed is not None
    assert name not in {item.statement.file for item in without.landed}
    last = next(item for item in assumed.landed if item.statement.file == name)
    assert (last.landing.step, last.landing.day) == (2, date(2026, 3, 9))


def test_a_record_that_cannot_be_read_has_no_standing(made: TestRegister) -> None:
    register = made.register()
    files = {**case_files(register.head_source, ID), PATH: b"title: no record\n"}
    assert standing_of(ID, files, landings_of(register), register.grounds) is None
    assert standing_of("DR-0000-0000", {}, landings_of(register), register.grounds) is None


def test_a_statement_that_cannot_be_read_is_left_out_of_a_standing(made: TestRegister) -> None:
    made.commit({f"records/7K/{ID}/2026-03-03-fix-supplier-two.yaml": b"kind: fix\n"})
    kinds = sorted(item.statement.kind for item in standing(made.register()).landed)
    assert kinds == ["report", "sign-off"]
