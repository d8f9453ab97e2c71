"""The canonical form of a file that a person wrote."""

from __future__ import annotations

import pytest

from defectreg.register.yamltext import canonical, dump, load

TYPED = """\


# about the file

# about the id
id:   DR-7K3Q-X4MB   # born at add
title: "Meter stops"
affected: # which
- CHF:FF02/00020001   # one
- CHF:FF02/00020003
  # - CHF:FF02/00020004
# about behaviour
behaviour: > # folded
   After the Hub
   takes.



alerts: [ 8F1E, # first
   # then
   "8F3E" ] # both
count: 3
firmware: 00020120
impact: {consumers: high, parties: }
evidence:
   -
     # deep
     kind: laboratory

     band: 1-9
   - - a
     # last
# the end
"""
ARRANGED = """\
# about the file

# about the id
id: DR-7K3Q-X4MB # born at add
title: Meter stops
affected: # which
  - CHF:FF02/00020001 # one
  - CHF:FF02/00020003
  # - CHF:FF02/00020004
# about behaviour
behaviour: | # folded
  After the Hub takes.

alerts: # both
  - 8F1E # first
  # then
  - 8F3E
count: 3
firmware: "00020120"
impact:
  consumers: high
  parties: ""
evidence:
  # deep
  - kind: laboratory

    band: 1-9
  - - a
    # last
# the end
"""


def arranged(text: str, order: tuple[str, ...] = ()) -> str:
    return canonical(load(text.encode()), order)


def test_comments_order_and_single_blank_lines_stay() -> None:
    assert arranged(TYPED) == ARRANGED


def test_the_canonical_form_is_its_own() -> None:
    assert arranged(ARRANGED) == ARRANGED


def test_what_dump_writes_is_canonical() -> None:
    data = {"a": "x\n\n", "b": [{"c": ["d", []]}, {}], "e": 3, "f": True, "g": "3", "h": "a\nb"}
    assert arranged(dump(data)) == dump(data)


def test_keys_move_with_the_comments_directly_above_them() -> None:
    text = "# file\n\n# about a\na: 1\nz: 2\n# about b\n# more\nb:\n  - 3\n"
    order = ("b", "a")
    expected = "# file\n\n# about b\n# more\nb:\n  - 3\n# about a\na: 1\nz: 2\n"
    assert arranged(text, order) == expected
    assert arranged(expected, order) == expected


def test_comments_with_a_blank_line_below_them_stay_where_they_were() -> None:
    text = "a: 1\n# loose\n\n# about b\nb: 2\n"
    assert arranged(text, ("b", "a")) == "# about b\nb: 2\na: 1\n# loose\n"


def test_keys_that_the_order_does_not_name_come_last_as_they_stood() -> None:
    assert arranged("z: 1\nb: 2\nx: 3\na: 4\n", ("a", "b", "c")) == "a: 4\nb: 2\nz: 1\nx: 3\n"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a: # one\n  # two\n  b # three\n", "# one\n# two\na: b # three\n"),
        ("k:\n  - # one\n    - # two\n      b: c\n", "k:\n  # one\n  # two\n  - - b: c\n"),
        ("k:\n  - {b: c} # one\n", "k:\n  # one\n  - b: c\n"),
        (
            "k:\n  - b: # one\n      # two\n      c # three\n",
            "k:\n  # one\n  # two\n  - b: c # three\n",
        ),
        ("k:\n  - [ # one\n    # two\n    ]\n", "k:\n  # one\n  - [] # two\n"),
        ("k:\n- |+ # one\n  x\n\n- z\n", "k:\n  - |+ # one\n    x\n\n  - z\n"),
        ("k:\n- |\n  x\n\n\n# one\n- z\n", "k:\n  - |\n    x\n\n  # one\n  - z\n"),
        (
            "k:\n  - [[x], # one\n    z] # two\n",
            "k:\n  # two\n  # one\n  - - - x\n    - z\n",
        ),
        ("{a: b, # one\n  # two\n} # three\n", "a: b # one\n# two\n# three\n"),
        ("a: [b # one\n  ] # two\nc: d # three\n", "a: # two\n  - b # one\nc: d # three\n"),
        ("a: b # one # two\nc: 'd # e'\n", 'a: b # one # two\nc: "d # e"\n'),
    ],
)
def test_no_comment_is_lost_where_there_is_no_room_for_it(typed: str, expected: str) -> None:
    assert arranged(typed) == expected
    assert arranged(expected) == expected


def test_a_mapping_without_keys_keeps_its_comments() -> None:
    assert arranged("# one\n{ # two\n}\n") == "# one\n# two\n{}\n"
