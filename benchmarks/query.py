"""Questions to the text search of a site in Chromium: how long one takes, and what it fetches."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Response, sync_playwright

from defectreg.store.previewing import previewed

QUESTIONS = (
    "billing",
    "meter alert",
    "hub firmware update",
    '"the first month"',
    "meter -prepayment",
    "kind:defect region:North has-fix:true update",
)
"""From a word of some entries to words of nearly all."""
_ANSWERED = "#results[aria-busy=false] h3"
_PATIENCE = 60_000
"""Milliseconds."""
_CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@dataclass(frozen=True)
class Asked:
    """A question by a reader who was never here before."""

    question: str
    seconds: float
    """From the last letter typed to the results."""
    octets: int
    """All that was fetched after the page: what the question needed."""


def asked(site: Path) -> Iterator[Asked]:
    """Each question, asked of a site in a browser that knows nothing of it yet."""
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("chromium is not installed")
    with previewed(site, 0) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_CHROMIUM))
        try:
            for question in QUESTIONS:
                yield _answer(browser, f"{address}search.html", question)
        finally:
            browser.close()


def _answer(browser: Browser, page_address: str, question: str) -> Asked:
    fetched: list[Response] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(page_address, wait_until="networkidle")

        def take(response: Response) -> None:
            fetched.append(response)

        page.on("response", take)
        start = time.perf_counter()
        page.fill("#q", question)
        page.press("#q", "Enter")
        page.locator(_ANSWERED).first.wait_for(timeout=_PATIENCE)
        seconds = time.perf_counter() - start
        page.wait_for_load_state("networkidle")
        octets = sum(len(response.body()) for response in fetched)
    return Asked(question, seconds, octets)
