from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.record import is_record_id, record_path
from defectreg.store.git import Occasion, commit
from defectreg.store.proposals import (
    base_of,
    base_of_new,
    exists,
    free_names,
    propose,
    unused_id,
)
from tests.registers import ID, MAIN, TestRegister, good_record, make_register, statement

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
DAY = date(2026, 3, 20)
OTHER = "DR-7K3Q-0000"
SUBMIT = f"refs/heads/submit/{ID}"
REMOTE = f"refs/remotes/origin/submit/{ID}"


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", signs=False)


def refs(made: TestRegister) -> dict[str, str]:
    return made.repository.refs("refs/")


def fetched(made: TestRegister, ref: str) -> None:
    """As if the branch had been fetched: its tip stands under refs/remotes/origin."""
    place = made.repository.git_dir / ref
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(refs(made)[SUBMIT] + "\n", "ascii")


def removed(made: TestRegister, ref: str) -> None:
    (made.repository.git_dir / ref).unlink()


def checked_out(made: TestRegister, ref: str) -> None:
    (made.repository.git_dir / "HEAD").write_text(f"ref: {ref}\n", "ascii")


def test_a_new_record_starts_a_branch_of_its_own_at_the_tip_of_main(made: TestRegister) -> None:
    base = base_of_new(made.register(), ID)
    assert (base.ref, base.commit) == (SUBMIT, refs(made)[MAIN])
    assert base.branch == f"submit/{ID}"


def test_the_target_is_main_whatever_is_checked_out(made: TestRegister) -> None:
    made.add(good_record(), ref=SUBMIT)
    checked_out(made, SUBMIT)
    assert made.register().target.commit == refs(made)[MAIN] != made.register().head


def test_without_main_the_target_is_what_is_checked_out(made: TestRegister) -> None:
    made.commit({"README.md": b"x\n"}, "refs/heads/trunk")
    checked_out(made, "refs/heads/trunk")
    removed(made, MAIN)
    assert made.register().target.commit == refs(made)["refs/heads/trunk"]


def test_new_ids_are_ids_and_never_twice_the_same(made: TestRegister) -> None:
    register = made.register()
    ids = {unused_id(register) for _ in range(5)}
    assert len(ids) == 5
    assert all(map(is_record_id, ids))


def test_an_id_exists_on_main_and_on_a_request(made: TestRegister) -> None:
    assert not exists(made.register(), ID)
    made.add(good_record(), ref=SUBMIT)
    made.add(good_record(id=OTHER))
    assert exists(made.register(), ID)
    assert exists(made.register(), OTHER)


def test_what_is_said_of_a_landed_record_starts_a_numbered_branch(made: TestRegister) -> None:
    made.add(good_record())
    record_id, base = base_of(made.register(), "7k3q", "supplier-two")
    assert (record_id, base.branch) == (ID, f"submit/{ID}-supplier-two")
    assert base.commit == refs(made)[MAIN]
    propose(base, {"records/x.yaml": b"x\n"}, "Add it", "supplier-two", NOW)
    _, second = base_of(made.register(), ID, "supplier-two")
    assert (second.branch, second.commit) == (f"submit/{ID}-supplier-two-2", refs(made)[MAIN])


def test_a_fetched_branch_takes_its_name_too(made: TestRegister) -> None:
    made.add(good_record())
    made.add(good_record(id=OTHER), ref=SUBMIT)
    fetched(made, f"{REMOTE}-supplier-two")
    _, base = base_of(made.register(), ID, "supplier-two")
    assert base.branch == f"submit/{ID}-supplier-two-2"


def test_what_is_said_of_a_record_on_a_request_joins_the_request(made: TestRegister) -> None:
    made.add(good_record(), ref=SUBMIT)
    record_id, base = base_of(made.register(), "7k", "supplier-two")
    assert (record_id, base.ref, base.commit) == (ID, SUBMIT, refs(made)[SUBMIT])


