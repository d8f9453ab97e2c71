"""What a file is, is found out from what stands in it, whatever its name."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from defectreg.formats.columnmap import ASN, CPL, INVENTORY, PRODUCTS, ColumnMap
from defectreg.formats.spreadsheets import write_xlsx
from defectreg.inventory.reading import read_table
from defectreg.inventory.reading_tables import Asked, Table
from defectreg.register.errors import CannotRun, UsageProblem

DEVICE = "00-DB-12-34-56-78-90-A1"
NAMES = ["Device ID", "Device Type", "MPAN", "Ref"]
ROW = [DEVICE, "ESME", "x", "Oak House, 12 Elm Street, SW1A 1AA"]
CSV = f"{','.join(NAMES)}\n{DEVICE},ESME,x,SW1A 1AA\n".encode()


def read(tmp_path: Path, data: bytes, asked: Asked | None = None, name: str = "file") -> Table:
    path = tmp_path / name
    path.write_bytes(data)
    return read_table(path, asked or Asked())


def in_parquet() -> bytes:
    stream = io.BytesIO()
    parquet.write_table(pa.table(dict(zip(NAMES, [[cell] for cell in ROW], strict=True))), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "data", [CSV, b"\xef\xbb\xbf" + CSV, write_xlsx(NAMES, [ROW]), in_parquet()]
)
def test_tables_are_known_by_their_bytes_and_columns(tmp_path: Path, data: bytes) -> None:
    table = read(tmp_path, data)
    (batch,) = table.batches
    assert table.kind == INVENTORY
    assert [*batch.columns["device_id"]] == [DEVICE]
    assert set(batch.columns) == {"device_id", "device_type"}
    assert table.personal == ["MPAN", "Ref"]
    assert table.unknown == []


def test_places_count_lines_of_text_and_rows_of_parquet(tmp_path: Path) -> None:
    text, parquets = read(tmp_path, CSV), read(tmp_path, in_parquet(), name="other")
    assert (text.place, [*next(text.batches).places]) == ("line", [2])
    assert (parquets.place, [*next(parquets.batches).places]) == ("row", [1])


@pytest.mark.parametrize("name", ["SYNTHETIC_asn.xml", "SYNTHETIC_asn.txt"])
def test_an_asn_is_known_in_both_layouts(tmp_path: Path, repository: Path, name: str) -> None:
    table = read(tmp_path, (repository / "tests/fixtures/asn" / name).read_bytes())
    assert table.kind == ASN
    (batch,) = [batch for batch in table.batches if batch.places]
    assert batch.columns["manufacturer"] == ["FF01"] * 3
    assert batch.columns["asn_id"] == ["ASN-0001"] * 3
    assert batch.columns["ship_date"] == ["2026-01-10"] * 3


def test_responses_are_grouped_by_their_hub(tmp_path: Path, repository: Path) -> None:
    name = "8.2_read_inventory_response_full_sms.xml"
    table = read(tmp_path, (repository / "tests/fixtures/duis" / name).read_bytes())
    assert (table.kind, table.place) == (INVENTORY, "response")
    (batch,) = table.batches
    hub = batch.columns["device_id"][[*batch.columns["device_type"]].index("CHF")]
    assert set(batch.columns["premises"]) == {hub}
    assert "UPRN" in table.personal


def test_a_product_map_is_known_by_its_first_line_or_its_name(tmp_path: Path) -> None:
    text = b"# ours\nproducts:\n  - {manufacturer: FF01}\n"
    assert read(tmp_path, text).kind == PRODUCTS
    with pytest.raises(CannotRun, match="a product map holds products:"):
        read(tmp_path, b"entries: []\n", name="map.yaml")


def test_what_is_said_goes_before_what_it_looks_like(tmp_path: Path) -> None:
    text = b"Manufacturer,Model,Status,ESME Variant\nFF01,00010100,Active,A\n"
    assert read(tmp_path, text).kind == CPL
    assert read(tmp_path, text, Asked("products")).kind == PRODUCTS


def test_a_map_says_columns_and_the_sheet(tmp_path: Path) -> None:
    columns = ColumnMap.of({"columns": {"han-variant": "Ref"}})
    (batch,) = read(tmp_path, CSV, Asked(columns=columns)).batches
    assert [*batch.columns["han_variant"]] == ["SW1A 1AA"]
    with pytest.raises(CannotRun, match="no sheet of the name"):
        read(tmp_path, write_xlsx(NAMES, [ROW]), Asked(columns=ColumnMap({}, "Other")))


def test_a_row_of_another_width_is_a_reject_and_empty_cells_at_its_end_are_none(
    tmp_path: Path,
) -> None:
    data = CSV + b"x,ESME\n" + f"{DEVICE},CHF,,,,,\n".encode() + f"{DEVICE},CHF,,,,x\n".encode()
    (batch,) = read(tmp_path, data).batches
    assert [*batch.columns["device_type"]] == ["ESME", "CHF"]
    assert [place for place, _ in batch.rejects] == [3, 5]
    assert batch.places == [2, 4]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"%PDF-1.4", "is a PDF"),
        (b"PK\x03\x04junk", "torn"),
        (b"PAR1junk", "torn"),
        (b"products: [", "file: "),
    ],
)
def test_what_is_not_read_is_a_sentence(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(CannotRun, match=words):
        read(tmp_path, data)


@pytest.mark.parametrize("data", [b"Colour\nred\n", b"\n", b"red"])
def test_what_says_nothing_of_itself_is_asked_for(tmp_path: Path, data: bytes) -> None:
    with pytest.raises((UsageProblem, CannotRun)):
        read(tmp_path, data)
