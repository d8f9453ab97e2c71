"""The DCC loads logs of alerts: joined with the inventory, by day, nothing lost in silence."""

from __future__ import annotations

import csv
import datetime
import json
import stat
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from defectreg.formats.spreadsheets import write_xlsx
from tests.registers import Result, TestRegister, good_record, make_register

HEADER = (
    "Device ID,Device Type,Status,Manufacturer,Model,Firmware,Region,Firmware since,CHF Device ID"
)
CODE, OTHER = "8F1E", "8F35"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    return make_register(tmp_path_factory.mktemp("load") / "r", [good_record()], signs=False)


def device(number: int, kind: int = 1) -> str:
    """A Hub (0) or an ESME (1) of a premises."""
    return f"00-DB-12-34-56-{kind:02X}-{number >> 8:02X}-{number & 255:02X}"


class Desk:
    """A folder with an inventory, where logs are written and loaded."""

    def __init__(self, register: TestRegister, folder: Path) -> None:
        self.register, self.folder = register, folder
        self.inventory = folder / "inventory"
        folder.mkdir(exist_ok=True)

    def run(self, *arguments: str) -> Result:
        return self.register.run(*arguments, "--inventory", str(self.inventory))

    def snapshot(self, premises: dict[int, str], as_of: str, since: str = "") -> None:
        """Premises by the firmware of their Hub; the others have the one before."""
        lines = [HEADER]
        for number, firmware in premises.items():
            hub = device(number, 0)
            begun = since if firmware == "00020002" else ""
            lines.append(f"{hub},CHF,Commissioned,FF02,00020001,{firmware},North,{begun},")
            lines.append(f"{device(number)},ESME,Commissioned,FF01,00010100,00010001,North,,{hub}")
        extract = self.write(f"extract-{as_of}.csv", "\n".join(lines))
        told = self.run("inventory", "load", str(extract), "--as-of", as_of)
        assert told.code == 0, told.out + told.err

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def log(self, name: str, *rows: str, header: str = "Device ID,Alert code,Time") -> Path:
        return self.write(name, "\n".join([header, *rows, ""]))

    def load(self, *arguments: Path | str, code: int = 0) -> dict[str, Any]:
        told = self.run("alerts", "load", *map(str, arguments), "--json")
        assert told.code == code, told.out + told.err
        said: dict[str, Any] = json.loads(told.out)
        return said

    def kept(self) -> dict[str, list[tuple[int, str, str, int]]]:
        """What counts: premises, Device Type, code and alerts by day."""
        said = json.loads((self.inventory / "alerts" / "kept.json").read_text())
        names = ["premises", "device_type", "alert_code", "alerts"]
        found: dict[str, list[tuple[int, str, str, int]]] = {}
        for day, files in said["days"].items():
            for file in files:
                table = parquet.read_table(self.inventory / "alerts" / f"day={day}" / file)
                columns = [table[name].to_pylist() for name in names]
                found.setdefault(day, []).extend(sorted(zip(*columns, strict=True)))
        return found

    def exposure(self) -> list[dict[str, Any]]:
        current = (self.inventory / "current").read_text().strip()
        table = parquet.read_table(self.inventory / "alerts" / "exposure" / f"{current}.parquet")
        rows: list[dict[str, Any]] = table.to_pylist()
        return rows


@pytest.fixture
def desk(made: TestRegister, tmp_path: Path) -> Desk:
    desk = Desk(made, tmp_path / "desk")
    desk.snapshot({1: "00020001", 2: "00020001", 3: "00020001"}, "2026-06-01")
    return desk


def test_a_log_becomes_alerts_a_day_by_premises(desk: Desk) -> None:
    log = desk.log(
        "log.csv",
        f"{device(1)},0x8F1E,2026-06-02T10:00:00Z",
        f"{device(1).lower()},8f1e,2026-06-02T23:59:59.999Z",
        f"{device(2, 0)},AD1,2026-06-02 11:00",
        f"{device(1)},8F1E,03/06/2026 09:30",
    )
    said = desk.load(log)
    assert said["days"] == ["2026-06-02", "2026-06-03"]
    assert desk.kept() == {
        "2026-06-02": [(1, "ESME", CODE, 2), (2, "CHF", "AD1", 1)],
        "2026-06-03": [(1, "ESME", CODE, 1)],
    }
    [first, *_] = desk.exposure()
    assert first["combination"] == "CHF:FF02/00020001@00020001 + ESME:FF01/00010100@00010001"
    assert first["esme_hub"] == first["combination"]
    assert first["region"] == "North"


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    rows = [f"{device(1)},8F1E,2026-06-02T10:00:00Z"]
    desk.load(desk.log("log.csv", *rows))
    before = desk.kept()
    said = desk.load(desk.log("copied/other-name.csv", *rows))
    assert [file["known"] for file in said["files"]] == [True]
    assert said["days"] == []
    assert desk.kept() == before


