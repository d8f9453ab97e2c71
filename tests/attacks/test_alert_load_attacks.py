"""Logs of alerts made to harm: refused or harmless, and a killed load leaves the old or the new."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from defectreg.register.errors import CannotRun, UsageProblem
from defectreg.store.inventory.places import Inventory
from tests.loading_alerts import device, inventory_of, kept, load, log, row

ALERT = f"{device(1)},8F1E,2026-06-02"
ONE = [("2026-06-02", 1, "ESME", "8F1E", 1)]


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    return inventory_of(tmp_path, row(1), row(2))


@pytest.mark.parametrize("name", ["[ab]*.csv", "it's.csv", "a;b ?.csv", "**.csv", "$x {y}.csv"])
def test_a_name_is_no_pattern_and_no_sql(inventory: Inventory, tmp_path: Path, name: str) -> None:
    log(tmp_path, f"{device(2)},8F1E,2026-06-02", name="a.csv")
    load(inventory, log(tmp_path, ALERT, name=name))
    assert kept(inventory) == ONE


def test_what_a_folder_says_is_a_text(inventory: Inventory, tmp_path: Path) -> None:
    folder = "alert=8F1E/region=North' OR ''='/time=2026-06-02"
    done = load(inventory, log(tmp_path, device(1), name=f"{folder}/x.csv", header="Device ID"))
    assert kept(inventory) == ONE
    assert done.elsewhere == 0


def test_the_name_of_a_column_is_a_name(inventory: Inventory, tmp_path: Path) -> None:
    odd = "x\" FROM read_csv('/etc/passwd') --"
    table = pa.table({"Device ID": [device(1)], "Alert code": ["8F1E"], "Time": ["2026-06-02"],
                      odd: ["1"]})  # fmt: skip
    parquet.write_table(table, tmp_path / "odd.parquet")
    columns = load(inventory, tmp_path / "odd.parquet").files[0].unknown
    assert columns == (odd,)
    assert kept(inventory) == ONE


def test_a_nested_column_of_a_parquet_file_is_refused(inventory: Inventory, tmp_path: Path) -> None:
    table = pa.table({"Device ID": [[device(1)]], "Alert code": ["8F1E"], "Time": ["2026-06-02"]})
    parquet.write_table(table, tmp_path / "nested.parquet")
    with pytest.raises(UsageProblem, match="device id is nested"):
        load(inventory, tmp_path / "nested.parquet")
    assert kept(inventory) == []


@pytest.mark.parametrize(
    ("make", "because"),
    [
        (lambda file: file.write_bytes(b"PAR1 or so"), "torn"),
        (lambda file: file.write_bytes(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), ":1:"),
        (lambda file: file.write_bytes(b"\x1f\x8b\x08"), "compressed"),
        (lambda file: file.write_bytes(b""), "empty"),
        (lambda file: file.write_bytes(b"PK\x03\x04 no workbook"), "torn|no XLSX"),
        (os.mkfifo, "not a regular file"),
        (lambda file: file.write_bytes(b"Device ID,Alert,Time\n\xff,8F1E,2026-06-02\n"), "UTF-8"),
    ],
)
def test_what_is_no_log_loads_nothing_of_the_others_either(
    inventory: Inventory, tmp_path: Path, make: Callable[[Path], object], because: str
) -> None:
    make(tmp_path / "bad")
    good = log(tmp_path, ALERT)
    with pytest.raises(CannotRun, match=because):
        load(inventory, good, tmp_path / "bad")
    assert kept(inventory) == []
    load(inventory, good)
    assert kept(inventory) == ONE


@pytest.mark.parametrize("number", ["0", "-1", "4294967296", "1e3", "99999999999999999999", "x"])
def test_a_number_that_is_none_is_not_counted(
    inventory: Inventory, tmp_path: Path, number: str
) -> None:
    header = "Device ID,Alert code,Time,Alerts"
    lines = [f"{ALERT},{number}", f"{ALERT},4294967295", f"{ALERT},"]
    done = load(inventory, log(tmp_path, *lines, header=header))
    assert sum(done.reasons.values()) == 1
    assert kept(inventory) == [(*ONE[0][:4], 4294967296)]


@pytest.mark.parametrize(
    "time", ["", "infinity", "2026-02-30", "31/02/2026", "2026-6-2", "2009-12-31", "2026-11-24",
             "1780000000", "epoch", "2026-06-02; DROP TABLE x", "99/99/9999"])  # fmt: skip
def test_a_time_that_is_none_makes_no_day(inventory: Inventory, tmp_path: Path, time: str) -> None:
    done = load(inventory, log(tmp_path, f"{device(1)},8F1E,{time}", ALERT))
    assert sum(done.reasons.values()) == 1
    assert kept(inventory) == ONE


def test_rejects_name_devices_and_so_are_not_written_into_git(
    inventory: Inventory, tmp_path: Path
) -> None:
    (tmp_path / "r" / ".git").mkdir(parents=True)
    stranger = log(tmp_path, f"{device(9)},8F1E,2026-06-02", ALERT)
    with pytest.raises(CannotRun, match="git repository"):
        load(inventory, stranger, rejects=tmp_path / "r" / "rejects.csv")
    assert kept(inventory) == []
    assert not (tmp_path / "r" / "rejects.csv").exists()
    load(inventory, stranger, rejects=tmp_path / "rejects.csv")
    assert device(9) in (tmp_path / "rejects.csv").read_text("utf-8")
    assert (tmp_path / "rejects.csv").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("moves", range(8))
def test_a_load_killed_between_two_moves_leaves_the_old_or_the_new(
    inventory: Inventory, tmp_path: Path, moves: int
) -> None:
    load(inventory, log(tmp_path, ALERT))
    more = log(tmp_path, f"{device(2)},8F1E,2026-06-02", f"{device(2)},8F1E,2026-06-03",
               f"{device(2)},8F1E,2026-06-04", name="more.csv")  # fmt: skip
    both = sorted([*ONE, *((f"2026-06-0{day}", 2, "ESME", "8F1E", 1) for day in (2, 3, 4))])
    child = os.fork()
    if not child:
        _killed_after(moves, lambda: load(inventory, more))
    _, status = os.waitpid(child, 0)
    now = kept(inventory)
    assert now in (ONE, both)
    assert (now == both) or os.waitstatus_to_exitcode(status) == 9
    load(inventory, more)
    assert kept(inventory) == both
    named = len(list(inventory.folder.glob("alerts/day=*/*")))
    load(inventory)
    assert len(list(inventory.folder.glob("alerts/day=*/*"))) <= named
    assert not list(inventory.folder.glob("alerts/.*.next"))


def _killed_after(moves: int, act: Callable[[], object]) -> None:
    """In a process of its own: end it, as a kill would, before the move of that number."""
    left, replace = [moves], Path.replace

    def counted(path: Path, target: str | os.PathLike[str]) -> Path:
        if not left[0]:
            os._exit(9)
        left[0] -= 1
        return replace(path, target)

    Path.replace = counted  # type: ignore[method-assign,assignment]
    try:
        act()
    finally:
        os._exit(0)
