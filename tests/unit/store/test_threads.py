"""Work in parts, by a few threads: all of it, in order, and what goes wrong is said."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import chain

import pytest

from defectreg.store.threads import in_parts


@pytest.mark.parametrize("number", [0, 1, 64, 65, 66, 67, 1000])
def test_all_parts_together_are_all_items_in_their_order(number: int) -> None:
    assert [*chain.from_iterable(in_parts(list, range(number)))] == [*range(number)]


def test_many_items_are_several_parts_at_once_and_few_are_one_here() -> None:
    together = threading.Barrier(2, timeout=60)

    def meet(items: Sequence[int]) -> int:
        if items[0] < 50:  # the first two parts: each waits for the other
            together.wait()
        return threading.get_ident()

    assert len(set(in_parts(meet, range(100)))) > 1
    assert in_parts(lambda _: threading.get_ident(), range(10)) == [threading.get_ident()]


def test_what_goes_wrong_in_a_part_is_raised() -> None:
    def work(items: Sequence[int]) -> int:
        if 99 in items:
            raise ValueError("no such file")
        return len(items)

    with pytest.raises(ValueError, match="no such file"):
        in_parts(work, range(100))
