"""Where everything stands in a document: a second pass, made only when someone asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from defectreg.register.findings import DataPath

Form: TypeAlias = Literal["plain", "quoted", "block text", "block", "flow"]
"""How a node is written: three forms of a scalar, two of a mapping or list."""


@dataclass(frozen=True, slots=True)
class Node:
    """One scalar, mapping or list and its place; offsets count characters of the text.

    ``end`` is where its content ends: of a block text after its last line feed, of a block mapping
    or list where its last value ends. ``next`` is where the next thing that is no comment begins.
    ``line`` and ``column`` count from 0. A scalar has no children; only a mapping has keys.
    """

    form: Form
    start: int
    end: int
    next: int
    line: int
    column: int
    value: str = ""
    keys: tuple[Node, ...] = ()
    children: tuple[Node, ...] = ()

    def step(self, part: str | int) -> Node | None:
        """The child at a key or a list position; None if there is none."""
        index = self.index(part)
        return None if index is None else self.children[index]

    def index(self, part: str | int) -> int | None:
        """The number of the child at a key or a list position; None if there is none."""
        if isinstance(part, int):
            holds = not self.keys and 0 <= part < len(self.children)
            return part if holds else None
        return next((i for i, key in enumerate(self.keys) if key.value == part), None)


@lru_cache(maxsize=4)
def outline(text: str) -> Node:
    """The top mapping of a text that :func:`load` accepts."""
    from defectreg.register.yamltext.tracing import trace

    return trace(text)


def path_to(text: str, path: DataPath) -> list[Node]:
    """The nodes from the top to ``path``, as far as it exists."""
    nodes = [outline(text)]
    for part in path:
        node = nodes[-1].step(part)
        if node is None:
            break
        nodes.append(node)
    return nodes


def scalars(node: Node) -> Iterator[Node]:
    """All keys and texts, in the order of the file."""
    if node.form not in ("block", "flow"):
        yield node
    for index, child in enumerate(node.children):
        if node.keys:
            yield node.keys[index]
        yield from scalars(child)
