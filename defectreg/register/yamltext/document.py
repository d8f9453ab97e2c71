"""A file of the register as a value: its text, what it holds, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from defectreg.register.findings import DataPath
from defectreg.register.yamltext.outline import path_to

Value: TypeAlias = "dict[str, Value] | list[Value] | str"
"""What a file holds; every scalar is the text that was typed."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file; ``line`` and ``column`` count from 1, in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """A file of the register: its text, and what it holds in the order of the file.

    ``data`` is always a mapping; an empty value is the text "". Documents made by :func:`load`
    hold what their text says.
    """

    text: str
    data: dict[str, Value]

    def position(self, path: DataPath) -> Position:
        """Where the value at ``path`` begins, or else the nearest value that exists above it."""
        node = path_to(self.text, path)[-1]
        return Position(node.line + 1, node.column + 1)

    def key_position(self, path: DataPath) -> Position:
        """Where the key of the value at ``path`` begins, or else the nearest that exists above.

        An item of a list has no key: the place is the item's own.
        """
        nodes = path_to(self.text, path)
        node = nodes[-1]
        if len(nodes) > 1 and nodes[-2].keys:
            index = nodes[-2].index(path[len(nodes) - 2])
            node = nodes[-2].keys[index or 0]
        return Position(node.line + 1, node.column + 1)
