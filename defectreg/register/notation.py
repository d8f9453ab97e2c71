"""How combinations are spelt: words with their columns, percent-encoding, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_CHARACTERS = 2000
_MOST_QUOTED = 40
HEXADECIMAL = frozenset("0123456789ABCDEFabcdef")
_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_WORDS = re.compile(r"[+,]|[^ +,]+")
_NOT_PRINTABLE_ASCII = re.compile("[^ -~]")
_UNSAFE = re.compile("[^A-Za-z0-9._%-]|%(?![0-9A-Fa-f]{2})")
_NOT_SAFE = re.compile("[^A-Za-z0-9._-]")
# Fixed ranges and no Unicode property: every implementation then refuses the same characters.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)


class NotationError(ValueError):
    """A text that is no combination: a sentence, what to do, and the column (from 1) of it."""

    def __init__(self, sentence: str, hint: str, column: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.column = column


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a combination's text without blanks, and the column where it begins."""

    text: str
    column: int

    def part(self, start: int, end: int | None = None) -> Word:
        """The word's characters from ``start`` to before ``end``."""
        return Word(self.text[start:end], self.column + start)

    @property
    def end(self) -> int:
        """The column just after the word."""
        return self.column + len(self.text)


def read_words(text: str) -> tuple[Word, ...]:
    """The words of a text; ``+`` and ``,`` are words of their own, blanks only separate.

    Raises NotationError for a text that is too long or has characters other than printable ASCII.
    """
    if len(text) > MOST_CHARACTERS:
        raise NotationError(
            f"a combination has at most {MOST_CHARACTERS} characters, this has {len(text)}",
            "split it into several entries",
            MOST_CHARACTERS + 1,
        )
    foreign = _NOT_PRINTABLE_ASCII.search(text)
    if foreign:
        raise _not_ascii(foreign[0], foreign.start() + 1)
    return tuple(Word(match[0], match.start() + 1) for match in _WORDS.finditer(text))


def _not_ascii(character: str, column: int) -> NotationError:
    name = f"U+{ord(character):04X}"
    if _UNSEEN.match(character) or "\ud800" <= character <= "\udfff":
        return NotationError(
            f"{name} is a control or invisible character", "remove it; only blanks separate", column
        )
    return NotationError(
        f"{name} is not an ASCII character", f"write it as {escape(character)}", column
    )


def escape(text: str) -> str:
    """The text with every character outside ``[A-Za-z0-9._-]`` percent-encoded (UTF-8)."""
    return _NOT_SAFE.sub(_escape_character, text)


def _escape_character(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8"))


def unescape(word: Word) -> str:
    """The text that a percent-encoded identifier stands for; raises NotationError."""
    _refuse_unsafe(word)
    if "%" not in word.text:
        return word.text
    head, *encoded = word.text.split("%")
    octets = head.encode("ascii") + b"".join(
        bytes((int(piece[:2], 16),)) + piece[2:].encode("ascii") for piece in encoded
    )
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        raise NotationError(
            "the percent-encoded bytes are not UTF-8",
            "encode each character as its UTF-8 bytes: %C3%84 for U+00C4",
            word.column,
        ) from None
    unseen = _UNSEEN.search(text)
    if unseen:
        raise NotationError(
            f"U+{ord(unseen[0]):04X} is a control or invisible character",
            "an identifier has none",
            word.column,
        )
    return text


def _refuse_unsafe(word: Word) -> None:
    unsafe = _UNSAFE.search(word.text)
    if unsafe is None:
        return
    column = word.column + unsafe.start()
    if unsafe[0] == "%":
        raise NotationError(
            "a % without two hexadecimal digits after it", "write %25 for a percent sign", column
        )
    raise NotationError(
        f"{unsafe[0]} may not stand here",
        f"write it as {escape(unsafe[0])} if it belongs to the identifier",
        column,
    )


def is_hexadecimal(text: str) -> bool:
    """Whether the text is one or more ASCII hexadecimal digits."""
    return bool(text) and HEXADECIMAL.issuperset(text)


def upper(text: str) -> str:
    """The form in which identifiers are compared: ASCII letters in upper case, the rest as is."""
    # Beyond ASCII, upper case differs between versions of Unicode and between languages.
    return text.upper() if text.isascii() else text.translate(_UPPER)


def canonical(text: str, digits: int) -> str:
    """An identifier as it is kept: upper case where it has GBCS's form, else as it was typed."""
    return upper(text) if len(text) == digits and is_hexadecimal(text) else text


def between(
    words: Sequence[Word], separator: str, missing: str, hint: str
) -> tuple[tuple[Word, ...], ...]:
    """The groups of words between separators; raises NotationError for an empty one."""
    groups: list[list[Word]] = [[]]
    for word in words:
        if word.text != separator:
            groups[-1].append(word)
        elif groups[-1]:
            groups.append([])
        else:
            raise NotationError(missing, hint, word.column)
    if not groups[-1]:
        raise NotationError(missing, hint, words[-1].end if words else 1)
    return tuple(map(tuple, groups))


def unexpected(word: Word) -> NotationError:
    """What to raise for a word that stands where a separator has to."""
    if word.text == ",":
        return NotationError(
            "a comma stands only between firmware versions or between regions",
            "write + between Devices, and @ before the first firmware version",
            word.column,
        )
    return NotationError(
        f"{shown(word.text)} is not expected here",
        "write + between Devices, `in` before regions, and %20 for a blank in an identifier",
        word.column,
    )


def shown(text: str) -> str:
    """The text as a sentence quotes it: cut where it is long."""
    return text if len(text) <= _MOST_QUOTED else text[:_MOST_QUOTED] + "..."
