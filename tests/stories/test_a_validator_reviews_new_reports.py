"""A validator's day: new reports in groups, accepted, merged or returned by key, signed at once."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pexpect
import pytest

from defectreg.register.record import record_path, statements_folder
from defectreg.register.yamltext import dump, load
from tests.registers import ROOT, TestRegister, good_record, key_of, make_register, statement
from tests.stories.together import Person, assert_proven, share

BILLING, AGAIN, CLOCK, LANDED = "DR-1111-0000", "DR-2222-0000", "DR-3333-0000", "DR-9999-0000"
HUB = {
    "title": "Hub loses its clock after a power outage",
    "affected": ["CHF:FF02/00020001"],
    "behaviour": "After an outage the clock of the Hub stands at the first of January.",
    "alerts": None,
}
DISPLAY = {
    "title": "In-home display shows no tariff on the first day of a month",
    "affected": ["IHD:FF04/00040001"],
    "behaviour": "The display stays blank until noon, and then shows the tariff that was set.",
    "alerts": None,
}


def received(**keys: Any) -> dict[str, Any]:
    """A report that the service desk's export told, as the DCC enters it."""
    return statement("report", "dcc", received="incident", told_by="large-supplier",
                     says="Told to the service desk.", **keys)  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> TestRegister:
    """A register in which one record has landed and three wait, two of them alike."""
    made = make_register(tmp_path / "register")
    made.add(good_record(id=LANDED, **DISPLAY))
    for record_id, text in ((BILLING, {}), (AGAIN, {"title": "No billing alerts after an update"}),
                            (CLOCK, HUB)):  # fmt: skip
        made.later().add(good_record(id=record_id, **text), received(stands_for=4), accept=False,
                         ref="refs/heads/submit/import")  # fmt: skip
    return made


