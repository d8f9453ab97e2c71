"""A validator lands what was accepted: one step of main, out of the files of the named records."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import dump
from tests.registers import (
    ID,
    TestRegister,
    good_record,
    key_of,
    make_register,
    sha256,
    sign,
    sign_off,
    statement,
)

BRANCH = f"submit/{ID}"
REF = f"refs/heads/{BRANCH}"
MAIN = "refs/heads/main"
OTHER = "DR-AAAA-BBBB"
OTHER_REF = f"refs/heads/submit/{OTHER}"
AS_VALIDATOR = ("--key", str(key_of("dcc")))
CAUSE = statement("cause", "supplier-two", cause="suspected", says="The clock drifts.")


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    """A register with one record on a request, accepted."""
    made = make_register(tmp_path / "register")
    made.add(good_record(), ref=REF)
    return made


def git(folder: Path, *words: str) -> str:
    answer = subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@example.invalid", *words],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return answer.stdout.strip()


def files(made: TestRegister, ref: str = MAIN) -> list[str]:
    """The paths below ``records/`` on a branch."""
    return list(made.repository.listing(made.repository.refs(ref)[ref], "records"))


def names(made: TestRegister, record_id: str = ID) -> list[str]:
    folder = f"{statements_folder(record_id)}/"
    return [path.removeprefix(folder) for path in files(made) if path.startswith(folder)]


def test_one_record_lands_as_one_step_and_its_branch_is_removed(made: TestRegister) -> None:
    before = made.repository.refs(MAIN)[MAIN]
    result = made.run("land", "7k3q", *AS_VALIDATOR)
    assert (result.code, result.err) == (0, ""), result
    assert "Landed on main: 1 record, 3 files." in result.out
    assert f"removed {BRANCH}" in result.out
    assert git(made.folder, "log", "-1", "--format=%P %an %s", "main") == f"{before} dcc Land {ID}"
    assert record_path(ID) in files(made)
    assert REF not in made.repository.refs(REF)
    assert (made.folder / record_path(ID)).is_file()
    assert git(made.folder, "status", "--porcelain") == ""


def test_a_dry_run_moves_nothing(made: TestRegister) -> None:
    before = made.repository.refs()
    result = made.run("land", ID, "--dry-run", *AS_VALIDATOR)
    assert (result.code, made.repository.refs()) == (0, before)
    assert "Would land on main: 1 record, 3 files." in result.out


def test_without_an_accept_it_is_refused_and_says_what_is_awaited(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.add(good_record(), accept=False, ref=REF)
    before = made.repository.refs()
    result = made.run("land", ID, *AS_VALIDATOR)
    assert (result.code, made.repository.refs()) == (1, before)
    assert "awaited[G011]" in result.out
    assert "Not landed" in result.out


def test_two_requests_of_one_record_land_in_one_step(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    made.later().say(ID, CAUSE, accept=True, ref=f"{REF}-supplier-two")
    report = statement("report", "supplier-one", says="We see it again.")
    made.say(ID, report, ref=f"{REF}-supplier-one")
    steps = git(made.folder, "rev-list", "--count", "main")
    result = made.run("land", ID, "--json", *AS_VALIDATOR)
    assert result.code == 0, result
    told = json.loads(result.out)
    assert told["removed"] == [f"{BRANCH}-supplier-one", f"{BRANCH}-supplier-two"]
    assert int(git(made.folder, "rev-list", "--count", "main")) == int(steps) + 1
    assert [name for name in names(made) if name.startswith("2026-03-03")] == [
        "2026-03-03-cause-supplier-two.yaml",
        "2026-03-03-report-supplier-one.yaml",
        "2026-03-03-sign-off-dcc.yaml",
    ]


def test_a_name_that_the_target_has_taken_gets_the_next_number(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    made.later().say(ID, CAUSE, accept=True, ref=f"{REF}-supplier-two")
    other = statement("cause", "supplier-two", cause="suspected", says="A counter overflows.")
    made.say(ID, other, accept=True)
    result = made.run("land", ID, "--json", *AS_VALIDATOR)
    assert result.code == 0, result
    folder = statements_folder(ID)
    assert json.loads(result.out)["renamed"] == {
        f"{folder}/2026-03-03-cause-supplier-two-2.yaml": "2026-03-03-cause-supplier-two.yaml",
        f"{folder}/2026-03-03-sign-off-dcc-2.yaml": "2026-03-03-sign-off-dcc.yaml",
    }
    assert json.loads(result.out)["removed"] == [f"{BRANCH}-supplier-two"]
    shown = json.loads(made.run("show", ID, "--json").out)
    states = {said["file"]: said["state"] for said in shown["statements"]}
    assert states["2026-03-03-cause-supplier-two-2.yaml"] == "counts"


def test_two_requests_that_took_one_name_land_under_two(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    made.later().say(ID, CAUSE, accept=True, ref=f"{REF}-a")
    other = statement("cause", "supplier-two", cause="suspected", says="A counter overflows.")
    made.say(ID, other, accept=True, ref=f"{REF}-b")
    assert made.run("land", ID, *AS_VALIDATOR).code == 0
    assert [name for name in names(made) if "cause" in name] == [
        "2026-03-03-cause-supplier-two-2.yaml",
        "2026-03-03-cause-supplier-two.yaml",
    ]
    assert made.run("queue", "--for", "validator", "--json").out.count('"since"') == 0


def test_a_text_that_two_requests_change_differently_is_refused_with_both_named(
    tmp_path: Path,
) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    made.later().change(ID, good_record(frequency="daily"), ref=f"{REF}-a")
    made.change(ID, good_record(frequency="weekly"), ref=f"{REF}-b")
    result = made.run("land", ID, *AS_VALIDATOR)
    assert result.code == 1
    assert f"{BRANCH}-a and {BRANCH}-b each bring another text of it" in result.out


def test_what_has_landed_already_keeps_nothing_else_from_landing(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    other = "DR-AAAA-BBBB"
    made.add(good_record(id=other), ref=f"refs/heads/submit/{other}")
    result = made.run("land", ID, other, *AS_VALIDATOR)
    assert result.code == 0, result
    assert f"Nothing new: {ID}" in result.out
    assert other in made.run("search", "--json").out
    nowhere = made.run("land", ID, *AS_VALIDATOR)
    assert nowhere.code == 3
    assert f"nothing of {ID} is on a request" in nowhere.err


def test_a_stale_sign_off_is_left_out_and_said(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.add(good_record(), ref=REF)
    made.change(ID, good_record(frequency="daily"), ref=REF)
    result = made.run("land", ID, *AS_VALIDATOR)
    assert result.code == 0, result
    stale = "2026-03-02-sign-off-dcc.yaml"
    assert f"Left out: {statements_folder(ID)}/{stale} reads what is not there" in result.out
    assert names(made) == ["2026-03-02-report-supplier-one.yaml", "2026-03-02-sign-off-dcc-2.yaml"]
    assert REF not in made.repository.refs(REF)


def test_what_another_has_not_signed_keeps_nothing_from_landing(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.add(good_record(), ref=REF)
    added = made.run("add", "report", ID, "Seen here too.", "--party", "supplier-two")
    assert added.code == 0, added
    result = made.run("land", ID, *AS_VALIDATOR)
    assert result.code == 0, result
    (left,) = [line for line in result.out.splitlines() if line.startswith("Left out")]
    assert left.endswith("-report-supplier-two.yaml is not signed yet")
    assert REF in made.repository.refs(REF)


def test_a_batch_lands_in_the_parts_that_are_named(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    ref = "refs/heads/submit/import"
    batch = [f"DR-{number:04X}-0000" for number in range(0x100, 0x108)]
    for record_id in batch:
        made.add(good_record(id=record_id, title=f"Display {record_id[3:7]} stays dark"),
                 accept=record_id != batch[-1], ref=ref)  # fmt: skip
    first = made.run("land", *batch[:3], *AS_VALIDATOR)
    assert first.code == 0, first
    assert "Landed on main: 3 records, 9 files." in first.out
    assert ref in made.repository.refs(ref)
    ready = made.run("land", "--all", "--json", *AS_VALIDATOR)
    assert ready.code == 0, ready
    told = json.loads(ready.out)
    assert (told["records"], told["not_ready"]) == (batch[3:-1], batch[-1:])
    assert ref in made.repository.refs(ref)
    assert [path for path in files(made) if path.count("/") == 2] == list(
        map(record_path, batch[:-1])
    )
    refused = made.run("land", batch[-1], *AS_VALIDATOR)
    assert refused.code == 1
    nothing = made.run("land", batch[0], *AS_VALIDATOR)
    assert (nothing.code, "is on a request" in nothing.err) == (3, True)


def test_three_hundred_are_accepted_in_one_batch_and_landed_in_parts(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    batch = [f"DR-{number:04X}-0000" for number in range(0x100, 0x100 + 300)]
    texts = [dump(good_record(id=one, title=f"Display {one[3:7]} stays dark")).encode()
             for one in batch]  # fmt: skip
    of_day = {"date": made.today.isoformat()}
    reports = sign("supplier-one", *({"of": one, **statement("report", "supplier-one"), **of_day}
                                     for one in batch))  # fmt: skip
    accepts = sign(
        "dcc",
        *(
            {"of": one, **sign_off("accept", read=[f"{sha256(text)}  {one}.yaml"]), **of_day}
            for one, text in zip(batch, texts, strict=True)
        ),
    )
    said: dict[str, bytes | None] = {}
    for one, text, report, accept in zip(batch, texts, reports, accepts, strict=True):
        folder = statements_folder(one)
        said[record_path(one)] = text
        said[f"{folder}/{made.today}-report-supplier-one.yaml"] = report
        said[f"{folder}/{made.today}-sign-off-dcc.yaml"] = accept
    ref = "refs/heads/submit/import"
    made.commit(said, ref)
    first = made.run("land", *batch[:150], *AS_VALIDATOR)
    assert first.code == 0, first
    assert "Landed on main: 150 records, 450 files." in first.out
    assert ref in made.repository.refs(ref)
    rest = made.run("land", "--all", *AS_VALIDATOR)
    assert rest.code == 0, rest
    assert "Landed on main: 150 records, 450 files." in rest.out
    assert "removed submit/import" in rest.out
    assert set(said) <= set(files(made))


def test_the_branch_that_is_checked_out_stays(made: TestRegister) -> None:
    git(made.folder, "switch", "-q", BRANCH)
    result = made.run("land", ID, *AS_VALIDATOR)
    assert result.code == 0, result
    assert f"{BRANCH} is checked out, and stays" in result.err
    assert record_path(ID) in files(made)


def test_who_lands_is_named_by_party_alone(made: TestRegister) -> None:
    assert made.run("land", ID, "--party", "secas").code == 0
    assert git(made.folder, "log", "-1", "--format=%an <%ae> %cn <%ce>", "main") == (
        "secas <secas@parties.invalid> secas <secas@parties.invalid>"
    )


def test_ids_or_all_are_asked_for(made: TestRegister) -> None:
    assert made.run("land", *AS_VALIDATOR).code == 2
    assert made.run("land", ID, "--all", *AS_VALIDATOR).code == 2


@pytest.fixture
def shared(made: TestRegister, tmp_path: Path) -> Path:
    """A bare repository that the register's main and request are pushed to."""
    bare = tmp_path / "shared.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
    git(made.folder, "remote", "add", "origin", f"file://{bare}")
    git(made.folder, "push", "-q", "--set-upstream", "origin", "main")
    git(made.folder, "push", "-q", "origin", BRANCH)
    return bare


