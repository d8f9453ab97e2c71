"""Laws of DUIS messages: what is written is what is read, and no bytes break a reader."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import itemgetter
from typing import TypeAlias, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.formats.duis import (
    Rejected,
    WritableRequest,
    XmlError,
    read_alerts,
    read_inventory,
    read_requests,
    write_requests,
)
from defectreg.register.devices import INVENTORY_DEVICE_TYPES
from defectreg.register.inventory.identifiers import Form
from defectreg.register.inventory.requests import (
    UPDATABLE_HUB_STATUSES,
    UPDATABLE_STATUSES,
    DetailsUpdate,
    DeviceDeletion,
    Header,
    Prenotification,
    RequestId,
    StatusUpdate,
)
from defectreg.register.inventory.variants import VARIANTS
from tests.unit.formats.duis.messages_for_tests import (
    ALERT,
    CORRECTION,
    DETAILS,
    INVENTORY,
    PRENOTIFICATION,
    message,
    sample,
)

Said = TypeVar("Said")
HUB = sample("12.2_prenotify_chf_with_gpf")
EUI = st.binary(min_size=8, max_size=8).map(lambda octets: octets.hex("-").upper())
REQUEST_ID = st.builds(RequestId, EUI, EUI, st.integers(0, 2**64 - 1))
ORDINARY = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")


def text(most: int) -> st.SearchStrategy[str]:
    return st.text(ORDINARY, min_size=1, max_size=most)


def header(reference: str) -> st.SearchStrategy[Header]:
    said = st.sampled_from([None, "true", "false", "1", "0"])
    same = st.just(reference)
    return st.builds(Header, REQUEST_ID, same, same, st.just("8"), said, st.none() | REQUEST_ID)


VARIANT = st.none() | st.sampled_from(list(VARIANTS))
NAME, VERSION, FIRMWARE = text(30), text(20), text(8)
FIVE = st.just("5.4")
REQUEST: st.SearchStrategy[WritableRequest] = st.one_of(
    st.builds(
        Prenotification,
        header("12.2"),
        FIVE,
        EUI,
        NAME,
        NAME,
        st.sampled_from(INVENTORY_DEVICE_TYPES),
        st.none() | VERSION,
        st.none() | FIRMWARE,
        VARIANT,
        st.none() | EUI,
    ),
    st.builds(
        DetailsUpdate,
        header("8.4"),
        FIVE,
        EUI,
        st.none() | NAME,
        st.none() | NAME,
        st.none() | VERSION,
        st.none() | FIRMWARE,
        VARIANT,
    ),
    st.builds(
        StatusUpdate,
        header("8.4"),
        FIVE,
        EUI,
        st.sampled_from(UPDATABLE_STATUSES),
        st.just(value=False),
    ),
    st.builds(
        StatusUpdate,
        header("8.4"),
        FIVE,
        EUI,
        st.sampled_from(UPDATABLE_HUB_STATUSES),
        st.just(value=True),
    ),
    st.builds(DeviceDeletion, header("8.4"), FIVE, EUI),
)


@given(st.lists(REQUEST, max_size=4))
def test_what_is_written_is_what_is_read(requests: list[WritableRequest]) -> None:
    assert list(read_requests(write_requests(requests))) == requests


MESSAGES = [
    message(document).encode() for document in (PRENOTIFICATION, CORRECTION, ALERT, INVENTORY)
]
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b"<", b">", b"</sr:Device>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&", b"<?", b" a='b'"]
    ),
)


@given(
    st.sampled_from(MESSAGES),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.1), PIECES), max_size=3),
    st.integers(1, 3_000),
)
def test_no_bytes_make_a_reader_raise_anything_but_its_own_error(
    original: bytes, edits: list[tuple[float, float, bytes]], size: int
) -> None:
    document = original
    for where, how_much, piece in edits:
        start = int(where * len(document))
        document = document[:start] + piece + document[start + int(how_much * len(document)) :]
    whole = b"<Batch>" + original + document + original + b"</Batch>"
    for data in (document, whole):
        for read in (read_requests, read_inventory, read_alerts):
            chunks = (data[start : start + size] for start in range(0, len(data), size))
            try:
                said = list(read(chunks))
            except XmlError:
                continue
            assert all(each.sentence for each in said if isinstance(each, Rejected))


ODD = st.sampled_from(
    ["", " ", "A", "ESME", "x > y", "&amp;", "&#65;", "<!-- -->", "\u00e4", "\n", "2024-02-30Z"]
)
LEAF = re.compile("<sr:[A-Za-z]+>([^<]*)</")
Edit: TypeAlias = tuple[tuple[int, int], str]


def edits(original: str) -> st.SearchStrategy[list[Edit]]:
    """Other texts for up to two elements of a message that have texts."""
    places = st.sampled_from([match.span(1) for match in LEAF.finditer(original)])
    return st.lists(st.tuples(places, ODD | text(4)), max_size=2, unique_by=itemgetter(0))


def both_ways(usual: str, edits: list[Edit]) -> list[bytes]:
    """A batch whose second message is edited; in the other a comment keeps shortcuts from it."""
    changed = usual
    for (start, end), new in sorted(edits, reverse=True):
        replaced = new if new.startswith(("&#", "&a", "<!")) else re.sub("[<&]", "", new)
        changed = changed[:start] + replaced + changed[end:]
    return [f"<Batch>{usual}{note}{changed}</Batch>".encode() for note in ("", "<!-- -->")]


def sentences(said: Iterable[Said | Rejected]) -> list[Said | str]:
    """What was said, of what is rejected the sentence alone: the places differ by the comment."""
    return [each.sentence if isinstance(each, Rejected) else each for each in said]


@settings(max_examples=60)
@given(edits(message(INVENTORY)))
def test_inventories_read_by_the_shortcut_are_those_read_element_by_element(
    changes: list[Edit],
) -> None:
    quick, slow = both_ways(message(INVENTORY), changes)
    assert sentences(read_inventory([quick])) == sentences(read_inventory([slow]))


REQUESTS = [message(document) for document in (PRENOTIFICATION, DETAILS, HUB)]


@settings(max_examples=60)
@given(
    st.sampled_from(REQUESTS).flatmap(lambda usual: st.tuples(st.just(usual), edits(usual))),
    st.sampled_from(Form),
)
def test_requests_read_by_the_shortcut_are_those_read_element_by_element(
    request_: tuple[str, list[Edit]], form: Form
) -> None:
    quick, slow = both_ways(*request_)
    assert sentences(read_requests([quick], form)) == sentences(read_requests([slow], form))
