"""XML as units in frames: what is given, where it begins, and in what pieces the bytes may come."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable, Iterator

import pytest

from defectreg.formats.xml import (
    MOST_NAMES,
    MOST_UNIT,
    Element,
    Layout,
    XmlError,
    read_units,
    read_units_quickly,
)

LAYOUT = Layout(
    units={"d:Device", "Header"},
    frames=("Notice", "Devices"),
    namespaces={"urn:devices": "d"},
    opaque={"d:Secret"},
)
UNIT = b'<x:Device xmlns:x="urn:devices" n="1">\n <x:Id>a&amp;b</x:Id><x:None/>\n</x:Device>'


def units(*chunks: bytes) -> list[Element]:
    return list(read_units(chunks, LAYOUT))


def notice(*parts: bytes) -> bytes:
    return b"<Notice>" + b"".join(parts) + b"</Notice>"


def test_a_unit_is_given_with_its_texts_attributes_and_places() -> None:
    [unit] = units(UNIT)
    assert (unit.name, unit.attributes, unit.line, unit.column) == ("d:Device", {"n": "1"}, 1, 1)
    assert [(part.name, part.text, part.line, part.column) for part in unit.elements] == [
        ("d:Id", "a&b", 2, 2),
        ("d:None", "", 2, 22),
    ]
    assert unit.text.strip() == ""


def test_units_stand_alone_in_a_frame_or_deeper() -> None:
    assert len(units(UNIT)) == 1
    assert len(units(notice())) == 0
    assert len(units(notice(UNIT, b"\n", UNIT))) == 2
    document = notice(b"<Header/>", b"<Devices>", UNIT, b"</Devices><Devices/>")
    assert [unit.name for unit in units(document)] == ["Header", "d:Device"]


def test_the_pieces_in_which_the_bytes_come_make_no_difference() -> None:
    document = notice(b"<!-- \xc3\xa4 -->", UNIT, b"<![CDATA[ ]]>", UNIT)
    whole = [repr(unit) for unit in units(document)]
    for size in (1, 2, 3, 7):
        pieces = [document[start : start + size] for start in range(0, len(document), size)]
        assert [repr(unit) for unit in units(*pieces)] == whole


def test_of_an_opaque_element_nothing_is_kept_but_that_it_is_there() -> None:
    [unit] = units(
        b'<d:Device xmlns:d="urn:devices">'
        b'<d:Secret a="1234">1234<d:Inner>5678</d:Inner></d:Secret><d:Id>x</d:Id></d:Device>'
    )
    assert "1234" not in repr(unit)
    assert "5678" not in repr(unit)
    assert [part.name for part in unit.elements] == ["d:Secret", "d:Id"]


def test_a_byte_order_mark_and_a_declaration_of_utf_8_are_read() -> None:
    for beginning in (b"\xef\xbb\xbf", b'<?xml version="1.0" encoding="utf-8"?>'):
        assert len(units(beginning + UNIT)) == 1


def test_comments_and_processing_instructions_say_nothing() -> None:
    [unit] = units(b"<!-- a --><?b c?>" + UNIT.replace(b"a&amp;b", b"a<!-- b -->&#38;<?c?>b"))
    assert unit.elements[0].text == "a&b"


@pytest.mark.parametrize(
    ("document", "line", "column", "because"),
    [
        (b"", 1, 1, "ends before the document is whole"),
        (UNIT[:-1], 3, 1, "ends before the document is whole"),
        (notice(UNIT)[:-9], 3, 12, "ends before the document is whole"),
        (UNIT + UNIT, 3, 12, "after the end of the document"),
        (UNIT + b" x", 3, 13, "after the end of the document"),
        (b"<Devices/>", 1, 1, "Devices is not expected here"),
        (notice(notice()), 1, 9, "Notice is not expected here"),
        (notice(b"\n  text"), 2, 7, "a text stands where only elements do"),
        (UNIT.replace(b"urn:devices", b"urn:other"), 1, 1, "of a namespace that is not read"),
        (UNIT.replace(b"<x:None/>", b"<x:None>"), 3, 3, "not well-formed"),
        (UNIT.replace(b"&amp;", b"&other;"), 2, 9, "not well-formed"),
    ],
)
def test_what_is_refused_is_refused_with_its_place_and_a_reason(
    document: bytes, line: int, column: int, because: str
) -> None:
    with pytest.raises(XmlError, match=because) as refusal:
        units(document)
    assert (refusal.value.line, refusal.value.column) == (line, column)


def test_a_unit_has_a_largest_size() -> None:
    part = b"<x:Id>" + b"y" * 60_000 + b"</x:Id>"
    fits, more = MOST_UNIT // len(part), MOST_UNIT // len(part) + 2
    assert len(units(UNIT.replace(b"<x:None/>", part * fits))) == 1
    with pytest.raises(XmlError, match=f"longer than {MOST_UNIT} bytes"):
        units(UNIT.replace(b"<x:None/>", part * more))


def test_a_document_has_only_so_many_different_names() -> None:
    names = [f"<n{number}/>".encode() for number in range(MOST_NAMES)]
    assert len(units(notice(*(b"<Header>" + name + b"</Header>" for name in names[:-10])))) > 900
    with pytest.raises(XmlError, match="different names"):
        units(notice(*(b"<Header>" + name + b"</Header>" for name in names)))
    with pytest.raises(XmlError, match="different names"):
        units(notice(*(b"<Header " + name[1:-2] + b'=""/>' for name in names)))


def test_a_document_has_only_so_many_different_prefixes() -> None:
    renamed = [
        UNIT.replace(b"x:", f"x{n}:".encode()).replace(b":x=", f":x{n}=".encode())
        for n in range(MOST_NAMES)
    ]
    assert len(units(notice(*renamed[:-20]))) == MOST_NAMES - 20
    with pytest.raises(XmlError, match="different names"):
        units(notice(*renamed))


def _many(count: int) -> Iterator[bytes]:
    yield b"<Notice>"
    for _ in range(count):
        yield UNIT
    yield b"</Notice>"


def _peak(count: int) -> int:
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_units(_many(count), LAYOUT)) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_units() -> None:
    _peak(10)
    assert _peak(20_000) < _peak(1_000) + 500_000


# A shortcut that knows one spelling of a unit.


def _shortcut(text: str, start: int) -> tuple[str, int] | None:
    return ("short", start + len(UNIT)) if text.startswith(UNIT.decode(), start) else None


def quickly(chunks: Iterable[bytes]) -> list[str]:
    given = read_units_quickly(chunks, LAYOUT, _shortcut)
    return [said if isinstance(said, str) else said.name for said in given]


def test_a_shortcut_is_asked_only_after_another_unit_and_expat_sees_what_it_takes() -> None:
    assert quickly([notice(UNIT, UNIT, b"<Header></Header>", UNIT)]) == [
        "d:Device",
        "short",
        "Header",
        "short",
    ]
    with pytest.raises(XmlError, match="not well-formed") as refusal:
        quickly([notice(UNIT, UNIT, b"</Broken>")])
    assert (refusal.value.line, refusal.value.column) == (5, 14)
    with pytest.raises(XmlError, match="after the end"):
        quickly([UNIT + UNIT])


def test_what_stands_in_a_comment_or_in_character_data_is_no_unit_to_a_shortcut_either() -> None:
    hidden = UNIT + b"<!--" + UNIT + b"-->" + UNIT + UNIT
    assert quickly([notice(hidden)]) == ["d:Device", "d:Device", "short"]
    inside = b"<Header><![CDATA[</Header>" + UNIT + b"]]></Header>"
    assert quickly([notice(UNIT, inside)]) == ["d:Device", "Header"]


@pytest.mark.parametrize("size", [1, 5, 64, 1000])
def test_a_shortcut_gives_the_same_in_whatever_pieces_the_bytes_come(size: int) -> None:
    document = notice(UNIT, UNIT, b"<!-- </x:Device> -->", UNIT, b"<Header></Header>", UNIT)
    pieces = [document[start : start + size] for start in range(0, len(document), size)]
    assert [said.replace("short", "d:Device") for said in quickly(pieces)] == [
        "d:Device",
        "d:Device",
        "d:Device",
        "Header",
        "d:Device",
    ]


def test_a_unit_that_never_ends_is_refused_also_where_a_shortcut_waits_for_its_end() -> None:
    endless = (b"x" * 65_536 for _ in range(100))
    tracemalloc.start()
    try:
        with pytest.raises(XmlError, match="a text is longer"):
            quickly([b"<Notice>", UNIT, b"<Header>", *endless])
        assert tracemalloc.get_traced_memory()[1] < 16 * MOST_UNIT
    finally:
        tracemalloc.stop()
