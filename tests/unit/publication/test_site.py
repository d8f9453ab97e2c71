"""The whole publication: complete in what it must never lack, and the same every time."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from defectreg.publication.site import MARK, files_of, shows_disclaimer
from defectreg.publication.words import day_words
from defectreg.register.errors import CannotRun
from defectreg.register.public import DISCLAIMER
from defectreg.store.checksums import SUMS
from tests.unit.publication.editions import (
    DAY,
    ID,
    OTHER,
    TEMPLATES,
    entry,
    published,
    register,
    said,
    site_of,
    tombstone,
)

ALL = (
    entry(
        said("fix", device="ESME", firmware="00030005", tried_with=["ESME:FF01/00010100"]),
        said("workaround", is_superseded=True),
        said("accommodation", device="CHF", lives_with="ESME"),
        said("cause", cause="suspected"),
        said("confirmation", about="fix-1"),
        said("challenge", about="cause-1"),
        said("challenge", "challenge-2", about="behaviour"),
        said("challenge", "challenge-3", about="scope"),
        said("challenge", "challenge-4", about="cause-9"),
        said("response", position="disputed", received="letter", is_from_manufacturer=True),
        marks=("fixed", "fix", "workaround", "cause-suspected", "disputed"),
        values={
            "circumstances": "At night.",
            "expected": "Alerts, as specified.",
            "related": [OTHER],
        },
        is_provided_by_manufacturer=True,
        is_validated_by_its_reporter=True,
        untold=("CHF:FF09/00020001",),
    ),
    tombstone(said("response", position="not-reproduced")),
)
FILES = published(*ALL, policy={"search_level": "model"}, contact="register@example.invalid")
PAGES = {path: text for path, text in FILES.items() if path.endswith(".html")}


class Outline(HTMLParser):
    """What a page is made of: tags with their attributes, headings, and what never ends."""

    VOID = frozenset({"meta", "link", "br", "hr", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in tags]


def test_a_publication_has_pages_exports_and_checksums_of_all_the_others() -> None:
    assert list(FILES)[-1] == "SHA256SUMS"
    assert set(FILES) >= {
        "index.html",
        "check.html",
        "search.html",
        "search/index.json",
        "browse/index.html",
        "bulletins/index.html",
        "about.html",
        "api/index.html",
        *(f"records/{record_id}.html" for record_id in (ID, OTHER)),
        *(f"records/{record_id}.json" for record_id in (ID, OTHER)),
        *(f"csaf/{record_id.lower()}.json" for record_id in (ID, OTHER)),
        "all/index.json",
        "all/all.json",
        "all/all.csv",
        "feed.xml",
        "feeds/esme.xml",
        "robots.txt",
        "style.css",
        "icon.svg",
    }
    lists = [text for path, text in FILES.items() if path == SUMS or path.startswith("sums/")]
    for path, text in FILES.items():
        line = f"{hashlib.sha256(text.encode()).hexdigest()}  {path}\n"
        assert sum(line in each for each in lists) == (path != SUMS), path
    remarks = f"# {MARK}\n# {DISCLAIMER}\n# commit {'c' * 40}\n"
    assert FILES[SUMS].startswith(remarks)


def test_what_is_made_of_one_entry_or_one_shard_names_no_commit() -> None:
    site = site_of(register(*ALL, policy={"search_level": "model"}), TEMPLATES)
    keyed = [unit for unit in site.units() if unit.key]
    assert {unit.name for unit in keyed} >= {"all/all", ID, OTHER, "search/index.json"}
    for unit in keyed:
        for path, data in site.make(unit):
            assert b"c" * 40 not in data, path


CHANGES: dict[str, Any] = {
    "day": {"day": DAY.replace(day=DAY.day + 1)},
    "title": {"title": "Another title"},
    "audience": {"audience": "clear"},
    "policy": {"policy": {"search_level": "model", "small_cell": 7}},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_a_register_says_of_itself_decides_every_key(change: dict[str, Any]) -> None:
    plain = {"policy": {"search_level": "model"}}
    before = site_of(register(*ALL, **plain), TEMPLATES).units()
    after = site_of(register(*ALL, **{**plain, **change}), TEMPLATES).units()
    assert not {unit.key for unit in before if unit.key} & {unit.key for unit in after if unit.key}


def test_a_template_or_another_program_decides_every_key_and_a_commit_none() -> None:
    site = site_of(register(*ALL), TEMPLATES)
    other = site_of(register(*ALL), {**TEMPLATES, "style.css": "p {}"})
    later = site_of(register(*ALL, commit="d" * 40), TEMPLATES)
    assert site.units() == later.units()
    assert site.units("one") == later.units("one") != site.units("two")
    assert site.units() != other.units()


def test_the_title_of_an_entry_decides_the_keys_of_those_that_name_it() -> None:
    naming = entry(values={"related": [OTHER]})
    alone = entry(id="DR-3333-3333")

    def changed(title: str) -> dict[str, str]:
        named = entry(id=OTHER, values={"id": OTHER, "title": title})
        units = site_of(register(naming, named, alone), TEMPLATES).units()
        return {unit.name: unit.key for unit in units if unit.name.startswith("DR-")}

    before, after = changed("One title"), changed("Another title")
    assert {name for name in before if before[name] != after[name]} == {ID, OTHER}


@pytest.mark.parametrize("path", sorted(FILES))
def test_every_file_bears_the_disclaimer(path: str) -> None:
    assert shows_disclaimer(path, FILES[path].encode())


@pytest.mark.parametrize("path", sorted(PAGES))
def test_every_page_says_audience_and_day_and_that_the_dcc_may_validate_itself(path: str) -> None:
    for said_there in ("the SEC Parties (Green)", day_words(DAY), "validated by the DCC"):
        assert said_there in PAGES[path]


def test_the_front_page_says_the_commit_and_pages_of_entries_stay_as_they_are_when_it_moves() -> (
    None
):
    saying = {path for path, text in PAGES.items() if "c" * 40 in text}
    assert "index.html" in saying
    assert not [path for path in saying if path.startswith("records/")]


def test_a_register_in_which_others_validate_the_dcc_does_not_say_that_it_does_so_itself() -> None:
    files = published(*ALL, policy={"dcc_reports_validated_by": "other-party"})
    assert "validated by the DCC" not in files["index.html"]


def test_every_page_of_a_demonstration_says_that_it_is_invented_and_no_other_does() -> None:
    shown = published(*ALL, is_demonstration=True, policy={"search_level": "model"})
    for path, text in PAGES.items():
        assert (
            "Every record, Party, manufacturer and Device on this page is invented" in shown[path]
        )
        assert "on this page is invented" not in text


@pytest.mark.parametrize("path", sorted(PAGES))
def test_every_page_is_well_formed_with_landmarks_one_title_and_headings_in_order(
    path: str,
) -> None:
    page = Outline(PAGES[path])
    assert page.open == []
    assert page.of("html") == [{"lang": "en-GB"}]
    for landmark in ("main", "header", "footer", "nav", "h1", "title"):
        assert page.of(landmark), landmark
    assert len(page.of("h1")) == 1
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(page.of("caption")) == len(page.of("table"))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = {attributes.get("aria-labelledby") for _, attributes in page.tags} - {None}
    assert named <= set(ids)


@pytest.mark.parametrize("path", sorted(PAGES))
def test_no_page_runs_anything_or_asks_another_origin(path: str) -> None:
    page = Outline(PAGES[path])
    policies = [item["content"] for item in page.of("meta") if "http-equiv" in item]
    assert policies == [
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'"
    ]
    assert not page.of("style", "iframe", "img", "object", "embed", "use", "image")
    assert all("src" in script for script in page.of("script"))
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        href = attributes.get("href") or attributes.get("src") or attributes.get("action") or ""
        assert "//" not in href, (tag, href)


@pytest.mark.parametrize("path", sorted(PAGES))
def test_every_link_of_a_page_leads_to_a_file_or_a_place_of_the_publication(path: str) -> None:
    page = Outline(PAGES[path])
    ids = {attributes.get("id") for _, attributes in page.tags}
    for attributes in page.of("a", "link"):
        href = attributes["href"] or ""
        if href.startswith("#"):
            assert href[1:] in ids
        elif not href.startswith("mailto:"):
            there = os.path.normpath(str(Path(path).parent / href.partition("#")[0]))
            assert there in FILES, href


def test_a_record_page_shows_what_ends_it_before_everything_else() -> None:
    text = PAGES[f"records/{ID}.html"]
    wanted = (
        "This entry is disputed",
        "The text of a fix.",
        "The text of a confirmation.",
        'id="workaround-1"',
        'id="accommodation-1"',
        "Electricity meter, manufacturer FF01",
        'id="challenge-3"',
        "After the update the meter sends no alert.",
        'id="challenge-2"',
        'id="response-1"',
        "<dt>Certainty</dt>",
        "The text of a cause.",
        'id="challenge-1"',
        'id="challenge-4"',
        'id="timeline"',
        "<dt>Alert codes</dt>",
    )
    places = [text.index(words) for words in wanted]
    assert places == sorted(places)


def test_a_record_page_says_whose_it_is_and_who_validated_it() -> None:
    text = PAGES[f"records/{ID}.html"]
    assert "Provided by the manufacturer" in text
    assert "Validated by the Party that reported it" in text
    assert "CHF:FF09/00020001</code>: nobody was told" in text
    assert "It came by letter" in text
    plain = published(entry())[f"records/{ID}.html"]
    assert "Provided by the manufacturer" not in plain
    assert "Validated by the Party" not in plain
    assert "nobody was told" not in plain
    assert "disputed" not in plain.partition("<footer")[0]


def test_an_entry_without_a_fix_says_that_none_is_known() -> None:
    text = published(entry())[f"records/{ID}.html"]
    assert "No fix, workaround or accommodation is known to this register." in text


def test_the_page_of_a_withdrawn_entry_is_a_tombstone() -> None:
    text = PAGES[f"records/{OTHER}.html"]
    for words in ("It says the same as another entry.", "2 March 2026", "9 March 2026",
                  "It could not reproduce the behaviour.", f"{ID}.html"):  # fmt: skip
        assert words in text
    for gone in ("After the update", "8F1E", "FF01", "Affected combinations", "Time-line"):
        assert gone not in text


def test_a_page_without_the_disclaimer_stops_the_build() -> None:
    bare = {**TEMPLATES, "about.html": "<p>Nothing to see.</p>"}
    with pytest.raises(CannotRun, match=r"about\.html is without the disclaimer"):
        list(files_of(register(), bare))


@pytest.mark.parametrize(
    ("path", "text", "shown"),
    [
        ("a.html", f"<p><b>{DISCLAIMER[:10]}</b>{DISCLAIMER[10:]}</p>", True),
        ("a.html", f"<p>{DISCLAIMER.replace(' ', chr(10) + ' ')}</p>", True),
        ("a.html", f"<!-- {DISCLAIMER} -->", False),
        ("a.html", f'<p title="{DISCLAIMER}">', False),
        ("a.html", DISCLAIMER[:-1], False),
        ("a.css", f"/* {DISCLAIMER} */", True),
        ("a.json", json.dumps({"disclaimer": DISCLAIMER}), True),
    ],
)
def test_the_disclaimer_counts_where_it_is_read(path: str, text: str, shown: bool) -> None:
    assert shows_disclaimer(path, text.encode()) is shown


def test_nothing_counts_or_sorts_by_manufacturer() -> None:
    records = [entry(id=f"DR-{number}{number}{number}{number}-0000") for number in range(3, 7)]
    files = published(*records, policy={"search_level": "model"})
    for path in ("index.html", "about.html", "robots.txt"):
        assert "FF01" not in files[path]
    assert not [path for path in files if "manufacturer" in path or "FF01" in path]


def test_the_same_register_gives_the_same_bytes_in_any_zone_language_and_hash_seed() -> None:
    question = (
        "import hashlib\n"
        "from tests.unit.publication.test_site import ALL\n"
        "from tests.unit.publication.editions import published\n"
        "files = published(*ALL, policy={'search_level': 'model'})\n"
        "print(hashlib.sha256(repr(files).encode()).hexdigest())\n"
    )
    settings = [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "POSIX"},
    ]
    answers = [
        subprocess.run(
            [sys.executable, "-c", question],
            cwd=Path(__file__).parents[3],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for variables in settings
    ]
    assert answers[0] == answers[1] != ""
