"""What stands in somebody's sheet, or in a record, bends neither terminal nor spreadsheet."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow.parquet import write_table

from defectreg.store.inventory.snapshot import COLUMNS, DEVICES
from tests.registers import ID, TestRegister, good_record, make_register

NAMES = "Device Type,Manufacturer,Model,Firmware,Region,CHF ID"
KNOWN = "ESME,FF01,00010100,00010005,North,one"
STEERING = "\x1b[2J\x1b]0;title\x07\u202e"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    record = good_record(
        title='=HYPERLINK("http://x.invalid") [bold]late[/bold]',
        affected=["ESME:FF01/00010100@0001*"],
    )
    return make_register(tmp_path_factory.mktemp("attacks") / "r", [record], signs=False)


def written(folder: Path, *lines: str) -> Path:
    file = folder / "portfolio.csv"
    file.write_text("\n".join([NAMES, *lines]) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "@SUM(1)",
        "\u202e00010100",
        "\x1b[31m00010100",
        "0001010０",
        "00010100\u200b",
        "../../etc/passwd",
        "%00",
        "$(touch x)",
        "'; DROP TABLE devices; --",
    ],
)
def test_a_cell_is_only_a_text(made: TestRegister, tmp_path: Path, cell: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    csv = tmp_path / "known.csv"
    file = written(tmp_path, f"ESME,FF01,{quoted},00010005,North,one", KNOWN.replace("one", "two"))
    answer = made.run("scan", str(file), "--csv", str(csv))
    assert answer.code == 1
    assert "1 with known issues, 1 could not be judged" in answer.out
    assert not any(character in answer.out + answer.err for character in "\x1b\u202e\u200b\x07")
    table = csv.read_text(encoding="utf-8")
    assert not any(f'"{sign}' in table for sign in "=+@")


def test_neither_names_of_columns_nor_of_files_steer_the_terminal(
    made: TestRegister, tmp_path: Path
) -> None:
    file = tmp_path / f"port{STEERING}folio.csv"
    file.write_text(f"{NAMES},MPAN{STEERING}\n{KNOWN},\n", encoding="utf-8")
    for arguments in ([], ["--columns", str(file)]):
        answer = made.run("scan", str(file), *arguments)
        assert not any(character in answer.out + answer.err for character in "\x1b\x07\u202e")
    assert "columns of personal data are left out: MPAN" in made.run("scan", str(file)).out


def test_a_title_is_no_markup_and_no_formula(made: TestRegister, tmp_path: Path) -> None:
    csv = tmp_path / "known.csv"
    answer = made.run("scan", str(written(tmp_path, KNOWN)), "--csv", str(csv))
    assert "[bold]late[/bold]" in answer.out
    assert "\"'=HYPERLINK" in csv.read_text(encoding="utf-8")


def test_a_cell_of_ten_megabytes_is_refused_in_a_sentence(
    made: TestRegister, tmp_path: Path
) -> None:
    file = written(tmp_path, f"ESME,FF01,{'9' * 10_000_000},00010005,North,one")
    answer = made.run("scan", str(file))
    assert (answer.code, answer.out) == (3, "")
    assert len(answer.err) < 1000
    long = written(tmp_path, f"ESME,FF01,{'9' * 100_000},00010005,North,one")  # the harmless twin
    answer = made.run("scan", str(long))
    assert (answer.code, len(answer.out) < 3000) == (1, True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"PK\x03\x04 torn",
        b"PAR1 torn PAR1",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"Device Type,Model\n\xff\xfe,1\n",
        b'Device Type,Model\nESME,"1\n',
        b"<?xml version='1.0'?><x/>",
    ],
)
def test_a_file_that_is_no_sheet_is_refused(
    made: TestRegister, tmp_path: Path, data: bytes
) -> None:
    file = tmp_path / "portfolio"
    file.write_bytes(data)
    answer = made.run("scan", str(file))
    assert (answer.code, answer.out) == (3, "")
    assert "fault of the program" not in answer.err


def test_a_folder_or_a_pipe_is_no_sheet(made: TestRegister, tmp_path: Path) -> None:
    for path in (tmp_path, Path("/dev/null")):
        answer = made.run("scan", str(path))
        assert (answer.code, answer.out) == (3, "")


def test_a_baseline_is_read_without_trust(made: TestRegister, tmp_path: Path) -> None:
    file, baseline = written(tmp_path, KNOWN), tmp_path / "baseline.json"
    row = {"id": STEERING, "combination": STEERING}
    scan = {"schema_version": 1, "known": [row], "issues": [], "not_judged": []}
    baseline.write_text(json.dumps(scan))
    answer = made.run("scan", str(file), "--baseline", str(baseline))
    assert (answer.code, "gone: " in answer.out) == (1, True)
    assert not any(character in answer.out for character in "\x1b\x07\u202e")
    baseline.write_text("[" * 100_000)
    assert made.run("scan", str(file), "--baseline", str(baseline)).code == 3


def test_no_mpxn_is_printed_even_where_it_says_which_devices_are_together(
    made: TestRegister, tmp_path: Path
) -> None:
    file, columns = tmp_path / "portfolio.csv", tmp_path / "columns.yaml"
    file.write_text("type,manufacturer,model,firmware,MPAN\nESME,FF01,00010100,00010005,12001\n")
    columns.write_text("columns: {premises: MPAN}\n")
    answer = made.run("scan", str(file), "--columns", str(columns), "--json")
    assert json.loads(answer.out)["known"][0]["id"] == ID
    assert "12001" not in answer.out + answer.err


@pytest.mark.parametrize(
    "typed", ["ESME:", "ESME:FF01/\u202e", "x" * 5000, "\x1b[2J:", "::", ":/@"]
)
def test_no_typed_combination_ends_in_a_fault(made: TestRegister, typed: str) -> None:
    answer = made.run("scan", "--", typed)
    assert (answer.code, answer.out) == (2, "")
    assert not any(character in answer.err for character in "\x1b\u202e")


@pytest.mark.parametrize("option", ["--csv", "--xlsx"])
def test_a_device_that_is_written_to_stays_a_device(
    made: TestRegister, tmp_path: Path, option: str
) -> None:
    (tmp_path / "nowhere").symlink_to("/dev/null")
    file = written(tmp_path, KNOWN)
    answer = made.run("scan", str(file), option, str(tmp_path / "nowhere"))
    assert (answer.code, answer.err) == (1, "")
    assert (tmp_path / "nowhere").is_char_device()
    harmless = tmp_path / "known"
    assert made.run("scan", str(file), option, str(harmless)).code == 1
    assert harmless.stat().st_mode & 0o777 == 0o600
    assert harmless.stat().st_size


def test_a_parquet_file_that_is_no_snapshot_is_told_apart(
    made: TestRegister, tmp_path: Path
) -> None:
    write_table(pa.table({"device_id": ["x"], "model": [10100]}), tmp_path / "other.parquet")
    answer = made.run("scan", str(tmp_path / "other.parquet"))
    assert (answer.code, answer.out) == (3, "")
    assert "is a Parquet file, and not the Devices of a snapshot" in answer.err
    whole = {name: ["ESME" if name == "device_type" else ""] for name in COLUMNS[DEVICES]}
    devices = pa.table({**whole, "premises": [7]})
    write_table(devices, tmp_path / "devices.parquet")
    answer = made.run("scan", str(tmp_path / "devices.parquet"))
    assert (answer.code, answer.err) == (1, "")
    assert "1 could not be judged" in answer.out
