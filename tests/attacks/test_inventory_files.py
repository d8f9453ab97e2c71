"""What a load must refuse or make harmless, each with a twin that must pass.

Whatever is refused, the snapshot before stays as it was.
"""

from __future__ import annotations

import csv
import datetime
import io
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from xlsxwriter import Workbook

from defectreg.formats.spreadsheets import write_xlsx
from defectreg.register.detectors import mpan_check_digit
from defectreg.store.inventory.places import Inventory
from defectreg.store.inventory.snapshot import (
    Snapshot,
    arrow_of,
    check_whole,
    open_current,
    write_snapshot,
)
from tests.registers import ROOT, Result, run_in

METER, OTHER = "00-DB-12-34-56-78-90-A1", "00-DB-12-34-56-78-90-A2"
HEADER = ["Device ID", "Device Type", "Model", "HAN Variant"]
ROW = [OTHER, "ESME", "00010100", "Single Band"]
GOOD = f"{','.join(HEADER)}\n{','.join(ROW)}\n".encode()
MPAN = f"190000000001{mpan_check_digit('190000000001')}"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with an inventory into which one Device was loaded."""
    desk = tmp_path / "desk"
    desk.mkdir()
    first = arrow_of("devices", [{"device_id": METER, "device_type": "ESME"}])
    day = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)
    write_snapshot(Inventory(desk / "inventory"), {"devices": [first]}, "2026-11-20", day)
    return desk


def load(desk: Path, *arguments: str) -> Result:
    return run_in(desk, "inventory", "load", *arguments, "--inventory", "inventory")


def load_data(desk: Path, name: str, data: bytes, *options: str) -> Result:
    (desk / name).write_bytes(data)
    return load(desk, name, *options)


def current(desk: Path) -> Snapshot:
    return open_current(Inventory(desk / "inventory"))


def devices(desk: Path) -> list[str]:
    read = parquet.read_table(current(desk).table("devices"), columns=["device_id"])
    return list(read["device_id"].to_pylist())


def assert_refused(desk: Path, refused: Result, words: str) -> None:
    assert refused.code in (2, 3), refused.out
    assert words in refused.err
    assert "Traceback" not in refused.err
    assert "fault of the program" not in refused.err
    assert devices(desk) == [METER]
    assert [path.name for path in (desk / "inventory/snapshots").iterdir()] == [current(desk).id]


def workbook(change: Callable[[bytes], bytes] = lambda sheet: sheet) -> bytes:
    """A workbook of one Device, its sheet's XML changed."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_xlsx(HEADER, [ROW]))) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            data = old.read(member)
            new.writestr(member, change(data) if member.filename == SHEET else data)
    return made.getvalue()


def table(**columns: object) -> bytes:
    stream = io.BytesIO()
    named = dict(zip(HEADER, ([cell] for cell in ROW), strict=True))
    parquet.write_table(pa.table({**named, **columns}), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (GOOD + b'"open', "a quotation mark is not closed"),
        (GOOD + b"x" * 10_000_000 + b",ESME,,\n", "a line has more than a million characters"),
        (GOOD + b"x" * 200_000 + b",ESME,,\n", "longer than 131,072 characters"),
        (GOOD + b"\xff\xfe,ESME,,\n", "not UTF-8"),
        (GOOD.decode().encode("utf-16"), "not UTF-8"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a workbook of the old kind"),
        (b"\x1f\x8b" + GOOD, "compressed"),
        (b"SQLite format 3\0", "a database"),
    ],
)
def test_csv_that_is_not_whole_or_none_loads_nothing(desk: Path, data: bytes, words: str) -> None:
    assert_refused(desk, load_data(desk, "x.csv", data), words)
    assert load_data(desk, "x.csv", GOOD).code == 0
    assert devices(desk) == [OTHER]


