"""The canonical text of values."""

from __future__ import annotations

import datetime

import pytest

from defectreg.register.yamltext import dump, load


@pytest.mark.parametrize(
    "text",
    [
        *("", " a", "a ", "~", "null", "Null", "true", "False", "YES", "no", "On", "off", "y", "N"),
        *("0", "3", "-1", "+1", "00020120", "0o17", "0x1F", "0b11", "1_000", "1.5", ".5", "8E10"),
        *("1e3", "-_", "190:20:30", "1:30", ".inf", "-.INF", ".NaN", "089", "<<", "="),
        *(
            "- a",
            "-",
            "? a",
            "?",
            ": a",
            ":",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
        ),
        *("'a", '"a', "%a", "@a", "`a", "[a", "]a", "{a", "}a", ",a", "--- a", "..."),
        *("2026-1-2", "2026-13-45", "2026-10-21 10:00:00", "2026-10-21T10:00:00Z", "0000-01-01"),
    ],
)
def test_a_text_that_another_reader_would_mistake_is_quoted(text: str) -> None:
    escaped = text.replace('"', '\\"')
    assert dump({"a": text}) == f'a: "{escaped}"\n'
    assert dump({"a": [text]}) == f'a:\n  - "{escaped}"\n'


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2026-10-21",
            "8F1E",
            "DR-7K3Q-X4MB",
            "a:b",
            "a#b",
            "-a",
            "?a",
            ":a",
            "4.6.1",
            "0x",
            "1 2",
        ),
        *("CHF:FF02/00020001 + ESME:FF01/00010100@0001*,00030000..00030004 in North", "é", "it's"),
        *(
            'say "x"',
            "back\\slash",
            "yesterday",
            "100-999",
            "a, b",
            "12a",
            "1.2.3",
            "FF01",
            "2026"[:3] + "x",
        ),
    ],
)
def test_a_text_that_everybody_reads_alike_stays_plain(text: str) -> None:
    assert dump({"a": text}) == f"a: {text}\n"


def test_numbers_and_booleans_are_written_plain() -> None:
    assert dump({"a": 3, "b": -1, "c": True, "d": False}) == "a: 3\nb: -1\nc: true\nd: false\n"


def test_keys_are_quoted_as_texts_are() -> None:
    assert dump({"no": "x", "a: b": "z"}) == '"no": x\n"a: b": z\n'


def test_lists_and_mappings_are_indented_by_two() -> None:
    data = {"a": ["b", {"c": "d", "e": ["f"]}, ["g", "h"], [], {}], "i": {"j": "k"}}
    assert dump(data) == (
        "a:\n  - b\n  - c: d\n    e:\n      - f\n  - - g\n    - h\n  - []\n  - {}\ni:\n  j: k\n"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\nb\n", "|\n  a\n  b\n"),
        ("a\nb", "|-\n  a\n  b\n"),
        ("a\n\n", "|+\n  a\n\n"),
        ("a\n\nb\n", "|\n  a\n\n  b\n"),
        (" a\nb\n", "|2\n   a\n  b\n"),
        ("\n\n a\n", "|2\n\n\n   a\n"),
        ("\na", "|-\n\n  a\n"),
        ("# a\n- b\n", "|\n  # a\n  - b\n"),
        ("\n", '"\\n"\n'),
        (" \n", '" \\n"\n'),
        ("a\n  ", '"a\\n  "\n'),
    ],
)
def test_text_with_line_breaks_becomes_a_block_where_a_block_can_hold_it(
    text: str, written: str
) -> None:
    assert dump({"a": text}) == f"a: {written}"
    assert load(dump({"a": text}).encode()).data == {"a": text}


def test_a_long_line_is_not_folded() -> None:
    assert dump({"a": "word " * 200 + "end"}).count("\n") == 1


def test_an_empty_mapping_is_written_as_braces() -> None:
    assert dump({}) == "{}\n"


SELF: list[object] = []
SELF.append(SELF)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"a": None}, "NoneType"),
        ({"a": 1.5}, "float"),
        ({"a": datetime.date(2026, 10, 21)}, "date"),
        ({3: "a"}, "key is a text"),
        ({"": "a"}, "key is empty"),
        ({"a\nb": "c"}, "key has a line break"),
        ({"a": "b\tc"}, "a tab"),
        ({"a": "b\r\n"}, "carriage return"),
        ({"a": "\u202e"}, "bidirectional"),
        ({"a": "e\u0301"}, "normalisation"),
        ({"a": "\ud800"}, "not UTF-8"),
        ({"a": "b" * 70_000}, "bytes"),
        ({"k" * 2_000: "b"}, "cannot be written"),
        ({"a": SELF}, "deep"),
    ],
)
def test_what_no_file_may_hold_is_not_written(data: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        dump(data)
