"""Edits of one value: what is expected is read as a difference of lines."""

from __future__ import annotations

import difflib

import pytest

from defectreg.register.yamltext import dump, insert, load, remove, replace

TEXT = """\
# head

# about the id
id:   DR-7K3Q-X4MB   # born
title: "Meter stops"
affected: # which
- CHF:FF02/00020001   # one
- CHF:FF02/00020003
  # - CHF:none

behaviour: > # folded
   After the Hub
   takes.

alerts: [ 8F1E, # c1
   "8F3E" ] # c3
impact: {consumers: high, dcc: , x}
empty:
evidence:
   - kind: logs # k
     # deep
     band: 10-99
   -
     kind: lab
     n: 3
# end
"""
DOCUMENT = load(TEXT.encode())


def changed(new: str) -> str:
    lines = difflib.ndiff(TEXT.splitlines(), new.splitlines())
    return "\n".join(line for line in lines if line[0] in "+-")


@pytest.mark.parametrize(
    ("path", "value", "difference"),
    [
        (("id",), "x: y", '- id:   DR-7K3Q-X4MB   # born\n+ id:   "x: y"   # born'),
        (("title",), "a\nb\n", '- title: "Meter stops"\n+ title: |\n+   a\n+   b'),
        (("title",), ["a"], '- title: "Meter stops"\n+ title:\n+   - a'),
        (("title",), 3, '- title: "Meter stops"\n+ title: 3'),
        (
            ("affected",),
            "none",
            "- affected: # which\n+ affected: none # which\n"
            "- - CHF:FF02/00020001   # one\n- - CHF:FF02/00020003",
        ),
        (
            ("affected",),
            ["a"],
            "- - CHF:FF02/00020001   # one\n- - CHF:FF02/00020003\n+   - a",
        ),
        (("affected", 1), {"a": "b", "c": True}, "- - CHF:FF02/00020003\n+ - a: b\n+   c: true"),
        (
            ("affected", 0),
            {"a": "b"},
            "- - CHF:FF02/00020001   # one\n+ -   # one\n+   a: b",
        ),
        (
            ("behaviour",),
            "a\nb",
            "- behaviour: > # folded\n-    After the Hub\n-    takes.\n"
            "+ behaviour: |- # folded\n+   a\n+   b",
        ),
        (
            ("behaviour",),
            "a",
            "- behaviour: > # folded\n+ behaviour: a # folded\n-    After the Hub\n-    takes.",
        ),
        (
            ("behaviour",),
            "a\n\n",
            '- behaviour: > # folded\n+ behaviour: "a\\n\\n" # folded\n'
            "-    After the Hub\n-    takes.",
        ),
        (("alerts", 1), "a\nb", '-    "8F3E" ] # c3\n+    "a\\nb" ] # c3'),
        (("alerts", 0), "a, b", '- alerts: [ 8F1E, # c1\n+ alerts: [ "a, b", # c1'),
        (
            ("impact", "x"),
            "q",
            "- impact: {consumers: high, dcc: , x}\n+ impact: {consumers: high, dcc: , x: q}",
        ),
        (
            ("impact", "dcc"),
            ["q"],
            "- impact: {consumers: high, dcc: , x}\n+ impact: {consumers: high, dcc: [q], x}",
        ),
        (("empty",), "q", "- empty:\n+ empty: q"),
        (("empty",), {"q": "r"}, "+   q: r"),
        (("evidence", 0, "kind"), ["s"], "-    - kind: logs # k\n+    - kind: # k\n+        - s"),
        (
            ("evidence", 1),
            ["s", "t"],
            "-    -\n-      kind: lab\n-      n: 3\n+    - - s\n+      - t",
        ),
    ],
)
def test_replacing_a_value_changes_that_value_alone(
    path: tuple[str | int, ...], value: object, difference: str
) -> None:
    assert sorted(changed(replace(DOCUMENT, path, value)).splitlines()) == sorted(
        difference.splitlines()
    )


@pytest.mark.parametrize(
    ("path", "difference"),
    [
        (("id",), "- id:   DR-7K3Q-X4MB   # born"),
        (("affected", 0), "- - CHF:FF02/00020001   # one"),
        (("affected", 1), "- - CHF:FF02/00020003\n-   # - CHF:none"),
        (("alerts", 1), '- alerts: [ 8F1E, # c1\n-    "8F3E" ] # c3\n+ alerts: [ 8F1E ] # c3'),
        (
            ("impact", "consumers"),
            "- impact: {consumers: high, dcc: , x}\n+ impact: {dcc: , x}",
        ),
        (("evidence", 0), "-    - kind: logs # k\n-      # deep\n-      band: 10-99"),
        (("evidence", 1, "kind"), "-      kind: lab"),
        (("evidence", 0, "band"), "-      band: 10-99"),
    ],
)
def test_removing_a_value_takes_its_lines_alone(
    path: tuple[str | int, ...], difference: str
) -> None:
    assert sorted(changed(remove(DOCUMENT, path)).splitlines()) == sorted(difference.splitlines())


