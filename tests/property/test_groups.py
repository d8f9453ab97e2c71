"""Groups: each record stands in one, and is as like its first as it has to be."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.register.devices import parse_combination
from defectreg.register.groups import grouped
from defectreg.register.similarity import Likeness, likeness_of, score

WORDS = "clock outage billing tariff display alert hub credit debt valve 8F1E 8F0A".split()
MODELS = ("CHF:FF02/00020001", "ESME:FF01/00010100", "GSME:FF01/00010300 in South")


def tellings() -> st.SearchStrategy[list[Likeness]]:
    text = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
    models = st.lists(st.sampled_from(MODELS), max_size=2, unique=True)
    one = st.builds(lambda said, found: likeness_of(said, list(map(parse_combination, found))),
                    text, models)  # fmt: skip
    return st.lists(one, max_size=30)


@settings(max_examples=100, deadline=None)
@given(tellings(), st.floats(0.1, 1))
def test_each_is_in_one_group_and_like_the_first_of_it(told: list[Likeness], least: float) -> None:
    groups = grouped(told, least)
    assert sorted(member.place for group in groups for member in group) == list(range(len(told)))
    for first, *others in groups:
        for other in others:
            assert first.place < other.place
            assert other.likeness == score(told[other.place], told[first.place]) >= least


@settings(max_examples=50, deadline=None)
@given(tellings())
def test_what_is_told_twice_in_the_same_words_is_in_one_group(told: list[Likeness]) -> None:
    said = [one for one in told if one.words and one.affected]
    groups = grouped([*said, *said])
    of = {member.place: number for number, group in enumerate(groups) for member in group}
    first = {group[0].place for group in groups}
    assert all(of[place] == of[place + len(said)] for place in range(len(said)) if place in first)
