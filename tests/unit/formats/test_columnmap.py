"""Columns are known by a map or by their names; personal ones never come in."""

from __future__ import annotations

import pytest

from defectreg.formats.columnmap import (
    ALERTS,
    ASN,
    CPL,
    INVENTORY,
    NAMES,
    PRODUCTS,
    REQUIRED,
    ColumnMap,
    ColumnMapError,
    is_personal,
    match_columns,
)

EXTRACT = ["Device GUID", "device_type", "ESME Variant", "MPAN", "Colour"]


def test_columns_are_known_by_their_names() -> None:
    matched = match_columns(EXTRACT)
    assert matched.kind == INVENTORY
    assert matched.places == {"device_id": 0, "device_type": 1, "esme_variant": 2}
    assert matched.personal == ("MPAN",)
    assert matched.unknown == ("Colour",)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (["ASN ID", "Device ID", "Device Type", "Model"], ASN),
        (["Device Type", "Manufacturer", "Model", "Firmware", "Status"], CPL),
        (["Manufacturer", "Model", "Firmware", "ESME Variant", "Source"], PRODUCTS),
        (["Device ID", "Type", "Manufacturer", "Model", "Status", "CPL Status"], INVENTORY),
    ],
)
def test_what_a_table_is_shows_in_its_names(header: list[str], kind: str) -> None:
    assert match_columns(header).kind == kind


@pytest.mark.parametrize("kind", list(NAMES))
def test_every_column_is_known_by_its_own_name(kind: str) -> None:
    header = [name.replace("_", " ").title() for name in NAMES[kind]]
    matched = match_columns(header, kind=kind)
    assert matched.places == {name: place for place, name in enumerate(NAMES[kind])}
    assert set(REQUIRED[kind]) <= set(NAMES[kind])
    assert not any(map(is_personal, header))


def test_a_map_goes_before_the_names() -> None:
    columns = ColumnMap.of({"columns": {"device-id": "Colour", "premises": "MPAN"}, "sheet": "S"})
    assert columns.sheet == "S"
    matched = match_columns(EXTRACT, columns)
    assert matched.places["device_id"] == 4
    assert matched.places["premises"] == 3
    assert matched.unknown == ("Device GUID",)
    assert matched.personal == ()


def test_a_map_of_another_table_says_nothing_of_this_one() -> None:
    columns = ColumnMap.of({"columns": {"asn-id": "Lieferschein"}})
    assert match_columns(EXTRACT, columns).kind == INVENTORY


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"columns": {"colour": "Colour"}}, "a column map says 'colour'"),
        ({"columns": {"model": "MPAN"}}, "a column of personal data is mapped to model"),
        ({"columns": {"model": ""}}, "model is the name of one column"),
        ({"columns": {"model": ["A", "B"]}}, "model is the name of one column"),
        ({"columns": []}, "a column map has columns:"),
        ({"rows": {}}, "a column map has columns:"),
        ({"sheet": ["A"]}, "the name of one sheet"),
    ],
)
def test_a_map_says_only_what_it_may(document: dict[str, object], words: str) -> None:
    with pytest.raises(ColumnMapError, match=words):
        ColumnMap.of(document)


@pytest.mark.parametrize(
    ("header", "columns", "words"),
    [
        (["Device ID", "Type", "Device Type"], {}, "two columns of the table may be device-type"),
        (["Device ID", "Type", "x", "x"], {"model": "x"}, "may be model"),
        (["Device ID", "Type"], {"model": "x", "device-id": "Device ID"}, "the map calls model"),
        (["Colour", "Shape"], {}, "do not say what it is"),
    ],
)
def test_what_is_not_certain_is_not_guessed(
    header: list[str], columns: dict[str, str], words: str
) -> None:
    with pytest.raises(ColumnMapError, match=words):
        match_columns(header, ColumnMap.of({"columns": columns}))


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ColumnMapError, match="no column for device-id, device-type"):
        match_columns(["Colour"], kind=INVENTORY)


PERSONAL = """MPAN, Import MPxN, mprn, UPRN, Post Code, Property Address, Serial Number, MSN, Name,
    Customer, First Name, Contact Name, Phone, E-mail, Install Code"""


@pytest.mark.parametrize("name", PERSONAL.split(","))
def test_personal_columns_are_known_by_their_names(name: str) -> None:
    assert is_personal(name)


@pytest.mark.parametrize("name", ["Supplier Name", "Model", "Region", "Device ID", "Firmware"])
def test_other_columns_are_not_personal(name: str) -> None:
    assert not is_personal(name)


def test_a_log_of_alerts_is_known_by_its_names_where_somebody_says_what_it_is() -> None:
    header = ("Device GUID", "Device Alert Code", "Response date time", "CSP Region", "MPAN")
    matched = match_columns(header, kind=ALERTS)
    assert matched.places == {"device_id": 0, "alert_code": 1, "time": 2, "region": 3}
    assert matched.personal == ("MPAN",)
    with pytest.raises(ColumnMapError, match="time"):
        match_columns(("Device ID", "Alert code", "Date", "Time"), kind=ALERTS)


def test_no_table_is_taken_for_a_log_of_alerts() -> None:
    with pytest.raises(ColumnMapError):
        match_columns(("Device ID", "Alert code", "Time"))
