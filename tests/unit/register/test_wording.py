"""Words of blame, compliance and recommendation are told; the words of engineering pass."""

from __future__ import annotations

import pytest

from defectreg.register.plaintext import plain
from defectreg.register.wording import WORDINGS, Word, find_words

REFUSED = (
    ("a faulty Hub", "faulty"),
    ("FAULTY", "FAULTY"),
    ("the faultiness of it", "faultiness"),
    ("the maker is at fault", "at fault"),
    ("it is the fault of the Hub", "fault of"),
    ("a defective meter", "defective"),
    ("who is to blame", "blame"),
    ("the Hub was blamed", "blamed"),
    ("nobody is blameworthy", "blameworthy"),
    ("the culprit", "culprit"),
    ("culpable", "culpable"),
    ("guilty", "guilty"),
    ("liable to restart", "liable"),
    ("accepts liability", "liability"),
    ("negligent", "negligent"),
    ("carelessly set", "carelessly"),
    ("incompetence", "incompetence"),
    ("no wrongdoing", "wrongdoing"),
    ("substandard", "substandard"),
    ("shoddy", "shoddy"),
    ("unfit for purpose", "unfit for purpose"),
    ("not fit for\npurpose", "not fit for\npurpose"),
    ("resets caused by the Hub", "caused by"),
    ("caused entirely by the Hub", "caused entirely by"),
    ("attributable to the Hub", "attributable to"),
    ("it fails to comply", "fails to comply"),
    ("its failure to comply", "failure to comply"),
    ("complies with GBCS", "complies"),
    ("it complied", "complied"),
    ("GBCS-compliant", "compliant"),
    ("not compliant", "compliant"),
    ("non-compliant", "non-compliant"),
    ("noncompliance", "noncompliance"),
    ("non compliance", "non compliance"),
    ("in compliance", "compliance"),
    ("conformance", "conformance"),
    ("a non-conformity", "non-conformity"),
    ("non-conforming", "non-conforming"),
    ("a breach of GBCS", "breach"),
    ("it violates GBCS", "violates"),
    ("in violation of GBCS", "in violation of"),
    ("unlawful", "unlawful"),
    ("a product recall", "recall"),
    ("the meters were recalled", "recalled"),
    ("avoid this model", "avoid"),
    ("which avoids it", "avoids"),
    ("it is avoided by", "avoided"),
    ("avoiding it", "avoiding"),
    ("we recommend it", "recommend"),
    ("the recommended firmware", "recommended"),
    ("a recommendation", "recommendation"),
    ("inadvisable", "inadvisable"),
    ("meters must be replaced", "must be replaced"),
    ("it has to be scrapped", "has to be scrapped"),
    ("should not be procured", "should not be procured"),
    ("should never be bought", "should never be bought"),
    ("ought to be banned", "ought to be banned"),
    ("needs to be purchased", "needs to be purchased"),
    ("must not be installed", "must not be installed"),
    ("should not be used", "should not be used"),
    ("do not procure it", "do not procure"),
    ("stop purchasing it", "stop purchasing"),
    ("do not buy it", "buy"),
    ("boycott", "boycott"),
    ("dangerous", "dangerous"),
    ("a danger to the home", "danger"),
    ("unsafe", "unsafe"),
    ("hazardous", "hazardous"),
    ("this is not \N{LEFT DOUBLE QUOTATION MARK}faulty\N{RIGHT DOUBLE QUOTATION MARK}", "faulty"),
    ("nothing here is said to be faulty", "faulty"),
    ("the _faulty_ Hub", "faulty"),
    ("the **faulty** Hub", "faulty"),
    ("f\N{CYRILLIC SMALL LETTER A}ulty", "f\N{CYRILLIC SMALL LETTER A}ulty"),
    ("d\N{CYRILLIC SMALL LETTER IE}fective", "d\N{CYRILLIC SMALL LETTER IE}fective"),
    ("caused-by the Hub", "caused-by"),
    ("caused _by_ the Hub", "caused _by"),
    ("resets due to a fault", "due to a fault"),
    ("due to the Hub fault", "due to the Hub fault"),
    ("the Hub is the cause of it", "is the cause of"),
    ("do not use it", "do not use"),
    ("please don't use it", "don't use"),
    ("never use it", "never use"),
    ("stop using it", "stop using"),
)

