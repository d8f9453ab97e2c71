"""A publisher notifies a manufacturer: one that answers, one that is silent, and a raised impact.

What lands on which day is built; what waits and what is shown is asked of the program.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from defectreg.register.record import record_path
from defectreg.register.yamltext import dump
from tests.registers import (
    ID,
    MAIN,
    NAME,
    TestRegister,
    good_record,
    make_register,
    sha256,
    sign_off,
    statement,
)
from tests.stories.together import MAKER, Person, assert_proven, published

OTHER = "DR-AAAA-BBBB"
ANSWER = statement("response", "maker-one", position="investigating", says="We look into it.")


def record(record_id: str = ID, impact: str = "medium") -> dict[str, Any]:
    return good_record(id=record_id, affected=list(MAKER), impact={"consumers": impact})


def notice(impact: str = "medium") -> dict[str, Any]:
    told = {"affected": list(MAKER), "certainty": "suspected", "impact": impact}
    return statement("notice", "secas", to="maker-one", delivered="e-mail", told=told)


def raise_impact(made: TestRegister) -> None:
    """The record says a higher impact from one step to the next, accepted."""
    before, path = made.read(record_path(ID)), record_path(ID)
    request = f"refs/heads/submit/{ID}-supplier-one"
    made.change(ID, record(impact="high"), accept=False, ref=request)
    made.say(ID, sign_off("accept", read=[f"{sha256(made.read(path, request))}  {ID}.yaml"],
                          replaces=sha256(before)), ref=request)  # fmt: skip
    refs = made.repository.refs(MAIN, request)
    moves = made.repository.moved(refs[MAIN], refs[request])
    made.commit({move.path: made.read(move.path, request) for move in moves})


def shown_impact(made: TestRegister, day: str) -> str | None:
    """The impact on consumers that the publication of a day shows; None where it shows no entry."""
    entry = published(Person(made.folder, "secas"), "--as-of", day)
    return str(entry["says"]["impact"]["consumers"]) if entry else None


def test_a_silent_manufacturer_delays_a_record_by_its_window_and_an_answer_ends_it(
    tmp_path: Path,
) -> None:
    made = make_register(tmp_path / "register", [record(), record(OTHER)])
    publisher, maker = Person(made.folder, "secas"), Person(made.folder, "maker-one")
    assert {wait["id"] for wait in publisher.waits("--mine")} == {ID, OTHER}
    made.later()
    for record_id in (ID, OTHER):
        made.say(record_id, notice())
    made.later(2).say(OTHER, ANSWER)
    (wait,) = maker.waits("--mine", "--as-of", "2026-03-06")
    assert (wait["id"], wait["stage"], wait["until"]) == (ID, "in-reply", "2026-03-17")
    assert maker.sees_stage(OTHER, "--as-of", "2026-03-06") == "published"
    assert shown_impact(made, "2026-03-17") is None
    assert shown_impact(made, "2026-03-18") == "medium"
    assert_proven(made.folder)


def test_where_silence_holds_a_record_only_an_answer_ends_it(tmp_path: Path) -> None:
    policy = dump({"name": NAME, "silence": "hold"}).encode()
    made = make_register(
        tmp_path / "register", [record()], files={"policy/register.yaml": policy}
    )  # fmt: skip
    made.later().say(ID, notice())
    maker = Person(made.folder, "maker-one")
    stage = maker.sees(ID, "--as-of", "2026-06-01")["stage"]
    assert (stage["name"], stage["whom"], stage["until"]) == ("in-reply", ["maker-one"], None)
    maker.says("response", ID, "We look into it.", "--position", "investigating")
    maker.does("land", ID)
    assert maker.sees_stage() == "published"
    assert_proven(made.folder)


def test_a_raised_impact_opens_a_new_window_in_which_the_earlier_text_is_shown(
    tmp_path: Path,
) -> None:
    made = make_register(tmp_path / "register", [record()])
    made.later().say(ID, notice())
    made.later().say(ID, ANSWER)
    made.today = date(2026, 4, 7)
    raise_impact(made)
    anybody = Person(made.folder, "supplier-two")
    (wait,) = anybody.waits("--for", "publisher", "--as-of", "2026-04-07")
    assert (wait["stage"], wait["parties"]) == ("to-notify", ["maker-one"])
    assert shown_impact(made, "2026-04-07") == "medium"
    made.later().say(ID, notice("high"))
    stage = anybody.sees(ID, "--as-of", "2026-04-22")["stage"]
    assert (stage["name"], stage["until"]) == ("in-reply", "2026-04-22")
    assert shown_impact(made, "2026-04-22") == "medium"
    assert shown_impact(made, "2026-04-23") == "high"
    assert_proven(made.folder)
