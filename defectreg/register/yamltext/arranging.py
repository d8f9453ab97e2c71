"""The canonical form of a file that a person wrote: every comment and the order of keys stay."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from defectreg.register.yamltext.document import Document
from defectreg.register.yamltext.outline import Node, outline, scalars
from defectreg.register.yamltext.writer import STEP, checked, laid_out, scalar


def canonical(document: Document, order: Sequence[str] = ()) -> str:
    """The document in the form :func:`dump` writes, with its comments and single blank lines.

    ``order`` moves keys of the top into its order, each with the comments directly above it; keys
    it does not name come last, as they stood. A whole number, ``true`` or ``false`` that was typed
    without quotes stays so, since it is the same text to every reader. Applying it twice changes
    nothing, and what the document holds is never changed.
    """
    if not document.data:
        return checked(_comment_lines(document.text) + "{}\n", {})
    arrangement = _Arrangement(document.text)
    top = outline(document.text)
    entries = _sorted(arrangement.entries(top, 0), [key.value for key in top.keys], order)
    remaining = arrangement.leading(arrangement.all_left(), None, 0)
    lines = _joined([*entries, _Entry(remaining, [])])
    return checked("\n".join(lines) + "\n", document.data)


@dataclass(frozen=True, slots=True)
class _Comment:
    offset: int
    line: int
    column: int
    text: str
    has_own_line: bool
    follows_blank: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """A key or dash with its value; above it comments, and "" for a blank line."""

    above: list[str]
    lines: list[str]


class _Arrangement:
    """The document's comments, taken from the front as the values around them are written."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._comments = deque(_comments(text))

    def entries(self, node: Node, indent: int, limit: int | None = None) -> list[_Entry]:
        """The entries of a mapping or list; up to ``limit`` a remark on its line is an entry's."""
        starts = [entry.start for entry in node.keys or node.children]
        limits: list[int | None] = [limit] * len(starts)
        if node.form == "flow":
            limits = [*starts[1:], node.end - 1]
        return [
            self._entry(node, index, indent, limit_of_entry)
            for index, limit_of_entry in enumerate(limits)
        ]

    def all_left(self) -> list[_Comment]:
        taken = list(self._comments)
        self._comments.clear()
        return taken

    def leading(self, comments: Iterable[_Comment], opening: Node | None, indent: int) -> list[str]:
        """Comment lines, "" for a blank line; the last one stands above ``opening``."""
        lines: list[str] = []
        for comment in comments:
            lines += ["", " " * indent + comment.text][not comment.follows_blank :]
        if opening and _follows_blank(self._text, opening.start):
            lines.append("")
        return lines

    def _entry(self, node: Node, index: int, indent: int, limit: int | None) -> _Entry:
        child = node.children[index]
        opening = node.keys[index] if node.keys else child
        above = self.leading(self._before(opening.start), opening, indent)
        lead = " " * indent + (f"{scalar(opening.value)}:" if node.keys else "-")
        if child.children:
            remarks = self._on_line(opening.line, _first_start(child)) if node.keys else []
            below = self._collection(child, node, indent + STEP)
            if child.form == "flow":
                remarks += self._on_line(self._last_line(child), limit)
            if not node.keys:
                return _beside_the_dash(above, below, remarks, indent)
        else:
            remarks = [*self._before(child.end), *self._on_line(self._last_line(child), limit)]
            head, below = self._leaf(child, indent)
            lead = f"{lead} {head}"
        return _composed(above, lead, below, remarks, indent)

    def _last_line(self, node: Node) -> int:
        """The line a node ends on; of a block text the line of its header."""
        return node.line if node.form == "block text" else self._text.count("\n", 0, node.end)

    def _collection(self, node: Node, parent: Node, indent: int) -> list[str]:
        """The lines of a mapping or list, with the comments that close it."""
        entries = self.entries(node, indent)
        if node.form == "flow":
            closing = self._before(node.end - 1)
        else:
            closing = list(self._indented(node, parent))
        return _joined([*entries, _Entry(self.leading(closing, None, indent), [])])

    def _leaf(self, node: Node, indent: int) -> tuple[str, list[str]]:
        if node.form == "flow":
            return ("{}" if self._text[node.start] == "{" else "[]"), []
        if node.form == "plain" and re.fullmatch("true|false|0|-?[1-9][0-9]*", node.value):
            return node.value, []
        return laid_out(node.value, indent)

    def _before(self, offset: int) -> list[_Comment]:
        taken = []
        while self._comments and self._comments[0].offset < offset:
            taken.append(self._comments.popleft())
        return taken

    def _on_line(self, line: int, limit: int | None) -> list[_Comment]:
        """The remark at the end of a line, unless the line goes on behind ``limit``."""
        following = self._comments[0] if self._comments else None
        if not following or following.has_own_line or following.line != line:
            return []
        if limit is not None and following.offset >= limit:
            return []
        return [self._comments.popleft()]

    def _indented(self, node: Node, parent: Node) -> Iterator[_Comment]:
        """Comments below the last value of a block that are indented as a part of it."""
        while self._comments:
            comment = self._comments[0]
            inside = comment.column >= node.column and comment.column > parent.column
            if not inside or comment.offset >= node.next:
                return
            yield self._comments.popleft()


