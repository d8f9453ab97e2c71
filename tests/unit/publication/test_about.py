"""Pages about the register: activity by quarter without small numbers, words, how to report."""

from __future__ import annotations

import datetime
from dataclasses import replace
from html import unescape
from typing import Any

from defectreg.publication.about import (
    Activity,
    about_page,
    glossary_page,
    quarters_of,
    report_page,
    said_in,
)
from defectreg.publication.pages import Pages
from defectreg.publication.site import shows_disclaimer
from defectreg.publication.words import DEVICE_TYPES, MARKS
from defectreg.register.public import PublicRecord, PublicStatement
from tests.unit.publication.editions import TEMPLATES, entry, of_cards, register, said, tombstone


def page(make: Any, *records: PublicRecord, **changes: Any) -> str:
    made = register(*records, **changes)
    if make is about_page:
        ((path, data),) = of_cards(make, made)
    else:
        ((path, data),) = make(made, Pages.of(made, TEMPLATES))
    assert shows_disclaimer(path, data)
    return unescape(data.decode())


def on(day: str, kind: str = "report", **changes: Any) -> PublicStatement:
    return replace(said(kind, **changes), day=datetime.date.fromisoformat(day))


def test_reports_and_replies_are_told_by_quarter_and_category_the_newest_first() -> None:
    records = (
        entry(
            *(on("2026-03-31") for _ in range(5)),
            on("2026-04-01"),
            *(on("2026-04-02", "response", whose="Device Manufacturer") for _ in range(6)),
            on("2025-12-31", whose=""),
        ),
        tombstone(*(on("2026-06-30", "response", whose="Device Manufacturer") for _ in range(2))),
    )
    newest, middle, oldest = quarters_of(map(said_in, records), 5)
    assert (newest.words, middle.words, oldest.words) == (
        "April to June 2026",
        "January to March 2026",
        "October to December 2025",
    )
    assert newest.activities == (
        Activity("Device Manufacturer", "0", "8"),
        Activity("Large Supplier", "fewer than 5", "0"),
    )
    assert middle.activities == (Activity("Large Supplier", "5", "0"),)
    assert oldest.activities == (Activity("", "fewer than 5", "0"),)


def test_what_was_replaced_or_is_neither_report_nor_reply_is_not_told() -> None:
    record = entry(on("2026-03-31", is_superseded=True), said("fix"), said("challenge"))
    assert quarters_of([said_in(record)], 1) == ()


def test_a_category_that_is_not_shown_stands_last() -> None:
    record = entry(on("2026-03-31", whose=""), on("2026-03-31", whose="Small Supplier"))
    (quarter,) = quarters_of([said_in(record)], 1)
    assert [each.category for each in quarter.activities] == ["Small Supplier", ""]


def test_the_page_shows_activity_and_says_where_there_is_none() -> None:
    shown = page(about_page, entry(*(on("2026-03-31") for _ in range(3))), policy={"small_cell": 3})
    assert 'rowspan="1">January to March 2026</th><td>Large Supplier</td>' in shown
    assert '<td class="number">3</td><td class="number">0</td>' in shown
    assert "a number below 3 is not shown" in shown
    assert "No report and no reply" in page(about_page, entry())


def test_the_page_about_the_data_names_the_keeper_the_commit_and_all_files() -> None:
    shown = page(about_page, contact="register@example.invalid", policy={"search_level": "model"})
    for words in ("mailto:register@example.invalid", "c" * 40, "all/index.html", "feed.xml"):
        assert words in shown
    below = page(about_page, policy={"search_level": "dmc"})
    assert "no file and no feed of all entries" in below
    assert "all/index.html" not in below


def test_the_glossary_explains_every_device_type_and_mark() -> None:
    shown = page(glossary_page)
    for kind, words in DEVICE_TYPES.items():
        assert f"<dt><code>{kind}</code></dt><dd>{words}</dd>" in shown
    for words, meaning in MARKS.values():
        assert f"<dt>{words}</dt><dd>{meaning}</dd>" in shown


def test_how_to_report_serves_those_without_a_key_too() -> None:
    shown = page(report_page, contact="register@example.invalid")
    assert shown.index("Without a key") < shown.index("With a key") < shown.index("Never write")
    assert "mailto:register@example.invalid" in shown
    assert "Tell it to a Party that has a key" in page(report_page)
