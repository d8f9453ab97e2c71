"""The front page and the pages of entries."""

from __future__ import annotations

import datetime

from defectreg.publication.pages import Pages
from defectreg.publication.readable import fix_day, front_page, last_words, record_page
from defectreg.register.public import DISCLAIMER, PublicEvent, PublicRecord
from tests.unit.publication.editions import (
    DAY,
    ID,
    OTHER,
    TEMPLATES,
    entry,
    of_cards,
    register,
    said,
    tombstone,
)

LATER = DAY + datetime.timedelta(days=1)


def _front(*records: PublicRecord, **changes: object) -> str:
    made = register(*records, **changes)
    ((path, data),) = of_cards(front_page, made)
    assert path == "index.html"
    return data.decode()


def _page(record: PublicRecord, *others: PublicRecord, **changes: object) -> str:
    made = register(record, *others, **changes)
    ((path, data),) = record_page(record, made, Pages.of(made, TEMPLATES))
    assert path == f"records/{record.id}.html"
    return data.decode()


def _section(page: str, heading: str) -> str:
    return page.partition(f'<h2 id="{heading}">')[2].partition("</section>")[0]


def _many(count: int, **changes: object) -> list[PublicRecord]:
    return [
        entry(
            id=f"DR-0000-{number:04}",
            first_day=datetime.date(2025, 1, 1) + datetime.timedelta(days=number),
            values={"title": f"Entry number {number}."},
            **changes,
        )
        for number in range(count)
    ]


def test_the_disclaimer_stands_before_anything_else_on_the_front_page() -> None:
    text = _front(entry(said("fix")), tombstone())
    places = [text.index(words) for words in (
        "<h1>", DISCLAIMER[60:100], 'href="check.html">Check my devices</a></p>',
        '<form role="search" action="search.html" method="get">', 'id="new"', 'id="fixed"',
        'id="changed"', 'id="withdrawn"')]  # fmt: skip
    assert places == sorted(places)
    assert text.count(DISCLAIMER[60:]) == 1


def test_the_front_page_shows_the_ten_newest_and_leads_to_the_others() -> None:
    new = _section(_front(*_many(30)), "new")
    shown = [number for number in range(30) if f"Entry number {number}." in new]
    assert shown == list(range(20, 30))
    assert new.index("number 29.") < new.index("number 20.")
    assert 'href="browse/index.html"' in new


def test_entries_of_one_day_stand_in_the_order_of_their_ids() -> None:
    new = _section(_front(entry(id="DR-9000-0000"), entry(id="DR-1000-0000")), "new")
    assert new.index("DR-1000-0000") < new.index("DR-9000-0000")


def test_the_front_page_shows_what_gained_a_fix_by_the_day_of_the_fix() -> None:
    without, *fixed = _many(3)
    first, second = (
        entry(
            said("fix"),
            id=record.id,
            first_day=record.first_day,
            values=dict(record.values),
            marks=("fix",),
        )
        for record in fixed
    )
    section = _section(_front(without, first, second), "fixed")
    assert without.id not in section
    assert "fix entered <time" in section
    assert "9 March 2026" in section


def test_a_front_page_without_a_fix_says_so() -> None:
    assert "No entry has a fix yet." in _section(_front(entry(said("workaround"))), "fixed")


def test_a_fix_that_its_author_replaced_gives_no_day() -> None:
    assert fix_day(entry(said("fix", is_superseded=True))) is None
    assert fix_day(entry(said("fix", is_superseded=True), said("fix", "fix-2"))) == DAY
    assert fix_day(entry(said("workaround"))) is None


def test_the_front_page_says_what_changed_and_leaves_out_what_only_came() -> None:
    events = (PublicEvent(DAY, "report", "DCC"), PublicEvent(LATER, "challenge", "DCC"))
    changed = entry(id="DR-1000-0000", timeline=events, last_day=LATER)
    came = entry(id="DR-9000-0000", first_day=DAY, last_day=DAY)
    section = _section(_front(changed, came), "changed")
    assert "Challenge" in section
    assert "10 March 2026" in section
    assert changed.id in section
    assert came.id not in section


def test_what_was_said_last_is_told_without_its_acceptance() -> None:
    events = [PublicEvent(DAY, what, "DCC") for what in ("cause", "accept", "fix")]
    record = entry(timeline=(PublicEvent(DAY.replace(day=1), "report", "DCC"), *events))
    assert last_words(record) == "Cause and Fix"
    assert last_words(entry(timeline=(PublicEvent(DAY, "accept", "DCC"),))) == "Accepted"


def test_the_front_page_tells_of_a_withdrawn_entry_why_and_nothing_it_said() -> None:
    text = _front(entry(), tombstone())
    section = _section(text, "withdrawn")
    assert "It says the same as another entry." in section
    assert f'href="records/{OTHER}.html"' in section
    assert OTHER not in _section(text, "new")


def test_a_front_page_does_not_grow_with_the_register() -> None:
    assert abs(len(_front(*_many(200))) - len(_front(*_many(20)))) < 200


def test_a_front_page_without_entries_says_so_and_still_lets_ask() -> None:
    text = _front()
    assert "There is no entry that may be shown." in text
    assert 'action="search.html"' in text
    assert 'id="new"' not in text


