from __future__ import annotations

from typing import Any

import pytest

from defectreg.register.mandates import Signatory
from defectreg.register.parties import Parties, Party
from defectreg.register.policy_change import (
    Listed,
    administrators,
    is_enough,
    only_withdraws_keys,
)
from tests.registers import PEOPLE, public_key

ONE, OTHER = "1" * 64, "2" * 64
LISTED = Listed({"a": ONE}, {"a": OTHER, "b": ONE})


def test_what_is_listed_is_read_as_it_is_written() -> None:
    data = {which: LISTED.lines(which) for which in ("before", "after")}
    assert data == {"before": [f"{ONE}  a"], "after": [f"{OTHER}  a", f"{ONE}  b"]}
    assert Listed.parse(data) == LISTED
    assert LISTED.is_said_by(data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"before": [f"{ONE}  a"], "after": [f"{OTHER}  a"]},
        {"before": [f"{ONE}  a"], "after": [f"{OTHER}  a", f"{ONE}  b", f"{ONE}  c"]},
        {"before": [f"{OTHER}  a", f"{ONE}  a"], "after": [f"{OTHER}  a", f"{ONE}  b"]},
    ],
)
def test_another_list_is_not_the_same(data: dict[str, list[str]]) -> None:
    assert not LISTED.is_said_by(data)


def party(slug: str, **people: str) -> Party:
    """A Party of administrators: pseudonym → the state of their key."""
    said = [
        {
            "pseudonym": name,
            "roles": ["administrator"],
            "keys": [{"key": str(public_key(PEOPLE[len(slug + name) % 8])), "state": state}],
        }
        for name, state in people.items()
    ]
    return Party.parse(slug, {"name": slug, "category": "secas", "people": said})


def parties(*among: Party) -> Parties:
    return Parties({each.slug: each for each in among})


def of(among: Parties, *names: str) -> list[Signatory]:
    return [
        Signatory(party_, person)
        for party_ in among
        for person in party_.people
        if person.pseudonym in names
    ]


def test_who_holds_no_key_in_use_is_no_administrator() -> None:
    among = parties(party("one", a="active", b="retired"), party("two", c="distrusted"))
    assert administrators(among) == {"one": frozenset({"a"})}


def test_two_of_two_parties_are_enough() -> None:
    among = parties(party("one", a="active", b="active"), party("two", c="active"))
    assert is_enough(of(among, "a", "c"), among)
    assert not is_enough(of(among, "a", "b"), among)
    assert not is_enough(of(among, "a"), among)


def test_while_one_party_alone_has_administrators_all_sign() -> None:
    among = parties(party("one", a="active", b="active"))
    assert is_enough(of(among, "a", "b"), among)
    assert not is_enough(of(among, "a"), among)


def test_where_nobody_may_sign_nothing_is_enough() -> None:
    assert not is_enough([], parties(party("one", a="retired")))


def people(*states: str, name: str = "One") -> dict[str, Any]:
    keys = [{"key": f"k{place}", "state": state} for place, state in enumerate(states)]
    return {"name": name, "people": [{"pseudonym": "a", "roles": ["reporter"], "keys": keys}]}


@pytest.mark.parametrize(
    ("before", "after", "is_so"),
    [
        (people("active"), people("retired"), True),
        (people("retired"), people("distrusted"), True),
        (people("retired"), people("active"), False),
        (people("active", "active"), people("active", "retired"), True),
        (people("active", "retired"), people("retired", "active"), False),
        (people("active"), people("active"), False),
        (people("active", "active"), people("retired"), False),
        (people("active"), people("retired", name="Two"), False),
    ],
)
def test_a_key_is_only_withdrawn(
    before: dict[str, Any], after: dict[str, Any], is_so: bool
) -> None:
    assert only_withdraws_keys(before, after) is is_so
