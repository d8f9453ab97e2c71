"""The subset: what it refuses, each time with a harmless twin, and what it makes of the rest."""

from __future__ import annotations

import pytest

from defectreg.register.yamltext import CODES, Position, YamlError, load
from defectreg.register.yamltext.building import SlowParser, build

# code -> what is refused, line and column of the finding, a twin that is not refused
REFUSED: dict[str, list[tuple[str | bytes, int, int, str | bytes]]] = {
    "Y001": [("", 1, 1, "a: b\n"), (" \n\n", 1, 1, "\n\na: b\n"), ("# c\n", 1, 1, "# c\na: b\n")],
    "Y002": [("a: " + "b" * 65_533 + "\n", 1, 1, "a: " + "b" * 65_532 + "\n")],
    "Y003": [
        (b"a: b\nc: \xe9\n", 2, 4, "a: b\nc: é\n"),
        (b"\xff\xfea\x00", 1, 1, "a:\n"),
        (b"a: \xed\xa0\x80\n", 1, 4, "a: \ud7ff\n"),
    ],
    "Y004": [("\ufeffa: b\n", 1, 1, "a: b\n")],
    "Y005": [("a: b\r\nc: d\r\n", 1, 5, "a: b\nc: d\n"), ('a: "\\r"\n', 1, 4, 'a: "\\\\r"\n')],
    "Y006": [
        ("a:\n\tb: c\n", 2, 1, "a:\n  b: c\n"),
        ("a: |\n  b\tc\n", 2, 4, "a: |\n  b  c\n"),
        ('a: "b\\tc"\n', 1, 4, "a: b\\tc\n"),
    ],
    "Y007": [
        ("a: b\x00\n", 1, 5, "a: b0\n"),
        ("a: \x1b[31m\n", 1, 4, 'a: "[31m"\n'),
        ("a: \x7f\n", 1, 4, "a: \x7e\n"),
        ("a: \x9f\n", 1, 4, "a: \xa0\n"),
        ('a: b\nc: "\\e[0m"\n', 2, 4, "a: b\nc: \\e[0m\n"),
    ],
    "Y008": [
        ("a: é\u202eb\n", 1, 5, "a: éb\n"),
        ("a: \u2066b\n", 1, 4, "a: \u2070b\n"),
        ('"\\u202e": b\n', 1, 1, '"\\u0061": b\n'),
    ],
    "Y009": [
        ("a: b\u200bc\n", 1, 5, "a: bc\n"),
        ("a: b\ufeffc\n", 1, 5, "a: b c\n"),
        ("a: b\U000e0041\n", 1, 5, "a: bA\n"),
        ("# a\xadb\na: b\n", 1, 4, "# a-b\na: b\n"),
    ],
    "Y010": [
        ("a: b\u2028\n", 1, 5, "a: b\n"),
        ("a: b\x85\n", 1, 5, "a: b\n"),
        ('a: "\\N"\n', 1, 4, "a: N\n"),
    ],
    "Y011": [
        ("a: \ufdd0\n", 1, 4, "a: \ufdf0\n"),
        ("a: \U0001ffff\n", 1, 4, "a: \U0001f4a1\n"),
        ('a: "\\uFFFF"\n', 1, 4, 'a: "\\uFFFD"\n'),
    ],
    "Y012": [
        ("a: caf\u0065\u0301\n", 1, 7, "a: caf\u00e9\n"),
        ('a: "e\\u0301"\n', 1, 4, 'a: "\\u00e9"\n'),
    ],
    "Y013": [("a: b", 1, 5, "a: b\n"), ("a: b\nc: d", 2, 5, "a: b\nc: d\n")],
    "Y014": [
        ("a: b: c\n", 1, 5, 'a: "b: c"\n'),
        ("a: [b\n", 2, 1, "a: [b]\n"),
        ("a: 'b\n", 2, 1, "a: 'b'\n"),
        ("a: @b\n", 1, 4, 'a: "@b"\n'),
        ("a: b\n c: d\n", 2, 3, "a:\n c: d\n"),
        ('a: "\\q"\n', 1, 5, "a: \\q\n"),
    ],
    "Y015": [
        ("---\na: b\n", 1, 1, "a: b\n"),
        ("a: b\n---\nc: d\n", 2, 1, "a: b\nc: d\n"),
        ("a: b\n...\n", 2, 1, "a: b...\n"),
        ("a: |\n  b\n---\n", 3, 1, "a: |\n  b\n  ---\n"),
    ],
    "Y016": [
        ("%YAML 1.2\n---\na: b\n", 1, 1, "# %YAML 1.2\na: b\n"),
        ("%ODD\n---\na: b\n", 1, 1, "a: 10%\n"),
    ],
    "Y017": [
        ("- a\n", 1, 1, "a:\n  - b\n"),
        ("\nhello\n", 2, 1, "\nhello:\n"),
        ("[a]\n", 1, 1, "{a: b}\n"),
    ],
    "Y018": [
        ("a: &x b\n", 1, 4, "a: b &x\n"),
        ("a:\n  &x b: c\n", 2, 3, 'a:\n  "&x b": c\n'),
        ("&x\na: b\n", 1, 1, "a: b\n"),
        ("a: &x [b]\n", 1, 4, 'a: ["&x", b]\n'),
    ],
    "Y019": [("a: b\nc: *x\n", 2, 4, "a: b\nc: '*x'\n"), ("*x : b\n", 1, 1, "'*x': b\n")],
    "Y020": [
        ("a: !!str b\n", 1, 4, "a: b !!str\n"),
        ("a: ! b\n", 1, 4, 'a: "! b"\n'),
        ("!x {a: b}\n", 1, 1, "{a: b}\n"),
        ("a: !x [b]\n", 1, 4, 'a: ["!x", b]\n'),
    ],
    "Y021": [("a: b\n<<: {c: d}\n", 2, 1, 'a: b\n"<<": {c: d}\n')],
    "Y022": [
        ("a: b\nc: d\na: e\n", 3, 1, "a: b\nc: d\ne: f\n"),
        ('a: {b: c, "b": d}\n', 1, 11, "a: [{b: c}, {b: d}]\n"),
    ],
    "Y023": [
        ("? a\n: b\n", 1, 1, "a: b\n"),
        ("? [a]\n: b\n", 1, 3, "a: [a]\n"),
        ("{a: b}: c\n", 1, 1, '"{a: b}": c\n'),
        ("a: {? b : c}\n", 1, 5, "a: {b ? : c}\n"),
        ('"": b\n', 1, 1, '" ": b\n'),
        ('"a\\nb": c\n', 1, 1, '"a\\\\nb": c\n'),
        ("? |\n  a\n: b\n", 1, 3, "a: |\n  b\n"),
    ],
    "Y024": [("a: " + "[" * 16 + "]" * 16 + "\n", 1, 19, "a: " + "[" * 15 + "]" * 15 + "\n")],
}
CASES = [(code, *case) for code, cases in REFUSED.items() for case in cases]


