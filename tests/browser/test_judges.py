"""Judges of the whole output: the Nu Html Checker, and every link that it holds."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser.sites import Sites, files_below

VNU = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
_PATIENCE = 300
_FRAGMENT = "bulletin-2026-05.html"
"""Goes into a page of another's, and is judged in one."""
_AROUND = '<!doctype html>\n<html lang="en-GB">\n<title>A page</title>\n{}\n</html>\n'
_WRONG = {
    "page.html": _AROUND.format("<p><img src=x></p>"),
    "looks.css": "p { colour: red }",
    "icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'><recht/></svg>",
}
"""What the checker must find, that its silence about the rest says something."""


class Page(HTMLParser):
    """The ids of a page, and what it leads to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: set[str] = {""}
        self.links: list[str] = []
        self.feed(path.read_text())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.add(values["id"])
        self.links += [values[name] for name in ("href", "src", "action") if name in values]


def _judged(*folders: Path) -> list[dict[str, Any]]:
    """What the checker finds wrong in the HTML, CSS and SVG of folders."""
    command = ["java", "-Xss1m", "-jar", str(VNU), "--also-check-css", "--also-check-svg",
               "--skip-non-html", "--errors-only", "--format", "json", "--stdout",
               *map(str, folders)]  # fmt: skip
    answer = subprocess.run(command, capture_output=True, check=False, timeout=_PATIENCE)
    assert answer.stdout, answer.stderr
    found: list[dict[str, Any]] = json.loads(answer.stdout)["messages"]
    return found


def test_the_nu_html_checker_finds_no_error_in_anything_that_is_published(
    sites: Sites, tmp_path: Path
) -> None:
    package, wrong = tmp_path / "package", tmp_path / "wrong"
    package.mkdir()
    for path in sites.package.iterdir():
        text = path.read_text()
        (package / path.name).write_text(_AROUND.format(text) if path.name == _FRAGMENT else text)
    wrong.mkdir()
    for name, text in _WRONG.items():
        (wrong / name).write_text(text)
    found = [
        (each["url"].partition(":")[2], each.get("lastLine"), each["message"])
        for each in _judged(sites.green, sites.clear, sites.narrow, package, wrong)
    ]
    known = [each for each in found if "/wrong/" in each[0]]
    assert {url.rpartition("/")[2] for url, _, _ in known} == set(_WRONG)
    assert [each for each in found if each not in known] == []


def _broken(folder: Path) -> Iterator[str]:
    pages = {path: Page(path) for path in files_below(folder, ".html")}
    assert len(pages) > 20
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file() or not target.is_relative_to(folder):
                yield f"{path.relative_to(folder)}: {link} leads nowhere"
            elif target in pages and unquote(parts.fragment) not in pages[target].ids:
                yield f"{path.relative_to(folder)}: {link} leads to no place of that page"


@pytest.mark.parametrize("site", ["green", "clear", "narrow"])
def test_every_link_leads_to_a_file_and_a_place_in_it(sites: Sites, site: str) -> None:
    assert sorted(set(_broken(sites.folder / site))) == []
