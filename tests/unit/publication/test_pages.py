"""Pages from templates: escaped, confined, and refused where they are wrong."""

from __future__ import annotations

import pytest

from defectreg.publication.pages import Pages, contact_link
from defectreg.register.errors import CannotRun
from tests.unit.publication.editions import TEMPLATES, register


def _page(template: str, **values: object) -> str:
    return (
        Pages.of(register(), {"page.html": template})
        .page("page.html", "page.html", **values)
        .decode()
    )


def test_what_a_page_is_given_is_escaped() -> None:
    assert _page("{{ text }}", text="<b>'\"&") == "&lt;b&gt;&#39;&#34;&amp;"


def test_text_that_looks_like_a_template_is_text() -> None:
    assert _page("{{ text }}", text="{{ 7*7 }}{% raw %}") == "{{ 7*7 }}{% raw %}"


def test_an_undefined_name_stops_the_build_and_names_the_template() -> None:
    with pytest.raises(CannotRun, match=r"templates/site/page\.html:2: 'missing' is undefined"):
        _page("\n{{ missing }}")


def test_a_template_that_cannot_be_read_is_named_with_its_line() -> None:
    with pytest.raises(CannotRun, match=r"templates/site/page\.html:2: "):
        _page("one\n{% if %}")


def test_a_template_that_is_missing_is_named() -> None:
    with pytest.raises(CannotRun, match=r"templates/site/gone\.html"):
        _page("{% extends 'gone.html' %}")


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ register.__init__.__globals__ }}",
        "{{ text.format.__func__ }}",
        "{{ list.append(1) }}",
        "{{ text|safe }}",
    ],
)
def test_a_template_reaches_nothing_but_what_it_is_given(template: str) -> None:
    with pytest.raises(CannotRun):
        _page(template, text="<b>", list=[])


@pytest.mark.parametrize(
    "template",
    [
        "{% autoescape false %}{{ text }}{% endautoescape %}",
        "{% macro m() %}{% autoescape false %}{{ text }}{% endautoescape %}{% endmacro %}{{ m() }}",
        "{% set x %}@{% endset %}{{ x.translate({64: text}) }}",
        "{% set x %}@{% endset %}{{ x['translate']({64: text}) }}",
        "{% set x %}@{% endset %}{{ (x|attr('translate'))({64: text}) }}",
        "{% set a %}&lt;{% endset %}{% set b %}<{% endset %}"
        "{% set x %}{{ text }}{% endset %}{{ x.replace(a, b) }}",
        "{% set a %}&lt;{% endset %}{% set b %}<{% endset %}{{ text|replace(a, b) }}",
        "{% set a %}&lt;{% endset %}{% set b %}<{% endset %}"
        "{{ [text]|map('replace', a, b)|first }}",
        '<p title="{{ text|tojson }}">',
    ],
)
def test_no_template_turns_escaping_off(template: str) -> None:
    with pytest.raises(CannotRun, match=r"templates/site/page\.html"):
        _page(template, text="<b>")


def test_what_leaves_text_escaped_may_be_used() -> None:
    own = "{% set x %} {{ text }} {% endset %}{{ x.strip() }} {{ text|replace('b', 'i') }}"
    assert _page(own, text="<b>") == "&lt;b&gt; &lt;i&gt;"


@pytest.mark.parametrize(
    ("template", "kind"),
    [
        ("{{ 1/0 }}", "ZeroDivisionError"),
        ("{{ 1 + 'a' }}", "TypeError"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "RecursionError"),
    ],
)
def test_a_template_that_fails_is_named_with_its_line(template: str, kind: str) -> None:
    with pytest.raises(CannotRun, match=rf"templates/site/page\.html:2: {kind}"):
        _page("\n" + template)


def test_a_piece_that_fails_is_named_with_its_line() -> None:
    pages = Pages.of(register(), {"piece.html": "one\n{% macro m(n) %}\n{{ 1/n }}{% endmacro %}"})
    with pytest.raises(CannotRun, match=r"templates/site/piece\.html:3: ZeroDivisionError"):
        pages.piece("piece.html", "m", 0)


def test_what_is_wrong_in_an_included_template_is_said_of_that_one() -> None:
    pages = Pages.of(register(), {"page.html": "{% include 'in.html' %}", "in.html": "\n{{ 1/0 }}"})
    with pytest.raises(CannotRun, match=r"templates/site/in\.html:2: ZeroDivisionError"):
        pages.page("page.html", "page.html")


def test_a_page_in_a_folder_finds_what_stands_above_it() -> None:
    pages = Pages.of(register(), {"page.html": "{{ root }}style.css"})
    assert pages.page("page.html", "records/one.html") == b"../style.css"
    assert pages.page("page.html", "one.html") == b"style.css"


def test_a_plain_file_that_is_missing_is_named() -> None:
    with pytest.raises(CannotRun, match=r"templates/site/style\.css is missing"):
        Pages.of(register(), {}).plain("style.css")


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("https://example.invalid/issues", "https://example.invalid/issues"),
        ("register@example.invalid", "mailto:register@example.invalid"),
        ("javascript:alert(1)//@x", ""),
        ("http://example.invalid", ""),
        ("room-4", ""),
    ],
)
def test_a_contact_is_a_link_only_where_it_is_a_safe_one(contact: str, link: str) -> None:
    assert contact_link(contact) == link


def test_no_template_of_the_program_prints_without_escaping() -> None:
    for name, text in TEMPLATES.items():
        assert "|safe" not in text, name
        assert "autoescape" not in text, name
