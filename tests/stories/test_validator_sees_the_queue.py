"""Whoever has something to do sees what waits for them, and since when."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.registers import (
    ID,
    TestRegister,
    good_record,
    key_of,
    make_register,
    sign_off,
    statement,
)

REF = f"refs/heads/submit/{ID}"
OTHER = "DR-AAAA-BBBB"
CAUSE = statement("cause", "supplier-two", cause="suspected", says="The clock drifts.")
MAKER = ["ESME:FF01/00010100@0001*"]


def waits(made: TestRegister, *words: str) -> list[dict[str, Any]]:
    result = made.run("queue", "--json", *words)
    assert (result.code, result.err) == (0, ""), result
    found: list[dict[str, Any]] = json.loads(result.out)["waits"]
    return found


def brief(found: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(wait["since"], wait["whom"], wait["waits_for"]) for wait in found]


def test_what_a_request_awaits_is_listed_with_the_day_it_came(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.later().add(good_record(), accept=False, ref=REF)
    (wait,) = waits(made, "--as-of", "2026-04-01")
    assert wait == {
        "since": "2026-03-03",
        "whom": "validator",
        "waits_for": "accept",
        "until": None,
        "kind": None,
        "id": ID,
        "title": good_record()["title"],
        "stage": "reported",
        "request": f"submit/{ID}",
        "files": [f"{ID}.yaml"],
        "parties": [],
    }


def test_the_text_begins_with_the_disclaimer_and_says_when_requests_were_fetched(
    tmp_path: Path,
) -> None:
    made = make_register(tmp_path / "register")
    made.add(good_record(), accept=False, ref=REF)
    shown = made.run("queue").out
    assert shown.startswith("No recommendations are made or intended.")
    assert "Requests of others: no fetch is on record here." in shown
    assert f"validator: 1\n  2026-03-02  {ID}  accept  on submit/{ID}\n" in shown
    fetched = made.folder / ".git" / "FETCH_HEAD"
    fetched.touch()
    moment = datetime(2026, 3, 9, 8, 30, tzinfo=UTC).timestamp()
    os.utime(fetched, (moment, moment))
    assert "as fetched on 2026-03-09 at 08:30 UTC." in made.run("queue").out
    meta = json.loads(made.run("queue", "--json").out)["meta"]
    assert meta["fetched"] == "2026-03-09T08:30:00+00:00"


def test_what_was_accepted_waits_to_land_and_then_no_more(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.add(good_record(), ref=REF)
    assert brief(waits(made)) == [("2026-03-02", "validator", "landing")]
    assert made.run("land", ID, "--key", str(key_of("dcc"))).code == 0
    assert waits(made) == []
    assert made.run("queue").out.endswith("Nothing waits.\n")


def test_what_was_returned_waits_for_its_reporter(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.add(good_record(), accept=False, ref=REF)
    made.later(2).say(ID, sign_off("return", says="Which region?"), ref=REF)
    assert brief(waits(made)) == [("2026-03-04", "supplier-one", "new text")]


def test_what_is_unsigned_waits_for_its_party_before_anybody_accepts(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", signs=False)
    made.add(good_record(), accept=False, ref=REF)
    assert brief(waits(made)) == [("2026-03-02", "supplier-one", "signature")]
    assert made.run("key", "sign", ID, "--key", str(key_of("supplier-one"))).code == 0
    assert [wait["waits_for"] for wait in waits(made)] == ["accept"]


def test_what_has_errors_waits_for_its_author(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.add(good_record(title="Faulty meter sends no alerts"), accept=False, ref=REF)
    assert brief(waits(made)) == [("2026-03-02", "supplier-one", "mending")]


def test_what_is_held_waits_for_the_security_body(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    assert waits(made) == []
    hold = sign_off("hold", "ssc", role="security", says="Wait.")
    made.later(7).say(ID, hold)
    assert brief(waits(made)) == [("2026-03-09", "security body", "lift")]
    assert len(waits(made, "--mine", "--key", str(key_of("ssc")))) == 1
    assert waits(made, "--mine", "--key", str(key_of("dcc"))) == []


def test_a_manufacturer_is_waited_for_until_the_window_ends(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record(affected=MAKER)])
    assert brief(waits(made)) == [("2026-03-02", "publisher", "notice")]
    assert waits(made)[0]["parties"] == ["maker-one"]
    told = {"affected": MAKER, "certainty": "suspected", "impact": "high"}
    notice = statement("notice", "secas", to="maker-one", delivered="e-mail", told=told)
    made.later().say(ID, notice)
    open_window = waits(made, "--as-of", "2026-03-04")
    assert brief(open_window) == [("2026-03-03", "maker-one", "response")]
    assert open_window[0]["until"] == "2026-03-17"
    assert waits(made, "--as-of", "2026-03-18") == []
    own = ("--mine", "--party", "maker-one", "--as-of", "2026-03-04")
    assert len(waits(made, *own)) == 1


def test_too_little_evidence_waits_for_any_party_and_is_nobodys_own(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record(certainty="reported")])
    assert brief(waits(made)) == [("2026-03-02", "any Party", "evidence or a fix")]
    assert waits(made, "--mine", "--party", "supplier-one") == []
    assert len(waits(made, "--for", "any")) == 1


def test_a_cause_that_landed_unaccepted_waits_for_a_validator(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    (name,) = made.later().say(ID, CAUSE)
    (wait,) = waits(made)
    assert (wait["since"], wait["whom"], wait["files"]) == ("2026-03-03", "validator", [name])


def test_mine_leaves_out_what_another_person_must_accept(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record()])
    made.say(ID, statement("cause", "dcc", cause="suspected", says="The clock drifts."), ref=REF)
    assert waits(made, "--mine", "--key", str(key_of("dcc"))) == []
    assert len(waits(made, "--mine", "--key", str(key_of("dcc-second")))) == 1
    assert len(waits(made, "--for", "validator")) == 1


def test_the_oldest_comes_first_and_each_group_is_cut_at_the_limit(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.later(3).add(good_record(), accept=False, ref=REF)
    made.today = date(2026, 3, 3)
    made.add(good_record(id=OTHER), accept=False, ref=f"refs/heads/submit/{OTHER}")
    assert [wait["id"] for wait in waits(made)] == [OTHER, ID]
    shown = made.run("queue", "--limit", "1").out
    assert OTHER in shown
    assert ID not in shown
    assert "and 1 more, of later days: --limit 0 shows them" in shown
    assert ID in made.run("queue", "--limit", "0").out


def test_under_mandatory_input_validators_see_silent_manufacturers(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register", [good_record(affected=MAKER)])
    made.policy(manufacturer_input="mandatory")
    assert all(wait["id"] for wait in waits(made, "--as-of", "2026-03-31"))
    asked = ("--for", "validator", "--as-of", "2026-03-31")
    (wait,) = waits(made, *asked)
    assert (wait["since"], wait["parties"], wait["id"]) == ("2026-01-01", ["maker-one"], None)
    assert len(waits(made, "--mine", "--key", str(key_of("dcc")), "--as-of", "2026-03-31")) == 1
    made.later().say(ID, statement("response", "maker-one", position="investigating", says="Yes."))
    assert waits(made, *asked) == []
    assert len(waits(made, "--for", "validator", "--as-of", "2026-04-01")) == 1


@pytest.mark.parametrize("key", ["given-in-confidence", "classification"])
def test_the_title_of_what_few_may_read_is_not_printed(tmp_path: Path, key: str) -> None:
    made = make_register(tmp_path / "register")
    changes = {key.replace("-", "_"): True if key == "given-in-confidence" else "amber"}
    record = good_record(title="An unheard-of title of a record", **changes)
    made.add(record, accept=False, ref=REF)
    shown = made.run("queue").out + made.run("queue", "--json").out
    assert ID in shown
    assert "unheard-of" not in shown


def test_a_request_that_a_forge_numbers_is_in_the_queue(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    tip = made.repository.refs("refs/heads/main")["refs/heads/main"]
    made.add(good_record(), accept=False, ref=REF)
    git_dir = made.folder / ".git"
    commit = made.repository.refs(REF)[REF]
    forge = git_dir / "refs" / "remotes" / "origin" / "merge-requests"
    forge.mkdir(parents=True)
    (forge / "7").write_text(f"{commit}\n")
    (forge / "8").write_text(f"{tip}\n")
    assert [wait["request"] for wait in waits(made)] == [f"submit/{ID}"]
    (git_dir / "refs" / "heads" / "submit" / ID).unlink()
    assert [wait["request"] for wait in waits(made)] == ["origin/merge-requests/7"]


def test_what_brings_only_sign_offs_of_bytes_that_are_nowhere_waits_for_nobody(
    tmp_path: Path,
) -> None:
    made = make_register(tmp_path / "register")
    made.add(good_record(), ref=REF)
    made.change(ID, good_record(frequency="daily"), ref=REF)
    assert brief(waits(made)) == [("2026-03-02", "validator", "landing")]
    kept = made.repository.refs(REF)[REF]
    assert made.run("land", ID, "--key", str(key_of("dcc"))).code == 0
    (made.folder / ".git" / "refs" / "pull" / "7").mkdir(parents=True)
    (made.folder / ".git" / "refs" / "pull" / "7" / "head").write_text(f"{kept}\n")
    assert waits(made) == []


def test_a_review_beside_a_request_stands_for_both(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    made.add(good_record(), accept=False, ref=REF)
    review = made.folder / ".git" / "refs" / "heads" / "review" / ID
    review.parent.mkdir()
    review.write_text(made.repository.refs(REF)[REF] + "\n")
    made.say(ID, sign_off("accept"), ref=f"refs/heads/review/{ID}")
    assert [(wait["request"], wait["waits_for"]) for wait in waits(made)] == [
        (f"review/{ID}", "landing")
    ]


def test_what_nobody_is_called_is_a_wrong_question(tmp_path: Path) -> None:
    made = make_register(tmp_path / "register")
    result = made.run("queue", "--for", "somebody")
    assert (result.code, "nothing ever waits for" in result.err) == (2, True)
    assert made.run("queue", "--mine").code == 2
