"""The inventory read from SR8.2 responses, without what is personal, and however it is spelt."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest

from defectreg.formats.duis import InventoryRow, Rejected, XmlError, read_inventory
from defectreg.formats.duis.devices import PERSONAL
from defectreg.formats.duis.quick_responses import QuickResponses
from defectreg.register.inventory.identifiers import Form
from tests.unit.formats.duis.messages_for_tests import ALERT, INVENTORY, STATUS, batch, message

PERSONAL_TEXTS = ("9900000000001", "9900000001", "100000000001", "ZZ99")
DEVICE = INVENTORY[
    INVENTORY.index("        <sr:Device>") : INVENTORY.index("        <sr:Device>", 1500)
]
"""Its first Device, the CHF."""


def read(document: str | bytes, form: Form = Form.LENIENT) -> list[InventoryRow | Rejected]:
    data = document if isinstance(document, bytes) else document.encode()
    return list(read_inventory([data], form))


def read_both_ways(document: str, form: Form = Form.LENIENT) -> list[InventoryRow | Rejected]:
    """What a response says after another one: by the shortcut, and, for a comment, without it."""
    first, *quick = _after(INVENTORY, document, form)
    _, *slow = _after(INVENTORY, document.replace("<sr:Body>", "<sr:Body><!-- -->"), form)
    assert isinstance(first, InventoryRow)
    assert _without_places(quick) == _without_places(slow)
    return quick[5:]


def _after(one: str, other: str, form: Form) -> list[InventoryRow | Rejected]:
    return read(batch(one, other), form)


def _without_places(said: list[InventoryRow | Rejected]) -> list[InventoryRow | str]:
    return [each.sentence if isinstance(each, Rejected) else each for each in said]


def test_the_sample_loads_as_six_devices_of_one_response() -> None:
    rows = read(INVENTORY)
    assert [row.device_type for row in rows if isinstance(row, InventoryRow)] == [
        "CHF",
        "GPF",
        "ESME",
        "GSME",
        "PPMID",
        "CAD",
    ]
    assert rows[0] == InventoryRow(
        device_id="00-DB-12-34-56-78-90-B0",
        device_type="CHF",
        device_status="Commissioned",
        manufacturer="FF02",
        model="00020001",
        smets_version="CHTS V1.4",
        firmware="00020002",
        firmware_status="Active",
        cpl_status="Active",
        date_commissioned="2024-03-01",
        esme_variant="",
        region="North",
        gbcs_version="4.2",
        han_variant="Single Band",
        response=1,
    )


def test_the_columns_that_a_device_does_not_have_are_empty() -> None:
    meter, display = read(INVENTORY)[2], read(INVENTORY)[5]
    assert isinstance(meter, InventoryRow)
    assert isinstance(display, InventoryRow)
    assert (meter.esme_variant, meter.han_variant) == ("A", "")
    assert (display.device_status, display.firmware, display.date_commissioned) == ("", "", "")


@pytest.mark.parametrize("document", [INVENTORY.encode(), batch(INVENTORY, INVENTORY)])
def test_what_is_personal_is_named_and_never_given(document: bytes) -> None:
    assert all(text.encode() in document for text in PERSONAL_TEXTS)
    reader = read_inventory([document])
    said = repr(list(reader))
    assert not any(text in said for text in PERSONAL_TEXTS)
    assert reader.dropped == {"ImportMPxN", "UPRN", "PropertyFilter"}


def test_responses_are_numbered_so_that_the_devices_of_one_premises_stay_together() -> None:
    rows = read(batch(INVENTORY, ALERT, INVENTORY, INVENTORY))
    numbers = [row.response for row in rows if isinstance(row, InventoryRow)]
    assert numbers == [1] * 6 + [3] * 6 + [4] * 6


def test_the_second_of_two_responses_is_read_as_the_first() -> None:
    rows = read(batch(INVENTORY, INVENTORY))
    assert [row[:-1] for row in rows[:6] if isinstance(row, InventoryRow)] == [
        row[:-1] for row in rows[6:] if isinstance(row, InventoryRow)
    ]
    assert len(rows) == 12


def test_device_ids_are_given_in_upper_case() -> None:
    rows = read_both_ways(INVENTORY.replace("00-DB", "00-db"))
    assert all(isinstance(row, InventoryRow) and row.device_id[:5] == "00-DB" for row in rows)


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        (">CHF<", ">SAPC<", "SAPC is not a Device Type of the inventory"),
        (">CHF<", ">CHF <", "the text is not a Device Type"),
        ("00-DB-12-34-56-78-90-B0", "00DB1234567890B0", "no hyphens"),
        (">Commissioned<", ">Installed<", "the text is not a Device Status"),
        (">Commissioned<", "><", "the text is not a Device Status"),
        (">FF02<", f">{'F' * 31}<", "more than the 30 characters"),
        (">00020002<", ">000200020<", "more than the 8 characters"),
        (">CHTS V1.4<", "><", "SMETS or CHTS version is missing"),
        (">2024-03-01Z<", ">2024-02-30Z<", "not one as XML writes it"),
        (">2024-03-01Z<", ">01/03/2024<", "not one as XML writes it"),
        (">2024-03-01Z<", ">20240301Z<", "not one as XML writes it"),
        (">North<", ">Wales<", "Wales is not a CSP Region"),
        (">Single Band<", f">{'x' * 65}<", "not one line of up to 64"),
        ("<sr:DeviceModel>00020001</sr:DeviceModel>", "", "DeviceModel is missing in Device"),
        ("<sr:CPLStatus>", "<sr:Other/><sr:CPLStatus>", "Other is no element of Device"),
        ("<sr:CPLStatus>", '<sr:CPLStatus a="">', "CPLStatus has an attribute"),
        ("<sr:CPLStatus>Active", "<sr:CPLStatus><sr:a/>", "CPLStatus has elements"),
        (
            "<sr:UPRN>",
            "<sr:ESMEVariant>AE</sr:ESMEVariant><sr:UPRN>",
            "AE is not an ESME Variant",
        ),
        (
            "<sr:CPLStatus>Active</sr:CPLStatus>",
            "<sr:ESMEVariant>A</sr:ESMEVariant><sr:CPLStatus>Active</sr:CPLStatus>",
            "CPLStatus comes after ESMEVariant",
        ),
    ],
)
def test_a_device_that_does_not_conform_is_rejected_and_its_neighbours_are_not(
    old: str, new: str, because: str
) -> None:
    assert old in DEVICE
    wrong, *others = read_both_ways(INVENTORY.replace(old, new, 1))
    assert isinstance(wrong, Rejected)
    assert because in wrong.sentence
    assert [isinstance(other, InventoryRow) for other in others] == [True] * 5


@pytest.mark.parametrize(
    ("old", "new", "column", "text"),
    [
        (">FF02<", "><", "manufacturer", ""),
        (">FF02<", ">&#70;F02<", "manufacturer", "FF02"),
        (">FF02<", "><![CDATA[F<F]]>02<", "manufacturer", "F<F02"),
        (">FF02<", ">Müller &amp; Co<", "manufacturer", "Müller & Co"),
        (">FF02<", ">F F<", "manufacturer", "F F"),
        (">2024-03-01Z<", ">2024-03-01<", "date_commissioned", "2024-03-01"),
        (">2024-03-01Z<", ">2024-03-01+01:00<", "date_commissioned", "2024-03-01"),
        ("<sr:CPLStatus>Active</sr:CPLStatus>", "", "cpl_status", ""),
        (">North<", ">4G North<", "region", "4G North"),
        (">Single Band<", ">x > y<", "han_variant", "x > y"),
    ],
)
def test_whatever_xml_allows_is_read_alike_by_the_shortcut_and_without(
    old: str, new: str, column: str, text: str
) -> None:
    assert old in DEVICE
    first = read_both_ways(INVENTORY.replace(old, new, 1))[0]
    assert isinstance(first, InventoryRow)
    assert getattr(first, column) == text


def test_every_personal_element_and_those_at_the_end_have_their_place() -> None:
    personal = {name: f"<sr:{name}>9900000000001</sr:{name}>" for name in PERSONAL[:3]}
    end = "<sr:S1SP>x</sr:S1SP><sr:Connectivity>Cellular</sr:Connectivity></sr:Device>"
    changed = INVENTORY.replace("<sr:UPRN>", f"{''.join(personal.values())}<sr:UPRN>", 1).replace(
        "</sr:Device>", end, 1
    )
    reader = read_inventory([batch(INVENTORY, changed)])
    rows = list(reader)
    assert [isinstance(row, InventoryRow) for row in rows] == [True] * 12
    assert reader.dropped == set(PERSONAL)
    assert len(read_both_ways(changed)) == 6


def test_a_response_holds_1_to_17_devices() -> None:
    end = "      </sr:DSPInventory>"
    full = INVENTORY.replace(end, DEVICE * 11 + end)
    assert len(read_both_ways(full)) == 17
    for document, count in (
        (INVENTORY.replace(end, DEVICE * 12 + end), 18),
        (
            INVENTORY[: INVENTORY.index("        <sr:Device>")] + INVENTORY[INVENTORY.index(end) :],
            0,
        ),
    ):
        [said] = read_both_ways(document)
        assert isinstance(said, Rejected)
        assert said.sentence == f"a response holds 1 to 17 Devices, this has {count}"


def test_a_response_to_something_else_is_rejected() -> None:
    [said] = read(ALERT)
    assert isinstance(said, Rejected)
    assert said.sentence == "DeviceAlertMessage is not read here as the content of Body"
    [said] = read(INVENTORY.replace("sr:DSPInventory>", "sr:Other>"))
    assert isinstance(said, Rejected)
    assert said.sentence == "DSPInventory is missing in ResponseMessage"


def test_strict_asks_for_gbcs_identifiers_but_of_type_2_devices() -> None:
    rows = read_both_ways(INVENTORY, Form.STRICT)
    assert [isinstance(row, InventoryRow) for row in rows] == [True] * 6
    first, *_ = read_both_ways(INVENTORY.replace(">FF02<", ">Maker<", 1), Form.STRICT)
    assert isinstance(first, Rejected)
    assert first.sentence == "the manufacturer is not 4 hexadecimal digits, as GBCS asks"


def test_where_a_device_is_wrong_is_said_by_line_and_column_also_late_in_a_batch() -> None:
    wrong = INVENTORY.replace(">A</sr:ESMEVariant>", ">AE</sr:ESMEVariant>")
    document = batch(INVENTORY, INVENTORY, wrong)
    [rejected] = [said for said in read(document) if isinstance(said, Rejected)]
    line = document.decode().splitlines()[rejected.line - 1]
    assert line[rejected.column - 1 :].startswith("<sr:ESMEVariant>AE<")


def test_a_file_of_requests_is_no_inventory() -> None:
    with pytest.raises(XmlError, match="sr:Request is not expected here"):
        read(STATUS)


def test_rows_come_before_the_end_and_a_torn_file_raises_after_them() -> None:
    torn = batch(INVENTORY, INVENTORY)[:-20]
    rows = iter(read_inventory([torn]))
    assert isinstance(next(rows), InventoryRow)
    with pytest.raises(XmlError, match="ends before the document is whole"):
        list(rows)


def _many(count: int, body: str) -> Iterator[bytes]:
    yield b"<Batch>"
    for _ in range(count):
        yield body.encode()
    yield b"</Batch>"


def _peak(count: int, body: str) -> int:
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_inventory(_many(count, body))) == count * 6
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("comment", "few", "many"), [("", 170, 3_400), ("<!-- -->", 20, 400)])
def test_memory_does_not_grow_with_the_number_of_devices(comment: str, few: int, many: int) -> None:
    body = message(INVENTORY).replace("<sr:Body>", f"<sr:Body>{comment}")
    _peak(5, body)
    assert _peak(many, body) < _peak(few, body) + 500_000


def test_a_response_of_the_usual_look_is_read_by_the_shortcut() -> None:
    quick = QuickResponses(Form.LENIENT)
    body = message(INVENTORY)
    taken = quick(f"\n{body}\n<", 0)
    assert taken is not None
    response, end = taken
    assert (len(response.rows), end) == (6, len(body) + 2)
    assert quick(body[:-1], 0) is None
    assert quick(body.replace("sr:", "x:").replace(":sr=", ":x="), 0) is None