def test_one_torn_file_of_many_loads_nothing_of_any(desk: Path) -> None:
    (desk / "a.csv").write_bytes(GOOD)
    assert_refused(desk, load_data(desk, "b.csv", GOOD + b'"open', "a.csv"), "b.csv:3")
    assert load(desk, "a.csv").code == 0


def test_a_cell_with_a_control_character_keeps_its_row_out(desk: Path) -> None:
    row = b"00-DB-12-34-56-78-90-A3,ESME,00010100,Sin\x00gle\n"
    result = load_data(desk, "x.csv", GOOD + row)
    assert result.code == 1
    assert "the HAN variant has a control character" in result.out
    assert devices(desk) == [OTHER]


def test_a_name_that_steers_a_terminal_is_made_visible(desk: Path) -> None:
    data = GOOD.replace(b"Model", b"\x1b[2JColour\xe2\x80\xae")
    result = load_data(desk, "x.csv", data)
    assert result.code == 0
    assert "Colour" in result.out
    assert "\x1b" not in result.out
    assert "\u202e" not in result.out


def test_rejects_calculate_nothing_in_a_spreadsheet(desk: Path) -> None:
    result = load_data(desk, "=cmd.csv", GOOD + b"x,ESME,,\n", "--rejects", "rejects.csv")
    assert result.code == 1
    with (desk / "rejects.csv").open(encoding="utf-8", newline="") as file:
        assert [*csv.reader(file)][1][0] == "'=cmd.csv"


def test_personal_data_in_a_column_of_another_name_is_noticed_and_never_repeated(
    desk: Path,
) -> None:
    data = GOOD.replace(b"Single Band", b"Dual Band").replace(b"Model", b"Ref").replace(
        b"00010100", MPAN.encode()
    )  # fmt: skip
    result = load_data(desk, "x.csv", data)
    assert result.code == 0
    assert "Left outside as personal: Ref (x.csv)" in result.out
    result = load_data(desk, "x.csv", GOOD.replace(b"Single Band", MPAN.encode()))
    assert result.code == 1
    assert "the HAN variant looks like an MPAN" in result.out
    kept = b"".join(path.read_bytes() for path in (desk / "inventory").rglob("*") if path.is_file())
    assert MPAN not in result.out + result.err
    assert MPAN.encode() not in kept


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (workbook()[:-30], "torn"),
        (workbook()[:200], "torn"),
        (b"PK\x03\x04" + b"\0" * 100, "torn"),
        (workbook(lambda sheet: sheet[:-40]), "torn"),
        (workbook(lambda sheet: sheet.replace(b'r="D2"', b'r="XFD1048576"')), "more than"),
        (workbook(lambda sheet: sheet.replace(b'<row r="2"', b'<row r="99999999"')), "more than"),
        (workbook(lambda sheet: sheet.replace(b"</sheetData>", b"\0</sheetData>")), "UTF-8"),
    ],
)
def test_a_workbook_that_is_torn_or_too_wide_loads_nothing(
    desk: Path, data: bytes, words: str
) -> None:
    assert_refused(desk, load_data(desk, "x.xlsx", data), words)
    assert load_data(desk, "x.xlsx", workbook()).code == 0
    assert devices(desk) == [OTHER]


def test_a_sheet_that_is_too_wide_is_refused_under_any_name(desk: Path) -> None:
    def made(reference: bytes) -> bytes:
        stream = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(workbook())) as old,
            zipfile.ZipFile(stream, "w") as new,
        ):
            for member in old.infolist():
                name = member.filename.replace(SHEET, "xl/media/picture.png")
                data = old.read(member).replace(b"worksheets/sheet1.xml", b"media/picture.png")
                new.writestr(name, data.replace(b'r="D2"', b'r="' + reference + b'"'))
        return stream.getvalue()

    refused = load_data(desk, "x.xlsx", made(b"XFD1048576"))
    assert_refused(desk, refused, "more than 25,000,000 cells")
    assert load_data(desk, "x.xlsx", made(b"D2")).code == 0
    assert devices(desk) == [OTHER]


