"""Editing one value of a document: the rest of the file stays as its author wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from defectreg.register.findings import DataPath
from defectreg.register.yamltext.document import Document, Value
from defectreg.register.yamltext.outline import Node, outline, path_to
from defectreg.register.yamltext.writer import (
    as_read,
    checked,
    flow_text,
    laid_out,
    mapping_lines,
)

Edit: TypeAlias = tuple[int, int, str]
"""The characters from the first offset to the second become the text."""


def replace(document: Document, path: DataPath, value: object) -> str:
    """The text with another value at ``path``; all outside the old value stays byte by byte.

    Raises ValueError where nothing stands at ``path``, and for a value no file may hold.
    """
    place = _find(document, path)
    expected = _with(document.data, path, as_read(value, len(path) + 1))
    return _first_that_reads_back(
        document.text,
        (_replacement(place, value, inline=inline) for inline in (False, True)),
        expected,
    )


def insert(document: Document, key: str, value: object, order: Sequence[str] = ()) -> str:
    """The text with one more key at the top, at its place in ``order`` or else last.

    Raises ValueError for a key that is there already, and for a value no file may hold.
    """
    if key in document.data:
        raise ValueError(f"the key {key} is there already")
    expected = {**document.data, key: as_read(value, 2)}
    top = outline(document.text)
    present = [node.value for node in top.keys]
    index = _rank(key, present, order)
    edits = (
        [_insertion(document.text, top, index, {key: value}, inline=inline)]
        for inline in (False, True)
    )
    return _first_that_reads_back(document.text, edits, expected)


def remove(document: Document, path: DataPath) -> str:
    """The text without the value at ``path``, its key or dash, and the remarks inside it.

    Comments above it stay. A mapping or list that loses its only value becomes ``{}`` or ``[]``.
    Raises ValueError where nothing stands at ``path``, and for the only key of a document.
    """
    place = _find(document, path)
    if len(place.parent.children) == 1:
        if len(path) == 1:
            raise ValueError("a document keeps at least one key")
        return replace(document, path[:-1], {} if place.parent.keys else [])
    expected = _without(document.data, path)
    edits = ([edit] for edit in _removals(place))
    return _first_that_reads_back(document.text, edits, expected)


@dataclass(frozen=True, slots=True)
class _Place:
    """A value to be edited, in the mapping or list that holds it."""

    text: str
    parent: Node
    index: int

    @property
    def node(self) -> Node:
        return self.parent.children[self.index]

    @property
    def start(self) -> int:
        """Where the entry begins: its key, or its dash (between brackets the item itself)."""
        if self.parent.keys:
            return self.parent.keys[self.index].start
        if self.parent.form == "flow":
            return self.node.start
        if self.index == 0:
            return self.parent.start
        return _after_remarks(self.text, self.parent.children[self.index - 1].end)

    @property
    def anchor(self) -> int:
        """Just behind the colon or dash."""
        if self.parent.keys:
            return self.text.index(":", self.parent.keys[self.index].end) + 1
        return self.start + 1

    def neighbour(self, step: int) -> _Place:
        return _Place(self.text, self.parent, self.index + step)


def _find(document: Document, path: DataPath) -> _Place:
    nodes = path_to(document.text, path)
    index = nodes[-2].index(path[-1]) if path and len(nodes) == len(path) + 1 else None
    if index is None:
        raise ValueError(f"nothing stands at {'.'.join(map(str, path)) or 'the top'} to be edited")
    return _Place(document.text, nodes[-2], index)


def _first_that_reads_back(text: str, attempts: Iterable[Iterable[Edit]], expected: Value) -> str:
    """The first attempt that gives what was expected; raises the last one's ValueError."""
    refused = ValueError("this cannot be edited in place")
    for edits in attempts:
        try:
            return checked(_edited(text, edits), expected)
        except ValueError as error:
            refused = error
    raise refused


def _edited(text: str, edits: Iterable[Edit]) -> str:
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def _replacement(place: _Place, value: object, *, inline: bool) -> list[Edit]:
    node, text = place.node, place.text
    if place.parent.form == "flow":
        return [(node.start, node.end, _glue(place) + flow_text(value))]
    (start, end), (body_start, body_end) = _old_spans(place)
    head, below = _new_lines(place, end, value, inline=inline)
    if not head or head.startswith("|") or text[start:end].startswith("\n"):
        between = text[place.anchor : start]
        start = start if between.strip(" \n") else place.anchor
    if head and text[start - 1] in ":-":
        head = " " + head
    return [(start, end, head), (body_start, body_end, "".join(f"{line}\n" for line in below))]


def _new_lines(place: _Place, end: int, value: object, *, inline: bool) -> tuple[str, list[str]]:
    """As :func:`laid_out`; in a list the first line stands beside its dash, if no remark does."""
    head, below = laid_out(value, place.parent.column, inline=inline)
    remark = place.text[end : _line_end(place.text, end)].strip(" \n")
    if not head and not place.parent.keys and not remark:
        return below[0].lstrip(" "), below[1:]
    return head, below


