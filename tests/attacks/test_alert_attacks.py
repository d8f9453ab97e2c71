"""Alerts and exposure that were tampered with: refused or shown harmlessly, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.alerts import BAD_HUB, GOOD_HUB, Sent, Stay, fleet, keep
from tests.registers import TestRegister, good_record, make_register

ESCAPES = "CHF:FF02/00020001@\x1b[2J\u202eevil"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    return make_register(tmp_path_factory.mktemp("alerts") / "r", [good_record()], signs=False)


def renamed(hub: str, folder: Path) -> str:
    stays, sent = fleet({GOOD_HUB: 4, BAD_HUB: 40})
    changed = [Stay(stay.premises, hub if stay.hub == BAD_HUB else stay.hub, stay.esme)
               for stay in stays]  # fmt: skip
    return str(keep(folder, changed, sent))


def test_a_combination_cannot_steer_the_terminal(made: TestRegister, tmp_path: Path) -> None:
    told = made.run("alerts", "correlate", "--inventory", renamed(ESCAPES, tmp_path / "i"))
    assert told.code == 1, told.err
    assert "correlated with 8F1E" in told.out
    assert "\x1b" not in told.out
    assert "\u202e" not in told.out
    harmless = made.run("alerts", "correlate", "--inventory", renamed(BAD_HUB, tmp_path / "j"))
    assert f"{BAD_HUB} in North: correlated with 8F1E" in harmless.out


def test_a_small_cell_stands_in_no_output(made: TestRegister, tmp_path: Path) -> None:
    stays, sent = fleet({GOOD_HUB: 30, BAD_HUB: 30})
    rare = "ESME:FF01/00019999@00010001"
    stays += [Stay(1000 + number, GOOD_HUB, rare) for number in range(30)]
    few = [*sent, *(Sent(1000 + number, 1, 3) for number in range(3))]
    many = [*sent, *(Sent(1000 + number, 1, 3) for number in range(9))]
    told = made.run("alerts", "correlate", "--json", "--alert", "8F1E",
                    "--inventory", str(keep(tmp_path / "few", stays, few)))  # fmt: skip
    assert rare not in told.out
    assert json.loads(told.out)["meta"]["suppressed"] > 1
    twin = made.run("alerts", "correlate", "--json", "--alert", "8F1E",
                    "--inventory", str(keep(tmp_path / "many", stays, many)))  # fmt: skip
    assert rare in twin.out


def test_a_table_that_is_none_stops_the_run(made: TestRegister, tmp_path: Path) -> None:
    folder = keep(tmp_path / "i", *fleet({GOOD_HUB: 4, BAD_HUB: 40}, each=10))
    first = sorted(folder.glob("alerts/day=*/1.parquet"))[0]
    whole = first.read_bytes()
    first.write_bytes(b"PAR1, or so it says")
    told = made.run("alerts", "correlate", "--inventory", str(folder))
    assert told.code == 3
    assert "Traceback" not in told.err
    first.write_bytes(whole)
    assert made.run("alerts", "correlate", "--inventory", str(folder)).code in (0, 1)


def test_numbers_beyond_all_measure_stop_the_run(made: TestRegister, tmp_path: Path) -> None:
    stays, sent = fleet({GOOD_HUB: 4, BAD_HUB: 40}, each=10)
    huge = [Sent(each.premises, 1 << 62, each.day, each.code) for each in sent]
    told = made.run("alerts", "correlate", "--inventory", str(keep(tmp_path / "i", stays, huge)))
    assert told.code == 3
    assert "Traceback" not in told.err
    twin = made.run("alerts", "correlate", "--inventory", str(keep(tmp_path / "j", stays, sent)))
    assert twin.code in (0, 1)


def test_a_folder_that_is_no_day_of_the_calendar_is_named(
    made: TestRegister, tmp_path: Path
) -> None:
    folder = keep(tmp_path / "i", *fleet({GOOD_HUB: 4, BAD_HUB: 40}, each=10))
    (folder / "alerts" / "day=2026-02-31").mkdir()
    told = made.run("alerts", "correlate", "--inventory", str(folder))
    assert told.code == 3
    assert "no day of the calendar" in told.err
    (folder / "alerts" / "day=2026-02-31").rmdir()
    assert made.run("alerts", "correlate", "--inventory", str(folder)).code in (0, 1)
