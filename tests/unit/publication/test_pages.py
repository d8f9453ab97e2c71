"""Pages from templates: escaped, confined, and refused where they are wrong."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from defectreg.publication.pages import Pages, contact_link
from defectreg.publication.pages.sandbox import escaped
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


@given(
    st.text() | st.text(alphabet="<>&'\"a;#39") | st.integers() | st.none() | st.lists(st.text())
)
@example("<")
@example(">")
@example("&")
@example("'")
@example('"')
def test_what_is_shown_is_what_the_library_would_escape(value: Any) -> None:
    assert str(escaped(value)) == str(escape(value))


def test_what_is_escaped_already_is_shown_as_it_is() -> None:
    assert escaped(Markup("&lt;b&gt;")) == "&lt;b&gt;"
    assert _page("{% set x %}{{ text }}{% endset %}{{ x }}", text="<b>") == "&lt;b&gt;"


def test_a_text_of_another_kind_is_escaped_too() -> None:
    class Loud(str):
        """A text of a kind of its own."""

        __slots__ = ()

    assert escaped(Loud("<b>")) == "&lt;b&gt;"


@dataclass(frozen=True, slots=True)
class _Meter:
    model: str
    _inner: str = "inside"

    @property
    def words(self) -> str:
        return f"model {self.model}"

    @property
    def _secret(self) -> str:
        return self._inner

    def told(self) -> str:
        return self.model


class _Pair(NamedTuple):
    first: str
    last: str


def test_what_a_value_holds_and_what_it_computes_may_be_shown() -> None:
    shown = _page(
        "{{ meter.model }}, {{ meter.words }}, {{ pair.last }}, {{ keys.one }}",
        meter=_Meter("<m>"), pair=_Pair("a", "b"), keys={"one": 1},
    )  # fmt: skip
    assert shown == "&lt;m&gt;, model &lt;m&gt;, b, 1"


@pytest.mark.parametrize(
    "asked",
    [
        "meter._inner",
        "meter._secret",
        "meter.__class__",
        "meter.__dataclass_fields__",
        "meter.told.__func__",
        "meter['__class__']",
        "pair._fields",
        "pair._replace(first=text)",
        "pair.__class__",
        "keys.missing",
    ],
)
def test_nothing_else_of_a_value_is_reached(asked: str) -> None:
    with pytest.raises(CannotRun):
        _page(f"{{{{ {asked} }}}}", meter=_Meter("m"), pair=_Pair("a", "b"), keys={}, text="<b>")


def test_a_macro_takes_what_it_is_given_by_place_by_name_and_by_call() -> None:
    own = (
        "{% macro m(a, b='two') %}{{ a }}-{{ b }}-{{ varargs|join('+') }}"
        "-{{ kwargs.get('c', '') }}"
        "{% if caller is defined %}{{ caller() }}{% endif %}{% endmacro %}"
        "{{ m(text) }} {{ m(b='<', a=1) }} {{ m(1, 2, 3, 4, c=5) }} "
        "{% call m(1) %}{{ text }}{% endcall %}"
    )
    assert _page(own, text="<b>") == (
        "&lt;b&gt;-two-- 1-&lt;-- 1-2-3+4-5 1-two--&lt;b&gt;"
    )  # fmt: skip


def test_a_macro_that_is_given_too_much_stops_the_build() -> None:
    with pytest.raises(CannotRun, match="TypeError"):
        _page("{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}")


def test_what_a_page_sets_stands_in_no_other() -> None:
    templates = {
        "one.html": "{% set audience = 'mine' %}{{ audience }}",
        "two.html": "{{ audience }}",
    }
    pages = Pages.of(register(), templates)
    assert pages.page("one.html", "one.html") == b"mine"
    assert pages.page("two.html", "two.html") == b"the SEC Parties (Green)"


def test_a_day_is_shown_in_words_and_for_programs() -> None:
    day = datetime.date(2026, 3, 9)
    assert _page("{{ day_of|time }}", day_of=day) == (
        '<time datetime="2026-03-09">9 March 2026</time>'
    )


def test_what_stands_on_many_pages_is_made_for_each_place_and_escaped() -> None:
    templates = {
        "page.html": "{{ once('part.html', 'part', root, here) }}",
        "part.html": "{% macro part(root, here) %}<a href={{ root }}>{{ here }}</a>{% endmacro %}",
    }
    pages = Pages.of(register(), templates)
    for path, shown in (
        ("index.html", "<a href=>index.html</a>"),
        ("<b>/one.html", "<a href=../>&lt;b&gt;/</a>"),
        ("<b>/two.html", "<a href=../>&lt;b&gt;/</a>"),
        ("api/index.html", "<a href=../>api/index.html</a>"),
        ("a/b/c.html", "<a href=../../>a/</a>"),
    ):
        assert pages.page("page.html", path).decode() == shown


def test_what_is_wrong_in_what_stands_on_many_pages_is_said_of_its_template() -> None:
    templates = {
        "page.html": "{{ once('part.html', 'part', root) }}",
        "part.html": "{% macro part(root) %}\n{{ 1/0 }}{% endmacro %}",
    }
    with pytest.raises(CannotRun, match=r"templates/site/part\.html:2: ZeroDivisionError"):
        Pages.of(register(), templates).page("page.html", "page.html")


def test_the_frame_of_a_page_is_that_of_its_own_place() -> None:
    pages = Pages.of(register(), {**TEMPLATES, "page.html": '{% extends "base.html" %}'})
    front, records, bulletins = (
        pages.page("page.html", path).decode()
        for path in ("index.html", "records/one.html", "bulletins/2026-10.html")
    )
    assert "<dt>Commit</dt>" in front
    assert "<dt>Commit</dt>" not in records
    assert '<a href="../index.html">' in records
    assert 'aria-current="true">Bulletins' in bulletins
    assert "aria-current" not in records
