"""Browsing: every entry in each list to which it belongs, the newest first, never by maker."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from typing import Any

import pytest

from defectreg.publication.browsing import FACETS, browse
from defectreg.publication.listing import count_words, line_of, page_path
from defectreg.publication.models import has_model_pages
from defectreg.publication.site import shows_disclaimer
from defectreg.register.errors import CannotRun
from defectreg.register.public import PublicCombination, PublicDevice, PublicRecord
from tests.unit.publication.editions import (
    ID,
    OTHER,
    TEMPLATES,
    entry,
    of_cards,
    pages,
    register,
    tombstone,
)
from tests.unit.register.cases import policy

ROOT = "browse/index.html"
_ENTRY = re.compile(r'<h3><a href="\.\./records/(DR-[^"]+)\.html"')
_LINK = re.compile(r'href="\.\./((?:browse|models)/[^"#]+)')
MODEL = "models/esme-00010100-6c9c24aa79474b65.html"
"""The page of ``ESME:FF01/00010100``."""


def files(*records: PublicRecord, **changes: Any) -> dict[str, str]:
    made = register(*records, **changes)
    found = list(of_cards(browse, made))
    assert len({path for path, _ in found}) == len(found)
    # The tracker is made of the same lists, and has tests of its own.
    return {path: data.decode() for path, data in found if not path.startswith("tracker/")}


def by_model(*records: PublicRecord, **changes: Any) -> dict[str, str]:
    return files(*records, policy={"search_level": "model", **changes})


def device(name: str, shown: str = "") -> PublicDevice:
    kind, _, rest = name.partition(":")
    manufacturer, _, model = rest.partition("/")
    return PublicDevice(kind, shown or manufacturer, model, "", name)


def affecting(*names: str, number: int = 1, regions: tuple[str, ...] = ()) -> PublicRecord:
    devices = tuple(map(device, names))
    combination = PublicCombination(devices, regions, " + ".join(names))
    return entry(id=f"DR-0000-{number:04}", affected=(combination,))


def many(count: int) -> list[PublicRecord]:
    first = datetime.date(2020, 1, 1)
    return [
        entry(id=f"DR-0000-{number:04}", first_day=first + datetime.timedelta(days=number % 7))
        for number in range(count)
    ]


def entries(page: str) -> list[str]:
    return _ENTRY.findall(page)


def test_an_entry_stands_in_each_list_to_which_it_belongs() -> None:
    made = files(entry())
    assert set(made) == {
        ROOT,
        "browse/kind-unusual-behaviour.html",
        "browse/combination-esme.html",
        "browse/alert-8f1e.html",
        "browse/region-north.html",
        "browse/month-2026-03.html",
    }
    for path in made.keys() - {ROOT}:
        assert entries(made[path]) == [ID], path


def test_every_list_can_be_reached_and_every_link_leads_to_a_list() -> None:
    made = by_model(entry(), tombstone(), *many(250), affecting("CHF:FF02/0001", "GPF:FF02/0001"))
    linked = {path for page in made.values() for path in _LINK.findall(page)}
    assert linked | {ROOT} == set(made)


def test_every_page_shows_the_disclaimer() -> None:
    for path, page in by_model(entry(), tombstone()).items():
        assert shows_disclaimer(path, page.encode()), path


def test_a_list_shows_the_newest_first_and_those_of_one_day_by_id() -> None:
    records = many(20)
    shown = entries(files(*records)["browse/kind-unusual-behaviour.html"])
    wanted = sorted(records, key=lambda each: (-each.first_day.toordinal(), each.id))
    assert shown == [each.id for each in wanted]


def test_a_long_list_stands_on_pages_of_a_hundred_that_lead_to_one_another() -> None:
    made = files(*many(250))
    shown = [made[page_path("browse/combination-esme", number)] for number in (1, 2, 3)]
    assert [len(entries(page)) for page in shown] == [100, 100, 50]
    assert len({each for page in shown for each in entries(page)}) == 250
    assert "browse/combination-esme-4.html" not in made
    links = [set(_LINK.findall(page)) - {ROOT} for page in shown]
    first, second, third = (page_path("browse/combination-esme", at) for at in (1, 2, 3))
    assert links == [{second, third}, {first, third}, {first, second}]
    assert "Page 2 of 3" in shown[1]


def test_a_list_that_fits_on_one_page_leads_to_no_other() -> None:
    assert "Page 1" not in files(*many(100))["browse/combination-esme.html"]


def test_a_combination_is_the_set_of_its_device_types_whatever_the_maker() -> None:
    made = files(
        affecting("CHF:FF02/00020001", "ESME:FF01/00010100", number=1),
        affecting("CHF:FF08/00080001", "ESME:FF03/00030010", number=2),
        affecting("GSME:FF04/00040001", number=3),
    )
    page = made["browse/combination-chf-esme.html"]
    assert entries(page) == ["DR-0000-0001", "DR-0000-0002"]
    assert "<h1>Communications Hub + electricity meter</h1>" in page
    assert entries(made["browse/combination-gsme.html"]) == ["DR-0000-0003"]


def test_an_entry_that_names_no_region_stands_apart_from_those_that_do() -> None:
    made = files(
        affecting("ESME:FF01/1", number=1),
        affecting("ESME:FF01/1", number=2, regions=("North", "4G North")),
        affecting("ESME:FF01/1", number=3, regions=("Unknown",)),
    )
    regions = {path: entries(page) for path, page in made.items() if "/region-" in path}
    assert regions == {
        "browse/region-not-given.html": ["DR-0000-0001"],
        "browse/region-north.html": ["DR-0000-0002"],
        "browse/region-4g-north.html": ["DR-0000-0002"],
        "browse/region-unknown.html": ["DR-0000-0003"],
    }
    assert "<h1>Region 4G North</h1>" in made["browse/region-4g-north.html"]


def test_a_withdrawn_entry_is_listed_as_such_and_nowhere_else() -> None:
    made = files(entry(), tombstone())
    listed = [path for path, page in made.items() if OTHER in entries(page)]
    assert listed == ["browse/kind-withdrawn.html"]
    assert "withdrawn <time" in made["browse/kind-withdrawn.html"]
    assert f"Withdrawn entry {OTHER}" in made["browse/kind-withdrawn.html"]


def test_a_register_without_entries_says_so() -> None:
    made = by_model()
    assert set(made) == {ROOT}
    assert "There is no entry that may be shown." in made[ROOT]


def test_the_lists_of_each_facet_stand_in_the_order_that_its_readers_know() -> None:
    alerts = {"alerts": ["8F20", "N13", "8F1E", "N2"]}
    made = files(
        entry(values=alerts, first_day=datetime.date(2025, 12, 31)),
        entry(id=OTHER, kind="issue", first_day=datetime.date(2026, 1, 1)),
    )[ROOT]
    for paths in (
        ("alert-n2", "alert-n13", "alert-8f1e", "alert-8f20"),
        ("month-2026-01", "month-2025-12"),
        ("kind-issue", "kind-unusual-behaviour"),
    ):
        places = [made.index(f"browse/{path}.html") for path in paths]
        assert places == sorted(places)


@pytest.mark.parametrize(("number", "is_shown"), [(4, False), (5, True)])
def test_a_number_below_the_small_cell_is_not_shown(number: int, is_shown: bool) -> None:
    page = files(*many(number), policy={"small_cell": 5})[ROOT]
    assert (f'<span class="note">{number}</span>' in page) is is_shown
    assert "a number below 5 is not shown" in page


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5"), (1234, "1,234")],
)
def test_a_small_number_is_told_as_small(number: int, words: str) -> None:
    assert count_words(number, 5) == words


def test_a_fix_that_is_confirmed_has_one_mark() -> None:
    confirmed = line_of(entry(marks=("fixed", "fix")), pages())
    assert '<li class="mark fixed">Fixed</li>' in confirmed
    assert '<li class="mark fix">' not in confirmed
    assert '<li class="mark fix">Fix</li>' in line_of(entry(marks=("fix",)), pages())


def test_a_template_of_lines_that_is_wrong_is_told() -> None:
    made = register(entry())
    wrong = {**TEMPLATES, "browse-line.html": "{% macro line() %}{% endmacro %}\n{{ oops }}"}
    with pytest.raises(CannotRun, match=r"browse-line\.html:\d+: 'oops' is undefined"):
        list(of_cards(browse, made, wrong))


def test_what_an_entry_says_is_never_markup() -> None:
    title = '<script>alert("x")</script> & more'
    for path, page in by_model(entry(values={"title": title})).items():
        assert "<script" not in page, path


@pytest.mark.parametrize(
    ("level", "shown", "has_pages"),
    [
        ("model", "id", True),
        ("model", "name", True),
        ("model", "hidden", False),
        ("dmc", "id", False),
        ("dmc-firmware", "id", False),
    ],
)
def test_a_model_has_a_page_only_where_the_policy_lets_it(
    level: str, shown: str, has_pages: bool
) -> None:
    rules = {"search_level": level, "manufacturer_shown": shown}
    assert has_model_pages(policy(**rules)) is has_pages
    made = files(entry(), policy=rules)
    models = {path for path in made if path.startswith("models/")}
    wanted = {"models/index.html", MODEL} if has_pages else set()
    assert models == wanted
    assert ("models/" in made[ROOT]) is has_pages


def test_models_stand_by_device_type_and_number_and_never_by_maker() -> None:
    names = ("ESME:FF09/00010100", "ESME:FF01/00020000", "GSME:FF01/00000001", "CHF:FF02/00000002")
    made = by_model(*(affecting(name, number=at) for at, name in enumerate(names)))
    index = made["models/index.html"]
    places = [index.index(f">{number}</code>") for number in (
        "00010100", "00020000", "00000001", "00000002")]  # fmt: skip
    assert places == sorted(places)


def test_models_of_one_number_stand_in_an_order_that_is_not_that_of_their_makers() -> None:
    names = [f"ESME:FF{number:02}/00010100" for number in range(12)]
    index = by_model(*(affecting(name, number=at) for at, name in enumerate(names)))[
        "models/index.html"
    ]
    makers = re.findall(r">FF(..)</span>", index)
    paths = re.findall(r"models/esme-00010100-[0-9a-f]{16}\.html", index)
    assert len(makers) == len(set(paths)) == 12
    assert makers != sorted(makers)
    assert paths == sorted(paths)


def test_a_list_of_files_is_not_in_the_order_of_makers() -> None:
    names = ("ESME:FF09/00010100", "ESME:FF01/00020000", "ESME:FF05/00015000")
    made = by_model(*(affecting(name, number=at) for at, name in enumerate(names)))
    assert sorted(path for path in made if path.startswith("models/esme-")) == [
        "models/esme-00010100-e8767dc466ad121b.html",
        "models/esme-00015000-9bf7c88a5d7255c5.html",
        "models/esme-00020000-b0f2e7807d866b78.html",
    ]


def test_files_of_models_of_one_number_are_not_in_the_order_of_makers() -> None:
    names = [f"ESME:FF{number:02}/00010100" for number in range(12)]
    made = by_model(*(affecting(name, number=at) for at, name in enumerate(names)))
    listed = sorted(path for path in made if path.startswith("models/esme-"))
    makers = [re.findall("manufacturer FF(..)", made[path])[0] for path in listed]
    assert len(makers) == 12
    assert makers != sorted(makers)


def test_nothing_is_counted_by_model_or_maker() -> None:
    records = [affecting("ESME:FF01/00010100", number=number) for number in range(7)]
    made = by_model(*records)
    for path in ("models/index.html", MODEL):
        assert not re.search(r">\s*7\b|\b7 ", made[path].partition("<main")[2]), path
    assert not re.search("FF01", made[ROOT])
    assert not [facet for facet in FACETS if "manufacturer" in facet.name]


def test_capitals_do_not_tell_models_apart_and_odd_characters_do() -> None:
    names = ("IHD:ff01/window-2", "IHD:FF01/WINDOW-2", "IHD:FF01/window%2F2", "IHD:FF01-/window")
    made = by_model(*(affecting(name, number=at) for at, name in enumerate(names)))
    found = {path: entries(page) for path, page in made.items() if path.startswith("models/ihd-")}
    assert sorted(map(len, found.values())) == [1, 1, 2]
    assert all(re.fullmatch(r"models/[a-z0-9_-]+\.html", path) for path in found)


def test_a_model_with_a_very_long_name_has_a_path_that_every_disc_takes() -> None:
    (path,) = (
        path
        for path in by_model(affecting(f"IHD:FF01/{'%E2%82%AC' * 30}"))
        if path.startswith("models/ihd-")
    )
    assert len(path) < 140


def test_a_maker_is_named_as_the_policy_lets_it() -> None:
    shown = device("ESME:FF01/00010100", "Alderbrook Metering")
    record = replace(entry(), affected=(PublicCombination((shown,), (), shown.text),))
    page = by_model(record, manufacturer_shown="name")[MODEL]
    assert "manufacturer Alderbrook Metering" in page


def test_an_alert_code_is_named_in_the_words_of_the_catalogue_where_it_has_some() -> None:
    record = entry(values={"alerts": ["8F1E", "N53"]})
    made = files(record, alerts=(("8F1E", "a <log> was written"), ("8F20", "another")))
    assert ">8F1E: a &lt;log&gt; was written</a>" in made[ROOT]
    assert ">N53</a>" in made[ROOT]
    assert "8F20" not in made[ROOT]
    assert "<h1>Alert code 8F1E: a &lt;log&gt; was written</h1>" in made["browse/alert-8f1e.html"]
    assert "<h1>Alert code N53</h1>" in made["browse/alert-n53.html"]
