from __future__ import annotations

from typing import Any

import pytest

from defectreg.register.notated import check_named


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"device": "PHONE"}, ("device",)),
        ({"device": "ESME:FF01"}, ("device",)),
        ({"device": "ESME:FF01/00010100@0001*"}, ("device",)),
        ({"lives-with": "CHF:FF02/1 + ESME:FF01/1"}, ("lives-with",)),
        ({"tried-with": ["ESME:FF01/1", "ESME"]}, ("tried-with", 1)),
        ({"told": {"affected": ["ESME:FF01"]}}, ("told", "affected", 0)),
    ],
)
def test_what_is_not_in_the_notation_is_told_at_its_place(
    data: dict[str, Any], path: tuple[str | int, ...]
) -> None:
    assert [problem.path for problem in check_named(data)] == [path]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"device": "ESME", "lives-with": "CHF:FF02/00020001"},
        {"tried-with": ["ESME:FF01/1@1 in North"], "told": {"certainty": "reported"}},
    ],
)
def test_what_is_in_the_notation_passes(data: dict[str, Any]) -> None:
    assert list(check_named(data)) == []
