"""The tracker's map in a real browser: legible in every dress, and the same as its table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Opening

PAGE = "green/tracker/8f1e.html"
_ALL_LEVELS = """() => {
  const map = document.querySelector(".picture svg.heat");
  for (let level = 1; level <= 5; level++) {
    map.insertAdjacentHTML("beforeend", `<g><rect class="level-${level}" width="9" height="9"/>`
      + `<text class="on-${level}" y="9">9</text></g>`);
  }
  const shade = (node) => {
    const parts = getComputedStyle(node).fill.match(/[0-9.]+/g).slice(0, 3).map((each) => {
      const share = each / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  return [...map.querySelectorAll("g")].map((each) => {
    const found = [shade(each.querySelector("rect")), shade(each.querySelector("text"))].sort();
    return (Math.max(...found) + 0.05) / (Math.min(...found) + 0.05);
  });
}"""
_FIELDS = """() => [...document.querySelectorAll(".heat g > title")].map((each) =>
    each.textContent.split(": ").slice(1).join(": "))"""
_CELLS = """() => [...document.querySelectorAll(".tracked td")].map((each) =>
    each.textContent.trim())"""
_OVER = """() => [...document.querySelectorAll(".heat text")].filter((each) =>
    !each.closest(".scroll") && each.getBoundingClientRect().right > innerWidth)
    .map((each) => each.textContent)"""
_DRESSES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "media": "screen"},
    "dark": {"color_scheme": "dark", "media": "screen"},
    "paper": {"color_scheme": "light", "media": "print"},
    "forced colours": {"forced_colors": "active", "media": "screen"},
}


@pytest.fixture
def opened(opening: Opening, addresses: str) -> Iterator[Callable[..., Page]]:
    """Opens a page of the tracker, as wide as a telephone unless told otherwise."""
    with opening() as context:

        def open_page(path: str = PAGE, width: int = 320) -> Page:
            page = context.new_page()
            page.set_viewport_size({"width": width, "height": 700})
            page.goto(addresses + path)
            return page

        yield open_page


@pytest.mark.parametrize("dress", _DRESSES)
def test_what_stands_in_a_field_can_be_read_at_every_level(
    opened: Callable[..., Page], dress: str
) -> None:
    page = opened()
    page.emulate_media(**_DRESSES[dress])
    contrasts = page.evaluate(_ALL_LEVELS)
    assert len(contrasts) > 5
    assert min(contrasts) >= 4.5


def test_the_table_says_what_the_map_says(opened: Callable[..., Page]) -> None:
    page = opened()
    fields, cells = page.evaluate(_FIELDS), page.evaluate(_CELLS)
    assert fields
    assert set(fields) <= set(cells)


@pytest.mark.parametrize("path", [PAGE, "narrow/tracker/8f1e.html"])
def test_no_name_of_the_map_leaves_a_narrow_screen(opened: Callable[..., Page], path: str) -> None:
    assert opened(path).evaluate(_OVER) == []


def test_each_row_leads_to_its_entry(opened: Callable[..., Page]) -> None:
    page = opened(width=1280)
    link = page.locator(".tracked a").first
    title = link.inner_text()
    link.click()
    assert page.locator("h1").inner_text() == title


def test_the_index_leads_to_each_code(opened: Callable[..., Page]) -> None:
    page = opened("green/tracker/index.html")
    page.get_by_role("link", name="8F1E").click()
    assert "8F1E is correlated with" in page.locator("h1").inner_text()
