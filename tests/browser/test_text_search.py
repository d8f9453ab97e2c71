"""The text search in a browser: what the command line finds, in its order, by keyboard too."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from defectreg.publication.postings import KEPT
from defectreg.publication.searching import indexed_text, text_search
from defectreg.publication.site import files_of
from defectreg.register.public import PublicRegister
from defectreg.search.language import parse_query
from defectreg.store.index import Index, open_index
from defectreg.store.index.entries import without_prefix
from defectreg.store.places import open_register
from defectreg.store.releasing import released
from defectreg.store.textindex import TOKENIZER, Cutter
from tests.registers import run_in
from tests.unit.publication import editions

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Opening, SiteServer

ROOT = Path(__file__).parents[2]
DAY = datetime.date(2026, 12, 24)
"""After the reply windows of the demonstration."""
EXAMPLES: list[dict[str, Any]] = json.loads((ROOT / "spec/words/examples.json").read_text())
QUESTIONS = (
    "meter",
    "METER Hub",
    "billing alerts",
    "alert",
    "alert alert",
    "firmware update",
    '"firmware update"',
    '"Communications Hub"',
    "hub -firmware",
    '-"firmware update" meter',
    "8F1E",
    "0x8f1e",
    "AD1",
    "gas meter GSME",
    "North",
    "00010100",
    "CHF ESME",
    "the of a",
    "clock-change",
    "display in-home",
    "-meter",
    "nothinghasthisword",
    "kind:defect",
    "kind:defect kind:issue meter",
    "-kind:defect alert",
    "region:North",
    "-region:South",
    "has-fix:true update",
    "has-fix:false",
    "alert:8F1E",
    "alert:0x8f1e alert:81A0",
)
"""Asked of the command line and of the browser alike."""


@dataclass(frozen=True)
class Demonstration:
    """This repository's register, published, and where it is served."""

    address: str
    register: PublicRegister


@pytest.fixture(scope="module")
def demonstration(
    tmp_path_factory: pytest.TempPathFactory, site_server: SiteServer
) -> Demonstration:
    source = open_register(ROOT).head_source
    register = released(source, "green", DAY).register
    folder = tmp_path_factory.mktemp("demonstration") / "sub path"
    write(folder, dict(files_of(register, editions.TEMPLATES)))
    return Demonstration(site_server(folder.parent) + "sub%20path/", register)


