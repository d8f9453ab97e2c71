"""Laws of the detectors: any text is answered, and what is put into one is seen."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from defectreg.register.detectors import KINDS, find, mpan_check_digit
from defectreg.register.given_names import GIVEN_NAMES, NOT_IN_A_NAME
from defectreg.register.plaintext import places, plain
from defectreg.register.wording import find_words

digits = st.text("0123456789", min_size=11, max_size=11)
pairs = st.lists(st.text("0123456789ABCDEFabcdef", min_size=2, max_size=2), min_size=8, max_size=8)
fragments = st.sampled_from(
    "0 1 07 +44 @ . .. - : / = \n N13 8F1E MPRN UPRN S/N serial Mr Dr contact: A a AA f "
    "John Smith told by Grace Period van O'Hara J. JOHN SMITH "
    "00020120 2026-10-21 Street road example.org \N{EN DASH} \N{FULLWIDTH DIGIT ONE}".split(" ")
)
made_of_fragments = st.lists(fragments, max_size=40).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda blank: blank.join(parts))
)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200) | made_of_fragments)
def test_sightings_are_in_order_inside_the_text_and_apart(text: str) -> None:
    end = 0
    for sighting in find(text):
        assert sighting.kind in KINDS
        assert end <= sighting.start < sighting.end <= len(text)
        end = sighting.end


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200) | made_of_fragments)
def test_every_plain_character_has_a_place(text: str) -> None:
    found = list(places(text))
    assert len(found) == len(plain(text))
    assert found == sorted(found)
    assert all(0 <= place < len(text) for place in found)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 9), digits)
def test_every_mpan_is_seen_and_its_neighbours_are_not(first: int, rest: str) -> None:
    core = f"{first}{rest}"
    right = mpan_check_digit(core)
    for digit in range(10):
        kinds = [sighting.kind for sighting in find(f"at {core}{digit}.")]
        assert kinds == (["mpan"] if digit == right else [])


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(sorted(GIVEN_NAMES)),
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=12),
    st.sampled_from(["", "Told by ", "the Hub of "]),
)
def test_every_given_name_with_a_family_name_is_seen_whole(
    given_name: str, family: str, before: str
) -> None:
    name = f"{given_name.capitalize()} {family.capitalize()}"
    seen = [(sighting.start, sighting.end) for sighting in find(f"{before}{name}.")]
    whole = [(len(before), len(before) + len(name))]
    assert seen in ([whole, []] if family in NOT_IN_A_NAME else [whole])


@settings(max_examples=100, deadline=None)
@given(pairs, st.sampled_from("-:"))
def test_every_device_id_is_seen(groups: list[str], separator: str) -> None:
    (sighting,) = find(f"it is {separator.join(groups)} here")
    assert (sighting.kind, sighting.start, sighting.end) == ("device-id", 6, 29)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text("0123456789ABCDEF", min_size=8, max_size=8), max_size=6),
    st.sampled_from([", ", ",", " ", "..", "\n", " to "]),
)
def test_no_list_of_firmware_versions_is_taken_for_something_else(
    versions: list[str], separator: str
) -> None:
    if separator.isspace():  # four eights with blanks between may be an install code
        versions = [f"00{version[2:]}" for version in versions]
    seen = {sighting.kind for sighting in find(separator.join(versions))}
    assert not seen


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.dictionaries(st.text(max_size=5), st.just("other"), max_size=3))
def test_words_are_in_order_inside_any_text(text: str, extra: dict[str, str]) -> None:
    end = 0
    for word in find_words(text, extra):
        assert end <= word.start < word.end <= len(text)
        assert text[word.start : word.end] == word.word
        end = word.end
