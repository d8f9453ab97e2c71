"""The comments of a file, in which what may never be stored is sought: git keeps them too."""

from __future__ import annotations

from collections.abc import Iterator

from defectreg.register.detectors import KINDS
from defectreg.register.findings import Finding
from defectreg.register.rules.case import sightings
from defectreg.register.rules.texts import CODE_OF_KIND
from defectreg.register.yamltext import Document
from defectreg.register.yamltext.outline import Node, outline, scalars


def check_remarks(file: str, document: Document) -> Iterator[Finding]:
    """What may never be stored and stands in a comment, at the first line of that comment."""
    for line, column, text in remarks(document) if "#" in document.text else ():
        for kind in sightings(text):
            sentence = f"this looks like {KINDS[kind].name}, in a comment"
            yield Finding(
                file, line, column, CODE_OF_KIND[kind], "error", sentence, KINDS[kind].hint
            )


def remarks(document: Document) -> Iterator[tuple[int, int, str]]:
    """Line and column (from 1) and words of each comment; lines that follow each other are one."""
    line, column, words = 0, 0, list[str]()
    for number, text in enumerate([*_without_values(document.text).split("\n"), ""], 1):
        before, sign, said = text.partition("#")
        if words and (before.strip() or not sign):
            yield line, column, "\n".join(words)
            words = []
        if sign:
            line, column = (line, column) if words else (number, len(before) + 1)
            words.append(said.lstrip("#").strip())


def _without_values(text: str) -> str:
    """The text with a letter for each character of its keys and values: comments are left."""
    characters = list(text)
    for node in scalars(outline(text)):
        for place in range(_beginning(node, text), node.end):
            if characters[place] != "\n":
                characters[place] = "x"
    return "".join(characters)


def _beginning(node: Node, text: str) -> int:
    """Where its words begin: of a block text below the line of its header, which has comments."""
    return text.index("\n", node.start) if node.form == "block text" else node.start