def as_bytes(source: str | bytes) -> bytes:
    return source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(("code", "source", "line", "column", "twin"), CASES)
def test_what_is_outside_the_subset_is_refused_at_its_place_by_its_code(
    code: str, source: str | bytes, line: int, column: int, twin: str | bytes
) -> None:
    with pytest.raises(YamlError) as refused:
        load(as_bytes(source))
    error = refused.value
    assert (error.code, error.line, error.column) == (code, line, column)
    assert error.sentence
    assert error.hint
    assert error.sentence.isprintable()


@pytest.mark.parametrize(("code", "source", "line", "column", "twin"), CASES)
def test_the_harmless_twin_is_read(
    code: str, source: str | bytes, line: int, column: int, twin: str | bytes
) -> None:
    assert load(as_bytes(twin)).data


def test_every_code_has_a_case_here_and_words_for_explain() -> None:
    assert sorted(REFUSED) == sorted(CODES)
    for code, entry in CODES.items():
        assert entry.code == code
        assert entry.name
        assert entry.explanation
        assert entry.hint


def test_a_refusal_of_malformed_yaml_has_a_hint_for_its_reason() -> None:
    with pytest.raises(YamlError) as refused:
        load(b"a: b: c\n")
    assert refused.value.hint == "put double quotes around a text that holds `: `"


@pytest.mark.parametrize(
    "typed",
    ["00020120", "true", "No", "2026-10-21", "~", "null", "8E10", "0x1F", "1_000", "12:30:45", "="],
)
def test_a_scalar_is_the_text_that_was_typed(typed: str) -> None:
    assert load(f"a: {typed}\n".encode()).data == {"a": typed}


def test_an_empty_value_is_the_empty_text() -> None:
    source = b"a:\nb: ''\nc:\n  -\n  - {d: , e}\n"
    assert load(source).data == {"a": "", "b": "", "c": ["", {"d": "", "e": ""}]}


def test_folding_and_quoting_are_those_of_yaml() -> None:
    source = b"a: one\n  two\nb: >\n  one\n  two\n\nc: 'it''s'\nd: \"\\u00e9\\n\"\ne: |+\n  x\n\n"
    assert load(source).data == {
        "a": "one two",
        "b": "one two\n",
        "c": "it's",
        "d": "é\n",
        "e": "x\n\n",
    }


def test_keys_stand_in_the_order_of_the_file() -> None:
    assert list(load(b"c: 1\na: 2\nb: 3\n").data) == ["c", "a", "b"]


def test_without_libyaml_the_same_is_read() -> None:
    source = b"a: [b, {c: d}]\ne: |\n  f\n# g\nh:\n- 'i'\n"
    assert build(source, SlowParser) == build(source)


def test_without_libyaml_an_impossible_escape_is_refused_in_the_same_way() -> None:
    with pytest.raises(YamlError, match="Y014"):
        build(b'a: "\\UFFFFFFFF"\n', SlowParser)


SOURCE = """\
# a remark
a: é b
list:
  - x
  - key: value
    empty:
"""


@pytest.mark.parametrize(
    ("path", "value_at", "key_at"),
    [
        ((), (2, 1), (2, 1)),
        (("a",), (2, 4), (2, 1)),
        (("list",), (4, 3), (3, 1)),
        (("list", 0), (4, 5), (4, 5)),
        (("list", 1), (5, 5), (5, 5)),
        (("list", 1, "key"), (5, 10), (5, 5)),
        (("list", 1, "empty"), (6, 11), (6, 5)),
        (("list", 1, "absent"), (5, 5), (5, 5)),
        (("list", 1, "key", "deeper", 3), (5, 10), (5, 5)),
        (("list", 7), (4, 3), (3, 1)),
        (("list", "x"), (4, 3), (3, 1)),
        (("absent", "b"), (2, 1), (2, 1)),
    ],
)
def test_a_path_has_the_place_of_its_value_and_key_or_of_what_exists_above(
    path: tuple[str | int, ...], value_at: tuple[int, int], key_at: tuple[int, int]
) -> None:
    document = load(SOURCE.encode())
    assert document.position(path) == Position(*value_at)
    assert document.key_position(path) == Position(*key_at)
