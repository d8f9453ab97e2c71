"""The site's text index: what is in it, what never is, and that it stays the same."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from defectreg.publication.searching import indexed_text, text_search, value_name
from defectreg.publication.site import shows_disclaimer
from defectreg.publication.word_files import file_name
from defectreg.register.public import PublicCombination, PublicDevice, PublicRecord
from defectreg.register.schema import Schema
from tests.unit.publication.editions import (
    DEVICE,
    ID,
    OTHER,
    entry,
    of_cards,
    published,
    register,
    said,
    tombstone,
)
from tests.unit.register.cases import schema


def files(*records: PublicRecord, level: str = "model", **changes: Any) -> dict[str, bytes]:
    policy = {"search-level": level, **changes.pop("policy", {})}
    known = register(*records, policy=policy, **changes)
    return dict(of_cards(text_search, known))


def loaded(made: dict[str, bytes], path: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(made[path])
    return value


def words(made: dict[str, bytes]) -> set[str]:
    return {
        word
        for path in made
        if path.startswith("search/words/")
        for word in loaded(made, path)["words"]
    }


def searched(schema: Schema) -> set[str]:
    return {
        leaf.path[0]
        for leaf in schema.leaves
        if leaf.schema.get("x-search") or leaf.property_schema.get("x-search")
    }


def test_every_file_shows_the_disclaimer_and_is_text() -> None:
    for path, data in files(entry(), tombstone()).items():
        assert shows_disclaimer(path, data), path


def test_same_register_same_bytes_in_the_same_order() -> None:
    assert list(files(entry(), tombstone()).items()) == list(files(entry(), tombstone()).items())


def test_the_words_of_an_entry_are_found_and_its_head_is_told() -> None:
    made = files(entry(said("fix", says="Take another version.")))
    assert {"meter", "billing", "update", "8f1e", "version", "x4mb"} <= words(made)
    index = loaded(made, "search/index.json")
    assert (index["size"], index["entries"]) == (1, 1)
    assert loaded(made, "search/entries/0.json")["entries"] == [
        [
            ID,
            "Meter stops sending billing alerts",
            "Unusual behaviour",
            [["cause-unknown", "Cause unknown"]],
            "2026-03-02",
            "2026-03-09",
        ]
    ]


def test_what_is_searched_is_what_the_schemas_say_is_searched() -> None:
    texts = {"behaviour", "expected", "circumstances"}
    values = {key: f"unique{key}" for key in texts}
    codes = {"alerts": ["8F99"], "service-requests": ["99.1"]}
    fix = said(
        "fix",
        says="uniquesays",
        device="GSME",
        firmware="00990099",
        tried_with=["CAD:FF01/77"],
    )
    text = indexed_text(entry(fix, values={**values, **codes}), "model")
    for unique in (*values.values(), "8F99", "99.1", "uniquesays", "GSME", "00990099", "CAD 77"):
        assert unique in text
    assert searched(schema("record")) == texts | codes.keys() | {"title", "affected"}
    assert searched(schema("statement")) == {"says", "device", "firmware", "tried-with"}


def test_a_withdrawn_entry_is_in_no_list_and_keeps_its_number() -> None:
    made = files(entry(), tombstone(said("response", says="unheardof")))
    assert "unheardof" not in words(made)
    index = loaded(made, "search/index.json")
    assert (index["size"], index["entries"]) == (2, 1)
    assert not any(OTHER.encode() in data for data in made.values())


def test_what_its_author_replaced_is_not_searched() -> None:
    assert "unheardof" not in words(files(entry(said("fix", says="unheardof", is_superseded=True))))


@pytest.mark.parametrize("level", ["model", "dmc", "dmc-firmware"])
def test_a_manufacturer_is_no_word_at_any_level(level: str) -> None:
    text = "The metering of FF01 and Alderbrook sends none."
    named = PublicDevice("ESME", "Alderbrook Metering", "00010100", "", "ESME:FF01/00010100")
    combination = PublicCombination((named,), (), "ESME:FF01/00010100")
    record = entry(affected=(combination,), values={"behaviour": text})
    made = files(record, level=level)
    assert not {"ff01", "alderbrook"} & words(made)
    assert {"sends", "metering"} <= words(made)


def test_at_the_level_of_models_models_and_firmware_are_words() -> None:
    made = words(files(entry(said("fix", device="ESME:FF01/00010100", firmware="00030005"))))
    assert {"esme", "00010100", "0001", "00030000", "north", "00030005"} <= made


@pytest.mark.parametrize("level", ["dmc", "dmc-firmware"])
def test_below_it_they_are_not_even_where_a_text_mentions_them(level: str) -> None:
    fix = said("fix", says="Of 00010100 take 00030000, not 9999.", device=DEVICE.text)
    made = words(files(entry(fix), level=level))
    assert {"esme", "north", "take", "9999"} <= made
    assert not {"00010100", "00030000", "00030004"} & made


def test_an_alert_code_is_a_word_even_where_a_manufacturer_has_it_as_identifier() -> None:
    device = replace(DEVICE, manufacturer="8F1E", text="ESME:8F1E/00010100")
    combination = PublicCombination((device,), (), device.text)
    assert "8f1e" in words(files(entry(affected=(combination,))))


def test_a_device_whose_manufacturer_is_hidden_is_found_by_its_model() -> None:
    text = indexed_text(entry(said("fix", device="GSME:(not shown)/00020200")), "model")
    assert "GSME 00020200" in text


def test_what_is_no_notation_is_found_by_its_type_alone() -> None:
    assert "GSME\n" in indexed_text(entry(said("fix", device="GSME:odd", says="x")), "model") + "\n"


def test_filters_tell_what_has_them_and_offer_no_other() -> None:
    made = files(entry(said("fix")), entry(id=OTHER, kind="defect", affected=()))
    filters = loaded(made, "search/index.json")["filters"]
    assert filters == {
        "kind": {
            "defect": "Defects, possible and confirmed",
            "unusual-behaviour": "Unusual behaviour",
        },
        "type": {"ESME": "Electricity meter"},
        "region": {"North": "North"},
        "has-fix": {"true": "With a fix", "false": "Without a fix"},
        "alert": {"8F1E": "8F1E"},
    }
    assert {name: next(iter(values)) for name, values in filters.items()} == {
        "kind": "defect", "type": "ESME", "region": "North", "has-fix": "true", "alert": "8F1E",
    }  # fmt: skip
    paths = {path for path in made if path.startswith("search/filters/")}
    assert paths == {"search/filters/all.json"} | {
        f"search/filters/{name}-{value_name(value)}.json"
        for name, values in filters.items()
        for value in values
    }


def test_an_entry_without_a_region_is_in_each() -> None:
    anywhere = entry(affected=(PublicCombination((DEVICE,), (), DEVICE.text),))
    made = files(anywhere)
    assert "search/filters/region-4g-south.json" in made


def test_a_replaced_fix_is_none() -> None:
    made = files(entry(said("fix", is_superseded=True)))
    assert loaded(made, "search/index.json")["filters"]["has-fix"] == {"false": "Without a fix"}


def test_a_word_of_any_letters_has_a_plain_file_name() -> None:
    assert file_name("meter8") == "meter8"
    assert file_name("é/..") == "_c3_a9_2f_2e_2e"


def test_words_are_shared_out_so_that_no_file_is_large() -> None:
    letters = "abcdefgh"
    text = " ".join(
        f"word{a}{b}{c}{d}" for a in letters for b in letters for c in letters for d in letters
    )
    made = files(entry(values={"behaviour": f"word {text}"}))
    lists = {path: data for path, data in made.items() if path.startswith("search/words/")}
    assert max(map(len, lists.values())) < 40_000
    index = loaded(made, "search/index.json")
    assert "word" in index["alone"]
    assert {f"search/words/b-{each}.json" for each in index["beginnings"]} | {
        f"search/words/w-{each}.json" for each in index["alone"]
    } == lists.keys()
    for beginning in index["beginnings"]:
        found = loaded(made, f"search/words/b-{beginning}.json")["words"]
        assert all(word.startswith(beginning) for word in found)


def test_an_empty_register_has_a_search_that_finds_nothing() -> None:
    made = files()
    assert loaded(made, "search/index.json")["entries"] == 0
    assert words(made) == set()


def test_the_index_is_no_part_of_a_script_wherever_it_is_put() -> None:
    made = files(entry(values={"title": "</script><b>Meter"}))
    assert b"</script>" not in made["search/entries/0.json"]


def test_the_page_says_what_is_not_found_at_which_level() -> None:
    shown = {level: files(level=level)["search.html"] for level in ("model", "dmc")}
    assert b"firmware and regions of the affected combinations are found" in shown["model"]
    assert b"of the manufacturers that this register knows are not, also" in shown["model"]
    assert b"written like a model or a firmware version" in shown["dmc"]
    assert b"are not found as words" not in shown["dmc"]


def test_the_page_calls_no_possible_defect_a_defect() -> None:
    possible = entry(kind="defect", kind_words="Possible defect")
    page = files(possible)["search.html"]
    assert b'<option value="defect">Defects, possible and confirmed</option>' in page
    assert b">Defect<" not in page


def test_the_page_begins_with_what_no_entry_means() -> None:
    content = files()["search.html"].partition(b"<main")[2].partition(b"<h1>")[0]
    assert b"No recommendations are made or intended." in content
    assert b'href="#disclaimer"' in content


@pytest.mark.parametrize(("level", "is_there"), [("model", True), ("dmc", False)])
def test_the_front_page_asks_for_a_model_only_where_one_is_found(
    level: str, is_there: bool
) -> None:
    front = published(entry(), policy={"search_level": level})["index.html"]
    assert ("Words, an alert code or a model" in front) is is_there
    assert ("Words or an alert code<" in front) is not is_there


@pytest.mark.parametrize("level", ["model", "dmc", "dmc-firmware"])
@pytest.mark.parametrize("shown", ["id", "name", "hidden"])
def test_no_manufacturer_that_the_register_knows_is_a_word_or_shown(level: str, shown: str) -> None:
    makers = (("FF0D", "Zennerfold Gas Metering Ltd"), ("", "Ostrand"))
    rules = {"search_level": level, "manufacturer_shown": shown}
    text = "Not the metering of Zennerfold (FF0D), ZENNERFOLD or Ostrand."
    made = files(entry(values={"behaviour": text}), manufacturers=makers, policy=rules, level=level)
    assert not {"zennerfold", "ff0d", "ostrand"} & words(made)
    assert {"metering", "not"} <= words(made)
    silent = published(entry(), manufacturers=makers, policy=rules)
    assert not [path for path, text in silent.items() if "Zennerfold" in text or "FF0D" in text]


@pytest.mark.parametrize("level", ["dmc", "dmc-firmware"])
def test_below_models_nothing_that_a_statement_names_is_a_word(level: str) -> None:
    """A fix that was tried with a Device of another maker, and an accommodation that lives with
    one: their models, firmware and makers stand in texts too."""
    fix = said(
        "fix",
        says="Took 00030005 with FF07 00090001@v1234, not dlms9.",
        device=DEVICE.text,
        firmware="00030005",
        tried_with=["CAD:FF07/00090001@dlms9 + GPF:(not shown)/00020200"],
    )
    lives = said("accommodation", says="FF08 copes with cp77.", lives_with="PPMID:FF08/cp77")
    text = "Unrelated FF04 with 00020002, v00030009 and ABCDEFAB."
    makers = (("FF04", "Dunmere"),)
    record = entry(fix, lives, values={"behaviour": text})
    made = words(files(record, level=level, manufacturers=makers))
    assert {"took", "copes", "unrelated", "v1234"} <= made
    assert not {"00030005", "00090001", "ff07", "ff08", "dlms9", "cp77", "ff04"} & made
    assert not {"00020002", "v00030009", "abcdefab", "00020200"} & made


def test_at_the_level_of_models_makers_that_statements_name_are_no_words() -> None:
    fix = said("fix", says="With FF07 00090001.", tried_with=["CAD:FF07/00090001"])
    made = words(files(entry(fix)))
    assert "00090001" in made
    assert "ff07" not in made