def test_what_lands_is_pushed_to_the_upstream_and_its_branch_goes_there_too(
    made: TestRegister, shared: Path
) -> None:
    result = made.run("land", ID, *AS_VALIDATOR)
    assert result.code == 0, result
    assert "Landed on main, pushed to origin" in result.out
    assert f"removed {BRANCH}, origin/{BRANCH}" in result.out
    assert git(shared, "for-each-ref", "--format=%(refname:short)") == "main"
    assert git(shared, "rev-parse", "main") == made.repository.refs(MAIN)[MAIN]


def test_with_no_push_nothing_leaves_this_clone(made: TestRegister, shared: Path) -> None:
    before = git(shared, "for-each-ref")
    assert made.run("land", ID, "--no-push", *AS_VALIDATOR).code == 0
    assert git(shared, "for-each-ref") == before
    assert record_path(ID) in files(made)


def test_who_pushed_before_is_fetched_and_the_step_is_judged_again(
    made: TestRegister, shared: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "-q", f"file://{shared}", "other")
    faster = TestRegister(tmp_path / "other", made.repository.find(tmp_path / "other"))
    faster.add(good_record(id=OTHER, title="Display stays dark"))
    git(faster.folder, "push", "-q", "origin", "main")
    result = made.run("land", ID, *AS_VALIDATOR)
    assert result.code == 0, result
    assert {record_path(ID), record_path(OTHER)} <= set(files(made))
    assert git(shared, "rev-parse", "main") == made.repository.refs(MAIN)[MAIN]
    parent = git(shared, "rev-parse", "main^")
    assert parent == faster.repository.refs(MAIN)[MAIN]