def test_a_day_is_added_to_and_with_replace_begun_anew(desk: Desk) -> None:
    desk.load(desk.log("one.csv", f"{device(1)},8F1E,2026-06-02"))
    desk.load(desk.log("two.csv", f"{device(1)},8F1E,2026-06-02", f"{device(2)},8F1E,2026-06-04"))
    assert sum(row[3] for row in desk.kept()["2026-06-02"]) == 2
    desk.load(desk.log("three.csv", f"{device(3)},8F1E,2026-06-02"), "--replace")
    assert desk.kept() == {
        "2026-06-02": [(3, "ESME", CODE, 1)],
        "2026-06-04": [(2, "ESME", CODE, 1)],
    }


def test_what_cannot_be_counted_is_counted_and_named(desk: Desk) -> None:
    stranger = device(99)
    log = desk.log(
        "log.csv",
        f"{device(1)},8F1E,2026-06-02",
        f"{stranger},8F1E,2026-06-02",
        f"{stranger},8F1E,2026-06-03",
        f"{device(1)},N32,2026-06-02",
        "not a device,8F1E,2026-06-02",
        f"{device(1)},8F1E,2099-01-01",
        f"{device(1)},BEEF,2026-06-02",
    )
    said = desk.load(log, code=1)
    assert said["unplaced"] == {
        "the inventory does not have the Device": {"devices": 1, "alerts": 2}
    }
    assert said["unknown_codes"] == {"BEEF": 1}
    assert said["rejected"]["count"] == 3
    file = Path(said["rejected"]["file"])
    assert file.is_relative_to(desk.inventory)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    _, *rows = csv.reader(file.read_text("utf-8").splitlines())
    assert sorted(row[1] for row in rows) == ["", "5", "6", "7"]
    assert any(stranger in row[2] and row[2].endswith("alerts: 2") for row in rows)
    assert stranger not in json.dumps(said)
    told = desk.run("alerts", "load", str(log), "--replace")
    assert told.code == 1
    assert stranger not in told.out + told.err
    assert "2 alerts of 1 Device: the inventory does not have the Device" in told.out


def test_no_device_id_is_left_in_what_is_kept(desk: Desk) -> None:
    desk.load(desk.log("log.csv", f"{device(1)},8F1E,2026-06-02", f"{device(99)},8F1E,2026-06-02"),
              code=1)  # fmt: skip
    kept = [*desk.inventory.glob("alerts/day=*/*"), *desk.inventory.glob("alerts/exposure/*"),
            desk.inventory / "alerts" / "kept.json"]  # fmt: skip
    assert len(kept) >= 3
    for file in kept:
        texts = str(parquet.read_table(file).to_pydict()) if file.suffix == ".parquet" else ""
        assert "00-DB-12" not in texts + file.read_bytes().decode("latin-1")
    assert not list(desk.inventory.glob("alerts/.*"))


def test_a_new_snapshot_rebuilds_the_exposure_and_leaves_the_days(desk: Desk) -> None:
    log = desk.log("log.csv", f"{device(1)},8F1E,2026-06-02", f"{device(4)},8F1E,2026-06-02")
    desk.load(log, code=1)
    before = desk.kept()
    numbers = {4: "00020002", 3: "00020001", 2: "00020001", 1: "00020002"}
    desk.snapshot(numbers, "2026-06-20", since="2026-06-10")
    told = desk.run("alerts", "correlate")
    assert told.code == 3
    assert "`defectreg alerts load` without files" in told.err
    assert desk.load()["joined"] is True
    assert desk.kept() == before
    stays = [(row["hub"][-8:], row["first_day"], row["last_day"])
             for row in desk.exposure() if row["premises"] == 1]  # fmt: skip
    never = datetime.date(1, 1, 1), datetime.date(9999, 12, 31)
    assert stays == [
        ("00020001", never[0], datetime.date(2026, 6, 9)),
        ("00020002", datetime.date(2026, 6, 10), never[1]),
    ]
    assert {row["premises"] for row in desk.exposure()} == {1, 2, 3, 4}
    again = desk.load(log)
    assert again["files"][0]["alerts"] == 2
    assert desk.kept()["2026-06-02"] == [(1, "ESME", CODE, 1), (4, "ESME", CODE, 1)]
    assert again["not_covered"] == 1


