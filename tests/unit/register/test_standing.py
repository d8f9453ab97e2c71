"""What counts of everything said about a record."""

from __future__ import annotations

import itertools

import pytest

from defectreg.register.parties import Parties
from defectreg.register.standing import Landed, Landing, Standing, required_roles
from tests.unit.register.cases import (
    PUBLIC_KEY,
    RECORD_SHA,
    SIGNATURE,
    decided,
    party,
    policy,
    record,
    said,
    standing,
)


def counting(*landed: Landed) -> set[str]:
    return {item.statement.file for item in standing(*landed).counting}


@pytest.mark.parametrize("kind", ["report", "response", "notice", "consent"])
def test_a_statement_that_needs_no_acceptance_counts_as_it_lands(kind: str) -> None:
    item = said(kind, "supplier-one")
    assert counting(item) == {item.statement.file}


@pytest.mark.parametrize(
    "kind", ["cause", "fix", "workaround", "accommodation", "confirmation", "challenge"]
)
def test_a_statement_that_needs_acceptance_counts_only_once_it_is_accepted(kind: str) -> None:
    item = said(kind, "supplier-one")
    accept = decided("accept", item, step=1)
    assert item.statement.file not in counting(item)
    assert item.statement.file not in counting(item, decided("accept", step=1))
    assert item.statement.file in counting(item, accept)
    assert item.statement.file not in counting(item, accept, decided("return", item, step=2))
    assert item.statement.file not in counting(item, accept, decided("withdraw", item, step=2))


def test_a_statement_withdrawn_by_its_party_no_longer_counts() -> None:
    report = said("report", "supplier-one")
    withdraw = decided("withdraw", report, by="supplier-one", role="party", step=1)
    assert report.statement.file in counting(report)
    assert report.statement.file not in counting(report, withdraw)


def test_superseding_takes_effect_once_the_new_one_counts_and_for_its_own_party_only() -> None:
    old = said("cause", "maker-one", cause="suspected")
    new = said("cause", "maker-one", 2, cause="identified", supersedes=old.statement.file)
    foreign = said("cause", "supplier-one", 2, cause="suspected", supersedes=old.statement.file)
    accepts = [decided("accept", old, step=1), decided("accept", foreign, step=3)]
    assert old.statement.file in counting(old, new, foreign, *accepts)
    accepts.append(decided("accept", new, step=3, number=2))
    case = standing(old, new, foreign, *accepts)
    assert old.statement.file not in {item.statement.file for item in case.counting}
    assert [item.statement.file for item in case.superseded] == [old.statement.file]


@pytest.mark.parametrize(
    ("state", "counts"), [("active", True), ("retired", True), ("distrusted", False)]
)
def test_what_a_distrusted_key_signed_does_not_count(state: str, counts: bool) -> None:
    report = said("report", "supplier-one", signature=SIGNATURE)
    keys = [{"key": PUBLIC_KEY, "state": state}]
    person = {"pseudonym": "person-1", "roles": ["reporter"], "keys": keys}
    holder = Parties({"supplier-one": party("supplier-one", "large-supplier", people=[person])})
    assert bool(Standing(record(), (report,), holder).counting) is counts


def test_an_accept_of_other_bytes_does_not_accept_the_record() -> None:
    assert standing(decided("accept")).awaited_roles(policy()) == frozenset()
    assert standing(decided("accept", "b" * 64)).awaited_roles(policy()) == {"validator"}


@pytest.mark.parametrize(
    ("decisions", "returned"),
    [
        (["accept"], False),
        (["return"], True),
        (["accept", "return"], True),
        (["return", "accept"], False),
    ],
)
def test_the_newest_decision_of_a_validator_on_these_bytes_says_whether_it_is_returned(
    decisions: list[str], returned: bool
) -> None:
    landed = [decided(decision, step=step) for step, decision in enumerate(decisions)]
    for order in itertools.permutations(landed):
        assert standing(*order).is_returned is returned


def test_of_decisions_of_one_step_and_date_the_stricter_is_the_newest() -> None:
    accept, returned = decided("accept"), decided("return", number=2)
    assert standing(accept, returned).is_returned
    assert standing(returned, accept).is_returned
    hold = decided("hold", role="security")
    lift = decided("lift", role="security", number=2)
    assert standing(hold, lift).is_held
    assert standing(lift, hold).is_held


@pytest.mark.parametrize(
    ("security", "decisions", "held"),
    [
        (False, [], False),
        (True, [], True),
        (True, ["lift"], False),
        (False, ["hold"], True),
        (True, ["lift", "hold"], True),
        (True, ["hold", "lift"], False),
    ],
)
def test_a_record_is_held_by_the_newest_of_hold_and_lift_or_because_it_says_security(
    security: bool, decisions: list[str], held: bool
) -> None:
    landed = [decided(name, step=step, role="security") for step, name in enumerate(decisions)]
    assert standing(*landed, of=record(security=security)).is_held is held


def test_a_hold_stands_whatever_becomes_of_the_records_bytes() -> None:
    assert standing(decided("hold", "c" * 64, role="security"), decided("accept", step=1)).is_held


def test_a_withdrawal_of_the_record_lasts_until_a_later_accept_of_it() -> None:
    withdraw = decided("withdraw", step=1, code="reported-in-error")
    assert standing(decided("accept"), withdraw).withdrawal is withdraw
    assert standing(decided("accept"), withdraw, decided("accept", step=2)).withdrawal is None


def test_withdrawing_one_statement_leaves_the_record_standing() -> None:
    fix = said("fix", "maker-one")
    withdraw = decided("withdraw", fix, step=1, code="superseded")
    assert standing(fix, withdraw).withdrawal is None


