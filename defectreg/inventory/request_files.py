"""Requests as they come: in DUIS XML, or in CSV with columns of our own.

The columns, in any order: ``request-id`` (originator, target, counter), ``device-id``, ``action``
(prenotify, update or delete; update where there is no such column), ``manufacturer``, ``model``,
``device-type``, ``smets-version``, ``firmware``, ``esme-variant``, ``gpf-device-id`` and
``reason``. An empty cell says nothing. Other columns are not read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from defectreg.formats.duis import SCHEMA_VERSION, Rejected, XmlError, read_requests
from defectreg.formats.spreadsheets import SpreadsheetError, read_csv_rows
from defectreg.register.devices import INVENTORY_DEVICE_TYPES
from defectreg.register.inventory.identifiers import (
    Form,
    IdentifierError,
    check_firmware,
    check_manufacturer,
    check_model,
    check_smets_version,
    parse_device_id,
)
from defectreg.register.inventory.requests import (
    PRENOTIFICATION,
    UPDATE_INVENTORY,
    DetailsUpdate,
    DeviceDeletion,
    Header,
    Prenotification,
    Request,
    RequestId,
    parse_request_id,
)

COLUMNS = (
    "request-id",
    "device-id",
    "action",
    "manufacturer",
    "model",
    "device-type",
    "smets-version",
    "firmware",
    "esme-variant",
    "gpf-device-id",
    "reason",
)
NEEDED = ("request-id", "device-id")
MOST_REASON = 500
"""Characters of a reason, at most."""
_DETAILS = ("manufacturer", "model", "smets-version", "firmware", "esme-variant")
_MOST_KNOWN = 10_000
_SHORT = 18
"""Digits of a counter that is certainly one of 64 bits."""
_BLANKS = b" \t\r\n\xef\xbb\xbf"


class Asked(NamedTuple):
    """A request, where it stood, and why it is asked; ``reason`` is '' where that is not said."""

    file: str
    line: int
    request: Request
    reason: str


class Unread(NamedTuple):
    """What is no request, where it stood, and why. ``is_torn``: nothing of its file counts."""

    file: str
    line: int
    sentence: str
    is_torn: bool = False


def read_request_file(name: str, chunks: Iterable[bytes]) -> Iterator[Asked | Unread]:
    """The requests of a file, in their order; what is no request is given as such.

    What begins with ``<`` is XML, else it is CSV. What was given of a file counts once all was.
    """
    is_xml, pieces = begins_as_xml(chunks)
    return _of_xml(name, pieces) if is_xml else _of_csv(name, pieces)


def begins_as_xml(chunks: Iterable[bytes]) -> tuple[bool, Iterable[bytes]]:
    """Whether a file begins with ``<``, as no table of ours does; and all of its pieces."""
    pieces = iter(chunks)
    first = next(pieces, b"")
    return first.lstrip(_BLANKS).startswith(b"<"), chain((first,), pieces)


def read_columns(
    name: str, chunks: Iterable[bytes], columns: Sequence[str], needed: Collection[str]
) -> Iterator[tuple[int, tuple[str, ...]] | Unread]:
    """The line and the cells of each row of a CSV file, in the order of our columns.

    '' stands for what is not there. Names may be written with capitals, blanks or underscores. A
    file that is not whole, or without a column that is needed, ends with Unread.
    """
    try:
        rows = read_csv_rows(chunks)
        _, names = next(rows, (1, ()))
        plain = [name.strip().lower().replace("_", "-").replace(" ", "-") for name in names]
        missing = [column for column in columns if column in needed and column not in plain]
        if missing:
            sentence = f"there is no column {' and no column '.join(missing)}"
            sentence = sentence if any(plain) else "the file is empty, or its first line is"
            yield Unread(name, 1, sentence, is_torn=True)
            return
        blank = len(plain)
        picked = itemgetter(*(plain.index(c) if c in plain else blank for c in columns))
        for line, cells in rows:
            yield line, picked([*cells, *[""] * (1 + blank - len(cells))])
    except SpreadsheetError as error:
        yield Unread(name, error.line, error.sentence, is_torn=True)


def _of_xml(name: str, chunks: Iterable[bytes]) -> Iterator[Asked | Unread]:
    try:
        for read in read_requests(chunks):
            if isinstance(read, Rejected):
                yield Unread(name, read.line, read.sentence)
            else:
                yield Asked(name, 0, read, "")
    except XmlError as error:
        yield Unread(name, error.line, error.sentence, is_torn=True)


class _Meant(NamedTuple):
    """What a row asks, but of which Device and under which id: of many rows the same."""

    service: str
    make: Callable[[Header, str], Request]
    reason: str


def _of_csv(name: str, chunks: Iterable[bytes]) -> Iterator[Asked | Unread]:
    known: dict[tuple[str, ...], _Meant] = {}
    for read in read_columns(name, chunks, COLUMNS, NEEDED):
        if isinstance(read, Unread):
            yield read
            continue
        line, row = read
        try:
            meant = known.get(row[2:]) or _remembered(known, row[2:])
            header = Header(_request_id(row[0].strip()), meant.service, meant.service)
            asked = meant.make(header, parse_device_id(row[1].strip()))
            yield Asked(name, line, asked, meant.reason)
        except IdentifierError as error:
            yield Unread(name, line, error.sentence)


def _remembered(known: dict[tuple[str, ...], _Meant], cells: tuple[str, ...]) -> _Meant:
    if len(known) == _MOST_KNOWN:
        known.clear()
    texts = (cell.strip() for cell in cells)
    meant = known[cells] = _meant(dict(zip(COLUMNS[2:], texts, strict=True)))
    return meant


def _meant(row: Mapping[str, str]) -> _Meant:
    """What a row means; raises IdentifierError with what is wrong."""
    action = row["action"] or "update"
    if action not in _ACTIONS:
        raise IdentifierError(f"action is none of {', '.join(_ACTIONS)}")
    for column, check in _CHECKS.items():
        problem = check(row[column]) if row[column] else None
        if problem:
            raise IdentifierError(problem)
    if len(row["reason"]) > MOST_REASON:
        raise IdentifierError(f"the reason has more than {MOST_REASON} characters")
    service, maker = _ACTIONS[action]
    return _Meant(service, maker(row), row["reason"])


def _request_id(text: str) -> RequestId:
    """As ``parse_request_id``, which is asked once of each pair of originator and target."""
    parties, _, counter = text.rpartition(":")
    if len(counter) <= _SHORT and counter.isdecimal() and counter.isascii():
        pair = _first_of(parties)
        return RequestId(pair.originator, pair.target, int(counter))
    return parse_request_id(text)


@lru_cache(maxsize=1000)
def _first_of(parties: str) -> RequestId:
    return parse_request_id(f"{parties}:0")


def _prenotification(row: Mapping[str, str]) -> Callable[[Header, str], Request]:
    if not (row["manufacturer"] and row["model"] and row["device-type"]):
        raise IdentifierError("a pre-notification needs manufacturer, model and device-type")
    needed = row["manufacturer"], row["model"], row["device-type"]
    optional = (row[column] or None for column in ("smets-version", "firmware", "esme-variant"))
    smets_version, firmware, variant = optional
    gpf = parse_device_id(row["gpf-device-id"]) if row["gpf-device-id"] else None
    return lambda header, device_id: Prenotification(
        header, SCHEMA_VERSION, device_id, *needed, smets_version, firmware, variant, gpf
    )


def _update(row: Mapping[str, str]) -> Callable[[Header, str], Request]:
    manufacturer, model, smets_version, firmware, variant = (row[each] or None for each in _DETAILS)
    details = manufacturer, model, smets_version, firmware, variant
    if not any(details):
        raise IdentifierError("the row gives no detail that is to be changed")
    return lambda header, device_id: DetailsUpdate(header, SCHEMA_VERSION, device_id, *details)


def _deletion(row: Mapping[str, str]) -> Callable[[Header, str], Request]:
    return lambda header, device_id: DeviceDeletion(header, SCHEMA_VERSION, device_id)


_ACTIONS: Mapping[
    str, tuple[str, Callable[[Mapping[str, str]], Callable[[Header, str], Request]]]
] = {
    "prenotify": (PRENOTIFICATION, _prenotification),
    "update": (UPDATE_INVENTORY, _update),
    "delete": (UPDATE_INVENTORY, _deletion),
}
_CHECKS: Mapping[str, Callable[[str], str | None]] = {
    "manufacturer": lambda text: check_manufacturer(text, Form.LENIENT),
    "model": lambda text: check_model(text, Form.LENIENT),
    "firmware": lambda text: check_firmware(text, Form.LENIENT),
    "smets-version": check_smets_version,
    "device-type": lambda text: (
        None if text in INVENTORY_DEVICE_TYPES else "no Device Type of the inventory"
    ),
}
