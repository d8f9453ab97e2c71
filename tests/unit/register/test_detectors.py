"""What may never enter the register is seen, its look-alikes are not, and nothing is repeated."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from defectreg.register.detectors import KINDS, Sighting, find, mpan_check_digit
from defectreg.register.given_names import GIVEN_NAMES, NAMES_AND_WORDS, NOT_IN_A_NAME
from defectreg.register.yamltext import load

ROOT = Path(__file__).resolve().parents[3]
IMAGE = hashlib.shake_256(b"an invented image").hexdigest(200)
BASE64_ROW = "TVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+gAB"
SHA256 = hashlib.sha256(b"an invented record").hexdigest()
COMMIT = hashlib.sha1(b"an invented commit", usedforsecurity=False).hexdigest()

REFUSED: dict[str, tuple[str, ...]] = {
    "device-id": (
        "00-DB-12-34-56-78-90-A3",
        "00-db-12-34-56-78-90-a3",
        "The meter 00:DB:12:34:56:78:90:A3 went quiet.",
        "00 DB 12 34 56 78 90 A3",
        "00DB1234567890A3",
        "0x00db1234567890a3",
        "(00-DB-12-34-56-78-90-A3)",
        "seen on 00DB-1234-5678-90A3 only",
        "00DB:1234:5678:90A3",
        "00-DB-12-34-56-78-90-A3:1000",
        "10-20-30-40-50-60-70-80",
        "EUI-64 1234567890123456",
        "Device 1234567890123456",
        "the ESME 1234567890123456 in the North",
        "Device ID 1234 5678 9012 3456",
        "00DB 1234 5678 90A3",
        "00-DB-12-34-\n56-78-90-A3",
        "00:DB:12:34:\n56:78:90:A3",
        "00 DB 12 34\n56 78 90 A3",
        "00DB-1234-\n5678-90A3",
        "DeviceID>1122334455667788<",
        "DF 09 00 00 00 00 00 00 03 E8 90 B3 D5 1F 30 01 00 00 02",
        "\N{FULLWIDTH DIGIT ZERO}0-DB-12-34-56-78-90-A3",
        "00 DB 12 34 56 78 90 A3 added",
        "be 00-DB-12-34-56-78-90-A3-0AB",
        "00-DB-12-34-56-78-90-A3".replace("-", "\N{NON-BREAKING HYPHEN}"),
        "00-DB-12-34-56-78-90-A3".replace("-", "\N{EN DASH}"),
    ),
    "install-code": (
        "AABBCCDDEEFF00112233445566778899",
        "aabbccddeeff00112233445566778899",
        "0xAABBCCDDEEFF00112233445566778899",
        "install code: 0123456789ABCDEF0123456789abcdef.",
        "11112222333344445555666677778888",
        "AABBCCDD EEFF0011 22334455 66778899",
        "AABBCCDD-EEFF0011-22334455-66778899",
        "00BBCCDD:EEFF0011:22334455:66778899",
        "11112222 33334444 55556666 77778888",
        "AABBCCDDEEFF00112233445566778899A1B2",
        "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99",
        "AA-BB-CC-DD-EE-FF-00-11-22-33-44-55-66-77-88-99",
        "AA BB CC DD EE FF 00 11 22 33 44 55 66 77 88 99",
        "AA BB CC DD EE FF 00 11 22 33 44 55 66 77 88 99 A1 B2",
        "AABB CCDD EEFF 0011 2233 4455 6677 8899",
        "face AABB CCDD EEFF 0011 2233 4455 6677 8899 A1B2 C3D4",
        "AABB-CCDD-EEFF-0011-2233-4455-6677-8899",
        "AABB:CCDD:EEFF:0011:2233:4455:6677:8899 A1",
        "AABB CCDD EEFF 0011 2233 4455 6677 8899 A1B2",
    ),
    "serial-number": (
        "E26X0000001",
        "meter E26X0000001, in the North",
        "e26x0000001",
        "E10BG12345",
        "E10BG 12345",
        "G4P00123451218",
        "26K0000001",
        "serial number 1234567",
        "Serial No. 1234567",
        "serial no: AB-12345",
        "serial: 00012345",
        "S/N 12345",
        "s/n: X-77-1234",
        "MSN 19K77123",
        "SN: 99123456",
        "the serial number of the meter is not known, serial number is 4455667",
        "serial numbers 4455667 and 4455668",
    ),
    "mpan": (
        "2000000000006",
        "MPAN 1200012345679",
        "MPAN 1200012345670",
        "mpan: 12 0001 2345 670",
        "MPAN core is 1200012345670",
        "1200012345670 (MPAN)",
        "MPAN: 20 0000 0000 006",
        "20 0000 0000 006",
        "20-0000-0000-006",
        "2000 0000 0000 6",
        "the home of 2000000000006.",
        "(2000000000006)",
        "2 0 0 0 0 0 0 0 0 0 0 0 6",
        "018011012000000000006",
        "S018011012000000000006",
        "01 801 101 20 0000 0000 006",
        "S 01 801 A01\n20 0000 0000 006",
        "S 01 801 101\n20 0000 0000 006",
        "123 20 0000 0000 006",
        "20\N{NO-BREAK SPACE}0000\N{NO-BREAK SPACE}0000\N{NO-BREAK SPACE}006",
        "\N{FULLWIDTH DIGIT TWO}000000000006",
        "20000\N{ZERO WIDTH SPACE}00000006",
    ),
    "mprn": (
        "MPRN 123456",
        "MPRN 1234567",
        "MPRN: 1234567890",
        "mprn=7654321098",
        "MPRN is 1234567",
        "MPRN number 1234567",
        "MPRNs 1234567 and others",
        "MPxN 1234567890",
        "<ImportMPxN>1234567890</ImportMPxN>",
        "gas meter point 1234567",
        "meter-point 12345678",
        "Meter-Point number 12345678",
        "Meter Point Reference Number: 1234567890",
        "MPRN 1234 567 890",
        "1234567 (MPRN)",
        "1234567890 is the MPRN",
        "MPRN\n1234567",
    ),
    "uprn": (
        "UPRN 123456789012",
        "UPRN: 10001234567",
        "uprn=100012345",
        "UPRN is 100012345",
        "UPRN 12345",
        "UPRN (100012345)",
        "<UPRN>100012345</UPRN>",
        "UPRN #100012345",
        "UPRN number 100012345",
        "unique property reference number 100012345",
        "Property Reference: 100012345",
        "100012345678 (UPRN)",
        "100012345678 is the UPRN",
    ),
    "postcode": (
        "SW1A 1AA",
        "M1 1AE",
        "B33 8TH",
        "CR2 6XH",
        "DN55 1PT",
        "W1A 0AX",
        "EC1A 1BB",
        "EC1A1BB",
        "GIR 0AA",
        "gir 0aa",
        "N1 2AB",
        "in N13 2AB, twice",
        "sw1a 1aa",
        "m1 1ae",
        "(EH12 9DN)",
        "SW1A\n1AA",
        "SW1A\N{NO-BREAK SPACE}1AA",
    ),
    "address": (
        "14 Acacia Avenue",
        "Flat 3, Rose Cottage",
        "flat 3, Rose House",
        "Apartment 12B Mill Wharf",
        "Rose Cottage",
        "12 acacia gardens",
        "7 elm grove",
        "at 14 Acacia Avenue, twice",
        "14A Acacia Avenue",
        "14, Acacia Avenue",
        "12-14 Acacia Avenue",
        "Flat 2, 7 Old Mill Lane",
        "Flat 2/7 Mill Lane",
        "221b Baker Street",
        "1 St. John's Road",
        "5 High St",
        "99 Long Meadow Way",
        "3 The Square",
        "14 ACACIA AVENUE",
        "14 acacia avenue",
        "5 high street",
        "14 Acacia\nAvenue",
    ),
    "phone": (
        "01632 960123",
        "447700900123",
        "441632960123",
        "01632 960 123",
        "01632960123",
        "020 7946 0018",
        "(020) 7946 0018",
        "0207 946 0018",
        "07700 900123",
        "07700900123",
        "07700-900-123",
        "0808 157 0192",
        "+44 1632 960123",
        "+441632960123",
        "+44 (0)1632 960123",
        "0044 7700 900123",
        "07 700 900 123",
        "Tel: 01632 960123 2 times",
    ),
    "e-mail": (
        "anna@example.org",
        "j.smith [at] example.com",
        "j.smith(at)example.com",
        "j.smith {AT} example [dot] com",
        "anna.berg@example.co.uk",
        "anna+smart@example.org",
        "<anna@example.org>",
        "mailto:anna@example.org",
        "write to anna@example.org.",
        "ANNA@EXAMPLE.ORG",
        "a_b-c@mail.example.org",
        "o'hara@example.org",
        "anna@ex-ample.org, or by letter",
        "e-mail/anna@example.org",
        "anna\N{FULLWIDTH COMMERCIAL AT}example.org",
        "anna@ex\N{LATIN SMALL LETTER A WITH DIAERESIS}mple.org",
    ),
    "person-name": (
        "Mr Smith",
        "customer John Smith",
        "Customer John Smith rang",
        "Engineer J. Smith",
        "engineer J Smith",
        "the tenant Wanda Zielinska",
        "Mr. Smith",
        "Mrs Smith reported it",
        "Ms Berg",
        "Miss Berg",
        "Mx Berg",
        "Dr Berg",
        "Dr. A. Berg",
        "Mr J Smith",
        "Mrs O'Hara",
        "Mrs O\N{RIGHT SINGLE QUOTATION MARK}Hara",
        "Dr \N{LATIN CAPITAL LETTER E WITH ACUTE}mile",
        "contact: Anna Berg",
        "Contact name: Anna Berg",
        "Contact person: Anna M. Berg",
        "customer: Anna Berg-Olsen",
        "engineer = Anna Berg",
        "Told by John Smith.",
        "John Smith",
        "(John Smith)",
        "John\nSmith's meter",
        "JOHN SMITH",
        "John Q. Smith",
        "told by J. Smith on Monday",
        "reported by J Smith",
        "spoke to Sarah Wood",
        "the owner, David Price, says so",
        "Anna van der Berg rang",
        "Mohammed Al Fayed",
        "Peter O'Neill",
        "Mary McDonald",
        "Jean-Paul Belmondo",
        "John Smith-Jones",
        "Priya Patel saw 8F1E",
        "Si\N{LATIN SMALL LETTER A WITH CIRCUMFLEX}n Llewellyn",
        "Told By John Smith",
        "the engineer Mark Williams said",
        "with Grace Okonkwo",
        "by Bill Turner",
        "spoke to Jack Sparrow",
        "colleague Rose Tyler",
        "told by Xanthe Quill that the Hub restarts",
        "spoke with Oluwaferanmi Adeyemi",
        "asked Wolfgang Zimmer",
        "found by Xanthe Quill",
    ),
    "firmware-image": (
        IMAGE,
        IMAGE.upper(),
        IMAGE[:256],
        f"image: {IMAGE}",
        f"({IMAGE})",
        "A" * 256,
        BASE64_ROW * 4,
        BASE64_ROW * 4 + "==",
        "\n".join([BASE64_ROW] * 4),
        "\r\n".join([BASE64_ROW] * 4),
        "\n  ".join([BASE64_ROW] * 4),
        "\n".join(":" + IMAGE[at : at + 42] for at in range(0, 294, 42)),
        "\n".join(IMAGE[at : at + 64] for at in range(0, 320, 64)) + "\n" + IMAGE[:50],
        "\n".join([SHA256] * 16),
        " ".join([IMAGE[:2]] * 127 + ["AF"]),
    ),
}

ALWAYS_PASS = (
    "",
    "8F1E",
    "0x8F1E",
    "0x8F1E, 0x8F20 and 8F3F",
    "8F1E 8F20 8F3F 8154 8161 8162 8F0A 8F0B",
    "8F1E-8F20-8F3F-8154",
    "N13",
    "N1 N2 N13 N65 N999 AD1",
    "AD1",
    "00020120",
    "00010000..00010005",
    "00020120 00010000 00030004 0001FFFF",
    "00020120, 00010000, 00030004",
    "00020120\n00010000\n00030004",
    "01020304 120 Devices",
    "FF01/00010100",
    "CHF:FF02/00020001@00020002 + ESME:FF01/00010100@0001*",
    "CHF:FF02/00020001 + ESME:FF01/00010100@0001*,00030000..00030004 in North, 4G South",
    "IHD:maker/model-2@v1.beta",
    "2026-10-21",
    "2026-10-21T10:15:30Z",
    "2026-10-21 10:15:30.123456",
    "2024-03-01Z",
    "21 October 2026",
    "10:15 to 16:30",
    "DR-7K3Q-X4MB",
    "DR-N12A-2ABC and DR-7K3Q-X4MB",
    SHA256,
    f"{SHA256}  DR-7K3Q-X4MB.yaml",
    "\n".join([SHA256] * 5),
    COMMIT,
    COMMIT[:12],
    "\n".join([COMMIT] * 8),
    "SR8.4, SR12.2 and SR8.2",
    "GBCS 4.1, SMETS2 5.1, DUIS 5.4",
    "ESME Variants A, AD, ADE, ADEF and BDE",
    "550e8400-e29b-41d4-a716-446655440000",
    "maker-one told Fenland Power",
    "719,543 in July 2020",
    "12.5 %",
    "about 25 % of 4000 premises",
)

LOOK_ALIKES: dict[str, tuple[str, ...]] = {
    "device-id": (
        "AA-BB-CC-DD-EE-FF",
        "10 20 30 40 50 60 70 80",
        "2023 2024 2025 2026",
        "1792540800000000",
        "FF01 FF02 FF03 FF04",
        "8F1E 8F20 8F3F 8154",
        "face dead beef cafe",
        "manufacturers FF01\nFF02\nFF03\nFF04",
        "deadbeef",
        "0001010000010203",
        "90:b3:d5:1f:30:01:00:02:90:b3:d5:1f:30:01:00:02:11:22:33:44",
        "00020120-00010000",
    ),
    "install-code": (
        "2019 2020 2021 2022 2023 2024 2025 2026",
        "00 10 20 30 40 50 60 70 80 90 11 21 31 41 51 61",
        "AABB CCDD EEFF 0011 2233 4455 6677 8899 A1B2 C3D4",
        "aabbccddeeff0011223344556677889",
        "20260101 20260202 20260303 19990404",
        "00020120 00010000 00030004 01000000",
        "00020120-00010000-00030004",
        "aabbccddeeff001122334455667788990",
    ),
    "serial-number": (
        "serial port at 9600 baud",
        "serial 115200 baud",
        "the serial number is missing",
        "serial numbers 1 to 5",
        "serial number of 12 characters",
        "serial interface RS-485",
        "serial: 2026-10-21",
        "serial number and firmware 00020120",
        "E26X",
        "model E26X100",
        "E26A0001",
        "doesn't say 00020120",
    ),
    "mpan": (
        "2000000000007",
        "1200012345678",
        "MPAN 13 digits",
        "MPAN 120001234567",
        "1200012345670 without the word",
        "the MPAN is not shown",
        "0000000000000",
        "200000000000",
        "20000000000066",
        "20.0000.0000.006",
        "10 20 30 40 50 60 1",
        "2026-10-21 10:15",
        "x2000000000006",
        "the 13 digits of an MPAN",
    ),
    "mprn": (
        "the MPxN is not shown with firmware 00020120",
        "UpdateMPxN",
        "MPRN of 6 to 10 digits",
        "MPRN 12345",
        "MPRN 2026-10-21",
        "MPRN 0002012A",
        "MPRN: none",
        "250000 MPRNs",
        "300000 MPRN checks",
        "an MPRN is missing in 4G South",
        "12345678 without the word",
        "meter pointer 12345678",
    ),
    "uprn": (
        "UPRN is dropped on reading",
        "UPRN 123",
        "UPRN of 12 digits",
        "UPRN: none",
        "UPRN in firmware 00020120",
        "the UPRN, MPxN and ESMEVariant of 8.2",
        "300000 UPRN checks",
        "300000 UPRNs",
        "100012345 without the word",
        "UPRN 00020A20",
        "UPRN 2026-10-21",
        "property reference data of 4000 premises",
    ),
    "postcode": (
        "SW1",
        "SW1A",
        "E1",
        "N13 2nd time",
        "N13 1st, N14 3rd, N15 4th",
        "N13 4GHz",
        "N1 2CK",
        "Q1 2AB",
        "N13 2ABC",
        "XN13 2AB",
        "e1 2gb",
        "e12ab",
        "ab12 3 de",
        "B12 + C34 5D",
        "A1 and B2",
        "N65 24 h",
        "4G North",
        "V1 2AB",
    ),
    "address": (
        "4 devices in the same street",
        "12 meters in gardens",
        "flat 24 hours",
        "the tariff is flat, 3 times a day",
        "a flat 3 Device setup",
        "the cottage",
        "3 homes per street",
        "12 premises along the road",
        "3 Devices on the way",
        "20 minutes down the road",
        "a road map of 3 steps",
        "5 Hubs close together",
        "2 Devices drive the load",
        "in 2 streets",
        "Acacia Avenue",
        "2026-10-21 Acacia Avenue",
        "14 Streetwise Devices",
        "GBCS 4.1 High Street trial",
        "10 each road",
    ),
    "phone": (
        "016329601234",
        "00020120 100 times",
        "01-02-2026 10:15",
        "01 02 2026 10:15",
        "0.1234567890",
        "1.0123456789",
        "0x0123456789",
        "+45 1632 960123",
        "0900 to 1630",
        "0123 0124",
        "04632 960123",
        "1632 960123",
        "4416329601",
        "440000000000",
        "016329",
    ),
    "e-mail": (
        "00010100@0001*",
        "CHF:FF02/00020001@00020002",
        "IHD:maker/model-2@v1.beta + CHF:FF02/00020001",
        "(IHD:maker/model-2@v1.beta)",
        "defectreg@name-of-the-register",
        "root@localhost",
        "@example.org",
        "anna@",
        "anna @ example.org",
        "@8F1E",
        "pkg@1.2.3",
        "4 alerts @ 10.30",
        "seen (at night) here.now",
        "value [at] 10",
    ),
    "person-name": (
        "Mr",
        "Dr in a title",
        "Miss Rate",
        "alarms Stop",
        "500 ms After",
        "MS Excel",
        "DR-7K3Q-X4MB",
        "the MR was merged",
        "contact: Service Desk",
        "Contact: Technical Support",
        "Contact: maker-one",
        "customer: Fenland Energy",
        "contact: Maker One",
        "Party: Fenland Heating",
        "Result: Hub Restarts",
        "contact: the publisher",
        "a Consumer Access Device",
        "Customer Display Shows Wrong Balance",
        "customer Display Mode",
        "Engineer Menu Opens",
        "the customer Is told",
        "customer CAD",
        "Grace Period",
        "with Grace Period",
        "Will Be",
        "Will Be Updated",
        "May Report",
        "from May Report",
        "May Day",
        "Mark Up",
        "by Mark Up",
        "Drew Power",
        "Central North",
        "Bill Payment",
        "from Bill Payment",
        "Iris Display",
        "Alert Frank",
        "Frank Alert",
        "Chase Up",
        "Art Deco",
        "Hope Valley",
        "Summer Time",
        "from April Report",
        "with Max Demand",
        "with Jack Plug",
        "with Rich Text",
        "Oscar Tango",
        "Victoria Station",
        "Communications Hub",
        "told by Communications Hub",
        "Service Request",
        "told by GBCS ESME",
        "told by A Hub",
        "told by Supplier One",
        "told by Fenland Power",
        "asked Corvane Instruments",
        "Robert Dyas Limited",
        "John Lewis Energy",
        "with Garthwick Twin meters",
        "seen by Elverdale Glance displays",
        "Esme Reads",
        "SAM Module",
    ),
    "firmware-image": (
        IMAGE[:255],
        "-" * 400,
        "=" * 400,
        "_" * 400,
        "word " * 200,
        "00020120," * 60,
        "00020120 " * 60,
        f"{SHA256}  DR-7K3Q-X4MB.yaml\n" * 20,
        "\n".join([SHA256] * 15),
        "\n".join([COMMIT] * 15),
        BASE64_ROW,
        BASE64_ROW + "\n" + BASE64_ROW,
    ),
}


def kinds(text: str) -> list[str]:
    return [sighting.kind for sighting in find(text)]


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in REFUSED.items() for text in texts]
)
def test_what_may_never_enter_is_seen_as_its_kind(kind: str, text: str) -> None:
    assert set(kinds(text)) == {kind}


@pytest.mark.parametrize(
    "text", [*ALWAYS_PASS, *(text for texts in LOOK_ALIKES.values() for text in texts)]
)
def test_what_only_looks_alike_passes(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_twelve_forms_and_twelve_look_alikes(kind: str) -> None:
    assert len(REFUSED[kind]) >= 12
    assert len({*LOOK_ALIKES[kind], *ALWAYS_PASS}) >= 12


@pytest.mark.parametrize("kind", KINDS)
def test_no_hint_holds_what_a_detector_sees(kind: str) -> None:
    assert kinds(f"{KINDS[kind].name}: {KINDS[kind].hint}") == []


def shipped_texts() -> Iterator[str]:
    """Everything that the records and the catalogue of this register say."""
    for folder in ("records", "catalogue"):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            yield from _texts(load(path.read_bytes()).data)


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    else:
        for value in data:
            yield from _texts(value)


@pytest.mark.parametrize("written", [str, str.title, str.upper, str.capitalize])
def test_nothing_that_this_register_says_is_taken_for_a_name(
    written: Callable[[str], str],
) -> None:
    texts = dict.fromkeys(shipped_texts())
    assert len(texts) > 500
    assert [text for text in texts if "person-name" in kinds(written(text))] == []


@pytest.mark.parametrize("name", sorted(GIVEN_NAMES))
def test_a_given_name_before_a_family_name_is_seen(name: str) -> None:
    assert kinds(f"Told that {name.capitalize()} Ashdown rang.") == ["person-name"]


@pytest.mark.parametrize("name", sorted(NAMES_AND_WORDS))
def test_a_name_that_is_a_word_is_seen_only_where_a_person_is_announced(name: str) -> None:
    assert kinds(f"{name.capitalize()} Ashdown") == []
    assert kinds(f"told by {name.capitalize()} Ashdown") == ["person-name"]


@pytest.mark.parametrize("word", sorted(NOT_IN_A_NAME))
def test_a_word_of_headings_is_in_no_name_that_is_a_word_too(word: str) -> None:
    assert "person-name" not in kinds(f"by Mark {word.capitalize()}")


def test_no_word_is_in_two_of_the_lists() -> None:
    assert not GIVEN_NAMES & NAMES_AND_WORDS
    assert {"bill"} == (GIVEN_NAMES | NAMES_AND_WORDS) & NOT_IN_A_NAME


def test_a_sighting_spans_what_was_seen_and_no_more() -> None:
    text = "Told by anna@example.org, MPRN 1234567, at 14 Acacia Avenue, SW1A 1AA."
    assert [(each.kind, text[each.start : each.end]) for each in find(text)] == [
        ("e-mail", "anna@example.org"),
        ("mprn", "1234567"),
        ("address", "14 Acacia Avenue"),
        ("postcode", "SW1A 1AA"),
    ]


def test_places_are_those_of_the_text_as_typed_when_characters_vanish_or_grow() -> None:
    text = "\N{LATIN SMALL LIGATURE FFI}\N{ZERO WIDTH SPACE} SW1A\N{SOFT HYPHEN} 1AA \N{BULLET}"
    (sighting,) = find(text)
    assert text[sighting.start : sighting.end] == "SW1A\N{SOFT HYPHEN} 1AA"


def test_a_sighting_repeats_nothing_of_the_text() -> None:
    (sighting,) = find("reported by anna@example.org")
    assert sighting == Sighting("e-mail", 12, 28)
    assert "anna" not in repr(sighting)


def test_of_two_kinds_in_one_place_one_is_told() -> None:
    assert kinds("MPRN 0123456789") == ["mprn"]


@pytest.mark.parametrize(
    ("first_twelve", "digit"), [("200000000000", 6), ("120001234567", 9), ("020000000000", 0)]
)
def test_the_check_digit_of_an_mpan_is_the_weighted_sum_modulo_11_modulo_10(
    first_twelve: str, digit: int
) -> None:
    assert mpan_check_digit(first_twelve) == digit


def test_changing_any_one_digit_of_an_mpan_lets_no_more_than_one_other_digit_stand() -> None:
    mpan = "2000000000006"
    for place in range(1, 12):
        changed = [mpan[:place] + digit + mpan[place + 1 :] for digit in "0123456789"]
        assert sum(bool(kinds(each)) for each in changed) <= 2


HOSTILE = (
    "1 ", "1", "0", "01", "A-", "AA-", "AA:", "A ", "a", "AAAA ", "8F1E-", "f" * 39 + " ",
    "S ", "N1 2A ", "@", "a@", "a.", "a@a.", "a@" + "b." * 9, "+44 ", "(0", "0 ", "07",
    "MPRN ", "mprn(", "UPRN:", "serial ", "S/N:", "Mr A. ", "Mr ", "contact: Aa ", "contact:A",
    "1 Aa ", "1 aa ", "1-1 ", "1, A", "\n", " ", "\N{EN DASH}", "\N{FULLWIDTH DIGIT ONE} ", ":",
    "=", "AA ", "dead ", "A A. ", "John ", "John\n", "told by ", "Aa-", "A. ", "van Aa ",
)  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE, ids=ascii)
@pytest.mark.parametrize("tail", ["", "!", "Z", "0"])
def test_a_text_of_64_kib_made_to_exhaust_a_pattern_is_answered(unit: str, tail: str) -> None:
    text = (unit * (65536 // len(unit))) + tail
    sightings = list(find(text))
    assert all(0 <= each.start < each.end <= len(text) for each in sightings)


def test_names_of_kinds_read_on_in_a_sentence() -> None:
    for kind in KINDS.values():
        assert re.match(r"(?:a|an|the) \S", kind.name)
        assert not kind.hint.endswith(".")
