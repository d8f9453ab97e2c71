"""A supplier loads what it was shipped and what is installed, and learns what stayed outside."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from defectreg.formats.spreadsheets import write_xlsx
from defectreg.store.inventory.places import Inventory
from defectreg.store.inventory.snapshot import Snapshot, open_current
from tests.registers import Result, run_in

HUB, METER, GAS, DISPLAY = (f"00-DB-12-34-56-78-90-{end}" for end in ("B0", "A1", "C1", "D1"))
HEADER = ("Device GUID", "Device Type", "Status", "Manufacturer", "Model", "Firmware", "Variant",
          "Region", "MPAN", "Colour", "CHF Device ID")  # fmt: skip
ROWS = (
    (METER, "ESME", "Commissioned", "FF01", "00010100", "00010203", "AD", "North", "9", "red", HUB),
    (HUB, "CHF", "Commissioned", "FF02", "00020001", "00020002", "", "North", "", "", ""),
    (GAS, "GSME", "Pending", "FF03", "00030100", "03030003", "", "North", "9", "", HUB),
    (DISPLAY, "IHD", "", "FF05", "Display One", "1.0", "", "", "", "", ""),
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The folder of a supplier's engineer, with an inventory beside the files."""
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk"


def load(desk: Path, *arguments: str) -> Result:
    return run_in(
        desk, "inventory", "load", *arguments, DEFECTREG_INVENTORY=str(desk / "inventory")
    )


def loaded_json(desk: Path, *arguments: str, code: int = 0) -> dict[str, Any]:
    result = load(desk, *arguments, "--json")
    assert result.code == code, result.err
    said: dict[str, Any] = json.loads(result.out)
    return said


def current(desk: Path) -> Snapshot:
    return open_current(Inventory(desk / "inventory"))


def rows(desk: Path, table: str = "devices") -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = parquet.read_table(current(desk).table(table)).to_pylist()
    return read


def rejects(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.reader(file)][1:]


def write_csv(path: Path, *table: tuple[str, ...]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)


def test_an_extract_comes_in_without_its_personal_columns(desk: Path) -> None:
    write_csv(desk / "extract.csv", HEADER, *ROWS)
    result = load(desk, "extract.csv", "--as-of", "2026-11-20")
    assert (result.code, result.err) == (0, "")
    assert "Loaded as of 2026-11-20: snapshot " in result.out
    assert "Left outside as personal: MPAN (extract.csv)" in result.out
    assert "Left outside as unknown: Colour (extract.csv)" in result.out
    found = rows(desk)
    assert [row["device_id"] for row in found] == [METER, HUB, GAS, DISPLAY]
    assert [row["premises"] for row in found] == [1, 1, 1, None]
    assert found[0]["esme_variant"] == "AD"
    assert found[3]["firmware"] == "1.0"
    assert not any("9" in (row["smets_version"], row["supplier"]) for row in found)


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_an_extract_is_the_same_in_every_format(desk: Path, form: str) -> None:
    columns = "columns: {device-id: Nummer, premises: Ort}\n"
    header = ("Nummer", *HEADER[1:-1], "Ort")
    (desk / "columns.yaml").write_text(columns)
    file = desk / f"extract.{form}"
    if form == "csv":
        write_csv(file, header, *ROWS)
    elif form == "xlsx":
        file.write_bytes(write_xlsx(header, ROWS))
    else:
        table = dict(zip(header, map(list, zip(*ROWS, strict=True)), strict=True))
        parquet.write_table(pa.table(table), file)
    said = loaded_json(desk, file.name, "--columns", "columns.yaml")
    assert said["snapshot"]["rows"] == {"devices": 4}
    assert said["files"] == [
        {
            "file": file.name,
            "kind": "inventory",
            "loaded": 4,
            "rejected": 0,
            "personal": ["MPAN"],
            "unknown": ["Colour"],
        }
    ]
    assert [row["premises"] for row in rows(desk)] == [1, 1, 1, None]