def write(folder: Path, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


@pytest.fixture(scope="module")
def asking(opening: Opening, demonstration: Demonstration) -> Iterator[Page]:
    """The page, opened once, for questions to its functions, which leave nothing on it."""
    with opening() as context:
        page = context.new_page()
        page.goto(f"{demonstration.address}search.html")
        answered(page)
        yield page


@pytest.fixture
def searching(page: Page, demonstration: Demonstration) -> Page:
    page.goto(f"{demonstration.address}search.html")
    answered(page)
    return page


def found(page: Page, question: str, **beside: str) -> list[str]:
    """The ids that the browser finds, in its order, by the functions that its page uses."""
    answer: list[str] = page.evaluate(
        """async ([question, beside]) => {
          const { numbers } = await search.answer(question, { beside });
          return Promise.all(numbers.map(async (number) => (await search.entry(number))[0]));
        }""",
        [question, [{"name": name, "value": value} for name, value in beside.items()]],
    )
    return answer


def shown(page: Page) -> list[str]:
    return page.locator("#results h3 a").all_inner_texts()


def answered(page: Page) -> None:
    """Wait for the answer to what was asked last."""
    page.wait_for_selector("#results[aria-busy='false']", state="attached")


def ask(page: Page, question: str) -> None:
    """Type a question and wait until it is answered as whole words."""
    page.fill("#q", question)
    page.press("#q", "Enter")
    answered(page)


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    """What the command line asks."""
    with open_index(open_register(ROOT)) as opened:
        yield opened


def asked_of_index(index: Index, question: str) -> list[str]:
    query = parse_query(question, index.grounds.schemas["record"], [("stage", "published")])
    return [hit.record_id for hit in index.search(query, 100_000, DAY, "green").hits]


def asked_of_command_line(question: str) -> list[str]:
    answer = run_in(
        ROOT, "search", "--json", "--limit", "100000", "--as-of", DAY.isoformat(), "--audience",
        "green", "--stage", "published", "--", question,
    )  # fmt: skip
    assert answer.code == 0, answer.err
    return [result["id"] for result in json.loads(answer.out)["results"]]


@pytest.fixture(scope="module")
def by_sqlite(demonstration: Demonstration) -> Iterator[sqlite3.Connection]:
    """SQLite's own index of what is published."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        f"CREATE VIRTUAL TABLE words USING fts5(id UNINDEXED, day UNINDEXED, title, text,"
        f" tokenize='{TOKENIZER}')"
    )
    for record in demonstration.register.records:
        if record.withdrawal is None:
            text = indexed_text(record, demonstration.register.policy.search_level)
            connection.execute(
                "INSERT INTO words VALUES (?, ?, ?, ?)",
                (record.id, record.first_day.isoformat(), without_prefix(record.title), text),
            )
    yield connection
    connection.close()


def test_the_script_cuts_every_example_as_sqlite_does(asking: Page) -> None:
    texts = [example["text"] for example in EXAMPLES]
    cut = asking.evaluate("texts => texts.map(text => wordsOf(text).map(w => w.word))", texts)
    assert cut == [example["words"] for example in EXAMPLES]


def test_the_script_folds_every_character_as_sqlite_does(asking: Page) -> None:
    # Above the second plane nothing but what no font shows is folded or ends a word.
    numbers = [*range(1, 0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE0200)]
    by_script = asking.evaluate(
        """numbers => numbers.map((number) => {
          const words = wordsOf(`a${String.fromCodePoint(number)}a`).map((each) => each.word);
          return words.length > 1 ? " " : words[0].slice(1, -1);
        })""",
        numbers,
    )
    with Cutter() as cutter:
        folded = cutter.folded(numbers)
    different = [
        f"U+{number:04X}: {folded[number]!a}, not {one!a}"
        for number, one in zip(numbers, by_script, strict=True)
        if one != folded[number]
    ]
    assert different == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_browser_finds_what_the_command_line_finds(
    asking: Page, index: Index, question: str
) -> None:
    by_command = asked_of_index(index, question)
    by_browser = found(asking, question)
    assert sorted(by_browser) == sorted(by_command)
    # The command line weighs words by all records, the site by those that it shows: what one
    # holds for the best stands near the top of the other.
    assert set(by_command[:3]) <= set(by_browser[:8])


def test_the_command_itself_is_asked_the_same(asking: Page) -> None:
    question = 'meter -"firmware update"'
    assert sorted(found(asking, question)) == sorted(asked_of_command_line(question))


@pytest.mark.parametrize(
    ("question", "expression"),
    [
        ("meter", '"meter"'),
        ("METER hub", '"meter" AND "hub"'),
        ("firmware update alert", '"firmware" AND "update" AND "alert"'),
        ('"firmware update"', '"firmware update"'),
        ('"communications hub" update', '"communications hub" AND "update"'),
        ("the", '"the"'),
        ("8F1E billing", '"8f1e" AND "billing"'),
    ],
)
def test_the_browser_ranks_as_sqlite_does(
    asking: Page, by_sqlite: sqlite3.Connection, question: str, expression: str
) -> None:
    rows = by_sqlite.execute(
        "SELECT id FROM words WHERE words MATCH ? ORDER BY"
        " bm25(words, 0, 0, 4.0, 1.0), day DESC, id",
        (expression,),
    ).fetchall()
    assert rows
    assert found(asking, question) == [record_id for (record_id,) in rows]


def test_chosen_filters_hold_beside_the_words(asking: Page) -> None:
    wanted = {"kind": "defect", "type": "ESME", "has-fix": "true"}
    both = found(asking, "meter", **wanted)
    assert both
    assert both == [each for each in found(asking, "meter kind:defect has-fix:true")
                    if each in found(asking, "", type="ESME")]  # fmt: skip


def test_results_come_as_one_types_by_the_beginning_of_the_last_word(searching: Page) -> None:
    searching.locator("#q").press_sequentially("meter firmw")
    answered(searching)
    assert shown(searching)
    assert "begin with “firmw”" in searching.inner_text("#notes")
    assert found(searching, "meter firmw") == []
    ask(searching, "meter firmw")
    assert shown(searching) == []
    assert searching.inner_text("#status").startswith("No entry is found.")


def test_matching_words_are_marked_and_the_address_holds_the_question(searching: Page) -> None:
    ask(searching, "METER firmware")
    searching.select_option("#kind", "defect")
    answered(searching)
    assert searching.evaluate("location.search") == "?q=METER+firmware&kind=defect"
    marked = {text.lower() for text in searching.locator("#results mark").all_inner_texts()}
    assert marked == {"meter", "firmware"}
    titles = shown(searching)
    searching.reload()
    answered(searching)
    assert searching.input_value("#q") == "METER firmware"
    assert shown(searching) == titles


def test_all_of_many_results_can_be_had(searching: Page) -> None:
    ask(searching, "meter")
    assert len(shown(searching)) == 10
    searching.click("#more")
    searching.locator("#results h3").nth(19).wait_for()
    focused = searching.evaluate("document.activeElement.textContent")
    assert focused == shown(searching)[10]


def test_the_keyboard_is_enough(searching: Page) -> None:
    searching.keyboard.press("/")
    searching.keyboard.type("meter")
    searching.keyboard.press("Enter")
    answered(searching)
    titles = shown(searching)
    searching.keyboard.press("ArrowDown")
    searching.keyboard.press("ArrowDown")
    focused = "document.activeElement.textContent"
    assert searching.evaluate(focused) == titles[1]
    searching.keyboard.press("ArrowUp")
    assert searching.evaluate(focused) == titles[0]
    searching.keyboard.press("Escape")
    assert searching.evaluate("document.activeElement.id") == "q"
    searching.keyboard.press("ArrowDown")
    searching.keyboard.press("Enter")
    searching.wait_for_url("**/records/DR-*.html")


def test_escape_clears_the_question(searching: Page) -> None:
    ask(searching, "meter")
    searching.press("#q", "Escape")
    answered(searching)
    assert searching.evaluate("location.search") == ""
    assert searching.input_value("#q") == ""
    assert shown(searching) == []


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("CHF:FF02/00020001 + ESME:FF01/00010100", "check my devices"),
        ("FF01/00010100", "check my devices"),
        ("manufacturer:FF01 model:00010100", "check my devices"),
        ("stage:held", "cannot be asked here"),
        ("kind:nonsense", "No entry has kind: nonsense."),
    ],
)
def test_what_cannot_be_asked_here_is_said(searching: Page, question: str, note: str) -> None:
    ask(searching, question)
    assert note in searching.inner_text("#notes")
    assert shown(searching) == []


def test_a_manufacturer_lists_nothing(asking: Page) -> None:
    for question in ("FF01", "ff02", "Alderbrook", "manufacturer:FF01"):
        assert found(asking, question) == []


@pytest.mark.parametrize(
    "question",
    [
        '"' * 400,
        "-" * 500,
        " ".join(f"word{number}" for number in range(200)),
        "a" * 20_000,
        "meter " * 2_000,
        "__proto__ constructor toString",
        "%00 ../../etc/passwd \ud83d\ude00 \u202e",
        "kind: alert: -kind:",
        "((((((((((a+)+)+)+)+)+)+$",
    ],
)
def test_a_hostile_question_is_answered_at_once(searching: Page, question: str) -> None:
    searching.evaluate("question => search.answer(question)", question)
    searching.evaluate("question => search.answer(question, { isTyping: true })", question)
    ask(searching, question[:3000])
    assert searching.inner_text("#status")


def test_without_scripts_the_page_says_so_and_leads_on(
    browser: Browser, demonstration: Demonstration
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demonstration.address}search.html")
    assert page.is_visible("text=This search needs JavaScript")
    assert page.is_visible("#without a[href='browse/index.html']")
    assert page.is_hidden("#search")
    context.close()


def test_a_narrow_screen_needs_no_sideways_scrolling(searching: Page) -> None:
    searching.set_viewport_size({"width": 320, "height": 640})
    ask(searching, "meter")
    assert shown(searching)
    assert searching.evaluate("document.documentElement.scrollWidth") <= 320


def test_hostile_texts_are_shown_and_run_nothing(
    page: Page, tmp_path: Path, site_server: SiteServer
) -> None:
    bad = '<img src=x onerror="window.ran=1"><script>window.ran=1</script> meter'
    register = editions.register(
        editions.entry(editions.said("fix", says=bad), values={"title": bad, "behaviour": bad})
    )
    files = {
        # The policy of the page would hold back what the script must not make.
        path: data.replace(b"http-equiv", b"data-off") if path.endswith(".html") else data
        for path, data in files_of(register, editions.TEMPLATES)
    }
    write(tmp_path, files)
    page.goto(f"{site_server(tmp_path)}search.html?q=meter+script")
    page.wait_for_selector("#results .snippet")
    assert shown(page) == [bad]
    assert page.locator("#results img, #results script").count() == 0
    assert page.evaluate("window.ran") is None


def test_a_word_in_too_many_entries_is_told_and_still_found_in_all(
    page: Page, tmp_path: Path, site_server: SiteServer
) -> None:
    symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    many = KEPT + 40
    ids = [
        f"DR-0000-0{symbols[n >> 10]}{symbols[n >> 5 & 31]}{symbols[n & 31]}" for n in range(many)
    ]
    plain = editions.entry()
    texts = {0: "meter once and in many more words than others have", 1: "a rare meter"}
    records = [
        editions.entry(
            id=record_id, values={"title": "An entry", "behaviour": texts.get(at, "meter")}
        )
        for at, record_id in enumerate(ids)
    ]
    register = editions.register(*records, plain)
    write(tmp_path, dict(editions.of_cards(text_search, register)))
    page.goto(f"{site_server(tmp_path)}search.html?q=meter")
    page.wait_for_selector("#notes:has-text('“meter” stands in a great many entries')")
    assert page.inner_text("#status") == f"{many + 1:,} entries found."
    answer = "async question => (await search.answer(question)).numbers.length"
    assert page.evaluate(answer, "meter others") == 1
    assert page.evaluate(answer, "-meter") == 0
    assert page.evaluate(answer, "entry -meter") == 0
