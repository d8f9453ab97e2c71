"""The product map: each entry has its source, each pattern its bounds."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from defectreg.inventory.product_map import ProductMapError, batch_of, sift_products
from defectreg.inventory.sifting import Batch, Sifted
from defectreg.register.inventory.identifiers import Form
from defectreg.register.yamltext import load

GOOD = {
    "manufacturer": "ff01",
    "model": "00010100",
    "firmware": "0001*,00030000..00030004,0004000a",
    "esme_variant": "ad",
    "source": "maker-one, data sheet 7",
}


def sift(changes: Mapping[str, str] | None = None, form: Form = Form.STRICT) -> Sifted:
    entry = {**GOOD, **(changes or {})}
    return sift_products(Batch([7], {name: [cell] for name, cell in entry.items()}), form)


def test_there_is_a_row_for_each_pattern_with_its_bounds() -> None:
    sifted = sift()
    columns = sifted.columns
    assert [*zip(columns["firmware"], columns["lowest"], columns["highest"], strict=True)] == [
        ("0001*", "00010000", "0001FFFF"),
        ("00030000..00030004", "00030000", "00030004"),
        ("0004000A", "0004000A", "0004000A"),
    ]
    assert columns["manufacturer"] == ["FF01"] * 3
    assert columns["esme_variant"] == ["AD"] * 3
    assert (sifted.places, sifted.rejects) == ([7] * 3, [])


def test_no_firmware_is_every_version() -> None:
    columns = sift({"firmware": ""}).columns
    assert (columns["firmware"], columns["lowest"], columns["highest"]) == (
        [""], ["00000000"], ["FFFFFFFF"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source": " "}, "the source is missing"),
        ({"source": "x" * 201}, "not one line"),
        ({"source": "ask someone@maker.example"}, "looks like an e-mail address"),
        ({"esme_variant": "AE"}, "none of the 25"),
        ({"esme_variant": ""}, "none of the 25"),
        ({"manufacturer": ""}, "the manufacturer is missing"),
        ({"model": "10101"}, "a spreadsheet took the zeros"),
        ({"firmware": "2.00E+05"}, "a spreadsheet took the zeros"),
        ({"firmware": "0001"}, "firmware: "),
        ({"firmware": "0001*,"}, "firmware: "),
    ],
)
def test_an_entry_that_does_not_hold_is_rejected(changes: dict[str, str], words: str) -> None:
    sifted = sift(changes)
    assert sifted.places == []
    ((place, reason),) = sifted.rejects
    assert place == 7
    assert words in reason


def test_lenient_entries_have_other_forms() -> None:
    columns = sift({"manufacturer": "Maker", "firmware": "1.0"}, Form.LENIENT).columns
    assert (columns["manufacturer"], columns["lowest"], columns["highest"]) == (
        ["Maker"], ["1.0"], ["1.0"],
    )  # fmt: skip


def test_yaml_entries_have_their_lines() -> None:
    text = b"""products:
  - manufacturer: FF01
    model: "00010100"
    firmware: [0001*, "00020000"]
    esme-variant: A
    source: data sheet
  - colour: red
  - word
"""
    batch = batch_of(load(text))
    assert batch.places == [2]
    assert batch.columns["firmware"] == ["0001*,00020000"]
    assert [place for place, _ in batch.rejects] == [7, 8]
    assert sift_products(batch, Form.STRICT).columns["firmware"] == ["0001*", "00020000"]


@pytest.mark.parametrize("text", [b"products: x\n", b"entries: []\n", b"products: []\nmore: x\n"])
def test_another_document_is_no_product_map(text: bytes) -> None:
    with pytest.raises(ProductMapError):
        batch_of(load(text))
