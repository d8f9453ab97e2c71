"""SR12.2 for the lines of an ASN that passed: the requests, and why the others are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from defectreg.formats.duis import SCHEMA_VERSION, check_schema_version
from defectreg.inventory.asn_checks import Judged, Report, Shipment
from defectreg.inventory.asn_rules import Line, Problem
from defectreg.register.devices import OTHER_HALF
from defectreg.register.errors import UsageProblem
from defectreg.register.inventory.asn_codes import Reader
from defectreg.register.inventory.identifiers import IdentifierError
from defectreg.register.inventory.requests import (
    PRENOTIFICATION,
    Header,
    Prenotification,
    RequestId,
    parse_request_id,
)

_NOTHING = Line(0, 0, "", "", "", "", "", "", "", "", 0, 1)
MOST_COUNTER = 2**64 - 1
"""The greatest counter of a request id."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Who asks whom, the counter of the first request, and the DUIS version of all of them.

    ``takes_unjudged``: also lines of which something cannot be judged, but nothing is wrong.
    """

    first: RequestId
    schema_version: str
    takes_unjudged: bool = False


def parse_sending(
    originator: str, target: str, counter: int, schema_version: str, *, takes_unjudged: bool = False
) -> Sending:
    """Raises UsageProblem for what can stand in no request."""
    try:
        first = parse_request_id(f"{originator}:{target}:{counter}")
    except IdentifierError as error:
        raise UsageProblem(
            error.sentence, "an EUI-64 is written as 90-B3-D5-1F-30-01-00-00"
        ) from error
    sending = Sending(first, schema_version, takes_unjudged)
    unknown = check_schema_version(request_of(_NOTHING, sending, 0), schema_version)
    if unknown:
        raise UsageProblem(unknown, f"without --schema-version it is {SCHEMA_VERSION}")
    return sending


def requests_of(
    shipment: Shipment,
    sending: Sending,
    report: Report,
    most: int,
    stepped: Callable[[int], None] = lambda lines: None,
) -> Iterator[Prenotification]:
    """A request for each line that passed; the report then says of the others why they did not.

    There are none of an ASN that is not whole. Raises UsageProblem where the counter runs out.
    """
    if sending.first.counter + shipment.lines > MOST_COUNTER:
        raise UsageProblem(
            "the counter runs out: a request id has 64 bits for it", "begin with a lower --counter"
        )
    for finding in shipment.of_whole(Reader.SUPPLIER):
        report.take(finding, most)
    for judged in shipment.judged() if not shipment.problems else ():
        asked = _asked(judged, sending)
        for finding in shipment.of_line(asked, Reader.SUPPLIER):
            report.take(finding, most)
        if asked.is_refused or not (asked.has_passed or sending.takes_unjudged):
            report.refused += asked.is_refused
        else:
            yield request_of(asked.line, sending, report.passed)
            report.passed += 1
        stepped(1)


def _asked(judged: Judged, sending: Sending) -> Judged:
    """The line with what is asked besides where it is to be pre-notified."""
    return Judged(judged.line, (*judged.problems, *_only_here(judged.line, sending)))


def _only_here(line: Line, sending: Sending) -> Iterator[Problem]:
    if line.status is not None:
        yield Problem(
            "A20", f"the Device is in the inventory already: {line.status or 'no status'}"
        )
    if line.device_type in OTHER_HALF:
        yield Problem("A21", f"a {line.device_type}: which other half it has is not known")
    if not line.reject:
        version = sending.schema_version
        sentence = check_schema_version(request_of(line, sending, 0), version)
        yield from [Problem("A22", sentence)] if sentence else []


def request_of(line: Line, sending: Sending, place: int) -> Prenotification:
    """The request for a line, so many after the first."""
    first = sending.first
    request_id = RequestId(first.originator, first.target, first.counter + place)
    return Prenotification(
        Header(request_id, PRENOTIFICATION, PRENOTIFICATION),
        sending.schema_version,
        line.device_id.upper(),
        line.manufacturer,
        line.model,
        line.device_type,
        smets_version=line.smets_version or None,
        firmware=line.firmware or None,
        esme_variant=line.variant or None,
    )
