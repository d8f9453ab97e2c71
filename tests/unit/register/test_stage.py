"""The stage table and the marks, over all combinations of their facts."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator

import pytest

from defectreg.register.stage import STAGE_NAMES, STAGES, Awaited, Facts, stage_of

DAY = datetime.date(2026, 3, 2)
LATER = datetime.date(2026, 3, 9)
FLAGS = (False, True)
ROLES = (
    frozenset[str](),
    frozenset({"validator"}),
    frozenset({"manufacturer"}),
    frozenset({"validator", "manufacturer"}),
)
UNNOTIFIED = ((), ("maker-one",))
AWAITED = (
    (),
    (Awaited("maker-one", DAY),),
    (Awaited("maker-one", None),),
    (Awaited("maker-one", DAY), Awaited("maker-two", LATER)),
    (Awaited("maker-one", DAY), Awaited("maker-two", None)),
)


def every_combination() -> Iterator[Facts]:
    for values in itertools.product(
        FLAGS, FLAGS, FLAGS, ROLES, FLAGS, FLAGS, FLAGS, FLAGS, UNNOTIFIED, AWAITED
    ):
        yield Facts(*values)


def expected(facts: Facts) -> str:
    """The stages as a reader of the documentation would ask for them, apart from the table."""
    hindrances = (
        facts.is_under_threshold,
        facts.has_too_few_parties,
        facts.lacks_fix,
        facts.is_above_audience,
    )
    chain = (
        (facts.is_withdrawn, "withdrawn"),
        (facts.is_held, "held"),
        (facts.is_returned, "returned"),
        (facts.awaited_roles, "reported"),
        (any(hindrances), "recorded"),
        (facts.unnotified, "to-notify"),
        (facts.awaited, "in-reply"),
    )
    return next((name for holds, name in chain if holds), "published")


def test_the_stage_is_the_first_line_that_holds_for_every_combination_of_facts() -> None:
    seen = set()
    for facts in every_combination():
        stage = stage_of(facts)
        assert stage.name == expected(facts), facts
        seen.add(stage.name)
    assert seen == set(STAGE_NAMES)


def test_what_is_shown_is_never_awaited_withdrawn_held_or_unaccepted() -> None:
    for facts in every_combination():
        if stage_of(facts).name == "published":
            assert not any((facts.is_withdrawn, facts.is_held, facts.is_returned))
            assert not facts.awaited_roles
            assert not facts.is_above_audience
            assert not facts.unnotified
            assert not facts.awaited


def test_a_reported_record_waits_for_exactly_the_roles_that_have_not_accepted() -> None:
    for facts in every_combination():
        stage = stage_of(facts)
        if stage.name == "reported":
            assert stage.whom == tuple(sorted(facts.awaited_roles))


@pytest.mark.parametrize(
    ("awaited", "until"),
    [
        ((Awaited("a", DAY),), DAY),
        ((Awaited("a", DAY), Awaited("b", LATER)), LATER),
        ((Awaited("a", DAY), Awaited("b", None)), None),
    ],
)
def test_the_reply_ends_with_the_last_window_and_never_where_the_policy_holds(
    awaited: tuple[Awaited, ...], until: datetime.date | None
) -> None:
    nothing = frozenset[str]()
    facts = Facts(False, False, False, nothing, False, False, False, False, (), awaited)
    stage = stage_of(facts)
    assert stage.name == "in-reply"
    assert stage.until == until
    assert stage.whom == tuple(item.party for item in awaited)


def test_only_the_two_ends_of_the_table_wait_for_nothing() -> None:
    assert [line.stage for line in STAGES if not line.waits_for] == ["withdrawn", "published"]
