"""What the register's YAML subset refuses: one stable code for each reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LARGEST: Final = 64 * 1024
"""Bytes a file may have."""

DEEPEST: Final = 16
"""Mappings and lists that may stand inside one another, the top one counted."""


@dataclass(frozen=True, slots=True)
class Code:
    """One reason to refuse a file, as ``explain`` prints it."""

    code: str
    name: str
    explanation: str
    hint: str


class YamlError(Exception):
    """A file outside the subset. ``line`` and ``column`` count from 1, in characters."""

    def __init__(self, code: str, line: int, column: int, sentence: str, hint: str) -> None:
        super().__init__(code, line, column, sentence, hint)
        self.code = code
        self.line = line
        self.column = column
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.code}: {self.sentence}"


def refusal(code: str, line: int, column: int, sentence: str, hint: str = "") -> YamlError:
    """The error to raise for ``code``; without a hint of its own it carries the code's."""
    return YamlError(code, line, column, sentence, hint or CODES[code].hint)


def refusal_at(code: str, text: str, offset: int, sentence: str) -> YamlError:
    """The error to raise for ``code`` at a character of ``text``."""
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    return refusal(code, line, column, sentence)


_UNSEEN = "Nobody who reads the text can see it, so what is signed would not be what was read."

CODES: Final[dict[str, Code]] = {
    entry.code: entry
    for entry in (
        Code(
            "Y001",
            "empty file",
            "The file holds no key at all: it is empty, or has nothing but blanks and comments.",
            "write at least one `key: value`, or remove the file",
        ),
        Code(
            "Y002",
            "too large",
            "A file has at most 65,536 bytes, so that any file is read in a moment.",
            "shorten the text; long logs and captures are no part of the register",
        ),
        Code(
            "Y003",
            "not UTF-8",
            "The bytes are not UTF-8 text.",
            "save the file as UTF-8 without a byte order mark",
        ),
        Code(
            "Y004",
            "byte order mark",
            "The file begins with a byte order mark (U+FEFF), which not every reader skips.",
            "save the file as UTF-8 without a byte order mark",
        ),
        Code(
            "Y005",
            "carriage return",
            "Lines end with a line feed alone, so that a file has one spelling and one SHA-256.",
            "save the file with LF (Unix) line ends",
        ),
        Code(
            "Y006",
            "tab",
            "A tab may not indent YAML, and inside a text it looks like any number of blanks.",
            "write blanks instead of the tab",
        ),
        Code(
            "Y007",
            "control character",
            "A control character has no place in a text, and a terminal may obey it.",
            "remove the control character",
        ),
        Code(
            "Y008",
            "bidirectional control",
            "A bidirectional control makes a text look other than it is stored. " + _UNSEEN,
            "remove the character; it often comes along when text is pasted",
        ),
        Code(
            "Y009",
            "invisible character",
            "A character without width (zero-width space or joiner, soft hyphen, a byte order"
            " mark inside the text, a variation selector, a tag). " + _UNSEEN,
            "remove the character; it often comes along when text is pasted",
        ),
        Code(
            "Y010",
            "Unicode line break",
            "NEL, LINE SEPARATOR and PARAGRAPH SEPARATOR end a line for some readers only.",
            "end the line with a line feed",
        ),
        Code(
            "Y011",
            "not a character",
            "A code point that Unicode keeps for no character: a noncharacter or a surrogate.",
            "remove it",
        ),
        Code(
            "Y012",
            "not in NFC",
            "The same letter can be stored composed or decomposed; the register holds the"
            " composed form (Unicode normalisation form C), so that equal texts are equal bytes.",
            "type the letter anew, or convert the file to NFC",
        ),
        Code(
            "Y013",
            "no line feed at the end",
            "The last line of a file ends with a line feed like all others.",
            "end the last line with a line feed",
        ),
        Code(
            "Y014",
            "not well-formed YAML",
            "The text breaks the rules of YAML itself.",
            "put double quotes around a text that holds `: ` or ` #` or begins with a sign, and"
            " indent with two blanks",
        ),
        Code(
            "Y015",
            "document marker",
            "A file is exactly one document, and needs no `---` or `...` to say so.",
            "remove the line with `---` or `...`; put a second document into a file of its own",
        ),
        Code(
            "Y016",
            "directive",
            "A line that begins with `%` tells a YAML reader how to read; every file here is read"
            " in the same way.",
            "remove the line that begins with `%`",
        ),
        Code(
            "Y017",
            "not a mapping",
            "A file is a mapping: lines of `key: value` at its left margin.",
            "begin with a `key: value`",
        ),
        Code(
            "Y018",
            "anchor",
            "An anchor (`&name`) gives a value a name to be repeated by; a file here says what it"
            " says in full.",
            "remove the anchor, or put double quotes around a text that begins with `&`",
        ),
        Code(
            "Y019",
            "alias",
            "An alias (`*name`) repeats another value; a file here says what it says in full.",
            "write the value out, or put double quotes around a text that begins with `*`",
        ),
        Code(
            "Y020",
            "tag",
            "A tag (`!name`) tells a YAML reader what kind of value follows; here the schema says"
            " so.",
            "remove the tag, or put double quotes around a text that begins with `!`",
        ),
        Code(
            "Y021",
            "merge key",
            "The key `<<` takes keys over from another mapping; a file here says what it says in"
            " full.",
            "write the keys out",
        ),
        Code(
            "Y022",
            "key given twice",
            "A mapping has each key once; of two, readers would believe one or the other.",
            "remove one of the two, or join their values",
        ),
        Code(
            "Y023",
            "not a simple key",
            "A key is a text on one line before a colon: no list or mapping, not empty, and not"
            " written with `? `.",
            "write `key: value` with a simple key",
        ),
        Code(
            "Y024",
            "nested too deeply",
            "At most 16 mappings and lists stand inside one another.",
            "write the value with fewer levels",
        ),
    )
}
