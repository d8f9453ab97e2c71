"""The catalogue: its own files are good, and wrong ones are refused with a sentence."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from defectreg.register.catalogue import Catalogue, parse_catalogue
from defectreg.register.codes import is_dcc_alert_code
from defectreg.register.devices import Device, parse_combination
from defectreg.register.yamltext import load

FOLDER = Path(__file__).parents[3] / "catalogue"


@pytest.fixture(scope="module")
def files() -> dict[str, Any]:
    return {path.name: load(path.read_bytes()).data for path in FOLDER.glob("*.yaml")}


@pytest.fixture(scope="module")
def catalogue(files: dict[str, Any]) -> Catalogue:
    return parse_catalogue(files)


def _device(text: str) -> Device:
    return parse_combination(text).devices[0]


def test_no_value_is_mistaken_by_a_reader_of_plain_yaml(files: dict[str, Any]) -> None:
    def texts(data: Any) -> list[str]:
        if isinstance(data, dict):
            return [text for value in data.values() for text in texts(value)]
        if isinstance(data, list):
            return [text for value in data for text in texts(value)]
        return [str(data).lower() if isinstance(data, bool) else str(data)]

    for name, expected in files.items():
        assert texts(yaml.safe_load((FOLDER / name).read_bytes())) == texts(expected), name


def test_the_catalogue_has_every_code_of_its_sources(catalogue: Catalogue) -> None:
    device_alerts = [code for code in catalogue.alert_codes if not is_dcc_alert_code(code)]
    assert len(device_alerts) == 190
    assert len(catalogue.alert_codes) == 190 + 66
    assert len(catalogue.esme_variants) == 25
    assert len(catalogue.service_requests) == 129


def test_every_device_alert_has_words_of_its_own_and_no_dcc_alert_has_any(
    catalogue: Catalogue,
) -> None:
    words = [text for code, text in catalogue.alert_codes.items() if not is_dcc_alert_code(code)]
    assert all(words)
    assert len(set(words)) == len(words)
    assert not any(catalogue.alert_codes[code] for code in ("AD1", "N1", "N65", "N999"))


def test_a_variant_says_its_letters_and_no_meaning_for_g(catalogue: Catalogue) -> None:
    functions = {
        "D": "auxiliary load control",
        "E": "boost function",
        "F": "auxiliary proportional controller",
    }
    for code, variant in catalogue.esme_variants.items():
        assert variant.functions == tuple(functions[letter] for letter in code[1:].rstrip("G"))
        assert variant.unexplained == ("G" if code.endswith("G") else "")
        assert variant.known_to_older_systems is (code[1:] in ("", "D", "DE"))


def test_products_are_of_invented_manufacturers_and_every_type(catalogue: Catalogue) -> None:
    assert {product.device.manufacturer for product in catalogue.products.values()} == {
        f"FF{number:02X}" for number in range(1, 13)
    }
    assert {product.device.type for product in catalogue.products.values()} == {
        *("ESME", "GSME", "GPF", "CHF", "HCALCS", "PPMID", "IHD", "CAD")
    }


def test_both_halves_of_a_hub_have_the_same_releases(catalogue: Catalogue) -> None:
    chf = catalogue.products["CHF:FF02/00020001"]
    assert catalogue.products["GPF:FF02/00020001"].releases == chf.releases


@pytest.mark.parametrize(
    ("device", "newer"),
    [
        ("ESME:FF01/00010100@00030004", ("00030005",)),
        ("ESME:FF01/00010100@0001*", ("00030000", "00030002", "00030004", "00030005")),
        ("ESME:FF01/00010100@0001*,00030000..00030004", ("00030005",)),
        ("ESME:FF01/00010100@00030005", ()),
        ("ESME:FF01/00010100", ()),
        ("ESME:FF01/00010100@7*", ()),
        ("ESME:FF01/0001FFFF@0001*", ()),
        ("esme:ff03/00030011@0002a003", ("00020200",)),
        ("GPF:FF02/00020001@00020002", ("00020003",)),
    ],
)
def test_newer_firmware_is_what_was_released_later(
    catalogue: Catalogue, device: str, newer: tuple[str, ...]
) -> None:
    assert catalogue.newer_firmware(_device(device)) == newer


def test_a_release_of_the_same_day_is_not_newer(files: dict[str, Any]) -> None:
    changed = deepcopy(files)
    changed["products.yaml"]["products"][0]["firmware"] = [
        {"version": "00000001", "released": "2026-01-05"},
        {"version": "00000002", "released": "2026-01-05"},
        {"version": "00000003", "released": "2026-01-06"},
    ]
    device = _device("CHF:FF02/00020001@00000001")
    assert parse_catalogue(changed).newer_firmware(device) == ("00000003",)


def test_completions_are_canonical_combinations(catalogue: Catalogue) -> None:
    completions = catalogue.completions()
    assert "ESME:FF01/00010100" in completions
    assert "ESME:FF01/00010100@00030005" in completions
    assert "IHD:FF0C/WINDOW%202@2.1.0" in completions
    assert list(completions) == sorted(set(completions))
    assert all(str(parse_combination(text)) == text for text in completions)


RELEASE = {"version": "00010000", "released": "2026-01-05"}
PRODUCT = {
    "type": "ESME",
    "manufacturer": "FF01",
    "model": "0001FFFF",
    "name": "Alderbrook Test",
    "firmware": [RELEASE],
}


def test_a_good_product_is_accepted(files: dict[str, Any]) -> None:
    changed = deepcopy(files)
    changed["products.yaml"]["products"].append(PRODUCT)
    assert parse_catalogue(changed).products["ESME:FF01/0001FFFF"].name == "Alderbrook Test"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"type": "METER"}, "'METER' is not a Device Type of the inventory"),
        ({"type": "SAPC"}, "'SAPC' is not a Device Type of the inventory"),
        ({"type": "GPF"}, "list a Communications Hub once, as its CHF"),
        ({"manufacturer": "FFFF"}, "FFFF is not in catalogue/manufacturers.yaml"),
        ({"manufacturer": "FFFF\n"}, "control or invisible character"),
        ({"model": ""}, "`model` is missing or not text"),
        ({"model": "x" * 31}, "a model is 1 to 30 characters"),
        ({"model": "00010100"}, "ESME:FF01/00010100 is listed twice"),
        ({"name": ["Alderbrook"]}, "`name` is missing or not text"),
        ({"esme_variants": ["AE"]}, "'AE' is not an ESME Variant"),
        ({"esme_variants": "A"}, "`esme_variants` is not a list of texts"),
        ({"type": "IHD", "esme_variants": ["A"]}, "only an ESME has ESME Variants"),
        ({"firmware": "00010000"}, "`firmware` is not a list"),
        ({"firmware": ["00010000"]}, "a mapping of version and released"),
        ({"firmware": [{"version": "1"}]}, "`released` is missing or not text"),
        ({"firmware": [{"version": "1", "released": "20260105"}]}, "is not a date such as"),
        ({"firmware": [{"version": "1", "released": "2026-02-30"}]}, "is not a date such as"),
        ({"firmware": [{"version": "123456789", "released": "2026-01-05"}]}, "1 to 8 characters"),
        ({"firmware": [RELEASE, RELEASE]}, "00010000 is listed twice"),
    ],
)
def test_a_wrong_product_is_refused_with_file_entry_and_sentence(
    files: dict[str, Any], change: dict[str, Any], sentence: str
) -> None:
    changed = deepcopy(files)
    changed["products.yaml"]["products"].append({**PRODUCT, **change})
    number = len(changed["products.yaml"]["products"])
    with pytest.raises(ValueError, match=r"products\.yaml: entry") as refusal:
        parse_catalogue(changed)
    assert f"entry {number} of `products`" in str(refusal.value)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("file", "key", "entry", "sentence"),
    [
        ("alert_codes.yaml", "alert_codes", {"code": "0x8F1E"}, "write the code as 8F1E"),
        ("alert_codes.yaml", "alert_codes", {"code": "8F1E"}, "8F1E is listed twice"),
        ("alert_codes.yaml", "alert_codes", {"code": "N32"}, "is not an alert code"),
        ("alert_codes.yaml", "alert_codes", "8F1E", "is not a mapping"),
        ("esme_variants.yaml", "esme_variants", {"code": "AE"}, "is not an ESME Variant"),
        ("manufacturers.yaml", "manufacturers", {"id": "FF0D"}, "`name` is missing"),
        (
            "manufacturers.yaml",
            "manufacturers",
            {"id": "FF01", "name": "x"},
            "FF01 is listed twice",
        ),
        ("service_requests.yaml", "service_requests", {"code": "1.5"}, "1.5 is listed twice"),
        (
            "esme_variants.yaml",
            "esme_variants",
            {"code": "A", "element": "x", "older_systems": "maybe"},
            "neither known nor unknown",
        ),
    ],
)
def test_a_wrong_entry_is_refused_with_a_sentence(
    files: dict[str, Any], file: str, key: str, entry: object, sentence: str
) -> None:
    changed = deepcopy(files)
    changed[file][key].append(entry)
    with pytest.raises(ValueError, match=f"catalogue/{file}") as refusal:
        parse_catalogue(changed)
    assert sentence in str(refusal.value)


def test_a_missing_file_is_named(files: dict[str, Any]) -> None:
    without = {name: data for name, data in files.items() if name != "products.yaml"}
    with pytest.raises(ValueError, match=r"catalogue/products\.yaml is missing"):
        parse_catalogue(without)


@pytest.mark.parametrize("data", ["text", [], {}, {"products": "text"}])
def test_a_file_of_another_shape_is_named(files: dict[str, Any], data: object) -> None:
    with pytest.raises(ValueError, match=r"catalogue/products\.yaml: `products` is not a list"):
        parse_catalogue({**files, "products.yaml": data})
