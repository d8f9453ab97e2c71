"""Laws of the YAML subset: what is written is what is read, by us and by others."""

from __future__ import annotations

import datetime
import re
from io import StringIO
from typing import Any

import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from defectreg.register.findings import DataPath
from defectreg.register.yamltext import (
    Document,
    Value,
    YamlError,
    canonical,
    dump,
    insert,
    load,
    remove,
    replace,
)
from defectreg.register.yamltext.building import SlowParser, build
from defectreg.register.yamltext.lines import read_lines
from defectreg.register.yamltext.outline import path_to

# Texts that YAML readers trip over, and ordinary ones.
SIGNS = " \n-?:,[]{}#&*!|>'\"%@`~=<._+0123456789abeEfnostxyé\u00a0\U0001f4a1"
ODD = ["", "yes", "No", "null", "<<", "1e3", "0o17", "1:30", "a: b", "a #b", "---", "-", ".inf"]
TEXTS = st.one_of(
    st.text(SIGNS, max_size=12),
    st.sampled_from(ODD),
    st.from_regex(r"[-+]?[0-9]{1,4}[-_.:eExo]?[0-9]{0,4}[-:]?[0-9]{0,2}", fullmatch=True),
    st.text(max_size=8),
)
KEYS = st.one_of(st.sampled_from(["a", "b", "c", "no", "1"]), TEXTS)
VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
MAPPINGS = st.dictionaries(KEYS, VALUES, max_size=4)
WORDS = ["x", "CHF:FF02/00020001", "3", "007", "true", "no", "2026-10-21", "a b", "é", "# r"]


class Typist:
    """Writes a file as people do: any form of a value, comments and blank lines anywhere."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._remarks = 0

    def mapping(self, indent: int, depth: int) -> list[str]:
        lines: list[str] = []
        for key in self._draw(st.lists(st.sampled_from("abcdefg"), min_size=1, unique=True)):
            lines += self.noise(indent)
            lines += self.value(f"{' ' * indent}{key}:", indent, depth)
        return lines

    def sequence(self, indent: int, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self.number(1, 3)):
            lines += self.noise(indent)
            lines += self.value(f"{' ' * indent}-", indent, depth)
        return lines

    def value(self, lead: str, indent: int, depth: int) -> list[str]:
        """The lines of an entry that begins with ``lead``."""
        deeper = indent + self.number(1, 3)
        forms = [self.word, self.word, self.block_text, self.brackets]
        if depth:
            forms += [self.nested, self.nested]
        if depth and lead.endswith("-"):
            forms.append(self.beside_the_dash)
        return self._draw(st.sampled_from(forms))(lead, deeper, depth)

    def word(self, lead: str, indent: int, depth: int) -> list[str]:
        word = self._draw(st.sampled_from(WORDS))
        text = self._draw(st.sampled_from([word.lstrip("# "), f'"{word}"', f"'{word}'", ""]))
        return [f"{lead} {text}".rstrip() + self.remark()]

    def block_text(self, lead: str, indent: int, depth: int) -> list[str]:
        header = self._draw(st.sampled_from(["|", ">", "|-", "|+", ">+", ">-"]))
        texts = self._draw(st.lists(st.sampled_from(["", *WORDS]), max_size=3))
        body = [" " * indent + text if text else "" for text in ["y", *texts]]
        return [f"{lead} {header}{self.remark()}", *body]

    def nested(self, lead: str, indent: int, depth: int) -> list[str]:
        lines = self._draw(st.sampled_from([self.mapping, self.sequence]))(indent, depth - 1)
        return [lead + self.remark(), *self.noise(indent), *lines]

    def beside_the_dash(self, lead: str, indent: int, depth: int) -> list[str]:
        within = lead.index("-") + 2
        first, *others = self._draw(st.sampled_from([self.mapping, self.sequence]))(within, 0)
        if not first.strip() or first.lstrip().startswith("#"):
            return [lead, first, *others]
        return [f"{lead} {first.lstrip()}", *others]

    def brackets(self, lead: str, indent: int, depth: int) -> list[str]:
        items = self._draw(
            st.lists(st.sampled_from(["x", "'y, z'", "[]", "[s, t]", "{u: v, w}", "q: r"]))
        )
        if self._draw(st.booleans()):
            return [f"{lead} [{', '.join(items)}]{self.remark()}"]
        inner = [line for item in items for line in self.item(item, indent)]
        return [f"{lead} [{self.remark()}", *inner, " " * indent + "]" + self.remark()]

    def item(self, item: str, indent: int) -> list[str]:
        return [*self.noise(indent), f"{' ' * indent}{item},{self.remark()}"]

    def noise(self, indent: int) -> list[str]:
        kind = self.number(0, 7)
        where = max(0, indent + self.number(-1, 1) * 2) if kind == 1 else indent
        comments = [(" " * where + self.remark(always=True).lstrip())] if kind in (1, 2, 3) else []
        return [*[""] * (kind in (3, 4)), *comments, *[""] * (kind == 2)]

    def remark(self, *, always: bool = False) -> str:
        if not always and self.number(0, 4):
            return ""
        self._remarks += 1
        return f" # r{self._remarks}"

    def number(self, least: int, most: int) -> int:
        return self._draw(st.integers(least, most))


@st.composite
def files(draw: st.DrawFn) -> str:
    typist = Typist(draw)
    return "\n".join([*typist.mapping(0, 2), *typist.noise(0)]) + "\n"


def remarks(text: str) -> list[str]:
    return sorted(re.findall("# r[0-9]+", text))


def written(data: Any) -> str:
    """The data's text; data that no file may hold is not what a law speaks of."""
    try:
        return dump(data)
    except ValueError:
        assume(False)
        raise


