"""SR8.4 for a chosen part of ``diff``: a batch for each Responsible Supplier, none in another's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from defectreg.formats.duis import SCHEMA_VERSION, check_schema_version
from defectreg.inventory.differing import CORRECTABLE, Difference
from defectreg.register.devices import Device, NotationError, parse_combination
from defectreg.register.errors import UsageProblem
from defectreg.register.inventory.changes import REASONS
from defectreg.register.inventory.identifiers import IdentifierError, parse_device_id
from defectreg.register.inventory.requests import (
    UPDATE_INVENTORY,
    DetailsUpdate,
    Header,
    RequestId,
    parse_request_id,
)
from defectreg.store.tables.engine import Parameter

MOST_COUNTER = 2**64 - 1
_EVERYTHING = 2**62
_CHOSEN = """
SELECT * FROM found
WHERE correctable = 'yes' AND proposed <> implied AND outcome = $outcome
    AND ($supplier = '' OR upper(supplier) = $supplier)
    AND ($region = '' OR upper(region) = $region)
    AND ($manufacturer = '' OR (upper(manufacturer) = $manufacturer AND upper(model) = $model))
    AND ($manufacturer = '' OR list_contains($firmwares, firmware))
ORDER BY place, device_id
LIMIT $limit
"""
_COLUMNS = ("supplier", "device_id", "esme_variant", "implied", "missing", "extra", "cause",
            "manufacturer", "model", "firmware")  # fmt: skip
_IN_ORDER = f"""
SELECT {", ".join(_COLUMNS)}
FROM ({_CHOSEN}) AS chosen
ORDER BY upper(supplier), place, device_id
"""  # noqa: S608 - our own names
_FIRMWARES = "SELECT DISTINCT firmware FROM correctable"


@dataclass(frozen=True, slots=True)
class Choice:
    """The part of ``diff`` that is to be corrected; what is empty does not choose.

    ``limit``: so many at most, commissioned first.
    """

    outcome: str = "differs"
    supplier: str = ""
    product: Device | None = None
    region: str = ""
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """To whom, the counter of each Supplier's first request, and the DUIS version."""

    target: str
    counter: int
    schema_version: str = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Correction:
    """One Device: what is recorded, what it is to be, why, and the request that says so."""

    request: DetailsUpdate
    recorded: str
    missing: str
    extra: str
    cause: str
    product: tuple[str, str, str]

    @property
    def reason(self) -> str:
        """The word for its reason, where it is one that MP125 names."""
        return self.cause if self.cause in REASONS else ""


class LeftOut(NamedTuple):
    """A Device that is left out: what it should be, and why no request says so."""

    device_id: str
    variant: str
    why: str


@dataclass(slots=True)
class Batch:
    """The corrections of one Supplier: how many there are, and what was left out."""

    supplier: str
    made: int = 0
    changes: dict[str, int] = field(default_factory=dict)
    """What is recorded and what it is to be, ``A to AD``, to how many."""
    left_out: list[LeftOut] = field(default_factory=list)


def parse_choice(
    outcome: str, supplier: str | None, product: str | None, region: str | None, limit: int | None
) -> Choice:
    """What a person chose; raises UsageProblem for what cannot be meant."""
    if outcome not in CORRECTABLE:
        raise UsageProblem(
            f"{outcome!a:.40} is no outcome that can be corrected",
            f"--outcome takes one of {', '.join(CORRECTABLE)}",
        )
    return Choice(
        outcome,
        "" if supplier is None else parse_eui(supplier, "--supplier"),
        None if product is None else _product(product),
        (region or "").upper(),
        limit,
    )


def parse_sending(target: str, counter: int, schema_version: str) -> Sending:
    """Raises UsageProblem for what can stand in no request, and for a DUIS version not known."""
    sending = Sending(parse_eui(target, "--target"), counter, schema_version)
    try:
        request_id = parse_request_id(f"{sending.target}:{sending.target}:{counter}")
    except IdentifierError as error:
        raise UsageProblem(error.sentence, "begin with a lower --counter") from error
    probe = DetailsUpdate(_header(request_id), schema_version, sending.target)
    sentence = check_schema_version(probe, schema_version)
    if sentence:
        raise UsageProblem(sentence, f"without --schema-version it is {SCHEMA_VERSION}")
    return sending


def parse_eui(text: str, option: str) -> str:
    """An EUI-64 in upper case; raises UsageProblem."""
    try:
        return parse_device_id(text.strip())
    except IdentifierError as error:
        raise UsageProblem(
            f"{option} is no EUI-64", "it is written as 90-B3-D5-1F-30-01-00-00"
        ) from error


def corrections(
    difference: Difference, choice: Choice, sending: Sending
) -> Iterator[tuple[Batch, Iterator[Correction]]]:
    """A batch for each Supplier, sorted, and its corrections; each is to be read before the next.

    A batch is complete once its corrections were read. Raises UsageProblem where a counter runs
    out.
    """
    rows = difference.result.ask(_IN_ORDER, _parameters(difference, choice)).rows()
    texts = (tuple(map(str, row)) for row in rows)
    for supplier, group in groupby(texts, key=lambda row: row[0].upper()):
        batch = Batch(supplier)
        yield batch, _corrections(batch, group, sending)


def _corrections(
    batch: Batch, rows: Iterable[Sequence[str]], sending: Sending
) -> Iterator[Correction]:
    for _, device_id, recorded, implied, missing, extra, cause, *product in rows:
        counter = sending.counter + batch.made
        if counter > MOST_COUNTER:
            raise UsageProblem(
                "the counter runs out: a request id has 64 bits for it",
                "begin with a lower --counter",
            )
        request = DetailsUpdate(
            _header(RequestId(batch.supplier, sending.target, counter)),
            sending.schema_version,
            device_id.upper(),
            esme_variant=implied,
        )
        sentence = check_schema_version(request, sending.schema_version)
        if sentence:
            batch.left_out.append(LeftOut(device_id, implied, sentence))
            continue
        batch.made += 1
        change = f"{recorded} to {implied}"
        batch.changes[change] = batch.changes.get(change, 0) + 1
        yield Correction(
            request, recorded, missing, extra, cause, (product[0], product[1], product[2])
        )


def _header(request_id: RequestId) -> Header:
    return Header(request_id, UPDATE_INVENTORY, UPDATE_INVENTORY)


def _parameters(difference: Difference, choice: Choice) -> Mapping[str, Parameter]:
    product = choice.product
    firmwares: list[str] = []
    if product is not None:
        seen = (str(firmware) for (firmware,) in difference.result.ask(_FIRMWARES).rows())
        firmwares = sorted(firmware for firmware in seen if firmware in product.firmware)
    return {
        "outcome": choice.outcome,
        "supplier": choice.supplier,
        "region": choice.region,
        "manufacturer": product.manufacturer.upper() if product else "",
        "model": product.model.upper() if product else "",
        "firmwares": firmwares,
        "limit": _EVERYTHING if choice.limit is None else choice.limit,
    }


def _product(text: str) -> Device:
    typed = text if ":" in text else f"ESME:{text}"
    try:
        combination = parse_combination(typed)
    except NotationError as error:
        raise UsageProblem(f"--product: {error}", "for example FF01/00010100@0001*") from error
    if len(combination.devices) != 1 or combination.devices[0].type != "ESME":
        raise UsageProblem("--product takes one ESME", "for example FF01/00010100@0001*")
    return combination.devices[0]
