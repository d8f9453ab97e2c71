"""Texts of other people's files in characters that a file of a register may have."""

from __future__ import annotations

import unicodedata

from defectreg.register.yamltext.characters import refused_character

_INSTEAD = {"\t": " ", "\r": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
LONGEST = 32_767
"""Characters of a cell: so many a spreadsheet has. What is longer is cut."""


def writable(text: str) -> str:
    """The text without characters that are not seen, that steer a terminal or turn its order.

    Tabs and line breaks of other systems become blanks and line feeds.
    """
    text = text[:LONGEST].replace("\r\n", "\n")
    odd = (character for character in set(text) if refused_character(character))
    return unicodedata.normalize(
        "NFC", text.translate({ord(each): _INSTEAD.get(each, "") for each in odd})
    )
