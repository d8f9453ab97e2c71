"""What was asked of a register, and what answers it: a page of the program's own documentation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from defectreg.publication.pages import Pages
from defectreg.register.errors import CannotRun
from defectreg.register.public import PublicRegister
from defectreg.store.files import packaged_document

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

KINDS = frozenset(
    "heading paragraph bullet_list ordered_list list_item blockquote hr fence code_block "
    "table thead tbody tr th td inline text softbreak hardbreak code_inline strong em link".split()
)
"""What the template knows; links are shown by their words, since they lead to other documents."""


_TEXTS = ("text", "code_inline", "fence", "code_block")
_WORD = re.compile("[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a document, ``kind`` one of KINDS."""

    kind: str
    text: str
    """Of what has no parts; of a table, the heading above it."""
    tag: str
    """As HTML names it: ``h2``."""
    id: str
    """Of a heading; empty for others."""
    parts: tuple[Node, ...]

    @property
    def words(self) -> str:
        """All of its text."""
        return self.text + "".join(part.words for part in self.parts)


def sources_page(register: PublicRegister, pages: Pages) -> Iterator[tuple[str, bytes]]:
    """The document of the sources, the same in every register."""
    title, *parts = document(packaged_document("sources.md"))
    contents = tuple(part for part in parts if part.tag == "h2")
    path = "sources.html"
    yield path, pages.page(path, path, title=title, contents=contents, parts=tuple(parts))


def document(text: str) -> tuple[Node, ...]:
    """The parts of a document in Markdown with tables and without HTML.

    Raises CannotRun for what no page shows, such as a picture.
    """
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parts = map(_node, SyntaxTreeNode(parser.parse(text)).children)
    return tuple(_named(parts))


def _named(parts: Iterable[Node]) -> Iterator[Node]:
    """Headings with an id that no other has, and tables with the words of their heading."""
    words, ids = "", Counter[str]()
    for part in parts:
        if part.kind == "heading":
            words, name = part.words, "-".join(_WORD.findall(part.words.lower()))
            ids[name] += 1
            yield replace(part, id=f"{name}-{ids[name]}")
        else:
            yield replace(part, text=words) if part.kind == "table" else part


def _node(node: SyntaxTreeNode) -> Node:
    if node.type not in KINDS:
        raise CannotRun(f"the document of the sources has what no page shows: {node.type}")
    return Node(
        kind=node.type,
        text=node.content if node.type in _TEXTS else "",
        tag=node.tag,
        id="",
        parts=tuple(map(_node, node.children)),
    )