def _composed(
    above: list[str], lead: str, below: list[str], remarks: list[_Comment], indent: int
) -> _Entry:
    """An entry whose first line has room for one remark; others go above it."""
    above = above + [" " * indent + comment.text for comment in remarks[:-1]]
    return _Entry(above, [" ".join([lead, *(comment.text for comment in remarks[-1:])]), *below])


def _beside_the_dash(
    above: list[str], below: list[str], remarks: list[_Comment], indent: int
) -> _Entry:
    """An item that is a mapping or list itself; remarks on its first line go above it."""
    first = next(i for i, line in enumerate(below) if line and not line.lstrip(" ").startswith("#"))
    above = above + [" " * indent + comment.text for comment in remarks]
    above += [line[STEP:] for line in below[:first]]
    return _Entry(above, [f"{' ' * indent}- {below[first].lstrip(' ')}", *below[first + 1 :]])


def _sorted(entries: list[_Entry], keys: Sequence[str], order: Sequence[str]) -> list[_Entry]:
    """The entries in their order; comments with a blank line below them stay where they were."""
    rank = {key: number for number, key in enumerate(order)}
    places = sorted(range(len(keys)), key=lambda index: rank.get(keys[index], len(rank)))
    if places == list(range(len(keys))):
        return entries
    floating, attached = zip(*(_split(entry.above) for entry in entries), strict=True)
    moved = [_Entry(floating[0], [])]
    for index in places:
        stays = floating[index + 1] if index + 1 < len(floating) else []
        moved += [_Entry(attached[index], entries[index].lines), _Entry(stays, [])]
    return [*moved[:-1], _Entry(moved[-1].above[:-1], [])]


def _split(above: list[str]) -> tuple[list[str], list[str]]:
    last_blank = max((i for i, line in enumerate(above) if not line), default=-1)
    if not any(above[: max(last_blank, 0)]):
        return [], above
    return above[: last_blank + 1], above[last_blank + 1 :]


def _joined(entries: Iterable[_Entry]) -> list[str]:
    """All lines; a blank line neither begins them nor follows another."""
    lines: list[str] = []
    for entry in entries:
        for line in entry.above:
            if line or (lines and lines[-1]):
                lines.append(line)
        lines += entry.lines
    return lines


def _comments(text: str) -> Iterator[_Comment]:
    """The comments of a text: all that begins with # outside keys and values."""
    offset = 0
    for node in [*scalars(outline(text)), None]:
        end = node.start if node else len(text)
        if node and node.form == "block text":
            end = text.index("\n", node.start)
        for match in re.compile("#[^\n]*").finditer(text, offset, end):
            yield _comment(text, match.start(), match[0].rstrip(" "))
        if node:
            offset = max(node.next, end)


def _comment(text: str, offset: int, content: str) -> _Comment:
    start = text.rfind("\n", 0, offset) + 1
    has_own_line = not text[start:offset].strip(" ")
    return _Comment(
        offset,
        text.count("\n", 0, offset),
        offset - start,
        content,
        has_own_line,
        has_own_line and _follows_blank(text, offset),
    )


def _follows_blank(text: str, offset: int) -> bool:
    """Does the line at ``offset`` begin there, but for dashes, below a blank line?"""
    start = text.rfind("\n", 0, offset) + 1
    if not start or text[start:offset].strip(" -"):
        return False
    return not text[text.rfind("\n", 0, start - 1) + 1 : start].strip(" \n")


def _first_start(node: Node) -> int:
    return (node.keys or node.children)[0].start


def _comment_lines(text: str) -> str:
    return "".join(f"{match}\n" for match in re.findall("#[^\n]*", text))
