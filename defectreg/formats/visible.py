"""Untrusted text made visible: what would hide, move or reorder other text becomes an escape."""

from __future__ import annotations

_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}

# Letters and marks that show nothing: joiners, Hangul fillers, variation selectors, empty Braille.
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
    + "".join(map(chr, range(0xE0100, 0xE01F0)))
)
_SPACES = frozenset("\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))))


def visible(text: str) -> str:
    r"""``text`` as one line with which no terminal, page or XML file can be steered.

    What a reader would not see or what would move, hide or reorder other text (controls, ESC, line
    breaks, bidi, zero-width characters, lone surrogates) becomes ``\x1b``, ``\u202e`` and the like.
    For eyes only: a backslash that was typed looks the same.
    """
    return "".join(map(_visible, text)) if is_odd(text) else text


def is_odd(text: str) -> bool:
    """Whether some character of a text has to be asked whether it is seen."""
    return not text.isprintable() or not _INVISIBLE.isdisjoint(text)


def is_seen(character: str) -> bool:
    """Whether a character shows as itself, or as the blank that it is."""
    return character in _SPACES or not is_odd(character)


def _visible(character: str) -> str:
    if is_seen(character):
        return character
    return _SHORT.get(character) or _escaped(ord(character))


def _escaped(point: int) -> str:
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
