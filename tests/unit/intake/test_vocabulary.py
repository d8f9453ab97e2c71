"""What a catalogue lets a reader recognise, and how far a word may be wrong."""

from __future__ import annotations

import pytest

from defectreg.intake.vocabulary import Vocabulary, is_distinct, shortened
from defectreg.register.catalogue import Catalogue
from tests.unit.intake.readings import catalogue

KNOWN = Vocabulary.of(catalogue())


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("Alderbrook", "alderbrook"),
        ("aldebrook", "alderbrook"),
        ("alderbroook", "alderbrook"),
        ("alderborok", "alderbrook"),
        ("alderbreok", "alderbrook"),
        ("aldrbrok", "aldrbrok"),
        ("one", "1"),
        ("nonsense", "nonsense"),
        ("00010101", "00010101"),
    ],
)
def test_a_word_with_one_letter_wrong_is_put_right(typed: str, word: str) -> None:
    assert KNOWN.word(typed) == word


def test_a_hub_is_known_as_its_chf_alone() -> None:
    assert KNOWN.models["00020001"] == ("CHF:FF02/00020001",)


def test_a_version_is_known_with_every_product_that_has_it() -> None:
    assert "ESME:FF01/00010100" in KNOWN.releases["00030005"]


def test_the_beginning_of_two_makers_names_names_neither() -> None:
    makers = {"FF01": "Alderbrook Metering", "FF02": "Alderbrook Hubs"}
    known = Vocabulary.of(Catalogue({}, makers, {}, {}, ()))
    assert ("alderbrook",) not in known.phrases
    assert [name.value for name in known.phrases["alderbrook", "hubs"]] == ["FF02"]


def test_an_empty_catalogue_has_no_phrase() -> None:
    known = Vocabulary.of(Catalogue({}, {}, {}, {}, ()))
    assert (known.phrases, known.longest) == ({}, 0)


def test_a_short_part_of_a_name_is_not_enough() -> None:
    assert is_distinct(("glance", "plus"))
    assert not is_distinct(("hub", "1"))
    assert not is_distinct(("ultrasonic",))


def test_words_that_differ_in_a_letter_share_a_shortened_form() -> None:
    for other in ("meter", "metter", "mete", "metre", "mater"):
        assert set(shortened("meter")) & set(shortened(other))
    assert not set(shortened("meter")) & set(shortened("motif"))
