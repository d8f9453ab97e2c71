"""A validator, the security body and a Party decide: return, hold, lift, withdraw, a day's work."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pexpect
import pytest

from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import load
from tests.registers import (
    ID,
    MAIN,
    ROOT,
    TestRegister,
    good_record,
    key_of,
    make_register,
    sha256,
    statement,
)

BRANCH = f"submit/{ID}"
REF = f"refs/heads/{BRANCH}"
REPORT = "2026-03-02-report-supplier-one.yaml"
OTHERS = ("DR-AAAA-AAA1", "DR-AAAA-AAA2", "DR-AAAA-AAA3")


def as_(person: str) -> tuple[str, str]:
    """The option that names the key of one of PEOPLE."""
    return "--key", str(key_of(person))


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    """A register with one record on a request."""
    made = make_register(tmp_path / "register")
    made.add(good_record(), accept=False, ref=REF)
    return made


@pytest.fixture
def landed(tmp_path: Path) -> TestRegister:
    """A register with one record that has landed."""
    return make_register(tmp_path / "register", [good_record()])


def git(made: TestRegister, *words: str) -> str:
    answer = subprocess.run(
        ["git", "-c", "user.name=dcc", "-c", "user.email=dcc@parties.invalid", *words],
        cwd=made.folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return answer.stdout.strip()


def newest(made: TestRegister, ref: str) -> dict[str, Any]:
    """What the file says that the last commit of a branch added."""
    refs = made.repository.refs(ref)
    (path,) = git(made, "show", "--format=", "--name-only", refs[ref]).split("\n")
    assert path.startswith(statements_folder(path.split("/")[2]) + "/")
    return dict(load(made.read(path, ref)).data)


def stage(made: TestRegister) -> str:
    """The stage of the record that has landed."""
    return str(json.loads(made.run("show", ID, "--json").out)["stage"]["name"])


def test_a_validator_returns_a_record_and_accepts_its_next_text(made: TestRegister) -> None:
    result = made.run("review", ID, "--return", "Which region is it?", *as_("dcc"))
    assert (result.code, result.err) == (0, "")
    assert f"{ID}: returned the record." in result.out
    assert f"its reporter: defectreg edit {ID}" in result.out
    said = newest(made, REF)
    assert (said["decision"], said["role"], said["says"]) == (
        "return", "validator", "Which region is it?",
    )  # fmt: skip
    edited = made.run("edit", ID, "frequency=daily", *as_("supplier-one"))
    assert edited.code == 0, edited.err
    assert made.run("review", ID, "--accept", "--yes", *as_("dcc")).code == 0
    said = newest(made, REF)
    assert said["read"] == [f"{sha256(made.read(record_path(ID), REF))}  {ID}.yaml"]


def test_who_accepts_on_the_day_of_their_own_return_supersedes_it(made: TestRegister) -> None:
    made.run("review", ID, "--return", "Which region is it?", *as_("dcc"))
    assert made.run("review", ID, "--accept", "--yes", *as_("dcc")).code == 0
    assert newest(made, REF)["supersedes"].endswith("-sign-off-dcc.yaml")
    assert json.loads(made.run("review", ID, "--json").out)["records"][0]["awaits"] == []


def test_the_security_body_holds_a_request_and_lifts_it(made: TestRegister) -> None:
    held = made.run("review", ID, "--hold", "--says", "It concerns keys.", *as_("ssc"))
    assert (held.code, newest(made, REF)["decision"]) == (0, "hold")
    assert f"the security body: defectreg review {ID} --lift" in held.out
    accepted = made.run("review", ID, "--accept", "--yes", *as_("dcc"))
    assert f"Next:\n  the security body: defectreg review {ID} --lift\n" in accepted.out
    shown = json.loads(made.run("review", ID, "--json").out)["records"][0]["outlook"]
    assert {one["stage"] for one in shown} == {"held"}
    assert made.run("review", ID, "--lift", *as_("dcc")).code == 1
    assert made.run("review", ID, "--lift", *as_("ssc")).code == 0
    said = newest(made, REF)
    assert (said["decision"], said["role"]) == ("lift", "security")
    shown = json.loads(made.run("review", ID, "--json").out)["records"][0]["outlook"]
    assert {one["stage"] for one in shown} == {"recorded", "published"}


def test_a_landed_record_is_held_on_a_request_of_its_own(landed: TestRegister) -> None:
    before = landed.repository.refs(MAIN)
    result = landed.run("review", ID, "--hold", *as_("ssc"))
    assert result.code == 0
    assert f"on submit/{ID}-ssc" in result.out
    assert landed.repository.refs(MAIN) == before
    git(landed, "merge", "-q", "--no-ff", "-m", "Land it", f"submit/{ID}-ssc")
    assert stage(landed) == "held"
    again = landed.run("review", ID, "--hold", *as_("ssc"))
    assert (again.code, "it is held already" in again.out) == (1, True)


def test_a_record_is_withdrawn_with_a_code_and_comes_back_by_an_accept(
    landed: TestRegister,
) -> None:
    other = landed.add(good_record(id=OTHERS[0]))
    asked = ("review", ID, "--withdraw", "duplicate-of", *as_("dcc"))
    unnamed = landed.run(*asked)
    assert (unnamed.code, "R083" in unnamed.out) == (1, True)
    assert landed.run(*asked, "--other", "aaaaaaa1").code == 0
    ref = f"{REF}-dcc"
    said = newest(landed, ref)
    assert (said["code"], said["other"], said["role"]) == ("duplicate-of", other, "validator")
    git(landed, "merge", "-q", "--no-ff", "-m", "Land it", f"{BRANCH}-dcc")
    assert stage(landed) == "withdrawn"
    back = landed.run("review", ID, "--accept", "--yes", *as_("dcc"))
    assert back.code == 0, back.out + back.err
    git(landed, "merge", "-q", "--no-ff", "-m", "Land it", f"{BRANCH}-dcc-2")
    assert stage(landed) == "published"


def test_a_party_withdraws_what_it_said_and_nobody_elses(landed: TestRegister) -> None:
    asked = ("review", ID, "--withdraw", "reported-in-error", "--of", REPORT)
    refused = landed.run(*asked, *as_("supplier-two"))
    assert (refused.code, "has not the role validator" in refused.out) == (1, True)
    assert landed.run(*asked, *as_("supplier-one")).code == 0
    said = newest(landed, f"{REF}-supplier-one")
    assert said["role"] == "party"
    assert said["read"] == [f"{sha256(landed.read(f'{statements_folder(ID)}/{REPORT}'))}  {REPORT}"]


def test_one_of_two_causes_is_accepted_and_the_other_still_awaits_it(landed: TestRegister) -> None:
    ref = f"{REF}-supplier-two"
    causes = [statement("cause", "supplier-two", cause="suspected", says=text)
              for text in ("The clock drifts.", "A counter overflows.")]  # fmt: skip
    first, second = landed.later().say(ID, *causes, ref=ref)
    result = landed.run("review", ID, "--accept", "--of", first, "--yes", *as_("dcc"))
    assert result.code == 0, result.out + result.err
    assert [line[66:] for line in newest(landed, ref)["read"]] == [first]
    assert json.loads(landed.run("review", ID, "--json").out)["records"][0]["awaits"] == [second]


def test_the_page_shows_change_checks_likeness_and_outlook(landed: TestRegister) -> None:
    changed = good_record(frequency="daily", alerts=["8F1E", "81A0"], title="Faulty meter is mute")
    landed.later().change(ID, changed, accept=False, ref=f"{REF}-supplier-one")
    like = landed.add(good_record(id=OTHERS[0]), accept=False, ref=f"refs/heads/submit/{OTHERS[0]}")
    result = landed.run("review", ID, like)
    assert result.code == 1
    title = good_record()["title"]
    assert (
        f"  changes\n    title:\n      - {title}\n      + Faulty meter is mute\n"
        "    frequency:\n      + daily\n    alerts:\n      + 81A0\n"
    ) in result.out
    assert "error[R040]" in result.out
    assert f"like it    {ID}  {title} (100%)" in result.out
    assert "clear  recorded, waits for evidence or a fix (any Party); cause-unknown" in result.out
    assert "green  published; cause-unknown" in result.out


def test_what_is_fetched_is_signed_on_a_branch_of_this_clone(
    made: TestRegister, tmp_path: Path
) -> None:
    git(made, "clone", "-q", str(made.folder), str(tmp_path / "clone"))
    clone = TestRegister(tmp_path / "clone", made.repository)
    result = clone.run("review", ID, "--accept", "--yes", *as_("dcc"))
    assert (result.code, result.err) == (0, "")
    assert f"on {BRANCH}\n" in result.out
    assert f"git push origin {BRANCH}\n  defectreg land {ID}\n" in result.out
    head = subprocess.run(["git", "-C", str(clone.folder), "rev-parse", f"{BRANCH}^"],
                          check=True, capture_output=True, text=True).stdout.strip()  # fmt: skip
    assert head == made.repository.refs(REF)[REF]


def test_of_two_requests_of_which_one_holds_the_other_one_is_signed(made: TestRegister) -> None:
    further = f"refs/heads/review/{ID}"
    git(made, "branch", f"review/{ID}", BRANCH)
    made.say(ID, statement("report", "supplier-two", says="We see this too."), ref=further)
    before = made.repository.refs(REF)
    result = made.run("review", ID, "--accept", "--yes", *as_("dcc"))
    assert (result.code, f"on review/{ID}\n" in result.out) == (0, True)
    assert made.repository.refs(REF) == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("review", ID, "--accept", "--hold"), "--accept and --hold are different decisions"),
        (("review", "--all"), "--all goes with --accept alone"),
        (("review", "--all", "--accept", ID), "--all goes with --accept alone"),
        (("review", "--hold"), "--hold takes the ids of records"),
        (("review", ID, "--hold", "--of", REPORT), "--of goes with"),
        (("review", ID, "--accept", "--other", ID), "--other goes with --withdraw"),
        (("review", ID, "--accept", "--says", "Fine."), "--says goes with"),
        (("review", ID, "--accept", "--json"), "JSON is no place to ask them"),
    ],
)
def test_what_does_not_go_together_is_a_sentence(
    made: TestRegister, words: tuple[str, ...], sentence: str
) -> None:
    result = made.run(*words, *as_("dcc"))
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err


class TestDaysWork:
    """All that awaits an accept, some at a time, signed in one act."""

    @pytest.fixture
    def day(self, made: TestRegister) -> TestRegister:
        """Four records on requests, of which one has an error; two go into one question."""
        made.policy(review_batch=2)
        for record_id in OTHERS:
            title = "Faulty meter" if record_id == OTHERS[2] else "Meter sends no alerts"
            made.add(good_record(id=record_id, title=title), accept=False,
                     ref=f"refs/heads/submit/{record_id}")  # fmt: skip
        return made

    @pytest.fixture
    def counted(self, tmp_path: Path) -> tuple[str, Path]:
        """A PATH whose ssh-keygen writes down what it is asked, and where it does so."""
        log = tmp_path / "asked"
        real = shutil.which("ssh-keygen")
        program = tmp_path / "bin" / "ssh-keygen"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\necho "$*" >>{log}\nexec {real} "$@"\n')
        program.chmod(0o700)
        return f"{program.parent}:{os.environ['PATH']}", log

    def test_all_that_can_be_is_accepted_by_one_signature_act_and_the_rest_is_named(
        self, day: TestRegister, counted: tuple[str, Path]
    ) -> None:
        path, log = counted
        result = day.run("review", "--all", "--accept", "--yes", *as_("dcc"), PATH=path)
        assert result.code == 1
        assert f"{OTHERS[2]}: not accepted.\n  R040" in result.out
        signings = [line for line in log.read_text().splitlines() if "-Y sign" in line]
        assert len(signings) == 1
        for record_id in (ID, *OTHERS[:2]):
            assert newest(day, f"refs/heads/submit/{record_id}")["decision"] == "accept"
        assert f"defectreg land {ID} {OTHERS[0]} {OTHERS[1]}\n" in result.out

    def test_one_question_is_asked_for_so_many_as_the_policy_says(
        self, day: TestRegister, counted: tuple[str, Path]
    ) -> None:
        path, log = counted
        words = ["-m", "defectreg", "-C", str(day.folder), "review", "--all", "--accept"]
        child = pexpect.spawn(
            sys.executable, [*words, *as_("dcc")], cwd=str(ROOT), encoding="utf-8", timeout=60,
            env={**os.environ, "NO_COLOR": "1", "PATH": path},
        )  # fmt: skip
        child.expect("1. DR-")
        child.expect("2. DR-")
        child.expect("Accept these 2")
        child.sendline("n")
        child.expect("3. DR-")
        child.expect("Accept it")
        child.sendline("y")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 1
        assert len([line for line in log.read_text().splitlines() if "-Y sign" in line]) == 1
        signed = [record_id for record_id in (ID, *OTHERS)
                  if "sign-off" in git(day, "ls-tree", "-r", "--name-only",
                                       f"submit/{record_id}", "records")]  # fmt: skip
        assert len(signed) == 1

    def test_many_on_one_branch_are_one_commit(self, tmp_path: Path) -> None:
        made = make_register(tmp_path / "register")
        files: dict[str, bytes] = {}
        for record_id in OTHERS:
            made.add(good_record(id=record_id), accept=False, ref=f"refs/heads/{record_id}")
            tip = made.repository.refs(f"refs/heads/{record_id}")[f"refs/heads/{record_id}"]
            files |= {path: made.read(path, f"refs/heads/{record_id}")
                      for path in made.repository.listing(tip, "records")}  # fmt: skip
        made.commit(files, "refs/heads/submit/import")
        before = made.repository.refs("refs/heads/submit/import")["refs/heads/submit/import"]
        result = made.run("review", "--all", "--accept", "--yes", "--json", *as_("dcc"))
        assert result.code == 0, result.err
        (commit,) = {record["commit"] for record in json.loads(result.out)["records"]}
        assert git(made, "rev-parse", f"{commit}^") == before
        names = git(made, "show", "--format=", "--name-only", commit).split("\n")
        assert len(names) == len(OTHERS)

    def test_what_awaits_only_others_is_left_out(self, made: TestRegister) -> None:
        made.policy(who_validates="both")
        asked = ("review", "--all", "--accept", "--yes", *as_("dcc"))
        first = made.run(*asked)
        assert first.code == 0, first.out + first.err
        assert f"Next:\n  a manufacturer: defectreg review {ID} --accept\n" in first.out
        again = made.run(*asked)
        assert (again.code, again.out) == (0, "Nothing on a request awaits your sign-off.\n")

    def test_a_dry_run_signs_nothing(self, day: TestRegister) -> None:
        refs = day.repository.refs()
        result = day.run("review", "--all", "--accept", "--dry-run", *as_("dcc"))
        assert result.code == 1
        assert f"{ID}: the record would be accepted." in result.out
        assert day.repository.refs() == refs
