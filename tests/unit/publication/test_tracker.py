"""The tracker's pages: what each alert code is correlated with, in which region, how sure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from defectreg.publication.browsing import browse
from defectreg.publication.site import shows_disclaimer
from defectreg.publication.tracker import ANY, Seen, columns_of, rows_of
from defectreg.register.public import PublicCombination, PublicDevice, PublicRecord, PublicStatement
from tests.unit.publication.editions import entry, of_cards, register, said, tombstone

INDEX, PAGE = "tracker/index.html", "tracker/8f1e.html"
HUB = PublicDevice("CHF", "FF02", "00020001", "00020002", "CHF:FF02/00020001@00020002")
METER = PublicDevice("ESME", "FF01", "00010100", "", "ESME:FF01/00010100")
_ROW = re.compile(r"<tr>\n<th scope=\"row\">(?:<code>)?(.*?)</tr>", re.DOTALL)


def combination(*devices: PublicDevice, regions: tuple[str, ...] = ("North",)) -> PublicCombination:
    return PublicCombination(devices, regions, " + ".join(each.text for each in devices))


def report(band: str = "", **keys: Any) -> PublicStatement:
    """A report, with a band of Devices where one is given."""
    made = said("report", **keys)
    return replace(made, values={**made.values, "devices": band}) if band else made


def alerts(*statements: Any, number: int = 1, **changes: Any) -> PublicRecord:
    """An entry on Superfluous Alerts of a Communications Hub in North."""
    fields: dict[str, Any] = {
        "id": f"DR-0000-{number:04}",
        "kind": "superfluous-alerts",
        "kind_words": "Superfluous alerts",
        "affected": (combination(HUB),),
        **changes,
    }
    return entry(*statements, **fields)


def files(*records: PublicRecord, **changes: Any) -> dict[str, str]:
    made = register(*records, **changes)
    return {
        path: data.decode() for path, data in of_cards(browse, made) if path.startswith("tracker/")
    }


def by_model(*records: PublicRecord, **changes: Any) -> dict[str, str]:
    return files(*records, policy={"search_level": "model", **changes})


def test_a_register_without_superfluous_alerts_says_so() -> None:
    made = files(entry(), tombstone())
    assert set(made) == {INDEX}
    assert "There is no entry on Superfluous Alerts" in made[INDEX]


def test_each_alert_code_has_a_page_with_its_regions_and_the_disclaimer() -> None:
    made = by_model(alerts(values={"alerts": ["8F1E", "AD1"]}), entry())
    assert set(made) == {INDEX, PAGE, "tracker/ad1.html"}
    assert '<a href="../tracker/8f1e.html"><code>8F1E</code></a>' in made[INDEX]
    assert "<td>North</td>" in made[INDEX]
    assert all(shows_disclaimer(path, text.encode()) for path, text in made.items())


def test_a_row_says_where_how_many_since_when_how_sure_and_links_to_its_entry() -> None:
    seen = report(region="North", band="100-999", since="2026-02-01")
    values = {"certainty": "correlated"}
    page = by_model(alerts(seen, values=values, marks=("cause-suspected", "disputed")))[PAGE]
    (row,) = _ROW.findall(page)
    assert row.startswith(HUB.text)
    assert "<td>100\N{EN DASH}999 Devices, since 1 February 2026</td>" in row
    assert 'href="../records/DR-0000-0001.html"' in row
    assert "correlated</span>" in row
    assert "Cause suspected" in row
    assert "Disputed" in row
    assert f"8F1E in North, correlated with {HUB.text}: 100\N{EN DASH}999 Devices" in page


def test_every_sentence_of_the_picture_says_correlated_with() -> None:
    page = by_model(alerts(report(region="North", band="10-99")))[PAGE]
    titles = re.findall(r"<g><title>(8F1E.*?)</title>", page)
    assert titles
    assert all("correlated with" in title for title in titles)
    assert "caused by" not in page


def test_the_newest_report_of_a_region_tells_and_what_has_ended_is_light() -> None:
    first = report(region="North", band="1000-9999", since="2026-01-01")
    ended = report(region="North", band="10-99", until="2026-02-28")
    (row,) = rows_of([alerts(first, ended)], by_model=True)
    assert row.seen == {"North": [Seen("10-99", "2026-01-01", "2026-02-28")]}
    assert (row.seen["North"][0].level, row.seen["North"][0].label) == (1, "ended")
    assert row.words("North").endswith("until 28 February 2026")


def test_a_replaced_report_tells_nothing() -> None:
    wrong = report(region="North", band="10000+", is_superseded=True)
    (row,) = rows_of([alerts(wrong)], by_model=True)
    assert row.seen["North"][0].band == "2-9"


def test_the_more_devices_the_darker() -> None:
    bands = ("1-9", "10-99", "100-999", "1000-9999", "10000+")
    assert [Seen(band, "", "").level for band in bands] == [1, 2, 3, 4, 5]
    assert [Seen(band, "", "").label for band in bands] == [
        "1+",
        "10+",
        "100+",
        "1,000+",
        "10,000+",
    ]
    assert (Seen("", "", "").level, Seen("", "", "").label) == (1, "seen")


def test_where_no_region_is_named_the_reports_name_theirs_and_any_stays_open() -> None:
    record = alerts(report(region="South", band="10-99"), affected=(combination(HUB, regions=()),))
    (row,) = rows_of([record], by_model=True)
    assert columns_of([row]) == ["South", ANY]
    assert row.seen["South"][0].band == "10-99"


def test_a_report_of_another_region_says_nothing_of_a_named_one() -> None:
    record = alerts(report(region="South", band="10000+"))
    (row,) = rows_of([record], by_model=True)
    assert columns_of([row]) == ["North"]
    assert row.seen["North"][0].band == "2-9"


def test_below_model_only_entries_and_regions_are_named() -> None:
    for level in ("dmc", "dmc-firmware"):
        page = files(alerts(), policy={"search_level": level})[PAGE]
        assert HUB.model not in page
        assert HUB.manufacturer not in page
        assert "DR-0000-0001" in page
        assert "names entries and regions" in page


def test_where_manufacturers_are_hidden_no_model_is_named() -> None:
    page = by_model(alerts(), manufacturer_shown="hidden")[PAGE]
    assert HUB.model not in page


def test_entries_of_one_combination_share_a_row() -> None:
    (row,) = rows_of([alerts(number=1), alerts(number=2)], by_model=True)
    assert [each.id for each in row.entries] == ["DR-0000-0001", "DR-0000-0002"]


def test_rows_stand_by_type_and_model_never_by_maker() -> None:
    devices = [
        PublicDevice("ESME", maker, model, "", f"ESME:{maker}/{model}")
        for maker, model in (("FF09", "00010100"), ("FF01", "00010200"), ("FF05", "00010150"))
    ]
    records = [
        alerts(number=place, affected=(combination(each),)) for place, each in enumerate(devices)
    ]
    names = [row.name for row in rows_of(records, by_model=True)]
    assert names == ["ESME:FF09/00010100", "ESME:FF05/00010150", "ESME:FF01/00010200"]


def test_nothing_is_counted() -> None:
    page = files(*(alerts(number=each) for each in range(1, 8)))[INDEX]
    assert ">7<" not in page
    assert " 7 " not in page


def test_the_time_line_says_in_words_what_its_picture_shows() -> None:
    record = alerts(
        report(region="North", since="2026-02-01", until="2026-02-28"),
        said("cause", cause="suspected"),
        said("fix", device="CHF", firmware="00020003"),
    )
    page = by_model(record)[PAGE]
    assert "<dd>Seen from 1 February 2026 to 28 February 2026</dd>" in page
    assert "<dd>Cause, 9 March 2026</dd>" in page
    assert "<dd>Fix, 9 March 2026</dd>" in page
    assert "<title>Fix, 9 March 2026</title>" in page


def test_the_time_line_ends_where_a_later_report_says_that_it_ended() -> None:
    reports = (
        report(region="North", since="2026-01-01"),
        report(region="North", until="2026-01-31"),
        report(region="North", since="2026-03-02"),
    )
    page = by_model(alerts(*reports[:2]))[PAGE]
    assert "<dd>Seen from 1 January 2026 to 31 January 2026</dd>" in page
    assert page.count("Seen from") == page.count("from 1 January 2026 to 31 January 2026")
    again = by_model(alerts(*reports))[PAGE]
    assert "<dd>Seen from 2 March 2026 to 9 March 2026</dd>" in again
    wide = (combination(HUB, regions=("North", "South")),)
    south = report(region="South", since="2026-02-01")
    both = by_model(alerts(*reports[:2], south, affected=wide))[PAGE]
    assert "<dd>Seen in North from 1 January 2026 to 31 January 2026</dd>" in both
    assert "<dd>Seen in South from 1 February 2026 to 9 March 2026</dd>" in both


def test_only_the_newest_entries_stand_on_a_page_which_leads_to_all() -> None:
    page = files(*(alerts(number=each) for each in range(1, 203)))[PAGE]
    assert "Only the newest entries stand here" in page
    assert 'href="../browse/alert-8f1e.html"' in page
    assert len(set(re.findall("DR-0000-[0-9]{4}", page))) == 200


def test_rows_of_long_names_stay_apart_in_the_picture() -> None:
    long = "0001020" + "9" * 60
    devices = [PublicDevice("ESME", "FF01", long + end, "", f"ESME:FF01/{long}{end}")
               for end in ("A", "B")]  # fmt: skip
    page = by_model(*(alerts(number=place, affected=(combination(each),))
                      for place, each in enumerate(devices)))[PAGE]  # fmt: skip
    assert len(re.findall(r'<rect class="level-', page)) == 2


def test_a_combination_of_several_devices_is_one_row() -> None:
    (row,) = rows_of([alerts(affected=(combination(HUB, METER),))], by_model=True)
    assert row.name == f"{HUB.text} + {METER.text}"
