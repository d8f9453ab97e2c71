"""A reader opens the publication: what it holds, and what the publisher is told."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from defectreg.register.public import DISCLAIMER
from tests.registers import (
    ID,
    TestRegister,
    good_record,
    make_register,
    run_in,
    sign_off,
    statement,
)

GONE = "DR-2222-2222"
WAITING = "DR-3333-3333"


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    """An entry with a fix that was confirmed, a withdrawn one, and one that waits."""
    made = make_register(tmp_path / "register", signs=False)
    made.add(good_record())
    fix = made.later().say(
        ID,
        statement("fix", "maker-one", says="Update to 00030005.", device="ESME",
                  firmware="00030005"),
        accept=True,
    )[0]  # fmt: skip
    made.later().say(
        ID,
        statement("confirmation", "supplier-two", says="It worked.", about=fix),
        accept=True,
    )
    made.add(good_record(id=GONE, title="Reported twice by mistake"))
    made.later().say(GONE, sign_off("withdraw", code="duplicate-of", other=ID))
    made.add(good_record(id=WAITING, title="Nobody has accepted this one"), accept=False)
    return made


def test_a_reader_finds_the_entry_its_fix_and_the_disclaimer(made: TestRegister) -> None:
    result = made.run("publish", "--as-of", "2026-04-01")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[0] == DISCLAIMER
    assert "published 1 entry, 1 withdrawn" in result.out
    assert "stages  withdrawn 1, reported 1, published 1" in result.out
    site = made.folder / "public"
    front = (site / "index.html").read_text()
    page = (site / "records" / f"{ID}.html").read_text()
    assert f'href="records/{ID}.html"' in front
    assert "Meter stops sending billing alerts" in front
    assert "Update to 00030005." in page
    assert "It worked." in page
    assert "as of <time" in front
    assert "1 April 2026" in front
    assert "<svg" in page.partition('id="timeline"')[2]


def test_a_reader_sees_on_the_front_page_what_is_new_fixed_and_withdrawn_and_where_to_ask(
    made: TestRegister,
) -> None:
    made.run("publish")
    front = (made.folder / "public" / "index.html").read_text()
    sections = {
        name: front.partition(f'id="{name}"')[2].partition("</section>")[0]
        for name in ("new", "fixed", "changed", "withdrawn")
    }
    for name in ("new", "fixed", "changed"):
        assert f'href="records/{ID}.html"' in sections[name], name
    assert "Confirmation" in sections["changed"]
    assert f'href="records/{GONE}.html"' in sections["withdrawn"]
    assert 'action="search.html"' in front
    assert 'href="check.html"' in front


def test_a_reader_finds_a_tombstone_and_nothing_of_what_waits(made: TestRegister) -> None:
    made.run("publish")
    site = made.folder / "public"
    assert "It says the same as another entry." in (site / "records" / f"{GONE}.html").read_text()
    everything = "".join(path.read_text() for path in site.rglob("*") if path.is_file())
    assert "Reported twice by mistake" not in everything
    assert "Nobody has accepted this one" not in everything
    assert WAITING not in everything


def test_a_reader_checks_the_files_with_sha256sum(made: TestRegister) -> None:
    made.run("publish")
    answer = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=made.folder / "public",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "index.html: OK" in answer.stdout


def test_a_reader_of_a_register_that_allows_it_takes_everything_at_once(
    made: TestRegister,
) -> None:
    made.run("publish")
    everything = made.folder / "public" / "all"
    assert not everything.exists()
    made.policy(search_level="model")
    made.run("publish")
    listed = json.loads((everything / "index.json").read_text())["shards"]
    ids = [
        record["id"]
        for shard in listed
        for record in json.loads((everything / shard["json"]).read_text())["records"]
    ]
    assert ids == [GONE, ID]
    files = [path for path in everything.iterdir() if path.suffix != ".html"]
    assert {path.suffix for path in files} == {".json", ".csv"}
    assert all(DISCLAIMER in path.read_text() for path in files)


def test_the_publisher_sees_first_and_writes_nothing(made: TestRegister) -> None:
    result = made.run("publish", "--dry-run")
    assert result.code == 0
    assert "would publish 1 entry, 1 withdrawn" in result.out
    assert not (made.folder / "public").exists()


def test_the_publisher_is_told_as_json(made: TestRegister, tmp_path: Path) -> None:
    place = tmp_path / "elsewhere"
    result = made.run("publish", "--json", "--output", str(place), "--as-of", "2026-04-01")
    told = json.loads(result.out)
    assert told["schema_version"] == 1
    assert told["meta"] == {
        "disclaimer": DISCLAIMER,
        "audience": "green",
        "as_of": "2026-04-01",
        "commit": made.register().head,
    }
    assert (told["entries"], told["withdrawn"], told["output"]) == (1, 1, str(place))
    assert told["files"] == sum(path.is_file() for path in place.rglob("*"))


def test_the_world_sees_only_what_is_clear(made: TestRegister) -> None:
    result = made.run("publish", "--audience", "clear")
    assert "published 0 entries, 0 withdrawn" in result.out
    assert not (made.folder / "public" / "records").exists()


@pytest.mark.parametrize("audience", ["amber", "red", "everyone"])
def test_no_publication_is_made_for_another_audience(made: TestRegister, audience: str) -> None:
    result = made.run("publish", "--audience", audience)
    assert result.code == 2
    assert not (made.folder / "public").exists()


def test_an_earlier_commit_can_be_published_again(made: TestRegister) -> None:
    first = made.register().head
    made.add(good_record(id="DR-4444-4444"))
    made.run("publish", "--commit", first, "--as-of", "2026-04-01")
    site = made.folder / "public"
    once = {path.name: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    assert "DR-4444-4444.html" not in once
    made.run("publish", "--commit", "HEAD~1", "--as-of", "2026-04-01")
    assert {path.name: path.read_bytes() for path in site.rglob("*") if path.is_file()} == once


def test_what_landed_after_a_day_is_not_published_as_of_that_day(made: TestRegister) -> None:
    first, day = made.register().head, made.today.isoformat()
    made.later(5).add(good_record(id="DR-4444-4444"))
    result = made.run("publish", "--as-of", day)
    assert result.code == 2
    assert f"landed on {made.today.isoformat()}, after {day}" in result.err
    assert f"hint: --commit {first} is what stood on that day" in result.err
    assert not (made.folder / "public").exists()
    assert made.run("publish", "--as-of", day, "--commit", first).code == 0
    assert not (made.folder / "public" / "records" / "DR-4444-4444.html").exists()
    assert made.run("publish", "--as-of", made.today.isoformat()).code == 0
    assert "after today" in made.run("publish", "--as-of", "2126-01-01", "--dry-run").err
    assert "after today" not in made.run("publish", "--dry-run").err
    early = made.run("publish", "--as-of", "2020-01-01")
    assert (early.code, "nothing stood on that day yet" in early.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--commit", "no-such-branch"), "'no-such-branch' is no commit here"),
        (("--as-of", "yesterday"), "'yesterday' is not a day"),
        (("--as-of", "20260401"), "'20260401' is not a day"),
    ],
)
def test_what_cannot_be_meant_is_said(
    made: TestRegister, arguments: tuple[str, ...], sentence: str
) -> None:
    result = made.run("publish", *arguments)
    assert result.code == 2
    assert sentence in result.err


def test_the_publisher_is_told_that_the_commit_counts_and_not_the_work_tree(
    made: TestRegister,
) -> None:
    path = made.folder / "records" / "7K" / f"{ID}.yaml"
    path.write_text(path.read_text().replace("billing alerts", "any alerts"))
    result = made.run("publish")
    assert result.code == 0
    assert "this publishes the commit, not your changes" in result.err
    assert "any alerts" not in (made.folder / "public" / "index.html").read_text()


def test_a_file_that_is_no_part_of_the_register_is_not_spoken_of(made: TestRegister) -> None:
    (made.folder / "notes.txt").write_text("mine")
    assert made.run("publish").err == ""


def test_a_folder_with_something_else_in_it_is_not_replaced(made: TestRegister) -> None:
    (made.folder / "public").mkdir()
    (made.folder / "public" / "thesis.txt").write_text("years of work")
    result = made.run("publish")
    assert result.code == 3
    assert "is not empty and no publication" in result.err
    assert (made.folder / "public" / "thesis.txt").exists()


def test_a_record_that_cannot_be_judged_is_left_out_and_named(made: TestRegister) -> None:
    made.commit({f"records/7K/{ID}/2026-03-05-sign-off-ssc.yaml": b"decision: [hold"})
    result = made.run("publish")
    assert result.code == 1
    assert f"left out, because their files cannot be judged: {ID}" in result.err
    assert not (made.folder / "public" / "records" / f"{ID}.html").exists()


def test_a_clone_without_its_history_is_refused_in_ci_and_warned_of_elsewhere(
    made: TestRegister, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth", "1", f"file://{made.folder}", str(clone)], check=True
    )
    refused = run_in(clone, "publish", CI="true")
    assert refused.code == 3
    assert "git fetch --unshallow" in refused.err
    assert not (clone / "public").exists()
    assert "warning: this clone has only the end" in run_in(clone, "publish", CI="").err


def test_a_register_that_has_its_own_page_shows_it(made: TestRegister) -> None:
    own = b'{% extends "base.html" %}{% block title %}Ours{% endblock %}'
    made.commit(
        {"templates/site/about.html": own + b"{% block content %}Our own words.{% endblock %}"}
    )
    made.run("publish")
    assert "Our own words." in (made.folder / "public" / "about.html").read_text()
    made.commit({"templates/site/about.html": b"<p>No disclaimer.</p>"})
    refused = made.run("publish")
    assert refused.code == 3
    assert "about.html is without the disclaimer" in refused.err
    assert "Our own words." in (made.folder / "public" / "about.html").read_text()
