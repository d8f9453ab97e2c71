"""Advance Shipment Notifications in two layouts of our own, XML and text: no public one was found.

Text: a line ``H|id|manufacturer|recipient|ship date|count``, for each Device
``D|serial|Device ID|type|model|firmware|SMETS version|variant|pallet|box``, last ``T|count``; lines
that begin with # are remarks. XML says the same in elements. Serial numbers, pallets and boxes are
not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from defectreg.formats.lines import LineError, read_lines
from defectreg.formats.xml import Element, Layout, XmlError, read_units

_SEPARATOR = "|"
_HEADER, _DEVICE, _TRAILER = "H", "D", "T"
_FIELDS = {_HEADER: 6, _DEVICE: 10, _TRAILER: 2}
_MOST_DIGITS = 9
_ROOT = "AdvanceShipmentNotification"
_LAYOUT = Layout(
    units=("Header", "Device"),
    frames=(_ROOT, "Devices"),
    opaque=("SerialNumber", "Pallet", "Box"),
)


class AsnError(ValueError):
    """A file that is no ASN, or not a whole one. ``sentence`` repeats nothing of it."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class AsnHeader:
    """What is said of all Devices of an ASN. ``count`` of them, None where that is no number.

    ``line`` is that of the file, from 1; 0 where it stands in none.
    """

    asn_id: str
    manufacturer: str
    recipient: str
    ship_date: str
    count: int | None
    line: int = 0


@dataclass(frozen=True, slots=True)
class AsnLine:
    """A Device of an ASN, each value its text without blanks around it, '' where not given.

    ``line`` is that of the file, from 1.
    """

    line: int
    device_id: str
    device_type: str
    model: str
    firmware: str
    smets_version: str
    variant: str


@dataclass(frozen=True, slots=True)
class AsnReject:
    """A line that cannot be read, and why."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class AsnTrailer:
    """How many Devices the last line says there are; None where that is no number."""

    count: int | None
    line: int


AsnPart: TypeAlias = AsnHeader | AsnLine | AsnReject | AsnTrailer


def read_asn(chunks: Iterable[bytes]) -> Iterator[AsnPart]:
    """The parts of an ASN: the header first, the trailer last (an XML file has none).

    What came before an AsnError is not to be used: the file may have been cut off.
    """
    pieces = iter(chunks)
    first = b""
    while not first.strip() and (piece := next(pieces, None)) is not None:
        first += piece
    whole = chain((first,), pieces)
    if first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return _read_xml(whole)
    return _read_text(whole)


def _read_text(chunks: Iterable[bytes]) -> Iterator[AsnPart]:
    awaited = _HEADER
    number = 0
    try:
        for number, text in enumerate(read_lines(chunks), 1):
            line = text.strip()
            if line and not line.startswith("#"):
                part = _part(number, line, awaited)
                awaited = _after(part)
                yield part
    except LineError as error:
        raise AsnError(error.line, error.sentence) from error
    if awaited:
        raise AsnError(number, "the ASN ends without its last line, T and a count")


def _part(number: int, line: str, awaited: str) -> AsnPart:
    """What a line says; raises AsnError where it may not stand here."""
    fields = [field.strip() for field in line.split(_SEPARATOR)]
    letter = fields[0]
    if letter not in awaited or len(letter) != 1:
        raise AsnError(number, _wrong_place(awaited))
    if len(fields) != _FIELDS[letter]:
        sentence = f"a line {letter} has {_FIELDS[letter]} fields, this one {len(fields)}"
        if letter == _DEVICE:
            return AsnReject(number, sentence)
        raise AsnError(number, sentence)
    if letter == _HEADER:
        asn_id, manufacturer, recipient, ship_date = fields[1:5]
        return AsnHeader(asn_id, manufacturer, recipient, ship_date, _count(fields[5]), number)
    if letter == _TRAILER:
        return AsnTrailer(_count(fields[1]), number)
    return AsnLine(number, *fields[2:8])


def _after(part: AsnPart) -> str:
    """The letters with which the next line may begin."""
    return "" if isinstance(part, AsnTrailer) else _DEVICE + _TRAILER


def _wrong_place(awaited: str) -> str:
    if not awaited:
        return "something stands after the last line of the ASN"
    if awaited == _HEADER:
        return "an ASN begins with a line H"
    return "a line of an ASN begins with D, the last one with T"


def _count(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None


def _read_xml(chunks: Iterable[bytes]) -> Iterator[AsnPart]:
    is_begun = False
    try:
        for unit in read_units(chunks, _LAYOUT):
            if (unit.name == "Header") == is_begun:
                raise AsnError(unit.line, "an ASN has one Header, before its Devices")
            is_begun = True
            yield _header(unit) if unit.name == "Header" else _device(unit)
    except XmlError as error:
        raise AsnError(error.line, error.sentence) from error
    if not is_begun:
        raise AsnError(1, "the ASN has no Header")


def _header(unit: Element) -> AsnHeader:
    said = _texts(unit)
    return AsnHeader(
        said.get("AsnId", ""),
        said.get("Manufacturer", ""),
        said.get("Recipient", ""),
        said.get("ShipDate", ""),
        _count(said.get("DeviceCount", "")),
        unit.line,
    )


def _device(unit: Element) -> AsnPart:
    said = _texts(unit)
    if len(said) != len(unit.elements):
        return AsnReject(unit.line, "an element stands twice in a Device")
    return AsnLine(
        unit.line,
        said.get("DeviceID", ""),
        said.get("DeviceType", ""),
        said.get("DeviceModel", ""),
        said.get("FirmwareVersion", ""),
        said.get("SMETSCHTSVersion", ""),
        said.get("DeviceVariant", ""),
    )


def _texts(unit: Element) -> dict[str, str]:
    return {element.name: element.text.strip() for element in unit.elements}
