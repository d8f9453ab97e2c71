"""SR8.2 responses, ASN files of our layouts and product maps in YAML as our columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from defectreg.formats.asn import (
    AsnError,
    AsnHeader,
    AsnLine,
    AsnPart,
    AsnReject,
    AsnTrailer,
    read_asn,
)
from defectreg.formats.columnmap import ASN, GROUPING, INVENTORY, NAMES, PRODUCTS
from defectreg.formats.xml import XmlError
from defectreg.inventory.product_map import ProductMapError, batch_of
from defectreg.inventory.reading_tables import Asked, Table
from defectreg.inventory.sifting import Batch
from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.register.yamltext import YamlError, load
from defectreg.store.inventory.sources import head_of, pieces_of, whole_of

if TYPE_CHECKING:
    from defectreg.formats.duis import InventoryReader, InventoryRow

_ROWS = 1 << 12
_LARGEST_MAP = 1 << 24
_CUT = "it may have been cut off on its way: ask for it again"


def read_xml(path: Path, asked: Asked) -> Table:
    """SR8.2 responses, or an ASN."""
    if b"<AdvanceShipmentNotification" in head_of(path):
        return read_asn_file(path, asked)
    _check_kind(path, asked.kind, INVENTORY)
    from defectreg.formats.duis import read_inventory

    personal: list[str] = []
    batches = _response_batches(path, read_inventory(pieces_of(path), asked.form), personal)
    return Table(INVENTORY, batches, "response", personal)


def read_asn_file(path: Path, asked: Asked) -> Table:
    """An ASN in one of our layouts. It says a serial number of each Device, which stays outside."""
    _check_kind(path, asked.kind, ASN)
    return Table(ASN, _asn_batches(path), personal=["serial number"])


def read_product_map(path: Path, asked: Asked) -> Table:
    """A product map in YAML."""
    _check_kind(path, asked.kind, PRODUCTS)
    try:
        batch = batch_of(load(whole_of(path, _LARGEST_MAP), largest=_LARGEST_MAP))
    except YamlError as error:
        raise CannotRun(f"{path}: {error.sentence}", error.hint) from error
    except ProductMapError as error:
        raise CannotRun(f"{path}: {error.sentence}") from error
    return Table(PRODUCTS, iter((batch,)))


def _check_kind(path: Path, said: str | None, kind: str) -> None:
    if said not in (None, kind):
        raise UsageProblem(f"{path} is {_IN_WORDS[kind]}", f"leave out --as, or say --as {kind}")


_IN_WORDS = {INVENTORY: "an XML file of responses", ASN: "an ASN", PRODUCTS: "a product map"}


def _response_batches(path: Path, reader: InventoryReader, personal: list[str]) -> Iterator[Batch]:
    from defectreg.formats.duis import Rejected

    rows: list[InventoryRow] = []
    rejects: list[tuple[int | str, str]] = []
    try:
        for said in reader:
            if isinstance(said, Rejected):
                rejects.append((str(said.line), said.sentence))
                continue
            if len(rows) >= _ROWS and said.response != rows[-1].response:
                yield _responses(path, rows, rejects)
                rows, rejects = [], []
            rows.append(said)
    except XmlError as error:
        raise CannotRun(f"{path}:{error.line}:{error.column}: {error.sentence}") from error
    personal += sorted(reader.dropped)
    yield _responses(path, rows, rejects)


def _responses(
    path: Path, rows: Sequence[InventoryRow], rejects: Sequence[tuple[int | str, str]]
) -> Batch:
    """Whole responses as a batch: each is one premises, known by its Communications Hub."""
    hubs = {row.response: row.device_id for row in rows if row.device_type == "CHF"}
    columns = {
        name: [getattr(row, name) for row in rows]
        for name in NAMES[INVENTORY]
        if rows and hasattr(rows[0], name)
    }
    columns[GROUPING] = [hubs.get(row.response, f"{path} {row.response}") for row in rows]
    return Batch([row.response for row in rows], columns, rejects)


def _asn_batches(path: Path) -> Iterator[Batch]:
    try:
        parts = read_asn(pieces_of(path))
        header = next(parts)
        devices = 0
        while some := [*islice(parts, _ROWS)]:
            for part in some:
                devices += isinstance(part, AsnLine | AsnReject)
                if isinstance(part, AsnTrailer):
                    _check_count(path, part.count, devices)
            if isinstance(header, AsnHeader):
                yield _lines(header, some)
        if isinstance(header, AsnHeader):
            _check_count(path, header.count, devices)
    except AsnError as error:
        raise CannotRun(f"{path}:{error.line}: {error.sentence}", _CUT) from error


def _check_count(path: Path, said: int | None, devices: int) -> None:
    if said != devices:
        raise CannotRun(
            f"{path} has {devices} Devices, and says that there are "
            f"{'another number' if said is None else said}",
            _CUT,
        )


def _lines(header: AsnHeader, parts: Sequence[AsnPart]) -> Batch:
    lines = [part for part in parts if isinstance(part, AsnLine)]
    columns = {
        "asn_id": [header.asn_id] * len(lines),
        "manufacturer": [header.manufacturer] * len(lines),
        "ship_date": [header.ship_date] * len(lines),
        "device_id": [line.device_id for line in lines],
        "device_type": [line.device_type for line in lines],
        "model": [line.model for line in lines],
        "firmware": [line.firmware for line in lines],
        "smets_version": [line.smets_version for line in lines],
        "esme_variant": [line.variant for line in lines],
    }
    rejects = [(part.line, part.sentence) for part in parts if isinstance(part, AsnReject)]
    return Batch([line.line for line in lines], columns, rejects)
