"""A Party tracks Superfluous Alerts: a new record, then reports, at last one that it ended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from defectreg.register.yamltext import dump, load
from tests.alerts import BAD_HUB, GOOD_HUB, Sent, fleet, keep
from tests.registers import NAME, TestRegister, make_register
from tests.stories.together import Person, assert_proven

ENTRY = f"{BAD_HUB} in North"


def policy(**switches: Any) -> bytes:
    """A policy that counts 8F1E as superfluous."""
    return dump({"name": NAME, "superfluous-alerts": ["8F1E"], **switches}).encode()


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    return make_register(tmp_path / "register", files={"policy/register.yaml": policy()})


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Four weeks in which a Hub's firmware stands out."""
    return str(keep(tmp_path_factory.mktemp("alerts") / "i", *fleet({GOOD_HUB: 4, BAD_HUB: 40})))


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same four weeks, and four more in which both Hubs send alike."""
    stays, sent = fleet({GOOD_HUB: 4, BAD_HUB: 40})
    stays = [type(each)(each.premises, each.hub, each.esme, last=55) for each in stays]
    more = [Sent(each.premises, 1, 28 + each.premises % 28) for each in stays
            if each.premises % 2 == 0]  # fmt: skip
    marks = [Sent(0, 1, number, "8F35") for number in range(28, 56)]
    return str(keep(tmp_path_factory.mktemp("later") / "i", stays, [*sent, *more, *marks]))


def tracked(person: Person, inventory: str, *words: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(
        person.does("alerts", "track", "--inventory", inventory, "--json", *words)
    )
    return answer


def outcomes(answer: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(line["outcome"], line["id"]) for line in answer["plan"]]


def test_a_finding_becomes_a_record_once_and_only_when_told_to(
    made: TestRegister, loaded: str
) -> None:
    person = Person(made.folder, "supplier-one")
    before = made.repository.refs()
    shown = person.does("alerts", "track", "--inventory", loaded)
    assert f"{ENTRY.removesuffix(' in North')} in North: correlated with 8F1E" in shown
    assert "a new record" in shown
    assert "Proposed: 1 new record.\nNothing was written; --write does." in shown
    assert "caused" not in shown
    assert made.repository.refs() == before
    (line,) = tracked(person, loaded, "--write")["plan"]
    proposal = line["proposal"]
    assert (proposal["written"], proposal["signed"]) == (True, True)
    record, report = (load(text.encode()).data for text in proposal["files"].values())
    assert record["affected"] == [ENTRY]
    assert (record["kind"], record["certainty"]) == ("superfluous-alerts", "correlated")
    assert record["evidence"] == {"devices": "100-999"}
    assert record["impact"] == {"dcc-services": "high"}
    assert (report["by"], report["region"], report["devices"]) == (
        "supplier-one", "North", "100-999",
    )  # fmt: skip
    assert report["period"] == "2026-06"
    assert "160" not in f"{record} {report['says']}"
    again = tracked(person, loaded, "--write")
    assert outcomes(again) == [("told", proposal["id"])]
    assert len(made.repository.refs()) == len(before) + 1


def test_a_record_lands_is_reported_on_again_and_ends(
    made: TestRegister, loaded: str, later: str
) -> None:
    tracker, validator = Person(made.folder, "supplier-one"), Person(made.folder, "dcc")
    (line,) = tracked(tracker, loaded, "--write")["plan"]
    record_id = line["proposal"]["id"]
    validator.accepts_and_lands(record_id)
    assert outcomes(tracked(tracker, loaded, "--write")) == [("told", record_id)]
    other = Person(made.folder, "supplier-two")
    assert outcomes(tracked(other, loaded)) == [("report", record_id)]
    window = ("--since", "2026-06-08", "--until", "2026-07-05")
    (more,) = tracked(tracker, later, *window, "--write")["plan"]
    assert (more["outcome"], more["id"]) == ("report", record_id)
    tracker.does("land", record_id)
    window = ("--since", "2026-07-06", "--until", "2026-07-26")
    (ended,) = tracked(tracker, later, *window, "--write")["plan"]
    assert ended["outcome"] == "ended"
    (text,) = ended["proposal"]["files"].values()
    assert load(text.encode()).data["until"] == "2026-07-05"
    tracker.does("land", record_id)
    assert outcomes(tracked(tracker, later, *window)) == []
    states = {said["state"] for said in tracker.sees(record_id)["statements"]}
    assert states == {"counts"}
    assert_proven(made.folder)


def test_the_same_days_with_other_figures_take_the_place_of_what_was_said(
    made: TestRegister, loaded: str, tmp_path: Path
) -> None:
    tracker = Person(made.folder, "supplier-one")
    (line,) = tracked(tracker, loaded, "--write")["plan"]
    Person(made.folder, "dcc").accepts_and_lands(line["proposal"]["id"])
    fuller = str(keep(tmp_path / "i", *fleet({GOOD_HUB: 1, BAD_HUB: 60})))
    (line,) = tracked(tracker, fuller)["plan"]
    (text,) = line["proposal"]["files"].values()
    assert str(load(text.encode()).data["supersedes"]).endswith("-report-supplier-one.yaml")


def test_without_codes_in_the_policy_it_shows_and_proposes_nothing(
    tmp_path: Path, loaded: str
) -> None:
    made = make_register(tmp_path / "register")
    shown = made.run("alerts", "track", "--inventory", loaded, "--write")
    assert shown.code == 0, shown.err
    assert f"{BAD_HUB} in North: correlated with 8F1E" in shown.out
    assert "the policy counts no alert code as superfluous" in shown.out
    assert [name for name in made.repository.refs() if "/submit/" in name] == []


def test_figures_are_exact_where_the_policy_wants_them(tmp_path: Path, loaded: str) -> None:
    files = {"policy/register.yaml": policy(figures="exact")}
    made = make_register(tmp_path / "register", files=files)
    (line,) = tracked(Person(made.folder, "supplier-one"), loaded)["plan"]
    report = load([*line["proposal"]["files"].values()][1].encode()).data
    assert "160 of 400 premises alerted" in report["says"]
    assert "95 % interval" in report["says"]


def test_nobody_in_particular_cannot_track(made: TestRegister, loaded: str) -> None:
    told = made.run("alerts", "track", "--inventory", loaded)
    assert told.code == 2
    assert "--party" in told.err


def test_who_may_not_report_writes_nothing(made: TestRegister, loaded: str) -> None:
    told = Person(made.folder, "secas").run("alerts", "track", "--inventory", loaded, "--write")
    assert told.code == 1
    assert "may not report to this register" in told.out
    assert "1 cannot be written" in told.out
    assert [name for name in made.repository.refs() if "/submit/" in name] == []


def test_each_finding_has_a_branch_of_its_own_and_without_a_key_waits_to_be_signed(
    tmp_path: Path,
) -> None:
    codes = policy(**{"superfluous-alerts": ["8F1E", "8F20"]})
    made = make_register(tmp_path / "register", files={"policy/register.yaml": codes})
    stays, sent = fleet({GOOD_HUB: 4, BAD_HUB: 40})
    both = [*sent, *(Sent(each.premises, each.alerts, each.day, "8F20") for each in sent)]
    inventory = str(keep(tmp_path / "i", stays, both))
    told = made.run("alerts", "track", "--inventory", inventory, "--party", "supplier-one",
                    "--write")  # fmt: skip
    assert told.code == 0, told.err
    assert "Proposed: 2 new records." in told.out
    branches = [ref.removeprefix("refs/heads/") for ref in made.repository.refs()
                if "/submit/" in ref]  # fmt: skip
    assert len(branches) == 2
    for branch in branches:
        assert f"git push origin {branch}" in told.out
        assert f"defectreg key sign {branch.removeprefix('submit/')}" in told.out


def test_what_an_earlier_run_wrote_is_not_written_again_beside_the_rest(tmp_path: Path) -> None:
    codes = policy(**{"superfluous-alerts": ["8F1E", "8F20"]})
    made = make_register(tmp_path / "register", files={"policy/register.yaml": codes})
    stays, sent = fleet({GOOD_HUB: 4, BAD_HUB: 40})
    both = [*sent, *(Sent(each.premises, each.alerts, each.day, "8F20") for each in sent)]
    inventory = str(keep(tmp_path / "i", stays, both))
    person = Person(made.folder, "supplier-one")
    (first,) = tracked(person, inventory, "--alert", "8F20", "--write")["plan"]
    lines = tracked(person, inventory, "--write")["plan"]
    by_code = {line["alert_code"]: (line["outcome"], line["id"]) for line in lines}
    assert by_code == {"8F1E": ("record", None), "8F20": ("told", first["proposal"]["id"])}
