from __future__ import annotations

from typing import Any

import pytest

from defectreg.gate.policies import Switch, changed_policy, switches_of
from defectreg.intake.starting import plan
from defectreg.register.errors import UsageProblem
from defectreg.register.grounds import Grounds, is_ground, read_grounds
from defectreg.register.policy import switches

DECIDED = b"""name: example
reply-window: 15
decided:
  reply-window: {by: SEC Panel, date: 2026-03-02, reference: paper 7}
"""


def grounds(policy: bytes = b"name: example\n") -> Grounds:
    files = {**plan("example", ()).files, "policy/register.yaml": policy}
    return read_grounds({path: data for path, data in files.items() if is_ground(path)})[0]


def switch(key: str, policy: bytes = b"name: example\n") -> Switch:
    return switches_of(grounds(policy), key)[0]


def test_every_switch_is_shown_with_its_meaning_and_source() -> None:
    found = switches_of(grounds())
    assert [item.key for item in found] == switches(grounds().schemas["policy"])
    assert [item.key for item in found if not (item.meaning and item.source)] == []


def test_every_switch_of_a_policy_that_holds_only_a_name_is_the_default() -> None:
    assert [item.key for item in switches_of(grounds()) if not item.is_default] == []


def test_a_switch_that_was_decided_names_who_when_and_where() -> None:
    found = switch("reply-window", DECIDED)
    assert (found.value, found.default, found.is_default) == (15, 10, False)
    assert found.decision is not None
    assert (found.decision.by, found.decision.reference) == ("SEC Panel", "paper 7")


def test_a_switch_says_what_each_value_means() -> None:
    found = switch("silence")
    assert found.values == {
        "proceed": "the entry is published",
        "hold": "the entry waits for the response",
    }
    assert found.words == "the entry is published"


def test_an_unknown_switch_is_refused_with_those_that_are_near() -> None:
    with pytest.raises(UsageProblem) as caught:
        switches_of(grounds(), "reply-windw")
    assert "reply-window" in caught.value.hint


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("silence=hold", "silence", "hold"),
        ("reply-window=0", "reply_window", 0),
        ("who-reports=dcc, networks", "who_reports", ("dcc", "networks")),
        ("superfluous-alerts=8F1E,AD1", "superfluous_alerts", ("8F1E", "AD1")),
        ("superfluous-alerts=", "superfluous_alerts", ()),
        ("words=storm: many alerts", "words", {"storm": "many alerts"}),
    ],
)
def test_a_value_is_read_as_its_switch_takes_it(typed: str, field: str, value: Any) -> None:
    assert getattr(changed_policy(grounds(), [typed]), field) == value


def test_several_switches_are_tried_together_and_the_rest_stays() -> None:
    policy = changed_policy(grounds(DECIDED), ["silence=hold", "figures=exact"])
    assert (policy.silence, policy.figures, policy.reply_window) == ("hold", "exact", 15)


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("silence=maybe", "silence is one of proceed, hold"),
        ("silence=", "silence is one of proceed, hold"),
        ("reply-window=soon", "reply-window is a number from 0 to 120"),
        ("reply-window=121", "reply-window is a number from 0 to 120"),
        ("who-reports=nobody", "who-reports is a list with commas of suppliers"),
        ("superfluous-alerts=beep", "superfluous-alerts is a list with commas"),
        ("words=storm", "words is a list with commas, each item as word:instead"),
        ("silences=hold", "did you mean silence"),
        ("silence", "policy try reply-window=15"),
        ("name=other", "`policy show` lists every switch"),
        ("decided=me", "`policy show` lists every switch"),
    ],
)
def test_what_no_policy_may_hold_is_refused_with_what_it_may(typed: str, hint: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        changed_policy(grounds(), [typed])
    assert hint in caught.value.hint
