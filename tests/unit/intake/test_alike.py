"""Records like one on its way are found where they landed and where they wait, and told apart."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from defectreg.intake.alike import alike
from defectreg.register.checking import read_record
from defectreg.register.record import Record, record_path
from defectreg.register.similarity import Similar
from defectreg.register.yamltext import dump
from defectreg.store.places import Register
from tests.registers import ID, TestRegister, good_record, make_register, sign_off

TWIN, OTHER = "DR-TWTW-TWTW", "DR-0THR-0THR"
WAITS = "refs/heads/submit/import-2026-03"


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", [good_record()], signs=False)


def twin(record_id: str = TWIN, **changes: object) -> dict[str, object]:
    return {**good_record(), "id": record_id, **changes}


def files_of(*records: dict[str, object]) -> dict[str, bytes | None]:
    return {record_path(str(record["id"])): dump(record).encode() for record in records}


def asked(register: Register) -> Record:
    """A record on its way that says what the good one says."""
    ((path, source),) = files_of(twin("DR-NEWN-NEWN")).items()
    read, _ = read_record(path, source or b"", register.grounds)
    assert read is not None
    return read.value


def found(made: TestRegister, limit: int = 5) -> list[Similar]:
    register = made.register()
    return alike(register, asked(register), limit)


def branches(made: TestRegister) -> dict[str, str]:
    return {one.id: one.branch for one in found(made)}


def move_ref(made: TestRegister, old: str, *new: str) -> None:
    """Let other refs, as a fetch writes them, stand where a branch stood."""
    tip = made.repository.refs(old)[old]
    for ref in new:
        subprocess.run(["git", "-C", made.folder, "update-ref", ref, tip], check=True)
    if old not in new:
        subprocess.run(["git", "-C", made.folder, "update-ref", "-d", old], check=True)


def test_what_landed_has_no_branch_and_what_waits_has_its_own(made: TestRegister) -> None:
    made.commit(files_of(twin()), WAITS)
    assert branches(made) == {ID: "", TWIN: "submit/import-2026-03"}


@pytest.mark.parametrize(
    "ref",
    ["refs/heads/review/x", "refs/remotes/origin/submit/x", "refs/merge-requests/7/head",
     "refs/pull/7/head"],
)  # fmt: skip
def test_it_waits_wherever_requests_stand(made: TestRegister, ref: str) -> None:
    made.commit(files_of(twin()), WAITS)
    move_ref(made, WAITS, ref)
    shown = ref.removeprefix("refs/").removeprefix("heads/").removeprefix("remotes/")
    assert branches(made)[TWIN] == shown


def test_a_branch_of_this_clone_is_named_before_what_was_fetched(made: TestRegister) -> None:
    made.commit(files_of(twin()), WAITS)
    move_ref(made, WAITS, "refs/merge-requests/7/head", "refs/remotes/origin/review/x", WAITS)
    assert branches(made)[TWIN] == "submit/import-2026-03"
    move_ref(made, WAITS, "refs/merge-requests/7/head")
    assert branches(made)[TWIN] == "origin/review/x"


def test_what_is_on_no_request_is_not_found(made: TestRegister) -> None:
    made.commit(files_of(twin()), "refs/heads/notes")
    assert branches(made) == {ID: ""}


def test_what_landed_meanwhile_is_told_once_and_as_landed(made: TestRegister) -> None:
    made.commit(files_of(twin()), WAITS)
    made.add(twin())
    assert branches(made) == {ID: "", TWIN: ""}


def test_what_was_taken_away_on_its_branch_again_is_not_found(made: TestRegister) -> None:
    made.commit(files_of(twin(), twin(OTHER)), WAITS)
    made.commit({record_path(TWIN): None}, WAITS)
    assert branches(made) == {ID: "", OTHER: "submit/import-2026-03"}


def test_of_a_record_that_was_changed_on_its_branch_the_newest_text_counts(
    made: TestRegister,
) -> None:
    made.commit(files_of(twin(title="Display shows the wrong hour in October")), WAITS)
    before = {one.id: one.likeness for one in found(made)}[TWIN]
    made.commit(files_of(twin()), WAITS)
    (after,) = [one for one in found(made) if one.id == TWIN]
    assert (after.title, after.likeness > before) == (good_record()["title"], True)


def test_what_cannot_be_read_is_passed_over(made: TestRegister) -> None:
    broken = {record_path(OTHER): b"title: [Meter stops sending billing alerts\n"}
    long = {record_path("DR-L0NG-L0NG"): b"# billing alerts\n" * 10_000}
    made.commit({**files_of(twin()), **broken, **long}, WAITS)
    assert branches(made) == {ID: "", TWIN: "submit/import-2026-03"}


def test_no_more_are_named_than_asked_for_and_the_likest_first(made: TestRegister) -> None:
    others = [
        twin(f"DR-000{number}-AAAA", behaviour="The display shows the wrong hour.")
        for number in range(7)
    ]
    made.commit(files_of(*others, twin()), WAITS)
    likeness = [one.likeness for one in found(made, limit=3)]
    assert len(likeness) == 3
    assert likeness == sorted(likeness, reverse=True)
    assert {one.id for one in found(made, limit=2)} == {ID, TWIN}


def test_while_the_request_itself_is_checked_out_its_records_wait(made: TestRegister) -> None:
    made.commit(files_of(twin()), WAITS)
    (made.folder / ".git/HEAD").write_text(f"ref: {WAITS}\n")
    assert branches(made)[TWIN] == "submit/import-2026-03"


def test_what_was_withdrawn_before_it_landed_is_not_found(made: TestRegister) -> None:
    made.commit(files_of(twin(), twin(OTHER)), WAITS)
    made.say(TWIN, sign_off("withdraw", code="duplicate-of", other=OTHER), ref=WAITS)
    assert branches(made) == {ID: "", OTHER: "submit/import-2026-03"}