def _old_spans(place: _Place) -> tuple[tuple[int, int], tuple[int, int]]:
    """What the old value has on its first line, and what below it."""
    node, text = place.node, place.text
    if node.form == "block text":
        header_end = _end_of_header(text, node.start)
        return (node.start, header_end), (_line_end(text, header_end), node.end)
    if node.form == "block" and text[place.anchor : node.start].strip(" "):
        first = text.rindex("\n", 0, node.start) + 1
        return (place.anchor, place.anchor), (first, _line_end(text, node.end))
    end = node.end - 1 if _ends_line(text, node) else node.end
    below = _line_end(text, end)
    return (node.start, end), (below, below)


def _end_of_header(text: str, start: int) -> int:
    match = re.compile("[|>][-+0-9]*").match(text, start)
    return match.end() if match else start


def _ends_line(text: str, node: Node) -> bool:
    """Is the last thing in the node a block text, which takes its line feed with it?"""
    return node.end > node.start and text[node.end - 1] == "\n"


def _line_end(text: str, offset: int) -> int:
    """The beginning of the line after the one at ``offset``; itself where a line begins there."""
    if offset and text[offset - 1] == "\n":
        return offset
    return text.index("\n", offset) + 1


def _after_remarks(text: str, offset: int) -> int:
    """The next character that is neither blank nor in a comment."""
    match = re.compile(r"(?:[ \n]|#[^\n]*)*").match(text, offset)
    return match.end() if match else offset


def _glue(place: _Place) -> str:
    """What an empty value between brackets lacks before a text can follow its key."""
    node, text = place.node, place.text
    if node.start != node.end or not place.parent.keys:
        return ""
    between = text[place.parent.keys[place.index].end : node.start]
    return " " if between.endswith(":") else "" if ":" in between else ": "


def _rank(key: str, present: Sequence[str], order: Sequence[str]) -> int:
    """Before which of the keys that are present a new one belongs."""
    if key not in order:
        return len(present)
    place = {name: number for number, name in enumerate(order)}
    before = [name for name in present if place.get(name, len(order)) < place[key]]
    if before:
        return present.index(max(before, key=place.__getitem__)) + 1
    after = [index for index, name in enumerate(present) if name in place]
    return after[0] if after else len(present)


def _insertion(
    text: str, top: Node, index: int, entry: Mapping[str, object], *, inline: bool
) -> Edit:
    """``entry``, a mapping of one key, as a line or more of the top mapping."""
    if top.form == "flow":
        return _insertion_in_flow(top, index, flow_text(entry)[1:-1])
    indent = top.column
    if index:
        offset = _line_end(text, top.children[index - 1].end)
        offset = _past_inner_comments(text, offset, indent)
    else:
        offset = _above_comments(text, top.keys[0].start - indent)
    lines = mapping_lines(entry, indent, inline=inline)
    return offset, offset, "".join(f"{line}\n" for line in lines)


def _insertion_in_flow(top: Node, index: int, pair: str) -> Edit:
    if index < len(top.keys):
        offset = top.keys[index].start
        return offset, offset, f"{pair}, "
    offset = top.children[-1].end if top.children else top.start + 1
    return offset, offset, f", {pair}" if top.children else pair


def _past_inner_comments(text: str, offset: int, indent: int) -> int:
    """Below the comments that are indented as a part of the value above them."""
    match = re.compile(rf"(?: {{{indent + 1},}}#[^\n]*\n)*").match(text, offset)
    return match.end() if match else offset


def _above_comments(text: str, offset: int) -> int:
    """Above the comment lines that stand directly above the line at ``offset``."""
    while offset:
        start = text.rfind("\n", 0, offset - 1) + 1
        if not text[start:offset].lstrip(" ").startswith("#"):
            break
        offset = start
    return offset


def _removals(place: _Place) -> Iterable[Edit]:
    text, node, start = place.text, place.node, place.start
    if place.parent.form == "flow":
        if place.index + 1 < len(place.parent.children):
            yield start, place.neighbour(1).start, ""
        else:
            yield place.neighbour(-1).node.end, node.end, ""
        return
    line = text.rfind("\n", 0, start) + 1
    column = start - line
    end = _past_inner_comments(text, _line_end(text, node.end), column)
    if not text[line:start].strip(" "):
        yield line, end, ""
        yield line, _past_blank_lines(text, end), ""
    else:  # the first entry, beside the dash of the list around it
        following = place.neighbour(1).start
        remarks = text[end:following].strip(" \n")
        yield start, end if remarks else following, ""


def _past_blank_lines(text: str, offset: int) -> int:
    match = re.compile(r"(?: *\n)*").match(text, offset)
    return match.end() if match else offset


def _with(data: Value, path: DataPath, value: Value) -> Value:
    """``data`` with another value at ``path``, which exists."""
    if not path:
        return value
    if isinstance(data, dict):
        return {k: _with(v, path[1:], value) if k == path[0] else v for k, v in data.items()}
    return [_with(v, path[1:], value) if i == path[0] else v for i, v in enumerate(data)]


def _without(data: Value, path: DataPath) -> Value:
    """``data`` without what stands at ``path``, which exists."""
    if isinstance(data, dict):
        kept = {k: v for k, v in data.items() if (k,) != path}
        return {k: _without(v, path[1:]) if k == path[0] else v for k, v in kept.items()}
    items = [v for i, v in enumerate(data) if (i,) != path]
    if len(path) == 1:
        return items
    return [_without(v, path[1:]) if i == path[0] else v for i, v in enumerate(items)]
