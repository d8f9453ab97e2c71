"""What a hostile extract holds is only text: it steers no terminal, file, spreadsheet or query."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from defectreg.formats.columns import from_csv
from tests.fleets import entry, load_fleet
from tests.journals import DCC, SUPPLIER, device_id, esme, inventory

SENDING = ("--write", "--target", DCC, "--counter", "1", "--to")
CLEAN, FINDINGS, USAGE = 0, 1, 2


@pytest.mark.parametrize("supplier", ["../../outside", "/etc/x", "", f"{SUPPLIER}/../x", "CON"])
def test_a_supplier_that_is_no_eui_names_no_file(tmp_path: Path, supplier: str) -> None:
    to = tmp_path / "to"
    load_fleet(tmp_path / "inventory", [esme(1, supplier=supplier)])
    answer = inventory(tmp_path / "inventory", "correct", *SENDING, str(to))
    assert answer.code == CLEAN
    assert "Nothing is to be corrected" in answer.out
    assert [path.name for path in tmp_path.iterdir()] == ["inventory"]
    load_fleet(tmp_path / "inventory", [esme(1)])
    assert inventory(tmp_path / "inventory", "correct", *SENDING, str(to)).code == CLEAN
    assert len(list(to.iterdir())) == 2


def test_words_of_an_extract_steer_no_terminal(tmp_path: Path) -> None:
    odd = "\x1b[2J\u202eN\r\n"
    load_fleet(tmp_path, [esme(1, region=odd, supplier=odd, model=odd, device_status=odd)])
    shown = inventory(tmp_path, "diff").out
    assert not {"\x1b", "\u202e", "\r"} & set(shown)
    assert r"\x1b[2J\u202eN\r\n" in shown
    told = inventory(tmp_path, "diff", "--json").out
    assert "\u202e" not in told
    assert json.loads(told)["regions"][0]["name"] == odd


def test_a_cell_of_an_extract_is_no_formula(tmp_path: Path) -> None:
    odd = "=cmd|'/c calc'!A1"
    load_fleet(tmp_path / "inventory", [esme(1, region=odd)])
    file = tmp_path / "found.csv"
    assert inventory(tmp_path / "inventory", "diff", "--csv", str(file)).code == FINDINGS
    assert f'"\'{odd}"' in file.read_text("utf-8")
    names, row = from_csv(file.read_text("utf-8"))
    assert dict(zip(names, row, strict=True))["region"] == odd


@pytest.mark.parametrize(
    "options",
    [
        ("--region", "' OR '1'='1"),
        ("--region", "North'; DROP VIEW found; --"),
        ("--product", "FF01/00010100%27%20OR%201=1"),
        ("--region", "$outcome"),
    ],
)
def test_what_is_typed_is_no_query(tmp_path: Path, options: tuple[str, str]) -> None:
    load_fleet(tmp_path, [esme(1)])
    answer = inventory(tmp_path, "correct", *options)
    assert answer.code in {CLEAN, USAGE}
    assert device_id(1) not in answer.out
    assert "1 request" not in answer.out
    assert "1 request SR8.4" in inventory(tmp_path, "correct", "--region", "North").out


def test_a_product_map_that_is_not_of_codes_corrects_nothing(tmp_path: Path) -> None:
    load_fleet(tmp_path, [esme(1)], [entry("<x/>")])
    answer = inventory(tmp_path, "correct", "--json")
    assert json.loads(answer.out)["batches"] == []
    load_fleet(tmp_path, [esme(1)], [entry("AD")])
    answer = inventory(tmp_path, "correct", "--json")
    assert json.loads(answer.out)["batches"][0]["requests"] == 1
