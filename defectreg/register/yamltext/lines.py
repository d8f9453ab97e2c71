"""Files as nearly all are written, read by their lines: no YAML parser is asked about them.

What is read here is a small part of the subset, in which every line says by itself what it is:
``key: text``, ``- text``, ``key:`` above what is indented by two blanks, and ``key: |`` above a
text. There is one way to read such lines, and it is the parser's. Whatever else a file has (a
comment, an escape, a folded text, brackets, a key that is given twice) is left to the parser.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from defectreg.register.yamltext.document import Value

_BREAK: Final = re.compile(r"\n(?=[^ \n])")
"""What ends an entry: what stands below its key is indented, or a blank line."""
_KEY: Final = re.compile("[a-z][a-z0-9-]{0,63}")
_FIRST: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
"""Signs with which a text without quotes begins, that are never more than a text."""
_LONGEST: Final = 160
"""Characters of a line that is remembered: files say much of what other files say."""
_DEEPEST: Final = 4
"""Mappings inside one another, the top one counted: more are left to the parser."""


def read_lines(text: str) -> dict[str, Value] | None:
    """The mapping that a text holds; None where its lines do not all say by themselves what they
    are.

    The text's characters are of the subset, and its last line ends.
    """
    return None if "\\" in text else _mapping(text[:-1], 1)


def _mapping(text: str, depth: int) -> dict[str, Value] | None:
    data: dict[str, Value] = {}
    entries = _BREAK.split(text)
    for entry in entries:
        if "\n" in entry:
            read = _entry(entry, depth)
        else:
            read = _known_line(entry) if len(entry) < _LONGEST else _line(entry)
        if read is None:
            return None
        data[read[0]] = read[1]
    return data if len(data) == len(entries) else None


def _entry(entry: str, depth: int) -> tuple[str, Value] | None:
    """The key of several lines, and what stands below it; None where the parser is asked."""
    line, _, below = entry.partition("\n")
    head = _head(line)
    value = None if head is None else _below(below, depth, is_text=head[1])
    return None if head is None or value is None else (head[0], value)


def _line(line: str) -> tuple[str, Value] | None:
    """The key and the text of a line; None where that is left to the parser."""
    key, _, said = line.partition(": ")
    text = _scalar(said)
    return None if text is None or not _KEY.fullmatch(key) else (key, text)


_known_line = lru_cache(maxsize=4096)(_line)


@lru_cache(maxsize=256)
def _head(line: str) -> tuple[str, bool] | None:
    """The key of a line with more below it, and whether that is a text."""
    key, colon, said = line.partition(":")
    is_head = colon and said in ("", " |") and _KEY.fullmatch(key)
    return (key, bool(said)) if is_head else None


def _scalar(text: str) -> str | None:
    """What is said on one line; None where that is left to the parser."""
    if text[:1] in _FIRST:
        return None if ": " in text or " #" in text or text[-1] in ": " else text
    is_quoted = text[:1] == '"' and text.find('"', 1) == len(text) - 1
    return text[1:-1] if is_quoted else None


def _below(lines: str, depth: int, *, is_text: bool) -> Value | None:
    """What is indented below a key; None where that is left to the parser."""
    if lines[:2] != "  " or lines.count("\n ") != lines.count("\n  "):
        return None
    if is_text:
        return _block_text(lines)
    if lines[-1] == "\n" or depth == _DEEPEST:
        return None
    return _items(lines) if lines[2:3] == "-" else _mapping(_outdented(lines), depth + 1)


def _block_text(lines: str) -> str | None:
    # Blanks at the beginning say how deep a text stands, and those at an end are easily misread.
    if lines[2:3] in ("", " ", "\n") or " \n" in lines or lines[-1] == " ":
        return None
    return _outdented(lines).rstrip("\n") + "\n"


def _items(lines: str) -> list[Value] | None:
    items: list[Value] = []
    for line in lines.split("\n"):
        item = _known_item(line) if len(line) < _LONGEST else _item(line)
        if item is None:
            return None
        items.append(item)
    return items


def _item(line: str) -> str | None:
    """The text of a line of a list; None where that is left to the parser."""
    return _scalar(line[4:]) if line[:4] == "  - " else None


_known_item = lru_cache(maxsize=4096)(_item)


def _outdented(lines: str) -> str:
    return lines[2:].replace("\n  ", "\n")
