from __future__ import annotations

from typing import Any

import pytest

from defectreg.register.schema import Schema
from defectreg.register.shapes import Shape, is_filled, texts
from tests.examples.loading import base, grounds_of

SHAPES = grounds_of(base())[0].shapes
TEXT = {"type": "string", "x-classification": "clear"}


def shape_of(**properties: Any) -> Shape:
    return Shape.of(Schema({"type": "object", "properties": properties}))


def test_a_records_words_are_its_prose() -> None:
    assert set(SHAPES["record"].prose) == {
        "title",
        "behaviour",
        "expected",
        "circumstances",
        "openly-discussed",
    }


def test_devices_and_references_are_named_and_no_prose() -> None:
    assert set(SHAPES["record"].named) == {"affected", "incident"}
    assert set(SHAPES["statement"].named) == {
        "device",
        "lives-with",
        "firmware",
        "tried-with",
        "told",
    }


def test_what_is_read_and_the_signature_are_not_looked_into() -> None:
    shape = SHAPES["statement"]
    assert not {"read", "signature", "letter", "replaces"} & {*shape.prose, *shape.named}


def test_a_text_key_that_nobody_knows_yet_is_looked_into() -> None:
    assert "remark" in shape_of(remark=TEXT).prose
    inside = {"type": "object", "properties": {"remark": TEXT}}
    shape = shape_of(rows={"type": "array", "items": inside})
    data = {"rows": [{"remark": "one"}, {}, {"remark": "two"}]}
    assert list(texts(data, shape.prose)) == [
        (("rows", 0, "remark"), "one"),
        (("rows", 2, "remark"), "two"),
    ]


def test_texts_of_a_list_have_their_place_in_it() -> None:
    data = {"affected": ["a", "b"], "title": "c"}
    assert list(texts(data, SHAPES["record"].named)) == [
        (("affected", 0), "a"),
        (("affected", 1), "b"),
    ]


@pytest.mark.parametrize(
    ("ceiling", "above"),
    [("clear", {("incident",)}), ("green", {("incident",)}), ("amber", set()), ("red", set())],
)
def test_leaves_above_a_ceiling(ceiling: str, above: set[tuple[str, ...]]) -> None:
    assert set(SHAPES["record"].above[ceiling]) == above


@pytest.mark.parametrize("ceiling", ["clear", "green"])
def test_the_envelope_of_a_statement_may_stand_under_any_ceiling(ceiling: str) -> None:
    assert SHAPES["statement"].above[ceiling] == ()


@pytest.mark.parametrize(
    ("data", "filled"),
    [({}, False), ({"a": {}}, False), ({"a": {"b": "c"}}, True), ({"a": [{}, {"b": ""}]}, True)],
)
def test_a_leaf_is_filled_where_it_has_a_value(data: Any, filled: bool) -> None:
    assert is_filled(data, ("a", "b")) is filled


def test_keys_and_kinds_come_from_the_annotations() -> None:
    shape = SHAPES["statement"]
    assert shape.kinds["firmware"] == {"fix", "workaround", "accommodation"}
    assert "says" not in shape.kinds
    assert shape.needs["cause"] == ("says", "cause")
    assert shape.needs["report"] == ()
