"""An administrator reads the switches, and sees what another value would move before asking."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.registers import ID, TestRegister, good_record, make_register, statement

REPORTED = "DR-AAAA-BBBB"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> TestRegister:
    """One record is published; the other is reported only, and under the threshold."""
    folder = tmp_path_factory.mktemp("switches") / "register"
    reported = good_record(id=REPORTED, title="Hub restarts at midnight", certainty="reported")
    return make_register(folder, [good_record(), reported], signs=False)


def notice(told: dict[str, Any]) -> dict[str, Any]:
    """A notice to maker-one; ``letter`` is the SHA-256 of what it was sent."""
    letter = {"letter": "a" * 64, "delivered": "e-mail"}
    return statement("notice", "secas", to="maker-one", told=told, **letter)


def tried(made: TestRegister, *words: str) -> dict[str, str]:
    """Record → what would become of it."""
    result = made.run("policy", "try", *words, "--json")
    assert result.code == 0, result.err
    return {
        move["id"]: f"{move['how']}: {move['before']} -> {move['after']}"
        for move in json.loads(result.out)["moves"]
    }


def test_every_switch_is_shown_within_80_columns(made: TestRegister) -> None:
    result = made.run("policy", "show")
    assert result.code == 0
    assert "\nreply-window: 10 (the default)\n" in result.out
    assert [line for line in result.out.splitlines() if len(line) > 80] == []


def test_who_decided_is_shown(tmp_path: Path) -> None:
    decided = {"by": "SEC Panel", "date": "2026-03-02", "reference": "paper 7"}
    made = make_register(tmp_path / "register", signs=False)
    made.policy(reply_window=15, silence="hold", decided={"reply-window": decided})
    assert (
        "decided   by SEC Panel, 2026-03-02, paper 7"
        in made.run("policy", "show", "reply-window").out
    )
    assert "who decided it is not recorded" in made.run("policy", "show", "silence").out
    said = json.loads(made.run("policy", "show", "reply-window", "--json").out)
    assert said["switches"][0]["decided"] == decided


def test_an_unknown_switch_gets_the_near_ones(made: TestRegister) -> None:
    result = made.run("policy", "show", "silense")
    assert result.code == 2
    assert "did you mean silence" in result.err


def test_a_lower_threshold_lets_a_record_appear(made: TestRegister) -> None:
    assert tried(made, "certainty-threshold=reported") == {
        REPORTED: "appears: recorded -> published"
    }


def test_a_higher_one_lets_a_record_go(made: TestRegister) -> None:
    assert tried(made, "impact-threshold=high", "certainty-threshold=confirmed") == {
        ID: "goes: published -> recorded"
    }


def test_a_switch_of_the_pages_shows_records_otherwise(made: TestRegister) -> None:
    assert tried(made, "manufacturer-shown=hidden") == {
        ID: "is shown otherwise: published -> published"
    }


def test_for_another_audience_another_switch_matters(made: TestRegister) -> None:
    assert tried(made, "show-without-fix-to-world=show") == {}
    assert tried(made, "show-without-fix-to-parties=withhold", "--audience", "green") == {
        ID: "goes: published -> recorded"
    }


def test_a_switch_that_moves_nothing_says_so(made: TestRegister) -> None:
    result = made.run("policy", "try", "letter-to-parties=omit")
    assert result.code == 0
    assert result.out.startswith("No recommendations are made or intended.")
    assert "no record would change; of 2 in all" in result.out


def test_trying_writes_nothing(made: TestRegister) -> None:
    before = made.repository.refs()
    made.run("policy", "try", "certainty-threshold=reported")
    assert made.repository.refs() == before
    assert made.repository.changed() == []


def test_the_text_that_is_shown_while_a_manufacturer_is_awaited_is_weighed_too(
    tmp_path: Path,
) -> None:
    device = "ESME:FF01/00010100@00010001"
    told = {"affected": [device], "certainty": "suspected", "impact": "high"}
    made = make_register(tmp_path / "register", [good_record(affected=[device])], signs=False)
    made.later().say(ID, notice(told))
    made.later().say(ID, statement("response", "maker-one", position="acknowledged"))
    made.later().change(ID, good_record(affected=[device], certainty="confirmed"))
    soon = ("--as-of", (made.today + timedelta(days=2)).isoformat())
    assert tried(made, "certainty-threshold=confirmed", *soon) == {
        ID: "goes: to-notify -> to-notify"
    }
    assert tried(made, "certainty-threshold=suspected", *soon) == {}
    made.later().say(ID, notice({**told, "certainty": "confirmed"}))
    assert tried(made, "reply-window=0", *soon) == {ID: "moves: in-reply -> published"}


def test_the_day_asked_about_decides_on_a_reply_window(tmp_path: Path) -> None:
    record = good_record(affected=["ESME:FF01/00010100"])
    made = make_register(tmp_path / "register", [record], signs=False)
    told = {"affected": ["ESME:FF01/00010100"], "certainty": "suspected", "impact": "high"}
    notice = statement("notice", "secas", to="maker-one", delivered="e-mail", told=told,
                       letter="0" * 64)  # fmt: skip
    made.later().say(ID, notice)
    inside, after = ("--as-of", "2026-03-05"), ("--as-of", "2026-04-05")
    assert tried(made, "reply-window=0", *inside) == {ID: "appears: in-reply -> published"}
    assert tried(made, "reply-window=0", *after) == {}
    assert tried(made, "silence=hold", *after) == {ID: "goes: published -> in-reply"}


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("silence=maybe",), "silence is one of proceed, hold"),
        (("nonsense=1",), "`policy show` lists every switch"),
        (("silence=hold", "--as-of", "2026-02-30"), "write it as YYYY-MM-DD"),
    ],
)
def test_what_no_policy_may_say_is_refused(
    made: TestRegister, words: tuple[str, ...], hint: str
) -> None:
    result = made.run("policy", "try", *words)
    assert result.code == 2
    assert hint in result.err
