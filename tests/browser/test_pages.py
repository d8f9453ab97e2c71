"""Every kind of page, as readers use it: narrow, dark, on paper, by keyboard and without scripts.

axe-core judges each state of each page; hostile text stands in all that is shown.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.sites import (
    ALERTS,
    ALIKE,
    BOTH,
    DUPLICATE,
    FULL,
    MAKERS,
    NOTE,
    PLAIN,
    PROVIDED,
    SUPERSEDED,
    UNBROKEN,
    WRONG,
    Sites,
    files_below,
)

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page

    from tests.browser.conftest import Opening

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
STATES = {
    "front": "green/index.html",
    "front of the world": "clear/index.html",
    "front below models": "narrow/index.html",
    "check": "green/check.html",
    "checked": "green/check.html",
    "search": "green/search.html",
    "found": "green/search.html?q=window",
    "not found": "green/search.html?q=nothinghasthisword",
    "browse": "green/browse/index.html",
    "browse below models": "narrow/browse/index.html",
    "kind": "green/browse/kind-defect.html",
    "alert": "green/browse/alert-8f1e.html",
    "tracker": "green/tracker/index.html",
    "tracker, alert": "green/tracker/8f1e.html",
    "tracker below models": "narrow/tracker/8f1e.html",
    "tracker of the world": "clear/tracker/ad1.html",
    "models": "green/models/index.html",
    "model": "green/models/esme-00010100-6c9c24aa79474b65.html",
    "everything said": f"green/records/{FULL}.html",
    "manufacturer hidden": f"narrow/records/{FULL}.html",
    "fix taken back": f"green/records/{PLAIN}.html",
    "provided": f"green/records/{PROVIDED}.html",
    "disputed": f"green/records/{ALERTS}.html",
    "information": f"green/records/{NOTE}.html",
    "unbroken": f"green/records/{UNBROKEN}.html",
    "duplicate": f"green/records/{DUPLICATE}.html",
    "superseded": f"green/records/{SUPERSEDED}.html",
    "withdrawn": f"green/records/{WRONG}.html",
    "bulletins": "green/bulletins/index.html",
    "bulletin, entry withdrawn": "green/bulletins/2026-03.html",
    "bulletin, fix gone": "green/bulletins/2026-04.html",
    "bulletin on paper": "package/bulletin-2026-05-print.html",
    "about": "green/about.html",
    "glossary": "green/glossary.html",
    "how to report": "green/report.html",
    "sources": "green/sources.html",
    "for programs": "green/api/index.html",
    "everything": "green/all/index.html",
}
"""One page of each template and state."""
_JUDGE = """() => axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    resultTypes: ["violations"]}).then(({violations}) => violations.map(
      ({id, nodes}) => [id, nodes.slice(0, 3).map(({html, failureSummary}) =>
        [html.slice(0, 200), failureSummary])]))"""
_TOO_WIDE = """() => {
  const widest = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= widest) return [];
  return [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > widest && !each.closest(".scroll"))
    .map((each) => each.outerHTML.slice(0, 120)).slice(0, 5).concat("wide");
}"""
_FOCUSED = """() => {
  const at = document.activeElement;
  if (at === document.body) return null;
  const style = getComputedStyle(at), box = at.getBoundingClientRect();
  return {
    name: (at.textContent.trim() || at.id || at.tagName).slice(0, 40),
    place: [at.tagName, at.id, at.getAttribute("href"), box.top + scrollY, box.left].join(" "),
    isOutlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isInView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
_PAPER = """() => getComputedStyle(document.documentElement).backgroundColor
    .match(/[0-9.]+/g).map(Number)"""
_LEADING_OUT = """() => [...document.querySelectorAll("a[href], form[action], [src]")]
    .map((each) => each.href || each.action || each.src)
    .filter((url) => url && !/^(http:|https:|mailto:)/.test(String(url)))"""
_HANDLERS = """() => [...document.querySelectorAll("*")].filter((each) =>
    [...each.attributes].some(({name}) => name.startsWith("on") || name === "style")
    || (each.tagName === "SCRIPT" && !each.getAttribute("src"))).map((each) => each.outerHTML)"""


@pytest.fixture(scope="module")
def light(opening: Opening) -> Iterator[BrowserContext]:
    """What most tests of this file share."""
    # A colour that is on its way to another is no colour to judge.
    with opening(reduced_motion="reduce") as context:
        context.add_init_script(path=AXE)
        yield context


@pytest.fixture(scope="module")
def shared(light: BrowserContext, addresses: str) -> Callable[[str], Page]:
    """Opens a state in the one page that is shared."""
    page = light.new_page()

    def opened(state: str) -> Page:
        page.emulate_media(media="screen", color_scheme="light", forced_colors="none")
        page.set_viewport_size({"width": 1280, "height": 800})
        return _brought_to(page, addresses, state)

    return opened


def _brought_to(page: Page, addresses: str, state: str) -> Page:
    page.goto(addresses + STATES[state])
    if state == "checked":
        page.get_by_label("Combinations").fill(f"{BOTH}\n{MAKERS}\nESME\nGSME:FF09/00090002@1")
        page.get_by_role("button", name="Check the list").click()
        page.get_by_text("checked: ").wait_for()
    if "search.html?" in STATES[state]:
        page.wait_for_selector("#results[aria-busy='false']", state="attached")
    return page


@pytest.mark.parametrize("state", STATES)
def test_no_page_is_hard_to_reach_for_anyone(shared: Callable[[str], Page], state: str) -> None:
    page = shared(state)
    assert page.evaluate(_JUDGE) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(_JUDGE) == []


@pytest.mark.parametrize("state", STATES)
def test_320_pixels_need_no_sideways_scrolling(shared: Callable[[str], Page], state: str) -> None:
    page = shared(state)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(_TOO_WIDE) == []


@pytest.mark.parametrize("state", ["front", "found", "checked", "everything said", "kind"])
def test_forced_colours_leave_borders_and_words(shared: Callable[[str], Page], state: str) -> None:
    page = shared(state)
    page.emulate_media(forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert page.locator("h1").is_visible()
    assert page.evaluate(_JUDGE) == []


def test_dark_is_dark_and_light_is_light(shared: Callable[[str], Page]) -> None:
    page = shared("front")
    assert min(page.evaluate(_PAPER)[:3]) > 200
    page.emulate_media(color_scheme="dark")
    assert max(page.evaluate(_PAPER)[:3]) < 60


@pytest.mark.parametrize("state", STATES)
def test_on_paper_the_disclaimer_stands_and_what_is_clicked_does_not(
    shared: Callable[[str], Page], state: str
) -> None:
    page = shared(state)
    page.emulate_media(media="print")
    assert page.get_by_text("No recommendations are made or intended").first.is_visible()
    assert page.get_by_text("must not be used to compare manufacturers").first.is_visible()
    assert page.locator("nav:visible").count() == 0
    assert page.locator(".skip:visible").count() == 0


@pytest.mark.parametrize("state", ["front", "everything said", "bulletin on paper"])
def test_a_page_is_printed(shared: Callable[[str], Page], state: str) -> None:
    printed = shared(state).pdf(format="A4")
    assert printed.startswith(b"%PDF-")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 12


def test_without_scripts_links_lead_from_the_front_to_an_entry(
    opening: Opening, addresses: str
) -> None:
    with opening(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{addresses}green/index.html")
        text = page.locator("main").inner_text()
        assert "No recommendations are made or intended." in text[:400]
        page.get_by_role("link", name="Browse", exact=True).click()
        page.locator("main a[href$='kind-defect.html']").first.click()
        page.locator(".entries a").first.click()
        assert re.search(r"/records/DR-[0-9A-Z-]+\.html$", page.url)
        assert page.get_by_role("heading", level=1).is_visible()


def _tabbed(page: Page) -> list[dict[str, Any]]:
    """What Tab reaches, in order, once round."""
    reached: list[dict[str, Any]] = []
    places: set[str] = set()
    for _ in range(150):
        page.keyboard.press("Tab")
        at = page.evaluate(_FOCUSED)
        if at is None or at["place"] in places:
            break
        places.add(at["place"])
        reached.append(at)
    return reached


@pytest.mark.parametrize(
    "state", ["front", "check", "found", "browse", "everything said", "for programs"]
)
def test_the_keyboard_reaches_all_and_shows_where_it_is(
    shared: Callable[[str], Page], state: str
) -> None:
    page = shared(state)
    page.evaluate("document.activeElement.blur()")
    reached = _tabbed(page)
    assert reached[0]["name"] == "Skip to the content"
    names = {at["name"] for at in reached}
    assert {"Front", "Check my devices", "Search", "Browse", "Bulletins", "Glossary"} <= names
    assert [at["name"] for at in reached if not at["isOutlined"]] == []
    assert [at["name"] for at in reached if not at["isInView"]] == []


def test_the_first_link_skips_to_the_content(shared: Callable[[str], Page]) -> None:
    page = shared("front")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_front_asks_the_search_by_keyboard(shared: Callable[[str], Page]) -> None:
    page = shared("front")
    page.locator("#q").focus()
    page.keyboard.type("window")
    page.keyboard.press("Enter")
    page.wait_for_selector("#results h3 a")
    assert "search.html?q=window" in page.url


@pytest.fixture(scope="module")
def bare(sites: Sites) -> str:
    """The folder of copies whose pages do not hold back what must not be there to be held."""
    name = "without-policy"
    for site in (sites.green, sites.clear, sites.narrow, sites.package):
        copy = sites.folder / name / site.name
        shutil.copytree(site, copy)
        for path in files_below(copy, ".html"):
            path.write_text(re.sub(r"<meta http-equiv=[^>]*>", "", path.read_text()))
            assert "Content-Security-Policy" not in path.read_text()
    return name


def _complaints(context: BrowserContext) -> list[str]:
    """What the pages' scripts, and what was loaded for them, complain of."""
    said: list[str] = []

    def note(told: ConsoleMessage) -> None:
        # Of a fragment, which names no picture of its own, the browser asks for one.
        if told.type == "error" and not told.location["url"].endswith("/favicon.ico"):
            said.append(told.text)

    context.on("console", note)
    return said


def _ran(page: Page) -> list[str]:
    """What of the hostile text a page took for more than text."""
    wrong = [*page.evaluate(_LEADING_OUT), *page.evaluate(_HANDLERS)]
    if page.evaluate("window.ran") is not None or "49" in page.locator("h1").inner_text():
        wrong.append("it ran")
    return [f"{page.url}: {each}" for each in wrong]


def _paths_of(site: Path) -> Iterator[str]:
    """The pages of a site; of the entries that are alike, none."""
    for path in files_below(site, ".html"):
        if not path.name.startswith(ALIKE):
            yield path.relative_to(site.parent).as_posix()


def test_hostile_text_runs_nothing_on_any_page_without_the_policy(
    opening: Opening, addresses: str, sites: Sites, bare: str
) -> None:
    paths = sorted({*_paths_of(sites.green), *_paths_of(sites.package), *STATES.values()})
    assert len(paths) > 50
    with opening() as context:
        said = _complaints(context)
        page = context.new_page()
        wrong: list[str] = []
        for path in paths:
            page.goto(f"{addresses}{bare}/{path}")
            wrong += _ran(page)
        assert wrong == []
        assert said == []


@pytest.mark.parametrize("state", ["checked", "found"])
def test_hostile_answers_run_nothing_without_the_policy(
    opening: Opening, addresses: str, bare: str, state: str
) -> None:
    with opening() as context:
        said = _complaints(context)
        page = _brought_to(context.new_page(), f"{addresses}{bare}/", state)
        assert "<script>window.ran=1" in page.locator("main").inner_text()
        assert _ran(page) == []
        assert said == []


def test_what_is_looked_for_would_be_found(opening: Opening, addresses: str) -> None:
    with opening() as context:
        page = context.new_page()
        page.goto(addresses)
        page.set_content("<h1>49</h1><a href='javascript:1'>x</a><b onclick=''>y</b>")
        assert len(_ran(page)) == 3
