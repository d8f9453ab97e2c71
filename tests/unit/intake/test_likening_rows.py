"""How alike rows are depends on their Devices first, and on what few of them say."""

from __future__ import annotations

import pytest

from defectreg.intake.likening_rows import Traits, may_be_same, traits_of
from defectreg.intake.reports import Reported

METER, OTHER = "ESME:FF01/00010100", "ESME:FF03/00030010"
HUB, OTHER_HUB = "CHF:FF02/00020001", "CHF:FF08/00080001"


def row(text: str, *affected: str, alerts: tuple[str, ...] = ()) -> Reported:
    fields = {"affected": list(affected or (METER,)), "alerts": list(alerts)}
    return Reported(2, "", text, fields=fields)


def traits(*rows: Reported) -> list[Traits]:
    return traits_of(rows)[0]


def test_a_row_is_like_itself_and_unlike_what_shares_nothing() -> None:
    one, other = traits(row("forgets the calendar"), row("rejects every token"))
    assert one.likeness(one) == pytest.approx(1)
    assert one.likeness(other) == 0


def test_a_rare_word_says_more_than_a_usual_one() -> None:
    rows = [row("calendar shows wrong"), row("calendar shows nothing")]
    one, rare, usual = traits(row("calendar flickers wildly"), row("flickers rarely"),
                              row("calendar rarely"), *rows)[:3]  # fmt: skip
    assert one.likeness(rare) > one.likeness(usual)


def test_in_a_short_file_a_hub_in_common_says_less_than_a_word() -> None:
    hub = f"{HUB} + {METER}"
    one, with_word, with_hub = traits(
        row("flickers and forgets", hub), row("flickers and restarts"), row("rejects tokens", hub)
    )
    assert one.likeness(with_word) > one.likeness(with_hub) > 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ([METER], [METER], True),
        ([METER], [OTHER], False),
        ([METER], [METER, OTHER], True),
        ([f"{HUB} + {METER}"], [f"{OTHER_HUB} + {METER}"], True),
        ([f"{HUB} + {METER}"], [f"{HUB} + {OTHER}"], False),
        ([HUB], [f"{HUB} + {METER}"], True),
        ([HUB], [HUB.replace("CHF", "GPF")], True),
        ([METER], [HUB], False),
        ([METER], ["no notation"], False),
    ],
)
def test_devices_decide_whether_rows_may_tell_the_same(
    one: list[str], other: list[str], same: bool
) -> None:
    first, second = traits(row("forgets the calendar", *one), row("forgets the calendar", *other))
    assert may_be_same(first.models, second.models) is same
    assert (first.likeness(second) > 0) is same


def test_a_text_that_says_one_word_is_compared_with_nothing() -> None:
    assert not traits(row("flickers", alerts=("8F1E",)))[0].weights


def test_the_share_of_codes_is_known_where_some_are_told() -> None:
    told, silent = traits(
        row("forgets the calendar", alerts=("8F1E", "N13")), row("forgets the calendar")
    )
    assert told.share("alerts", ["8F1E"]) == pytest.approx(0.5)
    assert told.share("alerts", []) == 0
    assert silent.share("alerts", ["8F1E"]) is None


def test_together_rows_keep_the_models_of_the_first() -> None:
    one, both = traits(row("forgets the calendar"), row("rejects the token", METER, OTHER))
    together = one.with_those_of(both)
    assert together.products == {METER}
    assert together.weights.keys() == one.weights.keys() | both.weights.keys()
    assert together.likeness(one) == pytest.approx(0.5**0.5)
