"""A publisher makes a month's bulletin, lands it, publishes it and hands it on."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from defectreg.formats.columns import from_csv
from defectreg.register.public import DISCLAIMER
from tests.registers import (
    ID,
    MAIN,
    TestRegister,
    good_record,
    make_register,
    sign_off,
    statement,
)
from tests.stories.together import Person, assert_proven, share

SECOND = "DR-2222-2222"
THIRD = "DR-3333-3333"
BRANCH = "submit/bulletin-2026-10"
OCTOBER = ("bulletin", "2026-10", "--as-of", "2026-10-31")


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", [good_record()], signs=False)


def publisher(made: TestRegister) -> Person:
    return Person(made.folder, "secas")


def signs(made: TestRegister, *words: str) -> str:
    """Sign a month and take it into main; returns what the program said."""
    said = publisher(made).does("bulletin", *words, "--sign")
    branch = next(line for line in said.splitlines() if line.startswith("Signed, on "))[11:-1]
    publisher(made).gits("merge", "--quiet", "--no-ff", "--message", "Land it", branch)
    publisher(made).gits("branch", "--quiet", "-D", branch)
    return said


def told(made: TestRegister, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(publisher(made).does("bulletin", *words, "--json"))
    return found


def changes(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(change["what"], change["id"]) for change in found["changes"]]


def site(made: TestRegister, *words: str) -> Path:
    publisher(made).does("publish", *words)
    return made.folder / "public"


def test_a_month_is_signed_lands_is_published_and_then_corrected(tmp_path: Path) -> None:
    shared = share(tmp_path / "shared")
    person, validator = shared.clone("secas"), shared.clone("dcc")
    said = person.does("bulletin", "2026-11", "--sign", "--as-of", "2026-11-21")
    branch = "submit/bulletin-2026-11"
    assert f"Signed, on {branch}:" in said
    assert f"  git push origin {branch}" in said
    assert person.gits("rev-parse", "--abbrev-ref", "HEAD") == "main"
    assert "It may land. It brings a month's bulletin." in person.does("gate", branch)
    person.gits("merge", "--quiet", "--no-ff", "--message", "Land the bulletin", branch)
    person.gits("push", "--quiet", "origin", "main")
    page = _published(person, "2026-11")
    assert "Added" in page
    assert good_record()["title"] in page
    validator.fetches()
    validator.does("review", ID, "--withdraw", "reported-in-error", "--says", "It was a test rig.")
    validator.does("land", ID)
    person.fetches()
    page = _published(person, "2026-11")
    assert page.index("Withdrawn since") < page.index(ID)
    assert "It was reported in error." in page
    entry = (person.folder / "public" / "records" / f"{ID}.html").read_text()
    assert "Withdrawn entry" in entry
    for path in (person.folder / "public").rglob("*"):
        assert path.is_dir() or good_record()["title"].encode() not in path.read_bytes()
    assert_proven(shared.bare)


def _published(person: Person, month: str) -> str:
    person.does("publish", "--month", month)
    return (person.folder / "public" / "bulletins" / f"{month}.html").read_text()


def test_the_first_month_tells_all_and_the_next_what_changed(made: TestRegister) -> None:
    made.later(10).add(good_record(id=SECOND))
    made.add(good_record(id=THIRD))
    signs(made, "2026-03", "--as-of", "2026-03-31")
    first = told(made, "2026-03")
    assert changes(first) == [("added", SECOND), ("added", THIRD), ("added", ID)]
    assert first["since"] is None
    made.later(30)
    made.say(ID, statement("fix", "maker-one", device="ESME", firmware="00030005", says="Update."),
             accept=True)  # fmt: skip
    made.change(SECOND, good_record(id=SECOND, title="Meter stops sending alerts"))
    made.say(THIRD, sign_off("withdraw", code="not-a-defect"))
    made.add(good_record(id="DR-4444-4444"))
    second = told(made, "2026-04", "--as-of", "2026-04-30")
    assert changes(second) == [
        ("fix", ID), ("added", "DR-4444-4444"), ("corrected", SECOND), ("withdrawn", THIRD),
    ]  # fmt: skip
    assert second["since"] == "2026-03-31"
    assert second["signed"] is False
    assert second["changes"][0]["fixes"] == ["ESME 00030005"]


def test_a_response_is_more_that_was_said(made: TestRegister) -> None:
    signs(made, "2026-03", "--as-of", "2026-03-31")
    made.later(30).say(ID, statement("report", "supplier-two", says="We too."))
    found = told(made, "2026-04", "--as-of", "2026-04-30")
    assert changes(found) == [("said", ID)]
    assert found["changes"][0]["said"] == ["report"]


def test_an_entry_that_only_waited_for_the_end_of_a_reply_window_is_added(
    made: TestRegister,
) -> None:
    made.add(good_record(id=SECOND, affected=["ESME:FF01/00010100@0001* in North"]))
    notice = statement(
        "notice", "secas", to="maker-one", delivered="e-mail",
        told={"affected": ["ESME:FF01/00010100@0001* in North"], "certainty": "suspected",
              "impact": "high"},
    )  # fmt: skip
    made.later().say(SECOND, notice)
    stood = made.commit({})
    signs(made, "2026-03", "--as-of", "2026-03-04")
    assert changes(told(made, "2026-03")) == [("added", ID)]
    later = told(made, "2026-06", "--as-of", "2026-06-30", "--commit", stood)
    assert changes(later) == [("added", SECOND)]


def test_a_month_shows_no_commit_that_landed_after_its_day(made: TestRegister) -> None:
    stood = made.commit({})
    made.later(30).add(good_record(id=SECOND))
    result = made.run("bulletin", "2026-03", "--as-of", "2026-03-04")
    assert result.code == 2
    assert f"--commit {stood} is what stood on that day" in result.err


def test_a_month_shows_its_commit_and_not_what_landed_since(made: TestRegister) -> None:
    signs(made, "2026-03", "--as-of", "2026-03-31")
    made.later(30).add(good_record(id=SECOND))
    made.change(ID, good_record(title="Another title"))
    pages = site(made, "--month", "2026-03")
    assert not (pages / "records" / f"{SECOND}.html").exists()
    assert good_record()["title"] in (pages / "records" / f"{ID}.html").read_text()
    assert "Another title" in (site(made) / "records" / f"{ID}.html").read_text()


@pytest.mark.parametrize("keeping", ["hold", "class", "security"])
def test_what_is_held_or_reclassified_since_is_nowhere_in_the_month(
    made: TestRegister, keeping: str
) -> None:
    made.add(good_record(id=SECOND, related=[ID]))
    signs(made, "2026-03", "--as-of", "2026-03-31")
    assert ID in (site(made, "--month", "2026-03") / "bulletins/2026-03.html").read_text()
    if keeping == "hold":
        made.later().say(ID, sign_off("hold", "ssc", role="security"))
    elif keeping == "class":
        made.later().change(ID, good_record(classification="amber"))
    else:
        made.later().change(ID, good_record(security=True))
    for path in site(made, "--month", "2026-03").rglob("*"):
        assert path.is_dir() or ID.encode() not in path.read_bytes(), path
        assert ID not in path.name


def test_a_fix_that_was_withdrawn_since_leaves_the_month(made: TestRegister) -> None:
    signs(made, "2026-03", "--as-of", "2026-03-31")
    [fix, _] = made.later(30).say(
        ID, statement("fix", "maker-one", device="ESME", firmware="00030005", says="Cures all."),
        accept=True,
    )  # fmt: skip
    signs(made, "2026-04", "--as-of", "2026-04-30")
    assert changes(told(made, "2026-04")) == [("fix", ID)]
    data = made.read(f"records/{ID[3:5]}/{ID}/{fix}")
    read = [f"{hashlib.sha256(data).hexdigest()}  {fix}"]
    made.later().say(ID, sign_off("withdraw", code="reported-in-error", read=read))
    found = told(made, "2026-04")
    assert changes(found) == []
    assert [change["what"] for change in found["corrections"]] == ["fix-gone"]
    pages = site(made, "--month", "2026-04")
    assert "Cures all." not in (pages / "records" / f"{ID}.html").read_text()


def test_a_month_is_the_same_bytes_each_time(made: TestRegister) -> None:
    signs(made, "2026-03", "--as-of", "2026-03-31")
    made.later().say(ID, sign_off("withdraw", code="not-a-defect"))
    sums = []
    for variables in ({"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "1"}, {"LC_ALL": "C"}):
        result = made.run("publish", "--month", "2026-03", **variables)
        assert result.code == 0, result
        sums.append((made.folder / "public" / "SHA256SUMS").read_text())
    assert sums[0] == sums[1]


def test_what_ci_publishes_follows_the_cadence(made: TestRegister) -> None:
    pages = site(made, "--scheduled")
    front = (pages / "index.html").read_text()
    assert DISCLAIMER.partition(". ")[0] in front
    assert not (pages / "records" / f"{ID}.html").exists()
    signs(made, "2026-03", "--as-of", "2026-03-31")
    made.later(30).add(good_record(id=SECOND))
    pages = site(made, "--scheduled")
    assert (pages / "records" / f"{ID}.html").exists()
    assert not (pages / "records" / f"{SECOND}.html").exists()
    made.policy(cadence="continuous")
    assert (site(made, "--scheduled") / "records" / f"{SECOND}.html").exists()


def test_ci_publishes_no_month_for_fewer_than_the_policy_says(made: TestRegister) -> None:
    signs(made, "2026-03", "--as-of", "2026-03-31")
    made.policy(audience="clear")
    result = publisher(made).run("publish", "--scheduled")
    assert result.code == 3
    assert "signed for green, and the policy publishes for clear" in result.err
    assert not (made.folder / "public").exists()


def test_what_secas_is_handed_is_whole_and_can_be_checked(made: TestRegister) -> None:
    folder = made.folder.parent / "for-secas"
    signs(made, "2026-03", "--as-of", "2026-03-31")
    publisher(made).does("bulletin", "2026-03", "--package", str(folder))
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    sums = {line[66:]: line[:64] for line in lines if not line.startswith("#")}
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert sums == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in files.items()
        if name != "SHA256SUMS"
    }
    assert sorted(sums) == [
        "bulletin-2026-03-print.html", "bulletin-2026-03.csv", "bulletin-2026-03.html",
        "bulletin-print.css",
    ]  # fmt: skip
    names, row = from_csv(files["bulletin-2026-03.csv"].decode())
    assert dict(zip(names, row, strict=True))["id"] == ID
    publisher(made).does("bulletin", "2026-03", "--package", str(folder))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
    (folder / "mine.txt").write_text("mine")
    assert publisher(made).run("bulletin", "2026-03", "--package", str(folder)).code == 3
    assert (folder / "mine.txt").exists()


def test_without_a_key_or_with_anothers_nothing_is_signed(made: TestRegister) -> None:
    result = made.run(*OCTOBER, "--sign")
    assert result.code == 2
    assert "a bulletin is signed by a publisher, and no key is named" in result.err
    assert "defectreg bulletin 2026-10 --sign --key FILE" in result.err
    result = Person(made.folder, "dcc").run(*OCTOBER, "--sign")
    assert result.code == 2
    assert "the key is not that of a publisher, but of dcc" in result.err
    assert "a publisher is of secas" in result.err
    assert set(made.repository.refs()) == {MAIN}
    assert "a draft that nobody has signed" in made.run(*OCTOBER).out


def test_a_dry_run_signs_and_writes_nothing(made: TestRegister) -> None:
    folder = made.folder.parent / "for-secas"
    publisher(made).does(*OCTOBER, "--sign", "--package", str(folder), "--dry-run")
    assert set(made.repository.refs()) == {MAIN}
    assert not folder.exists()


def test_a_month_is_corrected_forward(made: TestRegister) -> None:
    first = made.repository.refs(MAIN)[MAIN]
    made.later(20).add(good_record(id=SECOND))
    signs(made, "2026-03", "--as-of", "2026-03-31")
    result = publisher(made).run("bulletin", "2026-03", "--sign", "--as-of", "2026-04-30",
                                 "--commit", first)  # fmt: skip
    assert result.code == 2
    assert "a month is corrected forward" in result.err
    made.later(20).add(good_record(id=THIRD))
    signs(made, "2026-03", "--as-of", "2026-04-30")
    assert ("added", THIRD) in changes(told(made, "2026-03"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("bulletin", "2026-13"), "'2026-13' is no month"),
        (("bulletin", "2026-10", "--as-of", "2026-09-30"), "the month 2026-10 has not begun"),
        (("bulletin", "2026-10", "--commit", "nonsense"), "is no commit that has landed"),
        (("publish", "--month", "2026-10"), "no bulletin of '2026-10' has landed"),
        (("publish", "--month", "2026-10", "--as-of", "2026-10-31"), "its own day and audience"),
        (("publish", "--month", "2026-10", "--scheduled"), "say different things"),
    ],
)
def test_what_cannot_be_meant_is_a_matter_of_usage(
    made: TestRegister, words: tuple[str, ...], sentence: str
) -> None:
    result = publisher(made).run(*words)
    assert result.code == 2, result
    assert sentence in result.err


def test_a_pointer_signed_with_a_key_now_distrusted_is_no_month(made: TestRegister) -> None:
    signs(made, "2026-03", "--as-of", "2026-03-31")
    path = "policy/parties/secas.yaml"
    made.commit({path: made.read(path) + b"        state: distrusted\n"})
    result = made.run("publish", "--month", "2026-03")
    assert result.code == 2, result
    assert "no bulletin of '2026-03' has landed" in result.err
