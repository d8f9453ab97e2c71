"""Laws of reading free texts and of grouping rows, whatever they say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.intake.grouping import Standing, grouped
from defectreg.intake.reports import Reported
from defectreg.intake.told_fields import fields_of, title_of
from defectreg.register.devices import parse_combination
from tests.unit.intake.readings import TOLD, catalogue, found

LAW = settings(max_examples=100, deadline=None)
PIECES = (
    "Alderbrook", "A1", "Boost", "FF01/00010100", "ESME:FF01/00010100", "@", "+", "in", "North",
    "CSP", "00030005", "..", "to", "from", "firmware", "updated", "model", "8F1E", "0x", "alert",
    "N13", "SR", "8.4", "6.2.1", "variant", "AD", "since", "3 Nov", "21/10/2026", "31/02/2026",
    "not seen on", "*", ",", "and", "%", "%2E", "\u200b", "\uff21", "\u0410", "\ufb01", "\n", ".",
    "CHF:FF02/00020001@0001*,", "IHD", "0001*", "one", "Window 2", "yesterday", "\udc80",
)  # fmt: skip
TEXT = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
)
NOBODY = Standing(lambda wanted: (), lambda record_id: None)


@LAW
@given(TEXT)
def test_what_is_found_stands_in_the_text_in_order_and_overlaps_nothing(text: str) -> None:
    end = 0
    for one in found(text):
        assert end <= one.start < one.end <= len(text)
        assert one.value
        end = one.end


@LAW
@given(TEXT)
def test_what_follows_is_in_the_notation_and_a_title_fits(text: str) -> None:
    said = fields_of(found(text), catalogue())
    assert all(str(parse_combination(each)) == each for each in said.get("affected", ()))
    assert all(said.values())
    title = title_of(text, found(text))
    assert title == "" or (8 <= len(title) <= 120 and "\n" not in title)


@LAW
@given(st.lists(TEXT, max_size=12))
def test_every_row_is_in_one_group(texts: list[str]) -> None:
    rows = [
        Reported(line, "", text, TOLD, "", fields_of(found(text), catalogue()), found(text))
        for line, text in enumerate(texts, start=2)
    ]
    lines = [row.line for group in grouped(rows, NOBODY) for row in group.rows]
    assert sorted(lines) == [row.line for row in rows]