def test_what_a_spreadsheet_ate_is_rejected_and_mended_where_it_is_certain(desk: Path) -> None:
    eaten = [list(ROWS[0]) for _ in range(4)]
    for number, (row, model) in enumerate(
        zip(eaten, ("00010100", "20120", "2.00E+05", "200000"), strict=True)
    ):
        row[0], row[4] = f"00-DB-12-34-56-78-90-E{number}", model
    write_csv(desk / "extract.csv", HEADER, *map(tuple, eaten))
    result = load(desk, "extract.csv")
    assert result.code == 1
    assert "Rejected: 3, see " in result.out
    assert "--pad-zeros gives them back" in result.out
    assert len(rows(desk)) == 1
    result = load(desk, "extract.csv", "--pad-zeros", "--rejects", "rejects.csv")
    assert result.code == 1
    assert "Mended, their zeros given back: 1" in result.out
    assert "devices              2 (before: 1)" in result.out
    assert [row["model"] for row in rows(desk)] == ["00010100", "00020120"]
    told = rejects(desk / "rejects.csv")
    assert [row[:2] for row in told] == [["extract.csv", "4"], ["extract.csv", "5"]]
    assert all("--pad-zeros does not" in row[2] for row in told)


def test_a_device_that_comes_twice_comes_in_once(desk: Path) -> None:
    write_csv(desk / "one.csv", HEADER, *ROWS, ROWS[0])
    write_csv(desk / "two.csv", HEADER, (METER.lower(), *ROWS[0][1:]))
    said = loaded_json(desk, "one.csv", "two.csv", code=1)
    assert [(file["loaded"], file["rejected"]) for file in said["files"]] == [(4, 1), (0, 1)]
    assert rejects(Path(said["rejected"]["file"])) == [
        ["one.csv", "6", "the Device came before in this load: one.csv, line 2"],
        ["two.csv", "2", "the Device came before in this load: one.csv, line 2"],
    ]
    assert said["rejected"]["reasons"] == {"the Device came before in this load": 2}


def test_rejects_lie_beside_the_snapshot_and_hold_nothing_of_the_row(desk: Path) -> None:
    write_csv(desk / "extract.csv", HEADER, *ROWS, (METER[:-3], *ROWS[0][1:]))
    said = loaded_json(desk, "extract.csv", code=1)
    file = Path(said["rejected"]["file"])
    assert file == current(desk).folder / "rejects.csv"
    assert METER[:-3] not in file.read_text()
    assert rejects(file)[0][1] == "6"


def test_responses_of_the_inventory_are_premises_without_personal_data(
    desk: Path, repository: Path
) -> None:
    name = "8.2_read_inventory_response_full_sms.xml"
    said = loaded_json(desk, str(repository / "tests/fixtures/duis" / name))
    (file,) = said["files"]
    assert file["kind"] == "inventory"
    assert {"ImportMPxN", "UPRN", "PropertyFilter"} <= set(file["personal"])
    found = rows(desk)
    assert {row["premises"] for row in found} == {1}
    assert {row["device_type"] for row in found} >= {"CHF", "GPF", "ESME"}
    kept = " ".join(str(value) for row in found for value in row.values())
    assert not any(personal in kept for personal in ("9900000000001", "100000000001", "ZZ99"))


def test_all_that_there_is_becomes_one_snapshot(desk: Path, repository: Path) -> None:
    folder = desk / "all"
    folder.mkdir()
    write_csv(folder / "extract.csv", HEADER, *ROWS)
    for name in ("SYNTHETIC_asn.xml", "SYNTHETIC_asn.txt"):
        (folder / name).write_bytes((repository / "tests/fixtures/asn" / name).read_bytes())
    (folder / "SYNTHETIC_asn.txt").write_text(
        (folder / "SYNTHETIC_asn.txt").read_text().replace("ASN-0001", "ASN-0002")
    )
    write_csv(
        folder / "cpl.csv",
        ("Type", "Manufacturer", "Model", "Firmware", "Status", "SMETS Version"),
        ("ESME", "FF01", "00010100", "00010203", "Active", "5.0"),
    )
    (folder / "products.yaml").write_text(
        "products:\n"
        '  - {manufacturer: FF01, model: "00010100", firmware: 0001*, esme-variant: AD, '
        "source: data sheet 7}\n"
        '  - {manufacturer: FF01, model: "00010101", esme-variant: A}\n'
    )
    said = loaded_json(desk, "all", code=1)
    assert said["snapshot"]["rows"] == {"devices": 4, "asn": 6, "cpl": 1, "products": 1}
    assert said["rejected"]["reasons"] == {"the source is missing: who says so, and where": 1}
    assert rows(desk, "cpl")[0]["cpl_status"] == "Active"
    (product,) = rows(desk, "products")
    assert (product["lowest"], product["highest"]) == ("00010000", "0001FFFF")
    assert len(list((desk / "inventory/snapshots").iterdir())) == 1


