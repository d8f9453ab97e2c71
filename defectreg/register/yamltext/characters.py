"""What the bytes of a file must be before anyone reads them as YAML."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from defectreg.register.yamltext.refusals import LARGEST, YamlError, refusal, refusal_at

_REFUSED: Final = {
    "Y005": ("a carriage return", "\\r"),
    "Y006": ("a tab", "\\t"),
    "Y007": ("a control character", "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f"),
    "Y008": ("a bidirectional control", "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"),
    "Y009": (  # Unicode's Default_Ignorable_Code_Point, and annotations
        "an invisible character",
        (
            "\\xad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200d\\u2060-\\u2065"
            "\\u206a-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb"
            "\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff"
        ),
    ),
    "Y010": ("a Unicode line break", "\\x85\\u2028\\u2029"),
    "Y011": (
        "a code point that is no character",
        "\\ud800-\\udfff\\ufdd0-\\ufdef"
        + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(0x11)),
    ),
}
"""For each code what it refuses, in words and as a class of characters."""

_USUAL: Final = bytes((0x0A, *range(0x20, 0x7F)))
_USUAL_CHARACTERS: Final = frozenset(_USUAL.decode("ascii"))


def read_text(source: bytes, largest: int = LARGEST) -> str:
    """The text of a file; raises :class:`YamlError` unless its characters are of the subset."""
    if len(source) > largest:
        sentence = f"the file has more than {largest:,} bytes"
        raise refusal("Y002", 1, 1, sentence)
    text = _decoded(source)
    if text.startswith("\ufeff"):
        raise refusal("Y004", 1, 1, "the file begins with a byte order mark")
    # Nearly all files are of usual characters alone, which is soon said of bytes.
    found = refused_character(text) if source.translate(None, _USUAL) else None
    if found:
        raise refusal_at(found[0], text, found[1], f"{found[2]} stands here")
    if not text.strip(" \n"):
        raise refusal("Y001", 1, 1, "the file is empty")
    if not text.endswith("\n"):
        raise refusal_at("Y013", text, len(text), "the last line ends without a line feed")
    return text


def refused_character(text: str) -> tuple[str, int, str] | None:
    """Code, offset and description of the first character the subset refuses; None if none."""
    unusual = "".join(
        set(text) - _USUAL_CHARACTERS
    )  # the classes are slow: ask them of few characters
    match = _any_refused().search(text) if _any_refused().search(unusual) else None
    if match:
        code, name = _kind_of(match[0])
        return code, match.start(), f"{name} (U+{ord(match[0]):04X})"
    if not unicodedata.is_normalized("NFC", text):
        return "Y012", _first_change(text), "a character that is not in normalisation form C"
    return None


def _decoded(source: bytes) -> str:
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _undecodable(source, error.start) from error


def _undecodable(source: bytes, start: int) -> YamlError:
    before = source[:start].decode("utf-8")
    return refusal_at("Y003", before, len(before), f"the byte 0x{source[start]:02X} is not UTF-8")


def _first_change(text: str) -> int:
    composed = unicodedata.normalize("NFC", text)
    pairs = enumerate(zip(text, composed, strict=False))
    return next((offset for offset, (was, now) in pairs if was != now), len(composed))


@cache
def _any_refused() -> re.Pattern[str]:
    """One class for all codes: a text is passed over once."""
    return re.compile(f"[{''.join(characters for _, characters in _REFUSED.values())}]")


def _kind_of(character: str) -> tuple[str, str]:
    return next(
        (code, name)
        for code, (name, characters) in _REFUSED.items()
        if re.match(f"[{characters}]", character)
    )
