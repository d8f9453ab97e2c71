"""Reading a file of the register: bytes to a document whose scalars are the texts typed."""

from __future__ import annotations

import re

from defectreg.register.yamltext.characters import read_text, refused_character
from defectreg.register.yamltext.document import Document, Value
from defectreg.register.yamltext.lines import read_lines
from defectreg.register.yamltext.outline import outline, scalars
from defectreg.register.yamltext.refusals import LARGEST, refusal, refusal_at


def load(source: bytes, *, largest: int = LARGEST) -> Document:
    """The document that the bytes of a file hold; raises only :class:`YamlError`.

    ``largest`` is how many bytes the file may have.
    """
    text = read_text(source, largest)
    everyday = read_lines(text)
    if everyday is not None:
        return Document(text, everyday)
    return Document(text, _parsed(text, source))


def _parsed(text: str, source: bytes) -> dict[str, Value]:
    """What libyaml makes of a text."""
    from defectreg.register.yamltext.building import build

    data = build(source)
    if "\\" in text:
        _check_escapes(text)
    if "? " in text or "?\n" in text:
        _check_keys(text)
    return data


def _check_escapes(text: str) -> None:
    """Within double quotes ``\\u202e`` brings in what may not stand there as it is."""
    for node in scalars(outline(text)):
        found = refused_character(node.value) if "\\" in text[node.start : node.end] else None
        if found:
            code, _, name = found
            sentence = f"{name} is written as an escape in this text"
            raise refusal(code, node.line + 1, node.column + 1, sentence)


def _check_keys(text: str) -> None:
    from defectreg.register.yamltext.tracing import explicit_key

    if not re.search(r"(?:^|[\s\[{,:-])\?\s", text):
        return  # an ordinary question mark
    offset = explicit_key(text)
    if offset is not None:
        raise refusal_at("Y023", text, offset, "a key is written with ? here")
