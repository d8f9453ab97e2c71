from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from defectreg.register.record import record_path, statements_folder
from defectreg.store.requests import LANDED, newest, requests_for, requests_of, target_of
from tests.registers import ID, TestRegister, good_record, make_register, statement

BRANCH = f"refs/heads/submit/{ID}"
OTHER = "DR-AAAA-BBBB"


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", signs=False)


def git(made: TestRegister, *words: str) -> None:
    subprocess.run(["git", *words], cwd=made.folder, check=True, capture_output=True)


def brought(made: TestRegister) -> dict[str, list[str]]:
    return {
        request.branch: sorted(path.rpartition("/")[2] for path in request.new)
        for request in requests_of(target_of(made.register()))
    }


def test_a_request_brings_what_the_target_does_not_have(made: TestRegister) -> None:
    made.add(good_record(id=OTHER))
    made.add(good_record(), accept=False, ref=BRANCH)
    assert brought(made) == {f"submit/{ID}": ["2026-03-02-report-supplier-one.yaml", f"{ID}.yaml"]}


def test_what_landed_since_is_no_part_of_an_older_request(made: TestRegister) -> None:
    made.add(good_record(), accept=False, ref=BRANCH)
    made.add(good_record(id=OTHER))
    (request,) = requests_of(target_of(made.register()))
    assert (request.record_id, request.landed) == (ID, {})


def test_a_request_that_has_landed_brings_nothing(made: TestRegister) -> None:
    made.add(good_record(), accept=False, ref=BRANCH)
    git(made, "-c", "user.name=x", "-c", "user.email=x", "merge", "--no-ff", "-m", "Land", BRANCH)
    assert brought(made) == {}


def test_a_statement_on_a_landed_record_stands_beside_what_has_landed(made: TestRegister) -> None:
    made.add(good_record())
    made.say(ID, statement("cause", "dcc", cause="suspected", says="The clock drifts."),
             ref=f"{BRANCH}-dcc")  # fmt: skip
    (request,) = requests_of(target_of(made.register()))
    assert list(request.new) == [f"{statements_folder(ID)}/2026-03-02-cause-dcc.yaml"]
    assert record_path(ID) in request.landed
    assert set(request.case) == {*request.new, *request.landed}


def test_a_changed_record_is_brought_beside_the_bytes_that_landed(made: TestRegister) -> None:
    made.add(good_record())
    made.change(ID, good_record(title="Meter sends no billing alerts"), accept=False, ref=BRANCH)
    (request,) = requests_of(target_of(made.register()))
    assert request.new[record_path(ID)] != request.landed[record_path(ID)]


def test_main_brought_into_a_request_adds_nothing_to_it(made: TestRegister) -> None:
    made.add(good_record(), accept=False, ref=BRANCH)
    made.add(good_record(id=OTHER))
    git(made, "switch", "-q", f"submit/{ID}")
    git(made, "-c", "user.name=x", "-c", "user.email=x", "merge", "-m", "Catch up", "main")
    git(made, "switch", "-q", "main")
    assert [request.record_id for request in requests_of(target_of(made.register()))] == [ID]


def test_on_a_requests_own_branch_main_is_still_the_target(made: TestRegister) -> None:
    made.add(good_record(), accept=False, ref=BRANCH)
    git(made, "switch", "-q", f"submit/{ID}")
    assert list(brought(made)) == [f"submit/{ID}"]


def test_a_fetched_request_is_left_out_where_this_clone_holds_it(made: TestRegister) -> None:
    made.add(good_record(), accept=False, ref=BRANCH)
    git(made, "update-ref", f"refs/remotes/origin/submit/{ID}", BRANCH)
    assert list(brought(made)) == [f"submit/{ID}"]
    git(made, "update-ref", "-d", BRANCH)
    assert list(brought(made)) == [f"origin/submit/{ID}"]
    (request,) = requests_of(target_of(made.register()))
    assert request.own_ref == BRANCH


def test_of_a_record_on_no_request_what_has_landed_is_given(made: TestRegister) -> None:
    made.add(good_record())
    (request,) = requests_for(target_of(made.register()), [ID])
    assert (request.ref, request.new) == (LANDED, {})
    assert record_path(ID) in request.landed


def test_what_a_request_takes_away_is_said_and_stands_still(made: TestRegister) -> None:
    made.add(good_record())
    report = f"{statements_folder(ID)}/2026-03-02-report-supplier-one.yaml"
    made.commit({report: None, record_path(ID): None}, ref=BRANCH)
    (request,) = requests_of(target_of(made.register()))
    assert (request.record_id, request.new) == (ID, {})
    assert request.removed == (record_path(ID), report)
    assert set(request.removed) < set(request.case)


def test_what_landed_since_is_not_taken_away_by_an_older_request(made: TestRegister) -> None:
    made.add(good_record())
    cause = statement("cause", "dcc", cause="suspected", says="The clock drifts.")
    made.say(ID, cause, ref=f"{BRANCH}-dcc")
    made.say(ID, statement("report", "supplier-two", says="We see it too."))
    (request,) = requests_of(target_of(made.register()))
    assert request.removed == ()