def read(text: str) -> Document:
    try:
        return load(text.encode())
    except YamlError:
        assume(False)
        raise


def paths(value: Value, above: DataPath = ()) -> list[DataPath]:
    found: list[DataPath] = [above] if above else []
    children = value.items() if isinstance(value, dict) else enumerate(value)
    if not isinstance(value, str):
        for key, child in children:
            found += paths(child, (*above, key))
    return found


def dates_as_typed(value: Any) -> Any:
    """A date stays plain by design, so other readers make a date of it."""
    if isinstance(value, dict):
        return {dates_as_typed(key): dates_as_typed(child) for key, child in value.items()}
    if isinstance(value, list):
        return [dates_as_typed(child) for child in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def ruamel(text: str, version: str) -> Any:
    reader = YAML(typ="safe", pure=True)
    reader.version = version
    return reader.load(StringIO(text))


@given(MAPPINGS)
def test_what_is_written_is_what_is_read(data: dict[str, Any]) -> None:
    assert load(written(data).encode()).data == data


@given(MAPPINGS)
@example({"a": "2026-10-21", "b": ["2026-02-30", "0001-01-01"]})
def test_other_readers_read_the_same_texts(data: dict[str, Any]) -> None:
    text = written(data)
    assert dates_as_typed(yaml.load(text, yaml.CSafeLoader)) == data
    assert dates_as_typed(yaml.safe_load(text)) == data
    assert dates_as_typed(ruamel(text, "1.2")) == data
    assert dates_as_typed(ruamel(text, "1.1")) == data


@given(st.dictionaries(st.sampled_from("abc"), st.integers() | st.booleans(), max_size=3))
def test_numbers_and_booleans_are_such_to_other_readers(data: dict[str, Any]) -> None:
    assert yaml.safe_load(dump(data)) == data


@given(st.one_of(st.binary(max_size=60), st.text(max_size=40).map(str.encode)))
def test_no_bytes_make_the_loader_raise_anything_but_its_own_error(source: bytes) -> None:
    outcome = refusal_of(source)
    assert outcome is None or (outcome.line >= 1 and outcome.column >= 1)
    assert outcome is None or outcome.sentence.isprintable()


@given(st.text("a \n:-[]{}?!&*|>'\"%#,\\u20", max_size=24))
def test_no_text_of_yaml_signs_makes_it_raise_anything_else(text: str) -> None:
    for source in (text, f"a: {text}\n", f"{text}\n"):
        if refusal_of(source.encode()) is None:
            document = load(source.encode())
            assert load(canonical(document).encode()).data == document.data


def refusal_of(source: bytes) -> YamlError | None:
    try:
        load(source)
    except YamlError as error:
        return error
    return None


@given(files())
def test_the_slow_parser_reads_what_libyaml_reads(text: str) -> None:
    data = read(text).data
    assert build(text.encode()) == data
    assert build(text.encode(), SlowParser) == data


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "b:",
                "c: |",
                "  x",
                "  - y",
                "  k:",
                "    - w",
                "  l: |",
                "    z",
                "    m: n",
                "",
                "  ",
            ]
        ),
        st.builds(
            "{}{}".format,
            st.sampled_from(["d: ", 'e: "', "f:", "  - ", "  g: ", "    ", "  ", "", "h: i"]),
            st.text(SIGNS.replace("\n", ""), max_size=6),
        ),
    ),
    max_size=7,
)