def test_a_fetched_request_is_continued_on_a_branch_of_the_same_name(made: TestRegister) -> None:
    made.add(good_record(), ref=SUBMIT)
    fetched(made, REMOTE)
    tip = refs(made)[REMOTE]
    removed(made, SUBMIT)
    _, base = base_of(made.register(), ID, "supplier-two")
    assert (base.ref, base.commit) == (SUBMIT, tip)
    propose(base, {"records/x.yaml": b"x\n"}, "Add it", "supplier-two", NOW)
    assert made.repository.is_ancestor(tip, refs(made)[SUBMIT])


def test_a_review_that_goes_beyond_the_request_is_what_is_continued(made: TestRegister) -> None:
    made.add(good_record(), ref=SUBMIT)
    review = f"refs/heads/review/{ID}"
    occasion = Occasion("A step", "dcc", NOW)
    tip = commit(made.repository, review, refs(made)[SUBMIT], {"records/y.yaml": b"y\n"}, occasion)
    _, base = base_of(made.register(), ID, "supplier-two")
    assert (base.ref, base.commit) == (review, tip)


def test_a_branch_that_is_behind_what_was_fetched_is_brought_up_to_date_first(
    made: TestRegister,
) -> None:
    made.add(good_record(), ref=SUBMIT)
    before = refs(made)[SUBMIT]
    made.say(ID, statement("cause", "supplier-one", cause="unknown", says="Not known."), ref=SUBMIT)
    fetched(made, REMOTE)
    (made.repository.git_dir / SUBMIT).write_text(f"{before}\n", "ascii")
    with pytest.raises(CannotRun) as stopped:
        base_of(made.register(), ID, "supplier-two")
    assert stopped.value.hint.endswith(f"git fetch . {REMOTE}:{SUBMIT}")


def test_a_record_that_landed_is_found_while_an_older_request_is_checked_out(
    made: TestRegister,
) -> None:
    made.add(good_record(id=OTHER), ref=f"refs/heads/submit/{OTHER}")
    checked_out(made, f"refs/heads/submit/{OTHER}")
    made.add(good_record())
    record_id, base = base_of(made.register(), ID, "supplier-two")
    assert (record_id, base.commit) == (ID, refs(made)[MAIN])


def test_nothing_is_proposed_of_a_record_that_is_nowhere(made: TestRegister) -> None:
    with pytest.raises(UsageProblem):
        base_of(made.register(), "7k3q", "supplier-two")


def test_a_statement_takes_the_first_name_that_nobody_uses(made: TestRegister) -> None:
    made.add(good_record())
    made.today = DAY
    made.say(ID, statement("report", "supplier-two"))
    said = statement("report", "supplier-two", says="And again.")
    made.say(ID, said, ref=f"{SUBMIT}-supplier-two")
    register = made.register()
    _, base = base_of(register, ID, "supplier-two")
    name = next(free_names(register, base, ID, DAY, "report", "supplier-two"))
    assert name == "2026-03-20-report-supplier-two-3.yaml"
    tomorrow = DAY + timedelta(days=1)
    fresh = next(free_names(register, base, ID, tomorrow, "report", "supplier-two"))
    assert fresh == "2026-03-21-report-supplier-two.yaml"


def test_a_commit_names_the_party_alone_and_moves_neither_head_nor_files(
    made: TestRegister,
) -> None:
    (made.folder / "notes.txt").write_text("mine\n")
    before = made.repository.head()
    base = base_of_new(made.register(), ID)
    tip = propose(base, {record_path(ID): b"id: x\n"}, f"Add {ID}", "supplier-two", NOW)
    assert refs(made)[SUBMIT] == tip
    assert made.repository.head() == before
    assert not (made.folder / "records").exists()
    assert (made.folder / "notes.txt").read_text() == "mine\n"
    assert made.repository.read(tip, record_path(ID)) == b"id: x\n"
    form = "--format=%an <%ae> %cn <%ce> %s"
    said = subprocess.run(
        ["git", "-C", str(made.folder), "log", "-1", form, tip],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    who = "supplier-two <supplier-two@parties.invalid>"
    assert said == f"{who} {who} Add {ID}\n"
