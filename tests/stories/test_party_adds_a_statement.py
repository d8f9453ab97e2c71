"""Parties say something of a record: before it lands, and after."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import load
from tests.registers import (
    ID,
    MAIN,
    Result,
    TestRegister,
    good_record,
    key_of,
    make_register,
    statement,
)

AFFECTED = ["ESME:FF01/00010100 in North"]
OTHER = "DR-0000-0001"


@pytest.fixture
def register(tmp_path: Path) -> TestRegister:
    day = (datetime.now(UTC) - timedelta(days=30)).date()
    made = make_register(tmp_path / "register", signs=False, day=day)
    made.add(good_record(affected=AFFECTED))
    return made


def add(register: TestRegister, *arguments: str, by: str, **more: str) -> Result:
    return register.run("add", *arguments, "--key", str(key_of(by)), **more)


def branch_of(result: Result) -> str:
    assert result.code == 0, result
    (line,) = [line for line in result.out.splitlines() if line.startswith("Committed on")]
    return f"refs/heads/{line.split(' ')[4].rstrip(':')}"


def said_on(register: TestRegister, ref: str) -> dict[str, object]:
    """The one statement that a branch adds to what is on main."""
    refs = register.repository.refs(ref, MAIN)
    before = register.repository.listing(refs[MAIN])
    after = register.repository.listing(refs[ref])
    (path,) = after.keys() - before.keys()
    assert {name: blob for name, blob in after.items() if name in before} == before
    return {"path": path, **load(register.read(path, ref)).data}


SAID = {
    "report": ("supplier-two", ["We see it too.", "--devices", "10-99", "--region", "North"]),
    "cause": ("supplier-two", ["The clock is reset.", "--cause", "suspected"]),
    "fix": ("maker-one", ["Update the meter.", "--device", "ESME", "--firmware", "00030005"]),
    "workaround": ("supplier-two", ["Restart the meter once.", "--device", "ESME"]),
    "challenge": ("supplier-two", ["We do not see it.", "--about", "behaviour"]),
    "confirmation": ("supplier-two", ["--about", "scope"]),
    "response": ("maker-one", ["We look into it.", "--position", "investigating"]),
    "consent": ("supplier-one", ["--audience", "green"]),
}


@pytest.mark.parametrize("kind", SAID)
def test_one_command_adds_one_signed_file_and_touches_nothing_else(
    register: TestRegister, kind: str
) -> None:
    by, arguments = SAID[kind]
    text = arguments[:1] if not arguments[0].startswith("--") else []
    ref = branch_of(add(register, kind, "7k3q", *arguments, by=by))
    assert ref == f"refs/heads/submit/{ID}-{by}"
    said = said_on(register, ref)
    today = datetime.now(UTC).date()
    assert (said["of"], said["kind"], said["by"]) == (ID, kind, by)
    assert str(said["path"]).startswith(f"{statements_folder(ID)}/{said['date']}-{kind}-{by}")
    assert abs(date.fromisoformat(str(said["date"])) - today).days <= 1
    assert ([said["says"]] if text else []) == text
    assert "signature" in said


def test_an_accommodation_names_both_devices(register: TestRegister) -> None:
    register.add(good_record(id=OTHER))
    ref = branch_of(
        add(register, "accommodation", OTHER, "The Hub waits longer.", "--device", "CHF",
            "--lives-with", "ESME", by="supplier-two")
    )  # fmt: skip
    assert said_on(register, ref)["lives-with"] == "ESME"


def test_a_consent_names_the_bytes_of_the_record_or_of_a_statement(register: TestRegister) -> None:
    ref = branch_of(add(register, "consent", ID, "--audience", "green", by="supplier-one"))
    record = register.read(record_path(ID))
    line = f"{hashlib.sha256(record).hexdigest()}  {ID}.yaml"
    assert said_on(register, ref)["read"] == [line]
    (report,) = [
        path
        for path in register.repository.listing(register.repository.refs(MAIN)[MAIN])
        if "-report-" in path
    ]
    name = report.rpartition("/")[2]
    second = branch_of(
        add(register, "consent", ID, "--audience", "green", "--read", name, by="supplier-one")
    )
    line = f"{hashlib.sha256(register.read(report)).hexdigest()}  {name}"
    assert said_on(register, second)["read"] == [line]


def test_a_cause_is_challenged_by_its_kind_where_there_is_one_and_then_superseded(
    register: TestRegister,
) -> None:
    (name,) = register.say(
        ID, statement("cause", "supplier-one", cause="suspected", says="The clock is reset."),
        accept=True,
    )[:1]  # fmt: skip
    ref = branch_of(add(register, "challenge", ID, "No.", "--about", "cause", by="supplier-two"))
    assert said_on(register, ref)["about"] == name
    ref = branch_of(
        add(register, "cause", ID, "It is not known.", "--cause", "unknown",
            "--supersedes", "cause", by="supplier-one")
    )  # fmt: skip
    assert said_on(register, ref)["supersedes"] == name


def test_a_name_that_means_several_statements_is_refused_with_the_choice(
    register: TestRegister,
) -> None:
    says = {"cause": "suspected", "says": "The clock is reset."}
    names = register.say(
        ID, statement("cause", "supplier-one", **says), statement("cause", "maker-one", **says)
    )
    result = add(register, "challenge", ID, "No.", "--about", "cause", by="supplier-two")
    assert result.code == 2
    assert all(name in result.err for name in names)


def test_a_second_statement_of_a_day_gets_another_name_and_branch(register: TestRegister) -> None:
    first = branch_of(add(register, "report", ID, "We see it.", by="supplier-two"))
    second = branch_of(add(register, "report", ID, "We see more.", by="supplier-two"))
    assert second == f"{first}-2"
    assert str(said_on(register, second)["path"]).endswith("-supplier-two-2.yaml")


def test_on_a_record_that_has_not_landed_a_statement_joins_the_request(
    register: TestRegister,
) -> None:
    request = f"refs/heads/submit/{OTHER}"
    register.add(good_record(id=OTHER), accept=False, ref=request)
    before = register.repository.refs(request)[request]
    ref = branch_of(add(register, "report", "dr-0000-0001", "We see it too.", by="supplier-two"))
    assert ref == request
    after = register.repository.refs(request)[request]
    (step,) = register.repository.steps(after, since=before)
    assert (len(step.added), step.changed, step.removed) == (1, (), ())


def test_a_letter_is_entered_by_a_validator_with_its_digest(
    register: TestRegister, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"We investigate.")
    ref = branch_of(
        add(register, "response", ID, "We investigate.", "--position", "investigating",
            "--received", "letter", "--from-party", "maker-one", "--letter", str(letter),
            by="dcc")
    )  # fmt: skip
    said = said_on(register, ref)
    assert (said["from"], said["by"]) == ("maker-one", "dcc")
    assert said["letter"] == hashlib.sha256(b"We investigate.").hexdigest()


def test_the_text_may_come_from_standard_input(register: TestRegister) -> None:
    given = "First line.\nSecond line.\n"
    ref = branch_of(add(register, "report", ID, "-", by="supplier-two", given=given))
    assert said_on(register, ref)["says"] == given


def test_what_a_kind_needs_is_named_where_nobody_can_be_asked(register: TestRegister) -> None:
    result = add(register, "cause", ID, by="supplier-two")
    assert (result.code, "a cause needs TEXT, --cause" in result.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["caus", ID, "x"], "did you mean cause?"),
        (["notice", ID, "x"], "there is no kind of statement 'notice'"),
        (["cause"], "of which record is this cause said?"),
        (["cause", "zzzz", "It is so.", "--cause", "unknown"], "no record begins with DR-ZZZZ"),
        (["cause", ID, "It is so.", "--devices", "1"], "--devices does not belong to a cause"),
    ],
)
def test_a_slip_is_answered_with_what_would_be_right(
    register: TestRegister, arguments: list[str], sentence: str
) -> None:
    result = add(register, *arguments, by="supplier-two")
    assert (result.code, sentence in result.err) == (2, True)


def test_what_is_refused_is_kept_and_taken_up_again_from_there(register: TestRegister) -> None:
    text = "It is the fault of the maker, which fails to comply."
    refused = add(register, "cause", ID, text, "--cause", "suspected", by="supplier-two")
    assert refused.code == 1
    (place,) = (register.repository.common_dir / "defectreg" / "drafts").iterdir()
    assert str(place) in refused.err
    assert load(place.read_bytes()).data == {"says": text, "cause": "suspected"}
    place.write_text(place.read_text().replace(text, "The clock is reset."))
    taken_up = add(register, "cause", ID, "--from", str(place), by="supplier-two")
    assert said_on(register, branch_of(taken_up))["says"] == "The clock is reset."


def test_a_key_without_the_role_that_is_needed_signs_nothing(register: TestRegister) -> None:
    result = add(register, "report", ID, "We see it.", by="maker-one")
    assert result.code == 1
    assert "R093" in result.out
    assert register.repository.refs("refs/heads/submit/") == {}


def test_a_dry_run_shows_the_file_and_writes_nothing(register: TestRegister) -> None:
    result = add(register, "report", ID, "We see it.", "--dry-run", "--json", by="supplier-two")
    told = json.loads(result.out)
    (text,) = told["files"].values()
    assert load(text.encode()).data["says"] == "We see it."
    assert (told["commit"], told["written"]) == (None, False)
    assert register.repository.refs("refs/heads/submit/") == {}