@given(LINES)
@example(["b: |", "  x", "", "    y", "c:", "  k:", "    - w"])
def test_what_is_read_by_its_lines_is_what_the_parser_reads(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in ["a: b", *lines])
    for some in (text, f"o:\n{text.replace('a: b', '  a: b', 1)}"):
        data = read_lines(some)
        if data is not None:
            assert repr(data) == repr(build(some.encode()))


@given(files(), st.permutations("abcdeg"))
def test_the_canonical_form_keeps_data_and_comments_and_is_its_own(
    text: str, order: list[str]
) -> None:
    document = read(text)
    for arguments in ((), (order,)):
        arranged = canonical(document, *arguments)
        again = load(arranged.encode())
        assert again.data == document.data
        assert canonical(again, *arguments) == arranged
        assert remarks(arranged) == remarks(text)
    assert list(load(canonical(document).encode()).data) == list(document.data)


@given(MAPPINGS)
def test_what_dump_writes_is_canonical(data: dict[str, Any]) -> None:
    text = written(data)
    assert canonical(load(text.encode())) == text


@given(files(), VALUES, st.data())
def test_replacing_changes_the_value_and_nothing_outside_it(
    text: str, value: Any, data: st.DataObject
) -> None:
    document = read(text)
    written({"a": value})
    path = data.draw(st.sampled_from(paths(document.data)))
    new = replace(document, path, value)
    node = path_to(text, path)[-1]
    before = text[: text.rfind("\n", 0, document_start(text, path)) + 1]
    after = text[text.find("\n", node.end - (text[node.end - 1] == "\n")) + 1 :]
    assert new.startswith(before)
    assert new.endswith(after)


def document_start(text: str, path: DataPath) -> int:
    """Where the entry that holds the value begins: its key, or the value itself."""
    parent = path_to(text, path)[-2]
    index = parent.index(path[-1])
    return parent.keys[index].start if parent.keys and index is not None else parent.start


@given(files(), st.data())
def test_removing_takes_one_value_and_inserting_adds_one(text: str, data: st.DataObject) -> None:
    document = read(text)
    path = data.draw(st.sampled_from(paths(document.data)))
    assume(len(document.data) > 1 or len(path) > 1)
    assert len(paths(load(remove(document, path).encode()).data)) < len(paths(document.data))
    order = data.draw(st.permutations(["new", "a", "b", "d"]))
    value = data.draw(st.sampled_from(["x", "x\ny\n", "x\n\n", ["x"], {"x": "y"}, []]))
    added = insert(document, "new", value, order)
    assert load(added.encode()).data == {**document.data, "new": value}
    assert remarks(added) == remarks(text)