def test_what_is_not_loaded_again_stays_as_it_was(desk: Path, repository: Path) -> None:
    write_csv(desk / "extract.csv", HEADER, *ROWS)
    loaded_json(desk, "extract.csv")
    asn = repository / "tests/fixtures/asn/SYNTHETIC_asn.txt"
    loaded_json(desk, str(asn))
    (desk / "second.txt").write_text(asn.read_text().replace("ASN-0001", "ASN-0002"))
    said = loaded_json(desk, "second.txt")
    assert said["snapshot"]["rows"] == {"devices": 4, "asn": 6}
    said = loaded_json(desk, "second.txt")
    assert said["snapshot"]["rows"] == {"devices": 4, "asn": 6}


def test_a_mapped_asn_and_a_product_map_as_tables_come_in(desk: Path) -> None:
    write_csv(
        desk / "asn.csv",
        ("ASN ID", "Device ID", "Device Type", "Manufacturer", "Model", "Serial No", "Variant"),
        ("ASN-7", METER, "ESME", "FF01", "00010100", "E26X0000001", "AD"),
    )
    write_csv(
        desk / "products.csv",
        ("Manufacturer", "Model", "Firmware", "ESME Variant", "Source"),
        ("FF01", "00010100", "0001*,0002*", "AD", "data sheet 7"),
    )
    said = loaded_json(desk, "asn.csv", "products.csv")
    assert [file["kind"] for file in said["files"]] == ["asn", "products"]
    assert said["files"][0]["personal"] == ["Serial No"]
    assert said["snapshot"]["rows"] == {"asn": 1, "products": 2}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("absent.csv",), "there is no file"),
        (("notes.csv",), "do not say what it is"),
        (("notes.csv", "--as", "inventory"), "no column for device-id, device-type"),
        (("extract.csv", "--columns", "bad.yaml"), "a column of personal data is mapped"),
        (("extract.csv", "--columns", "other.yaml"), "no table has the columns that the"),
        (("extract.csv", "--as", "letters"), "letters"),
        (("extract.csv", "--as-of", "yesterday"), "not a day"),
        (("asn.txt", "--as", "cpl"), "is an ASN"),
    ],
)
def test_what_is_not_understood_is_asked_and_nothing_is_loaded(
    desk: Path, repository: Path, arguments: tuple[str, ...], words: str
) -> None:
    write_csv(desk / "extract.csv", HEADER, *ROWS)
    write_csv(desk / "notes.csv", ("Colour", "Shape"), ("red", "round"))
    (desk / "bad.yaml").write_text("columns: {model: MPAN}\n")
    (desk / "other.yaml").write_text("columns: {model: Type of meter}\n")
    asn = repository / "tests/fixtures/asn/SYNTHETIC_asn.txt"
    (desk / "asn.txt").write_bytes(asn.read_bytes())
    result = load(desk, *arguments)
    assert result.code == 2
    assert words in result.err
    assert not (desk / "inventory/current").exists()


def test_where_no_row_comes_in_the_old_snapshot_stays(desk: Path) -> None:
    write_csv(desk / "extract.csv", HEADER, *ROWS)
    load(desk, "extract.csv")
    before = current(desk)
    write_csv(desk / "extract.csv", HEADER, ("x", *ROWS[0][1:]))
    result = load(desk, "extract.csv")
    assert result.code == 1
    assert "Nothing was loaded" in result.out
    assert current(desk) == before
    assert len(rejects(desk / "inventory/rejects.csv")) == 1


def test_a_load_goes_on_where_the_newest_snapshot_is_gone(desk: Path) -> None:
    write_csv(desk / "extract.csv", HEADER, *ROWS)
    load(desk, "extract.csv")
    shutil.rmtree(current(desk).folder)
    result = load(desk, "extract.csv")
    assert result.code == 0
    assert "this load goes on from nothing" in result.err
    assert len(rows(desk)) == len(ROWS)


def test_older_snapshots_stay_until_a_load_is_to_keep_a_few(desk: Path) -> None:
    write_csv(desk / "extract.csv", HEADER, *ROWS)
    for status in ("Active", "Expired", "Withdrawn"):
        write_csv(
            desk / "cpl.csv",
            ("Device Type", "Manufacturer", "Model", "Firmware", "CPL Status"),
            ("ESME", "FF01", "00010100", "00010203", status),
        )
        assert loaded_json(desk, "extract.csv", "cpl.csv")["older"]["removed"] == 0
    kept = loaded_json(desk, "extract.csv", "--keep", "2")["older"]
    assert (kept["count"], kept["removed"]) == (1, 2)
    assert len(list((desk / "inventory/snapshots").iterdir())) == 2
    assert load(desk, "extract.csv", "--keep", "1").code == 2
