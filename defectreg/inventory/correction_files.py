"""The files of corrections: for each Responsible Supplier its own, in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from defectreg.formats.columns import BYTE_ORDER_MARK
from defectreg.formats.duis import write_requests
from defectreg.inventory.correcting import Batch, Correction
from defectreg.inventory.difference_files import csv_bytes, csv_pieces
from defectreg.register.inventory.requests import DetailsUpdate
from defectreg.store.inventory.outgoing import outgoing

CSV_COLUMNS = (
    "request-id",
    "device-id",
    "esme-variant",
    "reason",
    "recorded",
    "missing",
    "extra",
    "cause",
    "manufacturer-recorded",
    "model-recorded",
    "firmware-recorded",
)
"""Of the CSV file. The first four are what ``apply`` reads; the others tell people why."""
LEFT_OUT_COLUMNS = ("device-id", "esme-variant", "why")
_AT_ONCE = 5000


class Files(NamedTuple):
    """Where the files of a Supplier are, once there is something to say in them."""

    xml: Path
    csv: Path
    left_out: Path


def files_of(batch: Batch, folder: Path) -> Files:
    """The files of a Supplier in a folder: named by its EUI-64."""
    return Files(
        folder / f"{batch.supplier}.xml",
        folder / f"{batch.supplier}.csv",
        folder / f"{batch.supplier}.left-out.csv",
    )


def written_files(batch: Batch, folder: Path) -> list[Path]:
    """Those that were written of a batch that is complete."""
    xml, csv, left_out = files_of(batch, folder)
    return [*([xml, csv] if batch.made else []), *([left_out] if batch.left_out else [])]


def write_batch(batch: Batch, made: Iterator[Correction], folder: Path) -> None:
    """Write the files of a Supplier, each whole or not at all; the batch is complete then."""
    xml, csv, left_out = files_of(batch, folder)
    first = next(made, None)
    if first is not None:
        with outgoing(xml) as requests, outgoing(csv) as sheet:
            sheet.write(BYTE_ORDER_MARK.encode() + csv_bytes([CSV_COLUMNS]))
            requests.writelines(write_requests(_told(chain((first,), made), sheet)))
    if batch.left_out:
        rows = ((device_id, variant, why) for device_id, variant, why in batch.left_out)
        with outgoing(left_out) as file:
            file.writelines(csv_pieces(LEFT_OUT_COLUMNS, rows))


def _told(made: Iterable[Correction], sheet: BinaryIO) -> Iterator[DetailsUpdate]:
    """The requests, each group of which was put into the sheet before."""
    left = iter(made)
    while piece := list(islice(left, _AT_ONCE)):
        sheet.write(csv_bytes(map(_row, piece)))
        yield from (correction.request for correction in piece)


def _row(correction: Correction) -> tuple[str, ...]:
    request = correction.request
    return (
        str(request.header.request_id),
        request.device_id,
        request.esme_variant or "",
        correction.reason,
        correction.recorded,
        correction.missing,
        correction.extra,
        correction.cause,
        *correction.product,
    )
