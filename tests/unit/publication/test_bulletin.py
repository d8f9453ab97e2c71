"""The monthly bulletin: its page, its table, and what SECAS is handed."""

from __future__ import annotations

import datetime
import re
from typing import Any

from defectreg.formats.columns import from_csv
from defectreg.publication.bulletin import (
    HEADINGS,
    NOTES,
    bulletin_csv,
    bulletin_pages,
    bulletin_tables,
    groups_of,
    month_words,
    package,
)
from defectreg.publication.pages import Pages
from defectreg.publication.site import shows_disclaimer
from defectreg.register.public import (
    CHANGES,
    CORRECTIONS,
    DISCLAIMER,
    PublicBulletin,
    PublicChange,
    PublicWithdrawal,
)
from tests.unit.publication.editions import DAY, ID, OTHER, TEMPLATES, register

HOSTILE = "<script>alert(1)</script>"


def change(what: str, **changes: Any) -> PublicChange:
    fields: dict[str, Any] = {
        "id": ID,
        "title": "Meter stops sending billing alerts",
        "kind_words": "Unusual behaviour",
        "marks": ("fix",),
        "affected": ("ESME:FF01/00010100 in North",),
        "fixes": (),
        "said": (),
        "withdrawal": None,
    }
    return PublicChange(what=what, **{**fields, **changes})


def gone(what: str) -> PublicChange:
    return change(
        what,
        id=OTHER,
        title="Withdrawn entry",
        kind_words="Withdrawn entry",
        marks=(),
        affected=(),
        withdrawal=PublicWithdrawal(DAY, "duplicate-of", ID),
    )


def bulletin(*changes: PublicChange, **fields: Any) -> PublicBulletin:
    made: dict[str, Any] = {
        "month": "2026-10",
        "day": DAY,
        "commit": "a" * 40,
        "since": datetime.date(2026, 2, 2),
        "is_signed": True,
        "corrections": tuple(each for each in changes if each.what in CORRECTIONS),
        "changes": tuple(each for each in changes if each.what in CHANGES),
    }
    return PublicBulletin(**{**made, **fields})


def page_of(month: PublicBulletin, **changes: Any) -> str:
    made = register(bulletins=(month,), **changes)
    files = dict(bulletin_pages(made, Pages.of(made, TEMPLATES)))
    return files[f"bulletins/{month.month}.html"].decode()


def packaged(month: PublicBulletin, **changes: Any) -> dict[str, bytes]:
    made = register(bulletins=(month,), **changes)
    return dict(package(month, Pages.of(made, TEMPLATES)))


def test_every_change_has_a_heading_and_a_note() -> None:
    assert set(HEADINGS) == set(NOTES) == {*CHANGES, *CORRECTIONS}


def test_corrections_come_first_and_then_what_gained_a_fix() -> None:
    month = bulletin(change("added"), change("fix"), gone("withdrawn"), gone("since-withdrawn"))
    whats = [group.what for group in groups_of(month)]
    assert whats == ["since-withdrawn", "fix", "added", "withdrawn"]
    page = page_of(month)
    places = [page.index(f'id="{what}"') for what in whats]
    assert places == sorted(places)


def test_a_month_is_written_in_words() -> None:
    assert month_words("2026-10") == "October 2026"


def test_a_withdrawn_entry_is_named_by_its_id_and_reason_alone() -> None:
    page = page_of(bulletin(gone("since-withdrawn")))
    assert OTHER in page
    assert "It says the same as another entry." in page
    assert "billing alerts" not in page


def test_a_page_says_since_when_and_that_the_first_follows_none() -> None:
    assert '<time datetime="2026-02-02">2 February 2026</time>' in page_of(bulletin())
    assert "no bulletin came before" in page_of(bulletin(since=None))


def test_a_month_without_a_change_says_so() -> None:
    assert "Nothing that may be shown has changed" in page_of(bulletin())