class Keys:
    """`review --new` in a terminal, as a validator sits before it."""

    def __init__(self, made: TestRegister | Person, *words: str, person: str) -> None:
        self.child: pexpect.spawn[str] = pexpect.spawn(
            sys.executable,
            ["-m", "defectreg", "-C", str(made.folder), "review", "--new", *words,
             "--key", str(key_of(person)) if person else ""],
            encoding="utf-8", timeout=60, cwd=str(ROOT), dimensions=(60, 220),
            env={**os.environ, "NO_COLOR": "1", "TERM": "dumb"},
        )  # fmt: skip

    def shows(self, *texts: str) -> None:
        """Wait for these, in this order."""
        for text in texts:
            self.child.expect_exact(text)

    def press(self, key: str) -> None:
        """Wait for the keys to be named, and press one."""
        self.child.expect_exact("? help")
        self.child.send(key)

    def type(self, question: str, line: str) -> None:
        self.child.expect_exact(question)
        self.child.sendline(line)

    def ends(self, code: int = 0) -> str:
        """What it printed last, once it has ended as expected."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        text = str(self.child.before)
        assert self.child.exitstatus == code, text
        return text


@contextmanager
def keys(made: TestRegister | Person, *words: str, person: str = "dcc-second") -> Iterator[Keys]:
    opened = Keys(made, *words, person=person)
    try:
        yield opened
    finally:
        opened.child.close(force=True)


def said(made: TestRegister, record_id: str, kind: str, ref: str) -> list[dict[str, Any]]:
    """What was said of a record on a branch, of one kind."""
    tip = made.repository.refs(ref)[ref]
    paths = made.repository.listing(tip, statements_folder(record_id))
    return [dict(load(made.read(path, ref)).data) for path in paths if f"-{kind}-" in path]


IMPORT = "refs/heads/submit/import"


def test_what_is_new_is_listed_in_groups(made: TestRegister) -> None:
    told = json.loads(made.run("review", "--new", "--json").out)
    assert told["batch"] == 25
    groups = [[record["id"] for record in group["records"]] for group in told["groups"]]
    assert groups == [[BILLING, AGAIN], [CLOCK]]
    first = told["groups"][0]["records"][0]
    assert first["reports"][0]["stands_for"] == 4
    assert first["certainty"] == "suspected"
    listed = made.run("review", "--new")
    assert listed.code == 0
    assert f"{AGAIN}  No billing alerts after an update (" in listed.out
    assert "3 new records in 2 groups" in listed.out


def test_all_that_a_question_shows_is_accepted_by_one_key(made: TestRegister) -> None:
    with keys(made) as validator:
        validator.shows(BILLING, AGAIN, CLOCK)
        validator.press("a")
        validator.type("Sign it: 3 accepted?", "y")
        assert f"defectreg land {BILLING} {AGAIN} {CLOCK}" in validator.ends()
    validator_here = Person(made.folder, "dcc-second")
    validator_here.does("land", "--all")
    assert_proven(made.folder)


def test_records_are_merged_returned_and_accepted_in_one_signing_act(made: TestRegister) -> None:
    before = made.repository.refs(IMPORT)[IMPORT]
    with keys(made) as validator:
        validator.press("r")
        validator.type("Return which numbers", "3")
        validator.type("Why, for who reported it", "Which Hub firmware is it?")
        validator.press("m")
        validator.type("Merge which numbers", "")
        validator.type(f"Enter is {BILLING}", "")
        validator.shows(BILLING)
        validator.press("a")
        validator.type("Sign it: 1 returned, 1 merged, 1 accepted?", "y")
        text = validator.ends()
    assert f"{AGAIN}: withdrew the record, in favour of {BILLING}." in text
    assert f"once {BILLING} has landed: defectreg review --new" in text
    after = made.repository.refs(IMPORT)[IMPORT]
    assert made.repository.merge_base(before, after) == before
    decided = {one: said(made, one, "sign-off", IMPORT) for one in (BILLING, AGAIN, CLOCK)}
    assert [each["decision"] for each in decided[BILLING]] == ["accept"]
    assert [each["says"] for each in decided[CLOCK]] == ["Which Hub firmware is it?"]
    assert [(each["code"], each["other"]) for each in decided[AGAIN]] == [("duplicate-of", BILLING)]
    assert json.loads(made.run("review", "--new", "--json").out)["groups"] == []


def test_what_was_reported_of_a_merged_record_is_told_once_the_other_has_landed(
    made: TestRegister,
) -> None:
    validator = Person(made.folder, "dcc-second")
    validator.does("review", AGAIN, "--withdraw", "duplicate-of", "--other", BILLING)
    validator.does("review", BILLING, "--accept", "--yes")
    validator.does("land", BILLING)
    with keys(made) as asked:
        asked.press("q")
        asked.shows(f"To be told of {BILLING} too: what was reported of {AGAIN}.")
        asked.type("Sign it: 1 report told anew?", "y")
        assert f"defectreg land {BILLING}" in asked.ends()
    (report,) = said(made, BILLING, "report", f"refs/heads/submit/{BILLING}-dcc")[1:]
    assert report["stands-for"] == "4"
    assert (report["received"], report["told-by"]) == ("incident", "large-supplier")
    assert report["says"].startswith(f"Told first of {AGAIN} on 20")
    with keys(made) as asked:
        asked.press("q")
        assert "Nothing was answered" in asked.ends()
    validator.does("land", BILLING)
    assert_proven(made.folder)


def test_merging_into_what_has_landed_tells_the_report_at_once(made: TestRegister) -> None:
    validator = Person(made.folder, "dcc-second")
    answer = validator.does("review", CLOCK, "--withdraw", "duplicate-of", "--other", LANDED,
                            "--json")  # fmt: skip
    (carried,) = json.loads(answer)["carried"]
    assert (carried["id"], carried["merged"]) == (LANDED, [CLOCK])
    validator.does("land", LANDED)
    assert [wait["id"] for wait in validator.waits() if wait["id"] == CLOCK] == []
    assert_proven(made.folder)


def test_what_others_sent_is_merged_pushed_and_landed_on_a_server_that_judges(
    tmp_path: Path,
) -> None:
    shared = share(tmp_path / "shared")
    engineer, validator = shared.clone("supplier-one"), shared.clone("dcc")
    for title, model in (("Hub loses its clock", "00020001"), ("Hub loses the clock", "00020001")):
        engineer.sends("--title", title, "--affected", f"CHF:FF02/{model}", "--behaviour",
                       "After an outage it stands at the first of January.")  # fmt: skip
    validator.fetches()
    (group,) = json.loads(validator.does("review", "--new", "--json"))["groups"]
    stays, goes = (record["id"] for record in group["records"])
    with keys(validator, person="dcc") as asked:
        asked.press("m")
        asked.type("Merge which numbers", "")
        asked.type(f"Enter is {stays}", "")
        asked.press("a")
        asked.type("Sign it: 1 merged, 1 accepted?", "")
        assert f"supplier-one: defectreg add report {stays}" in asked.ends()
    validator.gits("push", "--quiet", "origin", f"submit/{stays}", f"submit/{goes}")
    validator.does("land", stays)
    assert f"submit/{stays}" not in shared.branches()
    engineer.fetches()
    engineer.sends("report", stays, "We saw it a second time.")
    validator.fetches()
    validator.does("land", stays)
    assert json.loads(validator.does("review", "--new", "--json"))["taken_back"] == [goes]
    assert_proven(validator.folder)


def test_who_stops_half_way_has_signed_nothing_and_goes_on_where_they_were(
    made: TestRegister,
) -> None:
    before = made.repository.refs(IMPORT)
    with keys(made) as validator:
        validator.press("r")
        validator.type("Return which numbers", "3")
        validator.type("Why, for who reported it", "Which region is it?")
        validator.press("\x03")
        text = " ".join(validator.ends(130).split())
    assert "nothing was signed; your answers are kept" in text
    assert made.repository.refs(IMPORT) == before
    with keys(made) as validator:
        validator.shows("Answered before and not signed: 1 returned.")
        validator.type("Take these answers up again", "")
        validator.shows(BILLING, AGAIN, "2 new records, 0 after that")
        validator.press("a")
        validator.type("Sign it: 1 returned, 2 accepted?", "y")
        validator.ends()
    (returned,) = said(made, CLOCK, "sign-off", IMPORT)
    assert returned["says"] == "Which region is it?"
    with keys(made) as validator:
        assert "Answered before" not in validator.ends()


@pytest.mark.parametrize("ending", [signal.SIGHUP, signal.SIGKILL])
def test_answers_outlive_a_closed_window_and_a_kill(
    made: TestRegister, ending: signal.Signals
) -> None:
    with keys(made) as validator:
        validator.press("o")
        validator.press("a")
        validator.shows(CLOCK, "? help")
        validator.child.kill(ending)
        validator.child.expect(pexpect.EOF)
    with keys(made) as validator:
        validator.shows("Answered before and not signed: 2 accepted.")
        validator.type("Take these answers up again", "y")
        validator.shows(CLOCK)
        validator.press("u")
        validator.shows(BILLING, AGAIN)
        validator.press("q")
        validator.shows("Nothing was answered")
        validator.ends()


def test_answers_that_are_not_signed_at_the_end_are_kept_or_forgotten(made: TestRegister) -> None:
    with keys(made) as validator:
        validator.press("a")
        validator.type("Sign it: 3 accepted?", "n")
        assert "your answers are kept" in validator.ends()
    with keys(made, person="dcc") as other:
        other.shows(BILLING)
        other.press("q")
        assert "Answered before" not in other.ends()
    with keys(made) as validator:
        validator.type("Take these answers up again", "n")
        validator.shows("3 new records, 0 after that")
        validator.press("q")
        validator.ends()
    assert list((made.repository.git_dir / "defectreg" / "drafts").iterdir()) == []


def test_an_answer_of_what_was_changed_meanwhile_is_not_taken_up(made: TestRegister) -> None:
    with keys(made) as validator:
        validator.press("a")
        validator.shows("Sign it: 3 accepted?")
        validator.child.kill(signal.SIGKILL)
    changed = good_record(id=CLOCK, **{**HUB, "title": "Hub loses its clock in the night"})
    made.change(CLOCK, changed, accept=False, ref=IMPORT)
    Person(made.folder, "dcc-second").does("review", BILLING, "--accept", "--yes")
    with keys(made) as validator:
        validator.type("Take these answers up again", "y")
        validator.shows(f"{BILLING}: decided or changed meanwhile; its answer is left out.")
        validator.shows(f"{CLOCK}: decided or changed meanwhile; its answer is left out.")
        validator.shows("1 new record, 0 after that")
        validator.press("q")
        validator.type("Sign it: 1 accepted?", "y")
        validator.ends()
    assert [len(said(made, one, "sign-off", IMPORT)) for one in (BILLING, AGAIN, CLOCK)] == [
        1, 1, 0,
    ]  # fmt: skip


def test_what_others_decided_meanwhile_is_left_and_the_rest_signed(made: TestRegister) -> None:
    with keys(made) as validator:
        validator.press("a")
        validator.shows("Sign it: 3 accepted?")
        Person(made.folder, "dcc-second").does("review", CLOCK, "--return", "Which firmware?")
        validator.child.sendline("y")
        text = validator.ends(1)
    assert f"{CLOCK}: not accepted.\r\n  what its request brings was changed meanwhile" in text
    assert f"defectreg land {BILLING} {AGAIN}\r\n" in text
    (returned,) = said(made, CLOCK, "sign-off", IMPORT)
    assert returned["decision"] == "return"


def test_what_may_never_be_stored_is_no_reason_of_a_return(made: TestRegister) -> None:
    with keys(made) as validator:
        validator.press("r")
        validator.type("Return which numbers", "1")
        validator.type("Why, for who reported it", "Ask jo.bloggs@example.com about it")
        validator.shows(f"{BILLING}: not returned.")
        validator.press("q")
        assert "Nothing was answered" in validator.ends()


def test_what_another_party_reported_is_for_it_to_say_again(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.add(good_record(id=LANDED, **HUB))
    made.later().add(good_record(id=CLOCK, **HUB), accept=False, ref=IMPORT)
    with keys(made) as validator:
        validator.press("m")
        validator.type(f"Enter is {LANDED}", "")
        validator.type("Sign it: 1 merged?", "y")
        text = validator.ends()
    assert f"supplier-one: defectreg add report {LANDED}" in text
    assert said(made, LANDED, "report", "refs/heads/main")[1:] == []


def test_nothing_is_merged_into_what_is_not_to_stay(made: TestRegister) -> None:
    with keys(made) as validator:
        validator.press("m")
        validator.type("Merge which numbers", "1")
        validator.type("Into which", "2")
        validator.press("m")
        validator.type("Merge which numbers", "1")
        validator.type("Into which", BILLING)
        validator.shows(f"{AGAIN}: not merged.", f"{BILLING} is not to stay, as you answered")
        validator.press("q")
        validator.type("Sign it: 1 merged?", "n")
        validator.ends()


def test_a_hostile_title_steers_no_terminal(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    data = dump(good_record(id=CLOCK, **{**HUB, "title": "TITLE"}))
    path = record_path(CLOCK)
    made.add(good_record(id=CLOCK, **HUB), accept=False, ref=IMPORT)
    made.commit({path: data.replace("TITLE", '"A\\e[2Jtitle \\u202etxt"').encode()}, IMPORT)
    listed = made.run("review", "--new")
    assert (listed.code, "\x1b" in listed.out, "\u202e" in listed.out) == (0, False, False)
    assert f"{CLOCK}: cannot be read" in listed.out


def test_an_answer_is_taken_back(made: TestRegister) -> None:
    with keys(made) as validator:
        validator.press("o")
        validator.press("a")
        validator.shows(CLOCK)
        validator.press("u")
        validator.shows(BILLING, AGAIN)
        validator.press("q")
        assert "Nothing was answered, and nothing is signed." in validator.ends()


def test_one_is_viewed_whole_and_every_key_explained(made: TestRegister) -> None:
    with keys(made) as validator:
        validator.press("?")
        validator.shows("m  merge: they tell what another record tells")
        validator.press("v")
        validator.type("View which number", "9")
        validator.shows("type numbers from 1 to 3, as 1-3,5")
        validator.press("v")
        validator.type("View which number", "3")
        validator.shows(f"{CLOCK} on submit/import", "Told to the service desk.", "awaits")
        validator.press("s")
        assert "Nothing was answered" in validator.ends()


def test_what_names_no_record_merges_nothing(made: TestRegister) -> None:
    with keys(made) as validator:
        validator.press("m")
        validator.type("Merge which numbers", "1")
        validator.type("Into which", "DR-ZZZZ")
        validator.shows("no record begins with DR-ZZZZ")
        validator.press("m")
        validator.type("Merge which numbers", "")
        validator.press("q")
        assert "Nothing was answered" in validator.ends()


def test_who_may_decide_nothing_is_asked_nothing(made: TestRegister) -> None:
    with keys(made, person="secas") as publisher:
        publisher.shows("No new record awaits your decision.")
        publisher.ends()


def test_without_a_key_nothing_is_asked(made: TestRegister) -> None:
    with keys(made, "--party", "dcc", person="") as nobody:
        nobody.shows("no key is named")
        nobody.ends(2)


def test_a_question_holds_as_many_records_as_the_policy_says(made: TestRegister) -> None:
    made.policy(review_batch=1)
    with keys(made) as validator:
        validator.shows("1 new record, 2 after that")
        validator.press("s")
        validator.shows("1 new record, 1 after that")
        validator.press("a")
        validator.shows("1 new record, 0 after that")
        validator.press("s")
        validator.type("Sign it: 1 accepted?", "y")
        validator.ends()
    assert [len(said(made, one, "sign-off", IMPORT)) for one in (BILLING, AGAIN, CLOCK)] == [
        0, 1, 0,
    ]  # fmt: skip


def test_what_may_not_be_accepted_is_said_and_asked_again(made: TestRegister) -> None:
    with keys(made, person="dcc") as reporter:
        reporter.press("a")
        reporter.shows(f"{BILLING}: not accepted.", "you are the reporter of")
        reporter.press("q")
        assert "Nothing was answered" in reporter.ends()


def test_a_trial_signs_nothing(made: TestRegister) -> None:
    before = made.repository.refs(IMPORT)
    with keys(made, "--dry-run") as validator:
        validator.press("a")
        validator.type("Sign it: 3 accepted?", "y")
        assert f"{BILLING}: the record would be accepted." in validator.ends()
    assert made.repository.refs(IMPORT) == before


def test_a_merged_record_is_accepted_by_nobody_by_accident(made: TestRegister) -> None:
    validator = Person(made.folder, "dcc-second")
    validator.does("review", AGAIN, "--withdraw", "duplicate-of", "--other", BILLING)
    answer = json.loads(validator.does("review", "--all", "--accept", "--yes", "--json"))
    assert [record["id"] for record in answer["records"]] == [BILLING, CLOCK]
    assert AGAIN not in validator.does("review")


def test_what_was_merged_stays_behind_and_is_not_named_when_the_rest_lands(
    made: TestRegister,
) -> None:
    validator = Person(made.folder, "dcc-second")
    validator.does("review", AGAIN, "--withdraw", "duplicate-of", "--other", BILLING)
    validator.does("review", "--all", "--accept", "--yes")
    landed = json.loads(validator.does("land", "--all", "--json"))
    assert (sorted(landed["records"]), landed["not_ready"]) == ([BILLING, CLOCK], [])
    assert "Nothing is ready to land." in validator.does("land", "--all")
    assert_proven(made.folder)


def test_a_merged_record_comes_back_by_an_accept(made: TestRegister) -> None:
    validator = Person(made.folder, "dcc-second")
    validator.does("review", AGAIN, "--withdraw", "duplicate-of", "--other", BILLING)
    validator.does("review", AGAIN, "--accept", "--yes")
    assert "Landed on main: 1 record" in validator.does("land", "--all")


def test_another_decision_does_not_go_with_new(made: TestRegister) -> None:
    result = made.run("review", "--new", "--all", "--accept", "--yes")
    assert result.code == 2
    assert "--new goes alone" in result.err
