"""Whether a page of a register's own templates shows the disclaimer to its readers."""

from __future__ import annotations

import pytest

from defectreg.publication.disclaimed import Reader, reader_of
from defectreg.register.public import DISCLAIMER
from tests.unit.publication.editions import ID, TEMPLATES, entry, published, said, tombstone

STYLE = TEMPLATES["style.css"]
AS_USUAL = f'<section class="disclaimer" id="first"><p>{DISCLAIMER}</p></section>'


def page(inside: str, head: str = "") -> bytes:
    return (
        f"<!doctype html>\n<html lang=en-GB><head><title>A page</title>{head}</head>"
        f'<body><main class="wide">{inside}</main></body></html>\n'
    ).encode()


def is_shown(inside: str, style: str = STYLE, head: str = "") -> bool:
    return Reader.of(style).is_shown_disclaimer(page(inside, head))


@pytest.mark.parametrize(
    "inside",
    [
        AS_USUAL,
        AS_USUAL.replace("No recommendations", "<strong>No\nrecommendations</strong>"),
        f"<details open><summary>Disclaimer</summary>{AS_USUAL}</details>",
        f'<p hidden>Something else</p><span hidden="">x</span>{AS_USUAL}',
        f'<svg viewBox="0 0 1 1"><path d="M0 0"/></svg><br><img src="x" alt="">{AS_USUAL}',
        f"<ul><li>One<li>Two</ul>{AS_USUAL}",
    ],
)
def test_what_readers_are_shown_is_shown(inside: str) -> None:
    assert is_shown(inside)


@pytest.mark.parametrize(
    "inside",
    [
        "",
        AS_USUAL.replace("made or intended", "made"),
        f"<!-- {DISCLAIMER} -->",
        f'<img alt="{DISCLAIMER}" src="x">',
        *(
            f"<{tag}>{AS_USUAL}</{tag.split()[0]}>"
            for tag in (
                "template", "noscript", "script", "style", "title", "textarea", "svg", "iframe",
                "object", "details", "dialog", "div hidden", "div HIDDEN=until-found", "p popover",
                "div style='display:none'", "div aria-hidden=true", "div inert", "xmp",
                "span class=hidden-label", "span class='a hidden-label' class='b'",
            )
        ),
    ],
)  # fmt: skip
def test_what_readers_are_not_shown_is_not_shown(inside: str) -> None:
    assert not is_shown(inside)


@pytest.mark.parametrize(
    "inside",
    [
        f"<span hidden><div></span>{AS_USUAL}</div></span>",
        f"<div hidden/>{AS_USUAL}</div>",
        f"<svg><div hidden/></svg>{AS_USUAL}",
        f"<p hidden><table></p>{AS_USUAL}</table>",
        f"<div hidden></section>{AS_USUAL}",
    ],
)
def test_an_element_that_hides_is_not_ended_by_what_a_browser_passes_over(inside: str) -> None:
    assert not is_shown(inside)


@pytest.mark.parametrize(
    "rule",
    [
        ".disclaimer{display:none}",
        "p { color: red; DISPLAY : NONE !important }",
        "#first { visibility: hidden }",
        "main > section { opacity: 0 }",
        "@media print { .wide, x { display: none } }",
        "@media screen { @supports (display: grid) { section p{opacity:.01} } }",
        ".disclaimer { & p { display: none } }",
        "section { color: red; .x & { color: blue } display: none; }",
        "body { font-size: 0 }",
        "p { font-size: 1px }",
        "p { height: 0px; overflow: hidden }",
        "p { clip-path: inset(50%) }",
        "p { text-indent: -9999px }",
        "section { position: absolute; left: -9999px }",
        "p { transform: scale(0) }",
        "p { color: transparent }",
        ".disclaimer:not(:hover) { display: none }",
        "section[class] { display: none }",
        "* { display: none }",
        "/* } */ p { content: '}'; display: none }",
        ".dis\\63 laimer { d\\69splay: none }",
        "@import url(other.css);",
    ],
)
def test_a_rule_of_the_register_s_own_style_sheet_may_not_hide_it(rule: str) -> None:
    assert not is_shown(AS_USUAL, STYLE + rule)
    assert not is_shown(AS_USUAL, head=f"<style>{rule}</style>")


@pytest.mark.parametrize(
    "rule",
    [
        ".banner { display: none }",
        "nav, .disclaimer h2 { display: none }",
        "p { font-size: 1rem; line-height: 1; opacity: 1; width: 100%; max-width: 10ch }",
        "p { font: 1em/1.5 serif; min-height: 0; margin: -1px 0; height: 0.5em }",
        "section[hidden] { display: none }",
        "p::before, p:after { display: none }",
        ".disclaimer > .more { display: none }",
        "p { clip-path: none; transform: none; filter: none }",
        "@media print { nav { display: none } p { color: black } }",
        "/* .disclaimer { display: none } */",
    ],
)
def test_a_rule_that_hides_something_else_does_no_harm(rule: str) -> None:
    assert is_shown(AS_USUAL, STYLE + rule)


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        ('<link rel="stylesheet" href="../style.css">', True),
        ('<link rel="icon" href="icon.svg"><meta name="robots" content="noindex">', True),
        ('<link rel="stylesheet" href="data:text/css,p{display:none}">', False),
        ('<link rel="alternate Stylesheet" href="other.css">', False),
        ('<meta http-equiv="Refresh" content="0; url=other.html">', False),
    ],
)
def test_what_leads_readers_elsewhere_hides_it(head: str, shown: bool) -> None:
    assert is_shown(AS_USUAL, head=head) is shown


def test_the_style_sheet_of_what_is_handed_on_counts_as_well() -> None:
    hiding = {**TEMPLATES, "bulletin-print.css": "p { display: none }"}
    assert Reader.of_templates(TEMPLATES).is_shown_disclaimer(page(AS_USUAL))
    assert not Reader.of_templates(hiding).is_shown_disclaimer(page(AS_USUAL))


def test_every_page_of_the_program_s_own_templates_shows_it() -> None:
    made = published(entry(said("fix")), tombstone(), policy={"search_level": "model"})
    pages = {path: text.encode() for path, text in made.items() if path.endswith(".html")}
    reader = Reader.of(STYLE)
    assert {"index.html", f"records/{ID}.html", "browse/index.html"} <= pages.keys()
    assert [path for path, data in pages.items() if not reader.is_shown_disclaimer(data)] == []


def test_templates_are_the_program_s_own_only_to_the_byte() -> None:
    assert reader_of(TEMPLATES) is None
    assert reader_of({**TEMPLATES, "base.html": TEMPLATES["base.html"] + "\n"}) is not None
    assert reader_of({**TEMPLATES, "more.html": ""}) is not None


def test_on_every_page_it_comes_before_what_the_page_says() -> None:
    made = published(entry(said("fix")), tombstone(), policy={"search_level": "model"})
    first = DISCLAIMER.partition(". ")[0]
    said_before = {
        path: text.partition("<main")[2].partition(first)[0].replace('<h2 id="disclaimer">', "")
        for path, text in made.items()
        if path.endswith(".html")
    }
    assert {"glossary.html", "all/index.html", "models/index.html"} <= said_before.keys()
    for path, before in said_before.items():
        assert first in made[path].partition("<main")[2].partition("</main>")[0], path
        assert not any(tag in before for tag in ("<h2", "<h3", "<table", "<form", "<dl")), path
