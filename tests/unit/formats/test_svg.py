"""Pictures: where things stand in them, and that they run nothing and say it in words too."""

from __future__ import annotations

import datetime
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defectreg.formats.svg import Lane, Mark, Span, timeline

SVG = "{http://www.w3.org/2000/svg}"
FIRST = datetime.date(2026, 1, 1)
MIDDLE = datetime.date(2026, 7, 2)
LAST = datetime.date(2026, 12, 31)
DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 1, 1))
MARKS = st.builds(Mark, DAYS, st.text(), st.sampled_from(("", "hollow", "warm")))


def _drawn(*lanes: Lane, title: str = "A picture") -> ElementTree.Element:
    made = timeline(lanes, title, "What it shows.", datetime.date.isoformat)
    assert made is not None
    return ElementTree.fromstring(made.text)


def _texts(picture: ElementTree.Element, tag: str = "text") -> list[str]:
    return [each.text or "" for each in picture.iter(SVG + tag)]


def _places(picture: ElementTree.Element) -> list[str]:
    return [each.get("x", "") for each in picture.iter(SVG + "svg") if each is not picture]


def test_marks_stand_where_their_days_are_between_the_first_and_the_last() -> None:
    picture = _drawn(Lane("Said", tuple(Mark(day, "x") for day in (LAST, FIRST, MIDDLE))))
    assert _places(picture) == ["1.50%", "50.00%", "98.50%"]


def test_the_first_and_the_last_day_are_written_under_the_lanes() -> None:
    picture = _drawn(Lane("Said", (Mark(FIRST, "x"),)), Lane("Heard", (Mark(LAST, "x"),)))
    assert _texts(picture) == ["Said", "Heard", "2026-01-01", "2026-12-31"]


def test_a_lane_without_anything_on_it_is_left_out() -> None:
    picture = _drawn(Lane("Empty"), Lane("Said", (Mark(FIRST, "x"), Mark(LAST, "x"))))
    assert "Empty" not in _texts(picture)


@pytest.mark.parametrize("lanes", [(), (Lane("Empty"),), (Lane("Said", (Mark(FIRST, "x"),) * 3),)])
def test_what_is_all_of_one_day_makes_no_picture(lanes: tuple[Lane, ...]) -> None:
    assert timeline(lanes, "t", "d", datetime.date.isoformat) is None


def test_equal_marks_of_one_day_are_one_with_their_number_and_others_stand_beside_it() -> None:
    marks = (Mark(FIRST, "Reported"), Mark(FIRST, "Reported"), Mark(FIRST, "Held", "warm"))
    picture = _drawn(Lane("Said", (*marks, Mark(LAST, "x"))))
    assert "2" in _texts(picture)
    assert [title for title in _texts(picture, "title") if title != "A picture"] == [
        "Reported (2)", "Held", "x"]  # fmt: skip
    diamonds = [each.get("d", "") for each in picture.iter(SVG + "path")]
    assert len(diamonds) == 1
    assert diamonds[0].startswith("M15 ")


def test_a_span_reaches_from_its_first_day_to_its_last() -> None:
    picture = _drawn(
        Lane("Seen", spans=(Span(FIRST, MIDDLE, "Seen"),)), Lane("Said", (Mark(LAST, "x"),))
    )
    spans = [each for each in picture.iter(SVG + "line") if each.get("class") == "span"]
    assert [(each.get("x1"), each.get("x2")) for each in spans] == [("1.50%", "50.00%")]


@pytest.mark.parametrize(
    ("last", "ticks"),
    [
        (datetime.date(2026, 1, 31), 0),
        (datetime.date(2026, 2, 1), 1),
        (datetime.date(2027, 1, 1), 12),
        (datetime.date(2032, 1, 1), 6),
    ],
)
def test_ticks_are_months_and_over_three_years_they_are_years(
    last: datetime.date, ticks: int
) -> None:
    picture = _drawn(Lane("Said", (Mark(FIRST, "x"), Mark(last, "x"))))
    lines = [each for each in picture.iter(SVG + "line") if each.get("class") == "tick"]
    assert len(lines) == ticks


def test_a_picture_says_in_words_what_it_is() -> None:
    picture = _drawn(Lane("Said", (Mark(FIRST, "x"), Mark(LAST, "x"))))
    assert picture.get("role") == "img"
    named = {picture.get("aria-labelledby"), picture.get("aria-describedby")}
    assert named == {child.get("id") for child in picture if child.get("id")}
    assert [child.text for child in picture[:2]] == ["A picture", "What it shows."]


def test_a_page_takes_a_picture_as_it_is() -> None:
    made = timeline(
        (Lane("<b>", (Mark(FIRST, "&"), Mark(LAST, '"'))),), "t", "d", datetime.date.isoformat
    )
    assert made is not None
    assert made.__html__() == made.text
    assert "&lt;b&gt;" in made.text
    assert "<b>" not in made.text


@given(st.lists(MARKS, min_size=1, max_size=8), st.text(), st.text())
def test_no_text_breaks_out_of_a_picture_and_nothing_in_it_runs_or_leads_away(
    marks: list[Mark], name: str, title: str
) -> None:
    spare = Mark(marks[0].day + datetime.timedelta(days=1), "x")
    made = timeline((Lane(name, (*marks, spare)),), title, title, datetime.date.isoformat)
    assert made is not None
    picture = ElementTree.fromstring(made.text)
    tags = {each.tag.removeprefix(SVG) for each in picture.iter()}
    assert tags <= {"svg", "title", "desc", "text", "line", "g", "circle", "path"}
    attributes = {key for each in picture.iter() for key in each.attrib}
    assert not {key for key in attributes if key == "style" or key.startswith("on")}
    assert not {key for key in attributes if "href" in key}
    shares = [float(place.rstrip("%")) for place in re.findall(r'x="([0-9.]+%)"', made.text)]
    assert all(0 <= share <= 100 for share in shares)
