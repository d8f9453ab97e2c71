"""Requests written as DUIS 5.4 asks: order of elements, formats, namespace; without a signature.

Signing is the User's own system's work: a signature covers the bytes that system sends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import TypeAlias

from defectreg.formats.duis.shapes import BATCH, NAMESPACE
from defectreg.register.inventory.requests import (
    DetailsUpdate,
    DeviceDeletion,
    Header,
    Prenotification,
    StatusUpdate,
)

WritableRequest: TypeAlias = Prenotification | DetailsUpdate | StatusUpdate | DeviceDeletion
"""Every request that we keep whole; of UpdateMPxN the MPxN is not kept."""
Field: TypeAlias = tuple[str, str | None]
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NOT_XML = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def write_request(request: WritableRequest) -> bytes:
    """The request as a document of its own; raises ValueError for a text that XML cannot hold."""
    return (_DECLARATION + _message(request)).encode()


def write_requests(requests: Iterable[WritableRequest]) -> Iterator[bytes]:
    """The requests as one document, in pieces: an element Batch, of ours, around them."""
    yield f"{_DECLARATION}<{BATCH}>\n".encode()
    for request in requests:
        yield _message(request).encode()
    yield f"</{BATCH}>\n".encode()


def _message(request: WritableRequest) -> str:
    lines = (
        f'<sr:Request xmlns:sr="{NAMESPACE}" schemaVersion="{_text(request.schema_version)}">',
        *_block("Header", _fields(_header(request.header))),
        *_block("Body", _body(request)),
        "</sr:Request>",
        "",
    )
    return "\n".join(lines)


def _header(header: Header) -> Iterable[Field]:
    preceding = header.preceding
    return (
        ("RequestID", str(header.request_id)),
        ("FirstInSequence", header.first_in_sequence),
        ("PrecedingServiceRequestID", None if preceding is None else str(preceding)),
        ("CommandVariant", header.command_variant),
        ("ServiceReference", header.service_reference),
        ("ServiceReferenceVariant", header.service_reference_variant),
    )


def _body(request: WritableRequest) -> Iterable[str]:
    if isinstance(request, Prenotification):
        return _block("DevicePrenotification", _fields(_prenotification(request)))
    device_id = _fields((("DeviceID", request.device_id),))
    return _block("UpdateInventory", (*device_id, *_change(request)))


def _prenotification(request: Prenotification) -> Iterable[Field]:
    return (
        ("DeviceID", request.device_id),
        ("DeviceManufacturer", request.manufacturer),
        ("DeviceModel", request.model),
        ("DeviceType", request.device_type),
        ("SMETSCHTSVersion", request.smets_version),
        ("FirmwareVersion", request.firmware),
        ("ESMEVariant", request.esme_variant),
        ("AssociatedGPFDeviceID", request.gpf_device_id),
    )


def _change(request: DetailsUpdate | StatusUpdate | DeviceDeletion) -> Iterable[str]:
    if isinstance(request, StatusUpdate):
        name = "UpdateDeviceStatusCH" if request.of_hub else "UpdateDeviceStatusExceptCH"
        return _fields(((name, request.status),))
    if isinstance(request, DeviceDeletion):
        return ("  <sr:DeleteDevice/>",)
    details = (
        ("DeviceManufacturer", request.manufacturer),
        ("DeviceModel", request.model),
        ("SMETSCHTSVersion", request.smets_version),
        ("FirmwareVersion", request.firmware),
        ("ESMEVariant", request.esme_variant),
    )
    return _block("UpdateDeviceDetails", _fields(details))


def _fields(fields: Iterable[Field]) -> Iterator[str]:
    for name, text in fields:
        if text is not None:
            yield f"  <sr:{name}>{_text(text)}</sr:{name}>"


def _block(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"  <sr:{name}>"
    yield from (f"  {line}" for line in lines)
    yield f"  </sr:{name}>"


def _text(text: str) -> str:
    if _NOT_XML.search(text):
        raise ValueError("a control character or half a character cannot be written as XML")
    return escape(text)
