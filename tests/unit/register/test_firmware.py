"""Firmware sets: what is in them, and which of two covers the other."""

from __future__ import annotations

import pytest

from defectreg.register.firmware import (
    Coverage,
    ExactFirmware,
    FirmwarePrefix,
    FirmwareRange,
    FirmwareSet,
    parse_firmware,
)
from defectreg.register.notation import NotationError


def test_a_set_without_patterns_has_every_version() -> None:
    assert "00010203" in FirmwareSet()


def test_a_version_is_in_a_set_when_one_pattern_takes_it() -> None:
    firmware = parse_firmware("0001*,00030000..00030004")
    assert "00010203" in firmware
    assert "00030004" in firmware
    assert "00030005" not in firmware


def test_case_never_tells_two_versions_apart() -> None:
    assert "0002a000" in ExactFirmware("0002A000")
    assert "v1b" in FirmwarePrefix("V1")
    assert "0000000b" in FirmwareRange("0000000a", "0000000C")


def test_digits_of_other_scripts_are_no_hexadecimal_digits() -> None:
    assert "\u0661" not in FirmwareRange("0", "F")
    assert "1" in FirmwareRange("0", "F")


def test_a_version_longer_than_eight_digits_is_in_no_range() -> None:
    assert "000000001" not in FirmwareRange("0", "F")


def test_a_version_with_sign_or_underscore_is_no_number() -> None:
    assert "+1" not in FirmwareRange("0", "F")
    assert "1_0" not in FirmwareRange("0", "FF")


def test_patterns_are_kept_sorted_and_once() -> None:
    assert str(parse_firmware("00030005 , 0001*,00030005")) == "0001*,00030005"


def test_an_open_question_is_possibly() -> None:
    assert parse_firmware("0001*").covers(FirmwareSet()) is Coverage.POSSIBLY
    assert FirmwareSet().covers(parse_firmware("0001*")) is Coverage.YES


def test_exact_versions_side_by_side_cover_the_range_they_fill() -> None:
    filled = parse_firmware("0000000E,0000000F,00000010")
    assert filled.covers(parse_firmware("0000000E..00000010")) is Coverage.YES
    assert filled.covers(parse_firmware("0000000E..00000011")) is Coverage.POSSIBLY


def test_the_lesser_answer_is_the_smaller() -> None:
    assert min(Coverage.YES, Coverage.POSSIBLY, Coverage.NO) is Coverage.NO
    assert [str(answer) for answer in sorted(Coverage)] == ["no", "possibly", "yes"]


@pytest.mark.parametrize("text", ["", ",", "1,", "1 2", "1 + 2", "1,,2", "*", "1..", "x" * 9])
def test_what_is_no_list_of_patterns_is_refused(text: str) -> None:
    with pytest.raises(NotationError):
        parse_firmware(text)


@pytest.mark.parametrize("text", ["3005", "0003000G", "V*", "1..00000002", "00000001..2"])
def test_strict_refuses_what_gbcs_would_not_write(text: str) -> None:
    assert parse_firmware(text).patterns
    with pytest.raises(NotationError):
        parse_firmware(text, strict=True)
