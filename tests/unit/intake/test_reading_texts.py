"""What a free text tells is found, with where it stands."""

from __future__ import annotations

from defectreg.intake.reading_texts import LONGEST
from tests.unit.intake.readings import found, values

TEXT = (
    "Hi, cust reports Alderbrook A1 variant AD on fw 00030005 keeps dropping off HAN since 3 Nov. "
    "Alerts 8F1E and N13 seen, SR 8.4 fails. CSP North."
)


def test_each_kind_of_thing_is_found_once() -> None:
    assert [(one.field, one.value) for one in found(TEXT)] == [
        ("model", "ESME:FF01/00010100"),
        ("variant", "AD"),
        ("firmware", "00030005"),
        ("since", "2026-11-03"),
        ("alerts", "8F1E"),
        ("alerts", "N13"),
        ("service-requests", "8.4"),
        ("region", "North"),
    ]


def test_what_is_found_is_shown_where_it_stands() -> None:
    shown = [TEXT[one.start : one.end] for one in found(TEXT)]
    assert shown == ["Alderbrook A1", "AD", "00030005", "3 Nov", "8F1E", "N13", "8.4", "CSP North"]


def test_look_alikes_are_read_as_what_they_look_like_and_found_in_their_place() -> None:
    text = "Ｆirmware\u00a0００0３0005\u200b of the Аlderbrook A1"
    assert [text[one.start : one.end] for one in found(text)] == ["００0３0005", "Аlderbrook A1"]
    assert [one.value for one in found(text)] == ["00030005", "ESME:FF01/00010100"]


def test_what_one_reading_took_no_other_takes_again() -> None:
    assert [(one.field, one.value) for one in found("seen 21/10/2026 on 8.4.2026")] == [
        ("date", "2026-10-21"),
        ("date", "2026-04-08"),
    ]


def test_a_text_without_end_is_read_to_a_limit() -> None:
    assert values("x" * (LONGEST - 5) + " alert N13", "alerts") == []
    assert values("x " * 100 + " alert N13", "alerts") == ["N13"]


def test_nothing_is_found_in_nothing() -> None:
    assert found("") == ()
    assert found("Customer rang about their smart meter, please call back.") == ()