def test_a_reader_without_javascript_is_told_where_to_go_instead() -> None:
    told = _front(entry()).partition("<noscript>")[2].partition("</noscript>")[0]
    assert "needs JavaScript" in told
    assert 'href="browse/index.html"' in told


def test_the_section_that_a_page_belongs_to_is_marked() -> None:
    made = Pages.of(register(), {**TEMPLATES, "page.html": '{% extends "base.html" %}'})
    for path, mark in (
        ("search.html", '/search.html" aria-current="page"'),
        ("browse/index.html", '/browse/index.html" aria-current="page"'),
        ("browse/kind-defect.html", '/browse/index.html" aria-current="true"'),
        ("bulletins/2026-10.html", '/bulletins/index.html" aria-current="true"'),
    ):
        text = made.page("page.html", path).decode().replace('href="', 'href="/').replace("../", "")
        assert mark in text
        assert text.count("aria-current") == 1
    assert "aria-current" not in made.page("page.html", f"records/{ID}.html").decode()


def test_the_page_of_an_entry_does_not_change_with_the_commit() -> None:
    assert _page(entry(), commit="a" * 40) == _page(entry(), commit="b" * 40)
    assert _front(entry(), commit="a" * 40) != _front(entry(), commit="b" * 40)


def test_a_fix_names_its_device_and_firmware_and_what_it_was_tried_with() -> None:
    fix = said("fix", device="ESME:FF01/00010100", firmware="00030005",
               tried_with=["CHF:FF02/00020001 + ESME:FF01/00010100@00030005"])  # fmt: skip
    ending = _section(_page(entry(fix)), "ending")
    for words in ("Fix: Electricity meter, firmware <code>00030005</code>",
                  "It changes <code>ESME:FF01/00010100</code>.",
                  "<code>CHF:FF02/00020001 + ESME:FF01/00010100@00030005</code>"):  # fmt: skip
        assert words in ending


def test_an_accommodation_says_what_it_changes_and_what_it_lives_with() -> None:
    ending = _section(
        _page(entry(said("accommodation", device="CHF", lives_with="ESME:FF01/00010100"))), "ending"
    )
    assert "Accommodation: Communications Hub" in ending
    assert "It lives with the behaviour of the Electricity meter, <code>ESME:FF01" in ending


def test_the_response_of_a_manufacturer_stands_in_the_section_of_the_claim() -> None:
    response = said("response", position="not-reproduced", is_from_manufacturer=True,
                    whose="Device Manufacturer", devices=("ESME:FF01/00010100",))  # fmt: skip
    claim = _section(_page(entry(response)), "observed")
    assert "After the update the meter sends no alert." in claim
    assert "It could not reproduce the behaviour." in claim
    assert "Device Manufacturer of <code>ESME:FF01/00010100</code>" in claim


def test_certainty_and_impact_stand_together_and_not_among_the_details() -> None:
    page = _page(entry())
    facts, details = _section(page, "facts"), _section(page, "details")
    assert "<dt>Certainty</dt><dd>reported</dd>" in facts
    assert '<dt>Impact on consumers</dt><dd class="level high">high</dd>' in facts
    assert "Certainty" not in details
    assert "<dt>Alert codes</dt>" in details


def test_a_time_line_is_a_picture_and_a_list_that_says_the_same() -> None:
    events = (PublicEvent(DAY, "report", "DCC"), PublicEvent(LATER, "challenge", "DCC"))
    section = _section(_page(entry(timeline=events)), "timeline")
    picture, _, listed = section.partition("</figure>")
    for place in (picture, listed):
        assert "Challenge" in place
        assert "10 March 2026" in place
    assert "<svg" in picture
    assert "<strong>Challenge</strong>, DCC" in listed


def test_a_time_line_of_one_day_is_only_a_list() -> None:
    section = _section(_page(entry()), "timeline")
    assert "<svg" not in section
    assert "<strong>Reported</strong>, Large Supplier" in section


def test_a_page_leads_to_its_forms_for_programs_and_to_who_corrects_it() -> None:
    forms = _section(_page(entry(), contact="register@example.invalid"), "forms")
    assert f'href="{ID}.json"' in forms
    assert f'href="../csaf/{ID.lower()}.json"' in forms
    assert 'href="mailto:register@example.invalid"' in forms
    assert f"naming <code>{ID}</code>" in forms
    assert 'href="../report.html"' in _section(_page(entry()), "forms")
    assert 'href="../report.html"' in _section(_page(tombstone()), "forms")


def test_related_entries_and_the_entry_that_a_duplicate_repeats_are_linked_by_title() -> None:
    related = entry(values={"related": ["DR-1000-0000"]})
    other = entry(id="DR-1000-0000", values={"title": "The <other> one"})
    assert "The &lt;other&gt; one" in _section(_page(related, other), "details")
    assert "Meter stops sending billing alerts" in _page(tombstone(), entry())


def test_the_page_of_a_withdrawn_entry_has_no_time_line_and_leads_to_its_forms() -> None:
    page = _page(tombstone())
    assert "<svg" not in page
    assert "Time-line" not in page
    assert f'href="../csaf/{OTHER.lower()}.json"' in page
    assert f'href="{OTHER}.json"' in page
