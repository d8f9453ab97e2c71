"""Shards to check devices against: large enough to hide in, nothing beyond the policy's level."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from defectreg.publication.checking_devices import LEAST_MODELS, check_my_devices
from defectreg.publication.site import shows_disclaimer
from defectreg.register.devices import parse_combination
from defectreg.register.public import PublicCombination, PublicDevice, PublicRecord, PublicRegister
from tests.unit.publication.editions import (
    DEVICE,
    ID,
    TEMPLATES,
    entry,
    of_cards,
    register,
    said,
    tombstone,
)

HUB = PublicDevice("CHF", "FF02", "00020001", "00020002", "CHF:FF02/00020001@00020002")
TOGETHER = PublicCombination((HUB, DEVICE), ("North",), f"{HUB.text} + {DEVICE.text} in North")


def _files(edition: PublicRegister) -> dict[str, bytes]:
    return dict(of_cards(check_my_devices, edition))


def _shards(*records: PublicRecord, **policy: str) -> dict[str, Any]:
    files = _files(register(*records, policy=policy))
    return {
        path.removeprefix("check/").removesuffix(".json"): json.loads(data)
        for path, data in files.items()
        if path.startswith("check/")
    }


def _entries(*records: PublicRecord, **policy: str) -> list[dict[str, Any]]:
    (shard,) = _shards(*records, **policy).values()
    found: list[dict[str, Any]] = shard["entries"]
    return found


def _about(number: int) -> PublicRecord:
    text = f"GSME:FF03/{number:08X}"
    device = PublicDevice("GSME", "FF03", f"{number:08X}", "", text)
    return entry(
        id=f"DR-3333-{number:04d}", affected=(PublicCombination((device,), (), text),), values={}
    )


def _binary(model: str) -> str:
    return f"{int(hashlib.sha256(model.encode()).hexdigest(), 16):0256b}"


def _models(shard: dict[str, Any]) -> set[str]:
    return {
        model
        for found in shard["entries"]
        for text in found["affected"]
        for model in parse_combination(text).models()
    }


@pytest.mark.parametrize("number", [0, 1, 16, 31])
def test_fewer_than_32_models_are_in_one_shard(number: int) -> None:
    shards = _shards(*map(_about, range(number)))
    assert list(shards) == ["any"]
    assert len(shards["any"]["entries"]) == number


@pytest.mark.parametrize("number", [200, 1000])
def test_each_shard_holds_16_models_and_one_more_digit_would_leave_some_fewer(number: int) -> None:
    shards = _shards(*map(_about, range(number)))
    assert len(shards) > 1
    assert min(len(_models(shard)) for shard in shards.values()) >= LEAST_MODELS
    assert len({len(digits) for digits in shards}) == 1
    longer = [
        sum(_binary(model).startswith(digits + digit) for model in _models(shard))
        for digits, shard in shards.items()
        for digit in "01"
    ]
    assert min(longer) < LEAST_MODELS


def test_a_model_stands_in_the_shard_of_its_sum() -> None:
    shards = _shards(*map(_about, range(200)))
    assert all(
        _binary(model).startswith(digits) for digits in shards for model in _models(shards[digits])
    )


def test_the_page_knows_how_many_digits_its_shards_have() -> None:
    files = _files(register(*map(_about, range(200))))
    digits = len(next(path for path in files if path.startswith("check/"))) - len("check/.json")
    assert f'data-digits="{digits}"' in files["check.html"].decode()


def test_the_case_of_identifiers_makes_no_other_model() -> None:
    device = PublicDevice("IHD", "abc", "x%1y", "", "IHD:abc/x%251y")
    again = PublicDevice("IHD", "ABC", "X%1y", "", "IHD:ABC/X%251y")
    records = [
        entry(id=f"DR-4444-000{number}", affected=(PublicCombination((each,), (), each.text),))
        for number, each in enumerate((device, again))
    ]
    # The last of 32 models would make two shards of them.
    shards = _shards(*records, *map(_about, range(30)))
    assert list(shards) == ["any"]


def test_at_the_level_model_an_entry_is_found_under_each_model_and_below_it_under_one() -> None:
    crowd = [_about(number) for number in range(400)]
    record = entry(affected=(TOGETHER,))
    models = parse_combination(TOGETHER.text).models()

    def filed(level: str) -> set[str]:
        shards = _shards(record, *crowd, search_level=level)
        return {
            digits
            for digits, shard in shards.items()
            if any(found["id"] == ID for found in shard["entries"])
        }

    whole = filed("model")
    assert {_binary(model)[: len(next(iter(whole)))] for model in models} == whole
    assert len(whole) == 2
    for level in ("dmc", "dmc-firmware"):
        assert filed(level) < whole
        assert len(filed(level)) == 1


def test_an_entry_says_what_the_list_of_results_needs_and_nothing_else() -> None:
    record = entry(
        said("fix", device="ESME", firmware="00030005"),
        said("fix", "fix-2", is_superseded=True, device="ESME", firmware="00030004"),
        said("workaround"),
        affected=(TOGETHER,),
        marks=("fixed", "fix", "disputed"),
    )
    assert _entries(record) == [
        {
            "id": ID,
            "title": "Meter stops sending billing alerts",
            "kind": "Unusual behaviour",
            "day": "2026-03-09",
            "marks": [["fixed", "Fixed"], ["disputed", "Disputed"]],
            "ending": [{"kind": "fix", "word": "Fix", "device": "ESME", "firmware": "00030005"}],
            "affected": [TOGETHER.text],
        }
    ]


def test_without_a_fix_a_workaround_is_the_best_that_ends_it() -> None:
    (found,) = _entries(entry(said("accommodation"), said("workaround")))
    assert [ending["word"] for ending in found["ending"]] == ["Workaround"]


def test_a_withdrawn_entry_is_in_no_shard() -> None:
    assert [found["id"] for found in _entries(entry(), tombstone())] == [ID]


def test_a_manufacturer_that_is_not_shown_is_in_no_shard_and_makes_no_difference() -> None:
    hidden = PublicDevice("ESME", "", "00010100", "0001*", "ESME:(not shown)/00010100@0001*")
    text = "ESME:(not shown)/00010100@0001* in North"
    record = entry(
        affected=(PublicCombination((hidden,), ("North",), text),), values={"affected": [text]}
    )
    (found,) = _entries(record, manufacturer_shown="hidden")
    assert found["affected"] == ["ESME:-/00010100@0001* in North"]
    page = _files(register(record, policy={"manufacturer_shown": "hidden"}))["check.html"].decode()
    assert "data-hidden" in page
    assert "does not show manufacturers" in page


@pytest.mark.parametrize("level", ["model", "dmc", "dmc-firmware"])
def test_every_file_bears_the_disclaimer_and_is_the_same_again(level: str) -> None:
    records = [*map(_about, range(100)), entry(affected=(TOGETHER,))]
    edition = register(*records, policy={"search_level": level})
    files = _files(edition)
    assert {"check.html", "check.js", "dmc.js"} < set(files)
    assert [path for path, data in files.items() if not shows_disclaimer(path, data)] == []
    assert files == _files(edition)


def test_a_hostile_title_is_text_in_a_shard() -> None:
    hostile = "</script><script>alert(1)</script> & \u2028"
    files = _files(register(entry(values={"title": hostile})))
    data = files["check/any.json"]
    assert not {b"<", b">", b"&"} & {bytes((octet,)) for octet in data}
    assert json.loads(data)["entries"][0]["title"] == hostile


def test_the_scripts_write_no_markup_and_run_no_text() -> None:
    for script in ("dmc.js", "check.js"):
        text = TEMPLATES[script]
        assert not [
            word
            for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "Function(")
            if word in text
        ]