def resized(data: bytes, size: int) -> bytes:
    """A workbook that says another size of its sheet, in both places where it is said."""
    changed = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        member = archive.getinfo(SHEET)
    listed = data.rindex(SHEET.encode()) - 46
    for offset in (member.header_offset + 22, listed + 24):
        assert int.from_bytes(changed[offset : offset + 4], "little") == member.file_size
        changed[offset : offset + 4] = size.to_bytes(4, "little")
    return bytes(changed)


@pytest.mark.parametrize(("size", "words"), [(3_000_000_000, "too large unpacked"), (10, "torn")])
def test_a_workbook_that_grows_or_lies_about_its_size_loads_nothing(
    desk: Path, size: int, words: str
) -> None:
    assert_refused(desk, load_data(desk, "x.xlsx", resized(workbook(), size)), words)
    assert load_data(desk, "x.xlsx", workbook()).code == 0


def test_formulas_are_not_calculated_and_links_not_followed(desk: Path) -> None:
    stream = io.BytesIO()
    with Workbook(stream) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ROW)
        sheet.write_formula(1, 3, "=[file:///etc/passwd]Sheet1!A1", None, "Dual Band")
        sheet.write_url(1, 2, "external:other.xlsx#Sheet1!A1", None, "00010100")
        sheet.write_formula(2, 0, '=WEBSERVICE("http://127.0.0.1:9/")', None, METER)
        sheet.write_string(2, 1, "ESME")
    result = load_data(desk, "x.xlsx", stream.getvalue())
    assert result.code == 0, result.out
    assert devices(desk) == [OTHER, METER]
    read = parquet.read_table(current(desk).table("devices")).to_pylist()
    assert [(row["model"], row["han_variant"]) for row in read] == [
        ("00010100", "Dual Band"),
        ("", ""),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (table()[:-8], "torn"),
        (b"PAR1" + b"\0" * 40 + b"PAR1", "torn"),
        (table()[:60] + b"\xff" * 40 + table()[100:], "torn"),
        (table(**{"Device ID": [[METER]]}), "is nested"),
        (table(Model=[{"a": "00010100"}]), "is nested"),
    ],
)
def test_parquet_that_is_torn_or_nested_loads_nothing(desk: Path, data: bytes, words: str) -> None:
    assert_refused(desk, load_data(desk, "x.parquet", data), words)
    twin = table(Colour=[["red"]], Weight=[1.5])
    result = load_data(desk, "x.parquet", twin)
    assert result.code == 0
    assert "Left outside as unknown: Colour, Weight (x.parquet)" in result.out


DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "b">]>'
RESPONSE = ROOT / "tests/fixtures/duis/8.2_read_inventory_response_full_sms.xml"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data[:-30], "it ends before"),
        (lambda data: data.replace(b"<sr:Response ", DOCTYPE + b"<sr:Response ", 1), "DOCTYPE"),
        (lambda data: data + b"<more/>", "after the end"),
        (lambda data: data.replace(b"90-A1", b"x" * 70_000), "longer than"),
    ],
)  # fmt: skip
def test_hostile_xml_loads_nothing(
    desk: Path, change: Callable[[bytes], bytes], words: str
) -> None:
    data = RESPONSE.read_bytes()
    assert_refused(desk, load_data(desk, "x.xml", change(data)), words)
    assert load_data(desk, "x.xml", data).code == 0


@pytest.mark.parametrize("name", ["SYNTHETIC_asn.xml", "SYNTHETIC_asn.txt"])
def test_an_asn_that_was_cut_off_loads_nothing(desk: Path, name: str) -> None:
    data = (ROOT / "tests/fixtures/asn" / name).read_bytes()
    for cut in (data[:-20], data.replace(b"T|3", b"T|4").replace(b"Count>3", b"Count>4")):
        assert_refused(desk, load_data(desk, name, cut), "cut off on its way")
    assert load_data(desk, name, data).code == 0


