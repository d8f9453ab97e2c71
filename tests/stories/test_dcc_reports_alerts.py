"""The DCC shows what alerts are correlated with: by region, with what the register has of it."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.alerts import BAD_HUB, GOOD_HUB, Sent, Stay, fleet, keep
from tests.registers import ID, TestRegister, good_record, make_register, statement


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    record = good_record(
        affected=["CHF:FF02/00020001@00020002 in North"],
        alerts=["8F1E"],
        kind="superfluous-alerts",
    )
    folder = tmp_path_factory.mktemp("report") / "r"
    register = make_register(folder, [record], signs=False)
    cause = statement("cause", "supplier-two", says="The Hub asks again.", cause="suspected")
    register.later().say(ID, cause, accept=True)
    return register


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> str:
    stays, sent = fleet({GOOD_HUB: 4, BAD_HUB: 40})
    others = [Stay(1000 + each.premises, each.hub, each.esme, region="South") for each in stays]
    sent += [Sent(1000 + number, 1, number % 28) for number in range(0, 800, 20)]
    return str(keep(tmp_path_factory.mktemp("kept") / "i", [*stays, *others], sent))


def test_the_grid_has_each_region_with_what_the_register_has(
    made: TestRegister, inventory: str
) -> None:
    told = made.run("alerts", "report", "--inventory", inventory)
    assert told.code == 0, told.err
    assert told.out.startswith("No recommendations are made or intended.")
    assert f"{BAD_HUB} in North is correlated with 8F1E: " in told.out
    assert f"cause suspected ({ID})" in told.out
    [heads] = [line for line in told.out.split("\n") if line.endswith("  combination")]
    assert heads.split() == ["North", "South", "combination"]
    [row] = [line for line in told.out.split("\n") if line.endswith(f"  {BAD_HUB}")]
    north, south, _ = row.split()
    assert north.endswith("*")
    assert not south.endswith("*")


def test_json_and_csv_say_the_same(made: TestRegister, inventory: str) -> None:
    said = json.loads(made.run("alerts", "report", "--json", "--inventory", inventory).out)
    [alert] = said["alerts"]
    north, south = alert["squares"]
    assert (north["region"], north["finding"], north["cause"], north["records"]) == (
        "North", True, "cause-suspected", [ID],
    )  # fmt: skip
    assert (south["region"], south["finding"], south["cause"]) == ("South", False, None)
    assert north["low"] > 1.5 > south["low"]
    assert said["records"][0]["id"] == ID
    assert said["meta"]["disclaimer"].startswith("No recommendations")
    table = made.run("alerts", "report", "--csv", "--inventory", inventory).out
    rows = list(csv.DictReader(table.splitlines()))
    assert [(row["region"], row["finding"], row["records"]) for row in rows] == [
        ("North", "yes", ID), ("South", "no", ""),
    ]  # fmt: skip
    assert float(rows[0]["ratio"]) == north["ratio"]


def test_a_picture_and_a_page_are_written_outside_git(
    made: TestRegister, inventory: str, tmp_path: Path
) -> None:
    svg, html = tmp_path / "map.svg", tmp_path / "page.html"
    told = made.run("alerts", "report", "--inventory", inventory, "--svg", str(svg),
                    "--html", str(html))  # fmt: skip
    assert told.code == 0, told.err
    assert stat.S_IMODE(svg.stat().st_mode) == 0o600
    picture = "".join(ElementTree.parse(svg).getroot().itertext())
    page = html.read_text("utf-8")
    for text in (picture, page):
        assert BAD_HUB in text
        assert "correlated with" in text
        assert "No recommendations are made or intended" in text
    assert "<td>cause suspected" in page
    assert "<script" not in page
    inside = made.run("alerts", "report", "--inventory", inventory, "--svg", "map.svg")
    assert inside.code == 3
    assert "git repository" in inside.err
    both = made.run("alerts", "report", "--json", "--csv", "--inventory", inventory)
    assert both.code == 2


def test_where_nothing_is_correlated_that_is_said(made: TestRegister, tmp_path: Path) -> None:
    quiet = str(keep(tmp_path / "i", *fleet({GOOD_HUB: 10, BAD_HUB: 10}, each=40)))
    told = made.run("alerts", "report", "--inventory", quiet, "--html", str(tmp_path / "p.html"))
    assert told.code == 0, told.err
    assert "No alert code is correlated with any combination in these days." in told.out
    assert "No alert code is correlated" in (tmp_path / "p.html").read_text("utf-8")
    none = made.run("alerts", "report", "--inventory", quiet, "--svg", str(tmp_path / "p.svg"))
    assert none.code == 2
    assert not (tmp_path / "p.svg").exists()
