"""Requests written as XML: equal, byte for byte after canonicalisation, to what was read."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree.ElementTree import canonicalize

import pytest

from defectreg.formats.duis import (
    Rejected,
    WritableRequest,
    read_requests,
    write_request,
    write_requests,
)
from defectreg.register.inventory.requests import (
    DetailsUpdate,
    MpxnUpdate,
    Prenotification,
    RequestId,
)
from tests.unit.formats.duis.messages_for_tests import CORRECTION, PRENOTIFICATION, STATUS, sample

CONFORMING = (
    "12.2_prenotify_esme",
    "12.2_prenotify_chf_with_gpf",
    "8.4_update_all_details_pending",
    "8.4_update_esme_variant_only",
    "8.4_status_pending_except_ch",
)


def read(document: str | bytes) -> WritableRequest:
    data = document if isinstance(document, bytes) else document.encode()
    [said] = read_requests([data])
    assert not isinstance(said, Rejected | MpxnUpdate)
    return said


def named(manufacturer: str) -> Prenotification:
    request = read(PRENOTIFICATION)
    assert isinstance(request, Prenotification)
    return replace(request, manufacturer=manufacturer)


def without_signature(document: str) -> str:
    return re.sub(r"\s*<ds:Signature.*</ds:Signature>", "", document, flags=re.DOTALL)


@pytest.mark.parametrize("name", CONFORMING)
def test_a_sample_that_conforms_comes_back_equal_without_its_signature(name: str) -> None:
    document = sample(name)
    assert "<ds:Signature" in document
    written = write_request(read(document)).decode()
    assert canonicalize(written) == canonicalize(without_signature(document))


def test_every_optional_part_is_written_in_its_place() -> None:
    request = read(CORRECTION)
    preceding = RequestId(
        request.header.request_id.originator, "00-00-00-00-00-00-00-01", 2**64 - 1
    )
    header = replace(request.header, first_in_sequence="true", preceding=preceding)
    request = replace(request, header=header)
    assert read(write_request(request)) == request


def test_a_deletion_and_an_update_of_nothing_are_written() -> None:
    deletion = read(
        STATUS.replace(
            "<sr:UpdateDeviceStatusExceptCH>Pending</sr:UpdateDeviceStatusExceptCH>",
            "<sr:DeleteDevice/>",
        )
    )
    assert read(write_request(deletion)) == deletion
    correction = read(CORRECTION)
    assert isinstance(correction, DetailsUpdate)
    nothing = replace(correction, esme_variant=None)
    assert read(write_request(nothing)) == nothing


def test_what_is_markup_in_a_text_is_written_as_text() -> None:
    odd = named("<&>\"' \u00e4")
    assert read(write_request(odd)) == odd


@pytest.mark.parametrize("character", ["\x00", "\n", "\r", "\x85", "\ud800", "\ufffe"])
def test_what_xml_cannot_hold_is_not_written(character: str) -> None:
    with pytest.raises(ValueError, match="cannot be written as XML"):
        write_request(named(f"a{character}b"))


def test_a_batch_is_one_document_that_is_read_as_it_was_written() -> None:
    requests = [read(sample(name)) for name in CONFORMING]
    pieces = list(write_requests(requests))
    assert list(read_requests(pieces)) == requests
    assert b"".join(pieces).count(b"<?xml") == 1
    assert list(read_requests(write_requests([]))) == []
