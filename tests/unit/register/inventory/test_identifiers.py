"""Identifiers of Devices: what is one, in GBCS's form and in DUIS's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from defectreg.register.inventory.identifiers import (
    Form,
    IdentifierError,
    check_firmware,
    check_manufacturer,
    check_model,
    check_smets_version,
    form_for,
    is_smets2,
    parse_device_id,
)

Check = Callable[[str, Form], str | None]


def test_a_device_id_is_kept_in_upper_case() -> None:
    assert parse_device_id("00-db-12-34-56-78-90-a1") == "00-DB-12-34-56-78-90-A1"


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", "missing"),
        ("00DB1234567890A1", "hyphens between its eight"),
        ("00-DB-12-34-56-78-90", "not eight pairs"),
        ("00-DB-12-34-56-78-90-A1-", "not eight pairs"),
        ("00-DB-12-34-56-78-90-G1", "not eight pairs"),
        (" 00-DB-12-34-56-78-90-A1", "not eight pairs"),
        ("00-DB-12-34-56-78-90-A1\n", "not eight pairs"),
        ("00-DB-12-34-56-78-90-A\u0661", "not eight pairs"),
    ],
)
def test_what_is_no_device_id_is_refused_without_being_repeated(text: str, because: str) -> None:
    with pytest.raises(IdentifierError, match=because) as refusal:
        parse_device_id(text)
    assert not text or text.strip() not in refusal.value.sentence


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (check_manufacturer, "FF01", "EXAMPLECAD"),
        (check_manufacturer, "ff01", "FF0"),
        (check_model, "00010100", "20120"),
        (check_firmware, "0001020a", "2.00E+05"),
        (check_firmware, "00010203", "0001020"),
    ],
)
def test_gbcs_asks_for_digits_where_duis_takes_any_short_text(
    check: Check, right: str, wrong: str
) -> None:
    assert check(right, Form.STRICT) is None
    assert check(right, Form.LENIENT) is None
    assert check(wrong, Form.LENIENT) is None
    assert "hexadecimal digits" in str(check(wrong, Form.STRICT))


@pytest.mark.parametrize(
    ("check", "most"), [(check_manufacturer, 30), (check_model, 30), (check_firmware, 8)]
)
def test_duis_limits_the_length_and_nothing_takes_an_empty_text(check: Check, most: int) -> None:
    assert check("x" * most, Form.LENIENT) is None
    assert f"more than the {most} characters" in str(check("x" * (most + 1), Form.LENIENT))
    assert "missing" in str(check("", Form.LENIENT))
    assert "missing" in str(check("", Form.STRICT))


@pytest.mark.parametrize("character", ["\n", "\t", "\x1b", "\x85", "\x00"])
def test_no_identifier_has_a_control_character(character: str) -> None:
    assert "control character" in str(check_model(f"9{character}1", Form.LENIENT))


def test_a_smets_version_has_up_to_twenty_characters() -> None:
    assert check_smets_version("SMETS V5.0") is None
    assert check_smets_version("V" * 20) is None
    assert "20 characters" in str(check_smets_version("V" * 21))


@pytest.mark.parametrize("device_type", ["IHD", "CAD"])
def test_gbcs_form_is_not_asked_of_type_2_devices(device_type: str) -> None:
    assert form_for(device_type, Form.STRICT) is Form.LENIENT
    assert form_for("ESME", Form.STRICT) is Form.STRICT


@pytest.mark.parametrize(
    ("version", "region", "answer"),
    [
        ("SMETS V5.0", "North", True),
        ("SMETS V2.0", "", True),
        ("V4.2", "Unknown", True),
        ("5.0", "4G South", True),
        ("smets 2.0.1", "North", True),
        ("SMETS2", "North", True),
        ("SMETS V1.2", "North", False),
        ("1.9", "North", False),
        ("SMETS V5.0", "SMETS1", False),
        ("", "SMETS1", False),
        ("", "North", None),
        ("CHTS V1.4", "North", None),
        ("SMETS", "North", None),
        ("five", "North", None),
        ("5.0\n", "North", None),
    ],
)
def test_smets2_is_version_2_and_above_outside_the_smets1_region(
    version: str, region: str, answer: bool | None
) -> None:
    assert is_smets2(version, region) is answer
