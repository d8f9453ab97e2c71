"""What one cell comes in as, or why its row does not; no reason repeats the cell."""

from __future__ import annotations

import pytest

from defectreg.formats.spreadsheets import NumberCell
from defectreg.inventory.cells import Judged, Mended, Wrong, judge_of, kind_of_private
from defectreg.register.detectors import mpan_check_digit
from defectreg.register.inventory.identifiers import Form
from defectreg.store.inventory.snapshot import ASN, COLUMNS, DEVICES, NUMBERS

DEVICE = "00-db-12-34-56-78-90-a1"
MPAN = f"190000000001{mpan_check_digit('190000000001')}"
PRESENT = [
    ("device_id", f" {DEVICE} ", DEVICE.upper()),
    ("device_type", "esme", "ESME"),
    ("device_status", "installed not commissioned", "InstalledNotCommissioned"),
    ("firmware_status", "active", "Active"),
    ("cpl_status", "EXPIRED", "Expired"),
    ("region", "4g north", "4G North"),
    ("base_letter", "a", "A"),
    ("supplier", DEVICE, DEVICE.upper()),
    ("prenotified_by", DEVICE, DEVICE.upper()),
    ("date_commissioned", "2024-03-01Z", "2024-03-01"),
    ("date_commissioned", "2024-03-01T09:30:00+01:00", "2024-03-01"),
    ("supplier_since", "01/03/2024", "2024-03-01"),
    ("firmware_since", "2024-03-01 00:00:00", "2024-03-01"),
    ("ship_date", "1/3/2024", "2024-03-01"),
    ("manufacturer", "ff01", "FF01"),
    ("model", "0001010a", "0001010A"),
    ("firmware", "00010203", "00010203"),
    ("smets_version", " SMETS V5.0 ", "SMETS V5.0"),
    ("esme_variant", "ad", "ad"),
    ("han_variant", "Single Band", "Single Band"),
]
WRONG = [
    ("device_id", "00-DB-12-34-56-78-90", "not eight pairs"),
    ("device_id", "", "Device ID is missing"),
    ("device_type", "", "Device Type is missing"),
    ("device_type", "SAPC", "Device Type is none that DUIS knows"),
    ("device_status", "Comissioned", "Device Status is none that DUIS knows"),
    ("region", "West", "CSP Region is none"),
    ("base_letter", "D", "base letter is none"),
    ("supplier", "Supplier One", "Responsible Supplier is not eight pairs"),
    ("date_commissioned", "03/31/2024", "no day written YYYY-MM-DD or DD/MM/YYYY"),
    ("date_commissioned", "2024-02-30", "no day"),
    ("supplier_since", "45352", "no day"),
    ("manufacturer", "FF0", "not 4 hexadecimal digits"),
    ("model", "0001010G", "not 8 hexadecimal digits"),
    ("firmware", "1.2.3", "not 8 hexadecimal digits"),
    ("model", "20120", "--pad-zeros gives them back"),
    ("firmware", "2.00E+05", "--pad-zeros does not"),
    ("manufacturer", NumberCell("1000"), "--pad-zeros does not"),
    ("han_variant", MPAN, "looks like an MPAN"),
    ("gbcs_version", "SW1A 1AA", "looks like a postcode"),
    ("esme_variant", "A\x00", "control character"),
    ("smets_version", "x" * 65, "more than 64 characters"),
]


def judged(column: str, cell: str, form: Form = Form.STRICT, *, pad_zeros: bool = False) -> str:
    return judge_of(column, form, pad_zeros=pad_zeros)(cell)


@pytest.mark.parametrize(("column", "cell", "kept"), PRESENT)
def test_what_is_right_comes_in_in_one_form(column: str, cell: str, kept: str) -> None:
    found = judged(column, cell)
    assert (found, type(found)) == (kept, str)


@pytest.mark.parametrize(("column", "cell", "words"), WRONG)
def test_what_is_wrong_has_a_reason_that_does_not_repeat_it(
    column: str, cell: str, words: str
) -> None:
    found = judged(column, cell)
    assert isinstance(found, Wrong)
    assert words in found
    assert len(cell) < 3 or cell not in found


@pytest.mark.parametrize("column", [*COLUMNS[DEVICES], *COLUMNS[ASN]])
def test_what_is_not_given_is_empty_but_for_what_a_device_cannot_be_without(column: str) -> None:
    required = column in ("device_id", "device_type") or column in NUMBERS
    assert required or (judged(column, " "), type(judged(column, " "))) == ("", str)


def test_lenient_identifiers_are_what_duis_takes() -> None:
    assert judged("firmware", "1.0", Form.LENIENT) == "1.0"
    assert judged("model", "Display 1", Form.LENIENT) == "Display 1"
    assert judged("model", "20120", Form.LENIENT) == "20120"
    assert isinstance(judged("firmware", "2.00E+05", Form.LENIENT), Wrong)
    assert isinstance(judged("model", "SW1A 1AA", Form.LENIENT), Wrong)
    assert isinstance(judged("firmware", "123456789", Form.LENIENT), Wrong)


def test_zeros_are_given_back_where_that_was_asked_for_and_is_certain() -> None:
    mended = judged("model", "20120", pad_zeros=True)
    assert (mended, type(mended)) == ("00020120", Mended)
    assert judged("manufacturer", "21", pad_zeros=True) == "0021"
    for ambiguous in ("200000", "2.00E+05"):
        assert isinstance(judged("model", ambiguous, pad_zeros=True), Wrong)


def test_a_cell_is_judged_once_and_a_number_apart_from_a_text() -> None:
    asked: list[str] = []

    def judge(cell: str) -> str:
        asked.append(cell)
        return Wrong("no") if isinstance(cell, NumberCell) else cell

    cells = Judged(judge)
    assert cells.of(["1", "1", "2"]) == ["1", "1", "2"]
    assert (asked, cells.has_odd) == (["1", "2"], False)
    assert cells.of(["1", NumberCell("1")], has_numbers=True) == ["1", "no"]
    assert cells.has_odd


def test_personal_data_is_named_by_its_kind() -> None:
    assert kind_of_private(["x", "", MPAN]) == "an MPAN"
    assert kind_of_private(["SMETS V5.0", "Dual Band", "00010203", "FF01"]) == ""
