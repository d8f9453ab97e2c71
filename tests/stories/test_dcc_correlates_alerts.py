"""The DCC asks what Superfluous Alerts are correlated with, and whether a fix changed them."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from tests.alerts import BAD_HUB, GOOD_HUB, Sent, Stay, fleet, keep
from tests.registers import ID, TestRegister, good_record, make_register, statement

MODEL = "ESME:FF01/00010100"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    record = good_record(affected=[f"{MODEL}@0001*"], alerts=["8F1E"])
    register = make_register(tmp_path_factory.mktemp("alerts") / "r", [record], signs=False)
    fix = statement(
        "fix", "supplier-two", says="Take 00010002.", device="ESME", firmware="00010002"
    )
    register.later().say(ID, fix, accept=True)
    return register


def test_a_hub_firmware_is_one_finding_in_its_region(made: TestRegister, tmp_path: Path) -> None:
    inventory = str(keep(tmp_path / "i", *fleet({GOOD_HUB: 4, BAD_HUB: 40})))
    told = made.run("alerts", "correlate", "--inventory", inventory)
    assert told.code == 1, told.err
    assert f"{BAD_HUB} in North: correlated with 8F1E" in told.out
    assert "1 finding in " in told.out
    assert "160 of 400 premises alerted (40%)" in told.out
    assert "caused" not in told.out
    answer = json.loads(
        made.run("alerts", "correlate", "--inventory", inventory, "--json", "--alert", "0x8f1e").out
    )
    assert [each["combination"] for each in answer["findings"]] == [BAD_HUB]
    assert answer["findings"][0]["low"] > 1.5
    assert answer["meta"]["alerts"] == ["8F1E"]
    assert answer["meta"]["days"] == 28


def test_the_load_is_a_share_of_all_alerts_of_the_region(
    made: TestRegister, tmp_path: Path
) -> None:
    stays, sent = fleet({GOOD_HUB: 4, BAD_HUB: 40})
    storms = [Sent(400, 30_000, 3), Sent(401, 20_000, 4)]
    other = [Sent(number, 100, 5, "8F35") for number in range(100)]
    inventory = str(keep(tmp_path / "i", stays, [*sent, *storms, *other]))
    told = made.run("alerts", "correlate", "--inventory", inventory)
    assert told.out.startswith("No recommendations are made or intended.")
    assert "alerts a day, 83.3% of the region's and 99.9% of its 8F1E" in told.out
    answer = json.loads(
        made.run("alerts", "correlate", "--inventory", inventory, "--json", "--alert", "8F1E").out
    )
    assert answer["meta"]["disclaimer"].startswith("No recommendations")
    (finding,) = answer["findings"]
    assert finding["share"] == pytest.approx(0.833, abs=0.001)
    assert all(0 < each["share"] <= each["share_of_code"] <= 1 for each in answer["cells"])


def test_an_alert_that_nobody_sent_is_said_to_be_none(made: TestRegister, tmp_path: Path) -> None:
    inventory = str(keep(tmp_path / "i", *fleet({GOOD_HUB: 10, BAD_HUB: 10}, each=10)))
    told = made.run("alerts", "correlate", "--inventory", inventory, "--alert", "8F20")
    assert told.code == 0, told.err
    assert told.out.endswith("No premises sent such an alert in these days.\n")


def test_a_quiet_fleet_ends_clean(made: TestRegister, tmp_path: Path) -> None:
    inventory = str(keep(tmp_path / "i", *fleet({GOOD_HUB: 10, BAD_HUB: 10}, each=40)))
    told = made.run("alerts", "correlate", "--inventory", inventory)
    assert told.code == 0, told.err
    assert "\n0 findings in " in told.out


def test_a_fix_is_measured_beside_like_premises(made: TestRegister, tmp_path: Path) -> None:
    old, new = f"{MODEL}@00010001", f"{MODEL}@00010002"
    stays = [Stay(number, esme=old, last=69 if number >= 60 else 29) for number in range(120)]
    stays += [Stay(number, esme=new, first=30, last=69) for number in range(60)]
    sent = [Sent(number, 3, day) for number in range(120) for day in range(number % 3, 70, 3)
            if number >= 60 or day < 30]  # fmt: skip
    inventory = str(keep(tmp_path / "i", stays, sent))
    told = made.run("alerts", "effect", ID[3:7].lower(), "--inventory", inventory)
    assert told.code == 0, told.out + told.err
    assert told.out.startswith("No recommendations are made or intended.")
    assert "proposed: a confirmation about " in told.out
    *_, command = told.out.splitlines()
    program, *words = shlex.split(command)
    assert program == "defectreg"
    added = made.run(*words, "--party", "supplier-one", "--dry-run")
    assert added.code == 0, added.out + added.err
    answer = json.loads(made.run("alerts", "effect", ID, "--inventory", inventory, "--json").out)
    effect = answer["effects"][0]
    assert effect["proposal"]["kind"] == "confirmation"
    assert effect["proposal"]["of"] == ID
    assert effect["took"]["premises"] == 60
    assert effect["left"]["value"] == 0
    assert answer["meta"]["alerts"] == ["8F1E"]
    assert (answer["meta"]["since"], answer["meta"]["until"]) == ("2026-06-01", "2026-08-09")


def test_a_fix_that_its_party_replaced_is_measured_only_where_it_is_named(tmp_path: Path) -> None:
    record = good_record(affected=[f"{MODEL}@0001*"], alerts=["8F1E"])
    register = make_register(tmp_path / "r", [record], signs=False)
    fix = statement("fix", "supplier-two", says="Take it.", device="ESME", firmware="00010002")
    first, *_ = register.later().say(ID, fix, accept=True)
    fix |= {"firmware": "00010003", "supersedes": first}
    second, *_ = register.later().say(ID, fix, accept=True)
    inventory = str(keep(tmp_path / "i", [Stay(1)], [Sent(1, 1, day) for day in range(28)]))
    asked = ("alerts", "effect", ID, "--inventory", inventory, "--json")
    fixes = [each["fix"] for each in json.loads(register.run(*asked).out)["effects"]]
    assert fixes == [second]
    named = json.loads(register.run(*asked, "--fix", first).out)["effects"]
    assert [each["fix"] for each in named] == [first]


def test_without_alerts_there_is_nothing_to_correlate(made: TestRegister, tmp_path: Path) -> None:
    told = made.run("alerts", "correlate", "--inventory", str(tmp_path / "none"))
    assert told.code == 3
    assert "no alerts of these days were loaded" in told.err


def test_what_is_no_alert_code_is_refused(made: TestRegister, tmp_path: Path) -> None:
    told = made.run("alerts", "correlate", "--alert", "N32", "--inventory", str(tmp_path))
    assert told.code == 2