def test_what_a_faster_push_made_wrong_does_not_land(
    made: TestRegister, shared: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "-q", f"file://{shared}", "other")
    faster = TestRegister(tmp_path / "other", made.repository.find(tmp_path / "other"))
    faster.add(good_record(frequency="daily"))
    git(faster.folder, "push", "-q", "origin", "main")
    result = made.run("land", ID, *AS_VALIDATOR)
    assert result.code == 1, result
    assert git(shared, "rev-parse", "main") == faster.repository.refs(MAIN)[MAIN]


def test_what_the_other_side_refuses_has_not_landed(made: TestRegister, shared: Path) -> None:
    hook = shared / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'not on a Sunday' >&2\nexit 1\n")
    hook.chmod(0o755)
    before = made.repository.refs()
    result = made.run("land", ID, *AS_VALIDATOR)
    assert result.code == 3
    assert "origin refused the step" in result.err
    assert "not on a Sunday" in result.err
    assert made.repository.refs() == before


def test_a_request_that_was_only_fetched_lands_too(
    made: TestRegister, shared: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "-q", f"file://{shared}", "other")
    other = TestRegister(tmp_path / "other", made.repository.find(tmp_path / "other"))
    result = other.run("land", ID, *AS_VALIDATOR)
    assert result.code == 0, result
    assert f"removed origin/{BRANCH}" in result.out
    assert git(shared, "for-each-ref", "--format=%(refname:short)") == "main"