PASSING = (
    "",
    "a possible defect of the Hub",
    "defects and issues",
    "Superfluous Alerts",
    "the fault code 8F1E and an earth fault",
    "the default value of the register",
    "faultless and fault-tolerant",
    "the cause is suspected; alerts are correlated with the region",
    "a restart that causes nothing else",
    "caused a restart",
    "the report is complete and completed",
    "a complicated case, accomplished",
    "compliments",
    "a null or void pointer",
    "unavoidable",
    "collision avoidance",
    "the total is called again",
    "it will respond within ten seconds",
    "the Responsible Supplier",
    "reliable and unreliable radio links",
    "buyer, buys nothing: busy",
    "the battery was replaced",
    "the Hub must be installed before the meter",
    "firmware that must be used with the Hub",
    "Update the meter to 00030005.",
    "an illegal instruction, an access violation",
    "fit for the home",
    "general purpose memory",
    "safely stored",
    "the recommissioned meter",
    "a commendation",
    "endangered",
    "a breaker",
    "due to the earth",
    "the cause of this is not known",
    "Hubs that do not use a channel",
    "they do not use it",
    "it does not use the Hub",
    "should use_default be set",
)


def words(text: str) -> list[str]:
    return [found.word for found in find_words(text)]


@pytest.mark.parametrize(("text", "word"), REFUSED)
def test_a_word_of_blame_compliance_or_recommendation_is_told(text: str, word: str) -> None:
    assert words(text) == [word]


@pytest.mark.parametrize("text", PASSING)
def test_words_of_engineering_pass(text: str) -> None:
    assert words(text) == []


def test_a_word_is_told_with_its_place_and_a_neutral_wording() -> None:
    assert list(find_words("resets caused by a faulty Hub")) == [
        Word(7, 16, "caused by", "correlated with"),
        Word(19, 25, "faulty", "affected"),
    ]


def test_no_neutral_wording_holds_a_word_that_is_refused() -> None:
    for wording in WORDINGS:
        assert wording.instead
        assert words(wording.instead) == []


def test_every_wording_of_the_list_is_met_by_a_test() -> None:
    met = {found.instead for text, _ in REFUSED for found in find_words(text)}
    assert met == {wording.instead for wording in WORDINGS}
    for wording in WORDINGS:
        assert any(wording.stem in plain(word).lower() for _, word in REFUSED), wording


def test_the_policy_adds_words_of_its_own() -> None:
    extra = {"rogue meter": "affected Device", "Junk": "other"}
    found = list(find_words("A Rogue\nmeter sends junk, not junket.", extra))
    assert found == [
        Word(2, 13, "Rogue\nmeter", "affected Device"),
        Word(20, 24, "junk", "other"),
    ]


def test_the_policy_can_say_its_own_neutral_wording() -> None:
    (found,) = find_words("a faulty Hub", {"faulty": "reported"})
    assert found.instead == "reported"


def test_a_word_of_the_policy_is_text_and_not_a_pattern() -> None:
    assert [found.word for found in find_words("c++ and ccc", {"c++": "C"})] == ["c++"]


@pytest.mark.parametrize("blank", ["", " ", "\N{ZERO WIDTH SPACE}"])
def test_a_blank_word_of_the_policy_refuses_nothing(blank: str) -> None:
    assert list(find_words("a Hub", {blank: "x"})) == []


def test_look_alike_letters_hide_no_word() -> None:
    text = "a \N{FULLWIDTH LATIN SMALL LETTER F}aul\N{SOFT HYPHEN}ty Hub \N{BULLET} faulty"
    assert [(found.start, found.end) for found in find_words(text)] == [(2, 9), (16, 22)]


@pytest.mark.parametrize(
    "unit", ["caused ", "fault ", "must not ", "not fit for ", "b", "non-", " "]
)
def test_a_text_of_64_kib_made_to_exhaust_the_pattern_is_answered(unit: str) -> None:
    assert words(unit * (65536 // len(unit)) + "!") == []
