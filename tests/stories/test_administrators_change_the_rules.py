"""Administrators change the rules: a switch, a schema, a key that is retired or distrusted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from defectreg.register.yamltext import dump, load
from tests.registers import ID, TestRegister, good_record, make_register, statement
from tests.stories.together import Person, assert_proven, share

DCC = "policy/parties/dcc.yaml"
STATEMENT = "schema/statement.schema.json"
OTHER = "DR-AAAA-BBBB"
NEW_REGION = "4G Islands"


def test_two_administrators_of_two_parties_change_a_switch(tmp_path: Path) -> None:
    shared = share(tmp_path / "shared")
    proposer, second = shared.clone("secas"), shared.clone("dcc-second")
    branch = "submit/reply-window"
    proposer.gits("switch", "--quiet", "--create", branch)
    with (proposer.folder / "policy" / "register.yaml").open("a") as policy:
        policy.write("reply-window: 5\n")
    proposer.gits("commit", "--quiet", "--all", "--message", "A shorter window")
    signed = proposer.does("policy", "sign", "--says", "Paper 7, item 4.")
    assert "Awaited: an administrator of dcc.\nNext, they sign it too:\n" in signed
    again = proposer.run("policy", "sign")
    assert (again.code, "secas has signed this change already" in again.err) == (2, True)
    proposer.gits("push", "--quiet", "origin", branch)
    waiting = proposer.is_refused("gate", branch)
    assert "awaits two administrators of two Parties; signed: secas" in waiting
    refused = proposer.git("push", "origin", f"{branch}:main")
    assert refused.code != 0
    assert "[G020]" in refused.err
    second.fetches()
    second.gits("switch", "--quiet", branch)
    (wait,) = second.waits("--mine")
    assert (wait["kind"], wait["waits_for"], wait["request"]) == ("policy", "sign-off", branch)
    assert "policy  sign-off  on submit/reply-window\n" in second.does("queue")
    landing = second.does("policy", "sign")
    assert (
        f"Nobody else has to sign.\nNext, it lands as one step:\n  defectreg gate {branch}\n"
        in landing
    )
    assert "It may land. It brings what the register is judged by." in second.does("gate", branch)
    second.gits("push", "--quiet", "origin", branch)
    merges(second, branch)
    second.gits("push", "--quiet", "--atomic", "origin", "main", f":{branch}")
    assert shared.branches() == ["main"]
    proposer.fetches()
    shown = json.loads(proposer.does("policy", "show", "reply-window", "--json"))
    assert [switch["value"] for switch in shown["switches"]] == [5]
    assert_proven(shared.bare)


def merges(person: Person, branch: str) -> None:
    person.gits("switch", "--quiet", "main")
    person.gits("merge", "--quiet", "--no-ff", "--message", f"Land {branch}", branch)


def test_a_schema_widens_and_does_not_narrow(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    seen = statement("report", "supplier-one", says="We see it.", region="North")
    made.add(good_record(), seen)
    administrator = Person(made.folder, "secas")
    wider = schema_of(made)
    wider["properties"]["region"]["enum"].append(NEW_REGION)
    proposed(made, "submit/wider", wider)
    merges(administrator, "submit/wider")
    reporter = Person(made.folder, "supplier-two")
    reporter.says("report", ID, "We see it too.", "--region", NEW_REGION)
    reporter.does("land", ID)
    narrower = schema_of(made)
    narrower["properties"]["region"]["enum"].remove("North")
    proposed(made, "submit/narrower", narrower)
    refused = administrator.is_refused("gate", "submit/narrower")
    assert "error[G024]" in refused
    assert "2026-03-02-report-supplier-one.yaml has landed and would be invalid" in refused
    assert_proven(made.folder)


def schema_of(made: TestRegister) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(made.read(STATEMENT))
    return schema


def proposed(made: TestRegister, branch: str, schema: dict[str, Any]) -> None:
    """A change of the schema of statements, signed by both administrators."""
    made.commit({STATEMENT: json.dumps(schema, indent=2).encode()}, f"refs/heads/{branch}")
    for name in ("secas", "dcc-second"):
        Person(made.folder, name).does("policy", "sign", branch)


def test_what_a_retired_key_signed_stands_and_what_a_distrusted_one_signed_does_not(
    tmp_path: Path,
) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    made.add(good_record(id=OTHER), accept=False, ref=f"refs/heads/submit/{OTHER}")
    validator, second = Person(made.folder, "dcc"), Person(made.folder, "dcc-second")
    key_becomes(made, "retired")
    refused = validator.run("review", OTHER, "--accept", "--yes")
    assert (refused.code, "is retired: nothing new is signed with it" in refused.err) == (2, True)
    assert validator.sees_stage() == "published"
    second.accepts_and_lands(OTHER)
    key_becomes(made, "distrusted")
    assert second.sees_stage() == "reported"
    assert second.sees_stage(OTHER) == "published"
    assert (ID, "accept") in {(wait["id"], wait["waits_for"]) for wait in second.waits("--mine")}
    second.accepts_and_lands()
    assert second.sees_stage() == "published"
    assert_proven(made.folder)


def key_becomes(made: TestRegister, state: str) -> None:
    """The DCC's other administrator alone withdraws the validator's key."""
    branch = f"submit/{state}"
    party: dict[str, Any] = dict(load(made.read(DCC)).data)
    (person,) = [each for each in party["people"] if each["pseudonym"] == "dcc"]
    person["keys"] = [{**key, "state": state} for key in person["keys"]]
    made.commit({DCC: dump(party).encode()}, f"refs/heads/{branch}")
    administrator = Person(made.folder, "dcc-second")
    administrator.does("policy", "sign", branch)
    merges(administrator, branch)
