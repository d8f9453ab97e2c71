"""Patterns of a schema: anchored, of ASCII classes, and understood alike by every engine."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WIDE_CLASSES = re.compile(r"\\[0-9dDwWsSbBpPAZzG]|\(\?(?!:)|[*+?}]\+|[^\x20-\x7e]")
"""Escapes that mean another set of characters in each engine, look-around, what only some engines
have (possessive, back-references), and not ASCII."""


def check_pattern(pattern: str) -> Iterator[str]:
    """Sentences of what is wrong in a pattern."""
    if not (pattern.startswith("^") and pattern.endswith("$")) or _is_bare_choice(pattern):
        yield "a pattern that is not anchored at both ends"
    if _WIDE_CLASSES.search(pattern):
        yield "a pattern with more than ASCII classes"
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        yield "a pattern that cannot be read"


def _is_bare_choice(pattern: str) -> bool:
    """Whether a ``|`` stands outside every group: ``^a|b$`` is anchored at one end each."""
    depth, place = 0, 0
    while place < len(pattern):
        character = pattern[place]
        if character == "\\":
            place += 1
        elif character == "[":
            place = _end_of_class(pattern, place)
        elif character == "|" and depth == 0:
            return True
        depth += (character == "(") - (character == ")")
        place += 1
    return False


def _end_of_class(pattern: str, place: int) -> int:
    """Where the class that begins at a ``[`` ends; a ``]`` right after it is one of its own."""
    place += 2 if pattern.startswith("[^", place) else 1
    place += pattern.startswith("]", place)
    while place < len(pattern) and pattern[place] != "]":
        place += 2 if pattern[place] == "\\" else 1
    return place