@pytest.mark.parametrize(
    "data", [b"products: &a [*a]\n", b"products: !!python/object x\n", b"products:\n" + b"[" * 999]
)
def test_a_hostile_product_map_loads_nothing(desk: Path, data: bytes) -> None:
    assert_refused(desk, load_data(desk, "x.yaml", data), "x.yaml")
    good = b'products:\n  - {manufacturer: FF01, model: "00010100", esme-variant: A, source: x}\n'
    assert load_data(desk, "x.yaml", good).code == 0


def test_a_pipe_is_not_waited_for(desk: Path) -> None:
    os.mkfifo(desk / "pipe.csv")
    assert_refused(desk, load(desk, "pipe.csv"), "not a regular file")


def test_no_inventory_is_made_in_a_repository(desk: Path) -> None:
    (desk / "x.csv").write_bytes(GOOD)
    subprocess.run(["git", "init", "-q", str(desk / "repository")], check=True)
    place = ["--inventory", "repository/inventory"]
    refused = run_in(desk, "inventory", "load", "x.csv", *place)
    assert refused.code == 3
    assert "is in the git repository" in refused.err
    assert [path.name for path in (desk / "repository").iterdir()] == [".git"]
    assert run_in(desk, "inventory", "load", "x.csv", "--inventory", "beside").code == 0


def many(desk: Path, name: str, count: int) -> None:
    with (desk / name).open("w") as file:
        file.write("Device ID,Device Type,Model\n")
        for number in range(count):
            file.write(f"00-DB-12-34-{number >> 16:02X}-{number >> 8 & 255:02X}-")
            file.write(f"{number & 255:02X}-00,ESME,00010100\n")


def started(desk: Path, *arguments: str, limit: str = "unlimited") -> subprocess.Popen[str]:
    command = f'ulimit -f {limit}; exec "$0" -m defectreg -C "$@"'
    arguments = (str(desk), "inventory", "load", *arguments, "--inventory", "inventory")
    return subprocess.Popen(
        ["bash", "-c", command, sys.executable, *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_a_full_disc_is_a_sentence(desk: Path) -> None:
    many(desk, "many.csv", 50_000)
    before = current(desk)
    with started(desk, "many.csv", limit="64") as run:
        _, said = run.communicate()
    assert run.returncode == 3
    assert "cannot be written" in said
    assert "Traceback" not in said
    assert current(desk) == before
    check_whole(before)
    assert [path.name for path in (desk / "inventory/snapshots").iterdir()] == [before.id]
    assert load(desk, "many.csv").code == 0


def test_a_killed_run_leaves_the_old_snapshot_or_the_new(desk: Path) -> None:
    many(desk, "many.csv", 100_000)
    before = current(desk)
    snapshots = desk / "inventory/snapshots"
    with started(desk, "many.csv") as run:
        while run.poll() is None and not [*snapshots.glob(".*.next/devices.*")]:
            time.sleep(0.01)
        run.kill()
        run.communicate()
    after = current(desk)
    check_whole(after)
    assert after == before or after.loaded == {"devices": 100_000}
    assert load(desk, "many.csv").code == 0
    assert current(desk).loaded == {"devices": 100_000}
    assert not [path for path in snapshots.iterdir() if path.name.startswith(".")]


def test_two_at_once_come_one_after_the_other(desk: Path) -> None:
    many(desk, "one.csv", 20_000)
    (desk / "asn.txt").write_bytes((ROOT / "tests/fixtures/asn/SYNTHETIC_asn.txt").read_bytes())
    with started(desk, "one.csv") as one, started(desk, "asn.txt") as other:
        assert [one.wait(), other.wait()] == [0, 0]
        one.communicate(), other.communicate()
    after = current(desk)
    check_whole(after)
    assert after.loaded == {"devices": 20_000, "asn": 3}
