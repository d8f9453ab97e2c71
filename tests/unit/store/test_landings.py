from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from defectreg.register.record import record_path
from defectreg.register.standing import Landing, Standing
from defectreg.store.git import Repository
from defectreg.store.landings import (
    Landings,
    LandingsSince,
    Reached,
    landings_since,
    standing_of,
)
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


def since(made: TestRegister, known: Landings) -> LandingsSince | None:
    register = made.register()
    assert known.reached is not None
    return landings_since(register.repository, known.reached, register.head, register.grounds)


def brought_on(known: Landings, since: LandingsSince | None) -> dict[str, Landing]:
    """The landings of the later commit, by those of the earlier one and what came since."""
    assert since is not None
    left = {path: known.by_path[path] for path in known.by_path.keys() - since.gone}
    return {**left, **since.landed}


class TestSince:
    def test_what_landed_since_is_all_that_differs_and_the_steps_go_on(
        self, made: TestRegister
    ) -> None:
        known = landings_of(made.register())
        made.later(3).policy(who_validates="peer")
        made.say(ID, statement("report", "supplier-two"))
        found, now = since(made, known), landings_of(made.register())
        assert found is not None
        path = f"records/7K/{ID}/2026-03-05-report-supplier-two.yaml"
        assert found.landed == {path: Landing(3, date(2026, 3, 5), "peer", "self")}
        assert found.gone == frozenset()
        assert brought_on(known, found) == now.by_path
        assert found.reached == now.reached

    def test_what_was_removed_is_gone_and_lands_anew_where_it_comes_again(
        self, made: TestRegister
    ) -> None:
        known, source = landings_of(made.register()), made.read(PATH)
        made.commit({PATH: None, REPORT: None})
        made.later().commit({PATH: source})
        found = since(made, known)
        assert found is not None
        assert found.gone == {REPORT}
        assert found.landed == {PATH: Landing(3, date(2026, 3, 3), "dcc", "self")}
        assert brought_on(known, found) == landings_of(made.register()).by_path

    def test_what_a_commit_that_was_taken_back_had_brought_is_gone(
        self, made: TestRegister
    ) -> None:
        before = landings_of(made.register())
        made.say(ID, statement("report", "supplier-two"))
        known = landings_of(made.register())
        go_back(made)
        made.later().say(ID, statement("cause", "supplier-two", cause="suspected", says="Rain."))
        found = since(made, known)
        assert found is not None
        assert found.gone == known.by_path.keys() - before.by_path.keys()
        assert brought_on(known, found) == landings_of(made.register()).by_path
        assert found.reached == landings_of(made.register()).reached

    def test_a_merge_is_one_step(self, made: TestRegister) -> None:
        known = landings_of(made.register())
        made.say(ID, statement("report", "supplier-two"), ref="refs/heads/submit/x")
        made.later().say(ID, statement("report", "maker-one"), ref="refs/heads/submit/x")
        git(made, "merge", "--quiet", "--no-ff", "-m", "land", "submit/x")
        found = since(made, known)
        assert found is not None
        assert {landing.step for landing in found.landed.values()} == {2}
        assert brought_on(known, found) == landings_of(made.register()).by_path

    def test_one_that_took_back_a_removal_or_a_policy_is_told_by_the_whole_history(
        self, made: TestRegister
    ) -> None:
        made.commit({REPORT: None})
        removed = landings_of(made.register())
        go_back(made)
        assert since(made, removed) is None
        made.policy(who_validates="peer")
        switched = landings_of(made.register())
        go_back(made)
        assert since(made, switched) is None

    def test_a_history_that_meets_it_only_by_a_second_parent_is_told_by_the_whole(
        self, made: TestRegister
    ) -> None:
        made.say(ID, statement("report", "supplier-two"), ref="refs/heads/submit/x")
        made.say(ID, statement("cause", "supplier-two", cause="suspected", says="Rain."))
        known = landings_of(made.register())
        git(made, "checkout", "--quiet", "submit/x")
        git(made, "merge", "--quiet", "--no-ff", "-m", "crossed", "main")
        assert since(made, known) is None

    def test_a_history_that_is_cut_elsewhere_now_is_told_by_the_whole(
        self, made: TestRegister
    ) -> None:
        known = landings_of(made.register())
        made.later().say(ID, statement("report", "supplier-two"))
        assert since(made, known) is not None
        (made.folder / ".git" / "shallow").write_text(f"{made.register().head}\n")
        assert since(made, known) is None

    def test_a_commit_that_is_not_here_any_more_is_told_by_the_whole(
        self, made: TestRegister
    ) -> None:
        known = landings_of(made.register())
        assert known.reached is not None
        gone = Landings({}, 2, replace(known.reached, commit="1" * 40))
        assert since(made, known) is not None
        assert since(made, gone) is None

    def test_what_was_reached_is_read_as_it_was_written(self, made: TestRegister) -> None:
        reached = landings_of(made.register()).reached
        assert reached is not None
        given = replace(reached, given=("dcc", "self"), cut="1" * 40)
        assert Reached.parse(reached.text) == reached
        assert Reached.parse(given.text) == given
        assert [Reached.parse(text) for text in ("", "[]", "{}", "[1, 2, 3, 4, 5]")] == [None] * 4

    def test_switches_that_no_step_says_are_those_of_the_commit_that_is_asked(
        self, made: TestRegister
    ) -> None:
        known = landings_of(made.register())
        assert known.reached is not None
        assert known.reached.given is None
        other = Landings({}, 2, replace(known.reached, given=("peer", "self")))
        same = Landings({}, 2, replace(known.reached, given=("dcc", "self")))
        assert since(made, other) is None
        assert since(made, same) is not None


def go_back(made: TestRegister) -> None:
    """As if the last commit had never been."""
    git(made, "reset", "--quiet", "--hard", "HEAD~1")


def git(made: TestRegister, *words: str) -> None:
    names = {f"GIT_{who}_{what}": "a@b.invalid" for who in ("AUTHOR", "COMMITTER")
             for what in ("NAME", "EMAIL")}  # fmt: skip
    if words[0] != "reset":
        subprocess.run(["git", "reset", "--quiet", "--hard"], cwd=made.folder, check=True)
    subprocess.run(["git", *words], cwd=made.folder, check=True,
                   env={"PATH": "/usr/bin:/bin", **names})  # fmt: skip
