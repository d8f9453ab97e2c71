"""Heat maps: where fields stand, how dark they are, and that they say it in words too."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from defectreg.formats.heatmap import LEVELS, Square, alone, heatmap

SVG = "{http://www.w3.org/2000/svg}"
ROWS = ("CHF:FF02/00020001 + ESME:FF01/00010100", "ESME:FF01/00010101")
REGIONS = ("North", "4G Central")
SQUARES = {(ROWS[0], "North"): Square(4, "11", "much"), (ROWS[1], "4G Central"): Square(1, "1", "")}


def _drawn() -> ElementTree.Element:
    picture = heatmap(ROWS, REGIONS, SQUARES, "A map", "What it shows.")
    assert picture is not None
    return ElementTree.fromstring(picture.text)


def _texts(picture: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in picture.iter(SVG + "text")]


def test_names_are_broken_so_that_a_narrow_page_has_room_for_them() -> None:
    texts = _texts(_drawn())
    assert texts[:3] == ["North", "4G", "Central"]
    assert texts[3:5] == ["CHF:FF02/00020001", "+ ESME:FF01/00010100"]


def test_each_row_has_a_field_for_each_column_and_those_without_a_square_are_empty() -> None:
    fields = [each.get("class") for each in _drawn().iter(SVG + "rect")]
    assert fields == ["level-4", "empty", "empty", "level-1"]


def test_fields_of_a_column_stand_below_each_other_and_rows_do_not_overlap() -> None:
    boxes = [(each.get("x"), int(each.get("y", "")), int(each.get("height", "")))
             for each in _drawn().iter(SVG + "rect")]  # fmt: skip
    assert boxes[0][0] == boxes[2][0] != boxes[1][0] == boxes[3][0]
    assert boxes[0][1] + boxes[0][2] < boxes[2][1]
    assert boxes[3][1] + boxes[3][2] <= int(_drawn().get("height", ""))


def test_a_square_says_in_words_what_it_shows_and_the_picture_has_a_title() -> None:
    titles = [each.text for each in _drawn().iter(SVG + "title")]
    assert titles[:2] == ["A map", "much"]
    assert _drawn().get("aria-labelledby") == "heat-map-title"


def test_where_there_is_nothing_to_show_there_is_no_picture() -> None:
    assert heatmap(ROWS, REGIONS, {}, "A map", "What it shows.") is None


def test_a_picture_alone_has_its_heading_and_all_of_its_small_print() -> None:
    picture = heatmap(ROWS, REGIONS, SQUARES, "A map", "What it shows.")
    assert picture is not None
    whole = ElementTree.fromstring(alone(picture, "Head " * 40, ["small print " * 30]))
    said = " ".join(_texts(whole))
    assert said.count("Head") == 40
    assert said.count("small print") == 30
    lowest = max(int(each.get("y", "0")) for each in whole.findall(SVG + "text"))
    assert lowest < int(whole.get("height", ""))


@given(st.text(), st.integers(), st.text(max_size=20))
def test_no_text_and_no_level_breaks_the_picture(name: str, level: int, label: str) -> None:
    squares = {(name, "North"): Square(level, label, name)}
    picture = heatmap([name], ["North"], squares, name, name)
    assert picture is not None
    [field] = ElementTree.fromstring(picture.text).iter(SVG + "rect")
    assert field.get("class") in {f"level-{each}" for each in range(1, LEVELS + 1)}
