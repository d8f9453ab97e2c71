"""What leaves the publication, and that it may not without a reason."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from defectreg.publication.site import MARK
from defectreg.register.errors import CannotRun
from defectreg.store.checksums import to_sums
from defectreg.store.leaving import Leaving, Previous, check_leaving, leaving
from defectreg.store.releasing import released
from tests.registers import (
    FIRST_DAY,
    ID,
    TestRegister,
    good_record,
    make_register,
    sign_off,
)

OTHER = "DR-1111-1111"


def last(folder: Path, *ids: str) -> Previous:
    """A publication that has these entries; one of them in a list of its own."""
    (folder / "sums").mkdir(parents=True)
    (folder / "records").mkdir()
    further = {f"records/{record_id}.json": "0" * 64 for record_id in ids}
    for name in further:
        (folder / name).write_text("{}")
    listed = to_sums(("words",), further)
    (folder / "sums" / "7K.txt").write_text(listed)
    digest = sha256(listed.encode()).hexdigest()
    (folder / "SHA256SUMS").write_text(to_sums((MARK,), {"sums/7K.txt": digest}))
    return Previous.of(folder, MARK)


def left(made: TestRegister, previous: Previous, audience: str = "green") -> tuple[Leaving, ...]:
    source = made.register().head_source
    return leaving(previous, released(source, audience, FIRST_DAY).register, source)


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    made = make_register(tmp_path / "register", signs=False)
    made.add(good_record())
    return made


def test_what_is_still_shown_does_not_leave(made: TestRegister, tmp_path: Path) -> None:
    assert left(made, last(tmp_path / "last", ID)) == ()


def test_what_is_held_leaves_for_that_reason(made: TestRegister, tmp_path: Path) -> None:
    made.say(ID, sign_off("hold", by="ssc", role="security"))
    leaves = left(made, last(tmp_path / "last", ID))
    assert leaves == (Leaving(ID, "held"),)
    check_leaving(leaves, last(tmp_path / "more", ID, *map(str, range(9))), is_confirmed=True)


def test_a_withdrawn_entry_is_still_there_as_a_tombstone(
    made: TestRegister, tmp_path: Path
) -> None:
    made.say(ID, sign_off("withdraw", code="reported-in-error"))
    assert left(made, last(tmp_path / "last", ID)) == ()


def test_what_its_audience_may_no_longer_read_is_reclassified(
    made: TestRegister, tmp_path: Path
) -> None:
    made.policy(show_without_fix_to_world="show")
    assert left(made, last(tmp_path / "last", ID), "clear") == (Leaving(ID, "reclassified"),)


def test_what_is_gone_from_the_register_leaves_for_no_reason(
    made: TestRegister, tmp_path: Path
) -> None:
    leaves = left(made, last(tmp_path / "last", ID, OTHER))
    assert leaves == (Leaving(OTHER, ""),)
    with pytest.raises(CannotRun, match=f"missing for no reason: {OTHER}"):
        check_leaving(leaves, last(tmp_path / "more", ID, OTHER), is_confirmed=True)


def test_more_than_a_tenth_leaves_only_when_that_is_confirmed(tmp_path: Path) -> None:
    ids = [f"DR-0000-000{number}" for number in range(10)]
    previous = last(tmp_path / "last", *ids)
    one = (Leaving(ids[0], "held"),)
    two = (*one, Leaving(ids[1], "returned"))
    check_leaving(one, previous, is_confirmed=False)
    check_leaving(two, previous, is_confirmed=True)
    with pytest.raises(CannotRun, match="2 of 10 entries"):
        check_leaving(two, previous, is_confirmed=False)


def test_a_folder_that_holds_no_publication_is_no_last_one(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="holds no publication"):
        Previous.of(tmp_path, MARK)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("list cut off", "does not name 'records/DR-1111-1111.json', which stands there"),
        ("lists gone", "does not name 'records/DR-1111-1111.json', which stands there"),
        ("line cut off", "SHA256SUMS is not whole"),
        ("entry gone", f"records/{ID}.json is missing, which SHA256SUMS names"),
    ],
)
def test_a_list_that_is_not_of_its_folder_is_no_last_publication(
    tmp_path: Path, damage: str, sentence: str
) -> None:
    folder = tmp_path / "last"
    last(folder, ID, OTHER)
    sums = folder / "SHA256SUMS"
    first, second = sums.read_text().splitlines(keepends=True)
    if damage == "entry gone":
        (folder / "records" / f"{ID}.json").unlink()
    else:
        sums.write_text(first + (second[:-5] if damage == "line cut off" else ""))
    if damage == "lists gone":
        (folder / "sums" / "7K.txt").unlink()
    with pytest.raises(CannotRun, match=re.escape(sentence)):
        Previous.of(folder, MARK)


def test_what_else_stands_beside_a_publication_does_no_harm(tmp_path: Path) -> None:
    last(tmp_path / "last", ID)
    for name in (".nojekyll", "records/index.html", "records/.hidden", "sums/notes.md"):
        (tmp_path / "last" / name).write_text("not of it")
    assert Previous.of(tmp_path / "last", MARK).record_ids == {ID}


@pytest.mark.parametrize("damage", ["missing", "shortened", "link"])
def test_a_publication_without_all_of_its_lists_is_no_last_one(tmp_path: Path, damage: str) -> None:
    last(tmp_path / "last", ID, OTHER)
    listed = tmp_path / "last" / "sums" / "7K.txt"
    if damage == "shortened":
        listed.write_text("".join(listed.read_text().splitlines(keepends=True)[:-1]))
    else:
        listed.rename(tmp_path / "elsewhere")
    if damage == "link":
        listed.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotRun, match=r"7K\.txt is not the list that SHA256SUMS names"):
        Previous.of(tmp_path / "last", MARK)
