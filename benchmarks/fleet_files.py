"""A fleet as others send it: an extract as CSV and as SR8.2 responses, and an ASN in both layouts.

``python -m benchmarks.fleet_files INVENTORY FOLDER`` writes the fleet of an inventory that
``benchmarks.fleet`` made, personal columns and elements included: all of them are invented. The
ASN is of Devices that are not in the inventory yet; some are notified wrongly.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from benchmarks.fleet import VARIANTS, Catalogue, recordings
from defectreg.store.inventory.places import open_inventory
from defectreg.store.inventory.snapshot import COLUMNS, open_current

Row = dict[str, Any]
NAMESPACE = "http://www.dccinterface.co.uk/ServiceUserGateway"
SHIPPING = "FF01"
"""The manufacturer of the ASN."""
_AT_ONCE = 20_000
_ELEMENTS = (
    ("DeviceID", "device_id"),
    ("DeviceType", "device_type"),
    ("DeviceStatus", "device_status"),
    ("DeviceManufacturer", "manufacturer"),
    ("DeviceModel", "model"),
    ("SMETSCHTSVersion", "smets_version"),
    ("DeviceFirmwareVersion", "firmware"),
    ("DeviceFirmwareVersionStatus", "firmware_status"),
    ("CPLStatus", "cpl_status"),
    ("DateCommissioned", "date_commissioned"),
    ("ImportMPxN", "mpxn"),
    ("ESMEVariant", "esme_variant"),
    ("UPRN", "uprn"),
    ("CSPRegion", "region"),
    ("DeviceGBCSVersion", "gbcs_version"),
    ("HANVariant", "han_variant"),
)
"""The elements of a Device in a response, in their order, and what stands in them."""
_HEADINGS = {
    **{column: column.replace("_", " ").title() for column in COLUMNS["devices"]},
    "mpxn": "MPxN",
    "uprn": "UPRN",
}


def rows_of(table: Path, most: int | None = None) -> Iterator[Row]:
    """The rows of a Parquet file, in their order."""
    import pyarrow.parquet as parquet

    given = 0
    with parquet.ParquetFile(table) as opened:
        for batch in opened.iter_batches(_AT_ONCE):
            rows = batch.to_pylist()
            left = len(rows) if most is None else most - given
            yield from rows[:left]
            given += len(rows)
            if most is not None and given >= most:
                return


def _personal(row: Row) -> Row:
    """With numbers that look like those of a household, and are of none."""
    number = row["premises"]
    mpxn = f"99{number:011d}" if row["device_type"] == "ESME" else ""
    return {**row, "mpxn": mpxn, "uprn": f"{100_000_000_000 + number}"}


def csv_lines(rows: Iterator[Row]) -> Iterator[str]:
    """An extract as CSV."""
    yield ",".join(_HEADINGS.values()) + "\r\n"
    for row in map(_personal, rows):
        yield ",".join(str(row[column]) for column in _HEADINGS) + "\r\n"


def responses(rows: Iterator[Row]) -> Iterator[str]:
    """An SR8.2 response for each premises."""
    for number, devices in groupby(map(_personal, rows), itemgetter("premises")):
        yield _response(number, "".join(map(_device, devices)))


def _response(number: int, devices: str) -> str:
    return (
        f'<sr:Response xmlns:sr="{NAMESPACE}" schemaVersion="5.4"><sr:Header>'
        f"<sr:RequestID>90-B3-D5-1F-30-01-00-00:90-B3-D5-1F-30-00-00-02:{number}</sr:RequestID>"
        "<sr:ResponseCode>I0</sr:ResponseCode>"
        "<sr:ResponseDateTime>2026-01-15T09:30:00.000Z</sr:ResponseDateTime></sr:Header><sr:Body>"
        "<sr:ResponseMessage><sr:ServiceReference>8.2</sr:ServiceReference>"
        "<sr:ServiceReferenceVariant>8.2</sr:ServiceReferenceVariant><sr:DSPInventory>"
        f"{devices}</sr:DSPInventory></sr:ResponseMessage></sr:Body></sr:Response>\n"
    )


def _device(row: Row) -> str:
    date = row["date_commissioned"]
    said = {**row, "date_commissioned": f"{date}Z" if date else ""}
    elements = (
        f"<sr:{name}>{said[column]}</sr:{name}>" for name, column in _ELEMENTS if said[column]
    )
    return f"<sr:Device>{''.join(elements)}</sr:Device>"


def xml_lines(rows: Iterator[Row]) -> Iterator[str]:
    """Many SR8.2 responses in one file, in an element around them."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<Batch>\n'
    yield from responses(rows)
    yield "</Batch>\n"


