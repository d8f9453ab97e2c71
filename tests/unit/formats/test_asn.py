"""ASN files of our two layouts, XML and text, say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from defectreg.formats.asn import (
    AsnError,
    AsnHeader,
    AsnLine,
    AsnReject,
    AsnTrailer,
    read_asn,
)

TEXT = b"H|ASN-1|FF01|SOMEBODY|2026-01-10|1\nD|S1|00-DB-12-34-56-78-90-A1|ESME|00010100|00010203|SMETS V5.0|AD|P1|B1\nT|1\n"  # noqa: E501
DEVICE = "00-DB-12-34-56-78-90-A1"


@pytest.fixture
def folder(repository: Path) -> Path:
    return repository / "tests/fixtures/asn"


@pytest.mark.parametrize("name", ["SYNTHETIC_asn.xml", "SYNTHETIC_asn.txt"])
def test_both_layouts_give_header_and_lines(folder: Path, name: str) -> None:
    header, *lines = read_asn([(folder / name).read_bytes()])
    place = 2 if name.endswith("txt") else 4
    assert header == AsnHeader("ASN-0001", "FF01", "EXAMPLE SUPPLIER", "2026-01-10", 3, place)
    devices = [part for part in lines if isinstance(part, AsnLine)]
    assert [part.variant for part in devices] == ["AD", "A", ""]
    assert devices[0].device_id == DEVICE
    assert not any("E26X" in str(part) for part in lines)


def test_a_text_ends_with_its_trailer_and_may_have_remarks() -> None:
    parts = [*read_asn([b"# remark\r\n\r\n" + TEXT.replace(b"\n", b"\r\n")])]
    assert parts[-1] == AsnTrailer(1, 5)
    assert parts[1] == AsnLine(4, DEVICE, "ESME", "00010100", "00010203", "SMETS V5.0", "AD")


def test_an_asn_is_the_same_however_it_is_cut(folder: Path) -> None:
    for name in ("SYNTHETIC_asn.xml", "SYNTHETIC_asn.txt"):
        data = (folder / name).read_bytes()
        pieces = (data[place : place + 7] for place in range(0, len(data), 7))
        assert [*read_asn(pieces)] == [*read_asn([data])]


def test_a_line_that_cannot_be_read_is_rejected_and_the_next_is_read() -> None:
    _, reject, line, _ = read_asn([TEXT.replace(b"D|S1", b"D|S0|x\nD|S1")])
    assert reject == AsnReject(2, "a line D has 10 fields, this one 3")
    assert isinstance(line, AsnLine)


@pytest.mark.parametrize("count", ["x", "", "-1", "1" * 30])
def test_a_count_that_is_no_number_is_none(count: str) -> None:
    parts = [*read_asn([TEXT.replace(b"T|1", b"T|" + count.encode())])]
    assert parts[-1] == AsnTrailer(None, 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "without its last line"),
        (TEXT[:-4], "without its last line"),
        (TEXT + b"D|\n", "after the last line"),
        (b"D|" + TEXT, "begins with a line H"),
        (TEXT[:-4] + TEXT, "begins with D, the last one with T"),
        (b"H|x\n" + TEXT, "has 6 fields"),
        (b"H\xff|", "UTF-8"),
    ],
)
def test_a_text_that_is_not_whole_is_refused(text: bytes, words: str) -> None:
    with pytest.raises(AsnError, match=words):
        list(read_asn([text]))


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("", "has no Header"),
        ("<Devices><Device/></Devices>", "one Header, before"),
        ("<Header/><Header/>", "one Header"),
        ("<Header/><Others/>", "not expected"),
    ],
)
def test_xml_that_is_no_asn_is_refused(xml: str, words: str) -> None:
    document = f"<AdvanceShipmentNotification>{xml}</AdvanceShipmentNotification>"
    with pytest.raises(AsnError, match=words):
        list(read_asn([document.encode()]))


def test_xml_that_ends_too_soon_is_refused(folder: Path) -> None:
    data = (folder / "SYNTHETIC_asn.xml").read_bytes()
    with pytest.raises(AsnError):
        list(read_asn([data[:-20]]))


def test_a_device_with_an_element_twice_is_rejected() -> None:
    device = "<Device><DeviceID>x</DeviceID><DeviceID>y</DeviceID></Device>"
    document = (
        f"<AdvanceShipmentNotification><Header/><Devices>{device}</Devices>"
        "</AdvanceShipmentNotification>"
    )
    header, reject = read_asn([document.encode()])
    assert header == AsnHeader("", "", "", "", None, 1)
    assert isinstance(reject, AsnReject)