def test_what_was_said_is_named_by_its_kind() -> None:
    page = page_of(bulletin(change("said", said=("cause", "response"))))
    assert "New: cause, response" in page


def test_the_list_of_months_links_each_and_says_when_there_is_none() -> None:
    for bulletins, words in (((bulletin(),), "2026-10.html"), ((), "No bulletin has been signed")):
        made = register(bulletins=bulletins)
        files = dict(bulletin_pages(made, Pages.of(made, TEMPLATES)))
        assert words in files["bulletins/index.html"].decode()


def test_an_entry_whose_text_is_another_now_is_marked_in_page_and_table() -> None:
    for is_changed, word in ((True, "true"), (False, "false")):
        month = bulletin(change("added", is_changed_since=is_changed))
        assert ("changed since this bulletin" in page_of(month)) is is_changed
        names, row = from_csv(bulletin_csv(month).decode())
        assert dict(zip(names, row, strict=True))["changed-since"] == word


def test_what_has_a_fix_no_longer_stands_before_what_gained_one() -> None:
    month = bulletin(change("fix"), change("fix-lost", id=OTHER), change("fix-gone"))
    assert [group.what for group in groups_of(month)] == ["fix-gone", "fix-lost", "fix"]
    assert "No longer with a fix" in page_of(month)


def test_a_table_has_a_row_for_each_change_and_the_disclaimer_in_each() -> None:
    month = bulletin(change("fix", fixes=("ESME 00030005",)), gone("since-withdrawn"))
    names, *rows = from_csv(bulletin_csv(month).decode())
    found = [dict(zip(names, row, strict=True)) for row in rows]
    assert [row["change"] for row in found] == ["since-withdrawn", "fix"]
    assert found[0]["withdrawn-code"] == "duplicate-of"
    assert found[0]["title"] == ""
    assert found[1]["fix"] == "ESME 00030005"
    assert {row["disclaimer"] for row in found} == {DISCLAIMER}


def test_a_table_without_a_change_still_has_the_disclaimer() -> None:
    _, row = from_csv(bulletin_csv(bulletin()).decode())
    assert (row[0], row[-1]) == ("2026-10", DISCLAIMER)


def test_there_is_a_table_only_where_the_search_level_allows_bulk() -> None:
    for level, number in (("model", 1), ("dmc", 0)):
        made = register(bulletins=(bulletin(),), policy={"search_level": level})
        assert len(list(bulletin_tables(made, Pages.of(made, TEMPLATES)))) == number


def test_a_package_is_a_fragment_a_page_to_print_its_style_and_a_table() -> None:
    files = packaged(bulletin(change("added")))
    assert sorted(files) == [
        "bulletin-2026-10-print.html",
        "bulletin-2026-10.csv",
        "bulletin-2026-10.html",
        "bulletin-print.css",
    ]
    assert all(shows_disclaimer(path, data) for path, data in files.items())


def test_a_fragment_has_neither_style_nor_script_nor_link_nor_head() -> None:
    fragment = packaged(bulletin(change("added", title=HOSTILE)))["bulletin-2026-10.html"].decode()
    tags = {tag.lower() for tag in re.findall(r"<([a-zA-Z!]+)", fragment)}
    assert not tags & {"style", "script", "link", "a", "html", "head", "body", "!doctype", "img"}
    assert "style=" not in fragment
    assert "&lt;script&gt;" in fragment


def test_a_draft_says_that_it_is_one() -> None:
    for is_signed in (True, False):
        files = packaged(bulletin(is_signed=is_signed))
        for path in ("bulletin-2026-10.html", "bulletin-2026-10-print.html"):
            assert ("Draft: not signed" in files[path].decode()) is not is_signed


def test_an_invented_register_says_so_in_what_is_handed_on() -> None:
    files = packaged(bulletin(), is_demonstration=True)
    assert "Demonstration." in files["bulletin-2026-10.html"].decode()