def test_a_record_moved_to_another_place_is_taken_away_where_it_stood(made: TestRegister) -> None:
    made.add(good_record())
    moved = {record_path(ID): None, record_path(OTHER): made.read(record_path(ID))}
    made.commit(moved, ref=BRANCH)
    requests = {one.record_id: one for one in requests_of(target_of(made.register()))}
    assert requests[ID].removed == (record_path(ID),)
    assert list(requests[OTHER].new) == [record_path(OTHER)]


def test_what_is_nobodys_below_records_is_said_with_the_request(made: TestRegister) -> None:
    made.add(good_record())
    odd = f"{statements_folder(ID)}/notes.txt"
    made.say(ID, statement("report", "supplier-two", says="We see it too."), ref=BRANCH)
    made.commit({odd: b"Ask again.\n", "notes.txt": b"Elsewhere.\n"}, ref=BRANCH)
    (request,) = requests_of(target_of(made.register()))
    assert request.odd == (odd,)


def test_what_a_forge_numbers_is_left_out_where_a_branch_stands_at_it(made: TestRegister) -> None:
    made.add(good_record(), accept=False, ref=BRANCH)
    git(made, "update-ref", "refs/merge-requests/7/head", BRANCH)
    assert list(brought(made)) == [f"submit/{ID}"]
    git(made, "update-ref", "-d", BRANCH)
    assert list(brought(made)) == ["merge-requests/7/head"]
    (request,) = requests_of(target_of(made.register()))
    assert request.own_ref == "refs/heads/review/merge-requests-7"
    git(made, "update-ref", request.own_ref, request.commit)
    assert list(brought(made)) == ["review/merge-requests-7"]


def test_a_name_that_the_target_took_meanwhile_gets_the_next_number(made: TestRegister) -> None:
    made.add(good_record())
    cause = statement("cause", "dcc", cause="suspected", says="The clock drifts.")
    made.say(ID, cause, ref=BRANCH)
    made.say(ID, {**cause, "says": "A counter overflows."})
    (request,) = requests_of(target_of(made.register()))
    before = f"{statements_folder(ID)}/2026-03-02-cause-dcc.yaml"
    after = f"{statements_folder(ID)}/2026-03-02-cause-dcc-2.yaml"
    assert list(request.new) == [after]
    assert (request.on_branch(after), request.on_branch(before)) == (before, before)
    assert {before, after} < set(request.case)


def test_what_landed_under_another_number_is_brought_no_more(made: TestRegister) -> None:
    made.add(good_record())
    cause = statement("cause", "dcc", cause="suspected", says="The clock drifts.")
    made.say(ID, cause, ref=BRANCH)
    made.say(ID, {**cause, "says": "A counter overflows."})
    made.say(ID, cause)
    assert brought(made) == {}


def test_a_text_that_landed_and_was_changed_since_is_brought_no_more(made: TestRegister) -> None:
    made.add(good_record(), ref=BRANCH)
    made.add(good_record())
    made.change(ID, good_record(frequency="daily"))
    assert brought(made) == {}


def test_a_statement_that_a_request_changes_keeps_its_name(made: TestRegister) -> None:
    made.add(good_record())
    report = f"{statements_folder(ID)}/2026-03-02-report-supplier-one.yaml"
    made.commit({report: made.read(report).replace(b"We see", b"We saw")}, ref=BRANCH)
    (request,) = requests_of(target_of(made.register()))
    assert (list(request.new), dict(request.renamed)) == ([report], {})


def test_of_two_branches_of_which_one_contains_the_other_the_newer_is_taken(
    made: TestRegister,
) -> None:
    made.add(good_record(), accept=False, ref=BRANCH)
    review = f"refs/heads/review/{ID}"
    git(made, "update-ref", review, BRANCH)
    made.change(ID, good_record(frequency="daily"), ref=review)
    target = target_of(made.register())
    requests = list(requests_of(target))
    assert len(requests) == 2
    assert [each.ref for each in newest(made.repository, requests)] == [review]


def test_many_paths_are_compared_as_few_are(made: TestRegister) -> None:
    ids = [f"DR-0{number:03X}-0000" for number in range(256)]
    files = {record_path(one): b"title: One\n" for one in ids}
    said = {
        f"{statements_folder(one)}/2026-03-02-report-dcc.yaml": b"kind: report\n" for one in ids
    }
    made.commit({**files, **said}, ref=BRANCH)
    made.commit({record_path(ids[0]): b"title: One\n", record_path(ids[1]): b"title: Other\n"})
    found = {request.record_id: request for request in requests_of(target_of(made.register()))}
    assert sorted(found) == ids
    assert [len(found[one].new) for one in ids[:3]] == [1, 2, 2]
    assert found[ids[1]].landed == {record_path(ids[1]): b"title: Other\n"}
