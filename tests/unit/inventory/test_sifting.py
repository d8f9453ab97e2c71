"""Which rows of a batch come in."""

from __future__ import annotations

from collections.abc import Sequence

from defectreg.formats.spreadsheets import NumberCell
from defectreg.inventory.sifting import Batch, Sieve, Sifted
from defectreg.register.inventory.identifiers import Form

IDS = [f"00-DB-12-34-56-78-90-A{number}" for number in range(4)]


def sift(sieve: Sieve | None = None, **columns: Sequence[str]) -> Sifted:
    count = len(next(iter(columns.values())))
    given = {"device_id": IDS[:count], "device_type": ["ESME"] * count, **columns}
    has_numbers = any(isinstance(cell, NumberCell) for each in given.values() for cell in each)
    return (sieve or Sieve()).sift(Batch(range(2, count + 2), given, has_numbers=has_numbers))


def test_rows_that_are_right_come_in() -> None:
    sifted = sift(model=["00010100", "0001010a"])
    assert sifted.places == range(2, 4)
    assert sifted.columns["model"] == ["00010100", "0001010A"]
    assert (sifted.rejects, sifted.mended, sifted.groups) == ([], 0, [None, None])


def test_a_row_with_a_wrong_cell_stays_outside_with_its_first_reason() -> None:
    sifted = sift(model=["00010100", "x", "00010101"], region=["North", "West", "West"])
    assert sifted.places == [2]
    assert sifted.columns["device_id"] == IDS[:1]
    assert [place for place, _ in sifted.rejects] == [3, 4]
    assert "model" in sifted.rejects[0][1]
    assert "Region" in sifted.rejects[1][1]


def test_what_could_not_be_read_stays_a_reject() -> None:
    batch = Batch([], {"device_id": [], "device_type": []}, [("9", "torn")])
    assert Sieve().sift(batch).rejects == [("9", "torn")]


def test_type_2_devices_are_read_leniently_beside_strict_ones() -> None:
    types = ["ESME", "ihd", "CAD", "PPMID"]
    sifted = sift(device_type=types, firmware=["1.0", "1.0", "1.0", "1.0"])
    assert sifted.columns["device_type"] == ["IHD", "CAD"]
    sifted = sift(Sieve(Form.LENIENT), device_type=types, firmware=["1.0"] * 4)
    assert sifted.columns["firmware"] == ["1.0"] * 4


def test_mended_rows_are_counted_once_and_only_where_they_come_in() -> None:
    sieve = Sieve(pad_zeros=True)
    sifted = sift(sieve, model=["20120", "20120", "00020120"], firmware=["12", "x", "00000012"])
    assert sifted.columns["model"] == ["00020120", "00020120"]
    assert sifted.mended == 1
    assert [place for place, _ in sifted.rejects] == [3]


def test_a_number_is_not_what_the_same_text_is() -> None:
    sifted = sift(model=["20000000", NumberCell("20000000"), "20000000"])
    assert [place for place, _ in sifted.rejects] == [3]


def test_devices_of_one_hub_are_of_one_premises_and_a_hub_of_its_own() -> None:
    hub = IDS[1]
    groups = sift(device_type=["ESME", "CHF", "GSME", "ESME"],
                  premises=[hub.lower(), "", f" {hub}", ""]).groups  # fmt: skip
    assert groups[0] == groups[1] == groups[2] is not None
    assert groups[3] is None


def test_what_groups_is_in_no_column_that_comes_in() -> None:
    sifted = sift(premises=["secret", "other"])
    assert set(sifted.columns) == {"device_id", "device_type"}
    assert "secret" not in str(sifted)
    assert len(set(sifted.groups)) == 2


def test_what_a_table_needs_is_asked_of_its_rows() -> None:
    batch = Batch([2, 3], {"manufacturer": ["FF01", "FF01"], "model": ["00010100", " "]})
    sifted = Sieve().sift(batch, ("manufacturer", "model"))
    assert (sifted.places, sifted.rejects) == ([2], [(3, "the model is missing")])
    assert Sieve().sift(batch).places == [2, 3]