def shipment(number: int, seed: int = 1) -> Iterator[Row]:
    """So many new ESMEs of one manufacturer, of which some are notified as what they are not."""
    products = [
        product
        for _, _, product in Catalogue(seed).draws()
        if product.variant and product.manufacturer == SHIPPING
    ]
    notified = {variant: list(recordings(variant)) for variant in VARIANTS}
    drawing = random.Random(seed)
    for place in range(number):
        product = drawing.choice(products)
        yield {
            "device_id": "-".join(re.findall("..", f"{0x00DB130000000000 + place:016X}")),
            "device_type": "ESME",
            "model": product.model,
            "firmware": product.firmware,
            "smets_version": product.smets_version,
            "esme_variant": drawing.choice(notified[product.variant]),
        }


def asn_text(rows: Iterator[Row], number: int) -> Iterator[str]:
    """An ASN of so many lines in our layout of lines."""
    yield f"H|ASN-9001|{SHIPPING}|EXAMPLE SUPPLIER|2026-01-10|{number}\n"
    for serial, row in enumerate(rows, 1):
        yield (
            f"D|E26X{serial:07d}|{row['device_id']}|{row['device_type']}|{row['model']}|"
            f"{row['firmware']}|{row['smets_version']}|{row['esme_variant']}|P1|B1\n"
        )
    yield f"T|{number}\n"


def asn_xml(rows: Iterator[Row], number: int) -> Iterator[str]:
    """An ASN of so many lines in our layout of XML."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<AdvanceShipmentNotification>\n<Header>'
        f"<AsnId>ASN-9001</AsnId><Manufacturer>{SHIPPING}</Manufacturer>"
        "<Recipient>EXAMPLE SUPPLIER</Recipient><ShipDate>2026-01-10</ShipDate>"
        f"<DeviceCount>{number}</DeviceCount></Header>\n<Devices>\n"
    )
    for serial, row in enumerate(rows, 1):
        variant = row["esme_variant"]
        said = f"<DeviceVariant>{variant}</DeviceVariant>" if variant else ""
        yield (
            f"<Device><SerialNumber>E26X{serial:07d}</SerialNumber>"
            f"<DeviceID>{row['device_id']}</DeviceID><DeviceType>{row['device_type']}</DeviceType>"
            f"<DeviceModel>{row['model']}</DeviceModel>"
            f"<FirmwareVersion>{row['firmware']}</FirmwareVersion>"
            f"<SMETSCHTSVersion>{row['smets_version']}</SMETSCHTSVersion>{said}</Device>\n"
        )
    yield "</Devices>\n</AdvanceShipmentNotification>\n"


def write(path: Path, lines: Iterator[str]) -> Path:
    """The file, written; gives its path back."""
    with path.open("w", encoding="utf-8", newline="") as opened:
        opened.writelines(lines)
    return path


def main() -> None:
    """Writes the files of an inventory's fleet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inventory", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shipped", type=int, default=10_000, help="lines of the ASN")
    parser.add_argument("--seed", type=int, default=1, help="the fleet's")
    given = parser.parse_args()
    snapshot = open_current(open_inventory(given.inventory))
    given.folder.mkdir(parents=True, exist_ok=True)
    made: dict[str, Callable[[], Iterator[str]]] = {
        "extract.csv": lambda: csv_lines(rows_of(snapshot.table("devices"))),
        "extract.xml": lambda: xml_lines(rows_of(snapshot.table("devices"))),
        "asn.txt": lambda: asn_text(shipment(given.shipped, given.seed), given.shipped),
        "asn.xml": lambda: asn_xml(shipment(given.shipped, given.seed), given.shipped),
    }
    for name, lines in made.items():
        path = write(given.folder / name, lines())
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
