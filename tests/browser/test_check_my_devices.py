"""A reader checks devices in a browser: what is known, what could not be judged, what is asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from defectreg.publication.checking_devices import check_my_devices
from defectreg.register.devices import parse_combination
from defectreg.register.public import PublicCombination, PublicDevice, PublicRecord
from tests.unit.publication.editions import entry, of_cards, register, said

if TYPE_CHECKING:
    from playwright.sync_api import Page


class Checks(Protocol):
    """Opens the page where the policy has this search level, and these switches besides."""

    def __call__(self, level: str, **policy: str) -> Page: ...


HUB = "CHF:FF02/00020001@00020002"
METER = "ESME:FF01/00010100@00010203"
WHOLE = f"{HUB} + {METER} in North"
NOT_REPORTED = "Not every issue is reported"
REPOSITORY = Path(__file__).parents[2]
_CORPUS = """cases => {
  const wrong = [];
  const attempt = (text, strict) => {
    try { return {made: dmc.parse(text, strict)}; } catch (error) { return {error}; }
  };
  for (const each of cases) {
    const {made, error} = attempt(each.text, each.strict);
    if (each.error) {
      if (!error || error.column !== each.error.column || !error.message || !error.hint)
        wrong.push([each.text, String(error), error && error.column]);
    } else if (!made || made.text !== each.canonical || dmc.parse(made.text).text !== made.text) {
      wrong.push([each.text, made ? made.text : String(error)]);
    } else for (const {installed, expect} of each.matches ?? []) {
      const answer = dmc.covers(made, dmc.parse(installed));
      if (answer !== expect) wrong.push([each.text, installed, answer]);
    }
  }
  return wrong;
}"""

_PASTE = """text => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", {clipboardData, cancelable: true, bubbles: true});
  document.getElementById("list").dispatchEvent(paste);
}"""

_DROP = """text => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], "devices.csv"));
  const drop = new DragEvent("drop", {dataTransfer, cancelable: true, bubbles: true});
  document.getElementById("drop").dispatchEvent(drop);
}"""


def affected(text: str, hidden: bool = False) -> PublicCombination:
    """A combination as a publication holds it."""
    made = parse_combination(text)
    devices = tuple(
        PublicDevice(
            device.type,
            "" if hidden else device.manufacturer,
            device.model,
            str(device.firmware),
            f"{device.type}:(not shown)/{str(device).partition('/')[2]}" if hidden else str(device),
        )
        for device in made.devices
    )
    return PublicCombination(devices, made.regions, str(made))


def known(*texts: str, hidden: bool = False) -> tuple[PublicRecord, ...]:
    """Entries about these combinations, after the three that each test knows by their titles."""
    numbers = count()

    def about(title: str, text: str, *statements: Any, marks: tuple[str, ...] = ()) -> PublicRecord:
        combination = affected(text, hidden)
        return entry(
            *statements,
            id=f"DR-2222-{next(numbers):04d}",
            affected=(combination,),
            marks=marks,
            values={"title": title},
        )

    return (
        about("Meter and Hub lose contact", f"{HUB} + ESME:FF01/00010100@0001* in North"),
        about("<b>Clock</b> drifts", "ESME:FF01/00010100@00010203", said("workaround")),
        about(
            "Alerts stop",
            f"{HUB} + ESME:FF01/00010100",
            said("fix", device="ESME", firmware="00030005"),
            marks=("fixed", "fix"),
        ),
        *(about(f"Other {text}", text) for text in texts),
    )


@pytest.fixture(scope="session")
def many() -> tuple[PublicRecord, ...]:
    """Entries of enough models that they stand in several shards."""
    return known(*(f"GSME:FF03/{number:08X}@00010001" for number in range(400)))


@pytest.fixture(scope="module")
def address(
    site_server: Callable[[Path], str],
    tmp_path_factory: pytest.TempPathFactory,
    many: tuple[PublicRecord, ...],
) -> Callable[..., str]:
    """Where the page stands for a policy, in a sub-folder of a site; made once for each."""
    folder = tmp_path_factory.mktemp("checks")
    top = site_server(folder)

    @cache
    def made(level: str, **policy: str) -> str:
        name = "-".join((level, *policy.values()))
        shown = known(hidden=True) if policy.get("manufacturer_shown") == "hidden" else many
        edition = register(*shown, policy={"search_level": level, **policy})
        for path, data in of_cards(check_my_devices, edition):
            target = folder / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return f"{top}{name}/check.html"

    return made


@pytest.fixture
def checks(page: Page, address: Callable[..., str]) -> Checks:
    """Opens the page in a sub-folder of a site, as it may stand."""

    def opened(level: str, **policy: str) -> Page:
        page.goto(address(level, **policy))
        return page

    return opened


def _listed(page: Page, text: str) -> str:
    """What the page says of a list."""
    page.get_by_label("Combinations").fill(text)
    page.get_by_role("button", name="Check the list").click()
    return _result(page)


def _result(page: Page) -> str:
    page.get_by_text("checked: ").wait_for()
    return page.locator(".checked").inner_text()


def _titles(page: Page) -> list[str]:
    return page.locator(".found .title").all_inner_texts()


def test_the_corpus_of_the_notation_is_passed_in_the_browser(page: Page) -> None:
    cases = json.loads((REPOSITORY / "spec" / "dmc" / "corpus.json").read_text("utf-8"))
    page.add_script_tag(path=REPOSITORY / "templates" / "site" / "dmc.js")
    assert page.evaluate(_CORPUS, cases) == []


def test_shards_are_named_by_the_same_sum_as_they_are_filed_by(page: Page) -> None:
    page.add_script_tag(path=REPOSITORY / "templates" / "site" / "dmc.js")
    texts = ["", "ESME:FF01/00010100", *("\u00e4" + "a" * length for length in range(50, 130))]
    sums = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    assert page.evaluate("texts => texts.map(dmc.sha256)", texts) == sums


def test_a_combination_in_the_notation_finds_what_applies_fixes_first(checks: Checks) -> None:
    page = checks("dmc-firmware")
    result = _listed(page, WHOLE)
    assert _titles(page) == ["Alerts stop", "<b>Clock</b> drifts", "Meter and Hub lose contact"]
    assert "Fix: ESME firmware 00030005" in result
    assert "1 line checked: 1 with entries." in result


def test_a_combination_by_fields_is_checked_with_the_keyboard_alone(checks: Checks) -> None:
    page = checks("dmc-firmware")
    page.locator("#devices select").first.focus()
    for keys in ("FF02", "00020001", "00020002"):
        page.keyboard.press("Tab")
        page.keyboard.type(keys)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    for keys in ("FF01", "00010100", "00010203"):
        page.keyboard.press("Tab")
        page.keyboard.type(keys)
    page.keyboard.press("Enter")
    assert "1 with entries" in _result(page)
    assert len(_titles(page)) == 3
    assert page.evaluate("document.activeElement.id") == "results"


def test_each_line_of_a_list_is_told_apart(checks: Checks) -> None:
    result = _listed(
        checks("dmc-firmware"),
        f"{WHOLE}\nCHF:FF09/00090001@1 + ESME:FF09/00090002@1\nESME:FF09/00090002@00000001\n"
        f"ESME\n{METER} + {HUB} in North",
    )
    assert "5 lines checked: 2 with entries, 2 could not be judged, 1 judged in part" in result
    assert "line 1, line 5" in result
    assert "At column 1: a Device is written with a : after its type" in result
    assert NOT_REPORTED in result


def test_what_is_unknown_is_nothing_known_and_no_promise(checks: Checks) -> None:
    result = _listed(checks("dmc"), "CHF:FF09/00090001 + ESME:FF09/00090002")
    assert "1 line checked: 1 with nothing known." in result
    assert NOT_REPORTED in result
    assert "Judged in part" not in result


@pytest.mark.parametrize("eaten", ["20120", "2.00E+05", "2E+05", "20120.0"])
@pytest.mark.parametrize("level", ["dmc", "dmc-firmware"])
def test_what_a_spreadsheet_ate_is_never_nothing_known(
    checks: Checks, level: str, eaten: str
) -> None:
    page = checks(level)
    heading = "premises,type,manufacturer,model,firmware\n1,CHF,FF09,00090001,00000001\n"
    for row in (f"1,ESME,FF09,{eaten},00000001", f"1,ESME,FF09,00090002,{eaten}"):
        result = _listed(page, f"{heading}{row}\n")
        assert "1 line checked: 1 could not be judged." in result
        assert f"{eaten} looks like a number that a spreadsheet made" in result


def test_without_a_hub_a_combination_is_judged_in_part_and_told_so(checks: Checks) -> None:
    result = _listed(checks("dmc"), METER)
    assert "1 with entries" in result
    assert "Judged in part: no Communications Hub was given" in result


@pytest.mark.parametrize(
    ("level", "text", "found"),
    [
        ("model", "ESME:FF01/00010100", 3),
        ("dmc", "ESME:FF01/00010100", 1),
        ("dmc-firmware", "ESME:FF01/00010100", 0),
        ("model", "CHF:FF02/00029999 + ESME:FF01/00010100", 1),
        ("dmc", "GPF:FF02/00020001 + ESME:FF01/00010100", 3),
        ("dmc-firmware", f"{HUB} + ESME:FF01/00010100", 0),
        ("dmc-firmware", f"{HUB} + ESME:FF01/00010100@0*", 0),
        ("model", f"{HUB} + {METER} in South", 2),
    ],
)
def test_entries_are_shown_at_the_search_level_of_the_policy(
    checks: Checks, level: str, text: str, found: int
) -> None:
    page = checks(level)
    result = _listed(page, text)
    assert len(_titles(page)) == found
    assert ("could not be judged: by this register\u2019s policy" in result) is (
        level == "dmc-firmware"
    )


def test_where_manufacturers_are_hidden_an_entry_may_apply_and_no_more(checks: Checks) -> None:
    page = checks("dmc-firmware", manufacturer_shown="hidden")
    result = _listed(page, WHOLE.replace("FF01", "FF77"))
    assert len(_titles(page)) == 3
    assert "Applies" not in result.replace("Entries that apply", "")
    assert "it may be about another manufacturer\u2019s model" in result
    assert "ESME:(not shown)/00010100" in result


def test_a_csv_file_is_read_by_its_headings_and_grouped_by_premises(checks: Checks) -> None:
    page = checks("dmc-firmware")
    table = (
        "\ufeffPremises;Device Type;Manufacturer;Model;Firmware Version;CSP Region\r\n"
        '"a; b";CHF;FF02;00020001;00020002;North\r\n'
        "c;ESME;FF01;'00010100;00010203;\r\n"
        '"a; b";esme;ff01;00010100;00010203;\r\n'
    )
    page.get_by_label("Choose a file, or drop it here").set_input_files(
        {"name": "devices.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    result = _result(page)
    assert "2 lines checked: 2 with entries." in result
    assert "premises a; b" in result
    assert len(_titles(page)) == 4


def test_a_dropped_file_is_checked_like_a_chosen_one(checks: Checks) -> None:
    page = checks("dmc")
    page.evaluate(_DROP, f"combination\n{WHOLE}\n")
    assert "1 line checked: 1 with entries." in _result(page)
    assert "row 2" in page.locator("#lines").inner_text()


def test_only_shards_are_asked_for_and_nothing_of_the_list(checks: Checks) -> None:
    page = checks("dmc")
    asked: list[tuple[str, str, str | None]] = []
    page.on("request", lambda sent: asked.append((sent.method, sent.url, sent.post_data)))
    result = _listed(page, f"{WHOLE}\nGSME:FF03/00000007@00010001")
    base = page.url.removesuffix("check.html")
    own = {f"{base}icon.svg"}
    names = {url.removeprefix(f"{base}check/") for _, url, _ in asked if url not in own}
    assert names
    assert all(set(name.removesuffix(".json")) <= {"0", "1"} for name in names)
    assert {(method, sent) for method, _, sent in asked} == {("GET", None)}
    assert f"asked for {len(names)} shards that each hold at least 16 models" in result
    assert "your list was not sent" in result


def test_a_shard_that_does_not_come_is_no_nothing_known(checks: Checks) -> None:
    page = checks("dmc")
    page.route("**/check/*.json", lambda route: route.abort())
    result = _listed(page, "CHF:FF09/00090001 + ESME:FF09/00090002")
    assert "1 line checked: 1 could not be judged." in result
    assert "could not be fetched" in result


def test_ten_thousand_lines_are_all_judged_and_shown_in_portions(checks: Checks) -> None:
    page = checks("dmc")
    lines = (f"CHF:FF02/00020001@{number:08X} + {METER} in North" for number in range(10_000))
    page.evaluate(_PASTE, "\n".join(lines))
    page.get_by_role("button", name="Check the list").click()
    result = _result(page)
    assert "10000 lines checked: 10000 with entries." in result
    assert page.locator("#lines .entries > li").count() == 200
    page.get_by_role("button", name="Show 200 more of 9800").click()
    assert page.locator("#lines .entries > li").count() == 400


def test_without_scripts_the_page_says_what_it_needs_and_links_to_the_entries(
    checks: Checks, page: Page
) -> None:
    url = checks("dmc").url
    browser = page.context.browser
    assert browser
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(url)
    assert plain.get_by_role("link", name="browse the entries").is_visible()
    assert not plain.get_by_role("button").all()
    context.close()
