"""DUIS files made to crash, stall or deceive a reader, each beside one that is only unusual."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest

from defectreg.formats.duis import InventoryRow, XmlError, read_inventory, read_requests
from tests.unit.formats.duis.messages_for_tests import CORRECTION, INVENTORY, batch

BOMB = "<!DOCTYPE lolz [<!ENTITY a0 'lol'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def inside(text: str) -> str:
    """The correction with another text as its variant."""
    return CORRECTION.replace(">ADE<", f">{text}<")


def headed(beginning: str) -> str:
    """The correction with something between its declaration and itself."""
    return CORRECTION.replace(DECLARATION, DECLARATION + beginning)


ATTACKS = {
    "billion laughs": (headed(f"{BOMB}]>").replace("ADE", "&a9;"), "DOCTYPE", inside("A&#68;E")),
    "an entity of the document": (
        headed("<!DOCTYPE a [<!ENTITY b 'ADE'>]>").replace("ADE<", "&b;<"),
        "DOCTYPE",
        inside("&#x41;DE"),
    ),
    "an external entity": (
        headed("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]>"),
        "DOCTYPE",
        headed("<!-- SYSTEM 'file:///etc/hostname' -->"),
    ),
    "an external DTD": (
        headed("<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'>"),
        "DOCTYPE",
        headed("<?a SYSTEM 'http://127.0.0.1:9/a.dtd'?>"),
    ),
    "a parameter entity": (
        headed("<!DOCTYPE a [<!ENTITY % b SYSTEM 'b'> %b;]>"),
        "DOCTYPE",
        headed("<!-- %b; -->"),
    ),
    "an entity that nobody declared": (inside("&b;"), "undefined entity", inside("<!--&b;-->ADE")),
    "elements without end in each other": (
        inside("<sr:a>" * 5_000),
        "32 elements",
        inside("ADE<!-- " + "<sr:a>" * 5_000 + " -->"),
    ),
    "a giant text": (inside("A" * 70_000), "longer than 65536 characters", inside("A" * 65_000)),
    "a giant attribute": (
        CORRECTION.replace("schemaVersion=", f'other="{"A" * 70_000}" schemaVersion='),
        "attribute is longer",
        CORRECTION.replace("schemaVersion=", f'other="{"A" * 60_000}" schemaVersion='),
    ),
    "a giant name": (
        CORRECTION.replace("<sr:DeleteDevice/>", "").replace("sr:Body", f"sr:{'B' * 200_000}"),
        "longer than is read",
        CORRECTION.replace("sr:Body", f"sr:{'B' * 60_000}"),
    ),
    "a giant comment": (
        headed(f"<!-- {'a' * 200_000} -->"),
        "longer than is read",
        headed(f"<!-- {'a' * 60_000} -->"),
    ),
    "cut off": (CORRECTION[: len(CORRECTION) // 2], "ends before", CORRECTION + "\n\n"),
    "cut off by one byte": (CORRECTION.rstrip()[:-1], "ends before", CORRECTION.rstrip()),
    "something after the end": (CORRECTION + "<a/>", "after the end", CORRECTION + "<!-- a -->"),
    "another namespace": (
        CORRECTION.replace("ServiceUserGateway", "ServiceUserGateway2"),
        "namespace that is not read",
        CORRECTION.replace("sr:", "x:").replace(":sr=", ":x="),
    ),
    "no namespace": (
        CORRECTION.replace("sr:", "").replace("xmlns:sr=", "lang="),
        "Request is not expected",
        CORRECTION.replace("sr:", "").replace("xmlns:sr=", "xmlns="),
    ),
    "a namespace that changes on the way": (
        CORRECTION.replace("<sr:Body>", '<sr:Body xmlns:sr="urn:x">'),
        "namespace that is not read",
        CORRECTION.replace(
            "<sr:Body>", '<sr:Body xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway">'
        ),
    ),
    "an encoding that is not UTF-8": (
        CORRECTION.replace("UTF-8", "ISO-8859-1"),
        "encoding is not UTF-8",
        CORRECTION.replace("UTF-8", "utf-8"),
    ),
    "XML 1.1": (CORRECTION.replace('"1.0"', '"1.1"'), "not XML 1.0", CORRECTION),
    "a control character": (inside("A\x0bDE"), "not well-formed", inside("\tADE\n")),
    "a control character as a reference": (inside("&#11;"), "not well-formed", inside("&#10;")),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_file_is_refused_and_its_twin_is_read(name: str) -> None:
    hostile, because, twin = ATTACKS[name]
    with pytest.raises(XmlError, match=because) as refusal:
        list(read_requests([hostile.encode()]))
    assert refusal.value.line >= 1
    assert refusal.value.column >= 1
    assert len(refusal.value.sentence) < 200
    assert len(list(read_requests([twin.encode()]))) == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
def test_a_declared_encoding_that_is_a_lie_is_refused(encoding: str) -> None:
    document = headed("<!-- \u00e4 -->")
    with pytest.raises(XmlError):
        list(read_requests([document.encode(encoding)]))
    for honest in ("utf-8", "utf-8-sig"):
        assert len(list(read_requests([document.encode(honest)]))) == 1


ENDLESS = {
    "a text": "<Batch><sr:Request xmlns:sr='http://www.dccinterface.co.uk/ServiceUserGateway'>",
    "an attribute": "<Batch a='",
    "a comment": "<Batch><!--",
    "a name": "<",
    "a processing instruction": "<?a ",
    "blanks and then nothing": "<Batch>",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends_is_refused_before_it_fills_the_memory(name: str) -> None:
    def endless() -> Iterator[bytes]:
        yield ENDLESS[name].encode()
        for _ in range(2_000):
            yield b"x" * 65_536

    tracemalloc.start()
    try:
        with pytest.raises(XmlError):
            list(read_requests(endless()))
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


DEVICE_ID = "00-DB-12-34-56-78-90-B0"
OTHER_ID = "00-DB-12-34-56-78-90-FF"


@pytest.mark.parametrize(
    ("hidden", "is_read"),
    [
        ("<!--{}-->", False),
        ("<?a {}?>", False),
        ("{}", True),
    ],
)
def test_a_response_that_is_not_there_is_not_read_by_the_shortcut_either(
    hidden: str, is_read: bool
) -> None:
    response = INVENTORY.partition("-->")[2].strip()
    other = hidden.format(response.replace(DEVICE_ID, OTHER_ID))
    document = f"<Batch>{response}{response}{other}{response}</Batch>".encode()
    for size in (len(document), 500, 4_096):
        pieces = (document[start : start + size] for start in range(0, len(document), size))
        rows = [row for row in read_inventory(pieces) if isinstance(row, InventoryRow)]
        assert (OTHER_ID in {row.device_id for row in rows}) is is_read
        assert len(rows) == 18 + 6 * is_read


@pytest.mark.parametrize("end", ["</Batch>", "", "</Batch><Batch/>", "&b;</Batch>", "\xff</Batch>"])
def test_of_a_batch_that_is_not_whole_the_reader_never_comes_to_an_end(end: str) -> None:
    document = batch(INVENTORY, INVENTORY).removesuffix(b"</Batch>") + end.encode("latin-1")
    if end == "</Batch>":
        assert len(list(read_inventory([document]))) == 12
        return
    with pytest.raises(XmlError):
        list(read_inventory([document]))
