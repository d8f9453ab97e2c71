"""Records that seem to tell the same, put together."""

from __future__ import annotations

from defectreg.register.devices import parse_combination
from defectreg.register.groups import ALIKE, grouped
from defectreg.register.similarity import Likeness, likeness_of

HUB = "CHF:FF02/00020001"
METER = "ESME:FF01/00010100"
CLOCK = "Hub loses its clock after a power outage, and alert 8F1E follows"
BLANK = "Display stays blank until noon on the first day of a month"


def told(text: str, affected: str = HUB) -> Likeness:
    return likeness_of(text, [parse_combination(affected)])


def places(*asked: Likeness) -> list[list[int]]:
    return [[member.place for member in group] for group in grouped(asked)]


def test_nothing_is_in_no_group() -> None:
    assert grouped([]) == []


def test_the_same_words_of_the_same_devices_are_one_group_under_the_first() -> None:
    assert places(told(CLOCK), told(BLANK, METER), told(CLOCK)) == [[0, 2], [1]]


def test_a_spelling_mistake_keeps_nobody_out() -> None:
    assert places(told(CLOCK), told(CLOCK.replace("outage", "outtage"))) == [[0, 1]]


def test_the_same_words_of_other_devices_are_another_group() -> None:
    assert places(told(CLOCK, HUB), told(CLOCK, METER)) == [[0], [1]]


def test_other_words_of_the_same_device_are_another_group() -> None:
    assert places(told(CLOCK), told(BLANK)) == [[0], [1]]


def test_what_says_nothing_is_alone() -> None:
    assert places(Likeness(frozenset()), Likeness(frozenset())) == [[0], [1]]


def test_a_member_is_as_like_the_first_as_it_is_said_to_be() -> None:
    (group,) = grouped([told(CLOCK), told(CLOCK.replace("power", "long"))])
    assert group[0].likeness == 1.0
    assert ALIKE <= group[1].likeness < 1.0


def test_many_that_tell_the_same_are_compared_with_their_first_alone() -> None:
    (group,) = grouped([told(f"{CLOCK}, case {number}") for number in range(1000)])
    assert len(group) == 1000