def test_removing_the_first_key_beside_a_dash_leaves_the_dash() -> None:
    document = load(b"a:\n  - b: 1\n    c: 2\n")
    assert remove(document, ("a", 0, "b")) == "a:\n  - c: 2\n"


def test_removing_the_last_item_leaves_an_empty_list_and_the_last_key_an_empty_mapping() -> None:
    document = load(b"a: # x\n  - b\nc:\n  d: e\n")
    assert remove(document, ("a", 0)) == "a: [] # x\nc:\n  d: e\n"
    assert remove(document, ("c", "d")) == "a: # x\n  - b\nc: {}\n"


def test_a_block_text_above_does_not_take_in_what_a_removal_leaves() -> None:
    document = load(b"a: |+\n  x\n\nb: 1\n\nc:\n  - d\n  # e\nf: 2\n")
    assert remove(document, ("b",)) == "a: |+\n  x\n\nc:\n  - d\n  # e\nf: 2\n"
    assert remove(load(remove(document, ("b",)).encode()), ("c",)) == "a: |+\n  x\n\nf: 2\n"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ((), "# a\na: 1\nc:\n  - 2\n  # in\n# e\ne: 3\nnew: x\n"),
        (("a", "new", "c", "e"), "# a\na: 1\nnew: x\nc:\n  - 2\n  # in\n# e\ne: 3\n"),
        (("a", "b", "c", "new", "e"), "# a\na: 1\nc:\n  - 2\n  # in\nnew: x\n# e\ne: 3\n"),
        (("new", "a"), "new: x\n# a\na: 1\nc:\n  - 2\n  # in\n# e\ne: 3\n"),
        (("new", "z"), "# a\na: 1\nc:\n  - 2\n  # in\n# e\ne: 3\nnew: x\n"),
    ],
)
def test_a_new_key_comes_to_its_place_in_the_order(order: tuple[str, ...], expected: str) -> None:
    document = load(b"# a\na: 1\nc:\n  - 2\n  # in\n# e\ne: 3\n")
    assert insert(document, "new", "x", order) == expected


def test_a_new_key_takes_any_value() -> None:
    document = load(b"a: |\n  b\n\nc: d\n")
    data = {"x": ["y", {"z": "1"}], "w": "v\n\n"}
    text = insert(document, "n", data, ("a", "n"))
    assert load(text.encode()).data == {"a": "b\n", "n": data, "c": "d"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{a: 1}\n", "{a: 1, m: [x]}\n"),
        ("{}\n", "{m: [x]}\n"),
        ("{a: 1, # b\n}\n", "{a: 1, m: [x], # b\n}\n"),
        ("  a: 1\n", "  a: 1\n  m:\n    - x\n"),
    ],
)
def test_a_new_key_is_written_as_its_mapping_is(source: str, expected: str) -> None:
    assert insert(load(source.encode()), "m", ["x"]) == expected


def test_a_key_may_be_put_before_another_between_braces() -> None:
    assert insert(load(b"{b: 1}\n"), "a", "x", ("a", "b")) == "{a: x, b: 1}\n"


def test_an_edit_that_has_no_place_says_so() -> None:
    with pytest.raises(ValueError, match=r"nothing stands at impact\.dcc\.deep"):
        replace(DOCUMENT, ("impact", "dcc", "deep"), "x")
    with pytest.raises(ValueError, match="nothing stands at the top"):
        replace(DOCUMENT, (), "x")
    with pytest.raises(ValueError, match=r"nothing stands at affected\.9"):
        remove(DOCUMENT, ("affected", 9))
    with pytest.raises(ValueError, match="is there already"):
        insert(DOCUMENT, "id", "x")
    with pytest.raises(ValueError, match="keeps at least one key"):
        remove(load(b"a: b\n"), ("a",))


def test_a_value_that_no_file_may_hold_is_not_written() -> None:
    with pytest.raises(ValueError, match="a tab"):
        replace(DOCUMENT, ("id",), "a\tb")
    with pytest.raises(ValueError, match="float"):
        insert(DOCUMENT, "n", 1.5)


def test_a_file_that_dump_wrote_stays_canonical_when_it_is_edited() -> None:
    data = {"a": "b", "c": ["d", {"e": "f\ng\n"}], "h": "i"}
    text = replace(load(dump(data).encode()), ("c", 1, "e"), ["x"])
    assert text == dump({"a": "b", "c": ["d", {"e": ["x"]}], "h": "i"})