def test_both_asks_for_a_validator_and_a_manufacturer() -> None:
    assert required_roles("both", "self", False) == {"validator", "manufacturer"}
    assert required_roles("manufacturer", "self", False) == {"manufacturer"}
    assert required_roles("peer", "self", False) == {"validator"}
    assert required_roles("dcc", "manufacturer", True) == {"manufacturer"}
    assert required_roles("dcc", "manufacturer", False) == {"validator"}


def test_who_validates_is_the_policy_of_the_step_that_landed_the_accept() -> None:
    accept = decided("accept")
    strict = policy(who_validates="both")
    assert standing(accept).awaited_roles(strict) == frozenset()
    landing = Landing(0, accept.landing.day, "both", "self")
    under_both = type(accept)(accept.statement, landing)
    assert standing(under_both).awaited_roles(policy()) == {"manufacturer"}


def test_confidence_is_kept_without_consent_and_follows_the_audience_of_one() -> None:
    cause = said("cause", "maker-one", cause="suspected", given_in_confidence=True)
    accept = decided("accept", cause, step=1)
    consent = said(
        "consent", "maker-one", 2, audience="green", read=[f"{cause.statement.sha256}  f.yaml"]
    )
    may = policy()
    assert not standing(cause, accept).may_show(cause.statement, "green", may)
    with_consent = standing(cause, accept, consent)
    assert with_consent.may_show(cause.statement, "green", may)
    assert not with_consent.may_show(cause.statement, "clear", may)
    never = policy(given_in_confidence="never")
    assert not with_consent.may_show(cause.statement, "green", never)


def test_what_was_openly_discussed_is_shown_only_where_policy_says_so() -> None:
    cause = said(
        "cause",
        "maker-one",
        cause="suspected",
        given_in_confidence=True,
        openly_discussed="Issues forum, March 2026",
    )
    case = standing(cause, decided("accept", cause, step=1))
    assert not case.may_show(cause.statement, "green", policy())
    open_policy = policy(given_in_confidence="if-openly-discussed")
    assert case.may_show(cause.statement, "green", open_policy)
    assert not case.may_show(cause.statement, "clear", open_policy)


def test_a_confirmed_sha_is_looked_for_in_every_line_read() -> None:
    fix = said("fix", "maker-one")
    accept = decided("accept", RECORD_SHA, fix, step=1)
    case = standing(fix, accept)
    assert case.awaited_roles(policy()) == frozenset()
    assert case.of_kind("fix") == (fix,)


def test_a_record_that_says_security_needs_a_lift_of_its_present_bytes() -> None:
    lift = decided("lift", "d" * 64, role="security", step=2)
    assert standing(lift, of=record(security=True)).is_held
    assert not standing(lift, of=record()).is_held
    seen = decided("lift", role="security", step=3)
    assert not standing(lift, seen, of=record(security=True)).is_held


def test_a_hold_that_names_only_a_statement_holds_the_record() -> None:
    fix = said("fix", "maker-one")
    assert standing(fix, decided("hold", fix, role="security", step=1)).is_held


def test_a_sign_off_that_its_party_replaced_no_longer_decides() -> None:
    hold = decided("hold", role="security", by="ssc")
    lift = decided("lift", role="security", by="ssc", number=2, supersedes=hold.statement.file)
    assert not standing(hold, lift).is_held


def test_withdrawing_what_superseded_lets_the_earlier_count_again() -> None:
    old = said("response", "maker-one", position="acknowledged")
    new = said("response", "maker-one", 1, position="investigating", supersedes=old.statement.file)
    withdraw = decided("withdraw", new, by="maker-one", role="party", step=2)
    assert counting(old, new) == {new.statement.file}
    assert old.statement.file in counting(old, new, withdraw)
    assert standing(old, new, decided("withdraw", old, step=2)).superseded == ()


def test_a_report_of_the_dcc_that_came_later_leaves_the_accept_as_it_was() -> None:
    accept = decided("accept", step=1)
    manufacturers = Landing(1, accept.landing.day, "dcc", "manufacturer")
    accept = type(accept)(accept.statement, manufacturers)
    first, later = said("report", "supplier-one"), said("report", "dcc", 5)
    assert standing(first, accept, later).awaited_roles(policy()) == frozenset()
    assert standing(said("report", "dcc"), accept).awaited_roles(policy()) == {"manufacturer"}


def test_a_consent_of_each_giver_counts_by_its_newest_and_the_strictest_of_all() -> None:
    cause = said("cause", "maker-one", cause="suspected", given_in_confidence=True)
    line = [f"{cause.statement.sha256}  f.yaml"]
    accept = decided("accept", cause, step=1)
    first = said("consent", "maker-one", 2, audience="amber", read=line)
    wider = said("consent", "maker-one", 3, audience="green", read=line)
    assert standing(cause, accept, first, wider).may_show(cause.statement, "green", policy())
    assert not standing(cause, accept, first).may_show(cause.statement, "green", policy())


def test_a_key_distrusted_in_one_partys_file_is_distrusted_whoever_else_holds_it() -> None:
    people = [
        {"pseudonym": "p", "roles": ["reporter"], "keys": [{"key": PUBLIC_KEY, "state": state}]}
        for state in ("distrusted", "active")
    ]
    held = {
        slug: party(slug, "large-supplier", people=[person])
        for slug, person in zip(("a-party", "b-party"), people, strict=True)
    }
    assert len(Parties(held).distrusted) == 1
