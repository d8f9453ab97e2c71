"""The document of the sources as a page: all of its words, and none of them as markup."""

from __future__ import annotations

from html import unescape

import pytest

from defectreg.publication.pages import Pages
from defectreg.publication.site import shows_disclaimer
from defectreg.publication.sources import document, sources_page
from defectreg.register.errors import CannotRun
from defectreg.store.files import packaged_document
from tests.unit.publication.editions import TEMPLATES, pages, register


def page(text: str) -> str:
    title, *parts = document(text)
    data = pages().page(
        "sources.html", "sources.html", title=title, contents=(), parts=tuple(parts)
    )
    return data.decode()


def test_the_page_shows_every_word_of_the_document() -> None:
    shown = register()
    ((path, data),) = sources_page(shown, Pages.of(shown, TEMPLATES))
    assert path == "sources.html"
    assert shows_disclaimer(path, data)
    text = unescape(data.decode())
    parts = document(packaged_document("sources.md"))
    assert len(parts) > 20
    leaves, waiting = [], list(parts)
    while waiting:
        part = waiting.pop()
        waiting += part.parts
        leaves += [] if part.parts else [part.text]
    assert [leaf for leaf in leaves if leaf not in text] == []


def test_text_tables_lists_and_code_are_shown_as_what_they_are() -> None:
    shown = page(
        "# Title\n\n## Part\n\nSome **strong** and *weak*\nwords, `code`.\n\n"
        "| a | b |\n|---|---|\n| `c` | d |\n\n- one\n- two\n\n1. three\n\n    block\n"
    )
    for markup in (
        "<h1>Title</h1>",
        '<h2 id="part-1">Part</h2>',
        "<p>Some <strong>strong</strong> and <em>weak</em> words, <code>code</code>.</p>",
        '<tr><th scope="col">a</th><th scope="col">b</th></tr>',
        "<tr><td><code>c</code></td><td>d</td></tr>",
        '<caption class="hidden-label">Part</caption>',
        "<li>two</li>",
        "<ol>\n<li>",
    ):
        assert markup in shown


def test_links_are_shown_by_their_words_since_they_lead_to_other_documents() -> None:
    shown = page("# Title\n\nSee [the page](validators.md) and <https://example.invalid/>.\n")
    assert "See the page and https://example.invalid/." in shown
    assert 'href="validators.md"' not in shown


def test_html_in_the_document_is_text() -> None:
    shown = page("# Title\n\n<script>alert(1)</script> and <b>bold</b>\n")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; and &lt;b&gt;bold&lt;/b&gt;" in shown


def test_headings_of_the_same_words_have_ids_of_their_own() -> None:
    parts = document("# One\n\n## Part\n\n## Part\n")
    assert [part.id for part in parts] == ["one-1", "part-1", "part-2"]


def test_what_no_page_shows_stops_the_build() -> None:
    with pytest.raises(CannotRun, match="has what no page shows: image"):
        document("# Title\n\n![a picture](a.png)\n")
