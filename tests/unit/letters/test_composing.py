"""Letters as text: what each says, and what is said of one that does not."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from defectreg.letters.composing import Desk, Letter, composed, template_problems
from defectreg.letters.samples import samples
from defectreg.register.errors import CannotRun
from defectreg.register.public import DISCLAIMER
from defectreg.register.tellings import AGAIN
from defectreg.store.letters import held
from defectreg.store.letters.due import KINDS, Addressee, Due
from defectreg.store.letters.templates import program_templates
from tests.registers import grounds

DAY = datetime.date(2026, 3, 2)
SAMPLES = samples(DAY)


def desk(**templates: str) -> Desk:
    own = {f"{name}.txt": text for name, text in templates.items()}
    return Desk(grounds().policy, DAY, {**program_templates(), **own})


def letter_of(kind: str) -> Letter:
    letter, problems = composed(SAMPLES[kind], desk())
    assert problems == ()
    return letter


def with_entry(kind: str, **said: Any) -> Due:
    """A letter whose only entry says something else."""
    due = SAMPLES[kind]
    (subject,) = due.subjects
    assert subject.view is not None
    view = replace(subject.view, values={**subject.view.values, **said})
    return replace(due, subjects=(replace(subject, view=view),))


def evened(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_says_what_it_has_to_in_text_and_in_html(kind: str) -> None:
    letter = letter_of(kind)
    for sentence in (DISCLAIMER, *held.REQUIRED.get(kind, ())):
        assert sentence in evened(letter.text)
        assert sentence in evened(letter.html)


@pytest.mark.parametrize("kind", KINDS)
def test_the_programs_templates_have_no_word_of_blame_rank_or_advice(kind: str) -> None:
    assert list(template_problems(desk(), {kind: SAMPLES[kind]})) == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_line_of_a_letter_is_longer_than_a_reader_likes(kind: str) -> None:
    lines = letter_of(kind).text.split("\n")
    assert max(map(len, lines)) <= 80
    assert "\n\n\n" not in letter_of(kind).text


def test_a_letter_to_a_manufacturer_names_its_own_devices_the_day_and_each_position() -> None:
    text = letter_of("manufacturer").text
    assert "- ESME:FF01/00010100\n" in text
    assert "reply by 2 March 2026" in text
    assert "Form for your reply" in text
    assert "- not-reproduced: we could not reproduce the behaviour" in text


def test_a_letter_names_the_certainty_and_the_impact_that_its_notice_says_it_told() -> None:
    assert "Certainty: suspected. Impact: medium." in letter_of("manufacturer").text
    assert "Certainty" not in letter_of("parties").text


def test_a_letter_names_the_circumstances_that_are_known_and_no_others() -> None:
    known = {"trigger": "power-outage", "alerts": ["8F1E", "N13"], "frequency": "unknown"}
    letter, _ = composed(with_entry("manufacturer", **known), desk())
    assert "- It follows: power outage\n- Alert codes: 8F1E, N13\n" in letter.text
    assert "How often" not in letter.text
    assert "<li>It follows: power outage</li>" in letter.html


def test_what_came_to_an_entry_since_a_first_letter_is_said_without_blame() -> None:
    due = SAMPLES["manufacturer"]
    again = replace(due, subjects=tuple(replace(each, why=AGAIN) for each in due.subjects))
    letter, problems = composed(again, desk())
    assert problems == ()
    assert "We wrote to you of this entry before." in letter.text
    assert list(held.unwanted(letter.text, {})) == []


def test_the_page_of_a_letter_folds_in_a_narrow_window_and_its_day_stands_alone() -> None:
    page = letter_of("manufacturer").html
    assert '<meta name="viewport"' in page
    assert "white-space: pre-wrap" in page
    assert "<p>2 March 2026</p>" in page


def test_a_letter_to_parties_names_devices_and_not_what_was_seen() -> None:
    text = letter_of("parties").text
    assert "ESME:FF01/00010100 in North" in text
    assert "What was seen." not in text
    assert "A title" not in text


def test_a_letter_to_the_security_body_has_the_id_and_nothing_more() -> None:
    text = letter_of("security").text
    assert "DR-0000-0000" in text
    for said in ("A title", "What was seen.", "FF01", "North"):
        assert said not in text


def test_the_sha256_in_a_letter_is_that_of_the_view_beside_it() -> None:
    letter = letter_of("manufacturer")
    (view,) = letter.views
    assert f"    {view.sha256}\n" in letter.text
    assert DISCLAIMER in view.data.decode()
    (later,) = composed(SAMPLES["correction"], replace(desk(), day=datetime.date(2027, 1, 1)))[
        0
    ].views
    assert later.data == view.data


def test_another_entry_is_another_view() -> None:
    (view,) = letter_of("manufacturer").views
    (other,) = composed(with_entry("manufacturer", title="B"), desk())[0].views
    assert other.sha256 != view.sha256


@pytest.mark.parametrize(
    "text",
    ["A\nSubject: B", "A\r\nBcc: x@y.invalid", "\u202eA", "A\x1b[31m", "- A", "    A", "-----"],
)
def test_what_a_record_says_adds_no_line_and_no_markup(text: str) -> None:
    plain, _ = composed(with_entry("manufacturer", title="A", behaviour="B"), desk())
    odd, problems = composed(with_entry("manufacturer", title=f"A {text}", behaviour=text), desk())
    assert problems == ()
    assert odd.subject == plain.subject
    assert len(odd.text.split("\n")) == len(plain.text.split("\n")) + text.count("\n")
    assert "\x1b" not in odd.text
    assert "\u202e" not in odd.text


def test_what_a_record_says_is_escaped_in_the_page() -> None:
    letter, _ = composed(with_entry("manufacturer", title="<b>A</b>", behaviour="<i>&</i>"), desk())
    assert "<b>A</b>" in letter.text
    assert "&lt;b&gt;A&lt;/b&gt;" in letter.html
    assert "<pre>&lt;i&gt;&amp;&lt;/i&gt;</pre>" in letter.html


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Subject: A\n\nB", "it does not say: No recommendations"),
        ("Subject: {{ parts[0].id }}\n\n{{ disclaimer }}", "it does not say: This letter makes"),
        ("A\n\n{{ disclaimer }}", "first line does not begin with Subject:"),
    ],
)
def test_a_template_that_leaves_something_out_is_told(text: str, told: str) -> None:
    found = template_problems(desk(manufacturer=text), {"manufacturer": SAMPLES["manufacturer"]})
    assert any(told in sentence for _, sentence in found)


@pytest.mark.parametrize(
    "words", ["The meter is faulty.", "You must reply.", "You are responsible.", "It ranks worst."]
)
def test_a_template_that_blames_demands_or_ranks_is_told(words: str) -> None:
    text = program_templates()["manufacturer.txt"]
    worse = text.replace("{{ no_assertion }}", f"{{{{ no_assertion }}}} {words}")
    problems = list(
        template_problems(desk(manufacturer=worse), {"manufacturer": SAMPLES["manufacturer"]})
    )
    assert [file for file, _ in problems] == ["templates/letters/manufacturer.txt"]


def test_a_word_of_the_policys_list_is_told_of_a_template() -> None:
    policy = replace(grounds().policy, words={"apparent": "possible"})
    at = replace(desk(), policy=policy)
    found = list(template_problems(at, {"manufacturer": SAMPLES["manufacturer"]}))
    assert found
    assert all("say instead: possible" in sentence for _, sentence in found)


@pytest.mark.parametrize(
    "text",
    [
        "Subject: {{ nobody }}",
        "Subject: {% if %}",
        "Subject: {{ ''.__class__.__mro__ }}",
        "Subject: {{ parts.append(1) }}",
        "Subject: {% include 'none.txt' %}",
        "Subject: {{ 1 / 0 }}",
    ],
)
def test_a_wrong_template_is_told_by_its_place(text: str) -> None:
    with pytest.raises(CannotRun, match="templates/letters/"):
        composed(SAMPLES["general"], desk(general=text))


def test_who_it_is_about_is_named_or_the_letter_is_not_sound() -> None:
    due = Due("landed", Addressee("a", "A", "a@b.invalid"), SAMPLES["landed"].subjects)
    _, problems = composed(due, desk(landed="Subject: A\n\n{{ disclaimer }}"))
    assert any("leaves out the id" in sentence for sentence in problems)
