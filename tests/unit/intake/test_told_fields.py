"""What a record would say follows from what was found in a text, and from nothing else."""

from __future__ import annotations

import pytest

from defectreg.intake.told_fields import title_of
from defectreg.register.devices import parse_combination
from tests.unit.intake.readings import fields, found


def affected(text: str) -> object:
    return fields(text).get("affected")


def test_models_of_several_types_are_one_combination() -> None:
    text = "Alderbrook A1 with Beckfoot Hub One does not answer"
    assert affected(text) == ["CHF:FF02/00020001 + ESME:FF01/00010100"]


def test_models_of_one_type_are_a_combination_each() -> None:
    text = "Alderbrook A1 or Alderbrook A2 with Beckfoot Hub One"
    assert affected(text) == [
        "CHF:FF02/00020001 + ESME:FF01/00010100",
        "CHF:FF02/00020001 + ESME:FF01/00010120",
    ]


def test_a_version_is_of_the_model_that_is_listed_with_it() -> None:
    text = "Beckfoot Hub One and Alderbrook A1, firmware 00020002, and 00030005"
    assert affected(text) == ["CHF:FF02/00020001@00020002 + ESME:FF01/00010100@00030005"]


def test_a_version_that_nothing_is_listed_with_is_of_the_model_before_it() -> None:
    text = "Alderbrook A1 on firmware 00AA0001 with Beckfoot Hub One"
    assert affected(text) == ["CHF:FF02/00020001 + ESME:FF01/00010100@00AA0001"]


def test_a_version_without_it_is_not_affected() -> None:
    assert affected("Alderbrook A1 was fine on 00030004") == ["ESME:FF01/00010100"]


def test_a_combination_in_the_notation_is_taken_as_it_is() -> None:
    text = "GPF:FF02/00020001@00020002 in North, as said"
    assert affected(text) == ["GPF:FF02/00020001@00020002 in North"]


def test_a_device_in_the_notation_makes_a_combination_with_one_that_is_named() -> None:
    text = "Hub CHF:FF02/00020004@00020200, meter Jessamere One Load"
    assert affected(text) == ["CHF:FF02/00020004@00020200 + ESME:FF0A/000A0004"]
    again = "Beckfoot Hub 4G (CHF:FF02/00020004@00020200)"
    assert affected(again) == ["CHF:FF02/00020004@00020200"]


@pytest.mark.parametrize(
    ("text", "combinations"),
    [
        ("IHD model FF1C/00AA0001 is dark", ["IHD:FF1C/00AA0001"]),
        ("Corvane electricity meter, model 00770077", ["ESME:FF03/00770077"]),
        ("model FF1C/00AA0001 is dark", None),
        ("an IHD or a CAD, model FF1C/00AA0001", None),
        ("model 00770077 of an IHD", None),
    ],
)
def test_a_model_that_is_not_listed_takes_its_type_from_the_text_where_that_names_one(
    text: str, combinations: object
) -> None:
    assert affected(text) == combinations


def test_too_many_combinations_are_named_one_by_one() -> None:
    meters = "Alderbrook A1, Alderbrook A2, Alderbrook B1, Corvane Solo, Corvane Duo"
    hubs = "Beckfoot Hub One, Beckfoot Hub 4G"
    devices = affected(f"{meters} with {hubs}")
    assert isinstance(devices, list)
    assert [len(parse_combination(text).devices) for text in devices] == [1] * 7


def test_codes_are_listed_once_and_sorted() -> None:
    said = fields("alerts N13, 8F1E, N13; SR 8.4, 11.3; variants BD, AD")
    assert said == {
        "alerts": ["8F1E", "N13"],
        "service-requests": ["11.3", "8.4"],
        "variants": ["AD", "BD"],
    }


def test_one_region_is_the_reports_and_two_are_nobodys() -> None:
    assert fields("CSP North, since 3 Nov and from 1 Nov") == {
        "report.region": "North",
        "report.since": "2026-11-01",
    }
    assert fields("North and Central regions") == {}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Hi team,\nAlderbrook A1 on fw 00030005 keeps dropping off HAN since 3 Nov. Thanks",
            "Meter keeps dropping off HAN",
        ),
        (
            "Customer called in. Cust says the Corvane Solo shows no balance at all.",
            "The meter shows no balance at all",
        ),
        ("beckfoot hub 1 - fw 20002 - loses its clock at night", "Loses its clock at night"),
        ("desc=Meter stops after a top up; alert=N13", "Meter stops after a top up"),
        ("Elverdale Glance is dark", "Display is dark"),
        ("HCALCS (Farrowmoor Switch 5) stays open", "HCALCS stays open"),
        ("PPMID Kelderby keypad freezes; fw 500 -> 510 no better", "PPMID freezes"),
        ("FF0A", ""),
        ("", ""),
    ],
)
def test_a_title_says_what_is_wrong_and_of_which_maker_not(text: str, title: str) -> None:
    assert title_of(text, found(text)) == title


def test_a_title_is_cut_between_words() -> None:
    title = title_of("It does " + "something " * 40, ())
    assert len(title) <= 120
    assert title.endswith("something")