def test_without_a_main_of_ones_own_the_step_goes_to_the_fetched_one(
    made: TestRegister, shared: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "-q", "-b", BRANCH, f"file://{shared}", "other")
    other = TestRegister(tmp_path / "other", made.repository.find(tmp_path / "other"))
    assert MAIN not in other.repository.refs(MAIN)
    kept = other.run("land", ID, "--no-push", *AS_VALIDATOR)
    assert (kept.code, "has no branch main of its own" in kept.err) == (3, True)
    result = other.run("land", ID, *AS_VALIDATOR)
    assert result.code == 0, result
    assert git(shared, "for-each-ref", "--format=%(refname:short)") == "main"
    assert MAIN not in other.repository.refs(MAIN)


def test_two_mains_that_went_different_ways_are_refused(made: TestRegister, shared: Path) -> None:
    made.add(good_record(id=OTHER))
    git(made.folder, "push", "-q", "origin", "main")
    theirs = git(shared, "rev-parse", "main")
    git(made.folder, "reset", "-q", "--hard", "main^")
    made.add(good_record(id="DR-CCCC-DDDD"))
    result = made.run("land", ID, *AS_VALIDATOR)
    assert (result.code, "went different ways" in result.err) == (3, True)
    assert git(shared, "rev-parse", "main") == theirs


def test_a_server_that_keeps_branches_takes_the_step_alone(
    made: TestRegister, shared: Path
) -> None:
    git(shared, "config", "receive.denyDeletes", "true")
    result = made.run("land", ID, *AS_VALIDATOR)
    assert result.code == 0, result
    assert "origin keeps the branches of what has landed" in result.err
    assert git(shared, "rev-parse", "main") == made.repository.refs(MAIN)[MAIN]
    assert f"refs/heads/{BRANCH}" in git(shared, "for-each-ref")


def test_a_review_and_the_request_below_it_go_together(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.add(good_record(), accept=False, ref=REF)
    review = f"refs/heads/review/{ID}"
    git(made.folder, "update-ref", review, REF)
    made.say(ID, sign_off("accept"), ref=review)
    result = made.run("land", ID, *AS_VALIDATOR)
    assert result.code == 0, result
    assert made.repository.refs("refs/heads/") == made.repository.refs(MAIN)


def test_a_request_that_a_forge_numbers_lands_too(made: TestRegister) -> None:
    git(made.folder, "update-ref", "refs/merge-requests/7/head", REF)
    git(made.folder, "update-ref", "-d", REF)
    result = made.run("land", ID, *AS_VALIDATOR)
    assert result.code == 0, result
    assert record_path(ID) in files(made)
    again = made.run("land", ID, *AS_VALIDATOR)
    assert again.code == 3