def test_every_form_of_log_says_the_same(desk: Desk, tmp_path: Path) -> None:
    rows = [(device(number), "8F1E", f"2026-06-0{number + 1}T08:00:00Z") for number in (1, 2, 3)]
    names = ("Device ID", "Alert code", "Time")
    desk.load(desk.log("log.csv", *(",".join(row) for row in rows)))
    kept = desk.kept()
    workbook = desk.folder / "log.xlsx"
    workbook.write_bytes(write_xlsx(names, rows))
    desk.load(workbook, "--replace")
    assert desk.kept() == kept
    table = pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})
    times = [datetime.datetime.fromisoformat(row[2]) for row in rows]
    table = table.set_column(2, "Time", pa.array(times, pa.timestamp("us", "UTC")))
    parquet.write_table(table, desk.folder / "log.parquet")
    desk.load(desk.folder / "log.parquet", "--replace")
    assert desk.kept() == kept
    for row in rows:
        desk.log(f"parts/day={row[2][:10]}/log.csv", ",".join(row[:2]),
                 header="Device ID,Alert code")  # fmt: skip
    desk.load(desk.folder / "parts", "--replace")
    assert desk.kept() == kept


def test_duis_alerts_of_devices_and_of_the_dcc_are_loaded(desk: Desk) -> None:
    samples = Path(__file__).parents[1] / "fixtures" / "duis"
    alert = (samples / "device_alert_8F1E.xml").read_text("utf-8")
    of_dcc = (samples / "dcc_alert_firmware_version_mismatch.xml").read_text("utf-8")
    said = desk.load(
        desk.write("device.xml", alert.replace("90-B3-D5-1F-30-01-00-00", device(1))),
        desk.write("dcc.xml", of_dcc.replace("00-DB-12-34-56-78-90-A1", device(2))),
    )
    assert said["unknown_codes"] == {}
    assert desk.kept() == {"2026-01-15": [(1, "ESME", CODE, 500), (2, "ESME", "N49", 1)]}


def test_rows_that_are_not_whole_are_named_and_the_others_loaded(desk: Desk) -> None:
    log = desk.log(
        "log.csv",
        f"{device(1)},8F1E",
        f"{device(1)},8F1E,2026-06-02,",
        f'"{device(2)}",8F1E,2026-06-02,"two\nlines"',
        f"{device(1)},8F1E,yesterday,",
        header="Device ID,Alert code,Time,Note",
    )
    said = desk.load(log, code=1)
    _, *rows = csv.reader(Path(said["rejected"]["file"]).read_text("utf-8").splitlines())
    assert [(row[1], row[2][:20]) for row in rows] == [
        ("2", "the row has not as m"),
        ("6", "the time does not be"),
    ]
    assert desk.kept() == {"2026-06-02": [(1, "ESME", CODE, 1), (2, "ESME", CODE, 1)]}


def test_a_file_that_is_not_whole_loads_nothing_of_any(desk: Desk) -> None:
    good = desk.log("good.csv", f"{device(1)},8F1E,2026-06-02")
    bad = desk.write("bad.csv", 'Device ID,Alert code,Time\n"never closed,8F1E,2026-06-02\n')
    told = desk.run("alerts", "load", str(good), str(bad))
    assert told.code == 3
    assert "bad.csv:2" in told.err
    assert not (desk.inventory / "alerts" / "kept.json").exists()
    assert desk.load(good)["days"] == ["2026-06-02"]


def test_columns_of_other_names_are_mapped_and_personal_ones_stay_outside(desk: Desk) -> None:
    columns = desk.write("columns.yaml", "columns:\n  device-id: Sender\n  alert-code: What\n")
    log = desk.log("log.csv", f"{device(1)},1234567890123,{CODE},2026-06-02,red",
                   header="Sender,MPAN,What,Time,Colour")  # fmt: skip
    said = desk.load(log, "--columns", columns)
    assert said["files"][0]["personal"] == ["MPAN"]
    assert said["files"][0]["unknown"] == ["Colour"]
    assert desk.kept() == {"2026-06-02": [(1, "ESME", CODE, 1)]}
    told = desk.run("alerts", "load", str(log))
    assert told.code == 0
    assert "left as it is" in told.out
    other = desk.log("other.csv", "x,y", header="A,B")
    assert desk.run("alerts", "load", str(other)).code == 2


def test_what_was_loaded_is_correlated(desk: Desk) -> None:
    premises = {number: "00020002" if number % 2 else "00020001" for number in range(1, 201)}
    desk.snapshot(premises, "2026-06-20")
    rows = [
        f"{device(number)},{CODE},2026-06-{day:02}T12:00:00Z"
        for number in premises
        for day in range(1, 29)
        if (number + day) % (3 if number % 2 else 27) == 0
    ]
    desk.load(desk.log("log.csv", *rows))
    told = desk.run("alerts", "correlate")
    assert told.code == 1, told.err
    assert "CHF:FF02/00020001@00020002 in North: correlated with 8F1E" in told.out
